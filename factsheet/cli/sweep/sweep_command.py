"""`factsheet sweep`: what many points cost, as a table, a file or a chart."""

from __future__ import annotations

from contextlib import ExitStack
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.cli import exits
from factsheet.cli.exits import Stop, did_you_mean
from factsheet.cli.sheets import deliver
from factsheet.cli.sweep.sweep_axes import SweepAxes, request_of
from factsheet.cli.sweep.sweep_output import FileOutlet, TableOutlet
from factsheet.cli.terminal import complain, progress
from factsheet.errors import JobError, SourceError, SweepError
from factsheet.source.writing import atomic_file
from factsheet.sweeps.columns import AXES, COLUMNS, column_named
from factsheet.sweeps.frontier import Frontier
from factsheet.sweeps.plot import Plot, plot_format
from factsheet.sweeps.run import outcomes
from factsheet.sweeps.tally import SweepTally, counted
from factsheet.sweeps.writers import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from factsheet.cli.network import NetworkOptions
    from factsheet.sweeps.columns import Column
    from factsheet.sweeps.request import Piece, SweepRequest
    from factsheet.sweeps.run import PieceOutcome


Format = Literal["table", "csv", "json", "parquet"]
_SHOWN = 5
_MANY = 1000
"""Points that take long without NumPy."""


class SweepChart(NamedTuple):
    """The options of a chart as typed."""

    file: Path
    x: str | None
    y: str | None


def sweep(
    sources: Sequence[str],
    *,
    axes: SweepAxes,
    convention: str | None,
    asked: NetworkOptions,
    output_format: Format | None,
    output: Path | None,
    pareto: str | None,
    chart: SweepChart | None,
    workers: int | None,
    scheduler: str | None,
) -> int:
    """Work out every point and write the rows.

    Raises:
        Stop: an option is off, a source or a profile can not be used, or a file can not be written.
    """
    chosen, tally = _format(output_format, output), SweepTally()
    try:
        request = request_of(sources, axes, convention, asked, pareto)
        plot = None if chart is None else _plot(chart, request)
        steps = outcomes(request, workers=workers, scheduler=scheduler)
        try:
            return _written(request, steps, tally, chosen, output, chart, plot)
        except KeyboardInterrupt:
            raise Stop(_interrupted(request, tally, output), exits.INTERRUPTED) from None
    except (SweepError, JobError) as error:
        raise Stop(_words(error)) from None
    except SourceError as error:
        raise Stop(f"factsheet: {error.diagnostics()}") from None


def _written(
    request: SweepRequest,
    steps: Iterator[tuple[Piece, PieceOutcome]],
    tally: SweepTally,
    chosen: Format,
    output: Path | None,
    chart: SweepChart | None,
    plot: Plot | None,
) -> int:
    """Let the rows come in, hand them on, and give the account of them; files change at the end or not at all."""
    frontier = Frontier(request.goals) if request.goals else None
    with ExitStack() as stack:
        sink = TableOutlet() if chosen == "table" else FileOutlet(chosen, output, stack)
        outlets = [sink.write, *([] if plot is None else [plot.add])]
        with progress(request.points, "sweep") as advance:
            for piece, outcome in steps:
                tally.add(outcome, piece.points)
                for chunk in outcome.chunks:
                    for outlet in outlets if frontier is None else [frontier.add]:
                        outlet(chunk)
                advance(piece.points)
        if not tally.points:
            raise Stop(_nothing(tally))
        if frontier is not None:
            tally.dominated += frontier.dominated
            for chunk in frontier.chunks():
                for outlet in outlets:
                    outlet(chunk)
        picture = None if plot is None or chart is None else plot.drawn(plot_format(chart.file.name))
        sink.finish(tally)
    if isinstance(sink, TableOutlet):
        deliver(sink.text(tally, to_file=output is not None), output)
    if picture is not None and chart is not None:
        with atomic_file(chart.file) as stream:
            stream.write(picture)
    _account(request, tally, told=isinstance(sink, TableOutlet))
    return exits.USAGE if tally.unusable else exits.CLEAN


