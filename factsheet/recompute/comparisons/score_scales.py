"""The scale of scores: their metric, which direction is better, and how a score or a difference of two is written.

A sheet's own `higher_is_better` and `unit` come first, the table of metrics next. A score without any metric is taken
to be one of which more is better, as accuracy is; a metric that is not known has no direction.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.metrics import ACCURACY, METRICS, metric_named, metrics_in, plain
from factsheet.recompute.verdict import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from factsheet.quantities.interval import Interval
    from factsheet.quantities.metrics import Metric
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable, Task

PERCENT_SIGNS = frozenset({"%", "percent", "Percent", "pct", "Pct"})
_POINTS = frozenset({"pp", "% points"}) | {
    start + rest for start in ("p", "P", "percentage p", "Percentage p") for rest in ("oint", "oints")
}
_ERRORS = frozenset({"error rate", "error", "errors"})
"""Metrics whose shares are what accuracy leaves of the whole."""
_RIGHT = r"(?i)\b(?:share|part|fraction|percentage|proportion) of\b"
_FIRST_FEW = r"(?i)\btop[- ]?\d+\b"
_WRONG = frozenset({"wrong", "wrongly", "incorrect", "incorrectly", "misclassified", "failed", "missed"})
"""Words of a metric that is not known, and counts what went wrong: less of it is better."""
_FAILURES = frozenset({"error", "errors", "loss", "mistakes", "failures"})
"""Words of one of which more may be worse, unless they are `errors corrected`: nothing is said of its direction."""


class ScoreScale(NamedTuple):
    """The scale of some scores.

    Attributes:
        metric: the metric as written; empty where none is named.
        known: the metric of the table of metrics, if it is one of those.
        higher_is_better: which direction is better; `None` where nothing says so.
        share: whether scores are fractions of one, shown in percent.
        unit: unit of scores that are no shares, empty for plain numbers.
        dimension: of the scores: `score`, `time` or `length`.
    """

    metric: str = ""
    known: Metric | None = None
    higher_is_better: bool | None = True
    share: bool = True
    unit: str = ""
    dimension: str = "score"

    def text(self, value: float, digits: int = 4) -> str:
        """Write a score."""
        if self.dimension != "score" or self.share:
            return written(value, self.dimension, digits)
        return f"{written(value, 'number', digits)} {self.unit}".rstrip()

    def difference(self, value: float, decimals: int | None = None) -> str:
        """Write a difference of two scores with its sign: `-0.66 percentage points`, `+0.70`.

        Args:
            value: the difference, in the unit of the scores.
            decimals: digits after the point; as many as four significant ones have by default.
        """
        if self.dimension != "score":
            return written(value, f"{self.dimension}_difference")
        size, unit = (100 * value, "percentage points") if self.share else (value, self.unit)
        return f"{size:+.4g} {unit}".rstrip() if decimals is None else f"{size:+.{decimals}f} {unit}".rstrip()

    @property
    def points(self) -> str:
        """What a difference is counted in: `points` for shares, else the unit of the scores; empty for none."""
        return "points" if self.share and self.dimension == "score" else self.unit

    @property
    def factor(self) -> float:
        """What a difference is multiplied by to be in that unit."""
        return 100.0 if self.share and self.dimension == "score" else 1.0

    def better(self, difference: float) -> bool | None:
        """Return whether a difference is one for the better; `None` for no difference, or an unknown direction."""
        if self.higher_is_better is None or difference == 0:
            return None
        return (difference > 0) == self.higher_is_better

    def loss(self, first: Interval, later: Interval) -> Interval:
        """Return how much worse the later score is, as an interval; below zero where it is better."""
        return later - first if self.higher_is_better is False else first - later

    def own_points(self, difference: Quantity) -> Quantity:
        """Return a stated difference in the unit of the scores: `1.2 points` of BLEU are 1.2, of a share 0.012."""
        if self.share or difference.unit not in _POINTS:
            return difference
        return replace(
            difference,
            value=difference.value * 100,
            low=difference.low * 100,
            high=difference.high * 100,
            step=difference.step * 100,
        )

    @property
    def own(self) -> bool:
        """Whether scores are on their metric's own scale, as BLEU is: a share of them is no accuracy."""
        return self.known is not None and self.known.hundred and not self.known.fits

    def points_of(self, said: str) -> str:
        """Return what a difference is counted in points of: unlike metrics are never compared.

        One point of an error rate is one of accuracy. A score without any metric is taken to be an accuracy, and so is
        the share of what is right, in any words.

        Args:
            said: the metric in the sheet's words; empty where it names none.
        """
        if self.known is not None:
            return ACCURACY.name if self.share and self.known.name in _ERRORS else self.known.name
        return ACCURACY.name if self.share and (not said or re.match(_RIGHT, said)) else metric_words(said)

    def like(self, other: ScoreScale) -> bool:
        """Return whether a mean of scores of both scales means anything."""
        if self.dimension != other.dimension or self.share != other.share:
            return False
        if None not in (self.higher_is_better, other.higher_is_better) and (
            self.higher_is_better != other.higher_is_better
        ):
            return False
        # BLEU, ROUGE and their like are shares on scales of their own: a mean over two of them is none of either.
        # One that judges classes, such as mAP, is a share like accuracy.
        own = any(
            scale.own and scale.known is not None and scale.known.higher_is_better for scale in (self, other)
        )
        if self.share and not own:
            return True
        same = (
            self.known is not None and other.known is not None and self.known.name == other.known.name
        ) or (plain(self.metric) == plain(other.metric))
        return same and self.unit == other.unit


