"""Changes by path to edits of the text, and edits to a new text. What no edit names stays as it is, byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Edit, Fix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.checks.diagnostic import Change, Finding
    from factsheet.source.document import Document, KeyPath, Span


def fix_of(finding: Finding, document: Document) -> Fix | None:
    """The edits that carry out a finding's changes; `None` where one of them has no place in the text."""
    edits = [_edit(change, document) for change in finding.changes]
    known = [edit for edit in edits if edit is not None]
    return Fix(tuple(known), finding.safe) if known and len(known) == len(edits) else None


def answer_span(document: Document, path: KeyPath) -> Span | None:
    """Where the answer of a path stands: its value, or the `value` of a mapping with provenance."""
    return document.value_span((*path, "value")) or document.value_span(path)


def word_span(document: Document, span: Span, word: str) -> Span:
    """Where a word of a scalar stands; line breaks of a folded scalar count as spaces. The whole span if nowhere.

    Where it stands by itself comes before where it is part of another word: `devlin` in `[devlin-2019, devlin]`.
    """
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    text = document.text[span.start : span.end]
    match = (
        re.search(rf"(?<![\w-]){pattern}(?![\w-]|\.\w)", text) or re.search(pattern, text)
        if pattern
        else None
    )
    return span if match is None else document.span_at(span.start + match.start(), span.start + match.end())


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


def apply_fixes(text: str, fixes: Iterable[Fix]) -> tuple[str, int]:
    """Carry out fixes that do not get into each other's way.

    Returns:
        The new text, and how many fixes were carried out; of two that overlap, the one that begins first wins,
        and the other can follow in another round.
    """
    chosen: list[Edit] = []
    applied = 0
    for fix in sorted(fixes, key=lambda fix: min(edit.start for edit in fix.edits)):
        if any(_overlap(edit, other) for edit in fix.edits for other in chosen):
            continue
        chosen += fix.edits
        applied += 1
    for edit in sorted(chosen, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text, applied


def _overlap(one: Edit, other: Edit) -> bool:
    return (one.start < other.end and other.start < one.end) or one.start == other.start
