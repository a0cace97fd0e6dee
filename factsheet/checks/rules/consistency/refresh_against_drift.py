"""The refresh interval is longer than the drift data covers, or loses more than is accepted.

What it does: compares `performance.refresh_interval` with `robustness`. The last time in `over_time` has to reach the
interval; no score up to it may be further below the first one than `accepted_loss`, nor than `drift_loss`, which is
the loss at the end of the interval; where a score is given for its very end, `drift_loss` has to be what is lost
there; and `drift_loss` may not exceed `accepted_loss`. What a loss is follows from the metric: of a word error rate, a
rise. Each curve is judged by itself, and an interval that one of several curves allows is none too long. The interval
also has to be the one from the score that `refresh_reference` names, where `refresh_from_first` or
`refresh_from_digital` gives that one, and `refresh_share` goes with a share of chips. All figures are compared as
intervals of their written digits.

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

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.quantities.interval import Interval
from factsheet.recompute.comparisons.drift_curves import curves_of
from factsheet.recompute.comparisons.score_scales import drift_scale

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.comparisons.drift_curves import TimedScore
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.sheet.performance import Performance
    from factsheet.source.document import KeyPath

_REFRESH = ("performance", "refresh_interval")
_DRIFT_LOSS = ("robustness", "drift_loss")
_ACCEPTED = ("robustness", "accepted_loss")


def _check(context: RuleContext) -> Iterator[Finding]:
    performance, robustness = context.sheet.performance, context.sheet.robustness
    refresh = _quantity(performance.refresh_interval) if performance else None
    if performance is not None:
        yield from _of_other_basis(performance, refresh)
    if robustness is None:
        return
    scale = drift_scale(context.sheet)
    lost, accepted = (_difference(fact, scale) for fact in (robustness.drift_loss, robustness.accepted_loss))
    curves = curves_of(robustness)
    if refresh is not None and curves:
        yield from _not_evaluated(
            refresh, max((curve[-1] for curve in curves), key=lambda one: one.after.value)
        )
        judged = [
            list(_losses(refresh, curve, accepted, lost, scale=scale))
            for curve in curves
            if scale.higher_is_better is not None
        ]
        yield from min(judged, key=len, default=[])
    if lost is not None and accepted is not None and _size(lost).low > _size(accepted).high:
        yield Finding(
            _DRIFT_LOSS,
            f"{lost.text} is lost until the weights are programmed again, more than the accepted {accepted.text}",
            "shorten `performance.refresh_interval`, or correct one of the two",
            related=((_ACCEPTED, f"{accepted.text} is accepted"),),
        )


def _of_other_basis(performance: Performance, refresh: Quantity | None) -> Iterator[Finding]:
    """Report an interval that is not the one from the reference that it names, and a share where the mean is meant."""
    reference = _text(performance.refresh_reference)
    name = {"first time point": "refresh_from_first", "digital model": "refresh_from_digital"}.get(
        reference, ""
    )
    own = _quantity(getattr(performance, name)) if name else None
    if refresh is not None and own is not None and not refresh.meant.overlaps(own.meant):
        path = ("performance", name)
        yield Finding(
            _REFRESH,
            f"the interval is {refresh.text}, but counted from the {reference}, as `refresh_reference` has it, it is "
            f"{own.text}",
            "correct the interval, or what it is counted from",
            related=((path, f"{own.text} from the {reference}"),),
        )
    if performance.refresh_share is not None and _text(performance.refresh_chips) == "mean over chips":
        yield Finding(
            ("performance", "refresh_share"),
            "a share of chips goes with an interval that is said to be that of the mean over chips",
            "write `refresh_chips: share of chips`, or leave the share out",
        )


def _text(fact: Fact | None) -> str:
    return "" if fact is None or not isinstance(fact.value, str) else fact.value


def _not_evaluated(refresh: Quantity, last: TimedScore) -> Iterator[Finding]:
    if refresh.meant.low > last.after.meant.high:
        yield Finding(
            _REFRESH,
            f"the interval is {refresh.text}, but scores over time end after {last.after.text}",
            "evaluate until the end of the interval, or shorten it",
            related=((last.path, "the last time that was evaluated"),),
        )


def _losses(
    refresh: Quantity,
    curve: Sequence[TimedScore],
    accepted: Quantity | None,
    lost: Quantity | None,
    *,
    scale: ScoreScale,
) -> Iterator[Finding]:
    """Report the first point before the end of the interval that has lost too much, for either limit."""
    points = [point for point in curve if point.after.meant.low <= refresh.meant.high]
    for path, limit in ((_ACCEPTED, accepted), (_DRIFT_LOSS, lost)):
        for point in points if limit is not None else ():
            loss = scale.loss(points[0].score.meant, point.score.meant)
            if limit is not None and loss.low > _size(limit).high:
                given = scale.text(abs(points[0].score.value - point.score.value))
                yield _lost(refresh, point, given, limit=limit, path=path)
                break
    if lost is None or len(points) <= 1 or not points[-1].after.meant.overlaps(refresh.meant):
        return
    loss = scale.loss(points[0].score.meant, points[-1].score.meant)
    if loss.high < _size(lost).low:
        first, last = points[0], points[-1]
        yield Finding(
            _DRIFT_LOSS,
            f"{lost.text} is said to be lost until the refresh after {refresh.text}, but from {first.score.text} to "
            f"{last.score.text} only {scale.text(abs(first.score.value - last.score.value))} is",
            "correct the loss, or the score over time",
            related=((last.path, f"{last.score.text} after {last.after.text}"),),
        )


def _lost(refresh: Quantity, point: TimedScore, given: str, *, limit: Quantity, path: KeyPath) -> Finding:
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


def _quantity(fact: Fact | None) -> Quantity | None:
    return fact.quantity if fact is not None else None


def _difference(fact: Fact | None, scale: ScoreScale) -> Quantity | None:
    quantity = _quantity(fact)
    return None if quantity is None else scale.own_points(quantity)


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
