"""Keeps the results of a long run as they come, so that nothing finished is lost however the run ends.

It is an SQLite database: a result is on the disk when `add` returns, and a run that is killed at any moment leaves all
results before that moment. Room for all of them is taken before the first is worked out: a disk that is too full
is noticed then, and not after a night's work. Each result has a checksum; one that was damaged on the disk is left out.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import json
import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from factsheet.errors import JournalError, SourceUnreadableError, WriteError, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

JournalEntry: TypeAlias = "dict[str, str | int | float]"
"""One result: plain words and numbers."""

_VERSION: Final = 2
_APPLICATION: Final = 0x46534A4E
"""SQLite's mark for whose database a file is; the letters FSJN."""
_MAGIC: Final = b"SQLite format 3\0"
_LINES_MAGIC: Final = b'{"schema": "factsheet.journal/'
"""How version 1 began: one JSON object a line."""
_TABLES: Final = """
    CREATE TABLE header (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE result (number INTEGER PRIMARY KEY, entry TEXT NOT NULL, checksum TEXT NOT NULL);
    CREATE TABLE room (filler BLOB NOT NULL);
"""
_GAP: Final = 1000
"""So many numbers without a result, in a damaged file: it was the last."""
_SHOWN: Final = 80
_DAMAGED: Final = "the file is damaged, or is no journal of a simulation"
_WRITE_FAULTS: Final = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM,
}
"""Codes of faults of the disk; with any other, it is the file's content that is wrong."""


