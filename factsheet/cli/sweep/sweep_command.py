"""`factsheet sweep`: what many points cost, as a table, a file or a chart."""

from __future__ import annotations

from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from factsheet.cli import exits
from factsheet.cli.options import Output
from factsheet.cli.request_options import CHIP, NETWORK, takes_request
from factsheet.cli.sheets import deliver
from factsheet.cli.sweep.sweep_axes import sweep_request_of
from factsheet.cli.sweep.sweep_output import FileOutlet, TableOutlet
from factsheet.cli.terminal import complain, progress
from factsheet.cli.usage.completions import complete_profiles
from factsheet.cli.usage.format_option import format_option
from factsheet.errors import UsageError
from factsheet.installation import install_command
from factsheet.recompute.request import Request
from factsheet.source.writing import atomic_file
from factsheet.sweeps.columns import AXES, COLUMNS, column_named
from factsheet.sweeps.frontier import Frontier
from factsheet.sweeps.plot import Plot, plot_format
from factsheet.sweeps.run import outcomes
from factsheet.sweeps.tally import SweepTally, counted
from factsheet.sweeps.writers import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.sweeps.columns import Column
    from factsheet.sweeps.request import Piece, SweepRequest
    from factsheet.sweeps.run import PieceOutcome


Format = Literal["text", "csv", "json", "parquet"]
_EXPLAINED = 5
"""Sources at fault that are shown with what to do; all others have a line each."""
_MANY = 1000
"""Points that take long without NumPy."""


class SweepChart(NamedTuple):
    """The options of a chart as typed."""

    file: Path
    x: str | None
    y: str | None


class _Outputs(NamedTuple):
    """Where the rows go, and the chart."""

    format: Format
    file: Path | None
    chart: SweepChart | None
    plot: Plot | None


def sweep(
    request: SweepRequest,
    *,
    output_format: Format | None = None,
    output: Path | None = None,
    chart: SweepChart | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
) -> int:
    """Work out every point and write the rows.

    Raises:
        FactsheetError: a source or an option cannot be used, or a file cannot be written.
    """
    plot = None if chart is None else _plot(chart, request)
    outputs, tally = _Outputs(_format(output_format, output), output, chart, plot), SweepTally()
    steps = outcomes(request, workers=workers, scheduler=scheduler)
    try:
        return _written(request, steps, tally, outputs)
    except KeyboardInterrupt:
        complain(_interrupted(request, tally, output))
        raise


def _written(
    request: SweepRequest,
    steps: Iterator[tuple[Piece, PieceOutcome]],
    tally: SweepTally,
    outputs: _Outputs,
) -> int:
    """Write the rows as they come, and then an account of them; files change at the end or not at all."""
    chosen, output, chart, plot = outputs
    frontier = Frontier(request.goals) if request.goals else None
    with ExitStack() as stack:
        sink = TableOutlet() if chosen == "text" else FileOutlet(chosen, output, stack)
        outlets = [sink.write, *([] if plot is None else [plot.add])]
        with progress(request.points, "sweep") as advance:
            for piece, outcome in steps:
                tally.add(outcome, piece.points)
                for chunk in outcome.chunks:
                    for outlet in outlets if frontier is None else [frontier.add]:
                        outlet(chunk)
                advance(piece.points)
        if not tally.points:
            raise UsageError(_nothing(tally))
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
    _account(request, tally, gaps_shown=isinstance(sink, TableOutlet))
    return exits.USAGE if tally.unusable else exits.CLEAN


def _interrupted(request: SweepRequest, tally: SweepTally, output: Path | None) -> str:
    share = 100 * tally.through // request.points
    left = f"{output} is as it was before" if output is not None else "nothing was written to a file"
    return f"factsheet: interrupted at {share} %, after {counted(tally.points)}; {left}"


def _format(given: Format | None, output: Path | None) -> Format:
    found = given or (SUFFIXES.get(output.suffix.lower()) if output is not None else None) or "text"
    if found == "parquet" and output is None:
        raise UsageError("Parquet is no text", help="give a file: -o sweep.parquet", place="--format parquet")
    return found


