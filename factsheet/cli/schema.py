"""`factsheet schema`: the JSON Schema of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from factsheet.cli.options import Output, Template
from factsheet.cli.sheets import deliver

if TYPE_CHECKING:
    from pathlib import Path


def schema(output: Path | None, template: str | None = None) -> int:
    """Write the JSON Schema of a template's sheets and return the exit status.

    Raises:
        FactsheetError: there is no such template, or its file is none.
    """
    from factsheet.sheet.json_schema import schema_text  # start-up
    from factsheet.sheet_templates.known_templates import model_named

    return deliver(schema_text(model_named(template)), output)


def command(*, template: Template = None, output: Output = None) -> None:
    """Write the JSON Schema (2020-12) of a sheet, for editors and other tools.

    Example:
      factsheet schema --output factsheet.schema.json
      factsheet schema --template digital-accelerator
    """
    raise typer.Exit(schema(output, template))
