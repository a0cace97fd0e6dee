"""Show scores over time after programming, with their band, what is accepted and when weights are refreshed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.errors import QuantityError
from factsheet.pages.content.results import OVER_TIME
from factsheet.pages.estimates import DriftCurve, DriftScore, OtherCurve
from factsheet.pages.figures.canvas import (
    ACCENT,
    GREY,
    Axis,
    Canvas,
    FigureData,
    cut,
    polyline,
    ticks,
    width_of,
)
from factsheet.pages.figures.png import PngCanvas
from factsheet.pages.model import FigureBlock, Note
from factsheet.pages.refresh import earliest_words, exceeded_at_once, refresh_figure
from factsheet.pages.rows import row_for
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.comparisons.score_scales import drift_scale

if TYPE_CHECKING:
    from factsheet.facts.fact import Fact
    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.sheet.robustness import DriftPoint as GivenPoint

_REACH = r"± *(\S.{0,40}?) at (\d[\d.]{0,6} ?%)"
"""A note as `factsheet simulate` writes it: `± 1.17 % at 90 %`."""


@dataclass(frozen=True, slots=True)
class DriftChart(FigureData):
    """Score over time after programming."""

    curve: DriftCurve

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        curve = self.curve
        marks = ticks(*_score_range(curve))
        places = _places(curve)
        ends = [
            *places,
            *(point.after_s for other in curve.others for point in other.points if point.after_s > 0),
            *(() if curve.refresh is None else (curve.refresh[1],)),
        ]
        named = 90 if curve.others else 0
        left, right = (46, 30 + named) if canvas.narrow else (58, 60 + 1.5 * named)
        x = Axis(min(ends), max(ends), left + 22, canvas.width - right, log=min(ends) > 0)
        y = Axis(marks[0], marks[-1], _BOTTOM, _TOP)
        canvas.text(4, 14, cut(_axis_name(curve), canvas.width - 8))
        for mark in marks:
            canvas.line(left, y(mark), canvas.width - right, y(mark), faint=True)
            canvas.text(left - 8, y(mark) + 4, f"{mark:g}", anchor="end", faint=True)
        _draw_times(canvas, curve, x, left)
        _draw_limits(canvas, curve, x, y)
        xs = [x(place) for place in places]
        _draw_band(canvas, curve, xs, y)
        points = [(at, y(_shown(curve, point.score))) for at, point in zip(xs, curve.points, strict=True)]
        _draw_others(canvas, curve, x, y)
        canvas.path(polyline(points), stroke=ACCENT, width=2.5)
        for at in points:
            canvas.marker("circle", *at, ACCENT, size=4)
        _name_scores(canvas, curve, points)
        return _explain(canvas, curve)


def draw_curve(curve: DriftCurve, suffix: str, *, title: str, text: str) -> str | bytes:
    """Return scores over time as a file of its own.

    Args:
        curve: what to draw.
        suffix: `.svg`, or `.png` for what shows no SVG.
        title: what the figure shows.
        text: the same in sentences, for those who do not see it.

    Raises:
        ChartError: PNG is asked for, and matplotlib is not installed.
    """
    canvas = PngCanvas("drift") if suffix == ".png" else Canvas("drift")
    height = DriftChart(curve).draw(canvas)
    if isinstance(canvas, PngCanvas):
        return canvas.png(height, f"{title}. {text}")
    return canvas.svg(height, title, text, standalone=True) + "\n"


def curve_of(inputs: PageInputs) -> DriftCurve | None:
    """Return the points that the sheet gives; `None` where it gives none.

    A band is drawn where a score is written with its ends (`91.38 % ± 1.17 %`), or has them in its note as a
    simulation writes them. The lowest score that is accepted is the accepted loss below the first one, as in the
    check of the refresh interval.
    """
    robustness = inputs.sheet.robustness
    stated, sure = [], []
    scale = drift_scale(inputs.sheet)
    over_time = () if robustness is None else tuple(robustness.over_time or ())
    curves: dict[str | None, list[DriftScore]] = {given.series: [] for given in over_time}
    for index, given in enumerate(over_time):
        after, score = _value(given.after), _value(given.score)
        if after is None or score is None:
            continue
        low, high, words = _ends(given, score)
        curves[given.series].append(DriftScore(given.after.shown(), after, score, low, high))
        # The band is that of the first curve; more than one could not be told apart.
        sure += [words] if words is not None and given.series == over_time[0].series else []
        path = f"{OVER_TIME}{index}].score"
        stated.append(row_for(inputs, path, inputs.placed[path], "full").provenance.text)
    drawn = [
        (name or "no name", tuple(sorted(found, key=lambda point: point.after_s)))
        for name, found in curves.items()
        if found
    ]
    if not drawn:
        return None
    (name, points), *others = drawn
    refresh, loss = inputs.fact("performance.refresh_interval"), inputs.fact("robustness.accepted_loss")
    interval, accepted = _point(refresh), _loss(loss, scale)
    return DriftCurve(
        points,
        f"Scores: {'; '.join(dict.fromkeys(stated))}.",
        band="; ".join(dict.fromkeys(sure)) or None,
        accepted=None if accepted is None else points[0].score - accepted,
        digital=digital_baseline(inputs) if scale.share else None,
        refresh=None if refresh is None or interval is None else (refresh.shown(), interval),
        percent=scale.share,
        higher_is_better=scale.higher_is_better is not False,
        name=name if others else None,
        others=tuple(OtherCurve(*other) for other in others[:_MOST_OTHERS]),
    )


def digital_baseline(inputs: PageInputs) -> float | None:
    """Return the declared score of the digital model, where it is of the kind that is given over time."""
    robustness, training = inputs.sheet.robustness, inputs.sheet.hwa_training
    if robustness is None or training is None or robustness.metric is not None or robustness.unit is not None:
        return None
    score = _point(training.baseline_accuracy)
    return score if score is not None and 0 <= score <= 1 else None


def _ends(given: GivenPoint, score: float) -> tuple[float | None, float | None, str | None]:
    """Return the ends of the band at one time, and what it is."""
    quantity = given.score.quantity
    if quantity is not None and quantity.kind == "range":
        return quantity.low, quantity.high, "the ends that the sheet gives with each score"
    found = re.fullmatch(_REACH, " ".join((given.note or "").split()))
    if found is None:
        return None, None, None
    try:
        reach = parse_quantity(found[1], "score_difference").value
    except QuantityError:
        return None, None, None
    return score - reach, score + reach, f"the interval of the mean at {found[2]} confidence"


def _point(fact: Fact | None) -> float | None:
    quantity = None if fact is None else fact.quantity
    return None if quantity is None or quantity.kind != "point" else quantity.value


def _loss(fact: Fact | None, scale: ScoreScale) -> float | None:
    """Return what a loss takes from the score: less than nothing where lower is better."""
    quantity = None if fact is None else fact.quantity
    if quantity is None or quantity.kind != "point":
        return None
    size = abs(scale.own_points(quantity).value)
    return -size if scale.higher_is_better is False else size


def _value(fact: Fact) -> float | None:
    """Return a number; of two ends the middle."""
    quantity = fact.quantity
    if quantity is None or quantity.kind == "bound":
        return None
    return quantity.value if quantity.kind == "point" else (quantity.low + quantity.high) / 2


def drift_figure(inputs: PageInputs) -> FigureBlock:
    """Return the score over time after programming, given or estimated; the reason where there is none."""
    curve = inputs.estimates.drift or curve_of(inputs)
    title = "Score over time after programming"
    if curve is None or not curve.points:
        reason = (
            "No data: the sheet gives no scores over time after programming, and none were simulated from it."
        )
        return FigureBlock("drift", title, reason, None)
    refresh = None if curve.refresh is None else refresh_figure(inputs)
    bound, lost = (earliest_words(inputs), exceeded_at_once(inputs)) if refresh is not None else (None, None)
    said = (
        *(() if bound is None else (f"At the earliest {bound}.",)),
        *(() if lost is None else (lost,)),
        *(() if refresh is None else (c.text for c in refresh.caveats if c.kind == "reading")),
    )
    notes = tuple(Note("Programming again", text) for text in said)
    return FigureBlock("drift", title, _drift_text(curve), DriftChart(curve), curve.provenance, notes)


def _drift_text(curve: DriftCurve) -> str:
    stated = "; ".join(f"{score_words(curve, point)} after {point.after}" for point in curve.points)
    band = "" if curve.band is None else f" The band is {curve.band}."
    accepted = (
        ""
        if curve.accepted is None
        else (
            f" Scores {'down' if curve.higher_is_better else 'up'} to"
            f" {_shown(curve, curve.accepted):.4g}{_unit(curve)} are accepted."
        )
    )
    digital = (
        ""
        if curve.digital is None
        else f" The digital model scores {_shown(curve, curve.digital):.4g}{_unit(curve)}."
    )
    refresh = "" if curve.refresh is None else f" Weights are programmed again after {curve.refresh[0]}."
    others = "".join(
        f" {other.name}: "
        + "; ".join(f"{score_words(curve, point)} after {point.after}" for point in other.points)
        + "."
        for other in curve.others
    )
    head = "Score" if curve.name is None else f"Score, {curve.name}"
    return f"{head}: {stated}.{others}{band}{digital}{accepted}{refresh}"


def score_words(curve: DriftCurve, point: DriftScore) -> str:
    """Return a score with its band: `80.1 % (79.8 to 80.4 %)`."""
    words = f"{_shown(curve, point.score):.4g}{_unit(curve)}"
    if point.low is None or point.high is None:
        return words
    return f"{words} ({_shown(curve, point.low):.4g} to {_shown(curve, point.high):.4g}{_unit(curve)})"


_TOP, _BOTTOM = 44, 300
_MOST_OTHERS = 6
"""More curves than these cannot be told apart."""
_APART = 52
"""Least distance between the names of two times, or two scores, in px."""
_TIMES = (
    ("1 s", 1.0),
    ("10 s", 10.0),
    ("1 min", 60.0),
    ("10 min", 600.0),
    ("1 h", 3600.0),
    ("8 h", 28_800.0),
    ("1 day", 86_400.0),
    ("1 week", 604_800.0),
    ("1 month", 2_629_800.0),
    ("1 year", 31_557_600.0),
    ("10 years", 315_576_000.0),
)
"""Times that people know, in s, a mean month and year: the axis has them where they are."""


def _axis_name(curve: DriftCurve) -> str:
    better = "higher" if curve.higher_is_better else "lower"
    return f"{'score in %' if curve.percent else 'score'}; {better} is better"


def _shown(curve: DriftCurve, score: float) -> float:
    return score * 100 if curve.percent else score


def _unit(curve: DriftCurve) -> str:
    return " %" if curve.percent else ""


def _places(curve: DriftCurve) -> list[float]:
    """Return the times on a logarithmic axis; the moment of programming, which has none there, goes a little left."""
    later = [point.after_s for point in _all_points(curve) if point.after_s > 0]
    first = min(later) / 10 if later else 1.0
    return [point.after_s or first for point in curve.points]


def _all_points(curve: DriftCurve) -> list[DriftScore]:
    return [*curve.points, *(point for other in curve.others for point in other.points)]


def _score_range(curve: DriftCurve) -> tuple[float, float]:
    ends = [value for p in curve.points for value in (p.score, p.low, p.high) if value is not None]
    ends += [point.score for other in curve.others for point in other.points]
    ends += [value for value in (curve.accepted, curve.digital) if value is not None]
    return _shown(curve, min(ends)), _shown(curve, max(ends))


def _draw_band(canvas: Canvas, curve: DriftCurve, xs: list[float], y: Axis) -> None:
    banded = [
        (at, p.low, p.high)
        for at, p in zip(xs, curve.points, strict=True)
        if p.low is not None and p.high is not None
    ]
    if not banded:
        return
    upper = [(at, y(_shown(curve, high))) for at, _, high in banded]
    lower = [(at, y(_shown(curve, low))) for at, low, _ in banded]
    canvas.area(f"{polyline((*upper, *reversed(lower)))}Z", colour=ACCENT, opacity=0.22)


def _draw_others(canvas: Canvas, curve: DriftCurve, x: Axis, y: Axis) -> None:
    """Draw the other curves in grey, and write every curve's name at its end."""
    if not curve.others:
        return
    ends = [(y(_shown(curve, curve.points[-1].score)), curve.name or "", True)]
    for other in curve.others:
        points = [(x(point.after_s or x.low), y(_shown(curve, point.score))) for point in other.points]
        canvas.path(polyline(points), stroke=GREY, width=1.5)
        for at in points:
            canvas.marker("circle", *at, GREY, size=2.5)
        ends.append((points[-1][1], other.name, False))
    places: list[float] = []
    for height, _, _ in sorted(ends):
        places.append(max(height + 4, places[-1] + _LINE) if places else height + 4)
    over = max(0.0, places[-1] - _BOTTOM)
    for place, (_, name, own) in zip(places, sorted(ends), strict=True):
        words = cut(name, canvas.width - x.end - 24, 12)
        canvas.text(x.end + 22, place - over, words, size=12, bold=own)


