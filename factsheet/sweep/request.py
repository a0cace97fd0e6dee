"""What a sweep is asked for, and the pieces that it is worked through in."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from factsheet.sweep.errors import SweepError
from factsheet.workload.errors import WorkloadError
from factsheet.workload.policy import Policy
from factsheet.workload.sources import source_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar import TileShape
    from factsheet.crossbar.structure import Structure
    from factsheet.hardware.constants import ChipConstants
    from factsheet.sweep.columns import Column

MOST_POINTS = 50_000_000
PIECE_POINTS = 16_384
"""Points that are worked out, and held in memory, at a time."""

TRACED_LENGTHS = 8
"""Sequence lengths of a model that are traced in one go; each can take as long as thousands of points."""


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
    fuse: bool = False
    """Whether projections of the same input are stored as one matrix."""
    most_chips: int | None = None
    """Of one profile; points that take more are left out."""
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
    longest = max(1, many // len(batches or (1,)))
    quick, slow = _cut(lengths, longest), _cut(lengths, min(longest, TRACED_LENGTHS))
    for source in request.sources:
        for length_part in slow if is_traced(source) else quick:
            for batch_part in batch_parts:
                points = len(length_part or (1,)) * len(batch_part or (1,)) * beside
                yield Piece(source, length_part, batch_part, points)


def is_traced(source: str) -> bool:
    """Whether a source's network is found anew at each sequence length by running through a model."""
    try:
        return source_kind(source) != "sheet"
    except WorkloadError:
        return False  # whoever opens it will say what is wrong


def _cut(values: tuple[int, ...] | None, size: int) -> list[tuple[int, ...] | None]:
    if values is None:
        return [None]
    return [values[start : start + size] for start in range(0, len(values), size)]
