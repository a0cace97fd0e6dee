"""The refresh interval is longer than the drift data covers, or loses more than is accepted.

What it does: compares `performance.refresh_interval` with `robustness`. The last time in `over_time` has to reach the
interval; no score up to it may be further below the first one than `accepted_loss`, nor than `drift_loss`, which is the
loss at the end of the interval; and `drift_loss` may not exceed `accepted_loss`. Higher scores are taken to be better,
and all figures are compared as intervals of their written digits.

Why it matters: users re-program the model when the sheet says so, and not earlier.

Fails:
    performance: {refresh_interval: 4 weeks}
    robustness:
      accepted_loss: 1 %
      over_time: [{after: 0 s, score: 80.6 %}, {after: 1 week, score: 79.1 %}, {after: 4 weeks, score: 78.0 %}]

Passes:
    performance: {refresh_interval: 4 weeks}
    robustness:
      accepted_loss: 1 %
      over_time: [{after: 0 s, score: 80.6 %}, {after: 1 week, score: 80.2 %}, {after: 4 weeks, score: 79.8 %}]

How to fix: shorten the interval to the last time at which the loss is acceptable, or evaluate until its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.quantities.interval import Interval
from factsheet.recompute.verdict import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.robustness import Robustness
    from factsheet.source.document import KeyPath

_REFRESH = ("performance", "refresh_interval")
_DRIFT_LOSS = ("robustness", "drift_loss")
_ACCEPTED = ("robustness", "accepted_loss")


class _Point(NamedTuple):
    after: Quantity
    score: Quantity
    path: KeyPath


def _check(context: RuleContext) -> Iterator[Finding]:
    performance, robustness = context.sheet.performance, context.sheet.robustness
    refresh = _quantity(performance.refresh_interval) if performance else None
    if robustness is None:
        return
    lost, accepted = _quantity(robustness.drift_loss), _quantity(robustness.accepted_loss)
    points = _points(robustness)
    if refresh is not None and points:
        yield from _not_evaluated(refresh, points[-1])
        before = [point for point in points if point.after.meant.low <= refresh.meant.high]
        yield from _losses(refresh, before, accepted, lost)
    if lost is not None and accepted is not None and _size(lost).low > _size(accepted).high:
        yield Finding(
            _DRIFT_LOSS,
            f"{lost.text} is lost until the weights are programmed again, more than the accepted {accepted.text}",
            "shorten `performance.refresh_interval`, or correct one of the two",
            related=((_ACCEPTED, f"{accepted.text} is accepted"),),
        )


def _not_evaluated(refresh: Quantity, last: _Point) -> Iterator[Finding]:
    if refresh.meant.low > last.after.meant.high:
        yield Finding(
            _REFRESH,
            f"the interval is {refresh.text}, but scores over time end after {last.after.text}",
            "evaluate until the end of the interval, or shorten it",
            related=((last.path, "the last time that was evaluated"),),
        )


def _losses(
    refresh: Quantity, points: list[_Point], accepted: Quantity | None, lost: Quantity | None
) -> Iterator[Finding]:
    """Report the first point before the end of the interval that has lost too much, for either limit."""
    for path, limit in ((_ACCEPTED, accepted), (_DRIFT_LOSS, lost)):
        for point in points if limit is not None else ():
            loss = points[0].score.meant - point.score.meant
            if limit is not None and loss.low > _size(limit).high:
                given = written(points[0].score.value - point.score.value, "score")
                yield _lost(refresh, point, given, limit=limit, path=path)
                break


def _lost(refresh: Quantity, point: _Point, given: str, *, limit: Quantity, path: KeyPath) -> Finding:
    related = ((point.path, f"{point.score.text} after {point.after.text}"), (path, limit.text))
    if path == _ACCEPTED:
        return Finding(
            _REFRESH,
            f"the interval is {refresh.text}, but {given} is lost after {point.after.text}, "
            f"more than the accepted {limit.text}",
            f"choose an interval shorter than {point.after.text}, or accept a larger loss",
            related=related,
        )
    return Finding(
        _DRIFT_LOSS,
        f"{limit.text} is said to be lost until the refresh after {refresh.text}, "
        f"but {given} is lost after {point.after.text} already",
        "correct the loss, or the score over time",
        related=related,
    )


def _points(robustness: Robustness) -> list[_Point]:
    """Return the scores over time, by time."""
    found = [
        _Point(after, score, ("robustness", "over_time", index))
        for index, point in enumerate(robustness.over_time or ())
        if (after := point.after.quantity) is not None and (score := point.score.quantity) is not None
    ]
    return sorted(found, key=lambda point: point.after.value)


def _quantity(fact: Fact | None) -> Quantity | None:
    return fact.quantity if fact is not None else None


def _size(loss: Quantity) -> Interval:
    """Return a loss without its sign: some authors write the loss, some the change."""
    meant = loss.meant
    return meant if meant.high > 0 else Interval(-meant.high, -meant.low)


RULE = Rule(
    "FS216",
    "refresh-against-drift",
    "warning",
    "users re-program the weights when the sheet says so, and not earlier",
    _check,
)
