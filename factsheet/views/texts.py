"""Every text of a piece of the page model, for whatever has to read it all."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HANDLES = frozenset(
    {"path", "paths", "key", "kind", "depth", "verdict", "answered", "view", "id", "data", "mark"}
)
"""Attributes that the program reads, not people."""


def texts_of(piece: object) -> Iterator[str]:
    """The texts of a dataclass of the page model, or of a tuple of such, in order."""
    if isinstance(piece, str):
        yield piece
    elif isinstance(piece, tuple):
        for entry in piece:
            yield from texts_of(entry)
    elif is_dataclass(piece):
        kind: type[object] = type(piece)
        for name in _names(kind):  # type: ignore[arg-type]  # classes can be hashed, whatever their instances can
            yield from texts_of(getattr(piece, name))


@cache
def _names(kind: type[object]) -> tuple[str, ...]:
    """The attributes of a class that hold texts for people."""
    return tuple(
        field.name
        for field in fields(kind)  # type: ignore[arg-type]  # only ever asked of a dataclass
        if field.name not in _HANDLES
    )
