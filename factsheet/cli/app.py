"""The commands and their options. Each parses, calls one function and returns its exit status."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from factsheet.cli import exits
from factsheet.cli.derive_options import derive, inspect
from factsheet.cli.hardware.hardware_options import hardware_app
from factsheet.cli.render.render_options import preview, render
from factsheet.cli.shared_options import Output
from factsheet.cli.simulate.simulate_options import simulate
from factsheet.cli.sweep.sweep_options import sweep

app = typer.Typer(
    name="factsheet",
    help="FactSheets for analog AI models, checked like code.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(hardware_app)


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
        from factsheet._version import __version__  # next to its only use

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
    select: Annotated[
        list[str] | None,
        typer.Option(
            help="Run only rules whose id begins like this; commas or repeated.", show_default=False
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="Leave out rules whose id begins like this.", show_default=False)
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning", "info"] | None,
        typer.Option(
            help="The mildest severity that makes the exit status 1. [default: error]", show_default=False
        ),
    ] = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 whatever is found.")] = False,
    output_format: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT[=FILE]",
            help="full, concise, json, github, gitlab, sarif or junit; repeat for several. [default: full]",
            show_default=False,
        ),
    ] = None,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count the findings of each rule.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Carry out the fixes that are safe.")] = False,
    unsafe_fixes: Annotated[
        bool,
        typer.Option("--unsafe-fixes", help="With --fix or --diff: also those that need a person's eye."),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")
    ] = False,
    role: Annotated[
        list[str] | None,
        typer.Option(help="Also check what this role needs; `all` for every role.", show_default=False),
    ] = None,
    stage: Annotated[
        Literal["draft", "review", "published"] | None,
        typer.Option(help="How complete the sheet has to be, instead of its own status.", show_default=False),
    ] = None,
    online: Annotated[bool, typer.Option("--online", help="Also check that links answer.")] = False,
    stdin_filename: Annotated[
        str | None, typer.Option(help="What to call standard input in reports.", show_default=False)
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Leave pyproject.toml aside.")] = False,
    show_settings: Annotated[
        bool, typer.Option("--show-settings", help="Print the settings in force.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever a sheet changes.")] = False,
) -> None:
    """Check sheets: syntax, schema, facts against each other and against recomputation, evidence, prose.

    Exit status: 0 nothing found, 1 findings, 2 wrong usage or unreadable input, 3 a fault of factsheet itself.
    """
    from factsheet.cli.validate_options import asked  # start-up

    raise typer.Exit(
        asked(
            paths or [],
            select=select,
            ignore=ignore,
            fail_on=fail_on,
            exit_zero=exit_zero,
            output_format=output_format,
            statistics=statistics,
            fix=fix,
            unsafe_fixes=unsafe_fixes,
            diff=diff,
            role=role,
            stage=stage,
            online=online,
            stdin_filename=stdin_filename,
            no_config=no_config,
            show_settings=show_settings,
            watch=watch,
        )
    )


@app.command()
def explain(
    rule: Annotated[
        str | None, typer.Argument(help="A rule's id or name, FS204.", show_default=False)
    ] = None,
) -> None:
    """Explain a rule: what it does, why it matters, what fails and what passes; without a rule, list them all."""
    from factsheet.cli.explain import explain as run  # start-up

    raise typer.Exit(run(rule))


@app.command()
def status(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SHEET]...", help="Sheets, directories that hold some, or `-`.", show_default=False
        ),
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            help="Whose needs; commas or repeated. [default: those of pyproject.toml, else all]",
            show_default=False,
        ),
    ] = None,
    output_format: Annotated[
        Literal["text", "markdown", "json"], typer.Option("--format", help="Form of the output.")
    ] = "text",
) -> None:
    """Tell what a sheet answers of each role's needs, in full or in part, says it can not, or leaves open."""
    from factsheet.cli.status import status as run  # start-up

    raise typer.Exit(run(paths or [], role=role, output_format=output_format))


for command in (derive, inspect, sweep, simulate, render, preview):
    app.command()(command)


@app.command()
def schema(output: Output = None) -> None:
    """Write the JSON Schema (2020-12) of a sheet, for editors and other tools."""
    from factsheet.cli.schema import schema as run  # start-up

    raise typer.Exit(run(output))
