"""Read the versions of sheets that arguments name: files, revisions in git, standard input."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.checks.configuration import find_configuration
from factsheet.cli.gathering import STDIN_NAME, no_sheet, read_one
from factsheet.comparing.difference import ComparedVersion
from factsheet.errors import InvalidSheetError, SourceUnreadableError, UsageError, in_one_line
from factsheet.recompute.comparisons.score_directions import with_directions
from factsheet.sheet_templates.known_templates import read_any_sheet
from factsheet.source.loader import read_stream
from factsheet.source.revisions import names_revision, read_revision

if TYPE_CHECKING:
    from factsheet.source.loader import Loaded

HEAD = "HEAD"
NO_FILE = "/dev/null"
"""What git names as the other version of a file that is new, or gone."""


def read_version(name: str, shown: str = "") -> ComparedVersion:
    """Read a version of a sheet; of one that does not fit the schema, all that does.

    Args:
        name: a file, `REVISION:PATH`, or `-` for standard input.
        shown: what to call it; by default its name.

    Raises:
        SourceUnreadableError: it cannot be read.
        UsageError: there is no such revision, or it is no sheet.
        InvalidSheetError: nothing of it fits the schema.
    """
    return version_of(load_version(name), shown or (STDIN_NAME if name == "-" else in_one_line(name)))


def load_version(name: str) -> Loaded:
    """Read the text of a version.

    Raises:
        SourceUnreadableError: it cannot be read.
        UsageError: there is no such revision, or it is no sheet.
    """
    if name == "-":
        if sys.stdin is None:
            raise UsageError("standard input is closed", help="give a path instead of `-`")
        loaded = read_stream(sys.stdin.buffer, STDIN_NAME)
    elif names_revision(name):
        loaded = read_revision(name)
    else:
        return read_one(Path(name))
    other = no_sheet(None, loaded)
    if other is not None:
        raise UsageError(other.message, help=other.help, place=in_one_line(name))
    return loaded


def version_of(loaded: Loaded, shown: str) -> ComparedVersion:
    """Return what of a text is a sheet.

    Raises:
        InvalidSheetError: nothing is.
    """
    document = loaded.document
    data = None if document is None else document.data
    sheet, misfits = (None, ()) if data is None else read_any_sheet(data)
    if sheet is None:
        why = loaded.problems[0].message if loaded.problems else "it has nothing that a sheet has to have"
        raise InvalidSheetError(
            f"{shown} is no sheet that could be compared: {why}",
            f"factsheet: {shown} is no sheet that could be compared: {why}\n"
            "  = help: `factsheet validate` says what is wrong with it",
            name=shown,
            faults=(),
        )
    return ComparedVersion(
        name=shown,
        sheet=with_directions(sheet, find_configuration().higher_is_better),
        misfits=misfits,
        problems=tuple(problem.message for problem in loaded.problems),
    )


def older_of(file: str, revision: str = HEAD) -> str:
    """Return the name of a file of the working directory at a revision."""
    path = Path(file)
    inside = os.path.relpath(path) if path.is_absolute() else file
    return f"{revision}:./{Path(inside).as_posix()}"


def pair_of(old: str, new: str | None) -> tuple[str, str]:
    """Return the names of two versions: a file alone is compared with its last commit, a revision with the file.

    Raises:
        SourceUnreadableError: neither a file nor a revision is named so.
    """
    if new is None:
        if names_revision(old):
            raise UsageError(
                f"`{in_one_line(old)}` is compared with nothing",
                help="name the version to compare it with: `factsheet diff HEAD~3:sheets/bert.yaml sheets/bert.yaml`",
            )
        return older_of(old), old
    if old == "-" or names_revision(old) or os.path.lexists(old):
        return old, new
    if os.path.isfile(new):  # noqa: PTH113  to it, a NUL is no error
        try:
            read_revision(older_of(new, old))
        except UsageError:
            reason = "there is no such file, and no revision of that name"
            raise SourceUnreadableError(in_one_line(old), reason) from None
        return older_of(new, old), new
    return old, new
