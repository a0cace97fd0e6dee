"""Fit a network into a budget of tiles.

Says what fits and what does not, which chip each matrix is on, and which layers to copy so that a pipeline is even.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.mapping import NO_COPIES, ceil_div, map_network
from factsheet.errors import CostError, DoesNotFitError
from factsheet.networks.operators import StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.crossbar.cost.layout import Layout
    from factsheet.crossbar.mapping import MappedMatrix, TileShape
    from factsheet.networks.operators import Network


class Fit(NamedTuple):
    """A layout against a number of tiles."""

    tiles: int
    """Tiles that it takes."""
    available: int
    kept: tuple[MappedMatrix, ...]
    left_out: tuple[MappedMatrix, ...]
    """Matrices that do not fit; they would have to stay digital."""

    @property
    def fits(self) -> bool:
        """Whether everything finds a place."""
        return not self.left_out


class ChipSpan(NamedTuple):
    """The chips that one matrix is on, counted from 0; a matrix may be cut between two."""

    mapped: MappedMatrix
    first: int
    last: int


def fit(layout: Layout, available: int) -> Fit:
    """Give tiles to matrices in order of execution, until they run out; smaller ones that follow may still fit.

    Tiles that several matrices share are given away together, before all others. Where these are too few for them,
    each of their matrices is taken by itself.

    Args:
        layout: how the network is laid out on tiles.
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
    """Move the matrices that do not fit to digital memory; nodes that share weights move together."""
    out = {mapped.matrix.storage for mapped in found.left_out}
    moved = (
        operator._replace(on="digital")
        if isinstance(operator, StaticMatmul) and operator.storage in out
        else operator
        for operator in network.operators
    )
    return replace(network, operators=tuple(moved))


def placements(layout: Layout, tiles_per_chip: int) -> Iterator[ChipSpan]:
    """Yield the chips of each matrix, filled one after the other in order of execution.

    Tiles that matrices share come first.
    """
    before = sum(tiles.tiles for tiles in layout.shared)
    for mapped in layout.mapping.matrices:
        tiles = layout.tiles_of(mapped)
        if tiles:
            yield ChipSpan(mapped, before // tiles_per_chip, (before + tiles - 1) // tiles_per_chip)
        before += tiles


def balance(
    network: Network, tile: TileShape, *, tiles: int | None = None, slots: int | None = None
) -> Mapping[str, int]:
    """Choose copies of each stored matrix, such that none is occupied for more slots than it has to be.

    For a number of slots T, a layer of V vectors takes ⌈V / T⌉ copies. A recurrent layer takes one: each of its
    vectors waits for the one before.

    Args:
        network: its operators.
        tile: geometry of a tile.
        tiles: how many there are; T is then the least that they allow.
        slots: T itself.

    Returns:
        Copies by the name of the stored weights, of the matrices that have more than one.

    Raises:
        CostError: neither or both are given, or a number is below 1.
        DoesNotFitError: the network takes more tiles than there are without any copies.
    """
    target = tiles if slots is None else slots
    if (tiles is None) == (slots is None) or target is None or target < 1:
        raise CostError(
            "copies follow from a number of tiles or from a number of slots",
            "each says the other",
            "give one of them, a whole number from 1 up",
        )
    mapping = map_network(network, tile, NO_COPIES)
    load: dict[str, int] = {}
    for matrix in network.analog:
        load[matrix.storage] = load.get(matrix.storage, 0) + matrix.calls
    each = {mapped.matrix.storage: mapped.tiles for mapped in mapping.matrices}
    fixed = {matrix.storage for matrix in network.analog if matrix.kind == "recurrent"}
    if slots is not None:
        return _copies(load, fixed, slots)
    if mapping.tiles > target:
        from factsheet.crossbar.cost.layout import lay_out

        left_out = fit(lay_out(network, tile), target).left_out
        raise DoesNotFitError(mapping.tiles, target, tuple(mapped.matrix.name for mapped in left_out))
    low, high = 1, max((calls for storage, calls in load.items() if storage not in fixed), default=1)
    while low < high:
        middle = (low + high) // 2
        copies = _copies(load, fixed, middle)
        if sum(count * copies.get(storage, 1) for storage, count in each.items()) <= target:
            high = middle
        else:
            low = middle + 1
    return _copies(load, fixed, high)


def _copies(load: Mapping[str, int], fixed: set[str], slots: int) -> dict[str, int]:
    return {
        storage: copies
        for storage, calls in load.items()
        if storage not in fixed and (copies := ceil_div(calls, slots)) > 1
    }
