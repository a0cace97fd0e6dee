"""Read the body of a card, Markdown with HTML in it, as sections: a heading, and the blocks below it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.authoring.importing.cards.headings import (
    field_of,
    holds_recipe,
    holds_scores,
    lists_requirements,
    title_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_OF_SUMMARIES = 6
"""Level of the heading that a part which can be opened gets."""
_BEGINNING = 50
"""Pieces of a text among which its first word is looked for."""
_LARGEST_HTML = 200_000
"""Characters of one block of HTML that are looked into."""


class CardBlock(NamedTuple):
    """A part of a section.

    Attributes:
        kind: what it is; a heading stands for itself until sections are made.
        text: as it is written, a heading or a paragraph of HTML without its tags.
        line: the line of the body that it begins on, from 0.
        rows: cells of a table, its header first.
        level: of a heading.
    """

    kind: Literal["heading", "text", "list", "table", "code"]
    text: str
    line: int
    rows: tuple[tuple[str, ...], ...] = ()
    level: int = 0


class CardSection(NamedTuple):
    """A heading and all that is below it until the next one.

    Attributes:
        heading: its words; empty for what is before the first heading.
        level: 1 to 6; 0 before the first heading.
        line: the line of the body that it is on, from 0.
        blocks: what is below it.
    """

    heading: str
    level: int
    line: int
    blocks: tuple[CardBlock, ...]


def sections_of(body: str) -> tuple[CardSection, ...]:
    """Return the sections of a body; the first has no heading where something is before all of them."""
    found: list[CardSection] = []
    heading = CardBlock("heading", "", 0)
    below: list[CardBlock] = []
    for block in _blocks(body):
        if block.kind != "heading":
            below.append(block)
            continue
        if below or heading.level:
            found.append(CardSection(heading.text, heading.level, heading.line, tuple(below)))
        heading, below = block, []
    if below or heading.level:
        found.append(CardSection(heading.text, heading.level, heading.line, tuple(below)))
    return tuple(found)


def _blocks(body: str) -> Iterator[CardBlock]:
    from markdown_it import MarkdownIt  # 25 ms that only cards need

    markdown = MarkdownIt("commonmark").enable("table")
    markdown.core.ruler.enableOnly(["normalize", "block"])
    lines = body.split("\n")
    tokens = markdown.parse(body)
    for index, token in enumerate(tokens):
        if token.level or token.nesting < 0 or token.map is None:
            continue
        start, end = token.map
        raw = "\n".join(lines[start:end])
        if token.type == "heading_open":
            heading = re.sub(r"<[^<>]{0,300}>", "", tokens[index + 1].content)
            yield CardBlock("heading", " ".join(heading.split()), start, level=int(token.tag[1]))
        elif token.type == "table_open":
            yield CardBlock("table", raw, start, tuple(_rows(tokens[index + 1 :])))
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            yield CardBlock("list", raw, start)
        elif token.type in {"fence", "code_block"}:
            yield CardBlock("code", raw, start)
        elif token.type == "html_block":
            yield from _of_html(token.content, start)
        elif token.type == "blockquote_open":
            yield CardBlock("text", re.sub(r"^[ \t]*>[ \t]?", "", raw, flags=re.MULTILINE), start)
        elif token.type == "paragraph_open":
            yield CardBlock("text", re.sub(r"<br\s*/?>", "\n", raw), start)


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table that tokens begin in."""
    cells: list[str] = []
    for token in tokens:
        if token.type == "table_close":
            return
        if token.type == "tr_open":
            cells = []
        elif token.type == "inline":
            cells.append(re.sub(r"[*`]|<[^<>]{0,300}>", "", token.content).strip())
        elif token.type == "tr_close":
            yield tuple(cells)


def _of_html(text: str, line: int) -> Iterator[CardBlock]:
    reader = _HtmlReader(line)
    reader.feed(_ended(text[:_LARGEST_HTML]))
    reader.close()
    reader.flush()
    yield from reader.blocks


_UNSHOWN = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<[!?].*?(?:>|\Z)", re.DOTALL)
"""Comments, declarations and the like; one that is not ended goes on to the end, as in a browser (HTML, 13.2.5)."""


def _ended(text: str) -> str:
    """Return HTML without what is not shown, and without tags that do not end.

    For the end of each of those the parser would look through all of the text behind it, and find none.
    """
    shown = _UNSHOWN.sub(lambda found: "\n" * found[0].count("\n"), text)
    tags, end, rest = shown.rpartition(">")
    return tags + end + rest.replace("<", "&lt;")


class _HtmlReader(HTMLParser):
    """Takes a block of HTML apart: headings, paragraphs, lists and tables, without their tags."""

    def __init__(self, line: int) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[CardBlock] = []
        self._line, self._start = line, line
        self._text: list[str] = []
        self._level = 0
        self._hidden = 0
        self._link = ""
        self._rows: list[tuple[str, ...]] = []
        self._cells: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, or a line of one."""
        if tag in {"script", "style"}:
            self._hidden += 1
        elif re.fullmatch(r"h[1-6]", tag):
            self.flush()
            self._level = int(tag[1])
        elif tag == "table":
            self.flush()
            self._rows, self._cells = [], []
        elif tag == "tr" and self._cells is not None:
            self._cells = []
        elif tag in {"br", "li", "dt"}:
            self._text.append("\n- " if tag == "li" else "\n")
        elif tag == "dd":
            self._text.append(": ")
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""
            self._text.append("[" if self._link else "")
        elif tag in {"p", "div", "ul", "ol", "dl", "section", "center", "summary"} and self._cells is None:
            self.flush()

    def handle_endtag(self, tag: str) -> None:
        """End a block, a row or a cell."""
        if tag in {"script", "style"}:
            self._hidden = max(self._hidden - 1, 0)
        elif tag == "a":
            self._text.append(f"]({self._link})" if self._link else "")
            self._link = ""
        elif tag == "summary":
            self._summary()
        elif self._cells is not None and tag in {"td", "th"}:
            self._cells.append(" ".join("".join(self._text).split()))
            self._text = []
        elif self._cells is not None and tag == "tr":
            self._rows.append(tuple(self._cells))
            self._cells = []
        elif tag == "table" and self._cells is not None:
            rows = tuple(row for row in self._rows if any(row))
            self._cells, self._text = None, []
            if rows:
                self.blocks.append(CardBlock("table", "\n".join(map(" | ".join, rows)), self._at(), rows))
        elif re.fullmatch(r"h[1-6]|p|div|ul|ol|dl|section|center", tag) and self._cells is None:
            self.flush()

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self._hidden:
            if not any(part.strip() for part in self._text[:_BEGINNING]):
                self._start = self._at()
            self._text.append(data)

    def _summary(self) -> None:
        """Take what a part that can be opened is called as a heading where it says what it answers."""
        words = "".join(self._text).strip()
        title = title_of(words)
        known = field_of(title) or holds_recipe(title) or holds_scores(title) or lists_requirements(title)
        self._level = _OF_SUMMARIES if known else 0
        if not known:
            self._text = []
        self.flush()

    def flush(self) -> None:
        """End the text that was begun."""
        text = "\n".join(filter(None, (" ".join(line.split()) for line in "".join(self._text).split("\n"))))
        self._text = []
        if self._level and text:
            self.blocks.append(CardBlock("heading", " ".join(text.split()), self._start, level=self._level))
        elif text:
            kind: Literal["list", "text"] = "list" if text.startswith("- ") else "text"
            self.blocks.append(CardBlock(kind, text, self._start))
        self._level = 0

    def _at(self) -> int:
        return self._line + self.getpos()[0] - 1
