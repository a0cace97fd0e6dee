"""The rows of the table for a grid of points: figures of the cost model, column by column, with their units."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.cost.estimate import estimate
from factsheet.crossbar.cost.figures import FIGURES as NAMES
from factsheet.crossbar.cost.figures import missing_of, standing_of
from factsheet.crossbar.cost.resizing import resized
from factsheet.sweeps.columns import COLUMNS, FIGURES, Chunk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.crossbar.cost.figures import FigureName
    from factsheet.crossbar.cost.formula import Array, Structure
    from factsheet.crossbar.mapping import TileShape
    from factsheet.hardware.constants import ChipConstants
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import Network
    from factsheet.sweeps.columns import Value

_FEW = 64
"""Points that are worked out one by one in less time than it takes to load NumPy."""
FACTORS: dict[FigureName, float] = {
    "tops_per_watt": 1e-12,
    "area_tiles": 1e6,
    "area": 1e6,
    "area_chips": 1e6,
}
"""From the SI unit to that of the column."""


class Points(NamedTuple):
    """A grid of points under one structure; rows come in this order, the last axis fastest."""

    source: str
    name: str
    """Of the network."""
    networks: Mapping[int, Network]
    """By sequence length."""
    batches: tuple[int, ...]
    tiles: tuple[TileShape | None, ...]
    """`None` for each chip's own."""
    chips: tuple[tuple[str, ChipConstants], ...]
    structure: Structure

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.networks) * len(self.batches) * len(self.tiles) * len(self.chips)

    def halves(self) -> tuple[Points, Points]:
        """Return the grid cut in two, between sequence lengths while there are several, else along its longest axis."""
        if len(self.networks) > 1:
            pairs = list(self.networks.items())
            half = len(pairs) // 2
            return self._replace(networks=dict(pairs[:half])), self._replace(networks=dict(pairs[half:]))
        longest = max(map(len, (self.batches, self.tiles, self.chips)))
        half = longest // 2
        if len(self.batches) == longest:
            return self._replace(batches=self.batches[:half]), self._replace(batches=self.batches[half:])
        if len(self.tiles) == longest:
            return self._replace(tiles=self.tiles[:half]), self._replace(tiles=self.tiles[half:])
        return self._replace(chips=self.chips[:half]), self._replace(chips=self.chips[half:])


def rows_of(points: Points, convention: CountingConvention | None) -> Chunk:
    """Return the rows of a grid.

    Raises:
        CostError: nothing can be said of at least one of the points.
    """
    many = points.total > _FEW and find_spec("numpy") is not None
    found = _together(points, convention) if many else _one_by_one(points, convention)
    columns = {**_axes(points), **found, **_standings(points)}
    return Chunk({column.name: columns[column.name] for column in COLUMNS})


def _together(points: Points, convention: CountingConvention | None) -> dict[str, Sequence[Value]]:
    from factsheet.crossbar.cost.grid import estimate_grid  # loads numpy
    from factsheet.crossbar.cost.grid_arrays import GridAxes

    grid = estimate_grid(
        points.networks,
        GridAxes(
            tuple(points.networks),
            tuple(points.batches),
            tuple(points.tiles),
            tuple(chip for _, chip in points.chips),
        ),
        structure=points.structure,
        convention=convention,
    )
    columns: dict[str, Sequence[Value]] = {}
    for column, name in zip(FIGURES, NAMES, strict=True):
        columns[column.name] = _plain(grid.figures[name] * FACTORS.get(name, 1.0))
    for plain, array in (("latency_low_s", grid.latency_low), ("latency_high_s", grid.latency_high)):
        columns[plain] = _plain(array)
    for plain, array in (("tiles", grid.tiles), ("chips", grid.chips)):
        columns[plain] = [int(value) for value in array.ravel().tolist()]
    return columns


def _one_by_one(points: Points, convention: CountingConvention | None) -> dict[str, Sequence[Value]]:
    names = (*(column.name for column in FIGURES), "latency_low_s", "latency_high_s", "tiles", "chips")
    columns: dict[str, list[Value]] = {name: [] for name in names}
    for network in points.networks.values():
        for batch in points.batches:
            for tile in points.tiles:
                for _, chip in points.chips:
                    one = estimate(
                        network,
                        chip,
                        batch=batch,
                        structure=points.structure,
                        tile=tile,
                        convention=convention,
                    )
                    for column, name in zip(FIGURES, NAMES, strict=True):
                        value = getattr(one.figures, name)
                        columns[column.name].append(None if value is None else value * FACTORS.get(name, 1.0))
                    low, high = one.latency_range or (None, None)
                    columns["latency_low_s"].append(low)
                    columns["latency_high_s"].append(high)
                    columns["tiles"].append(one.tiles)
                    columns["chips"].append(one.chips)
    return dict(columns)


def _axes(points: Points) -> dict[str, Sequence[Value]]:
    combined = [
        (hardware, length, batch, *_sides(tile, chip))
        for length in points.networks
        for batch in points.batches
        for tile in points.tiles
        for hardware, chip in points.chips
    ]
    without = {
        length for length, network in points.networks.items() if not takes_length(points.source, network)
    }
    hardware, length, batch, rows, cols = (list(values) for values in zip(*combined, strict=True))
    return {
        "source": [points.source] * len(combined),
        "network": [points.name] * len(combined),
        "hardware": hardware,
        "structure": [points.structure] * len(combined),
        "seq_len": [None if known in without else known for known in length],
        "batch": batch,
        "tile_rows": rows,
        "tile_cols": cols,
    }


def takes_length(source: str, network: Network) -> bool:
    """Return whether a length is an axis of a network: not where a declaration, or the sizes of a run, have none."""
    known = bool(network.sizes) or source.lower().endswith((".yaml", ".yml"))
    return network.takes_length or not known


def _sides(tile: TileShape | None, chip: ChipConstants) -> tuple[int, int]:
    return (chip.rows, chip.cols) if tile is None else (tile.rows, tile.cols)


def _standings(points: Points) -> dict[str, Sequence[Value]]:
    """Return the standings, which are the same for every sequence length and batch."""
    used = [
        chip if tile is None else resized(chip, tile) for tile in points.tiles for _, chip in points.chips
    ]
    times = len(points.networks) * len(points.batches)
    return {
        f"{column.name}_standing": [
            None if missing_of(name, chip) else standing_of(name, chip) for chip in used
        ]
        * times
        for column, name in zip(FIGURES, NAMES, strict=True)
    }


def _plain(array: Array) -> Sequence[Value]:
    """Return the numbers in their order; what is not a number is missing."""
    values: Sequence[float] = array.ravel().tolist()
    missing = array != array  # noqa: PLR0124  what is not a number differs from itself
    return [None if value != value else value for value in values] if missing.any() else values  # noqa: PLR0124
