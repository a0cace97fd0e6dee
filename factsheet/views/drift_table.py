"""Scores over time after programming, as one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.views.page import Note, TableBlock
from factsheet.views.rows import LINE_LENGTH, row_for

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
    # A time says nothing of its own; what counts is where scores are from.
    told = [
        row.standing_text for path, row in rows.items() if path.endswith(".score") or row.states_standing
    ] or [row.standing_text for row in rows.values()]
    usual = max(dict.fromkeys(told), key=told.count)
    given = [point.note for point in points if point.note is not None]
    beside = bool(given) and max(map(len, given)) <= LINE_LENGTH
    lines, notes = [], []
    for index, point in enumerate(points):
        after, score = (rows.get(f"{OVER_TIME}{index}].{name}") for name in ("after", "score"))
        cells = []
        for row in (after, score):
            if row is None:
                cells.append(_NOTHING)
                continue
            silent = row.standing_text == usual or (row is after and not row.states_standing)
            cells.append(row.answer if silent else f"{row.answer} ({row.standing_text})")
        said = [row.note for row in (after, score) if row is not None and row.note is not None]
        own_note = "" if point.note is None else " ".join(point.note.split())
        said += [own_note] if own_note and not beside else []
        cells += [own_note or _NOTHING] if beside else []
        lines.append(tuple(cells))
        notes += [Note(f"After {cells[0]}", text) for text in said]
    others = "" if len(set(told)) == 1 else ", unless a cell says otherwise"
    return TableBlock(
        caption="Score over time",
        header=("After programming", "Score", *(("Note",) if beside else ())),
        numeric=(0, 1),
        rows=tuple(lines),
        standing=f"All {usual}{others}.",
        notes=tuple(notes),
        paths=tuple(paths),
    )
