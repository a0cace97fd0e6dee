"""`render --check`: compare pages that are in files with what their sheet gives now, and say which are stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.cli import exits
from factsheet.cli.terminal import complain
from factsheet.errors import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_LISTED = 12
"""Files that are named; a screen has no room for every figure of every role."""


def report_stale(sheet: str, rendered: Iterable[tuple[Path, str | bytes]]) -> int:
    """Say which files differ from what would be written to them, and return the exit status.

    Args:
        sheet: what it is called, for messages.
        rendered: each file with what it should hold.
    """
    stale = 0
    for file, content in rendered:
        why = _difference(file, content.encode("utf-8") if isinstance(content, str) else content)
        if not why:
            continue
        stale += 1
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
    )
    return exits.FINDINGS


def _difference(file: Path, content: bytes) -> str:
    """Return what is wrong with a file; empty where it holds what it should."""
    try:
        there = file.read_bytes()
    except FileNotFoundError:
        return "it is not there"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    # A checkout on Windows may have other line ends, which readers do not see.
    if there.replace(b"\r\n", b"\n") == content.replace(b"\r\n", b"\n"):
        return ""
    return "it is not what the sheet gives now"
