"""A score gets better over time, or its time is out of order, and nothing says why.

What it does: compares each score in `robustness.over_time` with the best one before it on the same curve, by the
direction of the metric. Reports one that is better by more than a point, or by more than a twentieth for scores that
are no shares, and more than the ± that goes with it. It is silent where the point has a note in words, or where the
section or the limitations speak of an improvement, a recalibration or a new programming. Also reports a time that is
out of order on the only curve of the sheet.

Why it matters: conductances drift, and scores with them. A score that rises was mistyped, or belongs to another time.

Fails:
    robustness:
      over_time: [{after: 1 h, score: 80.6 %}, {after: 1 week, score: 97.1 %}]

Passes:
    robustness:
      over_time: [{after: 1 h, score: 80.6 %}, {after: 1 week, score: 79.1 %}]

How to fix: correct the score or its time; if it did rise, say in the point's `note` what was done.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.comparisons.drift_curves import curves_of
from factsheet.recompute.comparisons.score_scales import drift_scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.comparisons.drift_curves import TimedScore
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.sheet.model import SheetFields

_FEW = 2
_POINT, _TWENTIETH, _ALL = 0.01, 0.05, 2.0
_EXPLAINED = (
    r"(?i)\b(?:improv\w*|ris(?:e|es|ing)|recover\w*|increas\w*|gains?|goes up|re-?calibrat\w*|re-?program\w*|anneal\w*"
    r"|re-?train\w*|better)\b"
)


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    yield from _order(sheet)
    if sheet.robustness is None or re.search(_EXPLAINED, _words(sheet)):
        return
    scale = drift_scale(sheet)
    if scale.higher_is_better is None:
        return
    for curve in curves_of(sheet.robustness):
        for place, point in enumerate(curve):
            before = curve[:place]
            if not before or re.search(r"[^\W\d_]{3}", point.note):
                continue
            best = (max if scale.higher_is_better else min)(before, key=lambda one: one.score.value)
            if _risen(best, point, scale):
                yield Finding(
                    point.path,
                    f"{point.score.text} after {point.after.text} is better than {best.score.text} after "
                    f"{best.after.text}",
                    "correct the score or the time, or say in the point's `note` what made it better",
                    related=((best.path, f"{best.score.text} after {best.after.text}"),),
                )


def _order(sheet: SheetFields) -> Iterator[Finding]:
    """Report a time that is out of order on the only curve of a sheet."""
    points = (sheet.robustness.over_time or ()) if sheet.robustness is not None else ()
    times = [point.after.quantity for point in points]
    values = [time.value for time in times if time is not None]
    if any(point.series for point in points) or len(set(values)) < len(points):
        return
    falls = [place for place in range(1, len(values)) if values[place] < values[place - 1]]
    if len(falls) != 1 or len(values) <= _FEW:
        return
    place = falls[0]
    scores = [points[one].score.quantity for one in (place - 1, place)]
    first, second = (score.value if score is not None else 0.0 for score in scores)
    if drift_scale(sheet).better(second - first):
        return  # in the order of the list the score would rise: it is the list that is not in order
    before, after = (points[one].after.words() for one in (place - 1, place))
    yield Finding(
        ("robustness", "over_time", place, "after"),
        f"{after} is listed behind {before}",
        "correct the time, or put the points in the order of time",
        related=((("robustness", "over_time", place - 1, "after"), f"{before} is before it"),),
    )


def _risen(best: TimedScore, point: TimedScore, scale: ScoreScale) -> bool:
    if scale.share and max(abs(best.score.value), abs(point.score.value)) > _ALL:
        return False  # FS217 reports what lost its percent sign
    gain = -scale.loss(best.score.meant, point.score.meant).high
    least = _POINT if scale.share else _TWENTIETH * abs(best.score.value)
    return gain > max(least, best.spread + point.spread)


def _words(sheet: SheetFields) -> str:
    robustness, limitations = sheet.robustness, sheet.limitations
    facts = [
        *((robustness.summary, robustness.drift) if robustness is not None else ()),
        *(
            (limitations.known, limitations.challenges, limitations.summary)
            if limitations is not None
            else ()
        ),
    ]
    said = [fact.text or " ".join(fact.items) for fact in facts if fact is not None]
    return "\n".join([*said, (robustness.notes or "") if robustness is not None else ""])


RULE = Rule(
    "FS242",
    "score-rises-over-time",
    "warning",
    "conductances drift, and scores with them; a score that rises was mistyped or belongs to another time",
    _check,
)
