"""The options of `factsheet sweep`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from factsheet.cli.shared_options import Analog, CacheLength, Decode, Digital, FuseQkv, ImageSize, Output


def sweep(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help="Sheets, directories that hold some, config.json, .onnx, .pt2, .safetensors or "
            "package.module:callable, which is run. Left out: the sheet in the usual places.",
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
    convention: Annotated[
        str | None, typer.Option(help="Counting convention for ops.", show_default=False)
    ] = None,
    digital: Digital = None,
    analog: Analog = None,
    decode: Decode = False,
    cache_length: CacheLength = None,
    image_size: ImageSize = None,
    fuse_qkv: FuseQkv = False,
    chips: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=10**9,
            help="How many chips there are; points that take more are left out. [default: as many as it takes]",
            show_default=False,
        ),
    ] = None,
    output_format: Annotated[
        Literal["table", "csv", "json", "parquet"] | None,
        typer.Option(
            "--format",
            help="Form of the output. [default: what the ending of --output says, else table]",
            show_default=False,
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
    """
    from factsheet.cli.network import NetworkOptions  # start-up
    from factsheet.cli.sweep.sweep_axes import SweepAxes
    from factsheet.cli.sweep.sweep_command import SweepChart
    from factsheet.cli.sweep.sweep_command import sweep as run

    if plot is None and (x or y):
        raise typer.BadParameter(
            "it is an axis of a chart: give --plot FILE too", param_hint="--x" if x else "--y"
        )
    raise typer.Exit(
        run(
            sources or [],
            axes=SweepAxes(seq_len, batch, tile, hardware or (), structure),
            convention=convention,
            asked=NetworkOptions(
                *(digital or (), analog or (), decode, cache_length, image_size),
                chips=chips,
                fuse_qkv=fuse_qkv,
            ),
            output_format=output_format,
            output=output,
            pareto=pareto,
            chart=None if plot is None else SweepChart(plot, x, y),
            workers=workers,
            scheduler=scheduler,
        )
    )
