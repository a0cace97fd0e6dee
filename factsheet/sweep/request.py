"""What a sweep is asked for, and the pieces that it is worked through in."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from factsheet.sweep.errors import SweepError
from factsheet.workload.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar import TileShape
    from factsheet.crossbar.structure import Structure
    from factsheet.hardware.constants import ChipConstants
    from factsheet.sweep.columns import Column

MOST_POINTS = 50_000_000
PIECE_POINTS = 16_384
"""Points that are worked out, and held in memory, at a time."""


@dataclass(frozen=True, slots=True)
class Request:
    """The axes of a sweep; `None` stands for what each source says of itself."""

    sources: tuple[str, ...]
    seq_lens: tuple[int, ...] | None = None
    batches: tuple[int, ...] | None = None
    tiles: tuple[TileShape, ...] | None = None
    """Geometries, instead of each profile's own."""
    chips: tuple[tuple[str, ChipConstants], ...] | None = None
    """Hardware profiles by name, with their constants: a user's own lies on no other machine."""
    structures: tuple[Structure, ...] = ("batch-synchronous",)
    convention: str | None = None
    policy: Policy = Policy()  # noqa: RUF009  a named tuple, which can not be changed
    decode: bool = False
    """Whether one step on a cache of as many tokens as in the sequence is meant."""
    cache_length: int | None = None
    image_size: tuple[int, int] | None = None
    goals: tuple[Column, ...] = ()
    """What the Pareto front is taken of; every point is kept if there are none."""

    @property
    def points_of_a_source(self) -> int:
        """As far as they are known before it is opened."""
        axes = (self.seq_lens, self.batches, self.tiles, self.chips, self.structures)
        return prod(len(axis) for axis in axes if axis is not None)

    @property
    def points(self) -> int:
        """Of all sources."""
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


def pieces_of(request: Request) -> Iterator[Piece]:
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


def _pieces(request: Request) -> Iterator[Piece]:
    lengths, batches = request.seq_lens, request.batches
    beside = request.points_of_a_source // (len(lengths or (1,)) * len(batches or (1,)))
    many = max(1, PIECE_POINTS // beside)
    batch_parts = _cut(batches, many)
    length_parts = _cut(lengths, max(1, many // len(batches or (1,))))
    for source in request.sources:
        for length_part in length_parts:
            for batch_part in batch_parts:
                points = len(length_part or (1,)) * len(batch_part or (1,)) * beside
                yield Piece(source, length_part, batch_part, points)


def _cut(values: tuple[int, ...] | None, size: int) -> list[tuple[int, ...] | None]:
    if values is None:
        return [None]
    return [values[start : start + size] for start in range(0, len(values), size)]
