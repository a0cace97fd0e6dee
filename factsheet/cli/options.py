"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from factsheet.cli.usage.completions import complete_profiles, complete_templates
from factsheet.cli.usage.format_option import format_option

SheetArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="SHEET",
        help="The sheet, or `-` for standard input. Left out: the one set in pyproject.toml, else the only one "
        "in the usual places.",
        show_default=False,
    ),
]
SheetsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH", help="Sheets, directories that hold some, or `-`.", show_default=False),
]
TextOrJson = Annotated[Literal["text", "json"], format_option("text", "json")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")
]

Template = Annotated[
    str | None,
    typer.Option(
        "--template",
        metavar="TEMPLATE",
        help="Of sheets of this template, by its name or your own file. [default: analog-ai]",
        autocompletion=complete_templates,
        show_default=False,
    ),
]

SeqLen = Annotated[
    int | None,
    typer.Option("--seq-len", min=1, max=10**9, help="Tokens in one sequence.", show_default=False),
]
BatchSize = Annotated[
    int | None, typer.Option("--batch", min=1, max=10**9, help="Sequences run together.", show_default=False)
]
TileSize = Annotated[
    str | None,
    typer.Option(
        help="Tile size, `512` or `512x256` (rows x columns), instead of the sheet's.", show_default=False
    ),
]
Convention = Annotated[
    str | None, typer.Option(help="Counting convention for ops, instead of the sheet's.", show_default=False)
]
Digital = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAMES", help="Compute these matrices digitally: lm_head,pooler.", show_default=False
    ),
]
Analog = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAMES", help="Put these matrices on tiles; an embedding only so.", show_default=False
    ),
]
Decode = Annotated[bool, typer.Option("--decode", help="One decode step on a cache as long as the sequence.")]
CacheLength = Annotated[
    int | None,
    typer.Option(min=0, max=10**9, help="One decode step on this many cached tokens.", show_default=False),
]
ImageSize = Annotated[
    str | None,
    typer.Option(help="Size of the image, `224` or `48x320` (height x width).", show_default=False),
]
Dim = Annotated[
    list[str] | None,
    typer.Option(
        "--dim",
        metavar="NAME=SIZE",
        help="Size of an axis by its name in the model: --dim height=48 --dim width=320.",
        show_default=False,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="SOURCE",
        help="Take the network from a config.json, .onnx, .pt2, .safetensors, .pt checkpoint, torchscript:FILE or "
        "package.module:callable; the last two are run.",
        show_default=False,
    ),
]
Hardware = Annotated[
    str | None,
    typer.Option(
        metavar="PROFILE",
        autocompletion=complete_profiles,
        help="Estimate time, power and area for this hardware profile, a name (`factsheet hardware list`) or a .yaml "
        "file of that form, instead of the sheet's.",
        show_default=False,
    ),
]
ExecutionStructure = Annotated[
    Literal["batch-synchronous", "sequence-pipelined", "sequential"],
    typer.Option(help="How layers and sequences follow each other on the chip."),
]
Chips = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=10**9,
        help="How many chips there are; what needs more is refused, or left out of a sweep. "
        "[default: as many as it takes]",
        show_default=False,
    ),
]
Pack = Annotated[
    Literal["none", "diagonal", "dense"],
    typer.Option(
        help="How small matrices share tiles, where the chip allows it: read at once (diagonal), or in fewer tiles "
        "one after the other (dense)."
    ),
]
Balance = Annotated[
    int | None,
    typer.Option(
        metavar="TILES",
        min=1,
        max=10**12,
        help="Copy the busiest layers, up to so many tiles in all, so that they work side by side.",
        show_default=False,
    ),
]
FuseQkv = Annotated[
    bool, typer.Option("--fuse-qkv", help="Store projections of the same input as one matrix.")
]
