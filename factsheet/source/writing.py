"""Text → file, all of it or nothing, and never over a file that is read or that changed meanwhile."""

from __future__ import annotations

import io
import os
import stat
from codecs import BOM_UTF8
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from factsheet.errors import (
    ChangedMeanwhileError,
    FactsheetError,
    InputOverwriteError,
    WriteError,
    reason_of,
)
from factsheet.source.exchange import replace_known
from factsheet.source.leftovers import LOCKS, hold, new_name, sweep
from factsheet.source.links import LEADS_OUT, leads_out
from factsheet.systems import fault_of_name, put_in_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from _typeshed import ReadableBuffer

_MOST_NAMES = 10
_NEW_FILE_MODE = 0o666  # less the umask, which os.open applies and tempfile would not
KEPT = "it exists; give `overwrite=True` to replace it"
"""Why a program's call of `save` leaves a file that is there."""
STANDARD_INPUT = 0
"""Its descriptor: what a shell's `<` opens."""
_INPUTS: ContextVar[dict[Path | int, None] | None] = ContextVar("inputs", default=None)
"""What the command under way reads; `None` outside `inputs_kept`. Reader and writer are far apart, and a list handed
down to both of them would be forgotten by the next command that reads or writes."""

Comparison: TypeAlias = "Callable[[Path, Path], object]"
"""Called with an existing file and its successor; raises where the one must not take the other's place."""
_COMPARISON: ContextVar[Comparison | None] = ContextVar("comparison", default=None)


@contextmanager
def inputs_kept(paths: Iterable[Path | int] = (), compare: Comparison | None = None) -> Iterator[None]:
    """Let no output within the block replace these files, nor any that `note_input` adds.

    Args:
        paths: The files. An open one, such as standard input, may be given by its descriptor.
        compare: Called before a file that is there is replaced by an output.
    """
    tokens = _INPUTS.set(dict.fromkeys(paths)), _COMPARISON.set(compare)
    try:
        yield
    finally:
        _INPUTS.reset(tokens[0])
        _COMPARISON.reset(tokens[1])


def note_input(path: Path) -> None:
    """Take note that a file is read, so that no output replaces it; see `inputs_kept`."""
    inputs = _INPUTS.get()
    if inputs is not None:
        inputs[path] = None


def refuse_overwriting_inputs(output: Path, inputs: Iterable[Path | int]) -> None:
    """Refuse an output that is one of the files that are read, by whatever name or link.

    Raises:
        InputOverwriteError: it is one of them.
    """
    try:
        there = output.stat()
    except (OSError, ValueError):  # it does not exist, so that nothing can be lost
        return
    if not stat.S_ISREG(there.st_mode):  # a device, such as /dev/stdout of a terminal, is not replaced
        return
    for path in inputs:
        if _is_file(there, path):
            known = "it is a file that this command reads"
            other = f", {path}" if isinstance(path, Path) and str(output) != str(path) else ""
            known += " from standard input" if path == STANDARD_INPUT else ""
            raise InputOverwriteError(output, f"{known}{other}, and the output would replace it")


def _is_file(there: os.stat_result, other: Path | int) -> bool:
    try:
        return os.path.samestat(there, os.stat(other))  # noqa: PTH116  a descriptor
    except (OSError, ValueError):
        return False


def replace_text(path: Path, before: str, after: str) -> None:
    """Put an edited text in the place of the one that was read, unless somebody else changed the file meanwhile.

    A byte-order mark stays.

    Args:
        path: The file.
        before: The text as it was read, without a byte-order mark.
        after: What the file is to hold.

    Raises:
        ChangedMeanwhileError: The file no longer holds what was read; it is left as it is.
        WriteError: The file cannot be written; the old one is whole.
    """
    there = _unchanged(path, before)
    mark = BOM_UTF8 if there.startswith(BOM_UTF8) else b""
    replace_bytes(path, there, mark + after.encode())


def replace_bytes(path: Path, before: bytes, after: bytes) -> None:
    """Put new content in the place of the one that was read; otherwise as `replace_text`.

    Raises:
        ChangedMeanwhileError: The file no longer holds what was read; it is left as it is.
        WriteError: The file cannot be written; the old one is whole.
    """

    def refuse_changed() -> None:
        if _content_of(path) != before:
            raise ChangedMeanwhileError(path, "the file changed after it was read")

    def place_file(place: Path, target: Path) -> None:
        try:
            known = replace_known(place, target, before=before, after=after)
        except FileNotFoundError:
            known = False
        if not known:
            raise ChangedMeanwhileError(path, "the file changed after it was read")

    with _new_content(path, refuse_changed, place_file) as stream:
        stream.write(after)


def _unchanged(path: Path, before: str) -> bytes:
    """Return the file's bytes if they are still those of the text that was read."""
    content = _content_of(path)
    try:
        now = content.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError:
        raise WriteError(path, "it is not in UTF-8, and characters of it would be lost") from None
    if now != before:
        raise ChangedMeanwhileError(path, "the file changed after it was read")
    return content


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ChangedMeanwhileError(
            path, f"the file is gone since it was read ({reason_of(error)})"
        ) from None


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
    data = _encoded(path, content) if isinstance(content, str) else content
    with atomic_file(path) as stream:
        stream.write(data)


