"""The fields of a sheet that a recomputed figure depends on, by their places.

A finding names all of them: any of them may be the one that is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.facts.fact import Fact
from factsheet.networks.layer_layout import LayoutPlan
from factsheet.recompute.interpretations import is_large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factsheet.networks.answers import Answer
    from factsheet.networks.declared import Declaration, NetworkStructure
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.source.document import KeyPath

    Related = tuple[tuple[KeyPath, str], ...]
    Figure = Callable[[NetworkStructure], Any]

MOST_ROWS = 60
"""Layers or operators of a list that are named one by one; of a longer one, the whole list is."""


def structure_inputs(known: Declaration, figure: Figure) -> Related:
    """Return the fields of a declared network that a figure depends on, each with what it says.

    A field counts if the figure is another one, or the network impossible, with another answer.

    Args:
        known: the network as it is declared.
        figure: works out the figure.
    """
    found = () if is_large(known) else tuple(_structure_inputs(known, figure))
    return found or ((known.path, "what it is recomputed from"),)


def _structure_inputs(known: Declaration, figure: Figure) -> Iterator[tuple[KeyPath, str]]:
    value = figure(known.structure)
    if figure(known.structure._replace(layout=LayoutPlan())) != value:
        yield (known.path[0], "layout"), "where its layers are"
    if isinstance(known.declared, tuple):
        yield from _rows(known.path, known.declared)
        return
    for field, given in vars(known.declared).items():
        path = (*known.path, field)
        if isinstance(given, tuple):
            yield from _rows(path, given)
        elif isinstance(given, Fact) and given.absence is None:
            other = _another(given)
            if other is None or _with(known, field, other, figure) != value:
                yield path, f"`{field}` is {given.words()}"


def _rows(path: KeyPath, rows: tuple[Any, ...]) -> Iterator[tuple[KeyPath, str]]:
    if len(rows) > MOST_ROWS:
        yield path, f"the {len(rows)} rows that it is recomputed from"
        return
    for index, row in enumerate(rows):
        yield (*path, index), f"`{getattr(row, 'name', None) or index + 1}` enters it"


def _another(given: Fact) -> Answer | None:
    """Return another answer than the one given; `None` for a word of a closed set, whose others may not fit."""
    if given.flag is not None:
        return not given.flag
    if given.whole is not None:
        return 2 * given.whole
    return tuple(2 * each for each in given.wholes) or None


def _with(known: Declaration, field: str, answer: Answer, figure: Figure) -> Any:
    """Return the figure with another answer of a field; `None` where there is no such network."""
    from factsheet.errors import WorkloadError  # start-up: only where a claim differs
    from factsheet.networks.answers import Answers

    try:
        shape = known.family.read(Answers(known.declared, {field: answer}))
        return figure(known.structure._replace(shape=shape))
    except WorkloadError:
        return None


class TileGeometry(NamedTuple):
    """Rows and columns of an array, and devices that hold a weight, as far as the sheet says."""

    rows: int | None = None
    cols: int | None = None
    devices: int | None = None


def geometry_of(sheet: SheetFields) -> TileGeometry:
    """Return the geometry of the sheet's tile."""
    tile = None if sheet.parameters is None else sheet.parameters.tile
    if tile is None:
        return TileGeometry()
    each = tile.devices_per_weight
    return TileGeometry(tile.rows.whole, tile.cols.whole, None if each is None else each.whole)


def tile_inputs(sheet: SheetFields, fields: tuple[str, ...]) -> Related:
    """Return the sides of the sheet's tile that are given."""
    tile = None if sheet.parameters is None else sheet.parameters.tile
    return tuple(
        (("parameters", "tile", field), f"`{field}` is {fact.words()}")
        for field in fields
        if tile is not None and (fact := getattr(tile, field)) is not None
    )


def point_inputs(row: OperatingPoint, path: KeyPath) -> Related:
    """Return what places an operating point: its sequence length, its batch and how operations are counted."""
    return tuple(
        ((*path, field), f"`{field}` is {answer}")
        for field in ("seq_len", "batch", "counting")
        if (answer := getattr(row, field)) is not None
    )
