"""The tile that a sheet states: its geometry, or why what is stated gives none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.crossbar.mapping import TileShape

if TYPE_CHECKING:
    from factsheet.sheet.model import SheetFields


def stated_tile(sheet: SheetFields) -> TileShape | None:
    """Return the sheet's tile; `None` where it states none that matrices can be divided by."""
    tile = None if sheet.parameters is None else sheet.parameters.tile
    if tile is None or not tile.rows.whole or not tile.cols.whole:
        return None
    return TileShape(tile.rows.whole, tile.cols.whole)


def tile_left_open(sheet: SheetFields) -> str:
    """Return which side of the sheet's tile has no size, with the sheet's reason; empty where nothing is left open."""
    tile = None if sheet.parameters is None else sheet.parameters.tile
    if tile is None:
        return ""
    sides = {"rows": tile.rows, "columns": tile.cols}
    return " and ".join(
        f"the sheet gives no number of {name} of a tile ({side.words()})"
        for name, side in sides.items()
        if not side.whole
    )
