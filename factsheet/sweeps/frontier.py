"""The Pareto front of many points: those that no other point beats in one respect and equals in the rest."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from factsheet.sweeps.columns import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.sweeps.columns import Column, Value

_PLANE = 2


def front(points: Sequence[tuple[float, ...]]) -> list[int]:
    """Return the positions of the points that none dominates, in their order.

    A point dominates another if it is no larger in any coordinate and smaller in at least one. Of equal points that
    none dominates, all are on the front.

    Args:
        points: all of one dimension, smaller is better, and none of them not a number.
    """
    # In this order a point can only be dominated by one before it.
    order = sorted(range(len(points)), key=points.__getitem__)
    if points and len(points[0]) == _PLANE:
        return sorted(_plane(points, order))
    kept: list[int] = []
    vectors: list[tuple[float, ...]] = []
    for position in order:
        point = points[position]
        if vectors and point == vectors[-1]:
            kept.append(position)
        elif not any(all(map(_no_larger, other, point)) for other in vectors):
            kept.append(position)
            vectors.append(point)
    return sorted(kept)


def _no_larger(left: float, right: float) -> bool:
    return left <= right


def _plane(points: Sequence[tuple[float, ...]], order: list[int]) -> list[int]:
    """In two dimensions the front goes down: a point is on it if it is lower than all before it, or equals the last."""
    kept: list[int] = []
    last: tuple[float, ...] | None = None
    for position in order:
        point = points[position]
        if last is None or point[1] < last[1] or point == last:
            kept.append(position)
            last = point
    return kept


WITHIN = ("source", "structure", "seq_len")
"""Points are compared that do the same work, under the same assumption on how layers follow each other: shorter
sequences are always cheaper, and a structure is nothing that a designer chooses to get a better figure."""


class Frontier:
    """The rows that no other row of the same work beats."""

    def __init__(self, goals: Sequence[Column], within: Sequence[str] = WITHIN) -> None:
        self._goals = goals
        self._within = within
        self._groups: dict[tuple[Value, ...], tuple[list[tuple[float, ...]], Chunk]] = {}
        self.dominated = 0
        """Rows that another one beats."""
        self.incomparable = 0
        """Rows without one of the figures."""

    def add(self, chunk: Chunk) -> None:
        """Take in some rows."""
        groups: dict[tuple[Value, ...], tuple[list[int], list[tuple[float, ...]]]] = {}
        keys = zip(*(chunk.columns[name] for name in self._within), strict=True)
        goals = zip(*(chunk.columns[goal.name] for goal in self._goals), strict=True)
        for row, (key, values) in enumerate(zip(keys, goals, strict=True)):
            point = self._point(values)
            if point is None:
                self.incomparable += 1
                continue
            positions, points = groups.setdefault(key, ([], []))
            positions.append(row)
            points.append(point)
        for key, (positions, points) in groups.items():
            self._merge(key, points, chunk.only(positions))

    def chunks(self) -> Iterator[Chunk]:
        """Return the rows that are left, kind of work by kind of work."""
        for _, chunk in self._groups.values():
            yield chunk

    def _point(self, values: Sequence[Value]) -> tuple[float, ...] | None:
        """Return the figures, the smaller the better."""
        point = []
        for goal, value in zip(self._goals, values, strict=True):
            if not isinstance(value, int | float) or isnan(value):
                return None
            point.append(-float(value) if goal.best == "most" else float(value))
        return tuple(point)

    def _merge(self, key: tuple[Value, ...], points: list[tuple[float, ...]], rows: Chunk) -> None:
        known = self._groups.get(key)
        if known is not None:
            points = known[0] + points
            rows = Chunk({name: [*values, *rows.columns[name]] for name, values in known[1].columns.items()})
        kept = front(points)
        self.dominated += len(points) - len(kept)
        self._groups[key] = [points[position] for position in kept], rows.only(kept)
