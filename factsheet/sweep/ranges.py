"""Reads the values of an axis: numbers, lists of them, and ranges that hold both of their ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.crossbar import TileShape
from factsheet.sweep.errors import SweepError

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 10**9
"""Of a sequence length and a batch, as elsewhere on the command line."""
LONGEST_SIDE = 10**6 - 1
"""Of a tile."""
MOST_VALUES = 10**5
_RANGE = re.compile(r"(\d{1,18}):(\d{1,18})(?::([*x]?)(\d{1,18}))?")
_PAIR = re.compile(r"(\d{1,18})[x×](\d{1,18})")


def read_numbers(name: str, text: str, largest: int = LARGEST) -> tuple[int, ...]:
    """The numbers that a text means, in its order, each once.

    `1,2,8` is a list; `16:256:16` goes from 16 to 256 in steps of 16, and 256 is one of them; `16:256` in steps of 1;
    `16:256:*2` doubles. They can be mixed: `1,16:64:16`.

    Args:
        name: what the axis is called in messages, such as `--batch`.
        text: what was given.
        largest: the largest number that makes sense.

    Raises:
        SweepError: a part of it is no number or range, is out of bounds or empty, or there are too many.
    """
    return tuple(
        dict.fromkeys(_bounded(name, text, (_part(name, part, largest) for part in _parts(name, text))))
    )


def read_tiles(name: str, text: str) -> tuple[TileShape, ...]:
    """The geometries that a text means: `512` is a square, `512x256` is rows x columns; ranges are of squares.

    Raises:
        SweepError: as `read_numbers`.
    """
    shapes: dict[TileShape, None] = {}
    for part in _parts(name, text):
        pair = _PAIR.fullmatch(part)
        if pair is not None:
            sides = [_within(name, part, int(side), LONGEST_SIDE) for side in pair.groups()]
            shapes[TileShape(*sides)] = None
        else:
            for side in _bounded(name, text, iter([_part(name, part, LONGEST_SIDE)])):
                shapes[TileShape(side, side)] = None
    return tuple(shapes)


def _parts(name: str, text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        where = (
            "is empty" if not text.strip() else f"has nothing between two commas, or at an end: `{text[:60]}`"
        )
        raise SweepError(
            f"{name} {where}", "each part of the list is a value of the axis", "give numbers, such as `1,2,4`"
        )
    return parts


def _bounded(name: str, text: str, parts: Iterator[range | tuple[int, ...]]) -> Iterator[int]:
    total = 0
    for part in parts:
        total += len(part)
        if total > MOST_VALUES:
            raise SweepError(
                f"{name} {text[:60]}: {total:,} values",
                "each stands for many points, and nobody looks at so many",
                f"take larger steps; {MOST_VALUES:,} values are the most",
            )
        yield from part


def _part(name: str, part: str, largest: int) -> range | tuple[int, ...]:
    if re.fullmatch(r"\d{1,18}", part):
        return (_within(name, part, int(part), largest),)
    match = _RANGE.fullmatch(part)
    if match is None:
        raise SweepError(
            f"{name}: `{part[:60]}` is neither a whole number nor a range",
            "it is what the axis is made of",
            "give `4`, `1,2,4`, or `16:256:16`, which goes from 16 to 256 in steps of 16",
        )
    start, stop = (_within(name, part, int(end), largest) for end in match.group(1, 2))
    step, doubles = int(match[4] or 1), bool(match[3])
    if stop < start:
        raise SweepError(
            f"{name}: the range `{part}` is empty",
            f"it begins at {start:,} and is to end at {stop:,}",
            f"give the smaller number first: `{stop}:{start}`",
        )
    if step < (2 if doubles else 1):
        raise SweepError(
            f"{name}: `{part}` never comes to its end",
            f"a step of {match[3]}{step} does not get on",
            f"give a {'factor of 2' if doubles else 'step of 1'} or more",
        )
    if not doubles:
        return range(start, stop + 1, step)
    values = [start]
    while values[-1] * step <= stop:
        values.append(values[-1] * step)
    return tuple(values)


def _within(name: str, part: str, number: int, largest: int) -> int:
    if not 1 <= number <= largest:
        raise SweepError(
            f"{name}: {f'{number:,} in ' if part != str(number) else ''}`{part}` is out of range",
            "nothing would be computed"
            if number < 1
            else "beyond, counts leave the range of what can be represented",
            f"give numbers from 1 to {largest:,}",
        )
    return number
