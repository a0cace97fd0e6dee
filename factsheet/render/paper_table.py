"""Tables on paper: cut where they are too wide, and the width of each column reckoned from what stands in it.

Widths are given rather than left to the layout: working them out takes WeasyPrint a third of its time, and a word of
any length must not push a column off the page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.views.page import TableBlock

MOST_COLUMNS = 8
_LINE = 84
"""Characters that fit beside each other in a table as wide as the page."""
_LONGEST_WORD = 16
_LONGEST_TEXT = 44
_PADDING = 3
_UNBROKEN = 14
"""A text no longer than this stays on one line where there is room: a figure with its unit."""


def parts(block: TableBlock) -> tuple[TableBlock, ...]:
    """The table in parts of at most `MOST_COLUMNS` columns, each with the column that names the rows."""
    width = len(block.header)
    if width <= MOST_COLUMNS:
        return (block,)
    made = []
    for start in range(1, width, MOST_COLUMNS - 1):
        end = min(start + MOST_COLUMNS - 1, width)
        kept = (0, *range(start, end))
        made.append(
            replace(
                block,
                caption=f"{block.caption} (columns {start + 1} to {end} of {width})",
                header=tuple(block.header[i] for i in kept),
                numeric=tuple(new for new, old in enumerate(kept) if old in block.numeric),
                rows=tuple(tuple(row[i] for i in kept) for row in block.rows),
                closing=tuple(tuple(row[i] for i in kept) for row in block.closing),
            )
        )
    return tuple(made)


def widths(rows: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """The share of the width that each column gets, in percent.

    A column gets its longest word, as far as that fits; what is left goes to those whose texts would break.

    Args:
        rows: the texts of every row, the header among them, as many in each.
    """
    if not rows:
        return ()
    columns = list(zip(*rows, strict=True))
    least = [
        min(_LONGEST_WORD, max((len(word) for text in column for word in _words(text)), default=1)) + _PADDING
        for column in columns
    ]
    wish = [
        max(low, min(_LONGEST_TEXT, max(map(len, column))) + _PADDING)
        for low, column in zip(least, columns, strict=True)
    ]
    spare = max(0, _LINE - sum(least))
    wanted = sum(wish) - sum(least)
    share = [
        low + (spare * (high - low) / wanted if wanted else spare / len(columns))
        for low, high in zip(least, wish, strict=True)
    ]
    return tuple(round(100 * part / sum(share), 2) for part in share)


def _words(text: str) -> list[str]:
    return [text] if len(text) <= _UNBROKEN else text.split()
