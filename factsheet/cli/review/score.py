"""`factsheet review score`: the facts of a sheet, put one at a time to somebody who grades them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factsheet.cli import exits
from factsheet.cli.review.files import opened_for_review
from factsheet.cli.terminal import say
from factsheet.cli.usage.completions import complete_fields, complete_roles


def command(
    *,
    sheet: Annotated[
        Path | None, typer.Argument(help="The sheet. [default: the only one there is]", show_default=False)
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help="Who you are: a name, or a code. [default: it asks]", show_default=False),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(
            help="The role in which you read the sheet. [default: it asks]",
            show_default=False,
            autocompletion=complete_roles,
        ),
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="Grade this field too, beside the sections: performance.accuracy; repeated for more.",
            show_default=False,
            autocompletion=complete_fields,
        ),
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Plain prompts: for screen readers and scripts.")
    ] = False,
) -> None:
    """Grade the facts of a sheet, one at a time, low, medium or high; each is saved before the next.

    Grades go into SHEET.review.yaml beside the sheet. Ctrl-D, Ctrl-C and `quit` end it, and the next call goes on.

    Example:
      factsheet review score sheets/bert.yaml --by P7 --role data-scientist
    """
    from factsheet.cli.authoring.prompts import prompter
    from factsheet.cli.review.scoring import Scoring, reviewer_named

    opened = opened_for_review(None if sheet is None else str(sheet), fact or ())
    asker = prompter(plain=plain)
    scoring = None
    try:
        scoring = Scoring(opened, asker, reviewer_named(by, role, opened.subject, asker))
        scoring.run()
    except EOFError:  # Ctrl-D, or the end of a script
        say("")
    except KeyboardInterrupt:
        say("")
        if scoring is not None:
            scoring.tell_end()
        raise typer.Exit(exits.INTERRUPTED) from None
    if scoring is not None:
        scoring.tell_end()
    raise typer.Exit(exits.CLEAN)
