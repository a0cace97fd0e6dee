"""Scores that a sheet states twice: in the training section or over time, and in the rows of a result table.

A score of the training section is one of a table's, or one over time. A score over time is that of a row, or of a
system, whose name gives the same time since programming.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from factsheet.errors import QuantityError
from factsheet.quantities.metrics import plain
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.claims import claim_at, claim_of
from factsheet.recompute.comparisons.score_claims import QUOTED, compare_quotes, lost_percent
from factsheet.recompute.comparisons.score_means import tables
from factsheet.recompute.comparisons.score_scales import drift_scale, scale_of, training_scale
from factsheet.recompute.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath


@dataclass(frozen=True, slots=True)
class ListedScore:
    """One score that a copy can be of."""

    quantity: Quantity
    path: KeyPath
    about: str
    """What it is the score of: `MNLI, Analog AI`."""


@dataclass(frozen=True, slots=True)
class UnmatchedScore:
    """A score that is stated as one of several others, and is none of them."""

    claim: Claim
    what: str
    """What those others are: `score of an analog system in the result tables`."""
    nearest: tuple[ListedScore, ...]
    """Those others, the nearest first."""


def unmatched_scores(sheet: SheetFields) -> Iterator[UnmatchedScore]:
    """Yield every score that should be that of a row or of a time, and agrees with none."""
    yield from _of_training(sheet)
    yield from _over_time(sheet)


def _of_training(sheet: SheetFields) -> Iterator[UnmatchedScore]:
    quoted = {quote.field for quote in compare_quotes(sheet)}
    for field, kind in QUOTED.items():
        claim = claim_at(sheet, "hwa_training", field)
        if claim is None or field in quoted:
            continue
        scale = training_scale(sheet, claim.quantity)
        rows = list(_scores(sheet, {kind}, scale))
        if not rows:
            continue
        listed = [*rows, *_scores(sheet, {None}, scale), *_published(sheet, kind)]
        if kind == "analog":
            listed += _at_times(sheet)
        if not lost_percent([claim.quantity, *(one.quantity for one in listed)]):
            article = "an" if kind == "analog" else "a"
            yield from _unmatched(claim, f"score of {article} {kind} system in the result tables", listed)


def _over_time(sheet: SheetFields) -> Iterator[UnmatchedScore]:
    robustness = sheet.robustness
    scale = drift_scale(sheet)
    timed = [
        (low, high, one)
        for one in _scores(sheet, {"analog", None}, scale)
        for low, high in durations_in(one.about)
    ]
    for index, point in enumerate((robustness.over_time or ()) if robustness is not None else ()):
        claim = claim_of(sheet, point.score, ("robustness", "over_time", index, "score"))
        after = point.after.quantity
        if claim is None or after is None or after.kind != "point":
            continue
        listed = [one for low, high, one in timed if low <= after.meant.high and after.meant.low <= high]
        if not timed and index == 0 and after.value <= _A_DAY and not (point.note or point.series):
            yield from _at_first(sheet, claim, scale)
        if listed and not lost_percent([claim.quantity, *(one.quantity for one in listed)]):
            yield from _unmatched(claim, f"score after {after.text} in the result tables", listed)
        elif timed and not listed:
            same = tuple(
                one for one in _at_no_point(sheet, timed) if one.quantity.value == claim.quantity.value
            )
            if same:
                yield UnmatchedScore(claim, f"score after {after.text} in the result tables", same)


def _at_no_point(
    sheet: SheetFields, timed: Sequence[tuple[float, float, ListedScore]]
) -> Iterator[ListedScore]:
    """Yield the scores of rows whose time none of the points over time has."""
    robustness = sheet.robustness
    points = (
        [point.after.quantity for point in (robustness.over_time or ())] if robustness is not None else []
    )
    for low, high, one in timed:
        if not any(
            after is not None and low <= after.meant.high and after.meant.low <= high for after in points
        ):
            yield one


def _at_first(sheet: SheetFields, claim: Claim, scale: ScoreScale) -> Iterator[UnmatchedScore]:
    """Yield a first score that is far from every score of an analog system: no more than a little is lost in a day."""
    listed = [*_scores(sheet, {"analog", None}, scale), *_published(sheet, "analog")]
    far = _FAR if scale.share else _FAR * abs(claim.quantity.value)
    if listed and not lost_percent([claim.quantity, *(one.quantity for one in listed)]):
        found = list(
            _unmatched(claim, "score of an analog system in the result tables, nor near one", listed)
        )
        if all(abs(one.quantity.value - claim.quantity.value) > far for one in listed):
            yield from found


def _unmatched(claim: Claim, what: str, listed: Sequence[ListedScore]) -> Iterator[UnmatchedScore]:
    if any(judge(claim, one.quantity.value, reach=one.quantity.meant).fits for one in listed):
        return
    value = claim.quantity.value
    nearest = sorted(
        listed, key=lambda one: (not _slip(claim.quantity, one.quantity), abs(one.quantity.value - value))
    )
    yield UnmatchedScore(claim, what, tuple(nearest))


def _slip(one: Quantity, other: Quantity) -> bool:
    """Return whether two figures have the same digits in another order, as a slip of the hand makes them."""
    digits = [sorted(sign for sign in quantity.text if sign.isdigit()) for quantity in (one, other)]
    return digits[0] == digits[1]


def _scores(sheet: SheetFields, kinds: set[str | None], scale: ScoreScale) -> Iterator[ListedScore]:
    """Yield the scores of systems of these kinds that can be on a scale."""
    for index, table in enumerate(tables(sheet)):
        for row, task in enumerate(table.tasks):
            own = scale_of(table, task)
            known = scale.known is not None and own.known is not None
            if known and not (scale.like(own) and scale.known == own.known):
                continue
            for system in table.systems:
                fact = task.scores.get(system.id)
                if system.kind in kinds and fact is not None and fact.quantity is not None:
                    path = ("performance", "results", index, "tasks", row, "scores", system.id)
                    yield ListedScore(fact.quantity, path, f"{task.task}, {system.name}")


def _published(sheet: SheetFields, kind: str) -> Iterator[ListedScore]:
    for index, table in enumerate(tables(sheet)):
        for system in table.systems:
            fact = (table.averages or {}).get(system.id)
            if system.kind in {kind, None} and fact is not None and fact.quantity is not None:
                path = ("performance", "results", index, "averages", system.id)
                yield ListedScore(fact.quantity, path, f"average of {table.name}, {system.name}")


def _at_times(sheet: SheetFields) -> Iterator[ListedScore]:
    for index, point in enumerate((sheet.robustness.over_time or ()) if sheet.robustness is not None else ()):
        if point.score.quantity is not None:
            path = ("robustness", "over_time", index, "score")
            yield ListedScore(point.score.quantity, path, f"after {point.after.words()}")


_NUMBERS = dict(
    zip(
        ["a", "an", "one", "two", "three", "four", "five", "six", "twelve"],
        (1, 1, 1, 2, 3, 4, 5, 6, 12),
        strict=True,
    )
)
# A word stands apart from its unit: `and` is not `an d`, nor `as` one second.
_DURATION = (
    r"(?<![\w.])(\d+(?:\.\d+)?|(?:" + "|".join(_NUMBERS) + r")(?=[\s-]))[\s-]?"
    r"(s|sec|seconds?|min|minutes?|h|hours?|d|days?|weeks?|months?|years?)\b"
)
_FRESH = r"\b(?:fresh|freshly|right after programming|immediately after programming|as programmed|t0)\b"
_A_MINUTE, _A_DAY = 60.0, 86400.0
_FAR = 0.05


@lru_cache(maxsize=512)
def durations_in(text: str) -> tuple[tuple[float, float], ...]:
    """Return the times since programming that a name gives, each by its ends in s: `digits, 4 weeks after`."""
    found: list[tuple[float, float]] = []
    lowered = text.casefold()
    for match in re.finditer(_DURATION, lowered):
        number = _NUMBERS.get(match[1], match[1])
        try:
            meant = parse_quantity(f"{number} {match[2]}", "time").meant
        except QuantityError:
            continue
        found.append((meant.low, meant.high))
    if not found and re.search(_FRESH, plain(text)):
        found.append((0.0, _A_MINUTE))
    return tuple(found)
