"""A comparison of sheets as Markdown and as JSON; what cells say in words, for all formats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from factsheet._version import __version__
from factsheet.reports.markdown_words import escape
from factsheet.reports.text import encodable, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.comparing.columns import ComparedCell, ComparedColumn
    from factsheet.comparing.comparison import ComparedRow, RowKind, SheetComparison

SCHEMA = "factsheet.compare/1"
TITLES: Mapping[RowKind, str] = {
    "about": "What they are",
    "figure": "Figures",
    "score": "Scores",
    "further": "Further figures that several state",
}
_LONGEST = 200


def answer_of(cell: ComparedCell) -> str:
    """Return what a cell says, on one line, cut where it is long; `-` for nothing."""
    text = one_line(cell.text)
    return (text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…") or "-"


def remark_of(row: ComparedRow, index: int) -> str:
    """Return what goes with a cell: how it came about, and how it compares with the first column."""
    compared = row.compared[index] if row.compared else None
    parts = (row.cells[index].about, compared.words if compared is not None else "")
    return one_line("; ".join(part for part in parts if part))


def comparison_markdown(compared: SheetComparison) -> str:
    """Write a comparison as Markdown, a table for each part."""
    names = [_cell(column.name) for column in compared.columns]
    lines = [f"# {' · '.join(names)}", "", f"{escape(one_line(compared.point))}.", ""]
    for kind, title in TITLES.items():
        rows = compared.of(kind)
        if rows:
            lines += [f"## {title}", "", f"|  | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
            lines += [*(_line(row) for row in rows), ""]
    if compared.notes:
        lines += ["## Notes", "", *(f"- {escape(one_line(note))}" for note in compared.notes), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _line(row: ComparedRow) -> str:
    cells = []
    for index, cell in enumerate(row.cells):
        remark = remark_of(row, index)
        cells.append(_cell(answer_of(cell)) + (f"<br><sub>{_cell(remark)}</sub>" if remark else ""))
    return f"| {_cell(row.label)} | {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return escape(one_line(text))


def comparison_json(compared: SheetComparison) -> str:
    """Write a comparison as JSON, in ASCII; keys are only ever added to version 1."""
    data = {
        "schema": SCHEMA,
        "tool": {"name": "factsheet", "version": __version__},
        "columns": [_column(column) for column in compared.columns],
        "point": encodable(compared.point),
        "rows": [_row(row) for row in compared.rows],
        "notes": [encodable(note) for note in compared.notes],
    }
    return json.dumps(data, indent=2) + "\n"


def _column(column: ComparedColumn) -> dict[str, Any]:
    seq_len, batch = column.point
    return {
        "name": encodable(column.name),
        "device": column.device or None,
        "seq_len": seq_len,
        "batch": batch,
        "problem": encodable(column.problem) or None,
    }


def _row(row: ComparedRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "name": encodable(row.name),
        "label": encodable(row.label),
        "higher_is_better": row.higher,
        "cells": list(_cells(row)),
    }


def _cells(row: ComparedRow) -> Iterator[dict[str, Any]]:
    for index, cell in enumerate(row.cells):
        compared = row.compared[index] if row.compared else None
        reach = cell.reach
        yield {
            "text": encodable(cell.text) or None,
            "value": cell.value,
            "low": None if reach is None or abs(reach.low) == float("inf") else reach.low,
            "high": None if reach is None or abs(reach.high) == float("inf") else reach.high,
            "origin": cell.origin,
            "about": encodable(cell.about) or None,
            "note": encodable(cell.note) or None,
            "compared": None
            if compared is None
            else {
                "words": encodable(compared.words),
                "effect": compared.effect,
                "verdict": compared.verdict,
                "ratio": compared.ratio,
            },
        }
