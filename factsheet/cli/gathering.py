"""Load the sheets that paths on the command line mean, one after the other, and say which cannot be read."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import SourceError, UsageError
from factsheet.source.characters import make_safe
from factsheet.source.discovery import REVIEW_SUFFIXES, find_sheets
from factsheet.source.loader import read_sheet, read_stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.source.loader import Loaded

STDIN_NAME = "<stdin>"


class Gathered(NamedTuple):
    """A sheet, or the reason why there is none.

    Attributes:
        name: what to call it in reports.
        file: where it is; `None` for standard input.
        loaded: `None` where it could not be read.
        reason: why it could not be read.
    """

    name: str
    file: Path | None
    loaded: Loaded | None
    reason: str = ""


def gather(paths: Sequence[str], stdin_name: str = STDIN_NAME) -> Iterator[Gathered]:
    """Load every sheet that the paths mean; a directory means the sheets in it that git does not ignore."""
    done: set[Path] = set()
    for path in paths:
        if path == "-":
            yield _stdin(stdin_name)
            continue
        place = Path(path)
        try:
            files = find_sheets([place])
        except SourceError as error:
            yield Gathered(path, place, None, error.diagnostics())
            continue
        if place.is_dir():
            files = _not_ignored(place, files)
        if not files:
            reason = f"{path}: no sheet in this directory (a sheet has a top-level key `factsheet:`)"
            if (place / "config.json").is_file() or (place / "README.md").is_file():
                reason += f"; begin one from what is in it: `factsheet new --from {shlex.quote(path)} -o sheet.yaml`"
            yield Gathered(path, place, None, reason)
        for file in files:
            if file in done:
                continue
            done.add(file)
            yield _read(file)


def sheets_in(folder: Path) -> list[str]:
    """Return the names of the sheets in a directory that git does not ignore, none of them loaded.

    Raises:
        SourceError: the directory cannot be read.
    """
    return [_shown(file) for file in _not_ignored(folder, find_sheets([folder]))]


def _read(file: Path) -> Gathered:
    name = _shown(file)
    try:
        loaded = read_sheet(file)
    except SourceError as error:
        return Gathered(name, file, None, error.diagnostics())
    other = no_sheet(file, loaded)
    return Gathered(name, file, loaded) if other is None else Gathered(name, file, None, other.diagnostics())


def read_one(file: Path) -> Loaded:
    """Read a sheet that a command needs.

    Raises:
        SourceError: it cannot be read.
        UsageError: it is something else that facts of a sheet are read from.
    """
    loaded = read_sheet(file)
    other = no_sheet(file, loaded)
    if other is not None:
        raise other
    return loaded


def no_sheet(file: Path | None, loaded: Loaded) -> UsageError | None:
    """Return what to say of a text that is a model card, a configuration or another source of facts, and no sheet.

    Args:
        file: where it was read from; `None` for standard input.
        loaded: what was read.
    """
    document = loaded.document
    data = document.data if document is not None else None
    if (file is not None and file.name.endswith(REVIEW_SUFFIXES)) or _begins_as_review(data):
        return UsageError(
            "it holds reviews of a sheet, and is no sheet",
            help="name the sheet itself; `factsheet review summary SHEET` shows what reviewers said of it",
            place=STDIN_NAME if file is None else make_safe(_shown(file)),
        )
    if isinstance(data, dict) and ("factsheet" in data or (file is not None and not file.is_file())):
        return None
    # Only for what lacks the first key of a sheet.
    from factsheet.authoring.importing.kinds import recognise, recognise_text
    from factsheet.authoring.importing.reading import head_of

    if file is None:
        text = "" if document is None else document.text
        kind, head, named = recognise_text(text), text.encode(), ""
    else:
        kind, head, named = recognise(file), head_of(file), make_safe(_shown(file))
    if kind is None or kind.name == "sheet":
        return None
    source = make_safe(shlex.quote(_shown(file))) if file is not None else f"{kind.name}=FILE"
    first = kind.conversion(head)
    then = f"`factsheet new --from {'FILE.json' if first else source} -o sheet.yaml`"
    return UsageError(
        f"it is {kind.words}, and no sheet",
        help=f"{first}, and begin a sheet from that: {then}" if first else f"begin a sheet from it: {then}",
        place=named or STDIN_NAME,
    )


def _begins_as_review(data: object) -> bool:
    return isinstance(data, dict) and "review" in data and "rounds" in data and "factsheet" not in data


def _shown(file: Path) -> str:
    """Return a path below the working directory without it, `/` between folders: what CI systems and editors expect."""
    if file.is_absolute() and file.is_relative_to(Path.cwd()):
        file = file.relative_to(Path.cwd())
    return file.as_posix()


def _stdin(name: str) -> Gathered:
    if sys.stdin is None:
        return Gathered(name, None, None, "standard input is closed; give a path instead of `-`")
    try:
        loaded = read_stream(sys.stdin.buffer, name)
    except SourceError as error:
        return Gathered(name, None, None, error.diagnostics())
    other = no_sheet(None, loaded)
    return Gathered(name, None, loaded) if other is None else Gathered(name, None, None, other.diagnostics())


def _not_ignored(folder: Path, files: list[Path]) -> list[Path]:
    """Leave out what git ignores, as git itself sees it; everything stays outside a repository or without git."""
    if not files or not any(
        (parent / ".git").exists() for parent in (folder.resolve(), *folder.resolve().parents)
    ):
        return files
    import subprocess  # only for a directory inside a repository
    from tempfile import TemporaryFile

    from factsheet.source.revisions import RUNS_NOTHING

    names = b"\0".join(str(file.resolve()).encode("utf-8", "surrogateescape") for file in files)
    try:
        # In a file, not a pipe: git may end before it has read the names, and who writes to it then is ended as well.
        with TemporaryFile() as stdin:
            stdin.write(names)
            stdin.seek(0)
            answer = subprocess.run(  # noqa: S603  fixed words; the names travel on standard input
                ["git", *RUNS_NOTHING, "-C", str(folder), "check-ignore", "-z", "--stdin"],  # noqa: S607  the user's own git
                stdin=stdin,
                capture_output=True,
                check=False,
                timeout=30,
            )
    except (OSError, subprocess.TimeoutExpired):
        return files
    ignored = set(answer.stdout.split(b"\0"))
    return [file for file in files if str(file.resolve()).encode("utf-8", "surrogateescape") not in ignored]
