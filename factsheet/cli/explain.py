"""`factsheet explain`: a rule's documentation in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from factsheet.cli import exits
from factsheet.cli.terminal import say


def explain(rule: str | None) -> int:
    """Print the documentation of a rule, or one line for each.

    Raises:
        UnknownRuleError: there is no such rule.
    """
    from factsheet.checks.documentation import index
    from factsheet.checks.rule_pages import explain as text

    if rule is None:
        say("\n".join(f"{rule_id}  {slug:<32} {summary}" for rule_id, slug, summary in index()))
        return exits.CLEAN
    say(text(rule))
    return exits.CLEAN


def command(
    *,
    rule: Annotated[
        str | None, typer.Argument(help="A rule's id or name, FS204.", show_default=False)
    ] = None,
) -> None:
    """Explain a rule: what it does, why it matters, what fails and what passes; without a rule, list them all."""
    raise typer.Exit(explain(rule))
