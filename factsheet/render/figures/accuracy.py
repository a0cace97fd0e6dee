"""Draws scores by task: a filled circle for the analog system, a hollow square for the digital one, the gap beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.render.figures.canvas import ANALOG, DIGITAL, WIDTH, Canvas, cut, width_of
from factsheet.render.figures.scales import Scale, ticks

if TYPE_CHECKING:
    from factsheet.views.figures.data import AccuracyChart, AccuracyRow

_LEFT, _RIGHT = 150, 90
_TOP, _ROW = 52, 24
_ROOM = 6
"""Between a marker's middle and the line that leads to it."""


def draw_accuracy(canvas: Canvas, data: AccuracyChart) -> float:
    """Draw it; returns the height."""
    scores = [score for row in data.rows for score in (row.analog, row.digital) if score is not None]
    marks = ticks(min(scores), max(scores))
    scale = Scale(marks[0], marks[-1], _LEFT, WIDTH - _RIGHT)
    bottom = _TOP + _ROW * len(data.rows)
    _legend(canvas, data)
    for mark in marks:
        canvas.line(scale(mark), _TOP - 6, scale(mark), bottom, faint=True)
        canvas.text(scale(mark), bottom + 16, f"{mark:g}", anchor="middle")
    canvas.text((_LEFT + WIDTH - _RIGHT) / 2, bottom + 32, "score in %", anchor="middle")
    canvas.text(WIDTH - 4, _TOP - 12, "gap (points)", anchor="end")
    for place, row in enumerate(data.rows):
        _row(canvas, row, scale, _TOP + _ROW * (place + 0.5))
    if not data.left_out:
        return bottom + 42
    canvas.text(4, bottom + 50, f"{data.left_out} tasks with smaller gaps are left out.", faint=True)
    return bottom + 60


def _legend(canvas: Canvas, data: AccuracyChart) -> None:
    canvas.marker("circle", 12, 14, ANALOG)
    name = cut(_named(data.analog, "analog"), 270)
    canvas.text(24, 18, name)
    start = max(24 + width_of(name) + 24, 220)
    canvas.marker("square", start, 14, DIGITAL, size=4.5, hollow=True)
    canvas.text(start + 12, 18, cut(_named(data.digital, "digital"), WIDTH - start - 20))


def _named(name: str, kind: str) -> str:
    """A system's name with its kind, where the name does not say it."""
    return name if kind in name.casefold() else f"{name} ({kind})"


def _row(canvas: Canvas, row: AccuracyRow, scale: Scale, y: float) -> None:
    canvas.text(_LEFT - 12, y + 4, cut(row.task, _LEFT - 20), anchor="end")
    canvas.line(_LEFT, y, WIDTH - _RIGHT, y, dash="1 4", faint=True)
    if row.analog is not None and row.digital is not None:
        ends = sorted((scale(row.analog), scale(row.digital)))
        if ends[1] - ends[0] > 2 * _ROOM:
            canvas.line(ends[0] + _ROOM, y, ends[1] - _ROOM, y, width=2)
    if row.digital is not None:
        canvas.marker("square", scale(row.digital), y, DIGITAL, size=4.5, hollow=True)
    if row.analog is not None:
        canvas.marker("circle", scale(row.analog), y, ANALOG)
    canvas.text(WIDTH - 4, y + 4, "–" if row.gap is None else row.gap, anchor="end")
