"""Every field of a sheet with what its author has to know: question, example, form, limits, who asks, who knows."""

from __future__ import annotations

import re
import typing
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from factsheet.facts.fact import Fact
from factsheet.facts.kind import Kind
from factsheet.facts.kinds import Choice, Day, Flag, Items, Line, Link, Measure, Prose, Whole, Wholes
from factsheet.facts.language_kinds import LanguageTag
from factsheet.facts.plain_kinds import Address, Batch, Calendar, Ids, SchemaVersion, Sides
from factsheet.facts.section import Record, Section
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.readers.audience import STUDY
from factsheet.readers.parts import covers
from factsheet.sheet.labels import label, title_of
from factsheet.sheet.model import SheetFields
from factsheet.source.dumping import dump_flow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from factsheet.readers.audience import Audience
    from factsheet.readers.roles import RoleName

_DEEPEST = 5
"""Levels that are gone down: a record inside itself would have no end."""
_ASIDES = frozenset({"provenance", "notes"})
"""Keys that every section has; they are listed once, for the sheet as a whole."""
_PLAIN_FORMS: dict[type[Kind], str] = {
    Line: "one line of text",
    Prose: "text, in Markdown",
    Items: "a list of texts, or one text",
    Flag: "true or false",
    Day: "a date, such as `2022-11-14`",
    Link: "an address: https://…",
    LanguageTag: "the tag of a language, such as `zh-Hant`",
    Ids: "ids of references, one or a list",
    Address: "an address: https://…",
    Calendar: "a date, such as `2022-11-14`",
    SchemaVersion: "the version of the schema: 1",
    Batch: "a whole number, or `not stated`",
}


class FieldEntry(NamedTuple):
    """A field of a sheet.

    Attributes:
        path: where it is; `[*]` stands for each row of a list.
        title: what pages call it.
        meaning: what it holds, one sentence.
        question: the question that it answers.
        example: a value, as plain data.
        form: how an answer is written, with the units that are known.
        limits: what is possible, with the reason; empty where the form says it all.
        required: whether the record that has it cannot do without.
        is_fact: whether it can carry provenance, or the reason why there is no value.
        asked_by: the roles that need it: of the core of a need, then of what belongs to one.
        supplied_by: the role that is likely to know.
        dimensions: what its values can be measured in; empty for what is no quantity.
    """

    path: str
    title: str
    meaning: str
    question: str
    example: Any
    form: str
    limits: str
    required: bool
    is_fact: bool
    asked_by: tuple[tuple[RoleName, str, bool], ...]
    supplied_by: str
    dimensions: tuple[str, ...] = ()

    @property
    def example_line(self) -> str:
        """The key with the example, as a sheet has it on one line."""
        return f"{self.path.rpartition('.')[2]}: {dump_flow(self.example).strip()}"


def catalogue(model: type[SheetFields] = SheetFields) -> tuple[FieldEntry, ...]:
    """Return every field of a sheet, in the order of the schema, sections and rows before what is in them.

    Args:
        model: the model of the sheet: another for each template.
    """
    return _catalogue(model if hasattr(model, "made_from") else SheetFields)


@cache
def _catalogue(model: type[SheetFields]) -> tuple[FieldEntry, ...]:
    entries = tuple(_below(model, "", model.audience))
    asked = Counter(entry.question for entry in entries)
    return tuple(
        entry
        if asked[entry.question] == 1 or "." not in entry.path
        else entry._replace(question=f"{_place(entry.path)}: {entry.question}")
        for entry in entries
    )


def _place(path: str) -> str:
    """Return what a field belongs to, in words: rows of one form are in several places, with the same questions."""
    above = path.replace("[*]", "").split(".")[:-1]
    first, *rest = map(label, above)
    return ", ".join((first, *(part[:1].lower() + part[1:] for part in rest)))


def entries_at(path: str, model: type[SheetFields] = SheetFields) -> tuple[FieldEntry, ...]:
    """Return a field and all below it; every field for an empty path. Numbers of rows do not matter."""
    asked = re.sub(r"\[(\d*|\*|…)\]", "", path)
    return tuple(
        entry for entry in catalogue(model) if not asked or covers(asked, entry.path.replace("[*]", ""))
    )


def has_field(model: type[SheetFields], path: str) -> bool:
    """Return whether sheets of a template can state what is at a path; numbers of rows do not matter.

    What can be worked out for a field that they do not have is about other hardware.
    """
    return model.audience is STUDY or bool(entries_at(path, model))


