"""Read parameters and matrices from the header of a safetensors file, and nothing of its data.

The format (huggingface/safetensors, README): eight bytes of length, little-endian, then that many bytes of JSON with
type, shape and place of every tensor. How often a matrix is used is not in it.
"""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.operator_record import MAX_OPERATORS, block_of
from factsheet.networks.operators import Elementwise, Lookup, Network, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.networks.operators import MatrixKind, Operator

MAX_HEADER_BYTES = 100_000_000
"""What the reference implementation accepts."""
MAX_FILES = 1000
_MAX_NUMBERS = 10**14
_MATRIX = 2
"""Axes of a matrix."""
_TABLES = ("embed", "wte", "wpe", "shared", "lookup", "relative_attention_bias")
_CALLS = (
    "a header does not say how often a matrix is used: calls are 0, and MACs, ops and reuse unknown; matrices are read"
    " as [outputs, inputs], and heads tied to a table are not stored"
)


def read(source: str | Path) -> Network:
    """Read the parameters and matrices of a safetensors file, or of all in a folder; calls are 0.

    Args:
        source: the file or folder.

    Raises:
        WorkloadError: there is no such file, or its header is not one.
    """
    path = Path(source)
    files = sorted(path.glob("*.safetensors"))[: MAX_FILES + 1] if path.is_dir() else [path]
    if not files or len(files) > MAX_FILES:
        raise _wrong(path, f"the folder holds {len(files) or 'no'} .safetensors files")
    shapes: dict[str, tuple[int, ...]] = {}
    for file in files:
        shapes |= _shapes(file)
        if len(shapes) > MAX_OPERATORS:
            raise _wrong(file, f"more than {MAX_OPERATORS:,} tensors")
    return Network(path.stem, tuple(_operators(shapes)), assumed={"calls": _CALLS})


def _shapes(path: Path) -> dict[str, tuple[int, ...]]:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if size < 8:  # noqa: PLR2004 - the length itself
                raise _wrong(path, f"{size} bytes are too few for a header")
            if length > MAX_HEADER_BYTES or length > size - 8:
                raise _wrong(
                    path,
                    f"it announces a header of {length:,} bytes in a file of {size:,} (at most {MAX_HEADER_BYTES:,})",
                )
            header = json.loads(file.read(length))
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, WorkloadError):
            raise
        raise _wrong(path, f"the header cannot be read: {str(error)[:200]}") from None
    if not isinstance(header, dict):
        raise _wrong(path, "the header is no table of tensors")
    return {name: _shape(path, name, entry) for name, entry in header.items() if name != "__metadata__"}


def _shape(path: Path, name: str, entry: object) -> tuple[int, ...]:
    shape = entry.get("shape") if isinstance(entry, dict) else None
    usable = isinstance(shape, list) and len(shape) <= 16 and all(type(n) is int and n >= 0 for n in shape)  # noqa: PLR2004
    if not isinstance(shape, list) or not usable or prod(shape) > _MAX_NUMBERS:
        raise _wrong(path, f"the tensor {name[:100]!r} has no usable shape")
    return tuple(shape)


def _operators(shapes: Mapping[str, tuple[int, ...]]) -> Iterator[Operator]:
    biases = {name for name, shape in shapes.items() if name.endswith(".bias") and len(shape) == 1}
    used: set[str] = set()
    for name, shape in shapes.items():
        node = name.removesuffix(".weight")
        if len(shape) < _MATRIX or 0 in shape:
            continue
        if any(word in node.lower() for word in _TABLES) and len(shape) == _MATRIX:
            yield Lookup(node, block_of(node), shape[0], shape[1], lookups=0)
            continue
        matrices, rows, cols = _matrix(node, shape)
        biased = f"{node}.bias" in biases and shapes[f"{node}.bias"] == (cols,) and matrices == 1
        if biased:
            used.add(f"{node}.bias")
        dense: MatrixKind = "linear" if len(shape) == _MATRIX else "convolution"
        kind: MatrixKind = "experts" if matrices > 1 else dense
        yield StaticMatmul(
            node, block_of(node), rows=rows, cols=cols, calls=0, bias=biased, matrices=matrices, kind=kind
        )
    for name, shape in shapes.items():
        if (len(shape) < _MATRIX or 0 in shape) and name not in used:
            yield Elementwise(
                name if name.removesuffix(".weight") else "tensor",
                block_of(name),
                "other",
                0,
                parameters=prod(shape),
            )


def _matrix(node: str, shape: tuple[int, ...]) -> tuple[int, int, int]:
    """Return matrices, rows and columns: of three dimensions, experts unless it is named as a convolution."""
    if len(shape) == 3 and "conv" not in node.lower():  # noqa: PLR2004
        return shape[0], shape[2], shape[1]
    return 1, prod(shape[1:]), shape[0]


def _wrong(path: Path, what: str) -> WorkloadError:
    return WorkloadError(
        f"{path}: {what}",
        "parameters and matrices are read from the header of a safetensors file",
        "check that the file is whole, and is a safetensors file",
    )
