"""Scale a chip's constants to tiles of another size than its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.hardware.constants import Constant, weakest

if TYPE_CHECKING:
    from factsheet.crossbar.mapping import TileShape
    from factsheet.hardware.constants import ChipConstants

RULE = "area and standing power go with the cells of a tile, times and energies of a cell or value stay"


def resized(constants: ChipConstants, tile: TileShape) -> ChipConstants:
    """Return the constants for a tile: of a geometry that the profile knows, else as a change of size makes them.

    Rows and columns are read in parallel, so a vector takes no longer; a cell and a converter take the energy that they
    took. Area, power and the tiles of a chip go with the cells, which neglects that converters go with the sides.
    """
    for known in (constants, *constants.others):
        if (tile.rows, tile.cols) == (known.rows, known.cols):
            return known
    ratio = tile.cells / (constants.rows * constants.cols)
    fitting = constants.tiles_per_chip
    return constants._replace(
        rows=tile.rows,
        cols=tile.cols,
        tile_power=_times(constants.tile_power, ratio),
        tile_area=_times(constants.tile_area, ratio),
        tile_overhead_area=_times(constants.tile_overhead_area, ratio),
        tiles_per_chip=None if fitting is None else max(1, int(fitting / ratio)),
    )


def _times(constant: Constant | None, ratio: float) -> Constant | None:
    if constant is None:
        return None
    return Constant(
        value=constant.value * ratio,
        standing=weakest((constant.standing, "inferred")),
        source=constant.source,
        formula=f"({constant.formula or 'the usual one'}) · {ratio:g}, in proportion to the cells of a tile",
        fitted_to=constant.fitted_to,
    )
