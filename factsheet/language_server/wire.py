"""Places and severities as the protocol writes them, and words of a sheet as an editor may show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from factsheet.reports.markdown_words import inert_markdown

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Severity
    from factsheet.language_server.positions import TextPosition, TextRange
    from factsheet.language_server.sheet_text import SheetText
    from factsheet.source.document import Span
    from factsheet.source.editing import Edit

SEVERITIES: dict[Severity, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}
_LONGEST = 600


def wire_position(position: TextPosition) -> types.Position:
    """Return a place as the protocol writes it."""
    return types.Position(position.line, position.character)


def wire_range(found: TextRange) -> types.Range:
    """Return a stretch as the protocol writes it."""
    return types.Range(wire_position(found.start), wire_position(found.end))


def range_of(sheet: SheetText, span: Span) -> types.Range:
    """Return the stretch of a span."""
    return wire_range(sheet.positions.of(span))


def text_edit(sheet: SheetText, edit: Edit) -> types.TextEdit:
    """Return an edit of the text."""
    return types.TextEdit(wire_range(sheet.positions.range(edit.start, edit.end)), edit.text)


def offset_of(sheet: SheetText, position: types.Position) -> int:
    """Return the offset of a place."""
    return sheet.positions.offset(position.line, position.character)


def inert(text: str) -> str:
    """Return words that may be a stranger's for Markdown: on one line, not endless, with no link and no HTML."""
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
    return inert_markdown(shown)


def markdown(*blocks: str) -> types.MarkupContent:
    """Return paragraphs as Markdown."""
    return types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(block for block in blocks if block))
