"""The options of `factsheet simulate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from factsheet.cli.shared_options import Analog, Digital, TileSize


def simulate(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="package.module:callable that returns a torch module, which is run; or a sheet, for its matrices.",
        ),
    ],
    times: Annotated[
        list[str] | None,
        typer.Option(
            "--times",
            help="Times after programming; commas or repeated. [default: 1h,1d,1w,4w,1y]",
            show_default=False,
        ),
    ] = None,
    repeats: Annotated[int, typer.Option(help="How often everything is programmed anew.")] = 20,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="module:callable",
            help="Returns a function from a model to its score. Left out: the error of products, layer by layer.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**62, help="Every draw follows from it.")] = 0,
    hardware: Annotated[
        str, typer.Option(help="pcm, reram, ideal, or a .yaml or .json file of hardware values.")
    ] = "pcm",
    tile: TileSize = None,
    compensation: Annotated[
        Literal["none", "global", "column"] | None,
        typer.Option(help="Correction for drift, instead of the hardware's.", show_default=False),
    ] = None,
    digital: Digital = None,
    analog: Analog = None,
    accepted_loss: Annotated[
        str | None,
        typer.Option(
            metavar="SCORE", help="Also tell when this much is lost: `1 %`, or 0.01.", show_default=False
        ),
    ] = None,
    reference: Annotated[
        Literal["first", "digital"],
        typer.Option(help="What a loss is counted from: the first time, or the model in floating point."),
    ] = "first",
    confidence: Annotated[float, typer.Option(help="Of the intervals.")] = 0.9,
    workers: Annotated[
        int, typer.Option(min=1, max=1000, help="Processes that repeats are shared among.")
    ] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Run on a Dask cluster: tcp://192.0.2.7:8786.", show_default=False
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write the results to this file as JSON; beside it, a run that was stopped goes on.",
        ),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="SHEET", help="Write them into this sheet as simulated facts."),
    ] = None,
    chart: Annotated[
        Path | None, typer.Option("--chart", help="Draw scores over time into this .svg or .png file.")
    ] = None,
) -> None:
    """Simulate a model on noisy, drifting crossbars: scores over time, with their spread, and when to program again."""
    from factsheet.cli.simulate.simulate_command import simulate as run  # start-up
    from factsheet.cli.simulate.simulate_setup import SimulateRequest

    raise typer.Exit(
        run(
            SimulateRequest(
                source,
                times or ["1h,1d,1w,4w,1y"],
                repeats,
                data,
                seed,
                hardware,
                tile,
                compensation,
                digital or (),
                analog or (),
                accepted_loss,
                reference,
                confidence,
                workers,
                scheduler,
                output,
                write,
                chart,
            )
        )
    )