def metric_words(words: str) -> str:
    """Return the metric that words name, by its usual name; the words where they name none that is known."""
    known = metric_named(words)
    first = re.search(_FIRST_FEW, words)
    # `mean error on eight tasks` says more than that it is an error.
    if known is None or known not in METRICS:
        return words
    return f"{known.name}, {first[0].lower()}" if first else known.name


def scale_of(table: ResultTable, task: Task) -> ScoreScale:
    """Return the scale of a row's scores."""
    known = (fact.quantity for fact in task.scores.values() if fact.quantity is not None)
    scores = list(islice(known, 1))
    if (
        not scores or scores[0].unit not in PERCENT_SIGNS
    ):  # one percent sign is enough; wide tables have many scores
        scores.extend(known)
    first = task.higher_is_better
    # A row with a metric of its own does not take over the direction of the table's.
    stated = first if first is not None else None if task.metric else table.higher_is_better
    return _scale(
        task.metric or table.metric or "",
        scores,
        stated=stated,
        unit=task.unit or (None if task.metric else table.unit) or "",
    )


def table_scale(table: ResultTable) -> ScoreScale | None:
    """Return the one scale of all rows of a table; `None` where a mean over them means nothing."""
    scales = [scale_of(table, task) for task in table.tasks]
    return scales[0] if all(scales[0].like(other) for other in scales[1:]) else None


def drift_scale(sheet: SheetFields) -> ScoreScale:
    """Return the scale of the scores over time and over the strength of noise.

    The section's own metric comes first, then that of the training section's score, then that of the result tables
    where all of them have the same direction.
    """
    robustness, training = sheet.robustness, sheet.hwa_training
    facts = [
        *(point.score for point in (robustness.over_time or () if robustness is not None else ())),
        *(point.score for point in (robustness.over_noise or () if robustness is not None else ())),
    ]
    scores = [fact.quantity for fact in facts if fact.quantity is not None]
    metric, stated, unit = "", None, ""
    if robustness is not None:
        metric, stated, unit = robustness.metric or "", robustness.higher_is_better, robustness.unit or ""
    if not metric and training is not None and training.accuracy_metric is not None:
        text = training.accuracy_metric.text or ""
        metric = text if metrics_in(text) else ""
    if not metric:
        scales = [scale_of(table, task) for table in _tables(sheet) for task in table.tasks]
        if scales and len({(scale.higher_is_better, scale.share) for scale in scales}) == 1:
            metric = scales[0].metric
            stated = scales[0].higher_is_better if stated is None else stated
            unit = unit or scales[0].unit
    return _scale(metric, scores, stated=stated, unit=unit)


def training_scale(sheet: SheetFields, score: Quantity) -> ScoreScale:
    """Return the scale of a score of the training section."""
    training = sheet.hwa_training
    fact = None if training is None else training.accuracy_metric
    text = (fact.text or "") if fact is not None else ""
    if metrics_in(text):
        return _scale(text, [score], stated=None, unit="")
    words = frozenset(plain(text).split())
    if words & _WRONG:
        return _scale(text, [score], stated=False, unit="")
    return _scale(text if words & _FAILURES else "", [score], stated=None, unit="")


def _scale(metric: str, scores: Sequence[Quantity], *, stated: bool | None, unit: str) -> ScoreScale:
    known = metric_named(metric)
    dimension = next((score.dimension for score in scores if score.dimension in {"time", "length"}), "score")
    higher = stated
    if higher is None:
        higher = known.higher_is_better if known is not None else None if metric else dimension == "score"
    own = next((score.unit for score in scores if score.unit not in {"", *PERCENT_SIGNS}), "")
    share = dimension == "score" and not own and not unit and _are_shares(scores, known, named=bool(metric))
    unit = "" if share or dimension != "score" else unit or own or (known.unit if known is not None else "")
    return ScoreScale(metric, known, higher, share, unit, dimension)


def _are_shares(scores: Iterable[Quantity], known: Metric | None, *, named: bool) -> bool:
    """Return whether scores are fractions of one: written in percent, or by a metric that is a share."""
    kept = list(scores)
    if any(score.unit in PERCENT_SIGNS for score in kept):
        return True
    if known is not None and known.share is not None:
        # 27.3 BLEU is a number of points, 0.273 a share.
        return known.share and not (known.hundred and any(abs(score.value) > 1 for score in kept))
    return not named and all(abs(score.value) <= 1 for score in kept)


def _tables(sheet: SheetFields) -> Sequence[ResultTable]:
    return () if sheet.performance is None else sheet.performance.results or ()
