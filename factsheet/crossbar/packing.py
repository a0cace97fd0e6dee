"""Puts several small matrices on one tile, where a chip allows that.

`diagonal`: matrices on a tile share no row and no column, so that all can be read at once. `dense`: they stand side by
side on shelves, as rectangles are packed first-fit by decreasing height (Coffman et al. 1980), which takes fewer tiles;
but matrices of one tile then have to be read one after the other. Only matrices that fit into one tile whole are
packed, and those with copies of their own are not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.crossbar.mapping import TileShape

Packing = Literal["none", "diagonal", "dense"]
PACKINGS: tuple[Packing, ...] = get_args(Packing)


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
