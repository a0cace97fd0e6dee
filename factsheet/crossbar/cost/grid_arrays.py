"""Work out one piece of a grid: the equations of the cost model over arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.cost.figures import FIGURES, missing_of, standing_of
from factsheet.crossbar.cost.formula import (
    STRUCTURES,
    AreaConstants,
    Numbers,
    StageNumbers,
    areas,
    energies,
    latencies,
)
from factsheet.errors import CostError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from factsheet.crossbar.cost.demand import ChipDemand
    from factsheet.crossbar.cost.figures import FigureName
    from factsheet.crossbar.cost.formula import Array, Structure
    from factsheet.crossbar.mapping import TileShape
    from factsheet.hardware.constants import ChipConstants
    from factsheet.hardware.profile import Standing


class GridAxes(NamedTuple):
    """What a grid runs over; its arrays have one axis for each, in this order."""

    seq_lens: tuple[int, ...]
    batches: tuple[int, ...]
    tiles: tuple[TileShape | None, ...]
    """`None` is each chip's own."""
    chips: tuple[ChipConstants, ...]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Length of each axis."""
        return (len(self.seq_lens), len(self.batches), len(self.tiles), len(self.chips))


@dataclass(frozen=True, slots=True)
class Grid:
    """Figures over a grid; NaN where a chip's constants do not give one."""

    axes: GridAxes
    constants: Sequence[Sequence[ChipConstants]]
    """By tile and chip: those of the chip, or for another tile than its own, with what follows from its size."""
    figures: Mapping[FigureName, Array]
    """By name, in the units of `Figures`."""
    latency_low: Array
    """Time of a run in s under the fastest structure."""
    latency_high: Array
    tiles: Array
    """Tiles that the network takes."""
    chips: Array
    """Chips that it is on."""

    def standing(self, name: FigureName, tile: int, chip: int) -> Standing:
        """Return the standing of a figure, for a tile and a chip by their places on the axes."""
        return standing_of(name, self.constants[tile][chip])

    def missing(self, name: FigureName, chip: int) -> str:
        """Return why a chip's constants do not give a figure; empty if they do."""
        return missing_of(name, self.axes.chips[chip])


class GridWork(NamedTuple):
    """The work of networks, whatever the chip."""

    demands: Sequence[ChipDemand]
    """By sequence length; without what depends on the size of a tile."""
    on_tiles: Sequence[Sequence[tuple[int, int, int, int]]]
    """Tiles, values into them and out of them, and weights passed, by sequence length and size of tile."""
    places: Sequence[Sequence[int]]
    """Which size of tile is meant, by tile and chip of the grid."""


def piece_of(
    axes: GridAxes, work: GridWork, sized: tuple[tuple[ChipConstants, ...], ...], structure: Structure
) -> Grid:
    """Work out every point of a piece.

    Args:
        axes: of the piece.
        work: of its networks.
        sized: constants by tile and chip.
        structure: how layers and sequences follow each other.

    Raises:
        CostError: a figure is beyond every number.
    """
    import numpy as np  # only a grid needs it

    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return _piece_of(axes, work, sized, structure)
    except OverflowError:
        raise CostError(
            "the work of a network in the grid is beyond every number",
            "times and energies are floating-point numbers, of at most 1.8e308",
            "make the networks, the sequences or the batches smaller",
        ) from None


