"""Scores over time after programming, as one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.views.page import Note, TableBlock
from factsheet.views.rows import row_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.views.material import Material

OVER_TIME = "robustness.over_time["
_NOTHING = "–"


def drift_table(material: Material, paths: Sequence[str]) -> TableBlock:
    """The table of the answered points, in the sheet's order; a score names its origin if it is not the usual one."""
    robustness = material.sheet.robustness
    points = () if robustness is None else tuple(robustness.over_time or ())
    rows = {path: row_for(material, path, material.placed[path], "full") for path in paths}
    told = [row.standing_text for row in rows.values()]
    usual = max(dict.fromkeys(told), key=told.count)
    lines, notes = [], []
    for index, point in enumerate(points):
        after, score = (rows.get(f"{OVER_TIME}{index}].{name}") for name in ("after", "score"))
        cells = []
        for row in (after, score):
            own = "" if row is None or row.standing_text == usual else f" ({row.standing_text})"
            cells.append(_NOTHING if row is None else f"{row.answer}{own}")
        lines.append(tuple(cells))
        said = [row.note for row in (after, score) if row is not None and row.note is not None]
        said += [] if point.note is None else [" ".join(point.note.split())]
        notes += [Note(f"After {cells[0]}", text) for text in said]
    others = "" if len(set(told)) == 1 else ", unless a cell says otherwise"
    return TableBlock(
        caption="Score over time",
        header=("After programming", "Score"),
        numeric=(0, 1),
        rows=tuple(lines),
        standing=f"All {usual}{others}.",
        notes=tuple(notes),
        paths=tuple(paths),
    )
