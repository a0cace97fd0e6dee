"""Read the operators of a Hugging Face model from its `config.json` alone, run on inputs without data."""

from __future__ import annotations

import inspect
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from factsheet.errors import WorkloadError
from factsheet.networks.family import USUAL
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.module import trace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from torch import Tensor, nn

    from factsheet.networks.family import Run
    from factsheet.networks.operators import Network

_AUDIO_SAMPLES = 16_000
"""One second at the rate that speech models are trained at."""


def inputs_for(
    module: nn.Module, seq_len: int, image_size: tuple[int, int] | None, step: int | None
) -> dict[str, Tensor | bool]:
    """Make the named inputs of one sequence, by what `forward` takes.

    Args:
        module: the model.
        seq_len: tokens in the sequence.
        image_size: height and width in pixels; the config's unless given.
        step: tokens that are decoded at once; the whole sequence if not given.

    Raises:
        WorkloadError: the model takes nothing that is known.
    """
    torch = need("torch", "hf", "reading a Hugging Face config")
    takes = inspect.signature(module.forward).parameters
    config = module.config
    tokens = torch.ones(1, step or seq_len, dtype=torch.long, device="meta")
    inputs: dict[str, Tensor | bool] = {}
    main = str(getattr(module, "main_input_name", "input_ids"))
    both = bool(getattr(config, "is_encoder_decoder", False))
    if main == "input_ids" or "input_ids" in takes:
        inputs["input_ids"] = torch.ones(1, seq_len, dtype=torch.long, device="meta") if both else tokens
    if main == "pixel_values" or ("pixel_values" in takes and _dual(config)):
        high, wide = _image(config, image_size)
        inputs["pixel_values"] = torch.zeros(1, _number(config, "num_channels", 3), high, wide, device="meta")
        if not _dual(config):
            inputs.pop("input_ids", None)
    if main == "input_features":
        inputs.pop("input_ids", None)
        frames = 2 * _number(config, "max_source_positions", 1500)
        inputs["input_features"] = torch.zeros(1, _number(config, "num_mel_bins", 80), frames, device="meta")
    if main == "input_values":
        inputs.pop("input_ids", None)
        inputs["input_values"] = torch.zeros(1, _AUDIO_SAMPLES, device="meta")
    if "decoder_input_ids" in takes and both:
        inputs["decoder_input_ids"] = tokens
    if not inputs:
        raise WorkloadError(
            f"it is not known what {type(module).__name__} takes (its main input is `{main}`)",
            "operators are recorded by running the model on inputs of the right shapes",
            "name a package.module:callable that returns the model and its example inputs, or export it to ONNX",
        )
    if "use_cache" in takes:
        inputs["use_cache"] = False
    return inputs


def _dual(config: object) -> bool:
    """Return whether text and image enter side by side, as in CLIP."""
    return (
        hasattr(config, "projection_dim")
        and hasattr(config, "vision_config")
        and hasattr(config, "text_config")
    )


def _number(config: object, field: str, otherwise: int) -> int:
    for part in (config, getattr(config, "vision_config", None), getattr(config, "encoder", None)):
        found = getattr(part, field, None)
        if isinstance(found, int):
            return found
    return otherwise


def _image(config: object, image_size: tuple[int, int] | None) -> tuple[int, int]:
    if image_size:
        return image_size
    for part in (config, getattr(config, "vision_config", None), getattr(config, "encoder", None)):
        found = getattr(part, "image_size", None)
        if isinstance(found, int):
            return found, found
        if isinstance(found, (list, tuple)) and len(found) == 2:  # noqa: PLR2004
            return cast("tuple[int, int]", tuple(int(side) for side in found))
    return 224, 224


MAX_CONFIG_BYTES = 8 * 2**20
"""Larger than any config; some list 20,000 labels."""
_PURPOSE = "reading a Hugging Face config"


def read(
    source: str | Path,
    run: Run = USUAL,
    *,
    attention: Literal["sdpa", "eager"] | None = None,
) -> Network:
    """Read the operators of the model that a `config.json` describes, for one sequence.

    Args:
        source: the file, or the folder that holds it.
        run: what an inference runs on: tokens in one sequence, of both sides if there are an encoder and a decoder;
            the size of an image, which is the config's unless given; with a cache, one decoding step of one token.
        attention: which implementation the model runs; its own choice unless given. The counts are the same.

    Raises:
        WorkloadError: transformers is missing, the file is no config of a model that it has, or the model cannot be
            built or traced.
    """
    path = Path(source)
    path = path / "config.json" if path.is_dir() else path
    values = _values(path)
    os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported, which reads it once
    transformers, torch = need("transformers", "hf", _PURPOSE), need("torch", "hf", _PURPOSE)
    notes: dict[str, str] = {}
    with _quiet(transformers):
        module = _build(path, values, transformers, torch, attention=attention, notes=notes)
        module.eval()
        step = None if run.cache_length is None else 1
        inputs = inputs_for(module, run.seq_len, run.image_size, step)
        before = _filling(run.cache_length, module) if run.cache_length else None
        if before is not None:
            notes["cache"] = f"one token is decoded after {run.cache_length:,} in the cache"
        return trace(module, inputs, name=str(values["model_type"]), before=before, assumed=notes)


