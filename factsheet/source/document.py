"""A loaded text: its data and, for every key and value in it, the place where it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from factsheet.source.characters import make_safe
from factsheet.source.span import LineTable

if TYPE_CHECKING:
    from factsheet.source.span import KeyPath, Span

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
            (a syntax error, an empty file, a list at the top); `Loaded.problems` then says why.
    """

    __slots__ = ("_lines", "_marks", "data", "name", "text")

    def __init__(
        self, name: str, text: str, data: object, marks: Marks | None, lines: LineTable | None = None
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
