"""`factsheet answer`: the open questions of a sheet, put to the role that can answer them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from factsheet.cli import exits
from factsheet.cli.sheets import named_roles, the_sheet
from factsheet.cli.terminal import say
from factsheet.cli.usage.completions import complete_roles
from factsheet.readers.stages import StageName


def command(
    *,
    sheet: Annotated[
        Path | None, typer.Argument(help="The sheet. [default: the only one there is]", show_default=False)
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            help="Who you are; commas or repeated. [default: every role]",
            show_default=False,
            autocompletion=complete_roles,
        ),
    ] = None,
    stage: Annotated[StageName, typer.Option(help="The stage that the sheet is to reach.")] = "published",
    plain: Annotated[
        bool, typer.Option("--plain", help="Plain prompts: for screen readers and scripts.")
    ] = False,
) -> None:
    """Answer the open questions of a sheet, one at a time; each answer is checked, and saved before the next.

    It asks what your role is likely to know. Ctrl-D, Ctrl-C and `quit` end it, and the next call goes on.

    Example:
        factsheet answer sheets/bert.yaml --role hardware-researcher
    """
    # An unknown role is said before the sheet is looked for; which of them are its own, the sheet says.
    named_roles(role)
    raise typer.Exit(interview(sheet or the_sheet(), role or (), stage, plain=plain))


def interview(
    sheet: Path, roles: Sequence[str] = (), stage: StageName = "published", *, plain: bool = False
) -> int:
    """Put a sheet's open questions to whoever sits at the terminal, in any role where none is named.

    Raises:
        FactsheetError: the sheet cannot be read or written.
    """
    from factsheet.cli.authoring.interview import Interview  # the checks are loaded for it
    from factsheet.cli.authoring.prompts import prompter

    questions = Interview(sheet, prompter(plain=plain), roles=roles, stage=stage)
    try:
        questions.run()
    except EOFError:  # Ctrl-D, or the end of a script
        say("")
        questions.tell_end()
    except KeyboardInterrupt:
        say("")
        questions.tell_end()
        return exits.INTERRUPTED
    return exits.CLEAN
