"""Works through a sweep piece by piece, here or on workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.parallel import completed
from factsheet.parallel.completed import processors
from factsheet.sweep.request import is_traced, pieces_of
from factsheet.sweep.work import Omission, Outcome, Sweeper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.parallel import Failure
    from factsheet.sweep.request import Piece, Request

_OPENING_S, _TRACING_S, _POINT_S = 0.03, 0.5, 1e-5
"""Rough costs of a sheet, of a model at one sequence length, and of a point."""
_STARTING_S, _LOADING_S = 4.0, 30.0
"""Below this sum, workers take longer to start, and to load the framework that a model is traced in, than they save."""


def outcomes(
    request: Request, *, workers: int | None = None, scheduler: str | None = None
) -> Iterator[tuple[Piece, Outcome]]:
    """Each piece with what came of it, in order; a piece whose worker is lost again and again comes as an omission.

    Args:
        request: what is asked for.
        workers: processes of this machine; by default as many as are worth starting.
        scheduler: address of a Dask scheduler. Its workers find sources under the same paths as this process.

    Raises:
        SweepError: there are more points than anybody waits for.
        ParallelError: the workers can not be used.
    """
    pieces = pieces_of(request)  # first of all: it may refuse
    if scheduler is None and workers is None:
        workers = _worth(request)
    return _outcomes(request, pieces, workers, scheduler)


def _outcomes(
    request: Request, pieces: Iterator[Piece], workers: int | None, scheduler: str | None
) -> Iterator[tuple[Piece, Outcome]]:
    waiting: dict[int, Piece] = {}

    def noted() -> Iterator[Piece]:
        for index, piece in enumerate(pieces):
            waiting[index] = piece
            yield piece

    for done in completed(
        Sweeper(request),
        noted(),
        workers=workers,
        scheduler=scheduler,
        named=lambda piece: piece.words,
        on_failure="continue",
        in_order=True,
    ):
        piece = waiting.pop(done.index)
        yield piece, done.result if done.failure is None else _lost(piece, done.failure)


def _worth(request: Request) -> int:
    traced = sum(map(is_traced, request.sources))
    took = (len(request.sources) - traced) * _OPENING_S + request.points * _POINT_S
    took += traced * len(request.seq_lens or (1,)) * _TRACING_S
    return processors() if took > (_LOADING_S if traced else _STARTING_S) else 1


def _lost(piece: Piece, failure: Failure) -> Outcome:
    """A worker that dies, or an exception that nobody has thought of, must not cost the other pieces."""
    help_ = (
        "give it more memory, or fewer points at a time"
        if failure.kind == "died"
        else "see whether the source is sound; if it is, this is a fault in factsheet: please report it"
    )
    return Outcome((), 0, (Omission(piece.words, "", piece.points, str(failure), help_),))
