"""A file that keeps the results of a long run as they come, so that nothing finished is lost however the run ends.

One JSON object a line: first what is being run, then one line a result. Room for all of them is written, as empty
lines, before the first is worked out: a disk that is too full says so then, and not after a night's work. Each result
is on the disk before the next is taken; one that a crash cut short is the last line, and is left out.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Self, TypeAlias

from factsheet.errors import JournalError, SourceUnreadableError, WriteError, reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import FileIO
    from pathlib import Path
    from types import TracebackType

JournalEntry: TypeAlias = "dict[str, str | int | float]"
"""One line: plain words and numbers."""

SCHEMA = "factsheet.journal/1"
_LARGEST = 2**30


class Journal:
    """The results so far, and a place for those to come. A context manager; one process at a time may hold it."""

    def __init__(self, path: Path, header: Mapping[str, str | int | float], *, reserve: int) -> None:
        """Open the file, or make it.

        Args:
            path: the file.
            header: what tells this run from others.
            reserve: bytes to keep room for.

        Raises:
            JournalError: the file belongs to another run, is none of ours, or is in use.
            SourceUnreadableError: it can not be read.
            WriteError: it can not be made, or the disk has no room for what is to come.
        """
        self.path = path
        self.entries: list[JournalEntry] = []
        first = {"schema": SCHEMA, **header}
        try:
            # Unbuffered: what a full disk refused must not be tried again when the file is closed.
            self._file: FileIO = path.open("r+b" if path.exists() else "w+b", buffering=0)
        except OSError as error:
            raise WriteError(path, reason_of(error)) from None
        try:
            _lock(self._file, path)
            self._end = self._read(first)
            if not self._end:
                self._append(first)
            self._make_room(reserve)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, entry: JournalEntry) -> None:
        """Keep one more result; it is on the disk when this returns.

        Raises:
            WriteError: it can not be written; those before it are whole.
        """
        self._append(entry)
        self.entries.append(entry)

    def close(self) -> None:
        """Let go of the file, which stays where it is."""
        self._file.close()

    def remove(self) -> None:
        """Delete the file: its results are kept elsewhere by now."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _append(self, entry: Mapping[str, str | int | float]) -> None:
        line = _line(entry)
        try:
            self._write(self._end, line)
        except OSError as error:
            raise WriteError(self.path, reason_of(error)) from None
        self._end += len(line)

    def _write(self, place: int, content: bytes) -> None:
        self._file.seek(place)
        while content:
            content = content[self._file.write(content) :]
        os.fsync(self._file.fileno())

    def _make_room(self, reserve: int) -> None:
        size = os.fstat(self._file.fileno()).st_size
        missing = self._end + reserve - size
        # What a crash cut short goes too: from the last whole line on, there are only empty ones.
        tail = max(size - self._end, 0) + max(missing, 0)
        try:
            self._write(self._end, b"\n" * tail)
        except OSError as error:
            raise WriteError(self.path, reason_of(error)) from None

    def _read(self, first: Mapping[str, str | int | float]) -> int:
        """Take in what the file holds; returns where its last whole line ends."""
        if os.fstat(self._file.fileno()).st_size > _LARGEST:
            raise JournalError(self.path, "the file is too large for a journal")
        try:
            text = self._file.read()
        except OSError as error:
            raise SourceUnreadableError(self.path, reason_of(error)) from None
        end = place = 0
        found: list[JournalEntry] = []
        for line in text.split(b"\n"):
            place += len(line) + 1
            if not line:
                continue
            entry = _entry(line) if place <= len(text) else None
            if entry is None:
                if text[place:].strip(b"\n"):
                    raise JournalError(self.path, "the file is damaged, or is no journal of a simulation")
                break  # cut short
            found.append(entry)
            end = place
        if not found:
            # Cut short within its first line, it begins as that line does.
            if not _line(first).startswith(text.strip(b"\n")):
                raise JournalError(self.path, "the file is no journal of a simulation")
            return 0
        if len(found) == 1 and found[0].get("schema") == SCHEMA:
            return end if found[0] == first else 0  # of other settings, but there is nothing to lose
        _same(self.path, found[0], first)
        self.entries = found[1:]
        return end


def _line(entry: Mapping[str, str | int | float]) -> bytes:
    return json.dumps(entry).encode() + b"\n"


def _entry(line: bytes) -> JournalEntry | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _same(path: Path, there: Mapping[str, object], now: Mapping[str, object]) -> None:
    differing = [key for key in {**there, **now} if there.get(key) != now.get(key)]
    if "schema" in differing:
        raise JournalError(path, "the file is no journal of a simulation, or one of another version")
    if differing:
        shown = "; ".join(
            f"{key} was {str(there.get(key, 'not there'))[:80]} and is now {str(now.get(key, 'not there'))[:80]}"
            for key in differing
        )
        raise JournalError(path, f"it belongs to a run with other settings ({shown})")


def _lock(file: FileIO, path: Path) -> None:
    try:
        import fcntl  # POSIX alone has it
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise JournalError(path, "another run is writing to it") from None
