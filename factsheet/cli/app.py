"""The commands of the program, each in a module of its own that is imported when it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Annotated

import typer

from factsheet.cli import exits

COMMANDS = {
    "validate": "factsheet.cli.validate_options:command",
    "explain": "factsheet.cli.explain:command",
    "status": "factsheet.cli.status:command",
    "derive": "factsheet.cli.derive:command",
    "inspect": "factsheet.cli.inspect:command",
    "sweep": "factsheet.cli.sweep.sweep_command:command",
    "simulate": "factsheet.cli.simulate.simulate_command:command",
    "render": "factsheet.cli.render.render_command:command",
    "preview": "factsheet.cli.render.preview:command",
    "schema": "factsheet.cli.schema:command",
}
"""Where each command is defined, in the order in which `--help` lists them."""
HARDWARE = {
    "list": "factsheet.cli.hardware.hardware_command:list_command",
    "show": "factsheet.cli.hardware.hardware_command:show_command",
    "compare": "factsheet.cli.hardware.hardware_compare:command",
    "check": "factsheet.cli.hardware.hardware_check:command",
}


def main(arguments: list[str]) -> int:
    """Parse the arguments and run the command they name."""
    named = arguments[0] if arguments else ""
    app = app_of([named] if named in COMMANDS else COMMANDS)
    try:
        app(arguments, prog_name="factsheet")
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else exits.CLEAN
    return exits.CLEAN


def app_of(commands: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return the program with these commands, and with those of `hardware` where all are wanted."""
    app = typer.Typer(
        name="factsheet",
        help="FactSheets for analog AI models, checked like code.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(root)
    named = list(commands)
    for name in named:
        app.command(name)(_function(COMMANDS[name]))
    if len(named) > 1:
        app.add_typer(_hardware())
    return app


def root(
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version and exit.")] = False,
) -> None:
    """FactSheets for analog AI models, checked like code."""
    if version:
        from factsheet._version import __version__  # next to its only use

        typer.echo(f"factsheet {__version__}")
        raise typer.Exit


def _hardware() -> typer.Typer:
    app = typer.Typer(
        name="hardware",
        help="Hardware profiles: what is known of chips, each figure with its source and standing.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    for name, place in HARDWARE.items():
        app.command(name)(_function(place))
    return app


def _function(place: str) -> Callable[..., None]:
    module, _, name = place.partition(":")
    function: Callable[..., None] = getattr(import_module(module), name)
    return function
