"""`factsheet fields`: the fields of a sheet, with what an author has to know of each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from factsheet.cli.options import Template
from factsheet.cli.sheets import deliver, one_role
from factsheet.cli.usage.completions import complete_fields, complete_roles
from factsheet.cli.usage.format_option import format_option


def fields(
    path: str | None,
    *,
    role: str | None,
    output_format: Literal["text", "markdown", "json"],
    output: Path | None,
    template: str | None = None,
) -> int:
    """Write the sections, the fields of one, or one field in full.

    Raises:
        UsageError: there is no such field, no such role, or no such template.
        WriteError: the output cannot be written.
    """
    from factsheet._version import __version__
    from factsheet.authoring.field_reference import (  # the whole schema is built for it
        fields_at,
        fields_json,
        fields_markdown,
        fields_text,
        sections_text,
    )
    from factsheet.sheet_templates.known_templates import model_named

    model = model_named(template)
    if path is None and role is None and output_format == "text":
        return deliver(sections_text(model), output)
    known = one_role(role, model.audience)
    found = fields_at(path or "", known, model)
    if output_format == "json":
        return deliver(fields_json(found, __version__), output)
    if output_format == "markdown":
        return deliver(fields_markdown(found), output)
    return deliver(fields_text(found, model.audience), output)


def command(
    *,
    path: Annotated[
        str | None,
        typer.Argument(
            metavar="PATH",
            help="A section or a field, parameters.power; without one, the sections.",
            autocompletion=complete_fields,
            show_default=False,
        ),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(
            metavar="ROLE",
            help="Only the fields that this role asks for.",
            autocompletion=complete_roles,
            show_default=False,
        ),
    ] = None,
    template: Template = None,
    output_format: Annotated[
        Literal["text", "markdown", "json"], format_option("text", "markdown", "json")
    ] = "text",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file.", show_default=False),
    ] = None,
) -> None:
    """List what a sheet can state: each field with its question, unit, limits and example, who asks and who knows.

    Example:
      factsheet fields
      factsheet fields parameters.power
      factsheet fields --role data-scientist --format markdown
      factsheet fields accelerator --template digital-accelerator
    """
    raise typer.Exit(fields(path, role=role, output_format=output_format, output=output, template=template))
