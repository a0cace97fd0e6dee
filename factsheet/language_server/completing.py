"""What an editor offers where something is typed: keys, words, ids of the sheet, units, metrics, profiles, rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from factsheet.facts.fact import ABSENCES, Entry
from factsheet.language_server.cursor import cursor_at, value_at
from factsheet.language_server.fields import Accepted, accepted_by, entry_of, fields_of, place_in_model
from factsheet.language_server.hovering import of_entry
from factsheet.language_server.navigation import named_rows
from factsheet.language_server.wire import inert, markdown, wire_range
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.quantities.metrics import METRICS
from factsheet.source.dumping import dump_flow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic.fields import FieldInfo

    from factsheet.language_server.cursor import Cursor
    from factsheet.language_server.fields import PlaceInModel
    from factsheet.language_server.sheet_text import SheetText
    from factsheet.source.document import KeyPath

_ITEM = types.CompletionItemKind
_AFTER_NUMBER = r"[^\d\r\n]{0,40}\d[\d.,]*(?:[eE][-+]?\d+)?(?: ?(?:±|to|\.\.|–) ?[\d.,]+)?\s*"
_IGNORING = r"#[ \t]*factsheet:[ \t]*ignore\[(?:[^\]\n\r]*,[ \t]*)?(?P<typed>[A-Z0-9a-z]*)\Z"
_NEAR = 400


def complete(sheet: SheetText, offset: int) -> list[types.CompletionItem]:
    """Return what can be typed at an offset, what is likeliest first."""
    before = re.search(r"[^\r\n]*\Z", sheet.text[max(0, offset - _NEAR) : offset])
    ignoring = re.search(_IGNORING, before[0] if before else "")
    if ignoring is not None:
        return list(_rules(sheet, offset - len(ignoring["typed"]), offset))
    cursor = cursor_at(sheet, offset)
    if cursor is None:
        return []
    place = place_in_model(sheet.model, cursor.path)
    if place is None:
        return []
    offers = list(_keys(sheet, cursor, place)) if cursor.is_key else list(_values(sheet, cursor, place))
    return [_sorted(offer, rank) for rank, offer in enumerate(offers)]


def _sorted(item: types.CompletionItem, rank: int) -> types.CompletionItem:
    item.sort_text = f"{rank:04}"
    return item


def _item(
    sheet: SheetText,
    span: tuple[int, int],
    label: str,
    kind: types.CompletionItemKind,
    *,
    text: str | None = None,
) -> types.CompletionItem:
    edit = types.TextEdit(wire_range(sheet.positions.range(*span)), label if text is None else text)
    # An editor filters by the text between the start of the edit and the cursor.
    return types.CompletionItem(label=label, kind=kind, text_edit=edit, filter_text=label)


def _keys(sheet: SheetText, cursor: Cursor, place: PlaceInModel) -> Iterator[types.CompletionItem]:
    """Yield the keys that a mapping may still have, those that it needs first."""
    fields = dict(fields_of(place.accepted.record))
    if place.accepted.is_fact and not fields:
        fields = dict(Entry.model_fields)
        if cursor.siblings & {"value", *ABSENCES}:  # one answer
            fields = {key: info for key, info in fields.items() if key not in {"value", *ABSENCES}}
    followed = re.match(r"[ \t]*['\"]?[ \t]*:", sheet.text[cursor.end : cursor.end + _NEAR]) is not None
    for key, info in sorted(fields.items(), key=lambda named: not named[1].is_required()):
        if key in cursor.siblings:
            continue
        item = _item(
            sheet,
            (cursor.start, cursor.end),
            key,
            _ITEM.Property,
            text=key if followed else f"{key}:{_after_key(sheet, cursor, accepted_by(info))}",
        )
        item.detail = info.description
        item.documentation = _documentation(sheet, (*cursor.path, key), info)
        yield item
    if place.accepted.values is not None:
        for name in _systems(cursor):
            if name not in cursor.siblings:
                yield _item(
                    sheet,
                    (cursor.start, cursor.end),
                    name,
                    _ITEM.Reference,
                    text=name if followed else f"{name}: ",
                )


def _after_key(sheet: SheetText, cursor: Cursor, accepted: Accepted) -> str:
    """Return what follows a new key: a space, or the line on which its mapping or its list begins."""
    if cursor.in_flow or not (accepted.record or (accepted.items and accepted.items.record)):
        return " "
    text = sheet.text
    start = max(text.rfind("\n", 0, cursor.start), text.rfind("\r", 0, cursor.start)) + 1
    end = "\r\n" if "\r\n" in text else "\n"
    inner = " " * (cursor.start - start + 2)
    return f"{end}{inner}{'- ' if accepted.items else ''}"


def _documentation(sheet: SheetText, path: KeyPath, info: FieldInfo) -> types.MarkupContent | None:
    place = place_in_model(sheet.model, path)
    entry = None if place is None or place.in_fact else entry_of(sheet.model, place.path)
    return markdown(inert(info.description or "")) if entry is None else markdown(*of_entry(entry))


def _values(sheet: SheetText, cursor: Cursor, place: PlaceInModel) -> Iterator[types.CompletionItem]:
    """Yield what a value may be."""
    accepted, name = place.accepted, cursor.path[-1] if cursor.path else ""
    if accepted.items is not None and not accepted.ids:  # a list that is not one yet
        accepted = accepted.joined(accepted.items)
    span = (cursor.start, cursor.end)
    if accepted.record is not None and _on_own_line(sheet, cursor):
        yield from _keys(sheet, cursor, place)
    yield from _units(sheet, cursor, accepted.dimensions)
    for word in accepted.words:
        yield _item(sheet, span, word, _ITEM.EnumMember)
    if accepted.ids:
        yield from _ids(sheet, cursor)
    if name in {"metric", "metrics"}:
        for metric in METRICS:
            item = _item(sheet, span, metric.name, _ITEM.Value)
            item.detail = f"{metric.better} is better; {metric.source}"
            yield item
    if name == "profile":
        yield from (_item(sheet, span, profile, _ITEM.Value) for profile in _profiles())
    if name == "template":
        from factsheet.sheet_templates.known_templates import known_names

        with sheet.settings.reading():
            names = known_names()
        yield from (_item(sheet, span, one, _ITEM.Value) for one in names)
    if not cursor.value.strip() and place.info is not None:
        yield from _example(sheet, span, place.info, accepted)


def _on_own_line(sheet: SheetText, cursor: Cursor) -> bool:
    """Return whether nothing but indentation and dashes is before what is typed: there a mapping can begin."""
    before = re.search(r"[^\r\n]*\Z", sheet.text[max(0, cursor.start - _NEAR) : cursor.start])
    return cursor.in_flow or re.fullmatch(r"[ ]*(?:-[ ]+)*", before[0] if before else "") is not None


def _units(sheet: SheetText, cursor: Cursor, dimensions: Iterable[str]) -> Iterator[types.CompletionItem]:
    """Yield the units of a figure whose number is typed: first those that pages use."""
    number = re.match(_AFTER_NUMBER, cursor.value)
    if number is None:
        return
    unit = cursor.value[number.end() :]
    start = cursor.start + len(cursor.typed) - len(unit)
    space = "" if number[0][-1:].isspace() else " "
    offered: dict[str, str] = {}
    for name in dimensions:
        dimension = DIMENSIONS[name]
        for shown in (*(row[0] for row in dimension.shown), *dimension.units):
            if shown:
                offered.setdefault(shown, dimension.title)
    for shown, title in offered.items():
        item = _item(sheet, (start, cursor.end), shown, _ITEM.Unit, text=f"{'' if unit else space}{shown}")
        item.detail = title
        yield item


def _ids(sheet: SheetText, cursor: Cursor) -> Iterator[types.CompletionItem]:
    for name, path in named_rows(cursor.data):
        if path[0] != "references":
            continue
        row = value_at(cursor.data, path)
        item = _item(sheet, (cursor.start, cursor.end), name, _ITEM.Reference)
        item.detail = str(row.get("title", ""))[:_NEAR] if isinstance(row, dict) else None
        yield item


def _systems(cursor: Cursor) -> Iterator[str]:
    """Yield the ids of the systems of the table that the cursor is in."""
    if cursor.path[:2] != ("performance", "results"):
        return
    rows = value_at(cursor.data, (*cursor.path[:3], "systems"))
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(row.get("id"), str):
            yield str(row["id"])


def _profiles() -> tuple[str, ...]:
    from factsheet.hardware.profile import digital_names, profile_names  # where one is named

    return (*profile_names(), *digital_names())


def _example(
    sheet: SheetText, span: tuple[int, int], info: FieldInfo, accepted: Accepted
) -> Iterator[types.CompletionItem]:
    example = info.examples[0] if info.examples else None
    if example is None or isinstance(example, dict | list) or accepted.words or accepted.ids:
        return
    item = _item(sheet, span, dump_flow(example).strip(), _ITEM.Snippet)
    item.detail = "an example"
    yield item


def _rules(sheet: SheetText, start: int, offset: int) -> Iterator[types.CompletionItem]:
    from factsheet.checks.documentation import index

    for rule_id, slug, summary in index():
        item = _item(sheet, (start, offset), rule_id, _ITEM.Value)
        item.detail, item.documentation = slug, summary
        yield item
