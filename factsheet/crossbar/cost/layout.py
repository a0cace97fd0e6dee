"""Lay a network out on a chip: its mapping, copies of layers, and tiles that several small matrices share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.crossbar.mapping import NO_COPIES, ceil_div, map_network
from factsheet.errors import CostError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from factsheet.crossbar.mapping import MappedMatrix, TileMapping, TileShape
    from factsheet.networks.operators import Network

Packing = Literal["none", "diagonal", "dense"]


class Small(NamedTuple):
    """Matrices of one shape that fit into a tile."""

    storage: str
    rows: int
    cols: int
    matrices: int


class PackedTiles(NamedTuple):
    """Tiles that hold the same matrices each."""

    tiles: int
    held: tuple[tuple[str, int], ...]
    """On each: the name of stored weights, and how many of their matrices."""


@dataclass(slots=True)
class _Open:
    """A tile with room."""

    rows: int
    cols: int
    diagonal: bool
    shelves: list[int] = field(default_factory=list)
    """Of a dense tile: columns that are free. The tallest matrices come first, so each shelf is tall enough."""
    held: dict[str, int] = field(default_factory=dict)

    def put(self, small: Small, wanted: int) -> int:
        """Put as many as fit, and say how many."""
        put = self._along(small, wanted) if self.diagonal else self._on_shelves(small, wanted)
        if put:
            self.held[small.storage] = self.held.get(small.storage, 0) + put
        return put

    def _along(self, small: Small, wanted: int) -> int:
        put = min(wanted, self.rows // small.rows, self.cols // small.cols)
        self.rows -= put * small.rows
        self.cols -= put * small.cols
        return put

    def _on_shelves(self, small: Small, wanted: int) -> int:
        put = 0
        for place, free in enumerate(self.shelves):
            more = min(wanted - put, free // small.cols)
            self.shelves[place] -= more * small.cols
            put += more
        while put < wanted and self.rows >= small.rows:
            more = min(wanted - put, self.cols // small.cols)
            self.shelves.append(self.cols - more * small.cols)
            self.rows -= small.rows
            put += more
        return put


def pack(smalls: Iterable[Small], tile: TileShape, packing: Packing) -> tuple[PackedTiles, ...]:
    """Put matrices on tiles, the tallest first, each on the first that has room.

    Args:
        smalls: matrices that fit into one tile.
        tile: geometry of a tile.
        packing: `diagonal` or `dense`; `none` gives each matrix a tile.
    """
    if packing == "none":
        return tuple(PackedTiles(small.matrices, ((small.storage, 1),)) for small in smalls)
    opened: list[_Open] = []
    full: list[PackedTiles] = []
    for small in sorted(smalls, key=lambda one: (-one.rows, -one.cols)):
        left = small.matrices
        for place in opened:
            left -= place.put(small, left)
        if not left:
            continue
        last = _Open(tile.rows, tile.cols, packing == "diagonal")
        each = last.put(small, left)
        alike, rest = divmod(left, each)
        if rest:
            last = _Open(tile.rows, tile.cols, packing == "diagonal")
            last.put(small, rest)
        else:
            alike -= 1  # the last of them stays open for smaller ones
        if alike:
            full.append(PackedTiles(alike, ((small.storage, each),)))
        opened.append(last)
    return (*full, *(PackedTiles(1, tuple(place.held.items())) for place in opened))


@dataclass(frozen=True)  # without slots, so that sums are worked out once
class Layout:
    """How a network is laid out: its mapping, copies of some of its matrices, and what shares a tile."""

    network: Network
    tile: TileShape
    copies: Mapping[str, int]
    """Copies of a stored matrix, by the name of its weights; one where it is not named."""
    packing: Packing = "none"
    shared: tuple[PackedTiles, ...] = ()
    """Tiles with several matrices, or with one that might have shared its tile."""

    @cached_property
    def mapping(self) -> TileMapping:
        """Each matrix on tiles of its own."""
        return map_network(self.network, self.tile, NO_COPIES)

    @cached_property
    def packed(self) -> frozenset[str]:
        """Names of the stored weights that are on `shared` tiles."""
        return frozenset(storage for tiles in self.shared for storage, _ in tiles.held)

    @cached_property
    def tiles(self) -> int:
        """Tiles in all, copies included."""
        if not self.copies and not self.shared:
            return tiles_for(stored_shapes(self.network), self.tile)
        alone = sum(self.tiles_of(mapped) for mapped in self.mapping.matrices)
        return alone + sum(tiles.tiles for tiles in self.shared)

    def tiles_of(self, mapped: MappedMatrix) -> int:
        """Count the tiles of one stored matrix and its copies; none of those that it shares."""
        storage = mapped.matrix.storage
        return 0 if storage in self.packed else mapped.tiles * self.copies.get(storage, 1)

    @cached_property
    def in_turn(self) -> tuple[PackedTiles, ...]:
        """Tiles whose matrices have to be read one after the other."""
        return self.shared if self.packing == "dense" else ()


def lay_out(
    network: Network,
    tile: TileShape,
    *,
    packing: Packing = "none",
    copies: Mapping[str, int] | None = None,
) -> Layout:
    """Map a network, with small matrices packed and with copies of others.

    Args:
        network: its operators.
        tile: geometry of a tile.
        packing: how matrices that fit into one tile share tiles.
        copies: of stored matrices, by the name of their weights.

    Raises:
        CostError: copies are asked for of a matrix that there is not or that is recurrent, or fewer than one.
    """
    asked = copies
    if asked is None:
        stored = {
            matrix.storage for matrix in network.analog_stored
        }  # siblings that were fused have new names
        asked = {storage: count for storage, count in network.copies.items() if storage in stored}
    wanted = {storage: count for storage, count in asked.items() if count != 1}
    if wanted:
        _check_copies(wanted, network)
    if packing == "none":
        return Layout(network, tile, wanted)

    smalls = [
        Small(matrix.storage, matrix.rows, matrix.cols, matrix.matrices)
        for matrix in network.analog_stored
        if matrix.rows <= tile.rows and matrix.cols <= tile.cols and matrix.storage not in wanted
    ]
    return Layout(
        network=network, tile=tile, copies=wanted, packing=packing, shared=pack(smalls, tile, packing)
    )


def stored_shapes(network: Network) -> Mapping[tuple[int, int], int]:
    """Count the stored matrices on tiles, by rows and columns."""
    shapes: dict[tuple[int, int], int] = {}
    for matrix in network.analog_stored:
        shape = (matrix.rows, matrix.cols)
        shapes[shape] = shapes.get(shape, 0) + matrix.matrices
    return shapes


def tiles_for(shapes: Mapping[tuple[int, int], int], tile: TileShape) -> int:
    """Count the tiles that matrices of these shapes take, each on its own."""
    return sum(
        many * ceil_div(rows, tile.rows) * ceil_div(cols, tile.cols) for (rows, cols), many in shapes.items()
    )


def _check_copies(copies: Mapping[str, int], network: Network) -> None:
    known = {matrix.storage: matrix.kind for matrix in network.analog}
    for storage, count in copies.items():
        if storage not in known:
            raise CostError(
                f"{storage} is the name of no weights on tiles",
                "copies of it would go unnoticed in the figures",
                f"there are {', '.join(sorted(known)[:5])}{' and others' if len(known) > 5 else ''}",  # noqa: PLR2004  a line's worth
            )
        if known[storage] == "recurrent":
            raise CostError(
                f"{storage} belongs to a recurrent layer",
                "each of its vectors waits for the one before, so that copies would be idle",
                "leave it out",
            )
        if count < 1:
            raise CostError(
                f"{count} copies of {storage} are asked for",
                "a layer works on at least one",
                "give a whole number from 1 up",
            )
