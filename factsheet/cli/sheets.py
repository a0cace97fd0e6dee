"""Find and open the sheet a command works on, and name the roles it is read for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.checks.configuration import find_configuration
from factsheet.checks.engine import check_document
from factsheet.cli import exits
from factsheet.cli.exits import Stop, did_you_mean
from factsheet.cli.terminal import say, style_for
from factsheet.errors import SourceError
from factsheet.readers.roles import ROLE_NAMES
from factsheet.reports.full import full
from factsheet.source.discovery import find_sheets
from factsheet.source.loader import read_sheet, read_stream
from factsheet.source.writing import write_atomic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.readers.roles import RoleName
    from factsheet.sheet.model import SheetFields
    from factsheet.source.loader import Loaded

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
    config = find_configuration()
    if config.sheet is None or config.file is None:
        return None
    path = config.file.parent / config.sheet
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def open_sheet(name: str | None) -> tuple[str, SheetFields]:
    """The sheet named, or found, with its name for people.

    Raises:
        Stop: it can not be read, or does not fit the schema; each finding is in the message.
    """
    shown, sheet, _ = open_with_text(name)
    return shown, sheet


def open_with_text(name: str | None) -> tuple[str, SheetFields, str]:
    """`open_sheet`, with the text that the sheet was read from.

    Raises:
        Stop: as `open_sheet`.
    """
    shown, loaded = _read(name)
    # The schema alone: facts that contradict each other are `validate`'s to report, and derive's to show.
    checked = check_document(loaded, shown, rules=())
    # A suppression whose rule does not run here silences nothing, and is nothing to stop for.
    faults = [diagnostic for diagnostic in checked.diagnostics if diagnostic.rule_id.startswith("FS1")]
    if faults or checked.sheet is None:
        style = style_for(sys.stderr)
        blocks = [full(diagnostic, loaded.document, style) for diagnostic in faults]
        blocks.append(
            f"factsheet: {shown} does not fit the schema; nothing was written. Mend it and run again."
        )
        raise Stop("\n\n".join(blocks), exits.FINDINGS)
    return shown, checked.sheet, "" if loaded.document is None else loaded.document.text


def _read(name: str | None) -> tuple[str, Loaded]:
    if name == "-":
        if sys.stdin is None:
            raise Stop("factsheet: standard input is closed; give a path instead of `-`")
        return "<stdin>", read_stream(sys.stdin.buffer, "<stdin>")
    if name is None:
        name = str(the_sheet())
    try:
        return name, read_sheet(Path(name))
    except SourceError as error:
        raise Stop(f"factsheet: {error.diagnostics()}") from None


def deliver(text: str | bytes, output: Path | None) -> int:
    """Write to the file, whole or not at all, or else to standard output."""
    if output is None:
        if isinstance(text, str):
            say(text)
        elif sys.stdout is not None:
            sys.stdout.flush()
            sys.stdout.buffer.write(text)
        return exits.CLEAN
    try:
        write_atomic(output, text)
    except SourceError as error:
        raise Stop(f"factsheet: {error.diagnostics()}") from None
    return exits.CLEAN


def named_roles(values: Sequence[str] | None) -> tuple[RoleName, ...]:
    """The roles named, in the study's order; `all` means every one, and commas part several in one value.

    Raises:
        Stop: there is no such role.
    """
    named = [part.strip() for value in values or () for part in value.split(",") if part.strip()]
    if "all" in named:
        return ROLE_NAMES
    for role in named:
        if role not in ROLE_NAMES:
            raise Stop(
                f"factsheet: --role {role[:60]}: there is no such role\n"
                f"  {did_you_mean(role, ROLE_NAMES)}The roles are {', '.join(ROLE_NAMES)}; `all` means every one."
            )
    return tuple(role for role in ROLE_NAMES if role in named)
