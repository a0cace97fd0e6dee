"""Draws wholes and their parts: bars of one length, each part with a pattern of its own and its figure beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.render.figures.canvas import ANALOG, DIGITAL, PATTERNS, WIDTH, Canvas, cut

if TYPE_CHECKING:
    from factsheet.views.figures.data import SplitBar, SplitChart

_LEFT, _BAR = 4, 22
_LENGTH = WIDTH - 2 * _LEFT
_LINE = 18


def draw_split(canvas: Canvas, data: SplitChart) -> float:
    """Draw it; returns the height."""
    y: float = 4
    for bar in data.bars:
        y = _bar(canvas, bar, y)
    return y


def _bar(canvas: Canvas, bar: SplitBar, top: float) -> float:
    """One whole; returns where the next begins."""
    canvas.text(_LEFT, top + 14, cut(f"{bar.label}: {bar.total}", _LENGTH), bold=True)
    total = sum(part.value for part in bar.parts) or 1.0
    x: float = _LEFT
    for place, part in enumerate(bar.parts):
        length = part.value / total * _LENGTH
        if length > 0:
            canvas.box(x, top + 22, length, _BAR, colour=_colour(place), pattern=_pattern(place))
        x += length
    y = top + 22 + _BAR + 8
    for place, part in enumerate(bar.parts):
        canvas.box(_LEFT, y, 12, 12, colour=_colour(place), pattern=_pattern(place))
        canvas.text(_LEFT + 20, y + 10, cut(f"{part.label}: {part.text}", _LENGTH - 24))
        y += _LINE
    return y + 10


def _colour(place: int) -> str:
    return DIGITAL if place % 2 else ANALOG


def _pattern(place: int) -> str:
    return PATTERNS[place % len(PATTERNS)]
