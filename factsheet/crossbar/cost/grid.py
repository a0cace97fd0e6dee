"""Estimate over a grid of sequence lengths, batches, tile sizes and chips, as arrays.

A network's operators are worked out once a sequence length, its tiles and values once a sequence length and tile; what
depends on the chip and the batch is NumPy. The equations are those of a single estimate, in the same order, so that
both give the same floating-point numbers. A grid too large to hold is taken in pieces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.crossbar.cost.demand import count, passed_by, values_of
from factsheet.crossbar.cost.estimate import check_batch, check_structure, check_work
from factsheet.crossbar.cost.figures import FIGURES
from factsheet.crossbar.cost.grid_arrays import Grid, GridAxes, GridWork, piece_of
from factsheet.crossbar.cost.layout import stored_shapes, tiles_for
from factsheet.crossbar.cost.resizing import resized
from factsheet.crossbar.cost.stages import stages_of
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import CostError
from factsheet.networks.counting import CONVENTIONS, DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from types import ModuleType

    from factsheet.crossbar.cost.demand import CountedWork
    from factsheet.crossbar.cost.formula import Array, Structure
    from factsheet.hardware.constants import ChipConstants
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import Network

MOST_POINTS = 1 << 16
"""Points that are worked on at once; the largest network takes some megabytes for so many."""


def estimate_grid(
    network_at: Callable[[int], Network] | Mapping[int, Network],
    axes: GridAxes,
    *,
    structure: Structure = "batch-synchronous",
    convention: CountingConvention | None = None,
    most_points: int = MOST_POINTS,
) -> Grid:
    """Estimate every point of a grid; see `estimate` for one.

    Args:
        network_at: the network at a sequence length.
        axes: sequence lengths, batches, tiles and chips.
        structure: how layers and sequences follow each other.
        convention: how operations are counted; the default one if left out.
        most_points: that are worked on at once.

    Raises:
        CostError: an axis is empty, a batch is none, nothing of a network is on tiles, figures are beyond every
            number, or NumPy is not installed.
    """
    np = numpy()
    pieces = list(
        grid_pieces(
            network_at,
            axes,
            structure=structure,
            convention=convention,
            most_points=most_points,
        )
    )
    first, *others = pieces
    if not others:
        return first

    def whole(parts: Iterable[Array]) -> Array:
        # Pieces run over batches first, then over sequence lengths, and hold all that is within.
        points: Array = np.concatenate([part.ravel() for part in parts])
        return points.reshape(axes.shape)

    return Grid(
        axes=axes,
        constants=first.constants,
        figures={name: whole(piece.figures[name] for piece in pieces) for name in FIGURES},
        latency_low=whole(piece.latency_low for piece in pieces),
        latency_high=whole(piece.latency_high for piece in pieces),
        tiles=whole(piece.tiles for piece in pieces),
        chips=whole(piece.chips for piece in pieces),
    )


def numpy() -> ModuleType:
    """Import NumPy, which only a grid needs.

    Raises:
        CostError: it is not installed.
    """
    try:
        import numpy as np
    except ImportError:
        raise CostError(
            "a grid is worked out with NumPy, which is not installed",
            "single estimates do without it",
            "install numpy",
        ) from None
    return np


def grid_pieces(
    network_at: Callable[[int], Network] | Mapping[int, Network],
    axes: GridAxes,
    *,
    structure: Structure = "batch-synchronous",
    convention: CountingConvention | None = None,
    most_points: int = MOST_POINTS,
) -> Iterator[Grid]:
    """Estimate the same piece by piece, for grids whose arrays would not fit into memory.

    A piece holds all tiles and chips. It holds all batches and some sequence lengths, or some batches and one sequence
    length where all are too many.

    Args:
        network_at: the network at a sequence length.
        axes: sequence lengths, batches, tiles and chips.
        structure: how layers and sequences follow each other.
        convention: how operations are counted; the default one if left out.
        most_points: of a piece, where tiles and chips are not more already.

    Raises:
        CostError: as `estimate_grid`.
    """
    numpy()
    check_structure(structure)
    for batch in axes.batches:
        check_batch(batch)
    for name, axis in (
        ("sequence lengths", axes.seq_lens),
        ("batches", axes.batches),
        ("tiles", axes.tiles),
        ("chips", axes.chips),
    ):
        if not axis:
            raise CostError(
                f"the grid has no {name}", "it holds one point for each combination", "give at least one"
            )
    counting = convention or CONVENTIONS[DEFAULT]
    at_once = max(1, most_points // (len(axes.tiles) * len(axes.chips)))
    lengths, runs = max(1, at_once // len(axes.batches)), min(at_once, len(axes.batches))
    sized = _sized(axes.tiles, axes.chips)
    for first in range(0, len(axes.seq_lens), lengths):
        some = axes.seq_lens[first : first + lengths]
        work = _work(network_at, some, sized, counting)
        for start in range(0, len(axes.batches), runs):
            part = axes._replace(seq_lens=some, batches=axes.batches[start : start + runs])
            yield piece_of(part, work, sized, structure)


def _sized(
    tiles: Sequence[TileShape | None], chips: Sequence[ChipConstants]
) -> tuple[tuple[ChipConstants, ...], ...]:
    """Return the constants for each tile and chip."""
    return tuple(
        tuple(constants if tile is None else resized(constants, tile) for constants in chips)
        for tile in tiles
    )


def _work(
    network_at: Callable[[int], Network] | Mapping[int, Network],
    seq_lens: Sequence[int],
    sized: tuple[tuple[ChipConstants, ...], ...],
    convention: CountingConvention,
) -> GridWork:
    """Work out what the networks ask for; each sequence length and each size of tile is worked out once."""
    shapes = {TileShape(one.rows, one.cols): None for row in sized for one in row}
    counted: dict[int, CountedWork] = {}
    on_tiles: dict[int, tuple[tuple[int, int, int, int], ...]] = {}
    for seq_len in dict.fromkeys(seq_lens):
        network = network_at(seq_len) if callable(network_at) else network_at[seq_len]
        stages = stages_of(network, convention)
        check_work(network, any(stage.matrices for stage in stages))
        one = counted[seq_len] = count(stages, convention)
        stored = stored_shapes(network)
        on_tiles[seq_len] = tuple(
            (tiles_for(stored, shape), *values_of(one, shape), passed_by(one, shape)) for shape in shapes
        )
    places = {shape: place for place, shape in enumerate(shapes)}
    return GridWork(
        [counted[seq_len].demand for seq_len in seq_lens],
        [on_tiles[seq_len] for seq_len in seq_lens],
        [[places[TileShape(one.rows, one.cols)] for one in row] for row in sized],
    )
