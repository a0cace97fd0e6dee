"""`factsheet migrate`: bring sheets to the version of the schema that this program knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from factsheet.cli import exits
from factsheet.cli.editing import difference
from factsheet.cli.gathering import gather
from factsheet.cli.options import SheetsArgument
from factsheet.cli.sheets import all_sheets
from factsheet.cli.terminal import complain, say
from factsheet.comparing.migration import VERSION, migrate
from factsheet.errors import NoPlaceError
from factsheet.reports.text import one_line
from factsheet.source.scalars import written
from factsheet.source.writing import replace_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.comparing.migration import MigratedText


def migrate_sheets(paths: Sequence[str], *, dry_run: bool) -> int:
    """Bring each sheet up to date, or show the change.

    Returns:
        The exit status: 1 where something is left that does not fit, or of another version.

    Raises:
        UsageError: no sheet is named, and none is found.
        WriteError: a sheet cannot be written.
    """
    code = exits.CLEAN
    for gathered in gather(paths or [str(path) for path in all_sheets()]):
        if gathered.loaded is None:
            complain(f"factsheet: {gathered.reason}")
            code = exits.USAGE
            continue
        name = one_line(gathered.name)
        try:
            done = migrate(gathered.loaded, name)
        except NoPlaceError as error:
            complain(exits.screen(error))
            code = exits.USAGE
            continue
        before = "" if gathered.loaded.document is None else gathered.loaded.document.text
        file = None if dry_run else gathered.file  # standard input is no file to write into
        if done.text != before:
            if file is None:
                say(difference(before, done.text, name))
            else:
                replace_text(file, before, done.text)
        say("\n".join(_told(name, done, dry_run=file is None)))
        if done.left or done.version != VERSION:
            code = max(code, exits.FINDINGS)
    return code


def _told(name: str, done: MigratedText, *, dry_run: bool) -> list[str]:
    if done.version != VERSION or done.version is True:
        stated = "no version" if done.version is None else f"version {one_line(written(done.version))[:40]}"
        known = f"this program knows version {VERSION} alone"
        return [f"{name}: it states {stated} of the schema, and {known}; nothing was changed"]
    if not done.renamed and not done.left:
        return [f"{name}: version {VERSION} of the schema, the only one there is; nothing to do"]
    verb = "would be" if dry_run else "was"
    lines = [f"{name}: {verb} renamed: {one_line(one.words)}" for one in done.renamed]
    if done.left:
        lines.append(f"{name}: left, as it takes somebody who knows what was meant:")
        lines += [f"  {one_line(line)}" for line in done.left]
    return lines


def command(
    *,
    paths: SheetsArgument = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Show the change, and write nothing.")
    ] = False,
) -> None:
    """Bring sheets to the version of the schema that this program knows; comments and layout stay as they are.

    There is one version so far: what is brought up to date are names of its drafts, and other spellings of keys.

    Example:
      factsheet migrate --dry-run sheets/bert.yaml
    """
    raise typer.Exit(migrate_sheets(paths or [], dry_run=dry_run))
