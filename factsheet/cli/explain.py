"""`factsheet explain`: the documentation of a rule, or of a field, in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from factsheet.cli import exits
from factsheet.cli.terminal import say
from factsheet.cli.usage.completions import complete_explained
from factsheet.errors import UnknownRuleError


def explain(name: str | None) -> int:
    """Print the documentation of a rule or of a field; without a name, one line for each rule.

    Raises:
        UnknownRuleError: there is no such rule, and no such field.
    """
    from factsheet.checks.documentation import index
    from factsheet.checks.rule_pages import explain as text

    if name is None:
        say("\n".join(f"{rule_id}  {slug:<32} {summary}" for rule_id, slug, summary in index()))
        return exits.CLEAN
    try:
        say(text(name))
    except UnknownRuleError:
        from factsheet.authoring.field_catalogue import entries_at  # only for what is no rule

        entries = entries_at(name) if name else ()
        if not entries:
            raise
        from factsheet.authoring.field_reference import fields_text

        say(fields_text(entries))
    return exits.CLEAN


def command(
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="RULE|FIELD",
            help="A rule's id or name, FS204, or a field.",
            autocompletion=complete_explained,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Explain a rule, what it does, why it matters and how to fix it, or a field; without either, list all rules.

    A field is named by its path.

    Example:
      factsheet explain FS207
      factsheet explain parameters.power
    """
    raise typer.Exit(explain(name))