def _below(record: type[Record], above: str, audience: Audience) -> Iterator[FieldEntry]:
    for name, field in record.model_fields.items():
        if name in _ASIDES and above and issubclass(record, Section):
            continue
        path = f"{above}.{name}" if above else name
        yield _entry(path, name, field, audience)
        inner, rows = _record_in(field.annotation)
        if inner is not None and path.count(".") < _DEEPEST - 1:
            yield from _below(inner, f"{path}[*]" if rows else path, audience)


def _record_in(annotation: object) -> tuple[type[Record] | None, bool]:
    """Return the record that a field holds, and whether it holds a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation, False
    rows = typing.get_origin(annotation) is tuple
    for argument in typing.get_args(annotation):
        found, deeper = _record_in(argument)
        if found is not None:
            return found, rows or deeper
    return None, False


def _entry(path: str, name: str, field: FieldInfo, audience: Audience) -> FieldEntry:
    kinds = [*_kinds(field.metadata), *_kinds_of(field.annotation)]
    extra = field.json_schema_extra
    question = extra.get("x-question") if isinstance(extra, dict) else ""
    return FieldEntry(
        path=path,
        title=title_of(name, field),
        meaning=field.description or "",
        question=str(question or ""),
        example=field.examples[0] if field.examples else None,
        form=" or ".join(dict.fromkeys(form for kind in kinds if (form := _form(kind)))) or _other(field),
        limits="; ".join(dict.fromkeys(limit for kind in kinds if (limit := _limits(kind)))),
        required=field.is_required(),
        is_fact=_has_fact(field.annotation),
        asked_by=_askers(path, audience),
        supplied_by=audience.supplier(None, path.replace("[*]", "")),
        dimensions=tuple(name for kind in kinds if isinstance(kind, Measure) for name in kind.dimensions),
    )


def _kinds(metadata: list[Any] | tuple[Any, ...]) -> Iterator[Kind]:
    yield from (each for each in metadata if isinstance(each, Kind))


def _kinds_of(annotation: object) -> Iterator[Kind]:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return
    if typing.get_origin(annotation) is Annotated:
        yield from _kinds(getattr(annotation, "__metadata__", ()))
    for argument in typing.get_args(annotation):
        yield from _kinds_of(argument)


def _has_fact(annotation: object) -> bool:
    return annotation is Fact or any(map(_has_fact, typing.get_args(annotation)))


def _form(kind: Kind) -> str:
    if isinstance(kind, Measure):
        return " or ".join(
            f"{DIMENSIONS[name].title}, such as `{DIMENSIONS[name].example}`" for name in kind.dimensions
        )
    if isinstance(kind, Choice):
        return f"one of {', '.join(f'`{option}`' for option in kind.options)}"
    if isinstance(kind, Whole):
        return "a whole number"
    if isinstance(kind, Wholes):
        return f"whole numbers, at most {kind.longest}"
    if isinstance(kind, Sides):
        return "a whole number, or two as height x width"
    return _PLAIN_FORMS.get(type(kind), "")


def _limits(kind: Kind) -> str:
    within = getattr(kind, "within", None)
    if within is None:
        return ""
    dimension = kind.dimensions[0] if isinstance(kind, Measure) else "count"
    limits: str = within.limits(dimension)
    return f"{limits}, because {within.reason}" if limits else ""


def _other(field: FieldInfo) -> str:
    """Return the form of a field that is no kind of answer: a mapping, a list of rows, a word, text."""
    record, rows = _record_in(field.annotation)
    if record is not None:
        return "a list of mappings" if rows else "a mapping"
    words = tuple(_words(field.annotation))
    if words:
        return f"one of {', '.join(f'`{word}`' for word in words)}"
    if bool in _leaves(field.annotation):
        return "true or false"
    return "a whole number" if int in _leaves(field.annotation) else "text"


def _words(annotation: object) -> Iterator[str]:
    if typing.get_origin(annotation) is Literal:
        yield from map(str, typing.get_args(annotation))
        return
    for argument in typing.get_args(annotation):
        yield from _words(argument)


def _leaves(annotation: object) -> set[object]:
    arguments = typing.get_args(annotation)
    return set().union(*map(_leaves, arguments)) if arguments else {annotation}


def _askers(path: str, audience: Audience) -> tuple[tuple[RoleName, str, bool], ...]:
    """Return the roles that need a field, each with the need's title and whether the field is of its core."""
    found: list[tuple[RoleName, str, bool]] = []
    for role in audience.role_names:
        needs = [asked.need for asked in audience.needs_of(role)]
        core = next((need.title for need in needs if any(covers(field, path) for field in need.core)), None)
        more = next((need.title for need in needs if any(covers(field, path) for field in need.more)), None)
        if core is not None or more is not None:
            found.append((role, core or more or "", core is not None))
    return tuple(sorted(found, key=lambda asker: not asker[2]))