def _piece_of(
    axes: GridAxes, work: GridWork, sized: tuple[tuple[ChipConstants, ...], ...], structure: Structure
) -> Grid:
    import numpy as np

    of = _Constants(sized)
    on_tiles = np.array(work.on_tiles, dtype=np.float64)[:, work.places, :][:, None]
    tiles, inputs, outputs, passed = (on_tiles[..., place] for place in range(4))
    chips = -np.floor_divide(-tiles, of.array("tiles_per_chip", missing=np.inf))
    slot = of.array("slot")
    given = Numbers(
        charged=np.where(of.flags("charged_whole"), passed, _counts(work.demands, "macs")),
        inputs=inputs,
        outputs=outputs,
        vectors=_counts(work.demands, "vectors"),
        digital_ops=_counts(work.demands, "digital_ops"),
        busiest=_counts(work.demands, "busiest"),
        stages=_stages(work.demands),
        batch=np.array(axes.batches, dtype=np.float64)[None, :, None, None],
        slot=slot,
        step=np.maximum(slot, of.array("mvm_time") + of.array("transport_time")),
        op_time=1.0 / (of.array("digital_rate", missing=np.inf) * chips),
        cell_energy=of.array("cell_energy"),
        input_energy=of.array("port_energy"),
        output_energy=of.array("output_energy", instead="port_energy"),
        digital_energy=of.array("digital_energy"),
        standby=of.array("tile_power") * tiles + of.array("chip_power") * chips,
    )
    found = latencies(given, np.maximum)
    by_structure = np.broadcast_arrays(*found[: len(STRUCTURES)])
    latency = by_structure[STRUCTURES.index(structure)]
    interval = found.interval if structure == "sequence-pipelined" else latency / given.batch
    energy = energies(given, latency).total
    tile_area, beside, chip_area = (
        of.array(name) for name in ("tile_area", "tile_overhead_area", "chip_area")
    )
    each = AreaConstants(tile_area, beside, chip_area)
    area = areas(tiles, chips, each)
    whole = areas(of.array("tiles_per_chip") * chips, chips, each)
    figures: dict[FigureName, Array] = {
        "latency": latency,
        "interval": interval,
        "energy": energy,
        "power": energy * given.batch / latency,
        "throughput": given.batch / latency,
        "efficiency": 1.0 / energy,
        "tops_per_watt": _counts(work.demands, "ops") / energy,
        "area_tiles": area.tiles,
        "area": area.mapped,
        "area_chips": whole.mapped,
    }
    shape = axes.shape
    given_by = {name: _given(name, axes) for name in FIGURES}
    return Grid(
        axes=axes,
        constants=sized,
        figures={name: _filled(figures[name], shape, given_by[name]) for name in FIGURES},
        latency_low=_filled(np.minimum.reduce(by_structure), shape, given_by["latency"]),
        latency_high=_filled(np.maximum.reduce(by_structure), shape, given_by["latency"]),
        tiles=np.broadcast_to(tiles, shape),
        chips=np.broadcast_to(chips, shape),
    )


def _given(name: FigureName, axes: GridAxes) -> Array:
    """Return 1 for each chip whose constants give a figure, NaN for the others."""
    import numpy as np

    return np.array([np.nan if missing_of(name, chip) else 1.0 for chip in axes.chips])


def _filled(values: Array, shape: tuple[int, ...], given: Array) -> Array:
    """Return an array of the grid's shape, NaN where the chip does not give the figure.

    Raises:
        OverflowError: one that it gives is not finite.
    """
    import numpy as np

    filled = np.broadcast_to(values, shape) * given
    if not np.isfinite(filled[..., ~np.isnan(given)]).all():
        raise OverflowError
    return filled


def _counts(demands: Sequence[ChipDemand], name: str) -> Array:
    """Return one count of each network, along the first axis."""
    import numpy as np

    return np.array([float(getattr(demand, name)) for demand in demands])[:, None, None, None]


def _stages(demands: Sequence[ChipDemand]) -> list[StageNumbers[Array]]:
    """Return stages by their place; where a network has fewer, none of them asking for nothing."""
    import numpy as np

    most = max(len(demand.stages) for demand in demands)
    rows = np.zeros((most, len(StageNumbers._fields), len(demands), 1, 1, 1))
    for place, demand in enumerate(demands):
        for which, stage in enumerate(demand.stages):
            rows[which, :, place, 0, 0, 0] = [float(number) for number in stage]
    return [StageNumbers(*row) for row in rows]


class _Constants:
    """The constants of a grid's chips, with one axis for tiles and one for chips behind those of networks and runs."""

    def __init__(self, sized: tuple[tuple[ChipConstants, ...], ...]) -> None:
        self._sized = sized

    def flags(self, name: str) -> NDArray[np.bool_]:
        """Return what is true of every chip or not."""
        import numpy as np

        return np.array([[bool(getattr(constants, name)) for constants in row] for row in self._sized])

    def array(self, name: str, missing: float = 0.0, instead: str = "") -> Array:
        """Return one constant of every chip; where there is none, the one named `instead`, or else `missing`."""
        import numpy as np

        def value(constants: ChipConstants) -> float:
            found = getattr(constants, name)
            if found is None and instead:
                found = getattr(constants, instead)
            if found is None:
                return missing
            return float(found if isinstance(found, int) else found.value)

        return np.array([[value(constants) for constants in row] for row in self._sized])
