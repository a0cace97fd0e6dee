"""What can be written at a place of a sheet, by its model: keys, words, ids, quantities."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from factsheet.authoring.field_catalogue import catalogue
from factsheet.facts.fact import Entry, Fact
from factsheet.facts.kind import Kind
from factsheet.facts.kinds import Choice, Flag, Measure
from factsheet.facts.plain_kinds import Ids
from factsheet.facts.section import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic.fields import FieldInfo

    from factsheet.authoring.field_catalogue import FieldEntry
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_ROWS = (tuple, list)


@dataclass(frozen=True)
class Accepted:
    """What a value may be.

    Attributes:
        record: the mapping that it may be.
        items: what each item of a list may be.
        values: what each value of a table may be, whose keys are the sheet's own.
        words: the words that it may be.
        dimensions: what it may be measured in.
        ids: whether it names references, or other ids of the sheet.
        is_fact: whether it may carry provenance, or the reason why there is no value.
    """

    record: type[Record] | None = None
    items: Accepted | None = None
    values: Accepted | None = None
    words: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    ids: bool = False
    is_fact: bool = False

    def joined(self, other: Accepted) -> Accepted:
        """Return what either accepts."""
        return Accepted(
            record=self.record or other.record,
            items=self.items or other.items,
            values=self.values or other.values,
            words=tuple(dict.fromkeys((*self.words, *other.words))),
            dimensions=tuple(dict.fromkeys((*self.dimensions, *other.dimensions))),
            ids=self.ids or other.ids,
            is_fact=self.is_fact or other.is_fact,
        )


NOTHING = Accepted()


@dataclass(frozen=True)
class PlaceInModel:
    """A place of a sheet, as its model has it.

    Attributes:
        accepted: what may be written there.
        info: the field's declaration; `None` for the sheet itself and for what has no field.
        path: the path of the innermost field, without what is below a fact: `parameters.power` for its `source` too.
        in_fact: whether it is within the mapping of a fact.
    """

    accepted: Accepted
    info: FieldInfo | None = None
    path: KeyPath = ()
    in_fact: bool = field(default=False)


def place_in_model(model: type[SheetFields], path: KeyPath) -> PlaceInModel | None:
    """Return what the model has at a path; `None` where it has nothing."""
    place = PlaceInModel(Accepted(record=model))
    for depth, part in enumerate(path):
        below = _below(place, part, path[: depth + 1])
        if below is None:
            return None
        place = below
    return place


def _below(place: PlaceInModel, part: str | int, path: KeyPath) -> PlaceInModel | None:
    accepted = place.accepted
    if isinstance(part, int):
        return None if accepted.items is None else replace(place, accepted=accepted.items)
    own = fields_of(accepted.record)
    if part in own:
        info = own[part]
        return PlaceInModel(accepted_by(info), info, place.path if place.in_fact else path, place.in_fact)
    if accepted.is_fact and part in Entry.model_fields:
        info = Entry.model_fields[part]
        found = replace(accepted, is_fact=False) if part == "value" else accepted_by(info)
        return PlaceInModel(found, info, place.path, in_fact=True)
    if accepted.values is not None:
        return PlaceInModel(accepted.values, None, path, place.in_fact)
    return None


def fields_of(record: type[Record] | None) -> dict[str, FieldInfo]:
    """Return the keys of a mapping, with their declarations."""
    return {} if record is None else dict(record.model_fields)


def accepted_by(info: FieldInfo) -> Accepted:
    """Return what a field accepts."""
    return _read(info.annotation, tuple(info.metadata))


def _read(annotation: Any, metadata: Iterable[Any]) -> Accepted:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _read(arguments[0], (*arguments[1:], *metadata))
    if origin in {typing.Union, types.UnionType}:
        found = NOTHING
        for argument in arguments:
            found = found.joined(_read(argument, metadata))
        return found
    if origin is Literal:
        return Accepted(words=tuple(map(str, arguments)))
    kinds = _of_kinds(metadata)
    if origin in _ROWS:
        # What is said of a list of facts or ids is said of each of them.
        inner = _read(arguments[0], metadata) if arguments else NOTHING
        return Accepted(items=inner, ids=kinds.ids)
    if origin is not None and len(arguments) == 2:  # noqa: PLR2004  a mapping: keys and values
        return Accepted(values=_read(arguments[1], ()))
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return replace(kinds, record=annotation)
    if annotation is Fact:
        return replace(kinds, is_fact=True)
    return replace(kinds, words=("true", "false")) if annotation is bool else kinds


def _of_kinds(metadata: Iterable[Any]) -> Accepted:
    found = NOTHING
    for kind in metadata:
        if not isinstance(kind, Kind):
            continue
        found = found.joined(
            Accepted(
                words=kind.options
                if isinstance(kind, Choice)
                else ("true", "false")
                if isinstance(kind, Flag)
                else (),
                dimensions=kind.dimensions if isinstance(kind, Measure) else (),
                ids=isinstance(kind, Ids),
            )
        )
    return found


def entry_of(model: type[SheetFields], path: KeyPath) -> FieldEntry | None:
    """Return what the catalogue of fields says of a path; numbers of rows do not matter."""
    return _entries(model).get(_generic(path))


@cache
def _entries(model: type[SheetFields]) -> dict[str, FieldEntry]:
    return {entry.path: entry for entry in catalogue(model)}


def _generic(path: KeyPath) -> str:
    text = ""
    for part in path:
        text += "[*]" if isinstance(part, int) else f".{part}" if text else part
    return text
