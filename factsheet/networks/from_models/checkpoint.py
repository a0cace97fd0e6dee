"""Read the tensors of a checkpoint that `torch.save` wrote (`.pt`, `.pth`, `.bin`), with weights only.

PyTorch's loader for weights builds tensors and plain containers and nothing else; their numbers are not read.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.safetensors_header import network_of
from factsheet.networks.from_models.stored.header import StoredTensor, shown
from factsheet.networks.from_models.stored.shards import Checkpoint, size_of_files
from factsheet.networks.from_models.tracing.known_values import storage_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from factsheet.networks.operators import Network

_WEIGHTS = ("state_dict", "model_state_dict", "model", "module", "net", "weights", "params", "ema")
"""Where trainers put a model's weights, beside the state of their own."""
_DEEPEST = 4


def read(source: str | Path) -> Network:
    """Read the parameters and matrices of a checkpoint; calls are 0.

    Raises:
        WorkloadError: torch is missing, or the file holds other objects than tensors, or no tensors.
    """
    path = Path(source)
    torch = need("torch", "torch", "reading a checkpoint")
    try:
        # Not on `meta`: there, tensors that share their numbers no longer do. What is mapped is not read.
        mapped = zipfile.is_zipfile(path)
        held = torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
    except Exception as error:
        raise WorkloadError(
            f"{path} is a pickle that holds other objects than tensors, or is not whole",
            "loading other objects can run any code; only weights are read",
            "save the weights alone (`torch.save(model.state_dict(), path)`), or name a package.module:callable",
        ) from error
    tensors: dict[str, StoredTensor] = {}
    seen: set[tuple[int, int, int]] = set()
    twice = 0
    for name, tensor in _tensors(_of_model(held, torch), torch):
        key = (storage_key(tensor), 0 if tensor.is_sparse else tensor.storage_offset(), tensor.numel())
        twice += key in seen
        if key not in seen:
            tensors[shown(name)] = _stored(shown(name), tensor, path)
        seen.add(key)
    if not tensors:
        raise WorkloadError(
            f"{path} holds no tensors",
            "a checkpoint is read for the tensors in it",
            "give the file that holds the weights",
        )
    notes = ["the weights of a checkpoint of PyTorch, read without running or unpickling anything else"]
    if twice:
        notes.append(f"{twice:,} further names are of tensors that are stored once")
    found = network_of(Checkpoint(shown(path.stem), tensors, (path,), tuple(notes)), {})
    kinds = sorted({tensor.dtype for tensor in tensors.values()})
    stored = size_of_files((path,), ", ".join(kinds).lower())
    return replace(
        found, stored_size=stored, notes=(*found.notes, *(n for n in notes if n not in found.notes))
    )


def _of_model(held: object, torch: object) -> object:
    """Return what holds the model's weights among what a trainer saved."""
    if not isinstance(held, dict) or any(isinstance(one, torch.Tensor) for one in held.values()):  # type: ignore[attr-defined]
        return held
    inner = next((held[name] for name in _WEIGHTS if isinstance(held.get(name), dict)), None)
    return held if inner is None else _of_model(inner, torch)


def _tensors(held: object, torch: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Tensor]]:
    if isinstance(held, torch.Tensor):  # type: ignore[attr-defined]
        yield ".".join(path) or "tensor", held
    elif isinstance(held, dict) and len(path) < _DEEPEST:
        for name, value in held.items():
            yield from _tensors(value, torch, (*path, str(name)))
    elif isinstance(held, (list, tuple)) and len(path) < _DEEPEST:
        for place, value in enumerate(held):
            yield from _tensors(value, torch, (*path, str(place)))


_NAMES = {
    "float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16", "int64": "I64", "int32": "I32",
    "int16": "I16", "int8": "I8", "uint8": "U8", "bool": "BOOL", "complex64": "C64",
    "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2",
}  # fmt: skip


def _stored(name: str, tensor: Tensor, path: Path) -> StoredTensor:
    kind = _NAMES.get(str(tensor.dtype).rpartition(".")[2], "F32")
    size = tensor.numel() * tensor.element_size()
    return StoredTensor(name, kind, tuple(tensor.shape), path, path.stat().st_size, size)
