"""Text → file, all of it or nothing."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from factsheet.source.errors import WriteFailed, reason_of

_NEW_FILE_MODE = 0o666  # less the umask, which os.open applies and tempfile would not


def write_atomic(path: Path, text: str | bytes) -> None:
    """Replace a file's content, or make the file, so that no reader ever sees half of it.

    The text goes to a new file in the same folder, to the disk, and then into the old one's place. A link
    stays a link: its target is replaced. An existing file's permissions are kept. A device or a pipe, such as
    `/dev/stdout`, has no content to protect and is written to directly.

    Args:
        path: The file.
        text: Its new content; text is written as UTF-8 with line breaks as they are.

    Raises:
        WriteFailed: The file cannot be written; the old one is whole, and nothing is left beside it.
    """
    try:
        content = text.encode() if isinstance(text, str) else text
        target = Path(os.path.realpath(path))
        mode = _mode_of(target)
        if mode is None or stat.S_ISREG(mode):
            _replace(target, content, mode)
        else:
            target.write_bytes(content)
    except UnicodeEncodeError as error:
        raise WriteFailed(
            path, "the text holds half of a surrogate pair, which UTF-8 cannot carry"
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise WriteFailed(path, reason_of(error)) from error


def _mode_of(target: Path) -> int | None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    # A rename asks the folder alone, so it would go over a file that its owner has protected.
    if stat.S_ISREG(mode) and not os.access(target, os.W_OK):
        raise PermissionError(None, "The file is write-protected")
    return mode


def _replace(target: Path, content: bytes, mode: int | None) -> None:
    # The target's own name with a suffix could be longer than the file system allows.
    beside = target.parent / f".factsheet-{os.urandom(8).hex()}.tmp"
    try:
        with open(beside, "xb", opener=_open_new) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            beside.chmod(stat.S_IMODE(mode))
        beside.replace(target)
    except BaseException:  # KeyboardInterrupt too must leave nothing behind
        with suppress(OSError):
            beside.unlink()
        raise
    _sync_folder(target.parent)


def _open_new(name: str, flags: int) -> int:
    return os.open(name, flags, _NEW_FILE_MODE)


def _sync_folder(folder: Path) -> None:
    # The rename is on disk only once its folder is; not every system lets a folder be opened or synced.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
