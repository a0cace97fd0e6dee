"""The option `--format` of the commands: one list of names in the help, their synonyms taken too."""

from __future__ import annotations

from typing import Any

import typer

from factsheet.cli.exits import did_you_mean
from factsheet.errors import UsageError
from factsheet.reports.format_names import format_named


def format_option(*names: str, note: str = "Form of the output.", default: bool = True) -> Any:
    """Return the option for a command that writes in these formats.

    Args:
        names: the formats, by the names that our pages use.
        note: what the help says of it.
        default: the help names the default.
    """

    def read(given: str) -> str:
        try:
            return format_named(given, names)
        except UsageError as error:
            # The option parser takes any other error for one of its own words.
            raise typer.BadParameter(f"{error.message}; {did_you_mean(given, names)}{error.help}") from None

    def complete() -> list[str]:
        return list(names)

    return typer.Option(
        "--format",
        metavar="|".join(names),
        parser=read,
        autocompletion=complete,
        help=note,
        show_default=default,
    )
