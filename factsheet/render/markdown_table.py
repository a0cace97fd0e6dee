"""Tables in GitHub's Markdown, aligned so that they read well unrendered too."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from factsheet.render.escape import escape

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_WIDEST = 72
"""A column wider than this is not padded, nor are those after it: one long cell would push them off the screen."""


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Collection[int] = (),
    closing: Sequence[Sequence[str]] = (),
) -> str:
    """A table of plain texts, which are escaped here.

    Args:
        header: the heading of each column.
        rows: cells, as many in each row as in the header; `Markup` is Markdown already.
        numeric: the columns to align to the right.
        closing: last rows, in bold.
    """
    grid = [
        [escape(cell) for cell in header],
        *([_cell(cell) for cell in row] for row in rows),
        *([f"**{escape(cell)}**" if cell else "" for cell in row] for row in closing),
    ]
    widths = [max(3, *(_width(row[column]) for row in grid)) for column in range(len(header))]
    wide = next((column for column, width in enumerate(widths) if width > _WIDEST), len(widths))
    widths = [width if column < wide else 0 for column, width in enumerate(widths)]
    right = [column in numeric for column in range(len(header))]
    lines = [
        _line([_padded(cell, w, r) for cell, w, r in zip(row, widths, right, strict=True)]) for row in grid
    ]
    dashes = [f"{'-' * (max(w, 3) - r)}{':' * r}" for w, r in zip(widths, right, strict=True)]
    return "\n".join((lines[0], _line(dashes), *lines[1:]))


def _cell(cell: str) -> str:
    """A cell's Markdown: what is made ready already stays as it is."""
    return str(cell) if hasattr(cell, "__html__") else escape(cell)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _padded(cell: str, width: int, right: bool) -> str:
    space = " " * max(0, width - _width(cell))
    return space + cell if right else cell + space


def _width(text: str) -> int:
    """Columns that a text takes in a terminal or editor."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    unseen = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - unseen
