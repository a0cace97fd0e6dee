"""Text → file, all of it or nothing."""

from __future__ import annotations

import io
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.errors import WriteError, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from _typeshed import ReadableBuffer

_NEW_FILE_MODE = 0o666  # less the umask, which os.open applies and tempfile would not


def write_atomic(path: Path, content: str | bytes) -> None:
    """Replace a file's content, or make the file, so that no reader ever sees half of it.

    The content goes to a new file in the same folder, to the disk, and then into the old one's place. A link
    stays a link: its target is replaced. An existing file's permissions are kept. A device or a pipe, such as
    `/dev/stdout`, has no content to protect and is written to directly.

    Args:
        path: The file.
        content: What it is to hold; a text is written as UTF-8 with line breaks as they are.

    Raises:
        WriteError: The file cannot be written; the old one is whole, and nothing is left beside it.
    """
    try:
        data = content.encode() if isinstance(content, str) else content
    except UnicodeEncodeError as error:
        raise WriteError(path, "the text holds half of a surrogate pair, which UTF-8 cannot carry") from error
    with atomic_file(path) as stream:
        stream.write(data)


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content takes the file's place when the block ends, for what is too long to be one text.

    If the block ends with an exception, the file is as it was. Otherwise as `write_atomic`.

    Raises:
        WriteError: As `write_atomic`; also out of the stream's own methods.
    """
    with _told(path):
        target = Path(os.path.realpath(path))
        mode = _mode_of(target)
        replaces = mode is None or stat.S_ISREG(mode)
        # The target's own name with a suffix could be longer than the file system allows.
        place = target.parent / f".factsheet-{os.urandom(8).hex()}.tmp" if replaces else target
        stream = _Stream(path, place, "xb", _open_new) if replaces else _Stream(path, place, "wb")
    try:
        with stream:
            yield stream
            if replaces:
                with _told(path):
                    os.fsync(stream.fileno())
        if replaces:
            with _told(path):
                if mode is not None:
                    place.chmod(stat.S_IMODE(mode))
                place.replace(target)
    except BaseException:  # KeyboardInterrupt too must leave nothing behind
        if replaces:
            with suppress(OSError):
                place.unlink()
        raise
    if replaces:
        _sync_folder(target.parent)


class _Stream(io.FileIO):
    """A file that takes all that it is given, and whose errors say which file could not be written."""

    def __init__(
        self, shown: Path, place: Path, mode: str, opener: Callable[[str, int], int] | None = None
    ) -> None:
        super().__init__(place, mode, opener=opener)
        self._shown = shown

    def write(self, data: ReadableBuffer, /) -> int:
        rest = memoryview(data).cast("B")
        size = len(rest)
        with _told(self._shown):
            while rest:  # the system may take a part
                rest = rest[super().write(rest) :]
        return size


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise WriteError(path, reason_of(error)) from error


def _mode_of(target: Path) -> int | None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    # A rename asks the folder alone, so it would go over a file that its owner has protected.
    if stat.S_ISREG(mode) and not os.access(target, os.W_OK):
        raise PermissionError(None, "The file is write-protected")
    return mode


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
