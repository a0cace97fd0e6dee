"""Tell what a JSON file on the Hub describes: a model of transformers, timm or diffusers, a pipeline, an adapter.

Nothing is downloaded, and no code that a config names is ever run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.stored.header import shown
from factsheet.networks.limits import MOST_BUILT_LAYERS, shown_whole
from factsheet.source.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ConfigKind = Literal["transformers", "timm", "diffusers", "pipeline", "adapter"]

MAX_CONFIG_BYTES = 8 * 2**20
"""Larger than any config; some list 20,000 labels."""
_FILES = ("config.json", "model_index.json", "adapter_config.json", "params.json")
_MAX_NUMBER = 2**40
"""Larger than any size or count of a model."""
_MAX_MANY = 100_000
_LAYERS = re.compile(r"(num|n)_(\w+_)?(layers?|stages?|blocks?)|(\w+_)?(layers|depths?|blocks)")
_MANY = re.compile(r"(^|_)(labels?|experts?|heads?|groups?|levels?|codebooks?|quantizers?|queries)(_|$)")
_COUNTED = re.compile(
    r"(\w+_)?(hidden|intermediate|embed(ding)?|vocab|embd|mlp|ffn)_(sizes?|dims?)|d_(model|ff|kv)|n_(embd|layers?|heads?)"
    r"|(\w+_)?num_(\w+_)?(layers|heads|channels|labels|experts)"
)
_SIDES = re.compile(r"(\w+_)?(image|patch)_size")
"""What there cannot be less than none of, and what cannot be without length."""
_MAX_DEPTH = 20
_MULTIPLE = 256
"""What Meta's code rounds the inner width of a feed-forward network up to, unless told otherwise."""


class Config(NamedTuple):
    """A config, and what it describes."""

    path: Path
    kind: ConfigKind
    values: Mapping[str, object]

    @property
    def folder(self) -> Path:
        """The folder that it is in."""
        return self.path.parent


def config_at(source: Path) -> Config:
    """Read a config, or the one in a folder.

    Raises:
        WorkloadError: it cannot be read, is no config of a model, or holds a number that no model has.
    """
    path = source
    if source.is_dir():
        path = next((file for name in _FILES if (file := source / name).is_file()), source / "config.json")
    values = _values(path)
    for name, number in _numbers(values):
        _check(path, name, number)
    return Config(path, *_kind(path, values))


def _values(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_CONFIG_BYTES + 1)
        values = parse_json(raw if len(raw) <= MAX_CONFIG_BYTES else b"")
    except (OSError, ValueError) as error:
        raise WorkloadError(
            f"{shown(str(path))} cannot be read: {' '.join(str(error).split())[:200]}",
            "a model is built from its config",
            "give the path of a Hugging Face config.json or of the folder that holds it",
        ) from None
    if not isinstance(values, dict):
        raise unread(path, "has no `model_type`: it is no table of names and values")
    return cast("dict[str, object]", values)


def unread(path: Path, what: str, further: str = "") -> WorkloadError:
    """Return the error for a config that describes no model that can be read."""
    return WorkloadError(
        f"{shown(str(path))} {what}",
        "the type decides which classes a config belongs to",
        further
        or "give the config.json of a transformers model; for others, use ONNX or package.module:callable",
    )


def _kind(path: Path, values: dict[str, object]) -> tuple[ConfigKind, Mapping[str, object]]:
    if "peft_type" in values:
        return "adapter", values
    if isinstance(values.get("_class_name"), str):
        return ("pipeline" if path.name == "model_index.json" else "diffusers"), values
    if isinstance(values.get("model_type"), str):
        return "transformers", values
    if isinstance(values.get("architecture"), str):
        return "timm", values
    if {"dim", "n_layers", "n_heads"} <= values.keys():
        return "transformers", _of_params(path, values)
    wanted = values.get("architectures")
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], str):
        return "transformers", values  # the class says which type it is
    if "model_type" in values:
        raise unread(path, f"has no usable `model_type`: it is {shown(repr(values['model_type']))[:60]}")
    if {"hidden_size", "num_hidden_layers"} <= values.keys() or {"n_embd", "n_layer"} <= values.keys():
        raise unread(
            path,
            "has no `model_type` and no `architectures`: it does not say which model it is a config of",
            'add the type to the config, such as `"model_type": "bert"`',
        )
    what = _named(values)
    raise unread(
        path,
        f"has no `model_type`: it is {what}" if what else "has no `model_type`: it is no config of a model",
    )


