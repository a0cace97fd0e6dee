"""`factsheet schema`: the JSON Schema of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from factsheet.cli.options import Output, Template
from factsheet.cli.sheets import deliver
from factsheet.sheet.json_schema import Draft

if TYPE_CHECKING:
    from pathlib import Path


def schema(output: Path | None, template: str | None = None, draft: Draft = "2020-12") -> int:
    """Write the JSON Schema of a template's sheets, in a draft of JSON Schema, and return the exit status.

    Raises:
        FactsheetError: there is no such template, or its file is none.
    """
    from factsheet.sheet.json_schema import schema_text  # start-up
    from factsheet.sheet_templates.known_templates import model_named

    return deliver(schema_text(model_named(template), draft=draft), output)


def command(
    *,
    template: Template = None,
    draft: Annotated[
        Draft, typer.Option(help="Draft of JSON Schema; 07 is for tools that know no later one.")
    ] = "2020-12",
    output: Output = None,
) -> None:
    """Write the JSON Schema (2020-12) of a sheet, for editors and other tools.

    Example:
      factsheet schema --output factsheet.schema.json
      factsheet schema --draft 07 --output factsheet.draft-07.schema.json
      factsheet schema --template digital-accelerator
    """
    raise typer.Exit(schema(output, template, draft))
