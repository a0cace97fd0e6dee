"""Tables of named things in which a name that is given twice is an error of the program, not a silent replacement."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_Value = TypeVar("_Value")


def unique_table(what: str, *parts: Iterable[tuple[str, _Value]]) -> Mapping[str, _Value]:
    """Return the parts as one table that cannot be changed.

    Args:
        what: what a name stands for, for the error: `family of networks`.
        *parts: names with their values.

    Raises:
        ValueError: a name is given twice.
    """
    table: dict[str, _Value] = {}
    for part in parts:
        for name, value in part:
            if name in table:
                raise ValueError(f"`{name}` is given twice as {what}")
            table[name] = value
    return MappingProxyType(table)


def each(names: Iterable[str], value: _Value) -> Iterable[tuple[str, _Value]]:
    """Yield each name with one value for all."""
    return ((name, value) for name in names)
