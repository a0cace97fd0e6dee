"""The options of `factsheet derive` and `factsheet inspect`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from factsheet.cli.shared_options import (
    Analog,
    BatchSize,
    CacheLength,
    Convention,
    Decode,
    Digital,
    FuseQkv,
    ImageSize,
    Output,
    SeqLen,
    SheetArgument,
    TileSize,
)


def derive(
    sheet: SheetArgument = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="Take the network from a config.json, .onnx, .pt2, .safetensors or package.module:callable.",
            show_default=False,
        ),
    ] = None,
    seq_len: SeqLen = None,
    batch: BatchSize = None,
    tile: TileSize = None,
    convention: Convention = None,
    digital: Digital = None,
    analog: Analog = None,
    decode: Decode = False,
    cache_length: CacheLength = None,
    image_size: ImageSize = None,
    hardware: Annotated[
        str | None,
        typer.Option(
            metavar="PROFILE",
            help="Estimate time, power and area for this hardware profile, a name or a .yaml file, instead of the "
            "sheet's.",
            show_default=False,
        ),
    ] = None,
    structure: Annotated[
        Literal["batch-synchronous", "sequence-pipelined", "sequential"],
        typer.Option(help="How layers and sequences follow each other on the chip."),
    ] = "batch-synchronous",
    chips: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=10**9,
            help="How many chips there are; a network that needs more tiles is refused, with what finds no place. "
            "[default: as many as it takes]",
            show_default=False,
        ),
    ] = None,
    pack: Annotated[
        Literal["none", "diagonal", "dense"],
        typer.Option(
            help="How small matrices share tiles, where the chip allows it: read at once (diagonal), or in fewer tiles "
            "one after the other (dense)."
        ),
    ] = "none",
    fuse_qkv: FuseQkv = False,
    balance: Annotated[
        int | None,
        typer.Option(
            metavar="TILES",
            min=1,
            max=10**12,
            help="Copy the busiest layers, up to so many tiles in all, so that they work side by side.",
            show_default=False,
        ),
    ] = None,
    sensitivity: Annotated[
        bool,
        typer.Option("--sensitivity", help="Show how far each constant of the chip moves each figure."),
    ] = False,
    output_format: Annotated[
        Literal["table", "json"], typer.Option("--format", help="Form of the output.")
    ] = "table",
    explain: Annotated[
        str | None, typer.Option(metavar="FACT", help="Show the arithmetic of one fact.", show_default=False)
    ] = None,
    output: Output = None,
) -> None:
    """Recompute what a sheet claims: ops, tiles, sizes, averages, time, power and area, and what its figures imply.

    Each derived fact stands beside the sheet's claim with a verdict: agrees, rounds to, within, or differs by.
    """
    from factsheet.cli.derive import derive as run  # start-up
    from factsheet.cli.network import NetworkOptions

    raise typer.Exit(
        run(
            sheet,
            seq_len=seq_len,
            batch=batch,
            tile=tile,
            convention=convention,
            output_format=output_format,
            explain=explain,
            sensitivity=sensitivity,
            asked=NetworkOptions(
                *(digital or (), analog or (), decode, cache_length, image_size, model, hardware, structure),
                chips=chips,
                pack=pack,
                fuse_qkv=fuse_qkv,
                balance=balance,
            ),
            output=output,
        )
    )


def inspect(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A sheet, config.json, .onnx, .pt2, .safetensors or package.module:callable, which is run.",
        ),
    ],
    seq_len: SeqLen = None,
    batch: BatchSize = None,
    tile: TileSize = None,
    convention: Convention = None,
    digital: Digital = None,
    analog: Analog = None,
    decode: Decode = False,
    cache_length: CacheLength = None,
    image_size: ImageSize = None,
    depth: Annotated[
        int | None,
        typer.Option(
            min=0, max=50, help="Parts of a name to tell apart; the rest is added up.", show_default=False
        ),
    ] = None,
    output_format: Annotated[
        Literal["table", "json", "csv", "markdown"], typer.Option("--format", help="Form of the output.")
    ] = "table",
    output: Output = None,
) -> None:
    """List a network's operators: size, calls, side, ops, tiles and reuse; blocks that repeat are put together."""
    from factsheet.cli.inspect import inspect as run  # start-up
    from factsheet.cli.network import NetworkOptions

    raise typer.Exit(
        run(
            source,
            seq_len=seq_len,
            batch=batch,
            tile=tile,
            convention=convention,
            depth=depth,
            output_format=output_format,
            asked=NetworkOptions(digital or (), analog or (), decode, cache_length, image_size),
            output=output,
        )
    )
