"""Lay out lists that only a template has: one table for each, with a row for each of its entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.pages.model import TableBlock
from factsheet.pages.rows import row_for
from factsheet.readers.audience import STUDY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.pages.inputs import PageInputs

_ROW = re.compile(r"([^\[]+)\[(\d+)\]\.([^.\[]+)")
_DRAWN = ("parameters.operating_points", "robustness.over_time", "robustness.over_noise")
"""Lists of the package's own that have tables of their own."""
_NOTHING = "–"


def own_lists(inputs: PageInputs, paths: Sequence[str]) -> Iterator[TableBlock]:
    """Yield a table for each list of the template's own among the fields at `paths`."""
    if inputs.sheet.audience is STUDY:
        return
    found: dict[str, dict[int, dict[str, str]]] = {}
    for path in paths:
        match = _ROW.fullmatch(path)
        if match is not None and match[1] not in _DRAWN:
            found.setdefault(match[1], {}).setdefault(int(match[2]), {})[match[3]] = path
    for above, rows in found.items():
        keys = tuple(dict.fromkeys(key for cells in rows.values() for key in cells))
        held = [path for cells in rows.values() for path in cells.values()]
        shown = [row_for(inputs, path, inputs.placed[path], "full") for path in held]
        stated = {row.provenance.text for row in shown}
        answers = {row.path: row.answer for row in shown}
        yield TableBlock(
            caption=inputs.words(above),
            header=tuple(inputs.words(f"{above}[0].{key}") for key in keys),
            numeric=tuple(
                place
                for place, key in enumerate(keys)
                if all(
                    inputs.placed[cells[key]].fact.quantity is not None
                    for cells in rows.values()
                    if key in cells
                )
            ),
            rows=tuple(
                tuple(answers[cells[key]] if key in cells else _NOTHING for key in keys)
                for cells in rows.values()
            ),
            provenance=stated.pop() if len(stated) == 1 else None,
            paths=tuple(held),
        )
