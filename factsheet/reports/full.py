"""The full report: each diagnostic with its line, a caret, why it matters and how to fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.reports.concise import concise, unreadable
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.reports.report import CheckReport
    from factsheet.reports.text import Style
    from factsheet.source.document import Document, Span

_WIDEST = 100
_LEAD = 40
_QUOTED = 4
"""Places whose lines are quoted; further ones are listed on one line."""


def snippet(document: Document, span: Span) -> tuple[str, str]:
    """Return the first line of a span and the caret line below it.

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


def write(report: CheckReport, style: Style) -> str:
    """Write a run: what could not be read, a block for each finding, and the counts."""
    from factsheet.reports.report import (  # the command line prints findings one by one, without it
        count,
        in_words,
    )

    blocks = [unreadable(name, reason, style) for name, reason in report.unreadable]
    blocks += [
        full(diagnostic, file.document, style) for file in report.files for diagnostic in file.diagnostics
    ]
    counts = count(report)
    clean = not (counts.errors or counts.warnings or counts.infos or counts.unreadable)
    words = in_words(counts, known=report.known)
    return "\n\n".join([*blocks, style.good(words) if clean else style.strong(words)]) + "\n"


def full(diagnostic: Diagnostic, document: Document | None, style: Style) -> str:
    """Write a diagnostic as a block of text.

    Args:
        diagnostic: what to report.
        document: the text that it points into; `None` where there was nothing to read.
        style: plain or coloured.
    """
    lines = [concise(diagnostic, style)]
    places = [(diagnostic.span, ""), *((place.span, one_line(place.message)) for place in diagnostic.related)]
    spans = [(span, message) for span, message in places if span is not None]
    width = len(str(max((span.line for span, _ in spans), default=0)))
    if document is not None:
        for span, message in spans[:_QUOTED]:
            lines += _quoted(document, span, style, width=width, message=message)
    margin = f"{' ' * width} {style.faint('=')}"
    if document is not None and len(spans) > _QUOTED:
        further = [f"{message} ({span.line}:{span.column})" for span, message in spans[_QUOTED:]]
        lines.append(f"{margin} and: {', '.join(further)}")
    lines.append(f"{margin} why: {one_line(diagnostic.why)}")
    lines.append(f"{margin} help: {one_line(diagnostic.help)}")
    if diagnostic.fix is not None:
        options = "`--fix`" if diagnostic.fix.safe else "`--fix --unsafe-fixes`, which needs your eye"
        lines.append(f"{margin} fix: available with {options}")
    return "\n".join(lines)


def _quoted(document: Document, span: Span, style: Style, *, width: int, message: str = "") -> list[str]:
    text, caret = snippet(document, span)
    bar = style.faint("|")
    carets = caret.lstrip()
    lead = caret[: len(caret) - len(carets)]
    mark = style.info(f"{carets} {message}") if message else style.error(carets)
    return [f"{span.line:>{width}} {bar} {text}", f"{' ' * width} {bar} {lead}{mark}"]