def _name_scores(canvas: Canvas, curve: DriftCurve, points: list[tuple[float, float]]) -> None:
    """Write scores beside their points, as many as fit: the first and the last, and those between."""
    last, final = float("-inf"), points[-1][0]
    for place, ((at, height), point) in enumerate(zip(points, curve.points, strict=True)):
        if at - last < _APART or (place < len(points) - 1 and final - at < _APART):
            continue
        words = f"{_shown(curve, point.score):.4g}"
        room = width_of(words) / 2
        x = min(max(at, room + 2), canvas.width - room - 2)
        canvas.text(x, height - 10, words, anchor="middle", bold=True)
        last = at


def _draw_times(canvas: Canvas, curve: DriftCurve, x: Axis, left: float) -> None:
    canvas.line(left, _BOTTOM, x.end, _BOTTOM)
    known = [(name, at) for name, at in _TIMES if x.low <= at <= x.high and x.log]
    if curve.points[0].after_s <= 0:
        known.insert(0, (curve.points[0].after, x.low))
    if len(known) < 2:  # noqa: PLR2004  an axis of one time says nothing
        known = [(point.after, place) for point, place in zip(curve.points, _places(curve), strict=True)]
    last = float("-inf")
    for name, at in known:
        words = cut(name, 90)
        place = x(at)
        canvas.line(place, _BOTTOM, place, _BOTTOM + 5)
        room = width_of(words) / 2
        if place - room - last >= _ROOM and place + room <= canvas.width:
            canvas.text(place, _BOTTOM + 19, words, anchor="middle", faint=True)
            last = place + room
    canvas.text(left, _BOTTOM + 38, "time after programming (log scale)")


