"""Show the tiles of the network as areas: each kind of layer as large as its tiles, dark where they hold weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.content.network import runs_of, short_name
from factsheet.pages.figures.canvas import ACCENT, GREY, Canvas, FigureData, cut, width_of
from factsheet.pages.figures.crossbar import DERIVED, tile_size
from factsheet.pages.model import FigureBlock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.pages.content.network import LayerRun
    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.derivation import Layer

_MOST_REGIONS = 24
"""Smaller ones than the largest of these are drawn as one."""
_MOST_NAMED = 16


@dataclass(frozen=True, slots=True)
class FloorRegion:
    """The tiles of layers that are alike.

    Attributes:
        tiles: of all of them.
        used: share of the cells of these tiles that hold a weight.
        layers: how many there are.
    """

    label: str
    tiles: int
    used: float
    layers: int = 1


@dataclass(frozen=True, slots=True)
class FloorPlan(FigureData):
    """All tiles of the network: areas are proportional to numbers of tiles.

    Attributes:
        regions: by number of tiles, the largest first.
        tiles: of the network.
        used: share of all cells that hold a weight.
    """

    regions: tuple[FloorRegion, ...]
    tiles: int
    used: float

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        canvas.text(4, 16, f"{self.tiles:,} tiles, {self.used * 100:.3g} % of their cells used", bold=True)
        end = canvas.note(
            4,
            36,
            "Areas are in proportion to numbers of tiles. Dark: cells that hold a weight; light: cells that hold none.",
        )
        top, width = end - 4, canvas.width - 8
        height = 320.0 if canvas.narrow else 260.0
        unnamed = []
        places = _squarified([region.tiles for region in self.regions], (4, top, width, height))
        for region, place in zip(self.regions, places, strict=True):
            if not _draw_region(canvas, region, place):
                unnamed.append(region)
        y = top + height + 18
        if unnamed:
            names = "; ".join(f"{region.label} {region.tiles:,}" for region in unnamed)
            y = canvas.note(4, y, f"Too small to be named, with their tiles: {names}.")
        return y - 8


def floor_figure(inputs: PageInputs) -> FigureBlock | None:
    """Return the tiles of the network and how full they are; `None` where no layer or no tile is known."""
    size = tile_size(inputs)
    runs = [run for run in runs_of(inputs.layers) if _tiles_of(run)]
    if size is None or not runs:
        return None
    regions = _regions(runs, size)
    total = sum(region.tiles for region in regions)
    weights = sum(_weights(layer) * run.times for run in runs for layer in _on_tiles(run))
    plan = FloorPlan(_few(regions), total, weights / (total * size[0] * size[1]))
    return FigureBlock(
        id="floor-plan",
        title="Tiles of the network and how full they are",
        text=_floor_text(plan, runs),
        data=plan,
        provenance=f"{DERIVED} Where each tile is on the chip is not part of the sheet.",
    )


def _regions(runs: Sequence[LayerRun], size: tuple[int, int]) -> list[FloorRegion]:
    """Return one region for layers of one name and shape, over all blocks that have them."""
    found: dict[tuple[str, int, int], FloorRegion] = {}
    for run in runs:
        for layer in _on_tiles(run):
            key = (short_name(layer), layer.rows, layer.cols)
            tiles = (layer.tiles or 0) * run.times
            used = min(1.0, _weights(layer) / ((layer.tiles or 1) * size[0] * size[1]))
            before = found.get(key, FloorRegion(layer.name if run.times == 1 else key[0], 0, 0.0, 0))
            both = before.tiles + tiles
            share = (before.used * before.tiles + used * tiles) / both
            found[key] = FloorRegion(
                before.label if before.tiles == 0 else key[0], both, share, before.layers + run.times
            )
    return sorted(found.values(), key=lambda region: (-region.tiles, region.label))


def _few(regions: list[FloorRegion]) -> tuple[FloorRegion, ...]:
    if len(regions) <= _MOST_REGIONS:
        return tuple(regions)
    rest = regions[_MOST_REGIONS - 1 :]
    tiles = sum(region.tiles for region in rest)
    used = sum(region.used * region.tiles for region in rest) / tiles
    layers = sum(region.layers for region in rest)
    others = FloorRegion(f"{layers:,} smaller layers", tiles, used, layers)
    return tuple(sorted((*regions[: _MOST_REGIONS - 1], others), key=lambda region: -region.tiles))


def _floor_text(plan: FloorPlan, runs: list[LayerRun]) -> str:
    blocks = "; ".join(
        f"{run.title}: {_tiles_of(run):,} tile{'' if _tiles_of(run) == 1 else 's'}{' each' if run.times > 1 else ''}"
        for run in runs[:_MOST_NAMED]
    )
    more = "" if len(runs) <= _MOST_NAMED else f"; and {len(runs) - _MOST_NAMED} further blocks"
    kinds = "; ".join(_words(region) for region in plan.regions)
    return (
        f"The network takes {plan.tiles:,} tiles, {plan.used * 100:.3g} % of whose cells hold a weight. "
        f"{blocks}{more}. By kind of layer: {kinds}."
    )


def _words(region: FloorRegion) -> str:
    times = f" ({region.layers:,} layers)" if region.layers > 1 else ""
    return f"{region.label}{times} {_counted(region.tiles)}, {region.used * 100:.3g} % used"


def _counted(tiles: int) -> str:
    return "1 tile" if tiles == 1 else f"{tiles:,} tiles"


def _on_tiles(run: LayerRun) -> Iterator[Layer]:
    return (layer for layer in run.layers if layer.on == "analog" and layer.tiles)


def _weights(layer: Layer) -> int:
    return layer.rows * layer.cols * layer.matrices


def _tiles_of(run: LayerRun) -> int:
    return sum(layer.tiles or 0 for layer in _on_tiles(run))


_Box = tuple[float, float, float, float]
"""A rectangle: left, top, width and height."""
_GAP = 2


def _squarified(sizes: Sequence[float], room: _Box) -> list[_Box]:
    """Return a rectangle for each size, the largest first, with areas in proportion, as near to squares as they go.

    Bruls, Huizing, van Wijk, Squarified treemaps (2000).
    """
    x, y, width, height = room
    scale = width * height / sum(sizes)
    areas = [size * scale for size in sizes]
    made: list[_Box] = []
    start = 0
    while start < len(areas):
        side, end = min(width, height), start + 1
        while end < len(areas) and _worst(areas[start : end + 1], side) <= _worst(areas[start:end], side):
            end += 1
        row = areas[start:end]
        deep, along = sum(row) / side, 0.0
        for area in row:
            if width >= height:
                made.append((x, y + along, deep, area / deep))
            else:
                made.append((x + along, y, area / deep, deep))
            along += area / deep
        if width >= height:
            x, width = x + deep, width - deep
        else:
            y, height = y + deep, height - deep
        start = end
    return made


def _worst(row: Sequence[float], side: float) -> float:
    """Return how far from a square the least square one of a row is."""
    deep = sum(row) / side
    return max(max(deep * deep / area, area / (deep * deep)) for area in row)


def _draw_region(canvas: Canvas, region: FloorRegion, place: _Box) -> bool:
    """Draw one kind of layer; return whether there was room for its name."""
    x, y, width, height = place
    wide, high = max(width - _GAP, 0.5), max(height - _GAP, 0.5)
    canvas.box(x, y, wide, high, colour=GREY, opacity=0.22, outlined=False)
    # From the bottom up, so that the name at the top is on the lighter part where there is one.
    filled = high * region.used
    canvas.box(x, y + high - filled, wide, filled, colour=ACCENT, opacity=0.5, outlined=False)
    names = _on_lines(region.label, wide - 10)
    lines = [
        *names,
        f"{region.tiles:,} tile{'' if region.tiles == 1 else 's'}",
        f"{region.used * 100:.3g} % used",
    ]
    if high < 22 or (width_of(region.label) > wide - 10 > 0 and wide < 60):  # noqa: PLR2004  a line of text, a short word
        return False
    for place_, words in enumerate(lines[: int((high - 6) // 16)]):
        canvas.text(x + 6, y + 17 + 16 * place_, cut(words, wide - 10), bold=place_ < len(names))
    return True


def _on_lines(label: str, room: float) -> tuple[str, ...]:
    """Return a name on one line, or on two where it is too long for one and has a space to go on after."""
    words = label.split(" ")
    fitting = [count for count in range(1, len(words)) if width_of(" ".join(words[:count])) <= room]
    if width_of(label) <= room or not fitting:
        return (label,)
    return " ".join(words[: fitting[-1]]), " ".join(words[fitting[-1] :])
