"""Show scores over time after programming, with their band, what is accepted and when weights are refreshed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.errors import QuantityError
from factsheet.pages.content.results import OVER_TIME
from factsheet.pages.estimates import DriftCurve, DriftScore
from factsheet.pages.figures.canvas import ANALOG, WIDTH, Axis, Canvas, FigureData, cut, polyline, ticks
from factsheet.pages.figures.diagrams import chart, series
from factsheet.pages.figures.png import PngCanvas
from factsheet.pages.model import FigureBlock
from factsheet.pages.rows import row_for
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.comparisons.score_scales import drift_scale

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        ends = [*places, *(() if curve.refresh is None else (curve.refresh[1],))]
        x = Axis(min(ends), max(ends), _LEFT + 10, WIDTH - _RIGHT, log=min(ends) > 0)
        y = Axis(marks[0], marks[-1], _BOTTOM, _TOP)
        for mark in marks:
            canvas.line(_LEFT, y(mark), WIDTH - _RIGHT, y(mark), faint=True)
            canvas.text(_LEFT - 8, y(mark) + 4, f"{mark:g}{_unit(curve)}", anchor="end")
        xs = [x(place) for place in places]
        _draw_band(canvas, curve, xs, y)
        points = [(at, y(_shown(curve, point.score))) for at, point in zip(xs, curve.points, strict=True)]
        canvas.path(polyline(points), stroke=ANALOG, width=2)
        for at in points:
            canvas.marker("circle", *at, ANALOG, size=4)
        _draw_times(canvas, curve, xs)
        _draw_limits(canvas, curve, x, y)
        return _BOTTOM + 44

    def diagrams(self, title: str) -> Iterator[str]:
        """Yield the figure as a chart for Mermaid: the scores, and the ends of their band."""
        yield "\n".join(self._lines(title))

    def _lines(self, title: str) -> Iterator[str]:
        curve = self.curve
        every = [_shown(curve, v) for p in curve.points for v in (p.score, p.low, p.high) if v is not None]
        banded = all(point.low is not None and point.high is not None for point in curve.points)
        unit = "score in %" if curve.percent else "score"
        reach = (min(every), max(every)) if min(every) < max(every) else (min(every) - 1, max(every) + 1)
        names = (point.after for point in curve.points)
        yield from chart(title, names, f"{unit}, mean and band" if banded else unit, reach)
        yield series("line", (_shown(curve, point.score) for point in curve.points))
        if banded:
            yield series("line", (_shown(curve, point.low or 0.0) for point in curve.points))
            yield series("line", (_shown(curve, point.high or 0.0) for point in curve.points))


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
    points, stated, sure = [], [], []
    scale = drift_scale(inputs.sheet)
    over_time = () if robustness is None else tuple(robustness.over_time or ())
    curves = tuple(dict.fromkeys(given.series for given in over_time))
    for index, given in enumerate(over_time):
        if given.series != curves[0]:
            continue
        after, score = _value(given.after), _value(given.score)
        if after is None or score is None:
            continue
        low, high, words = _ends(given, score)
        points.append(DriftScore(given.after.words(), after, score, low, high))
        sure += [] if words is None else [words]
        path = f"{OVER_TIME}{index}].score"
        stated.append(row_for(inputs, path, inputs.placed[path], "full").provenance.text)
    if not points:
        return None
    points.sort(key=lambda found: found.after_s)
    refresh, loss = inputs.fact("performance.refresh_interval"), inputs.fact("robustness.accepted_loss")
    interval, accepted = _point(refresh), _loss(loss, scale)
    others = f" Of {len(curves)} curves, {curves[0] or 'the unnamed one'}." if len(curves) > 1 else ""
    return DriftCurve(
        tuple(points),
        f"Scores: {'; '.join(dict.fromkeys(stated))}.{others}",
        band="; ".join(dict.fromkeys(sure)) or None,
        accepted=None if accepted is None else points[0].score - accepted,
        refresh=None if refresh is None or interval is None else (refresh.words(), interval),
        percent=scale.share,
        higher_is_better=scale.higher_is_better is not False,
    )


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
    return FigureBlock("drift", title, _drift_text(curve), DriftChart(curve), curve.provenance)


def _drift_text(curve: DriftCurve) -> str:
    stated = "; ".join(f"{score_words(curve, point)} after {point.after}" for point in curve.points)
    band = "" if curve.band is None else f" The band is {curve.band}."
    accepted = (
        ""
        if curve.accepted is None
        else (
            f" Accepted {'down' if curve.higher_is_better else 'up'} to"
            f" {_shown(curve, curve.accepted):.4g}{_unit(curve)}."
        )
    )
    refresh = "" if curve.refresh is None else f" Weights are programmed again after {curve.refresh[0]}."
    return f"Score: {stated}.{band}{accepted}{refresh}"


def score_words(curve: DriftCurve, point: DriftScore) -> str:
    """Return a score with its band: `80.1 % (79.8 to 80.4 %)`."""
    words = f"{_shown(curve, point.score):.4g}{_unit(curve)}"
    if point.low is None or point.high is None:
        return words
    return f"{words} ({_shown(curve, point.low):.4g} to {_shown(curve, point.high):.4g}{_unit(curve)})"


_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 40, 34, 280
_LEAST_APART = 44
"""Between the names of two times, in px."""
_NAMED = 240
"""Room for the name of the digital score, in px."""


def _shown(curve: DriftCurve, score: float) -> float:
    return score * 100 if curve.percent else score


def _unit(curve: DriftCurve) -> str:
    return " %" if curve.percent else ""


def _places(curve: DriftCurve) -> list[float]:
    """Return the times on a logarithmic axis; the moment of programming, which has none there, goes a little left."""
    later = [point.after_s for point in curve.points if point.after_s > 0]
    first = min(later) / 10 if later else 1.0
    return [point.after_s or first for point in curve.points]


def _score_range(curve: DriftCurve) -> tuple[float, float]:
    ends = [value for p in curve.points for value in (p.score, p.low, p.high) if value is not None]
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
    canvas.area(f"{polyline((*upper, *reversed(lower)))}Z", colour=ANALOG, opacity=0.25)
    canvas.path(polyline(upper), stroke=ANALOG, dash="3 3")
    canvas.path(polyline(lower), stroke=ANALOG, dash="3 3")
    room = WIDTH - _LEFT - (0 if curve.digital is None else _NAMED + _RIGHT + 10)
    canvas.text(_LEFT, 18, cut(f"Band: {curve.band or 'low to high'}", room), faint=True)


def _draw_times(canvas: Canvas, curve: DriftCurve, xs: list[float]) -> None:
    canvas.line(_LEFT, _BOTTOM, WIDTH - _RIGHT, _BOTTOM)
    last = float("-inf")
    for at, point in zip(xs, curve.points, strict=True):
        canvas.line(at, _BOTTOM, at, _BOTTOM + 5)
        if at - last >= _LEAST_APART:
            canvas.text(at, _BOTTOM + 18, cut(point.after, 70), anchor="middle")
            last = at
    canvas.text((_LEFT + WIDTH - _RIGHT) / 2, _BOTTOM + 36, "time after programming", anchor="middle")


def _draw_limits(canvas: Canvas, curve: DriftCurve, x: Axis, y: Axis) -> None:
    """Draw the digital score, the lowest one that is accepted, and the time of the next programming."""
    if curve.digital is not None:
        at = y(_shown(curve, curve.digital))
        canvas.line(_LEFT, at, WIDTH - _RIGHT, at, dash="2 2")
        # Above the plot: beside its line the name would cover others.
        words = f"Dotted: digital model, {_shown(curve, curve.digital):.4g}{_unit(curve)}"
        canvas.text(WIDTH - _RIGHT, 18, cut(words, _NAMED), anchor="end")
    if curve.accepted is not None:
        at = y(_shown(curve, curve.accepted))
        canvas.line(_LEFT, at, WIDTH - _RIGHT, at, dash="8 4")
        canvas.text(_LEFT + 6, at - 5, f"accepted: {_shown(curve, curve.accepted):.4g}{_unit(curve)}")
    if curve.refresh is not None:
        at = x(curve.refresh[1])
        canvas.line(at, _TOP, at, _BOTTOM, dash="2 4")
        side = "end" if at > WIDTH / 2 else "start"
        room = (at - _LEFT if side == "end" else WIDTH - at) - 10
        words = cut(f"programmed again: {curve.refresh[0]}", room)
        canvas.text(at + (-6 if side == "end" else 6), _TOP + 10, words, anchor=side)
