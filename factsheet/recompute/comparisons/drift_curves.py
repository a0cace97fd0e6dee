"""Curves of scores over time after programming: the points of each, by time.

Points belong to one curve by their `series`. Where none is given, points with notes of their own that share a time are
of different curves, and so are points after which time starts again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import QuantityError
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.robustness import DriftPoint, Robustness
    from factsheet.source.document import KeyPath

_SPREAD = r"± *(\S.{0,40}?)(?: at .*)?"


class TimedScore(NamedTuple):
    """A score some time after programming."""

    after: Quantity
    score: Quantity
    path: KeyPath
    """Of the score."""
    note: str
    """What is said with it."""
    spread: float
    """Half the width of what its note or its ends allow, in the unit of the score."""


def curves_of(robustness: Robustness) -> tuple[tuple[TimedScore, ...], ...]:
    """Return the curves, each in the order of time."""
    curves: dict[str, list[TimedScore]] = {}
    begun = 0
    last: TimedScore | None = None
    for index, point in enumerate(robustness.over_time or ()):
        made = _made(point, index)
        if made is None:
            continue
        restarts = last is not None and made.after.value < last.after.value
        repeats = last is not None and made.after.value == last.after.value and made.note != last.note
        if point.series is None and (restarts or repeats) and _several(robustness):
            begun += 1
        last = made
        curves.setdefault(point.series or f"{begun}", []).append(made)
    return tuple(tuple(sorted(curve, key=lambda one: one.after.value)) for curve in curves.values())


def _several(robustness: Robustness) -> bool:
    """Return whether points without a series are of several curves: times come again, each with a note of its own."""
    points = [point for point in robustness.over_time or () if point.series is None]
    times = [point.after.words() for point in points]
    noted = [point for point in points if point.note or point.score.note]
    return len(set(times)) < len(times) and len(noted) > 0


def _made(point: DriftPoint, index: int) -> TimedScore | None:
    after, score = point.after.quantity, point.score.quantity
    if after is None or score is None:
        return None
    note = " ".join(" ".join(part for part in (point.note, point.score.note) if part).split())
    reach = (score.high - score.low) / 2 if score.kind == "range" else 0.0
    found = re.fullmatch(_SPREAD, note)
    if found is not None:
        try:
            reach = max(reach, parse_quantity(found[1], "score_difference").value)
        except QuantityError:
            reach = max(reach, 0.0)
    return TimedScore(after, score, ("robustness", "over_time", index, "score"), note, reach)
