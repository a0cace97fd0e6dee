"""`factsheet set`, `get` and `unset`: single facts of a sheet, by their path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from factsheet.cli import exits
from factsheet.cli.exits import located, screen
from factsheet.cli.gathering import read_one
from factsheet.cli.sheets import the_sheet
from factsheet.cli.terminal import complain, say
from factsheet.cli.usage.completions import complete_fields
from factsheet.errors import NoPlaceError, SourceUnreadableError, UnwritableDataError, UsageError
from factsheet.reports.text import one_line
from factsheet.source.writing import replace_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from factsheet.authoring.assignment import Edited
    from factsheet.errors import FactsheetError

Sheet = Annotated[
    Path | None,
    typer.Option(
        "--sheet",
        "-s",
        metavar="FILE",
        help="The sheet. [default: the only one there is]",
        show_default=False,
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show the change, and write nothing.")]


def set_command(
    *,
    assignments: Annotated[
        list[str],
        typer.Argument(
            metavar="[SHEET] PATH=VALUE",
            help="What to set, parameters.power='3.13 W'; one or several. The sheet may be named first.",
            autocompletion=complete_fields,
            show_default=False,
        ),
    ],
    sheet: Sheet = None,
    source: Annotated[
        str | None,
        typer.Option(
            help="Where it comes from: measured, declared, cited, simulated or derived.", show_default=False
        ),
    ] = None,
    evidence: Annotated[str | None, typer.Option(help="The id of a reference.", show_default=False)] = None,
    by: Annotated[str | None, typer.Option(help="Who supplied it.", show_default=False)] = None,
    date: Annotated[str | None, typer.Option(help="As of when, 2022-11-14.", show_default=False)] = None,
    note: Annotated[
        str | None, typer.Option(help="What a reader must know with it.", show_default=False)
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Set facts of a sheet by their path; each value is checked before anything is written.

    Comments and layout stay as they are.

    Example:
      factsheet set "parameters.power=3.13 W" --source measured
    """
    from factsheet.authoring.assignment import (
        read_assignment,
        set_fact,
        set_facts,
    )  # the checks are loaded for it
    from factsheet.facts.placeholders import is_sample_address

    given = {"source": source, "evidence": evidence, "by": by, "date": date, "note": note}
    provenance = {key: value for key, value in given.items() if value is not None}
    named, texts = _sheet_among(assignments, sheet)
    wanted = [read_assignment(text) for text in texts]
    if not wanted:
        raise UsageError("there is nothing to set", help='write `path=value`: "parameters.power=3.13 W"')

    def edit(text: str, name: str) -> tuple[list[Edited], list[FactsheetError]]:
        if len(wanted) > 1:
            return set_facts(text, name, wanted, provenance)
        return [set_fact(text, name, wanted[0], provenance)], []

    status = _edit(named, edit, dry_run=dry_run)
    for one in wanted if status == exits.CLEAN else ():
        if is_sample_address(one.value.strip("\"'")):
            complain(
                f"factsheet: {one_line(one.path)}: {one_line(one.value)} is an address for examples: nobody is"
                " reached by it, and `factsheet todo` goes on asking"
            )
    raise typer.Exit(status)


def unset_command(
    *,
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="[SHEET] PATH",
            help="What to remove, parameters.power; one or several. The sheet may be named first.",
            autocompletion=complete_fields,
            show_default=False,
        ),
    ],
    sheet: Sheet = None,
    dry_run: DryRun = False,
) -> None:
    """Remove facts of a sheet by their path; comments and layout of the rest stay as they are.

    Example:
      factsheet unset parameters.power
    """
    from factsheet.authoring.assignment import unset_fact  # the checks are loaded for it

    named, texts = _sheet_among(paths, sheet)

    def edit(text: str, name: str) -> tuple[list[Edited], list[FactsheetError]]:
        done: list[Edited] = []
        for path in texts:
            done.append(unset_fact(text, name, path))
            text = done[-1].text
        return done, []

    if not texts:
        raise UsageError(
            "there is nothing to remove", help="name what to remove by its path: parameters.power"
        )
    raise typer.Exit(_edit(named, edit, dry_run=dry_run))


