"""Inputs without data for a Hugging Face model: which it takes, and of what shape."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, cast

from factsheet.workload.errors import WorkloadError
from factsheet.workload.traced.extras import need

if TYPE_CHECKING:
    from torch import Tensor, nn

_AUDIO_SAMPLES = 16_000
"""One second at the rate that speech models are trained at."""


def inputs_for(
    module: nn.Module, seq_len: int, image_size: int | None, step: int | None
) -> dict[str, Tensor | bool]:
    """Named inputs of one sequence, by what `forward` takes.

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
            "operators are seen by running the model on inputs of the right shapes",
            "name a package.module:callable that returns the model and its example inputs, or export it to ONNX",
        )
    if "use_cache" in takes:
        inputs["use_cache"] = False
    return inputs


def _dual(config: object) -> bool:
    """Whether text and image enter side by side, as in CLIP."""
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


def _image(config: object, image_size: int | None) -> tuple[int, int]:
    if image_size:
        return image_size, image_size
    for part in (config, getattr(config, "vision_config", None), getattr(config, "encoder", None)):
        found = getattr(part, "image_size", None)
        if isinstance(found, int):
            return found, found
        if isinstance(found, (list, tuple)) and len(found) == 2:  # noqa: PLR2004
            return cast("tuple[int, int]", tuple(int(side) for side in found))
    return 224, 224