def _named(values: Mapping[str, object]) -> str:
    """Return what another JSON file of a model's folder is."""
    if "version" in values and "added_tokens" in values:
        return "a tokenizer"
    if "tokenizer_class" in values or "model_max_length" in values:
        return "the config of a tokenizer"
    if "feature_extractor_type" in values or "image_processor_type" in values or "processor_class" in values:
        return "the config of a preprocessor"
    if "log_history" in values:
        return "the state of a Trainer"
    if "max_new_tokens" in values or "eos_token_id" in values:
        return "the config of text generation"
    if "class_name" in values and "config" in values:
        return "a Keras model without weights; export it to ONNX"
    if "format" in values and "modelTopology" in values:
        return "a model of TensorFlow.js; export it to ONNX"
    return ""


def _numbers(values: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, int]]:
    """Yield every whole number with the key that it belongs to."""
    if isinstance(values, bool) or depth > _MAX_DEPTH:
        return
    if isinstance(values, int):
        yield name, values
    elif isinstance(values, dict):
        for key, value in values.items():
            yield from _numbers(value, str(key), depth + 1)
    elif isinstance(values, list):
        for value in values:
            yield from _numbers(value, name, depth + 1)


def _check(path: Path, name: str, number: int) -> None:
    """Raise for a number that no model has: building it would take hours, or all memory."""
    least = 1 if _SIDES.fullmatch(name) else 0 if _COUNTED.fullmatch(name) else number
    if number < least:
        raise WorkloadError(
            f"{shown(str(path))}: `{shown(name)[:60]}` is {shown_whole(number)}, and it is {least} at least",
            "a model is built from its config, each size of it",
            "correct the number in the config",
        )
    many = _MAX_MANY if _MANY.search(name) else _MAX_NUMBER
    most = MOST_BUILT_LAYERS if _LAYERS.fullmatch(name) else many
    if number > most and name not in {"pad_token_id", "bos_token_id", "eos_token_id"}:
        raise WorkloadError(
            f"{shown(str(path))}: `{shown(name)[:60]}` is {shown_whole(number)}, and no model has more than {most:,}",
            "a model is built from its config, each layer and each label of it",
            "correct the number in the config; of a model that has so many, declare `model_architecture` in the sheet",
        )


def _of_params(path: Path, values: Mapping[str, object]) -> dict[str, object]:
    """Translate the `params.json` of Mistral or of Meta into what transformers calls the same."""

    def whole(name: str, otherwise: int | None = None) -> int:
        found = values.get(name, otherwise)
        if type(found) is not int or found < 1:
            raise unread(
                path,
                f"states no usable `{name}`: it is {shown(repr(found))[:40]}",
                "give the config.json of the same model, or correct the number",
            )
        return found

    if "vision_encoder" in values:
        raise unread(
            path, "is the params.json of a model with a vision encoder", "give its config.json instead"
        )
    dim, heads = whole("dim"), whole("n_heads")
    experts = values.get("moe")
    kind = "mixtral" if isinstance(experts, dict) else "mistral" if "hidden_dim" in values else "llama"
    given: dict[str, object] = {
        "model_type": kind,
        "architectures": [f"{kind.capitalize()}ForCausalLM"],
        "hidden_size": dim,
        "num_hidden_layers": whole("n_layers"),
        "num_attention_heads": heads,
        "num_key_value_heads": whole("n_kv_heads", heads),
        "head_dim": whole("head_dim", dim // heads),
        "intermediate_size": whole("hidden_dim") if "hidden_dim" in values else _inner(values, dim),
        "vocab_size": whole("vocab_size"),
        "tie_word_embeddings": values.get("tied_embeddings") is True,
    }
    if isinstance(experts, dict):
        given |= {
            "num_local_experts": experts.get("num_experts"),
            "num_experts_per_tok": experts.get("num_experts_per_tok"),
        }
    return given


def _inner(values: Mapping[str, object], dim: int) -> int:
    """Return the inner width as Meta's code works it out: two thirds of 4 x dim, times a factor, rounded up."""
    factor, multiple = values.get("ffn_dim_multiplier"), values.get("multiple_of")
    inner = 2 * 4 * dim // 3
    inner = int(factor * inner) if isinstance(factor, (int, float)) else inner
    each = multiple if isinstance(multiple, int) and multiple > 0 else _MULTIPLE
    return -(-inner // each) * each