def get_command(
    *,
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="[SHEET] PATH",
            help="What to show, parameters.power; one or several. The sheet may be named first.",
            autocompletion=complete_fields,
            show_default=False,
        ),
    ],
    sheet: Sheet = None,
    whole: Annotated[bool, typer.Option("--whole", help="With its provenance.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, keys in the order of the paths.")] = False,
) -> None:
    """Print facts of a sheet by their path, as they are written; the exit status is 1 where one has no value.

    Example:
      factsheet get parameters.power
      factsheet get sheets/bert.yaml parameters performance.accuracy --json
    """
    from factsheet.authoring.assignment import get_fact  # loaded for it alone

    named, texts = _sheet_among(paths, sheet)
    if not texts:
        raise UsageError("there is nothing to show", help="name what to show by its path: parameters.power")
    document = read_one(named).document
    if document is None or not isinstance(document.data, dict):
        raise SourceUnreadableError(named, "it is no sheet; `factsheet validate` says why")
    found = {path: get_fact(document.data, path) for path in texts}
    missing = {path: reason for path, value in found.items() if (reason := _reason(value))}
    if not whole:
        found = {path: _bare(value) for path, value in found.items()}
    if as_json:
        listed = {path: None if path in missing and not whole else value for path, value in found.items()}
        say(json.dumps(listed, default=str, indent=2))
    for path, value in found.items():
        if path in missing:
            complain(f"factsheet: {one_line(path)}: {one_line(missing[path])}")
        elif not as_json:
            say(_shown(value))
    raise typer.Exit(exits.FINDINGS if missing else exits.CLEAN)


def _reason(value: Any) -> str:
    from factsheet.authoring.assignment import absence_of  # as above

    return "not in the sheet" if value is None else absence_of(value)


def _bare(value: Any) -> Any:
    """Return a fact without its provenance."""
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _shown(value: Any) -> str:
    from factsheet.source.dumping import dump_block, is_scalar
    from factsheet.source.scalars import written

    if is_scalar(value):
        return written(value)
    return dump_block(value).rstrip("\n")


def _sheet_among(arguments: Sequence[str], sheet: Path | None) -> tuple[Path, list[str]]:
    """Return the sheet, which may be the first argument, and what is left."""
    texts = list(arguments)
    if sheet is None and texts and texts[0].lower().endswith((".yaml", ".yml")) and "=" not in texts[0]:
        return Path(texts[0]), texts[1:]
    return sheet or the_sheet(), texts


def _edit(
    sheet: Path, edit: Callable[[str, str], tuple[list[Edited], list[FactsheetError]]], *, dry_run: bool
) -> int:
    """Carry out edits, and write the text once; nothing is written if any fails, and all that fail are named."""
    document = read_one(sheet).document
    if document is None:
        raise SourceUnreadableError(
            sheet, "it is no text that could be edited; `factsheet validate` says why"
        )
    name = str(sheet)
    with located(name, NoPlaceError, UnwritableDataError):
        done, faults = edit(document.text, name)
    if faults:
        for fault in faults:
            complain(screen(fault, place=name))
        complain(
            f"factsheet: {one_line(name)}: nothing was written; set the others without these, or correct them"
        )
        return exits.USAGE
    text = done[-1].text
    if dry_run:
        say(difference(document.text, text, name))
    elif text != document.text:
        replace_text(sheet, document.text, text)
    _tell(name, done)
    return exits.CLEAN


def difference(before: str, after: str, name: str) -> str:
    """Return the difference of two texts of a file, as `diff -u` shows it."""
    from difflib import unified_diff

    lines = unified_diff(before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", lineterm="")
    return "\n".join(map(one_line, lines))


def _tell(name: str, done: Sequence[Edited]) -> None:
    """Say what stayed with a value, and what a check finds that it did not find before."""
    from factsheet.source.document import dotted

    for edited in done:
        if edited.kept:
            complain(
                f"factsheet: {one_line(dotted(edited.path))} keeps its provenance ({one_line(edited.kept)});"
                " see that it still holds"
            )
    new = [one for edited in done for one in edited.new]
    if new:
        complain(f"factsheet: {one_line(name)}: {len(new)} new finding{'' if len(new) == 1 else 's'}:")
    for found in new:
        complain(f"  {one_line(str(found))}")
