"""Files and streams → loaded sheets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from factsheet.source.errors import SourceUnreadable, reason_of
from factsheet.source.limits import DEFAULT_LIMITS
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.source.limits import Limits
    from factsheet.source.loader import Loaded


def read_sheet(
    path: Path | str, *, display_name: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Loaded:
    """Read a sheet from a file.

    Args:
        path: The file.
        display_name: What to call it in messages; the path itself by default.
        limits: How much to read.

    Raises:
        SourceUnreadable: The file cannot be opened or read.
    """
    try:
        with Path(path).open("rb") as stream:
            return read_stream(stream, display_name or str(path), limits=limits)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise SourceUnreadable(path, reason_of(error)) from error


def read_stream(stream: BinaryIO, name: str, *, limits: Limits = DEFAULT_LIMITS) -> Loaded:
    """Read a sheet from a binary stream, such as standard input.

    Args:
        stream: Read to its end, or to just past the size limit: an endless stream is refused, not waited for.
        name: What to call it in messages, such as `<stdin>`.
        limits: How much to read.

    Raises:
        SourceUnreadable: The stream cannot be read.
    """
    try:
        raw = stream.read(limits.bytes + 1)
    except OSError as error:
        raise SourceUnreadable(name, reason_of(error)) from error
    return load_bytes(raw, name, limits)
