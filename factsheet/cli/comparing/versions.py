"""Read the versions of sheets that arguments name: files, revisions in git, standard input."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.checks.configuration import find_configuration
from factsheet.cli.gathering import STDIN_NAME, no_sheet, read_one, sheets_in
from factsheet.cli.sheets import USUAL_PLACES
from factsheet.comparing.difference import ComparedVersion
from factsheet.errors import FactsheetError, InvalidSheetError, SourceUnreadableError, UsageError, in_one_line
from factsheet.recompute.comparisons.score_directions import with_directions
from factsheet.sheet_templates.known_templates import read_any_sheet
from factsheet.source.discovery import REVIEW_SUFFIXES
from factsheet.source.loader import read_stream
from factsheet.source.revisions import (
    files_at,
    is_at_revision,
    is_revision,
    is_shallow,
    name_then,
    names_revision,
    read_revision,
    shallow_without,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    return sheet_in(loaded, name)


def sheet_in(loaded: Loaded, name: str) -> Loaded:
    """Return a text that may be a sheet.

    Args:
        loaded: the text.
        name: of the version, for messages.

    Raises:
        UsageError: it is something else that facts of a sheet are read from.
    """
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
    sheet, misfits = (None, ()) if data is None else read_any_sheet(data, within_lists=True)
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


class PairedVersions(NamedTuple):
    """Names of two versions to compare; one of them may be that of a sheet which is not there."""

    old: str
    new: str
    missing: Literal["", "old", "new"] = ""


def pairs_of(names: Sequence[str]) -> tuple[PairedVersions, ...]:
    """Return which versions are compared: two that are named, a file and its last commit, or files then and now.

    Args:
        names: one or two versions, or a revision and files or folders; of a revision alone, all sheets.

    Raises:
        SourceUnreadableError: neither a file nor a revision is named so.
        UsageError: the names are none of these.
    """
    if not len(names) >= 1:
        raise UsageError("nothing is named", help="name a sheet, or the old version and the new one")
    if not all(names):
        raise UsageError(
            "the name of a version is empty",
            "the folder one is in would be compared",
            "give a file or a revision; in a script, see that the variable is set",
        )
    first, *rest = names
    if not rest:
        return _of_one(first)
    single = len(rest) == 1 and not os.path.isdir(rest[0])  # noqa: PTH112  likewise
    if first == "-" or names_revision(first) or os.path.lexists(first):
        if not single and len(rest) == 1:
            raise UsageError(
                f"`{in_one_line(first)}` is one text, and `{in_one_line(rest[0])}` is a folder",
                help="name a revision and the folder: `factsheet diff main sheets/`; or one text more",
            )
        if not single:
            raise UsageError(
                f"two versions are compared, and {len(names)} are named",
                help="name the old one and the new one, or a revision and the sheets: `factsheet diff main sheets/`; "
                "`factsheet compare` puts several sheets side by side",
            )
        return (PairedVersions(first, rest[0]),)
    if not is_revision(first):
        raise _neither(first)
    if single and (rest[0] == "-" or names_revision(rest[0])):
        raise UsageError(
            f"`{in_one_line(first)}` is a revision, and no text at one",
            help=f"name the file in it: `{in_one_line(first)}:sheets/bert.yaml`",
        )
    return tuple(_then_and_now(first, rest))


def _neither(name: str) -> FactsheetError:
    """Say that a name is neither that of a file nor of a revision."""
    if is_shallow():
        return shallow_without(name)
    return SourceUnreadableError(in_one_line(name), "there is no such file, and no revision of that name")


def _of_one(first: str) -> tuple[PairedVersions, ...]:
    """Return which versions are compared where one name is given: a file, a folder or a revision."""
    if names_revision(first):
        raise UsageError(
            f"`{in_one_line(first)}` is compared with nothing",
            help="name the version to compare it with: `factsheet diff HEAD~3:sheets/bert.yaml sheets/bert.yaml`",
        )
    if os.path.isdir(first):  # noqa: PTH112  to it, a NUL is no error
        return tuple(_then_and_now(HEAD, [first]))
    if not os.path.lexists(first) and is_revision(first):
        return tuple(_then_and_now(first, _usual_places(first)))
    if first != "-" and not os.path.lexists(first):
        if not is_at_revision(older_of(first)):
            raise _neither(first)
        return (PairedVersions(older_of(first), first, "new"),)
    return (PairedVersions(older_of(first), first),)


def _usual_places(revision: str) -> list[str]:
    """Return where sheets are looked for if none is named, as far as there is something now or was then."""
    config = find_configuration()
    if config.sheet is not None and config.file is not None:
        return [os.path.relpath(config.file.parent / config.sheet)]
    there = [
        place for place in USUAL_PLACES if os.path.lexists(place) or is_at_revision(older_of(place, revision))
    ]
    if not there:
        raise UsageError(
            f"no sheet was named, and none was found, now or at `{in_one_line(revision)}`",
            f"these were looked for: {', '.join(USUAL_PLACES)}, and `sheet` under [tool.factsheet] in pyproject.toml",
            "name the sheets: `factsheet diff main path/to/sheets`",
        )
    return there


def _then_and_now(revision: str, paths: Sequence[str]) -> Iterator[PairedVersions]:
    """Yield the sheets of files and folders as they were and are; those that came or went have one version alone."""
    for path in paths:
        was_folder = not os.path.lexists(path) and bool(files_at(revision, path))
        if not os.path.isdir(path) and not was_folder:  # noqa: PTH112  to it, a NUL is no error
            yield _one_then_and_now(revision, path)
            continue
        now = [] if was_folder else sheets_in(Path(path))
        pairs = [_one_then_and_now(revision, file) for file in now]
        yield from pairs
        renamed = {pair.old for pair in pairs}
        for file in files_at(revision, path):
            name = older_of(file, revision)
            gone = file.endswith((".yaml", ".yml")) and not os.path.lexists(file)
            if gone and name not in renamed and _was_sheet(name):
                yield PairedVersions(name, file, "new")


def _one_then_and_now(revision: str, path: str) -> PairedVersions:
    """Return a file as it was and is, under the name that it had then.

    Raises:
        SourceUnreadableError: there is no such file, and was none.
    """
    older = older_of(path, revision)
    gone = not os.path.lexists(path)
    if is_at_revision(older):
        return PairedVersions(older, path, "new" if gone else "")
    if gone:
        raise SourceUnreadableError(
            in_one_line(path), f"there is no such file, and was none at `{in_one_line(revision)}`"
        )
    try:
        name = name_then(Path(path), revision)
    except SourceUnreadableError:  # not committed yet
        name = None
    return (
        PairedVersions(older, path, "old") if name is None else PairedVersions(older_of(name, revision), path)
    )


def _was_sheet(name: str) -> bool:
    try:
        document = read_revision(name).document
    except FactsheetError:  # a repository within, or more than any sheet is: it hides no sheet
        return False
    data = None if document is None else document.data
    return isinstance(data, dict) and "factsheet" in data and not name.endswith(REVIEW_SUFFIXES)
