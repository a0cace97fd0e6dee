"""A score is outside the range of its metric, or lacks its percent sign among scores in percent.

What it does: compares scores, averages and the scores of the training section with the range of their metric: 0 to 100
% for accuracy, F1 and the like, -100 to 100 % for correlations, at least 1 for a perplexity, at least 0 for errors.
Where no metric is named, anything written in percent has to be from -100 to 100 %; a metric that is not recognised has
no range. In a row, a column or a series over time
that is written in percent, a number above one without a sign is reported whatever the metric; so is a loss of one or
more in `robustness`. Warns of an accuracy far below one divided by the number of classes.

Why it matters: `81.2` is read as 8120 %, and so every average, gap and rounding that it enters is wrong.

Fails:
    - {task: RTE, metric: accuracy, scores: {digital: 66.40 %, analog: 64.00}}

Passes:
    - {task: RTE, metric: accuracy, scores: {digital: 66.40 %, analog: 64.00 %}}

How to fix: write the percent sign, or the fraction; correct a score that was mistyped; name the row's metric.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.rule import Rule
from factsheet.quantities.metrics import metric_named, metrics_in
from factsheet.recompute.comparisons.score_claims import lost_percent
from factsheet.recompute.comparisons.score_scales import drift_scale, table_scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable
    from factsheet.source.document import KeyPath

_HUNDRED = 100
_GUESSING = 0.8
"""A model that only guesses is right in one of so many cases; a small test set may be some way below."""
_PERCENT = frozenset({"%", "percent", "Percent", "pct", "Pct"})


class _Range(NamedTuple):
    """The range of one or several metrics."""

    low: float
    high: float
    name: str
    share: bool
    """Whether it is one of shares, and so given in percent."""
    bare_high: float
    """Largest score that is written without a percent sign."""


class _Score(NamedTuple):
    quantity: Quantity
    path: KeyPath
    metrics: tuple[str, ...]
    """The metrics named for it, as written; empty where none is."""
    groups: tuple[object, ...]
    """Its row, column or series, whose scores are written in one unit."""


def _check(context: RuleContext) -> Iterator[Finding]:
    scores = list(_scores(context.sheet))
    groups: dict[object, list[_Score]] = {}
    for score in scores:
        for group in score.groups:
            groups.setdefault(group, []).append(score)
    mixed: set[KeyPath] = set()
    for members in groups.values():
        lost = lost_percent([score.quantity for score in members])
        mixed |= {score.path for score in members if score.quantity in lost}
    bare: dict[KeyPath, list[_Score]] = {}
    for score in scores:
        fault = _fault(score)
        if score.path in mixed or fault == "bare":
            bare.setdefault(score.path[: len(("performance", "results", 0))], []).append(score)
        elif fault:
            yield Finding(score.path, fault, "correct the score, or name the metric that it was taken by")
    yield from _below_chance(context.sheet)
    for loss in _losses(context.sheet):
        bare.setdefault(loss.path, []).append(loss)
    for lost_in_one_place in bare.values():
        yield _unsigned(lost_in_one_place)


def _below_chance(sheet: SheetFields) -> Iterator[Finding]:
    """Warn of an accuracy below what guessing gives, or an error rate above it, by more than chance."""
    for index, table in enumerate((sheet.performance.results or ()) if sheet.performance else ()):
        for row, task in enumerate(table.tasks):
            known = metric_named(task.metric or table.metric)
            classes = task.classes.whole if task.classes is not None else None
            if known is None or classes is None or known.name not in {"accuracy", "error rate"}:
                continue
            for system, fact in task.scores.items():
                score = fact.quantity
                if score is None or fact.note or task.note or not 0 <= score.value <= 1:
                    continue
                right = score.meant.high if known.higher_is_better else 1 - score.meant.low
                if right < _GUESSING / classes:
                    path = ("performance", "results", index)
                    place = (*path, "tasks", row)
                    yield Finding(
                        (*place, "scores", system),
                        f"{score.text} of {known.name} is worse than guessing among {classes} classes",
                        "correct the score, its metric or the number of classes, or say in a `note` why it is so low",
                        related=(
                            ((*place, "classes"), f"{classes} classes"),
                            ((*(place if task.metric else path), "metric"), f"the metric is {known.name}"),
                        ),
                        severity="warning",
                    )


def _fault(score: _Score) -> str:
    """Return what is wrong with a score by its metric: `bare` for a lost percent sign, a message, or nothing."""
    quantity = score.quantity
    known = _range(score.metrics) if score.metrics or quantity.unit else None
    if known is None or quantity.unit not in {"", *_PERCENT}:
        return ""  # without a metric, or by one that is not recognised, a bare number may have any range
    high = known.high if quantity.unit else known.bare_high
    if known.low <= quantity.value <= high or (
        known.low <= quantity.meant.high and quantity.meant.low <= high
    ):
        return ""
    if known.share and not quantity.unit and high < quantity.value <= _HUNDRED:
        return "bare"
    # 101.0 BLEU without a sign is beyond 100, and no percentage.
    bottom, top = (_end(end, share=known.share and high <= max(known.high, 1)) for end in (known.low, high))
    return f"{quantity.text} is outside the range of {known.name}: {bottom} to {top}"


def _end(end: float, *, share: bool) -> str:
    if abs(end) == inf:
        return "any value"
    return f"{end * _HUNDRED:g} %" if share and abs(end) <= 1 else f"{end:g}"


@lru_cache(maxsize=256)
def _range(texts: tuple[str, ...]) -> _Range | None:
    """Return the range of scores by all of these metrics; `None` where one of them is not recognised."""
    metrics = [metric for text in texts for metric in metrics_in(text)]
    if any(not metrics_in(text) for text in texts) or any(metric.share is None for metric in metrics):
        return None
    share = all(metric.share for metric in metrics)
    if not share and any(metric.share for metric in metrics):
        return None
    high = max((metric.high for metric in metrics), default=1)
    # A share above two hundred percent, such as a word error rate, is a percentage that lost its sign; metrics that
    # are customarily written up to a hundred have lost none.
    bare_high = (
        max(_HUNDRED * min(metric.high, 2) for metric in metrics if metric.hundred)
        if any(metric.hundred for metric in metrics)
        else min(high, 2)
        if share
        else high
    )
    return _Range(
        min((metric.low for metric in metrics), default=-1),
        high,
        " and ".join(dict.fromkeys(metric.name for metric in metrics)) or "a score in percent",
        share,
        bare_high,
    )


def _unsigned(scores: list[_Score]) -> Finding:
    """Report all scores of a table at once: they were typed, or exported, the same way."""
    first, *others = scores
    more = f", and so {'are' if len(others) > 1 else 'is'} {len(others)} more" if others else ""
    text = first.quantity.text
    return Finding(
        first.path,
        f"{text} has no percent sign and is read as {first.quantity.value * _HUNDRED:g} %{more}",
        f"write `{text} %`, or the fraction `{first.quantity.value / _HUNDRED:g}`",
        related=tuple((score.path, score.quantity.text) for score in others[:3]),
        changes=tuple(
            Change(score.path, f"{score.quantity.text} %", word=score.quantity.text) for score in scores
        ),
    )


def _scores(sheet: SheetFields) -> Iterator[_Score]:
    for index, table in enumerate((sheet.performance.results or ()) if sheet.performance else ()):
        yield from _of_table(table, ("performance", "results", index))
    training = sheet.hwa_training
    if training is not None:
        metric = training.accuracy_metric.text if training.accuracy_metric else "accuracy"
        for field in ("accuracy", "baseline_accuracy"):
            yield from _score(
                getattr(training, field), ("hwa_training", field), (metric or "",), ("trained",)
            )
    metric = sheet.robustness.metric if sheet.robustness is not None else None
    for index, point in enumerate((sheet.robustness.over_time or ()) if sheet.robustness else ()):
        path = ("robustness", "over_time", index, "score")
        yield from _score(point.score, path, (metric,) if metric else (), ("over time",))
    for index, stronger in enumerate((sheet.robustness.over_noise or ()) if sheet.robustness else ()):
        path = ("robustness", "over_noise", index, "score")
        yield from _score(stronger.score, path, (metric,) if metric else (), ("over time",))


def _losses(sheet: SheetFields) -> Iterator[_Score]:
    """Yield losses of 1 and more without a percent sign, beside scores in percent: nothing loses all of its score."""
    if sheet.robustness is None or not drift_scale(sheet).share:
        return
    scores = [point.score.quantity for point in sheet.robustness.over_time or ()]
    signed = any(score is not None and score.unit for score in scores) or not scores
    for field in ("accepted_loss", "drift_loss"):
        for loss in _score(getattr(sheet.robustness, field), ("robustness", field), (), ()):
            if signed and not loss.quantity.unit and 1 <= abs(loss.quantity.value) <= _HUNDRED:
                yield loss


def _of_table(table: ResultTable, path: KeyPath) -> Iterator[_Score]:
    for row, task in enumerate(table.tasks):
        place = (*path, "tasks", row, "scores")
        metric = task.metric or table.metric
        for system, fact in task.scores.items():
            same = ((path, system, metric),) if metric else ()
            yield from _score(fact, (*place, system), (metric,) if metric else (), (place, *same))
    rows = tuple(dict.fromkeys(task.metric or table.metric or "" for task in table.tasks))
    named = rows if any(rows) else ()
    groups: list[object] = [(*path, "averages")]
    scale = table_scale(table)
    if all(metrics_in(text) for text in named) and (scale is None or scale.share or not named):
        groups.append("trained")  # the training section quotes these
    for system, fact in (table.averages or {}).items():
        yield from _score(fact, (*path, "averages", system), named, groups)


def _score(
    fact: Fact | None, path: KeyPath, metrics: tuple[str, ...], groups: Iterable[object]
) -> Iterator[_Score]:
    quantity = fact.quantity if fact is not None else None
    if quantity is not None:
        yield _Score(quantity, path, metrics, tuple(groups))


RULE = Rule(
    "FS217",
    "score-out-of-range",
    "error",
    "a score on another scale makes every average and gap that it enters wrong by a factor of a hundred",
    _check,
)
