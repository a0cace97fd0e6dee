"""Draws a layer on a crossbar: inputs on its rows, pairs of conductances at the crossings, outputs on its columns.

The idea is that of Figure 1 of the FactSheet study; the drawing is our own, and beside it stands how many tiles the
layer is cut into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.render.figures.canvas import ANALOG, DIGITAL, WIDTH, Canvas, cut, squares

if TYPE_CHECKING:
    from factsheet.views.figures.data import CrossbarDrawing

_HEIGHT = 352
_LEFT, _TOP, _PITCH = 96, 66, 52
_PLAN_LEFT, _PLAN = 400, 200
_PAIR = 2
_LONGEST = 6
"""Characters of a name that fit between two columns."""


def draw_crossbar(canvas: Canvas, data: CrossbarDrawing) -> float:
    """Draw it; returns the height."""
    _array(canvas, data)
    _plan(canvas, data)
    return _HEIGHT


def _array(canvas: Canvas, data: CrossbarDrawing) -> None:
    rows, cols = _names("x", data.inputs), _names("y", data.outputs)
    right, bottom = _LEFT + _PITCH * len(cols), _TOP + _PITCH * len(rows)
    canvas.text(4, 18, "One crossing, one weight", bold=True)
    size = f"{data.inputs:,} inputs on the rows, {data.outputs:,} outputs on the columns"
    canvas.text(4, 36, cut(size, _PLAN_LEFT - 16), faint=True)
    for place, name in enumerate(rows):
        y = _TOP + _PITCH * (place + 0.5)
        canvas.text(_LEFT - 52, y + 4, name, anchor="end")
        if name != "⋮":
            canvas.arrow(_LEFT - 46, y, _LEFT - 18, y)
            canvas.line(_LEFT - 18, y, right, y)
    for place, name in enumerate(cols):
        x = _LEFT + _PITCH * (place + 0.5)
        canvas.text(x, bottom + 42, "…" if name == "⋮" else name, anchor="middle")
        if name != "⋮":
            canvas.line(x, _TOP, x, bottom)
            canvas.arrow(x, bottom, x, bottom + 26)
    for down, row in enumerate(rows):
        for across, col in enumerate(cols):
            if "⋮" not in {row, col}:
                _crossing(canvas, _LEFT + _PITCH * (across + 0.5), _TOP + _PITCH * (down + 0.5), data.devices)
    sign = "G⁺ and G⁻: a pair holds one weight" if data.devices == _PAIR else "G: what holds one weight"
    canvas.text(4, _HEIGHT - 8, f"{sign}; the currents of a column add up", faint=True)


def _names(letter: str, count: int) -> tuple[str, ...]:
    if count <= 4:  # noqa: PLR2004  as many as are drawn
        return tuple(f"{letter}{place}" for place in range(1, count + 1))
    last = f"{letter}{count}"
    return (f"{letter}1", f"{letter}2", "⋮", last if len(last) <= _LONGEST else f"{letter}n")


def _crossing(canvas: Canvas, x: float, y: float, devices: int | None) -> None:
    if devices != _PAIR:
        canvas.box(x + 5, y - 19, 14, 14, colour=ANALOG)
        return
    canvas.box(x + 4, y - 19, 11, 14, colour=ANALOG)
    canvas.box(x + 17, y - 19, 11, 14, colour=DIGITAL, pattern="rising")


def _plan(canvas: Canvas, data: CrossbarDrawing) -> None:
    """The layer's tiles, each filled as far as it is used."""
    count = data.down * data.across
    room = WIDTH - _PLAN_LEFT - 4
    tiles = "1 tile" if count == 1 else f"{data.down} × {data.across} = {count:,} tiles"
    canvas.text(_PLAN_LEFT, 18, cut(tiles, room), bold=True)
    canvas.text(_PLAN_LEFT, 36, cut(f"of {data.tile_rows:,} × {data.tile_cols:,} weights", room), faint=True)
    down, across = min(data.down, 16), min(data.across, 16)
    pitch = min(_PLAN / max(down, across), 60)
    side = pitch - max(1, pitch * 0.08)
    outlines, used = [], []
    for row in range(down):
        for col in range(across):
            x, y = _PLAN_LEFT + col * pitch, _TOP + row * pitch
            high = _used(data.inputs, data.tile_rows, row, row == down - 1 and down < data.down)
            wide = _used(data.outputs, data.tile_cols, col, col == across - 1 and across < data.across)
            outlines.append((x, y, side, side))
            used.append((x, y, side * wide, side * high))
    canvas.area(squares(used), colour=ANALOG)
    canvas.path(squares(outlines))
    end = _TOP + down * pitch
    if (down, across) != (data.down, data.across):
        canvas.text(_PLAN_LEFT, end + 16, "not all of them drawn", faint=True)
        end += 16
    canvas.text(_PLAN_LEFT, end + 18, "Filled: cells that hold a weight.", faint=True)


def _used(total: int, each: int, place: int, cut_off: bool) -> float:
    """Share of a tile that the matrix fills along one side."""
    return 1.0 if cut_off else min(each, total - place * each) / each
