"""`factsheet todo`: what a sheet still owes its readers, who could answer it, and how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli.sheets import deliver, named_roles, open_sheet
from factsheet.cli.usage.completions import complete_roles
from factsheet.cli.usage.format_option import format_option
from factsheet.errors import UsageError
from factsheet.readers.stages import StageName
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Collection

    from factsheet.readers.audience import Audience

Format = Literal["text", "markdown", "json", "issues"]


def command(
    *,
    sheet: Annotated[
        str | None,
        typer.Argument(metavar="SHEET", help="The sheet; `-` for standard input.", show_default=False),
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROLES",
            help="Whose needs; commas or repeated. [default: those of every role]",
            autocompletion=complete_roles,
            show_default=False,
        ),
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option(
            help="Only what this producer or role could answer: `data scientist`.", show_default=False
        ),
    ] = None,
    stage: Annotated[StageName, typer.Option(help="The stage that the sheet is to reach.")] = "published",
    output_format: Annotated[
        Format,
        format_option(
            "text",
            "markdown",
            "json",
            "issues",
            note="Form of the output; `issues` is JSON with a title and a body for each.",
        ),
    ] = "text",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file.", show_default=False),
    ] = None,
) -> None:
    """List the facts that a sheet still owes its readers: who asks for each, who could answer it, and how.

    Example:
      factsheet todo sheets/bert.yaml
      factsheet todo sheets/bert.yaml --role data-scientist --format markdown
    """
    from factsheet._version import __version__
    from factsheet.authoring.todo import (
        owed_facts,
        todo_issues,
        todo_json,
        todo_markdown,
        todo_text,
    )
    from factsheet.cli.review.files import reviews_of
    from factsheet.reports.review_short import reviewed_short

    name, opened = open_sheet(sheet)
    audience = opened.audience
    roles = named_roles(role, audience.role_names) or audience.role_names
    facts = owed_facts(opened, name=name, roles=roles, stage=stage)
    short = reviewed_short(opened, reviews_of(name, opened), roles)
    if owner is not None:
        known = {*(fact.owed_by for fact in facts), *(one.owed_by for one in short.facts)}
        owners = _owners(owner, known, audience)
        facts = tuple(fact for fact in facts if fact.owed_by in owners)
        short = short._replace(facts=tuple(one for one in short.facts if one.owed_by in owners))
    if output_format == "json":
        text = todo_json(name, facts, stage, __version__, short=short)
    else:
        written = {"text": todo_text, "markdown": todo_markdown, "issues": todo_issues}[output_format]
        text = written(name, facts, stage, short)
    raise typer.Exit(deliver(text, output))


def _owners(owner: str, known: Collection[str], audience: Audience) -> tuple[str, ...]:
    """Return those who owe something that a role's name, or that of a producer of the sheet, means.

    Raises:
        UsageError: nothing is owed by anybody of that name, while others owe something.
    """
    role = audience.roles.get(owner.strip().lower().replace(" ", "-"))  # type: ignore[call-overload]
    wanted = (owner if role is None else role.title).replace("-", " ").lower()
    found = tuple(one for one in known if wanted in one.replace("-", " ").lower())
    if known and not found and role is None:
        raise UsageError(
            f"nothing is owed by `{owner[:60]}`",
            help=f"what is missing is owed by {', '.join(map(one_line, sorted(known)))}; roles go by their names too: "
            + ", ".join(audience.role_names),
            place="--owner",
            candidates=audience.role_names,
        )
    return found
