"""The one sheet that a command works on, loaded and fit for use."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.checks import check_loaded
from factsheet.cli import exits
from factsheet.cli.exits import Stop
from factsheet.cli.terminal import say, style_for
from factsheet.report import full
from factsheet.source import SourceError, read_sheet, read_stream, write_atomic

if TYPE_CHECKING:
    from factsheet.sheet.model import FactSheet
    from factsheet.source import Loaded


def open_sheet(name: str | None) -> tuple[str, FactSheet]:
    """The sheet named, or found, with its name for people.

    Raises:
        Stop: it can not be read, or does not fit the schema; each finding is in the message.
    """
    shown, sheet, _ = open_with_text(name)
    return shown, sheet


def open_with_text(name: str | None) -> tuple[str, FactSheet, str]:
    """`open_sheet`, with the text that the sheet was read from.

    Raises:
        Stop: as `open_sheet`.
    """
    shown, loaded = _read(name)
    # The schema alone: facts that contradict each other are `validate`'s to report, and derive's to show.
    checked = check_loaded(loaded, shown, rules=())
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
        from factsheet.cli.locate import the_sheet  # reads pyproject.toml

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
