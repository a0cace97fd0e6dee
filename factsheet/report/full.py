"""The full report: each diagnostic with its line, a caret, why it matters and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.report.snippet import snippet

if TYPE_CHECKING:
    from factsheet.checks import Diagnostic
    from factsheet.report.style import Style
    from factsheet.source import Document, Span


def full(diagnostic: Diagnostic, document: Document | None, style: Style) -> str:
    """One diagnostic as a block of text.

    Args:
        diagnostic: what to report.
        document: the text that it points into; `None` where there was nothing to read.
        style: plain or coloured.
    """
    span = diagnostic.span
    place = style.strong(f"{diagnostic.file}:{span.line}:{span.column}")
    severity = style.of(diagnostic.severity, f"{diagnostic.severity} {diagnostic.rule_id}")
    lines = [f"{place}: {severity} {diagnostic.slug}: {diagnostic.message}"]
    width = len(str(max([span.line, *(related.span.line for related in diagnostic.related)])))
    if document is not None:
        lines += _quoted(document, span, width, style, "")
        for related in diagnostic.related:
            lines += _quoted(document, related.span, width, style, related.message)
    lines.append(f"{' ' * width} {style.faint('=')} why: {diagnostic.why}")
    lines.append(f"{' ' * width} {style.faint('=')} help: {diagnostic.help}")
    return "\n".join(lines)


def _quoted(document: Document, span: Span, width: int, style: Style, message: str) -> list[str]:
    text, caret = snippet(document, span)
    bar = style.faint("|")
    carets = caret.lstrip()
    lead = caret[: len(caret) - len(carets)]
    mark = style.info(f"{carets} {message}") if message else style.error(carets)
    return [f"{span.line:>{width}} {bar} {text}", f"{' ' * width} {bar} {lead}{mark}"]
