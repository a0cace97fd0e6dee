"""Places in a text: spans that people can read (line, column) and programs can cut (offsets)."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, NamedTuple, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value sits in the data: `("performance", "results", 0, "tasks", 3)`; `()` is the whole sheet."""

# Editors and compilers count these three. str.splitlines would also break at form feeds and U+2028.
_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")


def dotted(path: KeyPath) -> str:
    """A path as people write it: `performance.results[0].tasks[3]`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


class Span(NamedTuple):
    """A stretch of text; the end is exclusive, so an empty value has `start == end`.

    Attributes:
        line: First line, from 1.
        column: First column, from 1, in characters (code points).
        end_line: Line of the end.
        end_column: Column just past the last character.
        start: Offset of the first character in the text, from 0.
        end: Offset just past the last character.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int


class LineTable:
    """Turns offsets in one text into lines and columns; scans for line breaks once, at the first question."""

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[int] = []

    @property
    def starts(self) -> list[int]:
        """Offsets at which the lines begin; a text always has at least one line."""
        if not self._starts:
            self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(self._text))]
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """Give the line and the column, both from 1, of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """Build the span between two offsets, both clipped to the text."""
        start = max(0, min(start, len(self._text)))
        end = max(start, min(end, len(self._text)))
        line, column = self.position(start)
        end_line, end_column = self.position(end)
        return Span(line, column, end_line, end_column, start, end)

    def line_bounds(self, line: int) -> tuple[int, int]:
        """Give the offsets between which a line's characters lie, without its line break.

        Args:
            line: From 1; a line that the text does not have yields an empty stretch at the text's end.
        """
        starts = self.starts
        if not 1 <= line <= len(starts):
            return len(self._text), len(self._text)
        start = starts[line - 1]
        found = _LINE_BREAK.search(self._text, start)
        return start, found.start() if found else len(self._text)