_ROOM = 8
"""Between two names on an axis, in px."""


def _draw_limits(canvas: Canvas, curve: DriftCurve, x: Axis, y: Axis) -> None:
    """Draw the digital score, the worst one that is accepted, and the time of the next programming."""
    if curve.digital is not None:
        at = y(_shown(curve, curve.digital))
        canvas.path(polyline(((x.start, at), (x.end, at))), stroke=GREY, width=1.5)
        words = f"digital model: {_shown(curve, curve.digital):.4g}{_unit(curve)}"
        canvas.text(x.end, at + (-6 if at - _TOP > _LINE else 15), cut(words, x.end - x.start), anchor="end")
    if curve.accepted is not None:
        at = y(_shown(curve, curve.accepted))
        canvas.path(polyline(((x.start, at), (x.end, at))), stroke=GREY, width=1.5, dash="6 4")
    if curve.refresh is not None:
        at = x(curve.refresh[1])
        canvas.line(at, _TOP, at, _BOTTOM, dash="2 4")
        side = "end" if at > canvas.width / 2 else "start"
        room = (at if side == "end" else canvas.width - at) - 6
        # Above the plot, where no curve and no name of one can be.
        canvas.text(at, _TOP - 8, cut(f"refreshed after {curve.refresh[0]}", room, 12), anchor=side, size=12)


_LINE = 14


def _explain(canvas: Canvas, curve: DriftCurve) -> float:
    """Write below the plot what its band and its broken line are; return the height of the figure."""
    y = _BOTTOM + 60.0
    if curve.band is not None or any(point.low is not None for point in curve.points):
        canvas.box(4, y - 11, 22, 12, colour=ACCENT, opacity=0.22, outlined=False)
        y = canvas.note(32, y, f"Band: {curve.band or 'from the low to the high score'}.")
    if curve.accepted is not None:
        canvas.path(polyline(((4, y - 4), (26, y - 4))), stroke=GREY, width=1.5, dash="6 4")
        worst = "Lowest" if curve.higher_is_better else "Highest"
        accepted = f"{_shown(curve, curve.accepted):.4g}{_unit(curve)}"
        y = canvas.note(
            32, y, f"{worst} score that is accepted, {accepted}: the accepted loss from the first score."
        )
    return y - 8
