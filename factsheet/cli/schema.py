"""`factsheet schema`: the JSON Schema of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from factsheet.cli.options import Output
from factsheet.cli.sheets import deliver

if TYPE_CHECKING:
    from pathlib import Path


def schema(output: Path | None) -> int:
    """Write the JSON Schema and return the exit status."""
    from factsheet.sheet.json_schema import schema_text  # start-up

    return deliver(schema_text(), output)


def command(output: Output = None) -> None:
    """Write the JSON Schema (2020-12) of a sheet, for editors and other tools.

    Example:
      factsheet schema --output factsheet.schema.json
    """
    raise typer.Exit(schema(output))