def _values(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_CONFIG_BYTES + 1)
        values = json.loads(raw if len(raw) <= MAX_CONFIG_BYTES else b"")
    except (OSError, ValueError, RecursionError) as error:
        raise WorkloadError(
            f"{path} cannot be read: {error}",
            "a model is built from its config",
            "give the path of a Hugging Face config.json or of the folder that holds it",
        ) from None
    if not isinstance(values, dict) or not isinstance(values.get("model_type"), str):
        raise WorkloadError(
            f"{path} has no `model_type`: it is not a config of transformers",
            "the type decides which classes a config belongs to",
            "give the config.json of a transformers model; for others, use ONNX or package.module:callable",
        )
    return cast("dict[str, object]", values)


def _build(
    path: Path,
    values: dict[str, object],
    transformers: ModuleType,
    torch: ModuleType,
    *,
    attention: str | None,
    notes: dict[str, str],
) -> nn.Module:
    kind = str(values["model_type"])
    if kind not in transformers.CONFIG_MAPPING:
        remote = " (its own code, named by `auto_map`, is never run)" if "auto_map" in values else ""
        raise WorkloadError(
            f"{path}: transformers {transformers.__version__} has no model type `{kind}`{remote}",
            "a model is built from the classes of the installed transformers",
            "upgrade transformers, export the model to ONNX, or name your own package.module:callable",
        )
    given = {key: value for key, value in values.items() if key not in {"auto_map", "quantization_config"}}
    if "quantization_config" in values:
        notes["quantization_config"] = "left out: operators and weights are counted before quantisation"
    try:
        config = transformers.CONFIG_MAPPING[kind].from_dict(given)
        wanted = values.get("architectures")
        name = str(wanted[0]) if isinstance(wanted, list) and wanted else ""
        cls = getattr(transformers, name, None) if name.isidentifier() else None
        usable = isinstance(cls, type) and issubclass(cls, transformers.PreTrainedModel)
        if not usable:
            cls = transformers.AutoModel
            notes["architectures"] = f"{name or 'no class'} is not in transformers: the bare model is counted"
        chosen = {} if attention is None else {"attn_implementation": attention}
        with torch.device("meta"):
            make = cls._from_config if usable else cls.from_config  # type: ignore[union-attr]
            return cast("nn.Module", make(config, dtype=torch.float32, **chosen))
    except Exception as error:
        said = " ".join(str(error).split())[:300] or type(error).__name__
        raise WorkloadError(
            f"{path}: the model cannot be built: {said}",
            "a model is built from its config",
            "check the config against the installed transformers, or export the model to ONNX",
        ) from error


def _filling(length: int, module: nn.Module) -> Callable[[nn.Module], Mapping[str, object]]:
    """Return a first pass over `length` tokens, whose cache the counted step takes."""

    def fill(model: nn.Module) -> Mapping[str, object]:
        inputs = inputs_for(module, length, None, None)
        output = model(**{**inputs, "use_cache": True})
        cache, memory = (getattr(output, f, None) for f in ("past_key_values", "encoder_last_hidden_state"))
        if cache is None:
            raise WorkloadError(
                f"{type(module).__name__} keeps no cache of keys and values",
                "a decoding step needs one",
                "count a whole sequence instead",
            )
        further: dict[str, object] = {"past_key_values": cache, "use_cache": True}
        if memory is not None:  # the encoder has run by then
            further |= {"encoder_outputs": (memory,), str(model.main_input_name): None}
        return further

    return fill


class _quiet:  # noqa: N801 - a context manager, used like a function
    """Transformers says nothing meanwhile: its warnings are about weights, which there are none of."""

    def __init__(self, transformers: ModuleType) -> None:
        self._logging = transformers.utils.logging

    def __enter__(self) -> None:
        import warnings

        self._level = self._logging.get_verbosity()
        self._logging.set_verbosity_error()
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *error: object) -> None:
        self._logging.set_verbosity(self._level)
        self._warnings.__exit__(*error)  # type: ignore[arg-type]
