"""A line of the sheet with a caret under what is meant, in terminal columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factsheet.source import Document, Span

_WIDEST = 100
_LEAD = 40


def snippet(document: Document, span: Span) -> tuple[str, str]:
    """The first line of a span and the caret line below it.

    Tabs become spaces and characters that would drive the terminal become `?`; a long line is cut around
    the caret; wide characters (East Asian, emoji) count as two columns.
    """
    line = document.line_text(span.line)
    start = min(max(span.column - 1, 0), len(line))
    stop = len(line.rstrip()) if span.end_line > span.line else min(span.end_column - 1, len(line))
    stop = max(stop, start)
    cut = max(0, start - _LEAD) if len(line) > _WIDEST else 0
    shown = line[cut : cut + _WIDEST]
    start, stop = start - cut, min(stop - cut, len(shown))
    lead = ("…" if cut else "") + _safe(shown[:start])
    marked = _safe(shown[start:stop])
    rest = _safe(shown[stop:]) + ("…" if len(line) > cut + _WIDEST else "")
    return lead + marked + rest, " " * _columns(lead) + "^" * max(_columns(marked), 1)


def _safe(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if char == "\t" else char if char.isprintable() else "?" for char in text)


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # only for lines that need it

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)
