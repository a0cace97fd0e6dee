"""Lay out training and test data together, so that what they share is shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.model import Note, TableBlock
from factsheet.pages.rows import row_for
from factsheet.sheet.labels import label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.model import FactRow

_TRAINING, _TEST = "training_data.", "test_data."
_CELL_LENGTH = 160
_NOTHING = "–"


def data_tables(inputs: PageInputs, paths: Sequence[str]) -> tuple[TableBlock, ...]:
    """Return what training and test data have alike, then where they differ.

    Long prose, and links that are not the same for both, stay out of it. Empty unless both have answers among `paths`.
    """
    rows = {
        path: row_for(inputs, path, inputs.placed[path], "full")
        for path in paths
        if path.startswith((_TRAINING, _TEST))
    }
    fitting = {
        path: row for path, row in rows.items() if len(row.answer) <= _CELL_LENGTH and row.kind != "link"
    }
    if not all(any(path.startswith(side) for path in fitting) for side in (_TRAINING, _TEST)):
        return ()
    stated = [row.provenance_text for row in fitting.values()]
    usual = max(dict.fromkeys(stated), key=stated.count)
    alike, unlike = [], []
    names = dict.fromkeys(path.split(".", 1)[1] for path in fitting)
    for name in names:
        pair = [_cell(fitting.get(side + name), usual) for side in (_TRAINING, _TEST)]
        if pair[0] == pair[1]:
            alike.append((name, pair[:1]))
        else:
            unlike.append((name, pair))
    captions = ("Training and test data alike", "Where they differ")
    headers = (("About", "Training and test data"), ("About", "Training data", "Test data"))
    others = "" if set(stated) == {usual} else ", unless a cell says otherwise"
    told_once = f"All {usual}{others}."
    last = headers[1] if unlike else headers[0]
    made = [
        TableBlock(
            caption=caption,
            header=header,
            numeric=(),
            rows=tuple((label(name.rsplit(".", 1)[-1]), *cells) for name, cells in lines),
            provenance=told_once if header is last else None,
            notes=_notes(fitting, [name for name, _ in lines]),
            paths=tuple(
                side + name for name, _ in lines for side in (_TRAINING, _TEST) if side + name in fitting
            ),
        )
        for caption, header, lines in zip(captions, headers, (alike, unlike), strict=True)
        if lines
    ]
    return tuple(made)


def _notes(rows: Mapping[str, FactRow], names: Sequence[str]) -> tuple[Note, ...]:
    return tuple(
        Note(rows[path].label, note)
        for name in names
        for path in (_TRAINING + name, _TEST + name)
        if path in rows and (note := rows[path].note) is not None
    )


def _cell(row: FactRow | None, usual: str) -> str:
    if row is None:
        return _NOTHING
    return row.answer if row.provenance_text == usual else f"{row.answer} ({row.provenance_text})"
