"""Where in the text a path of the sheet is, and the edits of the text that carry out changes by path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Edit, Fix

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


def word_span(document: Document, span: Span, word: str) -> Span:
    """Return where a word of a scalar is; line breaks of a folded scalar count as spaces. The whole span if nowhere.

    A place where it is a word of its own comes before one where it is part of another: `devlin` in
    `[devlin-2019, devlin]`.
    """
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    text = document.text[span.start : span.end]
    match = (
        re.search(rf"(?<![\w-]){pattern}(?![\w-]|\.\w)", text) or re.search(pattern, text)
        if pattern
        else None
    )
    return span if match is None else document.span_at(span.start + match.start(), span.start + match.end())


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
        return _removal(document.text, key, value)
    place = answer_span(document, change.path) or value
    if change.word is not None:
        place = word_span(document, place, change.word)
        if document.text[place.start : place.end].split() != change.word.split():
            return None
    return Edit(place.start, place.end, change.text)


def _removal(text: str, key: Span | None, value: Span) -> Edit | None:
    """Remove a key with its value, or an entry of a list: its lines in a block, its place between commas in a flow."""
    start, end = (value if key is None else key).start, value.end
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    if text[line_start:start].strip() == ("-" if key is None else ""):
        rest = re.compile(r"[ \t]*(?:#[^\n\r]*)?(?:\r\n|\n|\r|$)").match(text, end)
        return None if rest is None else Edit(line_start, rest.end(), "")
    behind = re.compile(r"\s*,\s*").match(text, end)
    if behind is not None:
        return Edit(start, behind.end(), "")
    before = re.search(r"\s*,\s*$", text[:start])
    return Edit(before.start(), end, "") if before else None
