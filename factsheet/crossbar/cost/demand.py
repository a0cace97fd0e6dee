"""Count what a network asks of any chip: tiles, vectors, values through ports, digital operations.

Everything here is counted in whole numbers, so that it is exact at any size; times and energies come later.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.mapping import ceil_div

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from factsheet.crossbar.cost.layout import Layout, PackedTiles
    from factsheet.crossbar.cost.stages import Stage
    from factsheet.crossbar.mapping import TileShape
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import StaticMatmul


class StageDemand(NamedTuple):
    """Stages that ask the same; everything for one sequence."""

    alike: int
    """Stages that are alike."""
    vectors: int
    """Slots that its busiest tile is occupied."""
    span: float
    """Slots from the first vector to the last result: `vectors`, and those until each window is filled."""
    waits: int
    """Products that are waited for to the end: the last, or each one of a recurrent layer."""
    depth: int
    """Matrices that one vector passes one after the other."""
    digital_ops: int


class ChipDemand(NamedTuple):
    """What one inference of a network asks of a chip."""

    tiles: int
    inputs: int
    """Values into used rows of tiles; those to several tiles side by side are counted once for each."""
    outputs: int
    """Values out of used columns; partial sums of tiles one below the other are counted."""
    macs: int
    """Multiply-accumulates on tiles."""
    passed: int
    """Weights of all tiles that vectors pass, used or not."""
    vectors: int
    """Input vectors of all layers, as if they worked one after the other."""
    digital_ops: int
    ops: int
    """All operations."""
    busiest: int
    """Slots that the busiest tile is occupied in one inference, over all the nodes that use it."""
    stages: tuple[StageDemand, ...]
    order: tuple[int, ...]
    """Of each stage of the network, its place in `stages`."""


class CountedWork(NamedTuple):
    """What does not depend on the size of a tile."""

    demand: ChipDemand
    """Without what depends on the size of a tile."""
    products: Mapping[tuple[int, int], int]
    """Products of one inference, by rows and columns of the matrix."""


def count(
    stages: tuple[Stage, ...],
    convention: CountingConvention,
    copies: Mapping[str, int] = MappingProxyType({}),
    in_turn: tuple[PackedTiles, ...] = (),
) -> CountedWork:
    """Add up what the stages of a network ask for in one inference.

    Args:
        stages: of the network.
        convention: how operations are counted.
        copies: of stored matrices, which share the vectors.
        in_turn: tiles that serve several matrices one after the other.
    """
    products: dict[tuple[int, int], int] = {}
    load: dict[str, int] = {}
    alike: dict[StageDemand, int] = {}
    order: list[int] = []
    vectors = digital = 0
    for stage in stages:
        own: dict[str, int] = {}
        for matrix in stage.matrices:
            shape = (matrix.rows, matrix.cols)
            products[shape] = products.get(shape, 0) + matrix.calls * (matrix.active or matrix.matrices)
            storage = matrix.stored_as or matrix.name  # `matrix.storage`, without the call of a property
            own[storage] = own.get(storage, 0) + matrix.calls
            vectors += matrix.calls
        for storage, calls in own.items():
            load[storage] = load.get(storage, 0) + calls
        one = _stage_demand(stage, _busiest(own, copies, in_turn))
        order.append(alike.setdefault(one, len(alike)))
        digital += stage.digital_ops
    macs = sum(rows * cols * times for (rows, cols), times in products.items())
    demand = ChipDemand(
        tiles=0,
        inputs=0,
        outputs=0,
        passed=0,
        macs=macs,
        vectors=vectors,
        digital_ops=digital,
        ops=convention.ops_per_static_mac * macs + digital,
        busiest=_busiest(load, copies, in_turn),
        stages=tuple(one._replace(alike=order.count(place)) for one, place in alike.items()),
        order=tuple(order),
    )
    return CountedWork(demand, products)


def demand_of(stages: tuple[Stage, ...], layout: Layout, convention: CountingConvention) -> ChipDemand:
    """Return what the stages of a network ask for in one inference, as the network is laid out on tiles."""
    counted = count(stages, convention, layout.copies, layout.in_turn)
    inputs, outputs = values_of(counted, layout.tile)
    passed = passed_by(counted, layout.tile)
    return counted.demand._replace(tiles=layout.tiles, inputs=inputs, outputs=outputs, passed=passed)


def passed_by(counted: CountedWork, tile: TileShape) -> int:
    """Count the weights, used or not, of all tiles that the vectors of one inference pass."""
    return tile.cells * sum(tiles_passed(*shape, tile) * times for shape, times in counted.products.items())


def tiles_passed(rows: int, cols: int, tile: TileShape) -> int:
    """Count the tiles that one vector passes in one matrix."""
    return ceil_div(rows, tile.rows) * ceil_div(cols, tile.cols)


def values_of(counted: CountedWork, tile: TileShape) -> tuple[int, int]:
    """Count values into tiles, and out of them, for one inference."""
    inputs = outputs = 0
    for shape, times in counted.products.items():
        into, out = values_of_matrix(*shape, tile)
        inputs += into * times
        outputs += out * times
    return inputs, outputs


def values_of_matrix(rows: int, cols: int, tile: TileShape) -> tuple[int, int]:
    """Count values into the tiles of one matrix, and out of them, for one vector."""
    return rows * ceil_div(cols, tile.cols), cols * ceil_div(rows, tile.rows)


def _busiest(load: Mapping[str, int], copies: Mapping[str, int], in_turn: tuple[PackedTiles, ...]) -> int:
    """Return the slots of the busiest tile, from vectors by the name of stored weights."""
    if copies:
        alone = max((ceil_div(calls, copies.get(storage, 1)) for storage, calls in load.items()), default=0)
    else:
        alone = max(load.values(), default=0)
    return max(alone, _in_turn(load, in_turn)) if in_turn else alone


def _in_turn(load: Mapping[str, int], shared: Iterable[PackedTiles]) -> int:
    return max(sum(load.get(storage, 0) * held for storage, held in tiles.held) for tiles in shared)


def _stage_demand(stage: Stage, vectors: int) -> StageDemand:
    fill = sum([lookahead_of(matrix, vectors) for matrix in stage.matrices if matrix.lookahead])
    waits = vectors if stage.recurrent else min(vectors, 1)
    return StageDemand(
        alike=1,
        vectors=vectors,
        span=vectors + fill,
        waits=waits,
        depth=stage.depth,
        digital_ops=stage.digital_ops,
    )


def lookahead_of(matrix: StaticMatmul, vectors: int) -> float:
    """Return the slots until a window of the layer is filled, at the pace of the pipeline's slowest layer.

    Args:
        matrix: the layer.
        vectors: slots of the slowest layer.
    """
    return matrix.lookahead * vectors / matrix.calls if matrix.lookahead else 0.0
