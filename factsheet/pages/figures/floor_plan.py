"""Show every tile of the network as a square that is filled as far as its cells hold weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.content.network import runs_of
from factsheet.pages.figures.canvas import ANALOG, WIDTH, Canvas, FigureData, cut, squares
from factsheet.pages.figures.crossbar import DERIVED, tile_size
from factsheet.pages.figures.diagrams import MOST_BARS, chart, series
from factsheet.pages.model import FigureBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.pages.content.network import LayerRun
    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.derivation import Layer

_UNITED_FROM = 600
"""Tiles beyond which blocks that are alike are drawn once."""
_MOST_SQUARES = 1200
_MOST_NAMED = 16
_LEFT, _TOP = 150, 56
_PITCH, _SIDE = 12, 10
_PER_LINE = (WIDTH - _LEFT - 4) // _PITCH


@dataclass(frozen=True, slots=True)
class FloorTile:
    """One tile: which share of its rows and of its columns holds weights."""

    rows: float
    cols: float


@dataclass(frozen=True, slots=True)
class FloorStrip:
    """The tiles of one block of the network.

    Attributes:
        times: how many blocks alike it represents.
    """

    label: str
    tiles: tuple[FloorTile, ...]
    times: int = 1


@dataclass(frozen=True, slots=True)
class FloorPlan(FigureData):
    """All tiles of the network, in order of execution.

    Attributes:
        each: tiles that one square represents.
        utilisation: share of all cells that hold a weight.
    """

    strips: tuple[FloorStrip, ...]
    tiles: int
    utilisation: float
    each: int = 1

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        canvas.text(
            4, 18, f"{self.tiles:,} tiles, {self.utilisation * 100:.3g} % of their cells used", bold=True
        )
        each = "A square is one tile" if self.each == 1 else f"A square represents {self.each} tiles"
        canvas.text(4, 36, f"{each}, filled as far as its rows and columns hold weights.", faint=True)
        y: float = _TOP
        for strip in self.strips:
            y = _draw_strip(canvas, strip, y)
        return y + 6

    def diagrams(self, title: str) -> Iterator[str]:
        """Yield the figure as diagrams for Mermaid."""
        yield "\n".join(self._lines(title))

    def _lines(self, title: str) -> Iterator[str]:
        strips = self.strips[:MOST_BARS]
        tiles = [len(strip.tiles) * self.each for strip in strips]
        yield from chart(title, (strip.label for strip in strips), "tiles of a block", (0, max(tiles)))
        yield series("bar", tiles)


def floor_figure(inputs: PageInputs) -> FigureBlock | None:
    """Return every tile of the network and how full it is; `None` where no layer or no tile is known."""
    size = tile_size(inputs)
    runs = [run for run in runs_of(inputs.layers) if _tiles_of(run)]
    if size is None or not runs:
        return None
    total = sum(_tiles_of(run) * run.times for run in runs)
    cells = total * size[0] * size[1]
    weights = sum(
        layer.rows * layer.cols * layer.matrices * run.times
        for run in runs
        for layer in run.layers
        if layer.on == "analog" and layer.tiles
    )
    united = total > _UNITED_FROM
    each = max(1, -(-sum(_tiles_of(run) * (1 if united else run.times) for run in runs) // _MOST_SQUARES))
    strips = [strip for run in runs for strip in _strips(run, size, united=united, each=each)]
    plan = FloorPlan(tuple(strips), total, weights / cells, each)
    return FigureBlock(
        id="floor-plan",
        title="Tiles of the network and how full they are",
        text=_floor_text(plan, runs),
        data=plan,
        provenance=f"{DERIVED} In order of execution; where each tile is on the chip is not part of the sheet.",
    )


def _floor_text(plan: FloorPlan, runs: list[LayerRun]) -> str:
    blocks = "; ".join(
        f"{run.title}: {_tiles_of(run):,} tile{'' if _tiles_of(run) == 1 else 's'}{' each' if run.times > 1 else ''}"
        for run in runs[:_MOST_NAMED]
    )
    more = "" if len(runs) <= _MOST_NAMED else f"; and {len(runs) - _MOST_NAMED} further blocks"
    return (
        f"The network takes {plan.tiles:,} tiles, {plan.utilisation * 100:.3g} % of whose cells hold a weight. "
        f"{blocks}{more}."
    )


def _strips(run: LayerRun, size: tuple[int, int], *, united: bool, each: int) -> list[FloorStrip]:
    tiles = [tile for layer in run.layers for tile in _squares(layer, size, each)]
    if united:
        return [FloorStrip(run.title, tuple(tiles), run.times)]
    return [FloorStrip(name, tuple(tiles)) for name in run.blocks]


def _squares(layer: Layer, size: tuple[int, int], each: int) -> list[FloorTile]:
    """Return the tiles of a layer, row by row; of many, one square for several with their mean shares."""
    if layer.on != "analog" or not layer.tiles:
        return []
    down, across = -(-layer.rows // size[0]), -(-layer.cols // size[1])
    if each > 1:
        mean = FloorTile(layer.rows / (down * size[0]), layer.cols / (across * size[1]))
        return [mean] * -(-layer.tiles // each)
    shares = [
        FloorTile(
            min(size[0], layer.rows - row * size[0]) / size[0],
            min(size[1], layer.cols - col * size[1]) / size[1],
        )
        for row in range(down)
        for col in range(across)
    ]
    return shares * layer.matrices


def _tiles_of(run: LayerRun) -> int:
    return sum(layer.tiles or 0 for layer in run.layers if layer.on == "analog")


def _draw_strip(canvas: Canvas, strip: FloorStrip, top: float) -> float:
    """Draw one block; return where the next begins."""
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
