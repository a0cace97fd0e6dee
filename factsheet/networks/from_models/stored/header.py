"""Read the header of a safetensors file: names, types, shapes and places of its tensors, checked against the file.

The format (huggingface/safetensors, README): eight bytes of length, little-endian, then that many bytes of JSON with
type, shape and place of every tensor, then the data.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, NamedTuple, cast

from factsheet.errors import WorkloadError
from factsheet.networks.limits import MOST_OPERATORS, MOST_STORED, shown_whole
from factsheet.source.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_HEADER_BYTES = 32 * 2**20
"""Enough for 200,000 tensors. The reference implementation takes 100 MB, which can be a gigabyte once it is parsed."""
_MAX_AXES = 16
_LENGTH_BYTES = 8
_MAX_NAME = 300
_BITS = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 64),
    **dict.fromkeys(("F32", "I32", "U32"), 32),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 16),
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    "F4": 4,
}
"""Bits of one number, by the names of `safetensors::tensor::Dtype`."""


class StoredTensor(NamedTuple):
    """A tensor in a file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    file: Path
    begin: int
    """First byte of its data in the file."""
    size: int
    """Bytes of its data."""

    @property
    def numbers(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)

    @property
    def is_float(self) -> bool:
        """Whether its numbers are fractions, and not whole or true and false."""
        return self.dtype.startswith(("F", "BF", "C"))

    def data(self, limit: int) -> bytes:
        """Return its bytes, if they are few; none else."""
        if self.size > limit:
            return b""
        with self.file.open("rb") as file:
            file.seek(self.begin)
            return file.read(self.size)


class Header(NamedTuple):
    """What the header of a file says."""

    tensors: Mapping[str, StoredTensor]
    metadata: Mapping[str, str]


def read_header(path: Path) -> Header:
    """Read the header of a file.

    Raises:
        WorkloadError: there is no such file, its header is not one, or announces what the file does not hold.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
            if size < _LENGTH_BYTES:
                raise unreadable(path, f"{size} bytes are too few for a header")
            if length > MAX_HEADER_BYTES or length > size - _LENGTH_BYTES:
                raise unreadable(
                    path,
                    f"it announces a header of {length:,} bytes in a file of {size:,} (at most {MAX_HEADER_BYTES:,})",
                )
            values = parse_json(file.read(length), object_pairs_hook=_once)
    except (OSError, ValueError) as error:
        if isinstance(error, WorkloadError):
            raise
        raise unreadable(path, f"the header cannot be read: {str(error)[:200]}") from None
    if not isinstance(values, dict):
        raise unreadable(path, "the header is no table of tensors")
    if len(values) > MOST_OPERATORS:
        raise unreadable(path, f"more than {MOST_OPERATORS:,} tensors")
    metadata = values.pop("__metadata__", None) or {}
    if not isinstance(metadata, dict):
        raise unreadable(path, "`__metadata__` is no table of texts")
    begin = _LENGTH_BYTES + length
    tensors: dict[str, StoredTensor] = {}
    alike: Counter[str] = Counter()
    for full, entry in values.items():
        name = _free(shown(full), tensors, alike)
        tensors[name] = _tensor(path, name, entry, (begin, size))
    _check_places(path, tensors)
    return Header(tensors, {str(key): str(value) for key, value in metadata.items()})


def shown(name: str) -> str:
    """Return a name from a file as it can be printed: no character that moves a cursor or turns text around."""
    cut = name if len(name) <= _MAX_NAME else name[:_MAX_NAME] + "…"
    return (
        cut
        if cut.isprintable()
        else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)
    )


def unreadable(path: Path, what: str) -> WorkloadError:
    """Return the error for a file that is no whole safetensors file."""
    return WorkloadError(
        f"{shown(str(path))}: {what}",
        "parameters and matrices are read from the header of a safetensors file",
        "check that the file is whole, and is a safetensors file",
    )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        message = "a name occurs twice"
        raise ValueError(message)
    return values


def _free(name: str, taken: Mapping[str, object], alike: Counter[str]) -> str:
    """Return a name of its own: two names may be the same once they can be printed.

    Args:
        name: as it can be printed.
        taken: the names so far.
        alike: how many of them were the same; goes on from there, for one after the other would be tried for each.
    """
    free = name
    while not free or free in taken:
        alike[name] += 1
        free = f"{name or 'tensor'}@{alike[name] + 1}"
    return free


def _tensor(path: Path, name: str, entry: object, data: tuple[int, int]) -> StoredTensor:
    values = cast("dict[str, object]", entry) if isinstance(entry, dict) else {}
    shape, dtype, places = (values.get(key) for key in ("shape", "dtype", "data_offsets"))
    if (
        not isinstance(shape, list)
        or len(shape) > _MAX_AXES
        or not all(type(n) is int and n >= 0 for n in shape)
    ):
        raise unreadable(path, f"the tensor {name!r} has no usable shape")
    numbers = prod(shape)
    if numbers > MOST_STORED or max(shape, default=0) > MOST_STORED:
        raise unreadable(path, f"the tensor {name!r} has no usable shape")
    bits = _BITS.get(dtype) if isinstance(dtype, str) else None
    if bits is None or not isinstance(dtype, str):
        raise unreadable(
            path,
            f"the tensor {name!r} has the type {shown(repr(dtype))[:40]}, which the format does not know",
        )
    if not isinstance(places, list) or len(places) != 2 or not all(type(n) is int and n >= 0 for n in places):  # noqa: PLR2004
        raise unreadable(path, f"the tensor {name!r} has no usable place (data_offsets)")
    first, last = places
    needed = -(-numbers * bits // 8)
    if last - first != needed:
        raise unreadable(
            path,
            f"the tensor {name!r} takes {needed:,} bytes, and its place holds {shown_whole(last - first)}",
        )
    begin, end = data
    if begin + last > end:
        missing = begin + last - end
        raise unreadable(
            path,
            f"the data of {name!r} end {shown_whole(missing)} bytes after the end of the file: it is cut off",
        )
    return StoredTensor(name, dtype, tuple(shape), path, begin + first, needed)


def _check_places(path: Path, tensors: Mapping[str, StoredTensor]) -> None:
    filled = sorted((tensor for tensor in tensors.values() if tensor.size), key=lambda tensor: tensor.begin)
    for before, after in pairwise(filled):
        if before.begin + before.size > after.begin:
            raise unreadable(path, f"the data of {before.name!r} and {after.name!r} overlap")