class Journal:
    """The results so far, and a place for those to come. A context manager; one process at a time may hold it."""

    def __init__(self, path: Path, header: Mapping[str, str | int | float], *, reserve: int) -> None:
        """Open the file, or make it.

        Args:
            path: the file.
            header: what distinguishes this run from others.
            reserve: bytes to keep room for.

        Raises:
            JournalError: the file belongs to another run, is none of ours, or is in use.
            SourceUnreadableError: it cannot be read.
            WriteError: it cannot be made, or the disk has no room for what is to come.
        """
        self.path = path
        self.entries: list[JournalEntry] = []
        self.damaged = 0
        """How many results were damaged and have to be worked out again."""
        self._seal = json.dumps(dict(header), sort_keys=True)
        is_new = _is_new(path)
        self._database = self._opened()
        try:
            with self._faults():
                if is_new:
                    self._begin(header)
                else:
                    self._resume(header)
                self._make_room(reserve)
        except BaseException:
            self._database.close()
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
            WriteError: it cannot be written; those before it are whole.
        """
        with self._faults():
            self._insert(entry)
        self.entries.append(entry)

    def close(self) -> None:
        """Let go of the file, which stays where it is."""
        with suppress(sqlite3.Error):
            self._database.execute("PRAGMA journal_mode = DELETE")  # takes SQLite's own file beside ours away
        self._database.close()

    def remove(self) -> None:
        """Delete the file: its results are kept elsewhere by now."""
        self.close()
        self.path.unlink(missing_ok=True)

    def _opened(self) -> sqlite3.Connection:
        """Open a connection that nobody else can have at the same time, and whose commits are on the disk."""
        database = sqlite3.connect(self.path, timeout=0, isolation_level=None)
        database.text_factory = _text
        try:
            with self._faults():
                database.execute("PRAGMA locking_mode = EXCLUSIVE")
                database.execute("PRAGMA synchronous = FULL")
                # The file for undoing a commit keeps its room on the disk too.
                database.execute("PRAGMA journal_mode = PERSIST")
                database.execute("BEGIN EXCLUSIVE")
                database.execute("COMMIT")
        except BaseException:
            database.close()
            raise
        return database

    def _begin(self, header: Mapping[str, str | int | float]) -> None:
        rows = [(key, json.dumps(value)) for key, value in header.items()]
        with self._transaction():
            for table in ("header", "result", "room"):
                self._database.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in filter(str.strip, _TABLES.split(";")):
                self._database.execute(statement)
            self._database.executemany("INSERT INTO header VALUES (?, ?)", rows)
            self._database.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._database.execute(f"PRAGMA user_version = {_VERSION}")

    def _resume(self, header: Mapping[str, str | int | float]) -> None:
        self._check_owner()
        for left in self.path.parent.glob(
            glob.escape(_fresh_name(self.path, "")).replace("-.tmp", "-????????.tmp")
        ):
            left.unlink(
                missing_ok=True
            )  # by a process that was killed over it: this one alone has the journal now
        # A process that was killed before its first commit leaves a database without tables.
        if not self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            self._begin(header)
            return
        there = {key: json.loads(value) for key, value in self._database.execute("SELECT * FROM header")}
        if there != dict(header):
            if self._database.execute("SELECT count(*) FROM result").fetchone()[0]:
                differences = _differences(there, header)
                raise JournalError(self.path, f"it belongs to a run with other settings ({differences})")
            self._begin(header)  # of other settings, but there is nothing to lose
            return
        sound = self._database.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        for number, entry in self._results(by_number=not sound):
            if entry is None:
                self.damaged += 1
                if sound:
                    self._database.execute("DELETE FROM result WHERE number = ?", (number,))
            else:
                self.entries.append(entry)
        if not sound:
            self.damaged = max(self.damaged, 1)
            self._rebuild(header)

    def _check_owner(self) -> None:
        application = self._database.execute("PRAGMA application_id").fetchone()[0]
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        tables = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application != _APPLICATION and tables:
            raise JournalError(self.path, "the file is no journal of a simulation")
        if version != _VERSION and tables:
            raise JournalError(self.path, "the file is a journal of another version")

    def _results(self, *, by_number: bool) -> Iterator[tuple[int, JournalEntry | None]]:
        """Yield each number with its result, `None` where that is damaged; one by one where the database itself is."""
        if not by_number:
            for number, *row in self._database.execute("SELECT * FROM result ORDER BY number").fetchall():
                yield number, self._entry(number, row)
            return
        number = missing = 0
        while missing < _GAP:
            number += 1
            try:
                row = self._database.execute("SELECT * FROM result WHERE number = ?", (number,)).fetchone()
            except sqlite3.DatabaseError:
                row = (number, None, None)
            missing = missing + 1 if row is None or row[1] is None else 0
            if row is not None:
                entry = self._entry(number, row[1:])
                if entry is not None:
                    yield number, entry

    def _entry(self, number: int, row: object) -> JournalEntry | None:
        text, checksum = row if isinstance(row, list | tuple) else (None, None)
        if not isinstance(text, str) or checksum != self._checksum(number, text):
            return None
        entry: JournalEntry = json.loads(text)
        return entry

    def _checksum(self, number: int, text: str) -> str:
        """Return the checksum of the result, its number and the settings that it follows from."""
        return hashlib.sha256(f"{number}\n{self._seal}\n{text}".encode()).hexdigest()

    def _rebuild(self, header: Mapping[str, str | int | float]) -> None:
        """Put what is left of a damaged database into a new one, in its place."""
        place = self.path.with_name(_fresh_name(self.path, os.urandom(4).hex()))
        try:
            with closing(sqlite3.connect(place, isolation_level=None)) as fresh:
                fresh.execute("PRAGMA journal_mode = MEMORY")  # no file beside it that could be left
                damaged, self._database = self._database, fresh
                try:
                    self._begin(header)
                    with self._transaction():
                        for entry in self.entries:
                            self._insert(entry)
                finally:
                    self._database = damaged
            self._database.close()
            place.replace(self.path)
            self.path.with_name(self.path.name + "-journal").unlink(missing_ok=True)
        except BaseException:
            place.unlink(missing_ok=True)
            raise
        self._database = self._opened()

    def _insert(self, entry: JournalEntry) -> None:
        number = self._database.execute("SELECT coalesce(max(number), 0) + 1 FROM result").fetchone()[0]
        text = json.dumps(entry)
        row = (number, text, self._checksum(number, text))
        self._database.execute("INSERT INTO result VALUES (?, ?, ?)", row)

    def _make_room(self, reserve: int) -> None:
        # Pages that are let go of stay in the file, for results to come.
        with self._transaction():
            self._database.execute("DELETE FROM room")
            self._database.execute("INSERT INTO room VALUES (zeroblob(?))", (reserve,))
        with self._transaction():
            self._database.execute("DELETE FROM room")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """SQLite's complaints in our words."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise JournalError(self.path, "another run is writing to it") from None
            if code not in _WRITE_FAULTS:
                raise JournalError(self.path, _DAMAGED) from None
            reason = os.strerror(errno.ENOSPC) if code == sqlite3.SQLITE_FULL else str(error)
            raise WriteError(self.path, reason) from None
        except (ValueError, TypeError, UnicodeDecodeError):  # a header that is no JSON any more
            raise JournalError(self.path, _DAMAGED) from None
        except OSError as error:
            raise WriteError(self.path, reason_of(error)) from None


def _fresh_name(path: Path, unique: str) -> str:
    """Return the name of a database that takes the place of a damaged one when it is whole."""
    return f".{path.name}-{unique}.tmp"


def _is_new(path: Path) -> bool:
    """Make the file if there is none, and look whether it is one of ours before SQLite does.

    Returns:
        Whether it was empty and no process was cut short in the making of it.
    """
    try:
        with path.open("r+b" if path.exists() else "x+b") as file:
            try:
                start = file.read(len(_LINES_MAGIC))
            except OSError as error:
                raise SourceUnreadableError(path, reason_of(error)) from None
    except OSError as error:
        raise WriteError(path, reason_of(error)) from None
    if start.startswith(_LINES_MAGIC):
        raise JournalError(path, "the file is a journal of another version")
    if start and not start.startswith(_MAGIC):
        raise JournalError(path, "the file is no journal of a simulation")
    return not start and not path.with_name(path.name + "-journal").exists()


def _text(content: bytes) -> str:
    return content.decode(errors="replace")  # what is damaged has another checksum


def _differences(there: Mapping[str, object], now: Mapping[str, object]) -> str:
    return "; ".join(
        f"{key} was {str(there.get(key, 'not there'))[:_SHOWN]} and is now {str(now.get(key, 'not there'))[:_SHOWN]}"
        for key in {**there, **now}
        if there.get(key) != now.get(key)
    )