def _interrupted(request: SweepRequest, tally: SweepTally, output: Path | None) -> str:
    share = 100 * tally.through // request.points
    left = f"{output} is as it was before" if output is not None else "nothing was written to a file"
    return f"factsheet: interrupted at {share} %, after {counted(tally.points)}; {left}"


def _format(asked: Format | None, output: Path | None) -> Format:
    found = asked or (SUFFIXES.get(output.suffix.lower()) if output is not None else None) or "table"
    if found == "parquet" and output is None:
        raise Stop("factsheet: --format parquet: Parquet is no text\n  = help: give a file: -o sweep.parquet")
    return found


def _plot(chart: SweepChart, request: SweepRequest) -> Plot:
    """What the chart is to show."""
    plot_format(chart.file.name)  # what can not be drawn is told before anything is worked out
    if not chart.file.parent.is_dir():
        raise Stop(
            f"factsheet: --plot {chart.file}: there is no such folder\n  = help: make it, or name another"
        )
    y = _figure("--y", chart.y or (request.goals[1].name if len(request.goals) > 1 else "latency"))
    x = _figure("--x", chart.x) if chart.x else request.goals[0] if request.goals else _varying(request)
    title = f"{y.title} over {x.title}"
    return Plot(x, y, tuple(axis for axis in AXES if axis.name != "network"), title)


def _figure(option: str, name: str) -> Column:
    return column_named(name, [one for one in COLUMNS if one.kind != "text"], option)


def _varying(request: SweepRequest) -> Column:
    lengths = {"seq_len": request.seq_lens, "batch": request.batches, "tile_rows": request.tiles}
    name = next((name for name, values in lengths.items() if values and len(values) > 1), "seq_len")
    return column_named(name, AXES, "--x")


def _words(error: SweepError | JobError) -> str:
    hint = did_you_mean(error.message.partition("`")[2].partition("`")[0], getattr(error, "candidates", ()))
    return f"factsheet: {error.message}\n  = why: {error.why}\n  = help: {hint}{error.help}"


def _nothing(tally: SweepTally) -> str:
    """Why there is not a single row."""
    blocks = []
    for first, kinds, points in tally.by_source()[:_SHOWN]:
        where = f"{first.source}, {first.where}" if first.where else first.source
        message = first.message.removeprefix(f"{first.source}: ")
        more = f"\n  and so for {kinds - 1:,} more, {counted(points)} in all" if kinds > 1 else ""
        blocks.append(f"factsheet: {where}: {message}{more}\n  = help: {first.help}")
    more_sources = len(tally.by_source()) - _SHOWN
    if more_sources > 0:
        blocks.append(f"factsheet: nor could {more_sources:,} more sources be used")
    return "\n".join(blocks)


def _account(request: SweepRequest, tally: SweepTally, *, told: bool) -> None:
    """On standard error, what a file does not say of itself."""
    lines = []
    if request.goals:
        on_it = tally.points - tally.dominated - tally.incomparable
        names = ", ".join(goal.name for goal in request.goals)
        lines.append(f"on the front of {names}: {on_it:,} of {counted(tally.points)}")
        if tally.incomparable:
            lines.append(f"{counted(tally.incomparable)} without one of these figures, left out")
    if tally.omitted:
        lines.append(f"{counted(tally.omitted)} left out:")
        for first, kinds, points in tally.by_source()[:_SHOWN]:
            where = f"{first.source}, {first.where}" if first.where else first.source
            more = f" (and so for {kinds - 1:,} more, {counted(points)} in all)" if kinds > 1 else ""
            lines += [f"  {where}: {first.message}{more}", f"    = help: {first.help}"]
        if len(tally.by_source()) > _SHOWN:
            lines.append(f"  and {len(tally.by_source()) - _SHOWN:,} more sources")
    if not told:
        lines += tally.gaps()
    if tally.points > _MANY and find_spec("numpy") is None:
        lines.append(
            'without NumPy, points are worked out one by one; `pip install "factsheet[sweep]"` is faster'
        )
    if lines:
        complain("\n".join(f"factsheet: {line}" if not line.startswith(" ") else line for line in lines))
