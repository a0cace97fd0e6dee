"""Render the ranges of the sheet's fields, each with its reason and source, as a page.

`python -m factsheet.checks.range_page docs/ranges.md` writes it anew.
"""

from __future__ import annotations

import typing
from pathlib import Path

from factsheet.facts.kind import Kind
from factsheet.facts.kinds import Measure, Whole
from factsheet.facts.ranges import Range, Usual, shown
from factsheet.facts.section import Provenance, Record
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.sheet.model import SheetFields
from factsheet.sheet.walk import ranges_of
from factsheet.source.writing import write_atomic

_HEAD = """# Ranges

What each figure of a sheet can be, and what it usually is. A value that is impossible is refused where it is read
(FS150); one that is only far from what is usual is kept, and [FS250](rules/FS250.md) says so. Usual ranges are drawn
wide, from the extremes that were published, so that a slip of the unit, the exponent or the digits falls outside and a
record does not. Whole numbers without an entry here are at least 1, or at least 0 where nothing can be counted.

This page is made of the declarations in `factsheet/sheet/ranges/`:
`python -m factsheet.checks.range_page docs/ranges.md`.
"""


class RangedField(typing.NamedTuple):
    """A field with its range, and the dimensions that its value can have."""

    path: str
    within: Range
    dimensions: tuple[str, ...]


def ranged_fields() -> list[RangedField]:
    """Return every field of a sheet that declares a range, in the order of the schema."""
    return list(_fields(SheetFields, "", frozenset()))


def _fields(record: type[Record], above: str, seen: frozenset[type[Record]]) -> typing.Iterator[RangedField]:
    ranges = ranges_of(record)
    for name, field in record.model_fields.items():
        path = f"{above}.{name}" if above else name
        if name in ranges:
            yield RangedField(path, ranges[name], _dimensions(field.metadata, field.annotation) or ("count",))
            continue
        for inner in _records(field.annotation):
            if inner not in seen and not issubclass(inner, Provenance):
                rows = "[*]" if "tuple" in str(field.annotation).lower() else ""
                yield from _fields(inner, path + rows, seen | {inner})


def _dimensions(metadata: typing.Iterable[object], annotation: object) -> tuple[str, ...]:
    for entry in metadata:
        if isinstance(entry, Measure):
            return entry.dimensions
        if isinstance(entry, Whole):
            return ("count",)
    inner = getattr(annotation, "__metadata__", ())
    for argument in typing.get_args(annotation):
        found = _dimensions(inner, argument)
        if found:
            return found
    return ()


def _records(annotation: object) -> typing.Iterator[type[Record]]:
    if isinstance(annotation, Kind):
        return
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _records(argument)


def page() -> str:
    """Return the page: one table a section of the sheet."""
    sections: dict[str, list[str]] = {}
    for field in ranged_fields():
        section, _, path = field.path.partition(".")
        sections.setdefault(section, []).append(_row(path, field))
    blocks = [_HEAD]
    for section, rows in sections.items():
        head = "| field | possible | because | usual | known from |\n|---|---|---|---|---|"
        blocks.append(f"## `{section.removesuffix('[*]')}`\n\n{head}\n" + "\n".join(rows) + "\n")
    return "\n".join(blocks)


def _row(path: str, field: RangedField) -> str:
    first = field.dimensions[0]
    usual = "<br>".join(_usual_words(usual, first) for usual in field.within.usual) or "anything"
    source = "<br>".join(usual.source for usual in field.within.usual)
    whole = ", whole" if field.within.whole else ""
    possible = f"{field.within.limits(first)}{whole}" or "anything"
    return f"| `{path}` | {possible} | {field.within.reason} | {usual} | {source} |"


def _usual_words(usual: Usual, first: str) -> str:
    dimension = usual.dimension or first
    low, high = shown(usual.low, dimension), shown(usual.high, dimension)
    words = f"up to {high}" if usual.low == 0 else f"{low} to {high}"
    if usual.relative_to:
        to = ", ".join(f"`{name}`" if name else "nothing stated" for name in usual.relative_to)
        return f"{words}, relative to {to}"
    if usual.dimension:
        return f"{words}, as {DIMENSIONS[usual.dimension].title}"
    return words


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(description="Write the page of the ranges.")
    parser.add_argument("file", type=Path, help="docs/ranges.md")
    write_atomic(parser.parse_args().file, page())
