"""One layer on its tiles, and all tiles of the network: where weights lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.views.figures.data import CrossbarDrawing, FloorPlan, FloorStrip, FloorTile
from factsheet.views.layers import runs_of
from factsheet.views.page import FigureBlock

if TYPE_CHECKING:
    from factsheet.views.layers import LayerLike, LayerRun
    from factsheet.views.material import Material

_UNITED_FROM = 600
"""Tiles beyond which blocks that are alike are drawn once."""
_MOST_SQUARES = 1200
_DERIVED = "Derived from the declared architecture and the size of a tile."


def crossbar_figure(material: Material) -> FigureBlock | None:
    """The largest layer on its tiles; `None` where no layer or no tile is known."""
    size = _tile(material)
    on_tiles = [layer for layer in material.layers if layer.on == "analog" and layer.tiles]
    if size is None or not on_tiles:
        return None
    layer = max(on_tiles, key=lambda found: found.rows * found.cols)
    down, across = -(-layer.rows // size[0]), -(-layer.cols // size[1])
    devices = _whole(material, "parameters.tile.devices_per_weight")
    drawing = CrossbarDrawing(layer.name, layer.rows, layer.cols, size[0], size[1], down, across, devices)
    return FigureBlock(
        id="crossbar",
        title=f"How a layer lies on the tiles: {layer.name}",
        text=_crossbar_text(drawing),
        data=drawing,
        standing=_DERIVED,
    )


def _crossbar_text(drawing: CrossbarDrawing) -> str:
    count = drawing.down * drawing.across
    cut = (
        "It fits one tile."
        if count == 1
        else f"Tiles hold {drawing.tile_rows:,} × {drawing.tile_cols:,} weights, so that it is cut into "
        f"{drawing.down} × {drawing.across} = {count} tiles; what tiles one below the other give is added up."
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


def floor_figure(material: Material) -> FigureBlock | None:
    """Every tile of the network and how full it is; `None` where no layer or no tile is known."""
    size = _tile(material)
    runs = [run for run in runs_of(material.layers) if _tiles_of(run)]
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
        standing=f"{_DERIVED} In order of execution; where each tile lies on the chip is not part of the sheet.",
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


_MOST_NAMED = 16


def _strips(run: LayerRun, size: tuple[int, int], *, united: bool, each: int) -> list[FloorStrip]:
    tiles = [tile for layer in run.layers for tile in _squares(layer, size, each)]
    if united:
        return [FloorStrip(run.title, tuple(tiles), run.times)]
    return [FloorStrip(name, tuple(tiles)) for name in run.blocks]


def _squares(layer: LayerLike, size: tuple[int, int], each: int) -> list[FloorTile]:
    """The tiles of a layer, row by row; of many, one square for several with their mean shares."""
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


def _tile(material: Material) -> tuple[int, int] | None:
    rows, cols = (_whole(material, f"parameters.tile.{side}") for side in ("rows", "cols"))
    return None if rows is None or cols is None else (rows, cols)


def _whole(material: Material, path: str) -> int | None:
    fact = material.fact(path)
    return None if fact is None else fact.whole
