"""What a sweep is asked for: the values of its axes, and the pieces that it is worked through in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.mapping import TileShape
from factsheet.errors import SweepError, WorkloadError
from factsheet.recompute.network_source import source_kind
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.cost.formula import Structure
    from factsheet.hardware.constants import ChipConstants
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.sweeps.columns import Column

LARGEST = 10**9
"""Of a sequence length and a batch, as elsewhere on the command line."""
LONGEST_SIDE = 10**6 - 1
"""Of a tile."""
MOST_VALUES = 10**5
_RANGE = re.compile(r"(\d{1,18}):(\d{1,18})(?::([*x]?)(\d{1,18}))?")
_PAIR = re.compile(r"(\d{1,18})[x×](\d{1,18})")


def read_numbers(name: str, text: str, largest: int = LARGEST) -> tuple[int, ...]:
    """Return the numbers that a text means, in its order, each once.

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
    """Return the geometries that a text means: `512` is a square, `512x256` is rows x columns; ranges are of squares.

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
                "each means many points, and nobody looks at so many",
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


MOST_POINTS = 50_000_000
PIECE_POINTS = 16_384
"""Points that are worked out, and held in memory, at a time."""

TRACED_LENGTHS = 8
"""Sequence lengths of a model that are traced in one go; each can take as long as thousands of points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRequest:
    """The axes of a sweep; `None` leaves them to what each source states."""

    sources: tuple[str, ...] = field(kw_only=False)
    seq_lens: tuple[int, ...] | None = None
    batches: tuple[int, ...] | None = None
    tiles: tuple[TileShape, ...] | None = None
    """Geometries, instead of each profile's own."""
    chips: tuple[tuple[str, ChipConstants], ...] | None = None
    """Hardware profiles by name, with their constants: a user's own is on no other machine."""
    devices: tuple[DigitalProfile, ...] = ()
    """Digital devices, beside the chips; where only these are named there are no chips."""
    structures: tuple[Structure, ...] = ("batch-synchronous",)
    shared: Request = field(default_factory=Request)
    """What is the same at all points: counting, policy, what an inference runs on, how many chips of one profile there
    are. Points that take more chips are left out."""
    goals: tuple[Column, ...] = ()
    """What the Pareto front is taken of; every point is kept if there are none."""

    @property
    def points_of_a_source(self) -> int:
        """The number of points of one source, as far as it is known before the source is opened."""
        inputs, hardware = (self.seq_lens, self.batches), (self.tiles, self.chips, self.structures)
        on_chips = prod(len(axis) for axis in hardware if axis is not None)
        return prod(len(axis) for axis in inputs if axis is not None) * (on_chips + len(self.devices))

    @property
    def points(self) -> int:
        """The number of points of all sources together."""
        return len(self.sources) * self.points_of_a_source


class Piece(NamedTuple):
    """A part of the points of one source."""

    source: str
    seq_lens: tuple[int, ...] | None
    batches: tuple[int, ...] | None
    points: int

    @property
    def words(self) -> str:
        """The piece in a message."""
        if self.seq_lens is None:
            return self.source
        first, last = self.seq_lens[0], self.seq_lens[-1]
        return f"{self.source}, sequence length {first:,}{f' to {last:,}' if last != first else ''}"


def pieces_of(request: SweepRequest) -> Iterator[Piece]:
    """Cut a sweep into pieces, source by source.

    Raises:
        SweepError: there are more points than anybody waits for.
    """
    if request.points > MOST_POINTS:
        raise SweepError(
            f"{request.points:,} points",
            f"a sweep works out at most {MOST_POINTS:,}, which already take minutes and gigabytes",
            "take larger steps, or fewer values of an axis",
        )
    return _pieces(request)


def _pieces(request: SweepRequest) -> Iterator[Piece]:
    lengths, batches = request.seq_lens, request.batches
    beside = request.points_of_a_source // (len(lengths or (1,)) * len(batches or (1,)))
    many = max(1, PIECE_POINTS // beside)
    batch_parts = _cut(batches, many)
    longest = max(1, many // len(batches or (1,)))
    quick, slow = _cut(lengths, longest), _cut(lengths, min(longest, TRACED_LENGTHS))
    for source in request.sources:
        for length_part in slow if is_traced(source) else quick:
            for batch_part in batch_parts:
                points = len(length_part or (1,)) * len(batch_part or (1,)) * beside
                yield Piece(source, length_part, batch_part, points)


def is_traced(source: str) -> bool:
    """Return whether a source's network is found anew at each sequence length by running through a model."""
    try:
        return source_kind(source) != "sheet"
    except WorkloadError:
        return False  # whoever opens it will say what is wrong


def _cut(values: tuple[int, ...] | None, size: int) -> list[tuple[int, ...] | None]:
    if values is None:
        return [None]
    return [values[start : start + size] for start in range(0, len(values), size)]
