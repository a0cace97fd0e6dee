"""Works through a sweep piece by piece, here or on workers, and states what it has to leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.cost.figures import FIGURES as NAMES
from factsheet.crossbar.cost.figures import left_out_of, missing_of
from factsheet.errors import CostError, ProfileError, WorkloadError
from factsheet.hardware.chip import constants_of
from factsheet.hardware.profile import profile_of
from factsheet.jobs.completed import completed, processors
from factsheet.networks.counting import convention_named
from factsheet.recompute.derivation import network_notes
from factsheet.recompute.request import Request
from factsheet.sweeps.columns import FIGURES
from factsheet.sweeps.device_rows import DevicePoints, device_rows
from factsheet.sweeps.evaluation import Points, rows_of, takes_length
from factsheet.sweeps.frontier import Frontier
from factsheet.sweeps.request import is_traced, pieces_of
from factsheet.sweeps.subject import open_subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.crossbar.mapping import TileShape
    from factsheet.hardware.constants import ChipConstants
    from factsheet.jobs.tasks import Failure
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import Network
    from factsheet.sweeps.columns import Chunk
    from factsheet.sweeps.request import Piece, SweepRequest
    from factsheet.sweeps.subject import Subject


class Omission(NamedTuple):
    """Points that there are no rows for."""

    source: str
    where: str
    """Which of the source's points; empty for all of them."""
    points: int
    message: str
    help: str


class PieceOutcome(NamedTuple):
    """A piece, worked out."""

    chunks: tuple[Chunk, ...]
    points: int
    """That were worked out; more than there are rows where a front is asked for."""
    omitted: tuple[Omission, ...] = ()
    gaps: frozenset[tuple[str, str]] = frozenset()
    """Figures that a chip's constants do not give: the reason and the column."""
    dominated: int = 0
    incomparable: int = 0
    notes: frozenset[str] = frozenset()
    """What is to be said of the networks, sizes that are no axis and work that is missing from every figure, and of
    chips whose profiles leave parts out."""


class Sweeper:
    """Works out pieces; an instance goes to each worker, and keeps the source that it opened last."""

    def __init__(self, request: SweepRequest) -> None:
        self._request = request
        self._subject: Subject | None = None

    def __call__(self, piece: Piece) -> PieceOutcome:
        """Work out one piece."""
        try:
            return self._worked_out(piece)
        except WorkloadError as error:
            return PieceOutcome((), 0, (Omission(piece.source, "", piece.points, error.message, error.help),))

    def _worked_out(self, piece: Piece) -> PieceOutcome:
        request = self._request
        if self._subject is None or self._subject.source != piece.source:
            self._subject = None  # the old one need not be held while the new one is opened
            self._subject = open_subject(piece.source, request)
        subject = self._subject
        chips = (_own_chip(subject),) if request.chips is None else request.chips
        own_tile = subject.tile if request.chips is None else None
        tiles: tuple[TileShape | None, ...] = request.tiles or (own_tile,)
        convention = (
            None if request.shared.convention is None else convention_named(request.shared.convention)
        )
        chunks: list[Chunk] = []
        omitted: list[Omission] = []
        said: set[str] = set()
        for block in subject.blocks(piece.seq_lens, piece.batches):
            networks: dict[int, Network] = {}
            on_chips = len(tiles) * len(chips) * len(request.structures)
            beside = len(block.batches) * (on_chips + len(request.devices))
            for length in block.seq_lens:
                try:
                    networks[length] = subject.network_at(length)
                except WorkloadError as error:
                    where = f"sequence length {length:,}"
                    omitted.append(Omission(piece.source, where, beside, error.message, error.help))
            if networks and request.devices:
                without = (at for at, one in networks.items() if not takes_length(piece.source, one))
                grid = DevicePoints(
                    piece.source,
                    subject.name_of(next(iter(networks.values()))),
                    networks,
                    frozenset(without),
                    block.batches,
                    request.devices,
                )
                rows, missing, notes = device_rows(grid, convention)
                chunks += [rows] if rows.rows else []
                omitted += [
                    Omission(piece.source, one.where, 1, one.error.message, one.error.help) for one in missing
                ]
                said |= notes
            for structure in request.structures if networks and chips else ():
                name = subject.name_of(next(iter(networks.values())))
                points = Points(
                    source=piece.source,
                    name=name,
                    networks=networks,
                    batches=block.batches,
                    tiles=tiles,
                    chips=chips,
                    structure=structure,
                )
                for found in _rows_or_omissions(points, convention):
                    if isinstance(found, Omission):
                        omitted.append(found)
                    elif request.shared.placement.chips is None:
                        chunks.append(found)
                    else:
                        chunks.append(_fitting(found, dict(chips), request.shared.placement.chips, omitted))
            said |= {note for network in networks.values() for note in _notes(piece.source, network)}
            said |= {f"{chip.profile}: {line}" for _, chip in chips for line in left_out_of(chip)}
        gaps = frozenset(
            (reason, column.name)
            for _, chip in chips
            for column, name in zip(FIGURES, NAMES, strict=True)
            if (reason := missing_of(name, chip))
        )
        return self._kept(
            PieceOutcome(
                tuple(chunks),
                sum(chunk.rows for chunk in chunks),
                tuple(omitted),
                gaps,
                notes=frozenset(said),
            )
        )

    def _kept(self, outcome: PieceOutcome) -> PieceOutcome:
        """Return all rows, or those on the front, so that a worker sends no more than can be on the whole's."""
        if not self._request.goals:
            return outcome
        frontier = Frontier(self._request.goals)
        for chunk in outcome.chunks:
            frontier.add(chunk)
        return outcome._replace(
            chunks=tuple(frontier.chunks()),
            dominated=frontier.dominated,
            incomparable=frontier.incomparable,
        )


