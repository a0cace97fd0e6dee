"""Draws every tile of the network as a square that is filled as far as its cells hold weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.render.figures.canvas import ANALOG, WIDTH, Canvas, cut, squares

if TYPE_CHECKING:
    from factsheet.views.figures.data import FloorPlan, FloorStrip

_LEFT, _TOP = 150, 56
_PITCH, _SIDE = 12, 10
_PER_LINE = (WIDTH - _LEFT - 4) // _PITCH


def draw_floor(canvas: Canvas, data: FloorPlan) -> float:
    """Draw it; returns the height."""
    canvas.text(4, 18, f"{data.tiles:,} tiles, {data.utilisation * 100:.3g} % of their cells used", bold=True)
    each = "A square is one tile" if data.each == 1 else f"A square stands for {data.each} tiles"
    canvas.text(4, 36, f"{each}, filled as far as its rows and columns hold weights.", faint=True)
    y: float = _TOP
    for strip in data.strips:
        y = _strip(canvas, strip, y)
    return y + 6


def _strip(canvas: Canvas, strip: FloorStrip, top: float) -> float:
    """One block; returns where the next begins."""
    times = f" (× {strip.times})" if strip.times > 1 else ""
    canvas.text(_LEFT - 8, top + 9, cut(strip.label, _LEFT - 16 - 7 * len(times)) + times, anchor="end")
    outlines, used = [], []
    for place, tile in enumerate(strip.tiles):
        x, y = _LEFT + place % _PER_LINE * _PITCH, top + place // _PER_LINE * _PITCH
        outlines.append((x, y, _SIDE, _SIDE))
        used.append((x, y, _SIDE * tile.cols, _SIDE * tile.rows))
    canvas.area(squares(used), colour=ANALOG)
    canvas.path(squares(outlines), width=0.75)
    return top + -(-len(strip.tiles) // _PER_LINE) * _PITCH + 4