def _plot(chart: SweepChart, request: SweepRequest) -> Plot:
    """Return what the chart is to show."""
    plot_format(chart.file.name)  # a chart that cannot be drawn is refused before anything is worked out
    if not chart.file.parent.is_dir():
        raise UsageError(
            "there is no such folder", help="make it, or name another", place=f"--plot {chart.file}"
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


def _nothing(tally: SweepTally) -> str:
    """Return why there is not a single row."""
    blocks = []
    for place, (first, kinds, points) in enumerate(tally.by_source()):
        where = f"{first.source}, {first.where}" if first.where else first.source
        message = first.message.removeprefix(f"{first.source}: ")
        more = f"\n  and so for {kinds - 1:,} more, {counted(points)} in all" if kinds > 1 else ""
        help_ = f"\n  = help: {first.help}" if place < _EXPLAINED else ""
        blocks.append(f"factsheet: {where}: {message}{more}{help_}")
    return "\n".join(blocks).removeprefix("factsheet: ")


def _account(request: SweepRequest, tally: SweepTally, *, gaps_shown: bool) -> None:
    """Write to standard error what a file does not say of itself."""
    lines = []
    if request.goals:
        on_it = tally.points - tally.dominated - tally.incomparable
        names = ", ".join(goal.name for goal in request.goals)
        lines.append(f"on the front of {names}: {on_it:,} of {counted(tally.points)}")
        if tally.incomparable:
            lines.append(f"{counted(tally.incomparable)} without one of these figures, left out")
    if tally.omitted:
        lines.append(f"{counted(tally.omitted)} left out:")
        for place, (first, kinds, points) in enumerate(tally.by_source()):
            where = f"{first.source}, {first.where}" if first.where else first.source
            more = f" (and so for {kinds - 1:,} more, {counted(points)} in all)" if kinds > 1 else ""
            lines.append(f"  {where}: {first.message}{more}")
            if place < _EXPLAINED:
                lines.append(f"    = help: {first.help}")
    if not gaps_shown:
        lines += tally.gaps()
    if tally.points > _MANY and find_spec("numpy") is None:
        lines.append(
            f"without NumPy, points are worked out one by one; with {install_command('sweep')} it is faster"
        )
    if lines:
        complain("\n".join(f"factsheet: {line}" if not line.startswith(" ") else line for line in lines))


@takes_request(NETWORK, {name: CHIP[name] for name in ("fuse_qkv", "chips")})
def command(
    *,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE",
            help="Sheets, directories that hold some, config.json, .onnx, .pt2, .safetensors or "
            "torchscript:FILE or package.module:callable, which are run. Left out: the sheet in the usual places.",
            show_default=False,
        ),
    ] = None,
    seq_len: Annotated[
        str | None,
        typer.Option(
            metavar="RANGE",
            help="Sequence lengths: `32`, `16,64`, `16:256:16` with both ends, `16:256:*2`. "
            "[default: the sheet's operating points, else 128]",
            show_default=False,
        ),
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option(
            metavar="RANGE",
            help="Batches, likewise. [default: the sheet's operating points, else 1]",
            show_default=False,
        ),
    ] = None,
    tile: Annotated[
        str | None,
        typer.Option(
            metavar="TILES",
            help="Tile sizes, `256,512x1024` (rows x columns). [default: each profile's own]",
            show_default=False,
        ),
    ] = None,
    hardware: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PROFILES",
            autocompletion=complete_profiles,
            help="Hardware profiles, names or .yaml files; commas or repeated; `all`. [default: the sheet's]",
            show_default=False,
        ),
    ] = None,
    structure: Annotated[
        str,
        typer.Option(
            metavar="NAMES",
            help="How layers and sequences follow each other: batch-synchronous, sequence-pipelined, sequential, "
            "several of them, or `all`.",
        ),
    ] = "batch-synchronous",
    request: Request,
    output_format: Annotated[
        Format | None,
        format_option(
            "text",
            "csv",
            "json",
            "parquet",
            note="Form of the output. [default: what the ending of --output says, else text]",
            default=False,
        ),
    ] = None,
    output: Output = None,
    pareto: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMNS",
            help="Keep only the Pareto front of these, `energy,latency`, among points of the same source, sequence "
            "length and structure.",
            show_default=False,
        ),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw a chart, .svg or .png.", show_default=False)
    ] = None,
    x: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="What the chart runs over. [default: the first axis with several values]",
            show_default=False,
        ),
    ] = None,
    y: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="What the chart shows. [default: latency]", show_default=False),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1024,
            help="Processes to work on. [default: one for a small sweep, else one a processor]",
            show_default=False,
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Work on a Dask cluster: tcp://host:port.", show_default=False),
    ] = None,
) -> None:
    """Estimate time, energy, power and area over sequence lengths, batches, tile sizes, chips and networks.

    A point that nothing can be said of is left out, counted and named.

    Example:
      factsheet sweep --seq-len 16:256:16 --batch 1,4 --hardware ibm-2022
      factsheet sweep --tile 256,512 --pareto energy,latency -o sweep.csv
    """
    if plot is None and (x or y):
        raise typer.BadParameter(
            "it is an axis of a chart: give --plot FILE too", param_hint="--x" if x else "--y"
        )
    points = sweep_request_of(
        sources or [],
        request,
        seq_len=seq_len,
        batch=batch,
        tile=tile,
        hardware=hardware,
        structure=structure,
        pareto=pareto,
    )
    raise typer.Exit(
        sweep(
            points,
            output_format=output_format,
            output=output,
            chart=None if plot is None else SweepChart(plot, x, y),
            workers=workers,
            scheduler=scheduler,
        )
    )
