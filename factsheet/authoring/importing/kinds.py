"""The kinds of source that `factsheet new` reads, in one table: the first that recognises a source is its kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.errors import UsageError
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from factsheet.authoring.importing.imported import ImportKind

HEAD = 64 * 1024
"""Bytes of a file that are looked at to find out what it is."""


def kinds() -> tuple[ImportKind, ...]:
    """Return every kind, in the order in which they are tried: those that look into files before names alone."""
    from factsheet.authoring.importing import answers, network  # readers are loaded where one is asked for

    return (answers.KIND, network.KIND)


def recognise(path: Path) -> ImportKind | None:
    """Return the kind of source at a path; `None` where it is none that is read. At most 64 KiB are looked at."""
    head = _head(path)
    return next((kind for kind in kinds() if kind.recognises(path, head)), None)


def kind_of(source: str) -> tuple[ImportKind, str]:
    """Return the kind of a source as a command line names it, `FILE` or `KIND=FILE`, and the source.

    Raises:
        UsageError: it is none that is read.
    """
    named, sign, rest = source.partition("=")
    by_name = {kind.name: kind for kind in kinds()}
    if sign and named in by_name and not Path(source).exists():
        return by_name[named], rest
    found = recognise(Path(source))
    if found is None:
        there = Path(source).exists()
        raise UsageError(
            f"{make_safe(source)[:200]} "
            + ("is nothing that facts are read from" if there else "does not exist"),
            f"a sheet is begun from {', '.join(kind.words for kind in by_name.values())}",
            f"name its kind, `KIND={make_safe(source)[:80]}`: {', '.join(by_name)}"
            if there
            else "correct the name",
        )
    return found, source


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except (OSError, ValueError):  # a folder, a callable, or nothing: kinds say what they are by their name
        return b""
