"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

SheetArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[SHEET]",
        help="The sheet, or `-` for standard input. Left out: the one set in pyproject.toml, else the only one "
        "in the usual places.",
        show_default=False,
    ),
]
SheetsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...", help="Sheets, directories that hold some, or `-`.", show_default=False
    ),
]
TextOrJson = Annotated[Literal["text", "json"], typer.Option("--format", help="Form of the output.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")
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
    typer.Option(help="Size of the image, `224` or `224x320` (height x width).", show_default=False),
]
FuseQkv = Annotated[
    bool, typer.Option("--fuse-qkv", help="Store projections of the same input as one matrix.")
]