def _fitting(chunk: Chunk, chips: Mapping[str, ChipConstants], most: int, omitted: list[Omission]) -> Chunk:
    """Return the rows of networks that fit on so many chips; the others become omissions."""
    kept: list[int] = []
    without: dict[Omission, int] = {}
    columns = chunk.columns
    for row, (hardware, needed) in enumerate(zip(columns["hardware"], columns["chips"], strict=True)):
        name, count = str(hardware), int(needed or 0)
        if chips[name].tiles_per_chip is None:
            message, help_ = (
                f"{name} does not say how many tiles a chip has",
                "leave --chips out, or give `tiles_per_chip` in a profile of your own",
            )
        elif count > most:
            each = f"tiles of {columns['tile_rows'][row]} x {columns['tile_cols'][row]}"
            message, help_ = (
                f"{each} of {name} take {count:,} chips, and there are {most:,}",
                "allow more; `factsheet derive --chips` names the matrices that do not fit",
            )
        else:
            kept.append(row)
            continue
        length = columns["seq_len"][row]
        where = name if length is None else f"{name}, sequence length {length:,}"
        one = Omission(str(columns["source"][row]), where, 1, message, help_)
        without[one] = without.get(one, 0) + 1
    omitted += [one._replace(points=points) for one, points in without.items()]
    return chunk if len(kept) == chunk.rows else chunk.only(kept)


def _notes(source: str, network: Network) -> Iterator[str]:
    """Yield the sizes that a traced network was run on beside the axes, and what is missing from its figures."""
    sizes = [
        f"{size.name} {size.value} ({size.origin})"
        for size in network.sizes
        if size.origin not in {"asked", "declared"}
        and (size.name, size.origin) != ("sequence length", "assumed")
    ]
    if sizes:
        yield f"{source}: {', '.join(sizes)}"
    if network.work_missing:
        missing = next(network_notes(network, Request()), "")
        yield f"{source}: time, energy and the like are at least what is shown: {missing}"


