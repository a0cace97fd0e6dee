"""The commands and their options. Each parses, calls one function and returns its exit status."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from factsheet.cli import exits

app = typer.Typer(
    name="factsheet",
    help="FactSheets for analog AI models, checked like code.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

SheetArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[SHEET]",
        help="The sheet, or `-` for standard input. Left out: the one set in pyproject.toml, else the only one "
        "in the usual places.",
        show_default=False,
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")
]


def main(arguments: list[str]) -> int:
    """Parse the arguments and run the command they name."""
    try:
        app(arguments, prog_name="factsheet")
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else exits.CLEAN
    return exits.CLEAN


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version and exit.")] = False,
) -> None:
    """FactSheets for analog AI models, checked like code."""
    if version:
        from factsheet import __version__  # next to its only use

        typer.echo(f"factsheet {__version__}")
        raise typer.Exit


@app.command()
def validate(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...", help="Sheets, directories that hold some, or `-`.", show_default=False
        ),
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning", "info"],
        typer.Option(help="The mildest severity that makes the exit status 1."),
    ] = "error",
    output_format: Annotated[
        Literal["full", "concise"], typer.Option(help="`full` quotes the sheet, `concise` takes a line each.")
    ] = "full",
) -> None:
    """Check sheets: syntax, schema, and facts against each other.

    Exit status: 0 nothing found, 1 findings, 2 wrong usage or unreadable input, 3 a fault of factsheet itself.
    """
    from factsheet.cli.validate import validate as run  # start-up

    raise typer.Exit(run(paths or [], fail_on=fail_on, output_format=output_format))


@app.command()
def derive(
    sheet: SheetArgument = None,
    seq_len: Annotated[
        int | None,
        typer.Option("--seq-len", min=1, max=10**9, help="Tokens in one sequence.", show_default=False),
    ] = None,
    batch: Annotated[
        int | None,
        typer.Option("--batch", min=1, max=10**9, help="Sequences run together.", show_default=False),
    ] = None,
    tile: Annotated[
        str | None,
        typer.Option(
            help="Tile size, `512` or `512x256` (rows x columns), instead of the sheet's.", show_default=False
        ),
    ] = None,
    convention: Annotated[
        str | None,
        typer.Option(help="Counting convention for ops, instead of the sheet's.", show_default=False),
    ] = None,
    output_format: Annotated[
        Literal["table", "json"], typer.Option("--format", help="Form of the output.")
    ] = "table",
    explain: Annotated[
        str | None, typer.Option(metavar="FACT", help="Show the arithmetic of one fact.", show_default=False)
    ] = None,
    output: Output = None,
) -> None:
    """Recompute what a sheet claims: ops, tiles, sizes, averages, and what its figures imply.

    Each derived fact stands beside the sheet's claim with a verdict: agrees, rounds to, within, or differs by.
    """
    from factsheet.cli.derive import derive as run  # start-up

    raise typer.Exit(
        run(
            sheet,
            seq_len=seq_len,
            batch=batch,
            tile=tile,
            convention=convention,
            output_format=output_format,
            explain=explain,
            output=output,
        )
    )


@app.command()
def render(
    sheet: SheetArgument = None,
    role: Annotated[
        str,
        typer.Option(
            help="Whose view: hardware-researcher, algorithm-designer, data-scientist, ai-engineer, "
            "software-developer, business-expert, or full."
        ),
    ] = "full",
    output: Output = None,
) -> None:
    """Write the sheet as a page for one role, or all of it."""
    from factsheet.cli.render import render as run  # start-up

    raise typer.Exit(run(sheet, role=role, output=output))


@app.command()
def schema(output: Output = None) -> None:
    """Write the JSON Schema (2020-12) of a sheet, for editors and other tools."""
    from factsheet.cli.schema import schema as run  # start-up

    raise typer.Exit(run(output))
