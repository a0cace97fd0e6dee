"""`factsheet explain`: the documentation of a rule, or of a field, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from factsheet.cli import exits
from factsheet.cli.options import Template
from factsheet.cli.terminal import say
from factsheet.cli.usage.completions import complete_explained
from factsheet.errors import UnknownRuleError

if TYPE_CHECKING:
    from collections.abc import Sequence


def explain(name: str | None, template: str | None = None) -> int:
    """Print the documentation of a rule or of a field; without a name, one line for each rule.

    Raises:
        UnknownRuleError: there is no such rule, and no such field.
        FactsheetError: there is no such template.
    """
    from factsheet.checks.documentation import index
    from factsheet.checks.rule_pages import explain as text

    if name is None:
        say("\n".join(f"{rule_id}  {slug:<32} {summary}" for rule_id, slug, summary in index()))
        return exits.CLEAN
    try:
        say(text(name))
    except UnknownRuleError as error:
        from factsheet.authoring.field_catalogue import entries_at  # only for what is no rule
        from factsheet.authoring.field_reference import fields_like, fields_text
        from factsheet.sheet_templates.known_templates import model_named

        model = model_named(template)
        entries = entries_at(name, model) if name else ()
        if not entries:
            raise _nothing_called(name, error.candidates, fields_like(name, model)) from None
        say(fields_text(entries, model.audience))
    return exits.CLEAN


def _nothing_called(name: str, rules: Sequence[str], fields: Sequence[str]) -> UnknownRuleError:
    # A path can only be meant for a field; a word alone may be either.
    close = (*fields, *(() if "." in name and fields else rules))
    hint = f"; did you mean {' or '.join(f'`{one}`' for one in close)}?" if close else ""
    return UnknownRuleError(
        f"no rule and no field is called `{name[:80]}`{hint}",
        help="`factsheet explain` lists the rules, `factsheet fields` the fields",
    )


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
    template: Template = None,
) -> None:
    """Explain a rule, what it does, why it matters and how to fix it, or a field; without either, list all rules.

    A field is named by its path.

    Example:
      factsheet explain FS207
      factsheet explain parameters.power
    """
    raise typer.Exit(explain(name, template))
