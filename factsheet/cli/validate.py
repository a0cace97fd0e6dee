"""`factsheet validate`: load, check, report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from factsheet.checks import check_loaded
from factsheet.checks.diagnostic import SEVERITIES
from factsheet.cli import exits
from factsheet.cli.terminal import complain, say, style_for
from factsheet.source import SourceError, find_sheets, read_sheet, read_stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.checks import Diagnostic, Severity
    from factsheet.source import Loaded

Format = Literal["full", "concise"]
STDIN_NAME = "<stdin>"


def validate(paths: Sequence[str], *, fail_on: Severity = "error", output_format: Format = "full") -> int:
    """Check every sheet named, or found, and return the exit status.

    Args:
        paths: files, directories and `-` for standard input; none means the sheets in the usual places.
        fail_on: the mildest severity that makes the exit status 1.
        output_format: `full` quotes the line of each finding, `concise` takes one line each.
    """
    if not paths:
        from factsheet.cli.locate import all_sheets  # reads pyproject.toml, which named paths need not

        paths = [str(path) for path in all_sheets()]
    style = style_for(sys.stdout)
    counts = dict.fromkeys(SEVERITIES, 0)
    sheets, unreadable = 0, 0
    for name, loaded in _loaded(paths):
        if loaded is None:
            unreadable += 1
            continue
        sheets += 1
        for diagnostic in check_loaded(loaded, name).diagnostics:
            counts[diagnostic.severity] += 1
            _report(diagnostic, loaded, output_format)
    if output_format == "full":
        summary = _summary(sheets, counts)
        say(style.good(summary) if not any(counts.values()) and not unreadable else style.strong(summary))
    if unreadable:
        return exits.USAGE
    grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return exits.FINDINGS if any(counts[severity] for severity in grave) else exits.CLEAN


def _report(diagnostic: Diagnostic, loaded: Loaded, output_format: Format) -> None:
    from factsheet.report import concise, full  # most runs find nothing to report

    style = style_for(sys.stdout)
    if output_format == "concise":
        say(concise(diagnostic, style))
    else:
        say(full(diagnostic, loaded.document, style) + "\n")


def _loaded(paths: Sequence[str]) -> Iterator[tuple[str, Loaded | None]]:
    """Each sheet with its name; `None` for what can not be read, said on standard error."""
    for path in paths:
        if path == "-":
            yield STDIN_NAME, _stdin()
            continue
        try:
            files = find_sheets([Path(path)])
        except SourceError as error:
            complain(f"factsheet: {error.diagnostics()}")
            yield path, None
            continue
        if not files:
            complain(
                f"factsheet: {path}: no sheet in this directory (a sheet begins with the key `factsheet:`)"
            )
            yield path, None
        for file in files:
            try:
                yield str(file), read_sheet(file)
            except SourceError as error:
                complain(f"factsheet: {error.diagnostics()}")
                yield str(file), None


def _stdin() -> Loaded | None:
    if sys.stdin is None:
        complain("factsheet: standard input is closed; give a path instead of `-`")
        return None
    return read_stream(sys.stdin.buffer, STDIN_NAME)


def _summary(sheets: int, counts: dict[Severity, int]) -> str:
    found = [f"{count} {severity}{'s' if count > 1 else ''}" for severity, count in counts.items() if count]
    checked = f"{sheets} sheet{'' if sheets == 1 else 's'} checked"
    return f"{checked}: {', '.join(found) if found else 'nothing found'}"
