"""The account of a sweep: how many points, which of them have no rows and why, which figures no profile gives."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factsheet.sweeps.run import Omission, PieceOutcome

_MOST = 1000
"""Omissions that are named one by one, besides the first of each source; the rest are counted."""

_SAID = 20
"""Notes on networks that are given."""


class SweepTally:
    """What came of a sweep, apart from its rows."""

    def __init__(self) -> None:
        self.points = 0
        """Worked out."""
        self.through = 0
        """Of the points that the sweep was asked for, as far as they were known then, those that are dealt with."""
        self.dominated = 0
        """Of these, not on the Pareto front."""
        self.incomparable = 0
        """Of these, without a figure that the front is taken of."""
        self.omitted = 0
        """Points that there are no rows for."""
        self.unusable: dict[str, None] = {}
        """Sources that gave nothing at all."""
        self._omissions: dict[tuple[str, str, str], Omission] = {}
        self._sources: set[str] = set()
        self._unnamed = 0
        self._gaps: dict[str, dict[str, None]] = {}
        self._notes: dict[str, None] = {}

    def add(self, outcome: PieceOutcome, points: int = 0) -> None:
        """Take note of a piece of so many points."""
        self.through += points
        self.points += outcome.points
        self.dominated += outcome.dominated
        self.incomparable += outcome.incomparable
        for omission in outcome.omitted:
            self._omit(omission)
        for reason, column in sorted(outcome.gaps):
            self._gaps.setdefault(reason, {})[column] = None
        for note in sorted(outcome.notes):
            self._notes[note] = None

    def omissions(self) -> list[Omission]:
        """Yield each once, however many pieces it concerned."""
        return list(self._omissions.values())

    def named(self) -> list[str]:
        """Return the omissions in sentences."""
        lines = [
            f"{omission.source}{f', {omission.where}' if omission.where else ''}, {counted(omission.points)}: "
            f"{omission.message}"
            for omission in self._omissions.values()
        ]
        return [*lines, f"and {counted(self._unnamed)} more"] if self._unnamed else lines

    def gaps(self) -> list[str]:
        """Columns that are empty for a profile, with the reason, and what is to be said of the networks."""
        empty = [f"no {', '.join(columns)}: {reason}" for reason, columns in self._gaps.items()]
        notes = list(self._notes)
        more = (
            [f"and {len(notes) - _SAID:,} notes more, which `factsheet inspect` gives"]
            if notes[_SAID:]
            else []
        )
        return [*empty, *notes[:_SAID], *more]

    def by_source(self) -> list[tuple[Omission, int, int]]:
        """For each source, the first of its omissions, how many there are, and how many points they cost."""
        firsts: dict[str, Omission] = {}
        kinds: Counter[str] = Counter()
        points: Counter[str] = Counter()
        for omission in self._omissions.values():
            firsts.setdefault(omission.source, omission)
            kinds[omission.source] += 1
            points[omission.source] += omission.points
        return [(first, kinds[source], points[source]) for source, first in firsts.items()]

    def _omit(self, omission: Omission) -> None:
        self.omitted += omission.points
        if not omission.where:
            self.unusable[omission.source] = None
        key = (omission.source, omission.where, omission.message)
        known = self._omissions.get(key)
        if known is not None:
            self._omissions[key] = known._replace(points=known.points + omission.points)
        elif len(self._omissions) < _MOST or omission.source not in self._sources:
            self._omissions[key] = omission
            self._sources.add(omission.source)
        else:
            self._unnamed += omission.points


def counted(points: int) -> str:
    """Return a number of points in words."""
    return f"{points:,} point{'' if points == 1 else 's'}"
