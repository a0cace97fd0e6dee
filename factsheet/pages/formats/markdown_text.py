"""Write texts of a page as Markdown: prose with the little markup it may have, links, tables.

Plain words are escaped by `factsheet/reports/markdown_words.py`, which names the rules.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, assert_never
from urllib.parse import quote

from factsheet.pages.rich_text import block_text
from factsheet.pages.text import clean
from factsheet.reports.markdown_words import escape, escape_line_start, escape_span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from factsheet.pages.rich_text import BlockKind, SpanKind, TextBlock, TextSpan

_NO_WIDTH = "&#8203;"
"""Keeps the signs of two spans apart."""
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\{}|^\[\]]+", re.IGNORECASE)
_URL_CHARACTERS = "!#$%&()*+,-./:;=?@_~"
"""What an address may hold besides letters and digits (RFC 3986), without the quote."""
_TICKS = re.compile(r"`+")
_SIGNS: dict[SpanKind, str] = {"emphasis": "*", "strong": "**", "struck": "~~"}
_SPAN_SIGNS = ("*", "~", "`")
_LISTS: tuple[BlockKind, ...] = ("bullets", "numbers")


def link(address: str) -> str:
    """Return an address as a link that shows it; as plain text if it is no plain http or https address."""
    if not _ADDRESS.fullmatch(address):
        return escape(address)
    return f"<{quote(address, safe=_URL_CHARACTERS)}>"


def prose(blocks: Iterable[TextBlock]) -> str:
    """Return blocks of prose as Markdown that holds their text, emphasis, code, lists and links, and nothing else."""
    return "\n\n".join(_block(block) for block in blocks)


def line(blocks: Iterable[TextBlock], *, cell: bool = False) -> str:
    """Return prose on one line, its blocks run together.

    Args:
        blocks: the prose.
        cell: whether it goes into a cell of a table, where a bar in code needs a backslash too.
    """
    texts = (
        _paragraph(b.spans, cell=cell) if b.kind == "paragraph" else escape(block_text(b)) for b in blocks
    )
    return " ".join(texts)


def _block(block: TextBlock) -> str:
    match block.kind:
        case "paragraph":
            return _paragraph(block.spans)
        case "code":
            return fenced(block.text.split("\n"))
        case "quote":
            return _indented(prose(block.blocks), "> ", "> ")
        case "item":
            return "\n\n".join(_block(inner) for inner in block.blocks)
        case "bullets" | "numbers":
            # The lists of the templates use hyphens: another sign keeps a list that follows one of these apart.
            signs = (
                "* " if block.kind == "bullets" else f"{number}. "
                for number in range(block.start, block.start + len(block.blocks))
            )
            loose = any(
                len(entry.blocks) > 1 and entry.blocks[1].kind not in _LISTS for entry in block.blocks
            )
            entries = (
                _indented(_entry(entry, loose=loose), sign, " " * len(sign))
                for sign, entry in zip(signs, block.blocks, strict=False)
            )
            return ("\n\n" if loose else "\n").join(entries)
    assert_never(block.kind)


def _entry(entry: TextBlock, *, loose: bool) -> str:
    if loose or entry.kind != "item":
        return _block(entry)
    return "\n".join(_block(inner) for inner in entry.blocks)


def _indented(text: str, first: str, others: str) -> str:
    head, *tail = text.split("\n")
    return "\n".join((f"{first}{head}".rstrip(), *(f"{others}{line}".rstrip() for line in tail)))


def fenced(lines: Iterable[str]) -> str:
    """Return lines as they are, between fences longer than any in them."""
    kept = [clean(line) if line == line.lstrip() else f"  {clean(line)}" for line in lines]
    fence = "`" * max(3, 1 + _longest_ticks("\n".join(kept)))
    return "\n".join((f"{fence}text", *kept, fence))


def _longest_ticks(text: str) -> int:
    return max((len(ticks) for ticks in _TICKS.findall(text)), default=0)


def _paragraph(spans: Iterable[TextSpan], *, cell: bool = False) -> str:
    return escape_line_start(_spans(spans, cell=cell).strip())


def _spans(spans: Iterable[TextSpan], *, cell: bool) -> str:
    written = ""
    for span in spans:
        made = _span(span, cell=cell)
        if span.kind == "link" and written.endswith("!"):
            written = f"{written[:-1]}\\!"  # with it the link would be an image
        # Signs of two spans that touch would be read as one longer sign.
        touching = (
            made[:1] in _SPAN_SIGNS and written[-1:] == made[:1] and not written.endswith(f"\\{made[:1]}")
        )
        written += f"{_NO_WIDTH if touching else ''}{made}"
    return written


def _span(span: TextSpan, *, cell: bool) -> str:
    match span.kind:
        case "text":
            return escape_span(span.text)
        case "code":
            return _code(clean(span.text), cell=cell)
        case "link":
            return f"[{_spans(span.spans, cell=cell)}](<{quote(span.href, safe=_URL_CHARACTERS)}>)"
        case "emphasis" | "strong" | "struck":
            inner = _spans(span.spans, cell=cell)
            # A sign with a space inside of it is no sign.
            before, after = " " * inner.startswith(" "), " " * inner.endswith(" ")
            sign = _SIGNS[span.kind]
            return f"{before}{sign}{inner.strip(' ')}{sign}{after}" if inner.strip(" ") else inner
    assert_never(span.kind)


def _code(text: str, *, cell: bool) -> str:
    if not text:
        return ""
    fence = "`" * (1 + _longest_ticks(text))
    space = " " * (text[0] == "`" or text[-1] == "`")
    shown = text.replace("|", "\\|") if cell else text
    return f"{fence}{space}{shown}{space}{fence}"


_WIDEST = 72
"""A column wider than this is not padded, nor are those after it: one long cell would push them off the screen."""


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Collection[int] = (),
    closing: Sequence[Sequence[str]] = (),
) -> str:
    """Return a table of plain texts, which are escaped here.

    Args:
        header: the heading of each column.
        rows: cells, as many in each row as in the header; `Markup` is Markdown already.
        numeric: the columns to align to the right.
        closing: last rows, in bold.
    """
    grid = [
        [escape(cell) for cell in header],
        *([_cell(cell) for cell in row] for row in rows),
        *([f"**{escape(cell)}**" if cell else "" for cell in row] for row in closing),
    ]
    widths = [max(3, *(_width(row[column]) for row in grid)) for column in range(len(header))]
    wide = next((column for column, width in enumerate(widths) if width > _WIDEST), len(widths))
    widths = [width if column < wide else 0 for column, width in enumerate(widths)]
    right = [column in numeric for column in range(len(header))]
    lines = [
        _line([_padded(cell, w, r) for cell, w, r in zip(row, widths, right, strict=True)]) for row in grid
    ]
    dashes = [f"{'-' * (max(w, 3) - r)}{':' * r}" for w, r in zip(widths, right, strict=True)]
    return "\n".join((lines[0], _line(dashes), *lines[1:]))


def _cell(cell: str) -> str:
    """Return a cell's Markdown: what is made ready already stays as it is."""
    return str(cell) if hasattr(cell, "__html__") else escape(cell)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _padded(cell: str, width: int, right: bool) -> str:
    space = " " * max(0, width - _width(cell))
    return space + cell if right else cell + space


def _width(text: str) -> int:
    """Return columns that a text takes in a terminal or editor."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    unseen = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - unseen
