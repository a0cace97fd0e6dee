"""`render --check`: compare pages that are in files with what their sheet gives now, and say which are stale."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, NamedTuple

from factsheet.cli import exits
from factsheet.cli.terminal import complain
from factsheet.errors import in_one_line, reason_of
from factsheet.reports.output_kinds import LARGEST, kind_of
from factsheet.source.links import LEADS_OUT, leads_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_LISTED = 12
"""Files that are named; a screen has no room for every figure of every role."""
_GONE = "of no page that the sheet has now"


def report_stale(
    sheet: str, rendered: Iterable[tuple[Path, str | bytes]], pages: PagesThere | None = None
) -> int:
    """Say which files differ from what would be written to them, and return the exit status.

    Args:
        sheet: what it is called, for messages.
        rendered: each file with what it should hold.
        pages: where pages of views that are gone are looked for; `None` where only some pages are compared.
    """
    stale = gone = 0
    for file, why in _faults(rendered, pages):
        stale += 1
        gone += why is _GONE
        if stale <= _LISTED:
            complain(f"factsheet: {in_one_line(str(file))}: {why}")
    if not stale:
        return exits.CLEAN
    if stale > _LISTED:
        complain(f"factsheet: and {stale - _LISTED:,} more")
    files = "1 file is" if stale == 1 else f"{stale:,} files are"
    complain(
        f"factsheet: {in_one_line(sheet)}: {files} stale\n"
        "  = why: readers see what an earlier version of the sheet, or of factsheet, gave\n"
        "  = help: the same command without `--check` writes them anew"
        + (f"; what is {_GONE} is for you to delete" if gone else "")
    )
    return exits.FINDINGS


def _faults(
    rendered: Iterable[tuple[Path, str | bytes]], pages: PagesThere | None
) -> Iterator[tuple[Path, str]]:
    """Yield each file that is not as it should be, with the reason."""
    expected: set[Path] = set()
    for file, content in rendered:
        expected.add(file)
        why = _difference(file, content.encode("utf-8") if isinstance(content, str) else content)
        if why:
            yield file, why
    folders = {file.parent / f"{file.stem}-figures" for file in expected}
    there = [file for folder in sorted(folders) for file in _files_of(folder)]
    for file in (*there, *(() if pages is None else pages.found())):
        if file not in expected and _is_own(file):
            yield file, _GONE


class PagesThere(NamedTuple):
    """Where all pages of a sheet are, so that one is found whose view the sheet no longer has.

    Attributes:
        folder: the directory.
        stem: how their names begin, before the view.
        suffix: how they end.
        views: every view that pages of any sheet can have.
    """

    folder: Path
    stem: str
    suffix: str
    views: Sequence[str]

    def found(self) -> Iterator[Path]:
        """Yield the files that are named as pages of this sheet, and not as those of one with a longer name."""
        files = {file.name: file for file in _files_of(self.folder) if file.name.endswith(self.suffix)}
        stems = {
            name.removesuffix(f"-{view}{self.suffix}")
            for name in files
            for view in self.views
            if name.endswith(f"-{view}{self.suffix}")
        }
        longer = tuple(f"{stem}-" for stem in stems if stem.startswith(f"{self.stem}-"))
        for name, file in files.items():
            if name.startswith(f"{self.stem}-") and not name.startswith(longer):
                yield file


def _files_of(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.is_file() and not file.is_symlink())
    except OSError:
        return []


def _is_own(file: Path) -> bool:
    """Return whether factsheet wrote a file: what somebody put beside its pages is theirs."""
    try:
        return file.stat().st_size <= LARGEST and bool(kind_of(file.read_bytes()))
    except OSError:
        return False


def _difference(file: Path, content: bytes) -> str:
    """Return what is wrong with a file; empty where it holds what it should."""
    if leads_out(file):
        return f"it cannot be read: {LEADS_OUT}"
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a pipe or a device may have no end
            return "it is no file"
        there = file.read_bytes()
    except FileNotFoundError:
        return "it is not there"
    except OSError as error:
        return f"it cannot be read: {reason_of(error)}"
    # A checkout on Windows may have other line ends, which readers do not see.
    if there.replace(b"\r\n", b"\n") == content.replace(b"\r\n", b"\n"):
        return ""
    return "it is not what the sheet gives now"
