"""Where the rows of a sweep go: a file, standard output, or a table for a person."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from factsheet.cli.exits import Stop
from factsheet.source import atomic_file
from factsheet.sweep.columns import COLUMNS
from factsheet.sweep.writers import open_writer

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path

    from factsheet.sweep.columns import Chunk
    from factsheet.sweep.tally import Tally
    from factsheet.sweep.writers import FileFormat, Writer

MOST_ROWS = 200
"""Of a table; more are not read but worked on, in a file."""


class FileOutlet:
    """Rows to a file, or to standard output, where nothing is written before there are some."""

    def __init__(self, file_format: FileFormat, output: Path | None, stack: ExitStack) -> None:
        self._format, self._output, self._stack = file_format, output, stack
        self._writer: Writer | None = None
        if output is not None:
            self._opened()  # what can not be written is told before anything is worked out

    def write(self, chunk: Chunk) -> None:
        """Write some rows."""
        self._opened().write(chunk)

    def finish(self, tally: Tally) -> None:
        """Write what comes at the end."""
        self._opened().finish(tally.named())

    def _opened(self) -> Writer:
        if self._writer is None:
            if self._output is not None:
                stream = self._stack.enter_context(atomic_file(self._output))
            elif sys.stdout is None:
                raise Stop("factsheet: standard output is closed; give a file with -o")
            else:
                stream = sys.stdout.buffer
            self._writer = open_writer(self._format, stream, COLUMNS)
            self._stack.push(self._ended)
        return self._writer

    def _ended(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self._writer is not None:
            self._writer.abandon()


class TableOutlet:
    """The first rows, kept for a table; the rest is counted."""

    def __init__(self) -> None:
        self._chunks: list[Chunk] = []
        self._kept = self._rows = 0

    def write(self, chunk: Chunk) -> None:
        """Keep some rows."""
        room = MOST_ROWS - self._kept
        if room > 0:
            self._chunks.append(chunk.only(range(min(room, chunk.rows))))
            self._kept += min(room, chunk.rows)
        self._rows += chunk.rows

    def finish(self, tally: Tally) -> None:
        """Nothing is written before everything is known."""

    def text(self, tally: Tally, *, to_file: bool) -> str:
        """The table."""
        from factsheet.cli.sweep_table import table  # loads rich

        return table(self._chunks, self._rows, tally, to_file=to_file)
