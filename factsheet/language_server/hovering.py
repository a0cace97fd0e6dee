"""What an editor shows over a word of a sheet: its question and unit, and what recomputation says of the figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from factsheet.checks.documentation import document_of
from factsheet.checks.rule_pages import as_markdown
from factsheet.errors import UnknownRuleError
from factsheet.language_server.cursor import value_at
from factsheet.language_server.fields import entry_of, place_in_model
from factsheet.language_server.navigation import id_at, named_rows
from factsheet.language_server.wire import inert, markdown, range_of, wire_range
from factsheet.pages.marks import SYMBOLS
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from factsheet.authoring.field_catalogue import FieldEntry
    from factsheet.language_server.sheet_text import SheetText
    from factsheet.recompute.facts import DerivedFact
    from factsheet.source.document import KeyPath

_MOST_STEPS = 12
_IN_COMMENT = r"\bFS\d{3}\b"


def hover(sheet: SheetText, offset: int) -> types.Hover | None:
    """Return what is known of the place at an offset; `None` where nothing is."""
    rule = _rule_hover(sheet, offset)
    if rule is not None:
        return rule
    document = sheet.document
    path = () if document is None or document.data is None else document.path_at(offset)
    if document is None or not path:
        return None
    span = document.key_span(path) or document.value_span(path)
    found = id_at(sheet, offset)
    blocks = list(_named(sheet, found.name)) if found is not None else []
    place = place_in_model(sheet.model, path)
    if place is not None and not blocks:
        entry = entry_of(sheet.model, place.path)
        if place.in_fact and path[-1] != "value" and place.info is not None:
            blocks += _of_declaration(path, place.info)
        elif entry is not None:
            blocks += of_entry(entry)
        blocks += _recomputed(sheet, place.path)
    if not blocks:
        return None
    if found is not None:
        span = document.span_at(found.start, found.end)
    return types.Hover(markdown(*blocks), None if span is None else range_of(sheet, span))


def of_entry(entry: FieldEntry) -> Iterator[str]:
    """Yield what the catalogue says of a field: title, question, form, limits, example, who asks."""
    required = " (required)" if entry.required else ""
    yield f"**{inert(entry.title)}**{required}: {inert(entry.meaning)}"
    yield f"*{inert(entry.question)}*" if entry.question else ""
    rows = [("write", entry.form), ("limits", entry.limits), ("example", f"`{entry.example_line}`")]
    if entry.is_fact:
        rows.append(
            ("without a value", "`{not_applicable: why}`, `{not_disclosed: why}`, `{not_evaluated: why}`")
        )
    if entry.asked_by:
        rows.append(("asked by", ", ".join(dict.fromkeys(role for role, _, _ in entry.asked_by))))
    yield "\n".join(f"- {name}: {inert(text)}" for name, text in rows if text)


def _of_declaration(path: KeyPath, info: FieldInfo) -> Iterator[str]:
    yield f"**{inert(str(path[-1]))}**: {inert(info.description or '')}"
    extra = info.json_schema_extra
    question = extra.get("x-question") if isinstance(extra, dict) else None
    yield f"*{inert(str(question))}*" if question else ""


def _recomputed(sheet: SheetText, path: KeyPath) -> Iterator[str]:
    """Yield what recomputation says of a figure: the verdict, the formula, the numbers that entered it, the steps."""
    fact = sheet.fact_at(path)
    if fact is None:
        return
    yield f"---\n{_verdict(fact)}"
    yield f"{fact.formula}" if not fact.formula else f"formula: {inert(fact.formula)}"
    yield "\n".join(
        f"- {inert(given.name)} = {inert(given.text)} ({inert(given.source)})" for given in fact.inputs
    )
    steps = fact.steps
    if 0 < len(steps) <= _MOST_STEPS:
        yield "\n".join(f"    {inert(step)}" for step in steps)
    elif steps:
        yield f"`factsheet derive --explain {inert(fact.name)}` writes out the {len(steps):,} lines of the arithmetic"
    yield f"note: {inert(fact.note)}" if fact.note else ""


def _verdict(fact: DerivedFact) -> str:
    verdict, claimed = fact.verdict, fact.claimed
    words = f"{SYMBOLS[verdict.mark]} {inert(verdict.words)}"
    if not fact.text:
        return f"recomputation: {words}"
    claim = f"claimed {inert(claimed.text)}, " if claimed is not None else ""
    return f"{claim}recomputed **{inert(fact.significant_text)}**: {words}"


def _named(sheet: SheetText, name: str) -> Iterator[str]:
    """Yield what the sheet says of the reference, or the other row, that an id names."""
    row = next((path for known, path in named_rows(sheet.data) if known == name), None)
    found = value_at(sheet.data, row) if row is not None else None
    if row is None or not isinstance(found, dict):
        yield f"`{inert(name)}`: this sheet has no reference of this id"
        return
    yield f"**{inert(str(found.get('title') or found.get('name') or name))}** ({inert(dotted(row))})"
    shown = ("authors", "year", "venue", "doi", "arxiv", "url", "note", "kind", "caption")
    yield "\n".join(f"- {key}: {inert(str(found[key]))}" for key in shown if found.get(key) is not None)


def _rule_hover(sheet: SheetText, offset: int) -> types.Hover | None:
    """Return the page of the rule that a comment names at an offset."""
    text = sheet.text
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    line = re.match(r"[^\r\n]*", text[start:])
    for found in re.finditer(_IN_COMMENT, line[0] if line else ""):
        at = start + found.start()
        if at <= offset <= at + len(found[0]) and "#" in text[start:at]:
            try:
                entry = document_of(found[0])
            except UnknownRuleError:
                return None
            return types.Hover(
                markdown(f"**{entry.id} {entry.slug}**: {entry.summary}", as_markdown(entry)),
                wire_range(sheet.positions.range(at, at + len(found[0]))),
            )
    return None
