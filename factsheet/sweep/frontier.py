"""The Pareto front of a table that comes in some rows at a time; no more is kept than what is on it."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from factsheet.sweep.columns import Chunk
from factsheet.sweep.pareto import front

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.sweep.columns import Column, Value

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
        """The rows that are left, kind of work by kind of work."""
        for _, chunk in self._groups.values():
            yield chunk

    def _point(self, values: Sequence[Value]) -> tuple[float, ...] | None:
        """The figures, the smaller the better."""
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
