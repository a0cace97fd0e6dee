"""Draws the score over time after programming, with its band, what is accepted, and when weights are refreshed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.render.figures.canvas import ANALOG, WIDTH, Canvas, cut, polyline
from factsheet.render.figures.scales import Scale, ticks

if TYPE_CHECKING:
    from factsheet.views.estimates import DriftCurve
    from factsheet.views.figures.data import DriftChart

_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 40, 34, 280
_LEAST_APART = 44
"""Between the names of two times, in px."""


def draw_drift(canvas: Canvas, data: DriftChart) -> float:
    """Draw it; returns the height."""
    curve = data.curve
    marks = ticks(*_reach(curve))
    times = [point.after_s for point in curve.points]
    log = min(times) > 0
    ends = [*times, *(() if curve.refresh is None else (curve.refresh[1],))]
    x = Scale(min(ends), max(ends), _LEFT + 10, WIDTH - _RIGHT, log=log)
    y = Scale(marks[0], marks[-1], _BOTTOM, _TOP)
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


def _reach(curve: DriftCurve) -> tuple[float, float]:
    ends = [value for p in curve.points for value in (p.score, p.low, p.high) if value is not None]
    ends += [] if curve.accepted is None else [curve.accepted]
    return min(ends) * 100, max(ends) * 100


def _band(canvas: Canvas, curve: DriftCurve, x: Scale, y: Scale) -> None:
    banded = [(p, p.low, p.high) for p in curve.points if p.low is not None and p.high is not None]
    if not banded:
        return
    upper = [(x(point.after_s), y(high * 100)) for point, _, high in banded]
    lower = [(x(point.after_s), y(low * 100)) for point, low, _ in banded]
    canvas.area(f"{polyline((*upper, *reversed(lower)))}Z", colour=ANALOG, opacity=0.25)
    canvas.path(polyline(upper), stroke=ANALOG, dash="3 3")
    canvas.path(polyline(lower), stroke=ANALOG, dash="3 3")
    canvas.text(_LEFT, 18, cut(f"Band: {curve.band or 'low to high'}", WIDTH - _LEFT), faint=True)


def _times(canvas: Canvas, curve: DriftCurve, x: Scale) -> None:
    canvas.line(_LEFT, _BOTTOM, WIDTH - _RIGHT, _BOTTOM)
    last = float("-inf")
    for point in curve.points:
        at = x(point.after_s)
        canvas.line(at, _BOTTOM, at, _BOTTOM + 5)
        if at - last >= _LEAST_APART:
            canvas.text(at, _BOTTOM + 18, cut(point.after, 70), anchor="middle")
            last = at
    canvas.text((_LEFT + WIDTH - _RIGHT) / 2, _BOTTOM + 36, "time after programming", anchor="middle")


def _lines(canvas: Canvas, curve: DriftCurve, x: Scale, y: Scale) -> None:
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
