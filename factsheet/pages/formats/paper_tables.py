"""Fit tables on paper, where nothing scrolls: in parts if they are wide, in columns that break few texts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from factsheet.pages.model import TableBlock

MOST_COLUMNS = 8
_LINE = 84
"""Characters that fit beside each other in a table as wide as the page."""
_SMALL_FROM = 6
"""A table of more columns than these is set smaller, and one whose figures would break."""
_SMALL_LINE = 98
_PADDING = 3
_LONGEST_WORD = 16
"""A longer word is broken where there is no room."""
_UNBROKEN = 22
"""A figure with its unit is no longer than this, `21.04 k inferences/s`, and reads badly on two lines."""
_BROKEN = 4.0
"""Lines that a table may be longer for a figure to stay on one."""
_SAMPLE = 40
"""Rows that decide about the widths of a long table, from its beginning."""


def parts_on_paper(block: TableBlock) -> tuple[TableBlock, ...]:
    """Return the table in parts of at most `MOST_COLUMNS` columns, each with the column that names the rows."""
    width = len(block.header)
    if width <= MOST_COLUMNS:
        return (block,)
    made = []
    # As many columns in each part, give or take one: a part of a single column says little.
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
    """Return the share of the width that each column gets, in percent.

    Each column gets its longest word, as far as that fits. What is left goes, a step at a time, where it makes
    the table shorter for the least room; when no step does any more, to the columns of text.

    Args:
        rows: the texts of every row, the header first, as many in each.
        numeric: columns of figures.
    """
    if not rows:
        return ()
    texts = rows[: _SAMPLE + 1]
    columns = list(zip(*texts, strict=True))
    room = [min(_LONGEST_WORD, _longest_word(column)) for column in columns]
    left = (_SMALL_LINE if is_small(rows, numeric) else _LINE) - sum(room) - _PADDING * len(columns)
    unbroken = [
        [place in numeric and len(text) <= _UNBROKEN for text in column]
        for place, column in enumerate(columns)
    ]
    costs = [_costs(*column) for column in zip(columns, unbroken, room, strict=True)]
    while left > 0:
        steps = [
            step
            for place, column in enumerate(columns)
            if (step := _step(place, column, room[place], left, costs, unbroken[place])) is not None
        ]
        if not steps:
            break
        _, more, place = max(steps)
        room[place] += more
        left -= more
        costs[place] = _costs(columns[place], unbroken[place], room[place])
    if left > 0:
        texts_first = [place for place in range(len(columns)) if place not in numeric] or range(len(columns))
        whole = sum(room[place] for place in texts_first)
        for place in texts_first:
            room[place] += round(left * room[place] / whole)
    total = sum(room) + _PADDING * len(room)
    return tuple(round(100 * (part + _PADDING) / total, 2) for part in room)


def is_small(rows: Sequence[Sequence[str]], numeric: Collection[int] = ()) -> bool:
    """Return whether a table is set in smaller letters, for its arguments see `widths`."""
    if not rows or len(rows[0]) > _SMALL_FROM:
        return bool(rows)
    columns = zip(*rows[: _SAMPLE + 1], strict=True)
    least = 0
    for place, column in enumerate(columns):
        figures = [len(text) for text in column[1:] if place in numeric and len(text) <= _UNBROKEN]
        least += max(min(_LONGEST_WORD, _longest_word(column)), *figures, 1) + _PADDING
    return least > _LINE


def _longest_word(column: Sequence[str]) -> int:
    return max((len(word) for text in column for word in text.split()), default=1)


def _costs(column: Sequence[str], unbroken: Sequence[bool], room: int) -> list[float]:
    """Return the lines that each text of a column takes, more for figures that break."""
    lines = [max(1, -(-len(text) // room)) for text in column]
    return [count + _BROKEN * (whole and count > 1) for count, whole in zip(lines, unbroken, strict=True)]


def _step(  # noqa: PLR0917  the state of the search
    place: int,
    column: Sequence[str],
    room: int,
    left: int,
    costs: Sequence[Sequence[float]],
    unbroken: Sequence[bool],
) -> tuple[float, int, int] | None:
    """Return the gain for each character, the characters and the place of the best widening of a column."""
    others = [max(row) for row in zip(*(cost for at, cost in enumerate(costs) if at != place), strict=True)]
    others = others or [0.0] * len(column)
    best = None
    for wider in sorted(
        {-(-len(text) // lines) for text in column for lines in range(1, 1 + -(-len(text) // room))}
    ):
        more = wider - room
        if 0 < more <= left:
            then = _costs(column, unbroken, wider)
            # A row is as long as its longest text; a text that gets shorter beside a longer one counts a little.
            gain = sum(
                max(now, other) - max(new, other) + 0.1 * (now - new)
                for now, new, other in zip(costs[place], then, others, strict=True)
            )
            if gain > 0 and (best is None or gain / more > best[0]):
                best = (gain / more, more, place)
    return best
