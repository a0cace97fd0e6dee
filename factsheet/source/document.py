"""A text, its data, and the place of every key and value: spans that people can read and programs can cut."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, NamedTuple, TypeAlias

from factsheet.source.characters import make_safe

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value sits in the data: `("performance", "results", 0, "tasks", 3)`; `()` is the whole sheet."""

# Editors and compilers count these three. str.splitlines would also break at form feeds and U+2028.
_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")


def dotted(path: KeyPath) -> str:
    """Return a path as people write it: `performance.results[0].tasks[3]`."""
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
        """Give the offsets of a line's characters, without its line break.

        Args:
            line: From 1; a line that the text does not have yields an empty stretch at the text's end.
        """
        starts = self.starts
        if not 1 <= line <= len(starts):
            return len(self._text), len(self._text)
        start = starts[line - 1]
        found = _LINE_BREAK.search(self._text, start)
        return start, found.start() if found else len(self._text)


# One tuple a node: (start, end, children) and, under a mapping, (…, key start, key end). Plain tuples, as
# a sheet has hundreds of nodes, and a run asks for the spans of a handful.
Marks: TypeAlias = tuple[int, int, "Children"] | tuple[int, int, "Children", int, int]
Children: TypeAlias = dict[str, Marks] | list[Marks] | None

KEYED: Final = 5
"""Length of the marks of a node that has a key."""


class Document:
    """One YAML text with its plain data and its spans.

    Attributes:
        name: What to call the text in a message, usually its path.
        text: The decoded text without a byte-order mark; line breaks are as the author wrote them.
        data: The top-level mapping as plain dicts, lists and scalars, or None when the text has none to give
            (a syntax error, an empty file, a list at the top); `Loaded.problems` then has the reason.
    """

    __slots__ = ("_lines", "_marks", "data", "name", "text")

    def __init__(
        self, name: str, text: str, data: object, marks: Marks | None, *, lines: LineTable | None = None
    ) -> None:
        self.name = name
        self.text = text
        self.data = data
        self._marks = marks
        self._lines = lines or LineTable(text)

    def __repr__(self) -> str:
        return f"Document({self.name!r}, {len(self.text)} characters)"

    def _find(self, path: KeyPath) -> Marks | None:
        marks = self._marks
        for part in path:
            children = marks[2] if marks is not None else None
            if isinstance(children, dict):
                marks = children.get(part) if isinstance(part, str) else None
            elif isinstance(children, list):
                inside = isinstance(part, int) and 0 <= part < len(children)
                marks = children[part] if inside and isinstance(part, int) else None
            else:
                return None
        return marks

    def value_span(self, path: KeyPath) -> Span | None:
        """Give the place of the value at a path, or None when the text has no such value."""
        marks = self._find(path)
        return None if marks is None else self._lines.span(marks[0], marks[1])

    def key_span(self, path: KeyPath) -> Span | None:
        """Give the place of the key at a path; None for an item of a list, which has no key, and the root."""
        marks = self._find(path)
        if marks is None or len(marks) != KEYED:
            return None
        return self._lines.span(marks[3], marks[4])

    def locate(self, path: KeyPath, *, prefer_key: bool = False) -> Span:
        """Give the best place to point at for a path, whether or not the text has a value there.

        Args:
            path: Where in the data.
            prefer_key: Point at the key rather than at the value, where there is a key.

        Returns:
            The span of the value, else of its nearest ancestor; the start of the text when that is the root.
        """
        for length in range(len(path), 0, -1):
            span = self.value_span(path[:length])
            if span is not None:
                return (self.key_span(path[:length]) if prefer_key else None) or span
        return self._lines.span(0, 0)

    def path_at(self, offset: int) -> KeyPath:
        """Give the path of the innermost key or value that holds an offset; `()` when there is none."""
        path: list[str | int] = []
        marks = self._marks
        while marks is not None:
            children = marks[2]
            entries = children.items() if isinstance(children, dict) else enumerate(children or ())
            marks = None
            for part, child in entries:
                start = child[3] if len(child) == KEYED else child[0]
                if start <= offset < child[1]:
                    path.append(part)
                    marks = child
                    break
        return tuple(path)

    def span_at(self, start: int, end: int) -> Span:
        """Build a span between two offsets of the text."""
        return self._lines.span(start, end)

    def line_text(self, line: int) -> str:
        """Give a line for display, without its line break; empty for a line that the text does not have.

        Characters that could drive a terminal are replaced one for one, so that columns still fit.

        Args:
            line: From 1.
        """
        start, end = self._lines.line_bounds(line)
        return make_safe(self.text[start:end])
