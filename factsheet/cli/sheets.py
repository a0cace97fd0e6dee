"""Find and open the sheet a command works on, and name the roles it is read for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.checks.configuration import find_configuration
from factsheet.checks.engine import check_document
from factsheet.cli import exits
from factsheet.cli.gathering import STDIN_NAME, no_sheet, read_one
from factsheet.cli.terminal import say, style_for
from factsheet.errors import InvalidSheetError, UsageError, in_one_line
from factsheet.readers.audience import STUDY
from factsheet.readers.roles import ROLE_NAMES
from factsheet.reports.full import full
from factsheet.source.discovery import find_sheets
from factsheet.source.loader import read_stream
from factsheet.source.writing import note_input, write_atomic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.api.fact_sheet import FactSheet
    from factsheet.readers.audience import Audience
    from factsheet.readers.roles import RoleName
    from factsheet.source.loader import Loaded

USUAL_PLACES = ("factsheet.yaml", "factsheet.yml", "sheets", "factsheets", "docs/factsheet.yaml")


def the_sheet() -> Path:
    """Return the configured sheet, else the only one in the usual places.

    Raises:
        UsageError: there is none, or there are several.
    """
    sheets = all_sheets()
    if len(sheets) == 1:
        return sheets[0]
    listed = "\n".join(f"  {sheet}" for sheet in sheets)
    raise UsageError(
        f"no sheet was named, and there are {len(sheets)} to choose from:\n{listed}",
        help="name one of them, or set `sheet` under [tool.factsheet] in pyproject.toml",
    )


def all_sheets() -> list[Path]:
    """Return the configured sheet alone, else every sheet in the usual places.

    Raises:
        UsageError: there is none.
    """
    configured = _configured()
    if configured is not None:
        note_input(configured)  # before it is read: an output may be opened first
        return [configured]
    places = [Path(place) for place in USUAL_PLACES]
    found = find_sheets([place for place in places if place.exists()])
    if not found:
        raise UsageError(
            f"no sheet was named, and none was found in {Path.cwd()}",
            f"these were looked for: {', '.join(USUAL_PLACES)}, and `sheet` under [tool.factsheet] in pyproject.toml",
            "name a sheet by its path, for example `path/to/sheet.yaml`",
        )
    for sheet in found:
        note_input(sheet)
    return found


def _configured() -> Path | None:
    """`[tool.factsheet] sheet` of the nearest pyproject.toml at or above the working directory."""
    config = find_configuration()
    if config.sheet is None or config.file is None:
        return None
    path = config.file.parent / config.sheet
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def open_sheet(name: str | None) -> tuple[str, FactSheet]:
    """Return the sheet named, or found, with its name for people.

    Facts that contradict each other are for `validate` to report and for `derive` to show: the schema alone counts.

    Raises:
        SourceError: it cannot be read.
        InvalidSheetError: it does not fit the schema; the report has every finding with its place in the text.
    """
    from factsheet.recompute.comparisons.score_directions import with_directions  # start-up

    shown, sheet = open_sheet_as_written(name)
    return shown, with_directions(sheet, find_configuration().higher_is_better)


def open_sheet_as_written(name: str | None) -> tuple[str, FactSheet]:
    """Return what `open_sheet` does, with nothing that settings say of its metrics.

    Raises:
        FactsheetError: as `open_sheet`.
    """
    from factsheet.api.fact_sheet import sheet_of  # start-up: `validate` does without

    shown, loaded = _read(name)
    try:
        return shown, sheet_of(loaded, shown)
    except InvalidSheetError as error:
        raise _with_places(error, loaded) from None


def open_analog_sheet(name: str | None) -> tuple[str, FactSheet]:
    """Return what `open_sheet` does, of a sheet that can state what a model does on analog hardware.

    Raises:
        UsageError: its template is for other hardware.
        FactsheetError: as `open_sheet`.
    """
    shown, sheet = open_sheet(name)
    if sheet.audience is not STUDY:
        raise UsageError(
            f"this is a sheet of the template `{sheet.audience.template}`",
            "it has no fields for noise and drift of analog hardware, and nothing was worked out",
            f"name a sheet of `{STUDY.template}`, or leave the sheet out and write the results to a file of their own",
            place=shown,
        )
    return shown, sheet


def _with_places(error: InvalidSheetError, loaded: Loaded) -> InvalidSheetError:
    """Return the error with every fault in its place in the text, as `validate` shows it."""
    style = style_for(sys.stderr)
    found = check_document(loaded, error.name, rules=()).diagnostics
    # A suppression whose rule does not run here silences nothing, and is no fault.
    faults = tuple(diagnostic for diagnostic in found if diagnostic.rule_id.startswith("FS1"))
    last = (
        f"{in_one_line(error.name)} does not fit the schema; nothing was written. Correct it and run again."
    )
    blocks = [*(full(diagnostic, loaded.document, style) for diagnostic in faults), f"factsheet: {last}"]
    return InvalidSheetError(last, "\n\n".join(blocks), name=error.name, faults=faults)


def _read(name: str | None) -> tuple[str, Loaded]:
    if name == "-":
        if sys.stdin is None:
            raise UsageError("standard input is closed", help="give a path instead of `-`")
        loaded = read_stream(sys.stdin.buffer, STDIN_NAME)
        other = no_sheet(None, loaded)
        if other is not None:
            raise other
        return STDIN_NAME, loaded
    if name is None:
        name = str(the_sheet())
    return name, read_one(Path(name))


def deliver(text: str | bytes, output: Path | None, *, commands: bool = False) -> int:
    """Write to the file, whole or not at all, or else to standard output; for `commands` see `say`."""
    if output is None:
        if isinstance(text, str):
            say(text, commands=commands)
        elif sys.stdout is not None:
            sys.stdout.flush()
            sys.stdout.buffer.write(text)
        return exits.CLEAN
    write_atomic(output, text)
    return exits.CLEAN


def named_roles(
    values: Sequence[str] | None, known: Sequence[RoleName] | None = None
) -> tuple[RoleName, ...]:
    """Return the roles named, in their order; `all` means every one, and commas part several in one value.

    Args:
        values: what was given.
        known: the roles there are; by default, those of every template that a sheet may name.

    Raises:
        UsageError: there is no such role.
    """
    named = [part.strip() for value in values or () for part in value.split(",") if part.strip()]
    if not named:
        return ()
    if known is None:
        from factsheet.sheet_templates.known_templates import (
            known_roles,
        )  # only for a role that is not the study's

        known = ROLE_NAMES if all(role in ROLE_NAMES for role in named) else known_roles()
    if "all" in named:
        return tuple(known)
    for role in named:
        if role not in known:
            raise UsageError(
                f"there is no role `{role[:60]}`",
                help=f"the roles are {', '.join(known)}; `all` means every one",
                place="--role",
                candidates=known,
            )
    return tuple(role for role in known if role in named)


def one_role(value: str | None, audience: Audience) -> RoleName | None:
    """Return the one role that a value names; `None` where there is no value.

    Raises:
        UsageError: there is no such role.
    """
    if value is None:
        return None
    found = named_roles([value.replace(",", " ")], audience.role_names)
    return found[0] if len(found) == 1 else None
