"""Say how many bytes a model takes on disk, by the types that its files or its config state."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.safetensors_header import read
from factsheet.networks.operators import Lookup
from factsheet.networks.sizes import StoredSize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from factsheet.networks.from_models.hub.configs import Config
    from factsheet.networks.operators import Network

_BITS = {
    "float64": 64,
    "float32": 32,
    "float16": 16,
    "bfloat16": 16,
    "float8_e4m3fn": 8,
    "float8_e5m2": 8,
    "int8": 8,
}
"""Bits of a number, by the names that torch has for its type."""
_QUANTISED = {"fp8": 8, "fbgemm_fp8": 8, "mxfp4": 4, "awq": 4, "gptq": 4, "bitnet": 2}
"""Bits of a weight where a method of quantisation has no field for them."""


def with_stored_size(network: Network, config: Config) -> Network:
    """Return the network with the bytes of its weights: of the files beside the config, or by the type that it states.

    Files that are not whole, or hold another number of parameters than the config's model, are noted.
    """
    stated = _of_config(network, config.values)
    if next(config.folder.glob("*.safetensors"), None) is None:
        return replace(network, stored_size=stated)
    try:
        files = read(config.folder)
    except WorkloadError as error:  # as after a download of some of them; the config is enough to count from
        note = f"the weights beside the config are not used: {error.message}"
        return replace(network, stored_size=stated, notes=(*network.notes, note))
    notes = network.notes
    if files.parameters != network.parameters and not files.unknown:
        notes = (*notes, f"the files of weights beside the config hold {files.parameters:,} parameters")
    return replace(network, stored_size=files.stored_size, notes=notes)


def _of_config(network: Network, values: Mapping[str, object]) -> StoredSize | None:
    dtype, field = _dtype(values)
    bits = _BITS.get(dtype)
    settings = values.get("quantization_config")
    weight_bits, method = _weight_bits(settings) if isinstance(settings, dict) else (0, "")
    if bits is None:
        return None
    if not weight_bits:
        return StoredSize(network.parameters * bits // 8, dtype, f"`{field}` of the config")
    # Methods leave tables, normalisation and the output layer as they are, and quantise the other matrices.
    tables = {operator.storage for operator in network.operators if isinstance(operator, Lookup)}
    heads = ("lm_head", "embed_out", "classifier", "score")
    packed = sum(
        matrix.weights
        for matrix in network.analog_stored
        if matrix.storage not in tables and matrix.kind != "convolution" and not matrix.name.endswith(heads)
    )
    rest = max(0, network.parameters - packed)
    words = f"{weight_bits} bits ({method}) beside {dtype}, without scales"
    return StoredSize((packed * weight_bits + rest * bits) // 8, words, "`quantization_config` of the config")


def _dtype(values: Mapping[str, object]) -> tuple[str, str]:
    """Return the type of numbers that a config states, and its field."""
    for part in (values, values.get("text_config"), values.get("llm_config")):
        for field in ("dtype", "torch_dtype"):
            found = part.get(field) if isinstance(part, dict) else None
            if isinstance(found, str):
                return found.removeprefix("torch."), field
    return "", ""


def _weight_bits(settings: Mapping[str, object]) -> tuple[int, str]:
    method = settings.get("quant_method")
    name = method if isinstance(method, str) else "bitsandbytes"
    if settings.get("load_in_4bit") is True or settings.get("_load_in_4bit") is True:
        return 4, name
    if settings.get("load_in_8bit") is True or settings.get("_load_in_8bit") is True:
        return 8, name
    for group in (settings, *_groups(settings)):
        for field in ("bits", "w_bit", "nbits", "num_bits"):
            found = group.get(field)
            if type(found) is int and 0 < found <= 16:  # noqa: PLR2004 - bits of a weight
                return found, name
    return _QUANTISED.get(name, 0), name


def _groups(settings: Mapping[str, object]) -> Iterable[Mapping[str, object]]:
    groups = settings.get("config_groups")
    for group in groups.values() if isinstance(groups, dict) else ():
        weights = group.get("weights") if isinstance(group, dict) else None
        if isinstance(weights, dict):
            yield weights
