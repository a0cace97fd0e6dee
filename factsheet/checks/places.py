"""Find the paths of a sheet in its text, and turn changes by path into edits of the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Fix
from factsheet.source.editing import Edit, removal, word_span

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Change, Finding
    from factsheet.source.document import Document, KeyPath, Span


def place_of(
    document: Document | None, path: KeyPath, *, on_key: bool = False, word: str | None = None
) -> Span | None:
    """Return where to point for a path: at the key, at the answer, or at the nearest ancestor that the text has.

    Args:
        document: the text; without one there is no place.
        path: the key or the value.
        on_key: point at the key and not at its value.
        word: point at these characters of the value.
    """
    if document is None:
        return None
    span = None if on_key else answer_span(document, path)
    if span is None:
        span = document.locate(path, prefer_key=on_key)
    return span if word is None else word_span(document, span, word)


def answer_span(document: Document, path: KeyPath) -> Span | None:
    """Return where the answer of a path is: its value, or the `value` of a mapping with provenance."""
    return document.value_span((*path, "value")) or document.value_span(path)


def fix_of(finding: Finding, document: Document) -> Fix | None:
    """Return the edits that carry out a finding's changes; `None` where one of them has no place in the text."""
    edits = [_edit(change, document) for change in finding.changes]
    known = [edit for edit in edits if edit is not None]
    return Fix(tuple(known), finding.safe) if known and len(known) == len(edits) else None


def _edit(change: Change, document: Document) -> Edit | None:
    key, value = document.key_span(change.path), document.value_span(change.path)
    if change.on_key:
        return None if key is None or change.text is None else Edit(key.start, key.end, change.text)
    if value is None:
        return None
    if change.text is None:
        return removal(document, change.path)
    place = answer_span(document, change.path) or value
    if change.word is not None:
        place = word_span(document, place, change.word)
        if document.text[place.start : place.end].split() != change.word.split():
            return None
    return Edit(place.start, place.end, change.text)
