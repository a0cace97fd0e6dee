"""Show a layer on a crossbar: inputs on its rows, pairs of conductances at the crossings, outputs on its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.figures.canvas import ACCENT, GREY, Canvas, FigureData, cut, squares
from factsheet.pages.figures.diagrams import label
from factsheet.pages.model import FigureBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.pages.inputs import PageInputs

DERIVED = "Derived from the declared architecture and the size of a tile."


@dataclass(frozen=True, slots=True)
class CrossbarDrawing(FigureData):
    """One layer on its tiles.

    Attributes:
        inputs: rows of its matrix.
        outputs: columns of its matrix.
        down: tiles one below the other, which share the inputs out.
        across: tiles side by side, which share the outputs out.
        devices: memory devices that hold one weight; `None` where that is not known.
    """

    layer: str
    inputs: int
    outputs: int
    tile_rows: int
    tile_cols: int
    down: int
    across: int
    devices: int | None

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        bottom = _draw_array(canvas, self)
        left, top = (4, bottom + 24) if canvas.narrow else (_PLAN_LEFT, 0)
        return max(bottom, _draw_plan(canvas, self, left, top)) + 8

    def diagrams(self, title: str) -> Iterator[str]:
        """Yield the figure as diagrams for Mermaid."""
        yield "\n".join(self._lines(title))

    def _lines(self, title: str) -> Iterator[str]:  # noqa: ARG002  a flow chart has none
        count = self.down * self.across
        pairs = "pairs of conductances" if self.devices == 2 else "conductances"  # noqa: PLR2004  a pair
        yield "flowchart LR"
        yield f'    inputs["{self.inputs} inputs on rows"] --> tiles'
        yield f'    tiles["{label(self.layer)}, {count} tiles of {self.tile_rows} × {self.tile_cols} {pairs}"]'
        if self.down > 1:
            yield f'    tiles --> sums["partial sums of {self.down} tiles are added"]'
            yield f'    sums --> outputs["{self.outputs} outputs from columns"]'
        else:
            yield f'    tiles --> outputs["{self.outputs} outputs from columns"]'


def crossbar_figure(inputs: PageInputs) -> FigureBlock | None:
    """Return the largest layer on its tiles; `None` where no layer or no tile is known."""
    size = tile_size(inputs)
    on_tiles = [layer for layer in inputs.layers if layer.on == "analog" and layer.tiles]
    if size is None or not on_tiles:
        return None
    layer = max(on_tiles, key=lambda found: found.rows * found.cols)
    down, across = -(-layer.rows // size[0]), -(-layer.cols // size[1])
    devices = _whole(inputs, "parameters.tile.devices_per_weight")
    drawing = CrossbarDrawing(layer.name, layer.rows, layer.cols, size[0], size[1], down, across, devices)
    return FigureBlock(
        id="crossbar",
        title=f"How a layer is mapped onto the tiles: {layer.name}",
        text=_crossbar_text(drawing),
        data=drawing,
        provenance=DERIVED,
    )


def _crossbar_text(drawing: CrossbarDrawing) -> str:
    count = drawing.down * drawing.across
    cut = (
        "It fits one tile."
        if count == 1
        else f"Tiles hold {drawing.tile_rows:,} × {drawing.tile_cols:,} weights, so that it is cut into "
        f"{drawing.down} × {drawing.across} = {count} tiles; the outputs of tiles below each other are added."
    )
    held = {
        None: "How many memory devices hold a weight is not stated.",
        1: "One memory device holds a weight.",
        2: "Two memory devices hold a weight, one for its positive and one for its negative part.",
    }.get(drawing.devices, f"{drawing.devices} memory devices hold a weight.")
    return (
        f"The layer multiplies {drawing.inputs:,} inputs, one a row, by a matrix of weights and gives "
        f"{drawing.outputs:,} outputs, one a column: inputs become voltages on the rows, the currents of a column "
        f"add up to an output. {cut} {held}"
    )


def tile_size(inputs: PageInputs) -> tuple[int, int] | None:
    """Return the rows and columns of a tile; `None` where the sheet does not give both."""
    rows, cols = (_whole(inputs, f"parameters.tile.{side}") for side in ("rows", "cols"))
    return None if rows is None or cols is None else (rows, cols)


def _whole(inputs: PageInputs, path: str) -> int | None:
    fact = inputs.fact(path)
    return None if fact is None else fact.whole


_LEFT, _TOP, _PITCH = 96, 66, 52
_PLAN_LEFT, _PLAN = 440, 300
_PAIR = 2
_MOST_DRAWN = 6
"""Devices of one weight that have room between two lines."""
_LONGEST = 6
"""Characters of a name that fit between two columns."""


def _draw_array(canvas: Canvas, data: CrossbarDrawing) -> float:
    """Draw one crossing for each weight; return where the drawing ends."""
    rows, cols = _draw_names("x", data.inputs), _draw_names("y", data.outputs)
    right, bottom = _LEFT + _PITCH * len(cols), _TOP + _PITCH * len(rows)
    room = canvas.width - 8 if canvas.narrow else _PLAN_LEFT - 24
    canvas.text(4, 16, "One crossing, one weight", bold=True)
    canvas.text(
        4, 36, cut(f"{data.inputs:,} inputs on rows, {data.outputs:,} outputs on columns", room), faint=True
    )
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
                x, y = _LEFT + _PITCH * (across + 0.5), _TOP + _PITCH * (down + 0.5)
                _draw_crossing(canvas, x, y, data.devices)
    signs = (
        ("G⁺ blue, G⁻ grey: a pair holds one weight.",)
        if data.devices == _PAIR
        else ("G: the conductance that holds one weight.",)
        if data.devices in {None, 1}
        else (f"{data.devices} conductances together hold one weight.",)
    )
    y = bottom + 66
    for words in (*signs, "The currents of a column add up."):
        canvas.text(4, y, cut(words, room), faint=True)
        y += 18
    return y - 18


def _draw_names(letter: str, count: int) -> tuple[str, ...]:
    if count <= 4:  # noqa: PLR2004  as many as are drawn
        return tuple(f"{letter}{place}" for place in range(1, count + 1))
    last = f"{letter}{count}"
    return (f"{letter}1", f"{letter}2", "⋮", last if len(last) <= _LONGEST else f"{letter}n")


def _draw_crossing(canvas: Canvas, x: float, y: float, devices: int | None) -> None:
    if devices != _PAIR:
        columns = 1 if devices is None or devices <= 1 else 2
        drawn = min(devices or 1, _MOST_DRAWN)
        side = 14 if columns == 1 else 9
        for place in range(drawn):
            down, across = divmod(place, columns)
            top = y - 6 - (side + 2) * (-(-drawn // columns) - down)
            canvas.box(x + 5 + across * (side + 2), top, side, side, colour=ACCENT, outlined=False)
        return
    canvas.box(x + 4, y - 19, 11, 14, colour=ACCENT, outlined=False)
    canvas.box(x + 17, y - 19, 11, 14, colour=GREY, opacity=0.55)


def _draw_plan(canvas: Canvas, data: CrossbarDrawing, left: float, top: float) -> float:
    """Draw the layer's tiles, each filled as far as it is used; return where the drawing ends."""
    count = data.down * data.across
    room = canvas.width - left - 4
    tiles = "1 tile" if count == 1 else f"{data.down:,} × {data.across:,} = {count:,} tiles"
    canvas.text(left, top + 16, cut(tiles, room), bold=True)
    canvas.text(left, top + 36, cut(f"of {data.tile_rows:,} × {data.tile_cols:,} weights", room), faint=True)
    down, across = min(data.down, 16), min(data.across, 16)
    pitch = min(_PLAN / max(down, across), 60)
    side = pitch - max(1, pitch * 0.08)
    outlines, used = [], []
    for row in range(down):
        for col in range(across):
            x, y = left + col * pitch, top + _TOP - 14 + row * pitch
            high = _used(data.inputs, data.tile_rows, row, row == down - 1 and down < data.down)
            wide = _used(data.outputs, data.tile_cols, col, col == across - 1 and across < data.across)
            outlines.append((x, y, side, side))
            used.append((x, y, side * wide, side * high))
    canvas.area(squares(used), colour=ACCENT)
    canvas.path(squares(outlines))
    end = top + _TOP - 14 + down * pitch
    if (down, across) != (data.down, data.across):
        canvas.text(left, end + 16, "not all of them drawn", faint=True)
        end += 18
    canvas.text(left, end + 16, "Filled: cells that hold a weight.", faint=True)
    return end + 16


def _used(total: int, each: int, place: int, cut_off: bool) -> float:
    """Return share of a tile that the matrix fills along one side."""
    return 1.0 if cut_off else min(each, total - place * each) / each
