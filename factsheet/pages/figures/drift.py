"""Show scores over time after programming, with their band.

The loss that is accepted and when weights are refreshed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.errors import QuantityError
from factsheet.pages.content.results import OVER_TIME
from factsheet.pages.estimates import DriftCurve, DriftScore
from factsheet.pages.figures.canvas import ANALOG, WIDTH, Axis, Canvas, FigureData, cut, polyline, ticks
from factsheet.pages.figures.diagrams import chart, series
from factsheet.pages.model import FigureBlock
from factsheet.pages.rows import row_for
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.facts.fact import Fact
    from factsheet.pages.inputs import PageInputs
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
        marks = ticks(*_reach(curve))
        times = [point.after_s for point in curve.points]
        log = min(times) > 0
        ends = [*times, *(() if curve.refresh is None else (curve.refresh[1],))]
        x = Axis(min(ends), max(ends), _LEFT + 10, WIDTH - _RIGHT, log=log)
        y = Axis(marks[0], marks[-1], _BOTTOM, _TOP)
        for mark in marks:
            canvas.line(_LEFT, y(mark), WIDTH - _RIGHT, y(mark), faint=True)
            canvas.text(_LEFT - 8, y(mark) + 4, f"{mark:g} %", anchor="end")
        _band(canvas, curve, x, y)
        points = [(x(point.after_s), y(point.score * 100)) for point in curve.points]
        canvas.path(polyline(points), stroke=ANALOG, width=2)
        for at in points:
            canvas.marker("circle", *at, ANALOG, size=4)
        _times(canvas, curve, x)
        _lines(canvas, curve, x, y)
        return _BOTTOM + 44

    def diagrams(self, title: str) -> Iterator[str]:
        """Yield the figure as diagrams for Mermaid."""
        yield "\n".join(self._lines(title))

    def _lines(self, title: str) -> Iterator[str]:
        points = self.curve.points
        every = [v * 100 for p in points for v in (p.score, p.low, p.high) if v is not None]
        banded = all(point.low is not None and point.high is not None for point in points)
        unit = "score in %, mean and band" if banded else "score in %"
        reach = (min(every), max(every)) if min(every) < max(every) else (min(every) - 1, max(every) + 1)
        yield from chart(title, (point.after for point in points), unit, reach)
        yield series("line", (point.score * 100 for point in points))
        if banded:
            yield series("line", ((point.low or 0.0) * 100 for point in points))
            yield series("line", ((point.high or 0.0) * 100 for point in points))


def curve_of(material: PageInputs) -> DriftCurve | None:
    """The points that the sheet gives; `None` where it gives none.

    A band is drawn where a score is written with its ends (`91.38 % ± 1.17 %`), or has them in its note as a
    simulation writes them. The lowest score that is accepted lies the accepted loss below the first one, as the check
    of the refresh interval has it.
    """
    robustness = material.sheet.robustness
    points, told, sure = [], [], []
    for index, given in enumerate(() if robustness is None else robustness.over_time or ()):
        after, score = _value(given.after), _value(given.score)
        if after is None or score is None:
            continue
        low, high, words = _ends(given, score)
        points.append(DriftScore(given.after.words(), after, score, low, high))
        sure += [] if words is None else [words]
        path = f"{OVER_TIME}{index}].score"
        told.append(row_for(material, path, material.placed[path], "full").standing.text)
    if not points:
        return None
    points.sort(key=lambda found: found.after_s)
    refresh, loss = material.fact("performance.refresh_interval"), material.fact("robustness.accepted_loss")
    interval, accepted = _point(refresh), _point(loss)
    return DriftCurve(
        tuple(points),
        f"Scores: {'; '.join(dict.fromkeys(told))}.",
        band="; ".join(dict.fromkeys(sure)) or None,
        accepted=None if accepted is None else points[0].score - accepted,
        refresh=None if refresh is None or interval is None else (refresh.words(), interval),
    )


def _ends(given: GivenPoint, score: float) -> tuple[float | None, float | None, str | None]:
    """The ends of the band at one time, and what it is."""
    quantity = given.score.quantity
    if quantity is not None and quantity.kind == "range":
        return quantity.low, quantity.high, "the ends that the sheet gives with each score"
    found = re.fullmatch(_REACH, " ".join((given.note or "").split()))
    if found is None:
        return None, None, None
    try:
        reach = parse_quantity(found[1], "score").value
    except QuantityError:
        return None, None, None
    return score - reach, score + reach, f"where the mean lies at {found[2]} confidence"


def _point(fact: Fact | None) -> float | None:
    quantity = None if fact is None else fact.quantity
    return None if quantity is None or quantity.kind != "point" else quantity.value


def _value(fact: Fact) -> float | None:
    """A number; of two ends the middle."""
    quantity = fact.quantity
    if quantity is None or quantity.kind == "bound":
        return None
    return quantity.value if quantity.kind == "point" else (quantity.low + quantity.high) / 2


def drift_figure(material: PageInputs) -> FigureBlock:
    """Score over time after programming, the sheet's own or an estimated one; the reason where there is none."""
    curve = material.estimates.drift or curve_of(material)
    title = "Score over time after programming"
    if curve is None or not curve.points:
        reason = (
            "No data: the sheet gives no scores over time after programming, and none were simulated from it."
        )
        return FigureBlock("drift", title, reason, None)
    return FigureBlock("drift", title, _drift_text(curve), DriftChart(curve), curve.standing)


