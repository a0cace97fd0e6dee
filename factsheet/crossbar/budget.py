"""A budget of tiles: what fits, what stays out, and which chip each matrix lies on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.workload import Network, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.layout import Layout
    from factsheet.crossbar.mapping import MappedMatrix


class Fit(NamedTuple):
    """A layout against a number of tiles."""

    tiles: int
    """Tiles that it takes."""
    available: int
    kept: tuple[MappedMatrix, ...]
    left_out: tuple[MappedMatrix, ...]
    """Matrices that find no place; they would have to stay digital."""

    @property
    def fits(self) -> bool:
        """Whether everything finds a place."""
        return not self.left_out


class Placement(NamedTuple):
    """The chips that one matrix lies on, counted from 0; a matrix may be cut between two."""

    mapped: MappedMatrix
    first: int
    last: int


def fit(layout: Layout, available: int) -> Fit:
    """Give tiles to matrices in order of execution, until they run out; smaller ones that follow may still fit.

    Tiles that several matrices share are given away together, before all others. Where these are too few for them,
    each of their matrices is taken by itself.

    Args:
        layout: how the network lies on tiles.
        available: tiles that there are.
    """
    left = available
    kept: list[MappedMatrix] = []
    out: list[MappedMatrix] = []
    if layout.shared and sum(tiles.tiles for tiles in layout.shared) <= left:
        left -= sum(tiles.tiles for tiles in layout.shared)
        packed = layout.packed
    else:
        packed = frozenset()
    for mapped in layout.mapping.matrices:
        storage = mapped.matrix.storage
        copies = layout.copies.get(storage, 1)
        needed = 0 if storage in packed else mapped.tiles * copies
        (kept if needed <= left else out).append(mapped)
        left -= needed if needed <= left else 0
    return Fit(layout.tiles, available, tuple(kept), tuple(out))


def left_digital(network: Network, found: Fit) -> Network:
    """The network with the matrices that find no place in digital memory; nodes that share weights move together."""
    out = {mapped.matrix.storage for mapped in found.left_out}
    moved = (
        operator._replace(on="digital")
        if isinstance(operator, StaticMatmul) and operator.storage in out
        else operator
        for operator in network.operators
    )
    return Network(network.name, tuple(moved), network.omitted, network.assumed)


def placements(layout: Layout, tiles_per_chip: int) -> Iterator[Placement]:
    """The chips of each matrix, filled one after the other in order of execution.

    Tiles that matrices share come first.
    """
    before = sum(tiles.tiles for tiles in layout.shared)
    for mapped in layout.mapping.matrices:
        tiles = layout.tiles_of(mapped)
        if tiles:
            yield Placement(mapped, before // tiles_per_chip, (before + tiles - 1) // tiles_per_chip)
        before += tiles
