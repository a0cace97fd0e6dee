"""Finds the sheet that is meant when none is named."""

from __future__ import annotations

from pathlib import Path

from factsheet.cli.config import find_config
from factsheet.cli.exits import Stop
from factsheet.source import SourceError, find_sheets

USUAL_PLACES = ("factsheet.yaml", "factsheet.yml", "sheets", "factsheets", "docs/factsheet.yaml")


def the_sheet() -> Path:
    """The configured sheet, else the only one in the usual places; `Stop` lists the candidates otherwise."""
    sheets = all_sheets()
    if len(sheets) == 1:
        return sheets[0]
    listed = "\n".join(f"  {sheet}" for sheet in sheets)
    raise Stop(
        f"factsheet: no sheet was named, and there are {len(sheets)} to choose from:\n{listed}\n"
        "  Name one of them, or set `sheet` under [tool.factsheet] in pyproject.toml."
    )


def all_sheets() -> list[Path]:
    """The configured sheet alone, else every sheet in the usual places; `Stop` where there is none."""
    configured = _configured()
    if configured is not None:
        return [configured]
    places = [Path(place) for place in USUAL_PLACES]
    try:
        found = find_sheets([place for place in places if place.exists()])
    except SourceError as error:
        raise Stop(f"factsheet: {error.diagnostics()}") from None
    if not found:
        looked = ", ".join(USUAL_PLACES)
        raise Stop(
            f"factsheet: no sheet was named, and none was found in {Path.cwd()}\n"
            f"  Looked for {looked}, and for `sheet` under [tool.factsheet] in pyproject.toml.\n"
            "  Name a sheet, for example: factsheet validate path/to/sheet.yaml"
        )
    return found


def _configured() -> Path | None:
    """`[tool.factsheet] sheet` of the nearest pyproject.toml at or above the working directory."""
    config = find_config()
    if config.sheet is None or config.file is None:
        return None
    path = config.file.parent / config.sheet
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
