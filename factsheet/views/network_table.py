"""Layers that a sheet lists one by one, as a table: they are plain values and no facts, but readers want them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.sheet.labels import label
from factsheet.views.page import Note, TableBlock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.sheet.record import Node
    from factsheet.views.material import Material
    from factsheet.views.page import Depth

LISTED = ("model_architecture.convolutional.layers", "model_architecture.operators")
MOST_SHORT = 12
"""Rows of a table that is shown short."""
_NOTHING = "–"
_NAMES = {
    "does": "Weights",
    "each": "Used for each",
    "stored_as": "Shares the weights of",
    "adds": "Adds the output of",
    "input": "Takes the output of",
    "side": "Computed",
    "calls": "Input vectors",
}
_CLOSED = frozenset({"kind", "does", "each", "side", "normalisation"})
"""Keys whose answers are out of a closed list; others hold the author's own words."""
_WORDS = {
    "matrix": "stored",
    "product": "computed each time",
    "analog": "on tiles",
    "digital": "digitally",
    "max_pool": "max pool",
    "average_pool": "average pool",
    "global_pool": "global pool",
    "transposed_conv": "transposed conv",
    "batch_norm": "batch norm",
}


def network_tables(material: Material, depths: dict[str, Depth]) -> Iterator[TableBlock]:
    """A table for each list of layers that the sheet writes out, at the depths given by path."""
    for path in LISTED:
        rows = listed(material, path)
        if rows and path in depths:
            yield _table(path, rows, depths[path])


def listed(material: Material, path: str) -> Sequence[Node]:
    """The rows of a list of layers; empty where the sheet has none."""
    found: object = material.sheet
    for key in path.split("."):
        found = getattr(found, key, None)
    return found if isinstance(found, tuple) else ()


def _table(path: str, rows: Sequence[Node], depth: Depth) -> TableBlock:
    keys = [key for key in vars(rows[0]) if any(getattr(row, key) is not None for row in rows)]
    if "name" in keys:
        keys.remove("name")
        keys.insert(0, "name")
    cells = [
        (f"{number}", *(_cell(key, getattr(row, key)) for key in keys))
        for number, row in enumerate(rows, start=1)
    ]
    kept = cells[:MOST_SHORT] if depth == "short" else cells
    left = len(cells) - len(kept)
    numeric = tuple(
        place
        for place, key in enumerate(keys, start=1)
        if all(isinstance(getattr(row, key), int | None) for row in rows)
        and not any(isinstance(getattr(row, key), bool) for row in rows)
    )
    return TableBlock(
        caption="Layers as the sheet lists them",
        header=("No.", *(_NAMES.get(key, label(key)) for key in keys)),
        numeric=(0, *numeric),
        rows=tuple(kept),
        notes=(Note("Left out", f"{left:,} further layers"),) if left else (),
        paths=(path,),
        shortened=bool(left),
    )


def _cell(key: str, value: object) -> str:
    match value:
        case None:
            return _NOTHING
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case (height, width):
            return f"{height}" if height == width else f"{height} × {width}"
    return _WORDS.get(str(value), str(value)) if key in _CLOSED else str(value)