def _encoded(path: Path, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise WriteError(path, "the text holds half of a surrogate pair, which UTF-8 cannot carry") from error


def write_new(path: Path, content: str, taken: str) -> None:
    """Make a file; one that is there stays, even if it was made a moment ago. Otherwise as `write_atomic`.

    Args:
        path: The file.
        content: What it is to hold.
        taken: The reason to give where the file is there.

    Raises:
        WriteError: The file is there, or cannot be written.
    """
    with new_file(path, taken) as stream:
        stream.write(_encoded(path, content))


@contextmanager
def new_file(path: Path, taken: str) -> Iterator[BinaryIO]:
    """Open a stream whose content becomes the file, as `atomic_file`, where no file is there; otherwise as `write_new`.

    Raises:
        WriteError: The file is there, or cannot be written.
    """
    if os.path.exists(path):  # noqa: PTH110  `Path.exists` fails where a name is too long
        raise WriteError(path, "it is a folder" if path.is_dir() else taken)
    try:
        with _new_content(path, place_file=_place_new) as stream:
            yield stream
    except WriteError as error:
        if isinstance(error.__cause__, FileExistsError):
            raise WriteError(path, taken) from None
        raise


def _place_new(place: Path, target: Path) -> None:
    try:
        os.link(place, target)  # unlike a rename, it fails where there is a file
    except FileExistsError:
        raise
    except OSError:  # a file system without links; the empty file is ours alone to replace
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _NEW_FILE_MODE))
        put_in_place(place, target)
    else:
        place.unlink()


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Open a stream whose content takes the file's place when the block ends, for what is too long to be one text.

    If the block ends with an exception, the file is as it was. Otherwise as `write_atomic`.

    Raises:
        InputOverwriteError: The file is one that is read; see `inputs_kept`.
        WriteError: As `write_atomic`; also out of the stream's own methods.
    """

    def place_file(place: Path, target: Path) -> None:
        refuse_overwriting_inputs(path, _INPUTS.get() or ())  # once more: by now, more has been read
        compare = _COMPARISON.get()
        if compare is not None and target.exists():
            compare(target, place)
        put_in_place(place, target)

    refuse_overwriting_inputs(path, _INPUTS.get() or ())
    with _new_content(path, place_file=place_file) as stream:
        yield stream


@contextmanager
def _new_content(
    path: Path,
    last_check: Callable[[], object] = lambda: None,
    place_file: Callable[[Path, Path], object] = put_in_place,
) -> Iterator[BinaryIO]:
    with _faults_of(path):
        target = Path(os.path.realpath(path))
        mode = _mode_of(target)
    if mode is not None and stat.S_ISDIR(mode):
        raise WriteError(path, "it is a folder")
    replaces = mode is None or stat.S_ISREG(mode)
    # Each name is noted before its file is made: between the two, an interrupt finds nothing to forget.
    made: list[Path] = []
    fault = LEADS_OUT if leads_out(path) else fault_of_name(path)
    if fault:
        raise WriteError(path, fault)
    try:
        with _faults_of(path):
            stream = _temporary_in(target.parent, path, made) if replaces else _Stream(path, target, "wb")
        with stream:
            yield stream
            if replaces:
                with _faults_of(path):
                    os.fsync(stream.fileno())
                    if not LOCKS:
                        stream.close()  # Windows renames no open file
                    if mode is not None:
                        stream.place.chmod(stat.S_IMODE(mode))
                    last_check()
                    place_file(stream.place, target)
    except BaseException:  # KeyboardInterrupt too must leave nothing behind
        for place in made:
            with suppress(OSError):
                place.unlink()
        raise
    if replaces:
        _sync_folder(target.parent)


def _temporary_in(folder: Path, shown: Path, made: list[Path]) -> _Stream:
    """Open a new file beside the one that is to be written, after a look at what killed processes left there."""
    sweep(folder)
    for _ in range(_MOST_NAMES):
        # The target's own name with a suffix could be longer than the file system allows.
        made.append(folder / new_name())
        stream = _Stream(shown, made[-1], "xb", _open_new)
        if hold(stream.fileno()):
            return stream
        stream.close()  # another process took it for one that was left
    raise OSError(None, "Files beside it are taken away as fast as they are made")


class _Stream(io.FileIO):
    """A file that takes all that it is given, and whose errors say which file could not be written."""

    def __init__(
        self, shown: Path, place: Path, mode: str, opener: Callable[[str, int], int] | None = None
    ) -> None:
        super().__init__(place, mode, opener=opener)
        self._shown, self.place = shown, place

    def write(self, data: ReadableBuffer, /) -> int:
        rest = memoryview(data).cast("B")
        size = len(rest)
        with _faults_of(self._shown):
            while rest:  # the system may take a part
                rest = rest[super().write(rest) :]
        return size


@contextmanager
def _faults_of(path: Path) -> Iterator[None]:
    try:
        yield
    except FactsheetError:  # which some of are ValueErrors too
        raise
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
