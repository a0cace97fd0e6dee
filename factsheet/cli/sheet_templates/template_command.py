"""`factsheet template`: list templates, show what one asks for, begin one, and check one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from factsheet.cli import exits
from factsheet.cli.exits import screen
from factsheet.cli.options import Output
from factsheet.cli.sheets import deliver
from factsheet.cli.terminal import complain, say, style_for
from factsheet.cli.usage.completions import complete_templates
from factsheet.cli.usage.format_option import format_option
from factsheet.errors import SourceError, UsageError
from factsheet.reports.text import one_line

TemplateArgument = Annotated[
    str,
    typer.Argument(
        metavar="TEMPLATE", help="A name, or your own .yaml file.", autocompletion=complete_templates
    ),
]


def list_command() -> None:
    """List the templates: those that come with the program, and those that the settings name.

    Example:
      factsheet template list
    """
    from factsheet.cli.sheet_templates.template_reference import (
        described,
        template_line,
    )  # the models are built for it
    from factsheet.sheet_templates.known_templates import known_names

    names = known_names()
    width = max(map(len, names))
    for name in names:
        say(one_line(f"{name:<{width}}  {template_line(described(name))}"))
    say("\nWhat one asks for, and of whom: factsheet template show NAME")
    raise typer.Exit(exits.CLEAN)


def show_command(
    *,
    template: TemplateArgument,
    output_format: Annotated[
        Literal["text", "markdown", "json", "yaml"],
        format_option(
            "text", "markdown", "json", "yaml", note="Form of the output; `yaml` is the template's own file."
        ),
    ] = "text",
    output: Output = None,
) -> None:
    """Show a template: its readers, its sections, and each fact with its form, who asks for it and who knows it.

    Example:
      factsheet template show digital-accelerator
      factsheet template show digital-accelerator --format yaml -o mine.yaml
    """
    from factsheet._version import __version__
    from factsheet.cli.sheet_templates.template_reference import (
        described,
        template_json,
        template_markdown,
        template_text,
    )

    shown = described(template)
    if output_format == "yaml":
        if shown.text is None:
            raise UsageError(
                f"the template `{shown.name}` has no file",
                "it is the model that the package itself is written for",
                "`--format json` has its sections and facts; to begin one of your own: factsheet template new",
                place="--format yaml",
            )
        text = shown.text
    elif output_format == "json":
        text = template_json(shown, __version__)
    else:
        text = template_markdown(shown) if output_format == "markdown" else template_text(shown)
    raise typer.Exit(deliver(text, output))


def new_command(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What sheets are to call it: `edge-board`.")],
    like: Annotated[
        str | None,
        typer.Option(
            metavar="TEMPLATE",
            help="Begin with all of this one instead of a small example.",
            autocompletion=complete_templates,
            show_default=False,
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Begin a template of your own: a small example with a comment on each part, or a copy of another one.

    Example:
      factsheet template new edge-board -o edge-board.yaml
      factsheet template new edge-board --like digital-accelerator
    """
    from factsheet.sheet_templates.beginning_template import begun_template

    raise typer.Exit(deliver(begun_template(name, like), output))


def check_command(
    *,
    templates: Annotated[
        list[str], typer.Argument(metavar="TEMPLATE", help="Your own .yaml files.", show_default=False)
    ],
) -> None:
    """Check templates: their form, names that are taken, roles that are not there, examples that do not fit.

    Exit status: 0 nothing found, 1 faults found, 2 unreadable input.

    Example:
      factsheet template check edge-board.yaml
    """
    code = exits.CLEAN
    for name in templates:
        code = max(code, _checked(name))
    raise typer.Exit(code)


def _checked(name: str) -> int:
    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.cli.sheet_templates.template_reference import described_as, template_line
    from factsheet.reports.full import full
    from factsheet.sheet_templates.template import check_template

    try:
        template, problems, document = check_template(Path(name))
    except SourceError as error:
        complain(screen(error))
        return exits.USAGE
    if template is not None:
        say(f"{one_line(name)}: nothing is wrong: {one_line(template_line(described_as(template)))}")
        return exits.CLEAN
    style = style_for(sys.stdout)
    for problem in problems:
        diagnostic = Diagnostic(
            rule_id="template",
            slug=problem.code,
            severity="error",
            message=problem.message,
            why=problem.why,
            help=problem.help,
            file=name,
            span=problem.span,
            path=problem.path,
        )
        say(full(diagnostic, document, style) + "\n")
    say(style.strong(f"{one_line(name)}: {len(problems)} fault{'' if len(problems) == 1 else 's'}"))
    return exits.FINDINGS
