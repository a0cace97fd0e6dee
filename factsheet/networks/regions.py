"""Read the names of parts of stored tensors, such as `w[:, 0:64]`, and decide which part lies within which.

A part that lies within another one in use belongs to that one's matrix: its weights are stored once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PART = re.compile(r"(?P<tensor>.+?)\[(?P<axes>[0-9:, -]+)\]")
_AXIS = re.compile(r"(\d*):(\d*)(?::(\d+))?|(\d+)")


class AxisRange(NamedTuple):
    """The positions of one axis that a part takes, as Python's slices do."""

    start: int = 0
    stop: int | None = None
    """`None`: to the end."""
    step: int = 1

    def covers(self, other: AxisRange) -> bool:
        """Return whether every position of the other is one of these."""
        if self.start > other.start or (other.start - self.start) % self.step or other.step % self.step:
            return False
        return self.stop is None or (other.stop is not None and other.stop <= self.stop)


class Region(NamedTuple):
    """A part of a stored tensor; the whole of it has no spans."""

    tensor: str
    spans: tuple[AxisRange, ...] = ()

    def covers(self, other: Region) -> bool:
        """Return whether the other part lies within this one."""
        if self.tensor != other.tensor:
            return False
        longer = max(len(self.spans), len(other.spans))
        pairs = zip(_padded(self.spans, longer), _padded(other.spans, longer), strict=True)
        return all(own.covers(of_other) for own, of_other in pairs)


def _padded(spans: tuple[AxisRange, ...], axes: int) -> tuple[AxisRange, ...]:
    return (*spans, *(AxisRange() for _ in range(axes - len(spans))))


@lru_cache(maxsize=4096)
def region_of(storage: str) -> Region:
    """Return the part of a tensor that a name means; a name without one means the whole."""
    match = _PART.fullmatch(storage)
    if match is None:
        return Region(storage)
    spans = [_span(axis.strip()) for axis in match["axes"].split(",")]
    return (
        Region(storage) if None in spans else Region(match["tensor"], tuple(span for span in spans if span))
    )


def _span(axis: str) -> AxisRange | None:
    match = _AXIS.fullmatch(axis)
    if match is None:
        return None
    start, stop, step, only = match.groups()
    if only:
        return AxisRange(int(only), int(only) + 1)
    return AxisRange(int(start or 0), int(stop) if stop else None, int(step or 1))


def holders(storages: Iterable[str]) -> Mapping[str, str]:
    """Return, for each name of a part that lies within another of these, the name of the largest that holds it."""
    known = dict.fromkeys(storages)
    if not any(name.endswith("]") for name in known):
        return {}  # most networks have no parts
    parts: dict[str, list[str]] = {}
    for name in known:
        parts.setdefault(region_of(name).tensor, []).append(name)
    held: dict[str, str] = {}
    for names in parts.values():
        for name in names if len(names) > 1 else ():
            around = [other for other in names if other != name and region_of(other).covers(region_of(name))]
            # Of parts that are written in two ways and equal, the first holds the others.
            larger = [
                other
                for other in around
                if not region_of(name).covers(region_of(other)) or names.index(other) < names.index(name)
            ]
            if larger:
                held[name] = larger[0]
    return {name: _last(held, name) for name in held}


def _last(held: Mapping[str, str], name: str) -> str:
    while name in held:
        name = held[name]
    return name
