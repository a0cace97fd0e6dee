"""Places in a text, as editors count them: lines from 0, and columns in units of an encoding.

Editors count UTF-16 units unless another encoding is agreed on, so that an astral character takes two columns. Lines
end in LF, CR LF or CR, as for `factsheet.source`; form feeds and U+2028 end none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.source.document import LineTable

if TYPE_CHECKING:
    from factsheet.source.document import Span

Encoding = Literal["utf-8", "utf-16", "utf-32"]
_MARK = "\ufeff"


class TextPosition(NamedTuple):
    """A place: line and character, both from 0."""

    line: int
    character: int


class TextRange(NamedTuple):
    """A stretch from one place to another, which is no part of it."""

    start: TextPosition
    end: TextPosition


class Positions:
    """Turns offsets of a text, without its byte-order mark, into an editor's places, and back."""

    def __init__(self, text: str, encoding: Encoding = "utf-16") -> None:
        """Take the text as the editor has it; one that begins with a byte-order mark has it as its first character."""
        self.text = text.removeprefix(_MARK)
        self.encoding = encoding
        self._before = len(text) - len(self.text)
        self._lines = LineTable(self.text)

    def position(self, offset: int) -> TextPosition:
        """Return the place of an offset."""
        line, column = self._lines.position(offset)
        start = offset - (column - 1)
        return TextPosition(
            line - 1, self._units(self.text[start:offset]) + (self._before if line == 1 else 0)
        )

    def range(self, start: int, end: int) -> TextRange:
        """Return the stretch between two offsets."""
        return TextRange(self.position(start), self.position(end))

    def of(self, span: Span) -> TextRange:
        """Return the stretch of a span; of an empty one, the character after it, where its line has one."""
        end = span.end
        if span.start == end and end < self._lines.line_bounds(span.line)[1]:
            end += 1
        return self.range(span.start, end)

    def offset(self, line: int, character: int) -> int:
        """Return the offset of a place; one past the end of a line or of the text is taken for that end."""
        if line < 0:
            return 0
        start, end = self._lines.line_bounds(line + 1)
        units = max(0, character - (self._before if line == 0 else 0))
        if self.encoding == "utf-32" or self.text[start:end].isascii():
            return min(start + units, end)
        at = start
        while at < end and units > 0:
            units -= self._units(self.text[at])
            at += units >= 0  # within a character is before it
        return at

    def _units(self, text: str) -> int:
        if self.encoding == "utf-32" or text.isascii():
            return len(text)
        if self.encoding == "utf-16":
            return len(text) + sum(character > "\uffff" for character in text)
        return len(text.encode("utf-8", "surrogatepass"))
