"""Walks over a sheet: every fact with its path and provenance, every citation with its path."""

from __future__ import annotations

import typing
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from factsheet.facts.fact import Fact
from factsheet.facts.ranges import Range
from factsheet.facts.section import CitingRecord, Provenance, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from factsheet.facts.section import Source
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath


Citation: TypeAlias = "tuple[KeyPath, tuple[str, ...]]"
"""A place that names references by id, with the ids."""


class Placed(NamedTuple):
    """A fact with its place and with what it inherits.

    Attributes:
        source: how it came about, as it says itself, else its system, its section or the sheet; `None` where none does.
        evidence: reference ids, inherited together with `source`.
    """

    path: KeyPath
    fact: Fact
    source: Source | None
    evidence: tuple[str, ...]


class _Inherited(NamedTuple):
    source: Source | None
    evidence: tuple[str, ...]


def facts(sheet: SheetFields) -> Iterator[Placed]:
    """Yield every fact of the sheet, in the order of the schema."""
    yield from _facts(sheet, (), _stated(sheet.provenance, _Inherited(None, ())), {})


def _stated(provenance: Provenance | None, above: _Inherited) -> _Inherited:
    """Return what holds below a statement of provenance; where it gives no source, the one above still holds."""
    if provenance is None:
        return above
    evidence = provenance.evidence or ()
    if provenance.source is None:
        return _Inherited(above.source, evidence or above.evidence)
    return _Inherited(provenance.source, evidence)


def _facts(
    node: Record, path: KeyPath, inherited: _Inherited, systems: Mapping[str, _Inherited]
) -> Iterator[Placed]:
    fields = vars(node)
    stated = fields.get("provenance")
    if isinstance(stated, Provenance) and path:  # the whole sheet's is inherited already
        inherited = _stated(stated, inherited)
        systems = {system: _stated(stated, column) for system, column in systems.items()}
    columns = fields.get("systems")
    if type(columns) is tuple:  # a result table: its scores are a mapping from systems
        systems = {system.id: _stated(system, inherited) for system in columns}
    for key, value in fields.items():
        yield from _below(value, (*path, key), inherited, systems)


def _below(
    value: object, path: KeyPath, inherited: _Inherited, systems: Mapping[str, _Inherited]
) -> Iterator[Placed]:
    if isinstance(value, Fact):
        if value.source is not None:
            yield Placed(path, value, value.source, value.evidence)
        else:
            yield Placed(path, value, inherited.source, value.evidence or inherited.evidence)
    elif isinstance(value, Record):
        if not isinstance(value, Provenance):
            yield from _facts(value, path, inherited, systems)
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from _below(entry, (*path, index), inherited, systems)
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _below(entry, (*path, key), systems.get(key, inherited), systems)


def citations(sheet: SheetFields) -> list[Citation]:
    """Return every place that names references by id, with the ids."""
    found: list[Citation] = []
    for key, value in vars(sheet).items():
        if key != "references":  # these are what the ids name
            _cite(value, (key,), found)
    return found


def _cite(value: object, path: KeyPath, found: list[Citation]) -> None:
    if isinstance(value, Record):
        fields = vars(value)
        for key in _CITING:
            ids = fields.get(key)
            if type(ids) is tuple and (key != "source" or isinstance(value, CitingRecord)):
                found.append(((*path, key), ids))
    for part, entry in _entries(value):
        if type(entry) is Fact:
            if entry.evidence:
                found.append(((*path, part, "evidence"), entry.evidence))
        elif isinstance(entry, Record | tuple | dict):
            _cite(entry, (*path, part), found)


_CITING = ("evidence", "references", "reference", "source")


def _entries(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, Record):
        return vars(value).items()
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, tuple) else ()


def ranged(sheet: SheetFields) -> Iterator[tuple[KeyPath, Fact | int, Range]]:
    """Yield every answer whose field declares a range, with its path and the range."""
    yield from _ranged(sheet, ())


def _ranged(node: Record, path: KeyPath) -> Iterator[tuple[KeyPath, Fact | int, Range]]:
    ranges = ranges_of(type(node))
    for key, value in vars(node).items():
        if value is None or isinstance(value, str):
            continue
        within = ranges.get(key)
        if within is not None and isinstance(value, Fact | int):
            yield (*path, key), value, within
        elif isinstance(value, Record):
            yield from _ranged(value, (*path, key))
        elif isinstance(value, tuple):
            for index, entry in enumerate(value):
                if isinstance(entry, Record):
                    yield from _ranged(entry, (*path, key, index))


@cache
def ranges_of(record: type[Record]) -> dict[str, Range]:
    """Return the ranges that a model's own fields declare, by the field's name."""
    found = {name: _range_in(field.metadata, field.annotation) for name, field in record.model_fields.items()}
    return {name: within for name, within in found.items() if within is not None}


def _range_in(metadata: typing.Iterable[object], annotation: object) -> Range | None:
    """Return the range of an annotation: one of its own, or one of its kind of answer."""
    for entry in metadata:
        within = entry if isinstance(entry, Range) else getattr(entry, "within", None)
        if isinstance(within, Range):
            return within
    inner = getattr(annotation, "__metadata__", ())
    for argument in typing.get_args(annotation):
        within = _range_in(inner, argument)
        if within is not None:
            return within
    return None
