"""Tables on paper: cut where they are too wide, and the width of each column reckoned from what stands in it.

Widths are given rather than left to the layout: working them out takes WeasyPrint a third of its time, and a word of
any length must not push a column off the page.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from factsheet.views.page import TableBlock

MOST_COLUMNS = 8
_LINE = 84
"""Characters that fit beside each other in a table as wide as the page."""
SMALL_FROM = 6
"""A table of more columns than these is set smaller."""
_SMALL_LINE = 98
_LONGEST_WORD = 16
_LONGEST_TEXT = 44
_PADDING = 3
_UNBROKEN = 14
"""A text no longer than this stays on one line where there is room."""
_FIGURE = 22
"""A figure with its unit stays on one line if it is no longer than this: `21.04 k inferences/s`."""


def parts(block: TableBlock) -> tuple[TableBlock, ...]:
    """The table in parts of at most `MOST_COLUMNS` columns, each with the column that names the rows."""
    width = len(block.header)
    if width <= MOST_COLUMNS:
        return (block,)
    made = []
    # As many columns in each part, give or take one: a part of a single column tells little.
    count = -(-(width - 1) // (MOST_COLUMNS - 1))
    ends = [1 + (width - 1) * part // count for part in range(count + 1)]
    for start, end in pairwise(ends):
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


def widths(rows: Sequence[Sequence[str]], numeric: Collection[int] = ()) -> tuple[float, ...]:
    """The share of the width that each column gets, in percent.

    A column gets its longest word, as far as that fits; what is left goes to those whose texts would break.

    Args:
        rows: the texts of every row, the header first, as many in each.
        numeric: columns of figures.
    """
    if not rows:
        return ()
    columns = list(zip(*rows, strict=True))
    least = [
        _least(column, _FIGURE if place in numeric else _UNBROKEN) for place, column in enumerate(columns)
    ]
    wish = [
        max(low, min(_LONGEST_TEXT, max(map(len, column))) + _PADDING)
        for low, column in zip(least, columns, strict=True)
    ]
    spare = max(0, (_SMALL_LINE if len(columns) > SMALL_FROM else _LINE) - sum(least))
    wanted = sum(wish) - sum(least)
    share = [
        low + (spare * (high - low) / wanted if wanted else spare / len(columns))
        for low, high in zip(least, wish, strict=True)
    ]
    return tuple(round(100 * part / sum(share), 2) for part in share)


def _least(column: Sequence[str], unbroken: int) -> int:
    """Characters that a column needs for its longest word, or for texts that stay on one line."""
    words = [word for text in column[:1] for word in text.split()]
    words += [word for text in column[1:] for word in ([text] if len(text) <= unbroken else text.split())]
    return min(max(_LONGEST_WORD, unbroken), max(map(len, words), default=1)) + _PADDING
