"""From an id to what it names, from what is named to where it is cited, and the outline of a sheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types

from factsheet.language_server.cursor import value_at
from factsheet.language_server.fields import place_in_model
from factsheet.language_server.wire import range_of, wire_range
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.language_server.sheet_text import SheetText
    from factsheet.source.document import Document, KeyPath

_LISTS = ("references", "figures")
"""Whose rows are named by their `id` from all over the sheet."""
_DEEPEST, _MOST = 6, 5000
"""Levels and entries of an outline."""
_LONGEST = 60
_NAMES = ("id", "name", "title", "task", "by", "at", "item")
"""Keys that say best what a row is."""


class IdInText(NamedTuple):
    """An id where it is written."""

    name: str
    start: int
    end: int
    path: KeyPath


def named_rows(data: object) -> Iterator[tuple[str, KeyPath]]:
    """Yield the rows that can be named by an id, each with its path; references first."""
    for name in _LISTS:
        rows = value_at(data, (name,))
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            if isinstance(row, dict) and isinstance(row.get("id"), str):
                yield str(row["id"]), (name, index)
    results = value_at(data, ("performance", "results"))
    for table, one in enumerate(results if isinstance(results, list) else ()):
        systems = one.get("systems") if isinstance(one, dict) else None
        for index, row in enumerate(systems if isinstance(systems, list) else ()):
            if isinstance(row, dict) and isinstance(row.get("id"), str):
                yield str(row["id"]), ("performance", "results", table, "systems", index)


def id_at(sheet: SheetText, offset: int) -> IdInText | None:
    """Return the id under the cursor, where ids are written: of a reference, or of a system that has scores."""
    document = sheet.document
    if document is None or document.data is None:
        return None
    path = document.path_at(offset)
    if not path:
        return None
    value, span = value_at(document.data, path), document.value_span(path)
    place, key = place_in_model(sheet.model, path), document.key_span(path)
    if key is not None and key.start <= offset <= key.end:
        above = place_in_model(sheet.model, path[:-1])
        of_system = above is not None and above.accepted.values is not None
        return IdInText(str(path[-1]), key.start, key.end, path) if of_system else None
    if place is None or not place.accepted.ids or not isinstance(value, str) or span is None:
        return None
    return IdInText(value, span.start, span.end, path)


def definition(sheet: SheetText, uri: str, offset: int) -> types.Location | None:
    """Return where the id under the cursor is declared; the row nearest above it in the tree where several have it."""
    found, document = id_at(sheet, offset), sheet.document
    if found is None or document is None:
        return None
    rows = [path for name, path in named_rows(document.data) if name == found.name]
    if not rows:
        return None
    nearest = max(rows, key=lambda path: _shared(path, found.path))
    span = document.value_span((*nearest, "id"))
    return None if span is None else types.Location(uri, range_of(sheet, span))


def _shared(one: KeyPath, other: KeyPath) -> int:
    return next((depth for depth, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)


def references(sheet: SheetText, uri: str, offset: int, *, declaration: bool) -> list[types.Location]:
    """Return every place that names the id under the cursor, which is one that names it or that declares it."""
    document = sheet.document
    if document is None or document.data is None:
        return []
    found, path = id_at(sheet, offset), document.path_at(offset)
    declared = dict.fromkeys(path for _, path in named_rows(document.data))
    name = found.name if found is not None else None
    if name is None and path and path[-1] == "id" and path[:-1] in declared:
        name = str(value_at(document.data, path))
    if name is None:
        return []
    places = [span for place in _citing(sheet, document.data, name) if (span := document.value_span(place))]
    if declaration:
        own = [path for known, path in named_rows(document.data) if known == name]
        places += [span for path in own if (span := document.value_span((*path, "id")))]
    return [
        types.Location(uri, range_of(sheet, span)) for span in sorted(places, key=lambda span: span.start)
    ]


def _citing(sheet: SheetText, data: Any, name: str) -> Iterator[KeyPath]:
    waiting: list[tuple[KeyPath, Any]] = [((), data)]
    while waiting:
        path, node = waiting.pop()
        entries = (
            node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        )
        waiting += [((*path, part), value) for part, value in entries]
        if node == name and isinstance(node, str):
            place = place_in_model(sheet.model, path)
            if place is not None and place.accepted.ids:
                yield path


def symbols(sheet: SheetText) -> list[types.DocumentSymbol]:
    """Return the outline of a sheet: its sections, facts and rows."""
    document = sheet.document
    if document is None or document.data is None:
        return []
    return _Outline(sheet, document).below((), document.data)


class _Outline:
    def __init__(self, sheet: SheetText, document: Document) -> None:
        self._sheet, self._document, self._left = sheet, document, _MOST

    def below(self, path: KeyPath, node: object) -> list[types.DocumentSymbol]:
        entries: list[tuple[str | int, object]] = []
        if isinstance(node, dict):
            entries = [(str(key), value) for key, value in node.items()]
        elif isinstance(node, list):
            entries = [(index, value) for index, value in enumerate(node) if isinstance(value, dict)]
        found = []
        for part, value in entries:
            if self._left <= 0:
                break
            symbol = self._symbol((*path, part), value)
            if symbol is not None:
                found.append(symbol)
        return found

    def _symbol(self, path: KeyPath, value: object) -> types.DocumentSymbol | None:
        document, part = self._document, path[-1]
        span, key = document.value_span(path), document.key_span(path)
        if span is None:
            return None
        self._left -= 1
        place = place_in_model(self._sheet.model, path)
        is_fact = (
            place is not None
            and place.accepted.is_fact
            and isinstance(value, dict | str | int | float | bool)
        )
        shown = value.get("value") if is_fact and isinstance(value, dict) else value
        name = str(part) if isinstance(part, str) else _row_name(value, part)
        start = span.start if key is None else key.start
        whole = self._sheet.positions.range(start, max(span.end, start if key is None else key.end))
        deeper = len(path) < _DEEPEST and not is_fact
        return types.DocumentSymbol(
            name=one_line(name)[:_LONGEST] or "?",
            detail="" if isinstance(shown, dict | list) or shown is None else one_line(str(shown))[:_LONGEST],
            kind=_kind(value, is_fact=is_fact),
            range=wire_range(whole),
            selection_range=wire_range(whole) if key is None else range_of(self._sheet, key),
            children=self.below(path, value) if deeper else None,
        )


def _row_name(row: object, index: int) -> str:
    named = (
        next((row[key] for key in _NAMES if isinstance(row.get(key), str)), None)
        if isinstance(row, dict)
        else None
    )
    return f"[{index}]" if named is None else re.sub(r"\s+", " ", named)


def _kind(value: object, *, is_fact: bool) -> types.SymbolKind:
    if is_fact:
        return types.SymbolKind.Property
    if isinstance(value, list):
        return types.SymbolKind.Array
    return types.SymbolKind.Object if isinstance(value, dict) else types.SymbolKind.Field
