"""The full report: each diagnostic with its line, a caret, why it matters and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.report.clean import one_line
from factsheet.report.concise import concise, unreadable
from factsheet.report.snippet import snippet

if TYPE_CHECKING:
    from factsheet.checks import Diagnostic
    from factsheet.report.report import CheckReport
    from factsheet.report.style import Style
    from factsheet.source import Document, Span


def write(report: CheckReport, style: Style) -> str:
    """A run: what could not be read, a block for each finding, and the counts."""
    from factsheet.report.summary import (
        count,
        in_words,
    )  # the command line prints findings one by one, without it

    blocks = [unreadable(name, reason, style) for name, reason in report.unreadable]
    blocks += [
        full(diagnostic, file.document, style) for file in report.files for diagnostic in file.diagnostics
    ]
    counts = count(report)
    clean = not (counts.errors or counts.warnings or counts.infos or counts.unreadable)
    words = in_words(counts)
    return "\n\n".join([*blocks, style.good(words) if clean else style.strong(words)]) + "\n"


def full(diagnostic: Diagnostic, document: Document | None, style: Style) -> str:
    """One diagnostic as a block of text.

    Args:
        diagnostic: what to report.
        document: the text that it points into; `None` where there was nothing to read.
        style: plain or coloured.
    """
    span = diagnostic.span
    lines = [concise(diagnostic, style)]
    width = len(str(max([span.line, *(related.span.line for related in diagnostic.related)])))
    if document is not None:
        lines += _quoted(document, span, width, style, "")
        for related in diagnostic.related:
            lines += _quoted(document, related.span, width, style, one_line(related.message))
    margin = f"{' ' * width} {style.faint('=')}"
    lines.append(f"{margin} why: {one_line(diagnostic.why)}")
    lines.append(f"{margin} help: {one_line(diagnostic.help)}")
    if diagnostic.fix is not None:
        options = "`--fix`" if diagnostic.fix.safe else "`--fix --unsafe-fixes`, which needs your eye"
        lines.append(f"{margin} fix: available with {options}")
    return "\n".join(lines)


def _quoted(document: Document, span: Span, width: int, style: Style, message: str) -> list[str]:
    text, caret = snippet(document, span)
    bar = style.faint("|")
    carets = caret.lstrip()
    lead = caret[: len(caret) - len(carets)]
    mark = style.info(f"{carets} {message}") if message else style.error(carets)
    return [f"{span.line:>{width}} {bar} {text}", f"{' ' * width} {bar} {lead}{mark}"]
