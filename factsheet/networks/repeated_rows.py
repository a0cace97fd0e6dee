"""Write blocks of listed operators that repeat once, with how often they come."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

Row = dict[str, Any]
"""An operator as a sheet lists it."""
_NAMED = ("name", "stored_as", "block")
"""Keys that hold names, in which the number of a block is replaced."""
_MOST_ROWS, _MOST_TIMES = 5000, 10**5


def folded(rows: list[Row]) -> list[Row]:
    """Return the rows with blocks that repeat written once."""
    if any("*" in text for row in rows for text in _texts(row)):
        return rows  # a star would stand for a number
    folded: list[Row] = []
    place = 0
    while place < len(rows):
        found = _repeated(rows, place)
        if found is None:
            folded.append(rows[place])
            place += 1
        else:
            block, length = found
            folded.append(block)
            place += length
    return folded


def _texts(row: Row) -> Iterable[str]:
    return (row[key] for key in _NAMED if key in row)


def _repeated(rows: list[Row], place: int) -> tuple[Row, int] | None:
    """Return the block that repeats from here on, and how many rows it stands for."""
    name = rows[place]["name"]
    for match in re.finditer(r"\d+", name):
        prefix, first = name[: match.start()], int(match[0])
        if match[0] != str(first):
            continue  # 007 is no number that counting gives
        block = _run(rows, place, prefix, first)
        if len(block) > _MOST_ROWS:
            continue
        pattern = [_general(row, prefix, first) for row in block]
        times, here = 1, place + len(block)
        while (
            here < len(rows)
            and [_general(row, prefix, first + times) for row in _run(rows, here, prefix, first + times)]
            == pattern
        ):
            times += 1
            here += len(block)
        if times > 1 and times <= _MOST_TIMES:
            title = f"{prefix}*"
            opened = {
                "name": title,
                "repeat": times,
                **({"first": first} if first else {}),
                "operators": pattern,
            }
            return opened, here - place
    return None


def _run(rows: list[Row], place: int, prefix: str, number: int) -> list[Row]:
    """Return the rows from here on whose names begin with a prefix and a number."""
    begins = re.compile(rf"{re.escape(prefix)}{number}(?!\d)")
    run: list[Row] = []
    for row in rows[place:]:
        if begins.match(row["name"]) is None:
            break
        run.append(row)
    return run


def _general(row: Row, prefix: str, number: int) -> Row:
    """Return a row with a star for the number of its block."""
    begins = re.compile(rf"{re.escape(prefix)}{number}(?!\d)")
    return {
        key: begins.sub(f"{prefix}*", value, count=1) if key in _NAMED and begins.match(value) else value
        for key, value in row.items()
    }