def _own_chip(subject: Subject) -> tuple[str, ChipConstants]:
    """Return the chip that a sheet names.

    Raises:
        WorkloadError: there is none.
    """
    name = subject.profile
    if name is None:
        raise WorkloadError(
            "no hardware profile is named",
            "time, power and area are those of a chip",
            "give one with --hardware; `factsheet hardware list` lists those that there are",
            place="hardware.inference.profile",
        )
    try:
        return name, constants_of(profile_of(name))
    except ProfileError as error:
        raise WorkloadError(
            str(error), "time, power and area are those of a chip", "give another with --hardware"
        ) from None


def _rows_or_omissions(points: Points, convention: CountingConvention | None) -> Iterator[Chunk | Omission]:
    """Yield rows of the points, in halves where there is no estimate of one of them."""
    try:
        yield rows_of(points, convention)
    except CostError as error:
        if points.total == 1:
            yield Omission(points.source, _where(points), 1, error.message, error.help)
        elif len(points.networks) == 1 and _everywhere(points, convention):
            where = f"sequence length {next(iter(points.networks)):,}"
            yield Omission(points.source, where, points.total, error.message, error.help)
        else:
            for half in points.halves():
                yield from _rows_or_omissions(half, convention)


def _everywhere(points: Points, convention: CountingConvention | None) -> bool:
    """Return whether one network fails in two far corners of the grid, and so because of what it is itself."""
    corners = (
        points._replace(batches=axes[0], tiles=axes[1], chips=axes[2])
        for axes in (
            (points.batches[:1], points.tiles[:1], points.chips[:1]),
            (points.batches[-1:], points.tiles[-1:], points.chips[-1:]),
        )
    )
    for corner in corners:
        try:
            rows_of(corner, convention)
        except CostError:
            continue
        return False
    return True


def _where(point: Points) -> str:
    tile = point.tiles[0]
    parts = [
        point.chips[0][0],
        f"sequence length {next(iter(point.networks)):,}",
        f"batch {point.batches[0]:,}",
        *([f"tiles of {tile.rows} x {tile.cols}"] if tile is not None else []),
        point.structure,
    ]
    return ", ".join(parts)


_OPENING_S, _TRACING_S, _POINT_S = 0.03, 0.5, 1e-5
"""Rough costs of a sheet, of a model at one sequence length, and of a point."""
_STARTING_S, _LOADING_S = 4.0, 30.0
"""Below this sum, workers take longer to start, and to load the framework that a model is traced in, than they save."""


def outcomes(
    request: SweepRequest, *, workers: int | None = None, scheduler: str | None = None
) -> Iterator[tuple[Piece, PieceOutcome]]:
    """Yield each piece with its outcome, in order; one whose worker is lost again and again becomes an omission.

    Args:
        request: what is asked for.
        workers: processes of this machine; by default as many as are worth starting.
        scheduler: address of a Dask scheduler. Its workers find sources under the same paths as this process.

    Raises:
        SweepError: there are more points than anybody waits for.
        JobError: the workers cannot be used.
    """
    pieces = pieces_of(request)  # first of all: it may refuse
    if scheduler is None and workers is None:
        workers = _worth(request)
    return _outcomes(request, pieces, workers, scheduler)


def _outcomes(
    request: SweepRequest, pieces: Iterator[Piece], workers: int | None, scheduler: str | None
) -> Iterator[tuple[Piece, PieceOutcome]]:
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


def _worth(request: SweepRequest) -> int:
    traced = sum(map(is_traced, request.sources))
    took = (len(request.sources) - traced) * _OPENING_S + request.points * _POINT_S
    took += traced * len(request.seq_lens or (1,)) * _TRACING_S
    return processors() if took > (_LOADING_S if traced else _STARTING_S) else 1


def _lost(piece: Piece, failure: Failure) -> PieceOutcome:
    """Make an omission of a piece: a worker that dies, or an unforeseen exception, must not cost the others."""
    help_ = (
        "give it more memory, or fewer points at a time"
        if failure.kind == "died"
        else "see whether the source is sound; if it is, this is a fault in factsheet: please report it"
    )
    return PieceOutcome((), 0, (Omission(piece.words, "", piece.points, str(failure), help_),))
