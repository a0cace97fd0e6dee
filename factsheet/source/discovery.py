"""Paths on a command line → the sheets that they mean."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from factsheet.errors import SourceUnreadableError, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SUFFIXES: Final = (".yaml", ".yml")
REVIEW_SUFFIXES: Final = (".review.yaml", ".review.yml")
"""Of files with reviews of a sheet; none of them is a sheet, whatever it holds."""
_SNIFFED_BYTES: Final = 64 * 1024
_MARKER: Final = re.compile(rb"""(?:\A(?:\xef\xbb\xbf)?|[\r\n])["']?factsheet["']?[ \t]*:(?=\s|\Z)""")
_SKIPPED_FOLDERS: Final = frozenset({"node_modules", "__pycache__"})


def find_sheets(paths: Iterable[Path]) -> list[Path]:
    """Find the sheets that the given files and folders hold.

    A file is taken as it is. A folder is searched, entries in the order of their names, for `*.yaml` and
    `*.yml` files with a top-level `factsheet:` key; reviews of sheets, `*.review.yaml`, are none. Hidden
    folders, virtual environments, `node_modules` and `__pycache__` inside it are passed over, and so are links
    to folders, which could lead anywhere or round in a circle; a folder named outright is searched whatever it
    is.

    Args:
        paths: Files and folders.

    Returns:
        Every sheet once, in the order found.

    Raises:
        SourceUnreadableError: A given path does not exist, or a folder cannot be listed.
    """
    found: dict[str, Path] = {}
    for path in paths:
        try:
            for file in _walk(path) if stat.S_ISDIR(path.stat().st_mode) else (path,):
                found.setdefault(os.path.realpath(file), file)
        except (OSError, ValueError) as error:
            where = getattr(error, "filename", None) or path
            raise SourceUnreadableError(Path(where), reason_of(error)) from error
    return list(found.values())


def _walk(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            if not _is_skipped(path):
                yield from _walk(path)
        elif _may_be_sheet(entry.name) and entry.is_file() and _looks_like_sheet(path):
            yield path


def _may_be_sheet(name: str) -> bool:
    return name.endswith(_SUFFIXES) and not name.endswith(REVIEW_SUFFIXES)


def _is_skipped(folder: Path) -> bool:
    return (
        folder.name.startswith(".")
        or folder.name in _SKIPPED_FOLDERS
        or os.path.lexists(folder / "pyvenv.cfg")  # PEP 405: what makes a folder a virtual environment
    )


def _looks_like_sheet(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return _MARKER.search(stream.read(_SNIFFED_BYTES)) is not None
    except OSError:
        return True  # it may be a sheet: whoever reads it next says that it cannot be read
