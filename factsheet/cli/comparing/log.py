"""`factsheet log`: how facts of a sheet changed over its revisions in git."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from factsheet.cli import exits
from factsheet.cli.comparing.versions import read_version, sheet_in, version_of
from factsheet.cli.options import Output, TextOrJson
from factsheet.cli.sheets import deliver, the_sheet
from factsheet.cli.terminal import complain, style_for
from factsheet.cli.usage.completions import complete_fields
from factsheet.comparing.difference import ComparedVersion
from factsheet.comparing.difference_report import change_data, change_lines
from factsheet.comparing.history import history_entries, patterns_of
from factsheet.comparing.leaves import SheetLeaves
from factsheet.errors import FactsheetError, UsageError, in_one_line
from factsheet.reports.text import Style, encodable, one_line
from factsheet.source.revision_texts import RevisionTexts
from factsheet.source.revisions import history_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from factsheet.comparing.history import FactPattern, HistoryEntry
    from factsheet.source.revisions import FileHistory, Revision

SCHEMA = "factsheet.log/1"
_NOT_YET = "not committed yet"


def log(
    arguments: Sequence[str],
    *,
    sheet: Path | None = None,
    as_json: bool = False,
    output: Path | None = None,
) -> int:
    """Write what each revision changed of some facts.

    Returns:
        The exit status: 1 where no revision states any of them.

    Raises:
        FactsheetError: the sheet cannot be read, or is not in git.
    """
    file, paths = _sheet_among(arguments, sheet)
    history = history_of(file)
    now = read_version(str(file))
    assert now.sheet is not None  # noqa: S101  `read_version` refuses others
    newest = SheetLeaves(now.sheet)
    patterns = [pattern for path in paths for pattern in patterns_of(path, newest)]
    with RevisionTexts(file.parent) as texts:
        entries = list(history_entries(_revisions(history, now, texts), patterns))
    if as_json:
        text = json.dumps(_data(file, patterns, entries, history), indent=2) + "\n"
    else:
        style = Style() if output is not None else style_for(sys.stdout)
        text = "".join(f"{line}\n" for line in _lines(file, history, entries, style))
    for path in dict.fromkeys(pattern.instead_of for pattern in patterns if pattern.instead_of):
        shown = ", ".join(pattern.path for pattern in patterns if pattern.instead_of == path)
        complain(f"factsheet: a sheet has no `{one_line(path)}`; shown is {one_line(shown)}")
    if not any(entry.changes for entry in entries):
        complain(
            f"factsheet: {one_line(str(file))}: no revision on this branch states {', '.join(map(one_line, paths))}; "
            "`factsheet fields` lists what a sheet can state"
        )
        return exits.FINDINGS
    return deliver(text, output)


def _sheet_among(arguments: Sequence[str], sheet: Path | None) -> tuple[Path, list[str]]:
    """Return the sheet, which may be named anywhere among the facts, and the facts."""
    named = [text for text in arguments if text.lower().endswith((".yaml", ".yml"))]
    if len(named) + (sheet is not None) > 1:
        raise UsageError(
            f"one sheet has a history, and {len(named) + (sheet is not None)} are named",
            help="run the command for each",
        )
    rest = [text for text in arguments if text not in named]
    if sheet is None and named:
        sheet = Path(named[0])
    return sheet or the_sheet(), rest


def _revisions(
    history: FileHistory, now: ComparedVersion, texts: RevisionTexts
) -> Iterator[tuple[Revision | None, Callable[[], ComparedVersion | str]]]:
    yield None, lambda: now
    for revision in history.revisions:
        yield revision, partial(_read, revision, texts)


def _read(revision: Revision, texts: RevisionTexts) -> ComparedVersion | str:
    try:
        return version_of(sheet_in(texts.read(revision), revision.name), revision.short)
    except FactsheetError as error:
        return in_one_line(error.message)


def _lines(file: Path, history: FileHistory, entries: Sequence[HistoryEntry], style: Style) -> Iterator[str]:
    for entry in entries:
        yield _head(file, entry.revision, style)
        if entry.problem:
            yield f"  not compared: {one_line(entry.problem)}"
        for change in entry.changes:
            yield from change_lines(change, style)
        yield ""
    many = len(history.revisions)
    yield f"{many} revision{'s' * (many > 1)} of the sheet on this branch"
    if history.cut_short:
        yield f"there may be older ones: {history.cut_short}"


def _head(file: Path, revision: Revision | None, style: Style) -> str:
    if revision is None:
        return style.strong(_NOT_YET)
    renamed = "" if Path(revision.path).name == file.name else f" (as {one_line(revision.path)})"
    return f"{style.strong(revision.short)} {revision.date[:10]} {one_line(revision.subject)}{renamed}"


def _data(
    file: Path, patterns: Sequence[FactPattern], entries: Sequence[HistoryEntry], history: FileHistory
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "sheet": encodable(str(file)),
        "facts": [encodable(pattern.path) for pattern in patterns],
        "revisions": len(history.revisions),
        "cut_short": history.cut_short or None,
        "entries": [
            {
                "commit": None if entry.revision is None else entry.revision.commit,
                "date": None if entry.revision is None else entry.revision.date,
                "subject": None if entry.revision is None else encodable(entry.revision.subject),
                "path": None if entry.revision is None else encodable(entry.revision.path),
                "problem": entry.problem or None,
                "changes": [change_data(change) for change in entry.changes],
            }
            for entry in entries
        ],
    }


def command(
    *,
    facts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH [SHEET]",
            help="Facts by their path, parameters.power, performance.results[name=GLUE], or a section; all if left "
            "out. The sheet may be named too, by its file.",
            autocompletion=complete_fields,
            show_default=False,
        ),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--sheet",
            "-s",
            metavar="FILE",
            help="The sheet. [default: the only one there is]",
            show_default=False,
        ),
    ] = None,
    output_format: TextOrJson = "text",
    output: Output = None,
) -> None:
    """Show how facts of a sheet changed over its revisions in git, the newest first.

    Renames of the file are followed; what was merged counts at its merge.

    Example:
      factsheet log parameters.power sheets/bert.yaml
      factsheet log performance.results sheets/bert.yaml --format json
    """
    raise typer.Exit(log(facts or [], sheet=sheet, as_json=output_format == "json", output=output))