def _drift_text(curve: DriftCurve) -> str:
    told = "; ".join(f"{score_words(point)} after {point.after}" for point in curve.points)
    band = "" if curve.band is None else f" The band is {curve.band}."
    accepted = "" if curve.accepted is None else f" Accepted down to {curve.accepted * 100:.4g} %."
    refresh = "" if curve.refresh is None else f" Weights are programmed again after {curve.refresh[0]}."
    return f"Score: {told}.{band}{accepted}{refresh}"


def score_words(point: DriftScore) -> str:
    """A score with its band: `80.1 % (79.8 to 80.4 %)`."""
    words = f"{point.score * 100:.4g} %"
    if point.low is None or point.high is None:
        return words
    return f"{words} ({point.low * 100:.4g} to {point.high * 100:.4g} %)"


_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 40, 34, 280
_LEAST_APART = 44
"""Between the names of two times, in px."""


def _reach(curve: DriftCurve) -> tuple[float, float]:
    ends = [value for p in curve.points for value in (p.score, p.low, p.high) if value is not None]
    ends += [] if curve.accepted is None else [curve.accepted]
    return min(ends) * 100, max(ends) * 100


def _band(canvas: Canvas, curve: DriftCurve, x: Axis, y: Axis) -> None:
    banded = [(p, p.low, p.high) for p in curve.points if p.low is not None and p.high is not None]
    if not banded:
        return
    upper = [(x(point.after_s), y(high * 100)) for point, _, high in banded]
    lower = [(x(point.after_s), y(low * 100)) for point, low, _ in banded]
    canvas.area(f"{polyline((*upper, *reversed(lower)))}Z", colour=ANALOG, opacity=0.25)
    canvas.path(polyline(upper), stroke=ANALOG, dash="3 3")
    canvas.path(polyline(lower), stroke=ANALOG, dash="3 3")
    canvas.text(_LEFT, 18, cut(f"Band: {curve.band or 'low to high'}", WIDTH - _LEFT), faint=True)


def _times(canvas: Canvas, curve: DriftCurve, x: Axis) -> None:
    canvas.line(_LEFT, _BOTTOM, WIDTH - _RIGHT, _BOTTOM)
    last = float("-inf")
    for point in curve.points:
        at = x(point.after_s)
        canvas.line(at, _BOTTOM, at, _BOTTOM + 5)
        if at - last >= _LEAST_APART:
            canvas.text(at, _BOTTOM + 18, cut(point.after, 70), anchor="middle")
            last = at
    canvas.text((_LEFT + WIDTH - _RIGHT) / 2, _BOTTOM + 36, "time after programming", anchor="middle")


def _lines(canvas: Canvas, curve: DriftCurve, x: Axis, y: Axis) -> None:
    if curve.accepted is not None:
        at = y(curve.accepted * 100)
        canvas.line(_LEFT, at, WIDTH - _RIGHT, at, dash="8 4")
        canvas.text(_LEFT + 6, at - 5, f"accepted: {curve.accepted * 100:.4g} %")
    if curve.refresh is not None:
        at = x(curve.refresh[1])
        canvas.line(at, _TOP, at, _BOTTOM, dash="2 4")
        side = "end" if at > WIDTH / 2 else "start"
        room = (at - _LEFT if side == "end" else WIDTH - at) - 10
        words = cut(f"programmed again: {curve.refresh[0]}", room)
        canvas.text(at + (-6 if side == "end" else 6), _TOP + 10, words, anchor=side)
