"""Pydantic's errors in the words of somebody who writes a sheet."""

from __future__ import annotations

import typing
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from factsheet.facts.entry import Entry
from factsheet.facts.fact import Fact
from factsheet.facts.section import Record
from factsheet.sheet.load import Misfit
from factsheet.sheet.model import FactSheet
from factsheet.source.document import dotted
from factsheet.source.scalars import written

if TYPE_CHECKING:
    from pydantic_core import ValidationError

    from factsheet.source.document import KeyPath

_MAX_LISTED = 12


def misfits(error: ValidationError, data: object) -> tuple[Misfit, ...]:
    """One misfit for each of pydantic's errors, in their order, none twice."""
    details = _details(error)
    meant = {_meant(detail["loc"]) for detail in details if detail["type"] == "extra_forbidden"}
    seen: dict[tuple[KeyPath, str], Misfit] = {}
    for detail in details:
        if detail["type"] == "missing" and detail["loc"] in meant:
            continue  # it is there, misspelt, and reported as such
        if detail["type"] == "too_short" and any(
            _is_inside(other["loc"], detail["loc"]) for other in details
        ):
            continue  # it is too short only because what is in it was refused
        misfit = _misfit(detail, data)
        seen.setdefault((misfit.path, misfit.message), misfit)
    return tuple(seen.values())


def _is_inside(loc: KeyPath, outer: KeyPath) -> bool:
    return len(loc) > len(outer) and loc[: len(outer)] == outer


def _meant(loc: KeyPath) -> KeyPath | None:
    """The known key that a misspelt one stands for, as a path; `None` where none is close."""
    close = get_close_matches(str(loc[-1]), known_keys(loc[:-1]), 1, 0.6)
    return (*loc[:-1], close[0]) if close else None


def without(data: object, error: ValidationError) -> object:
    """A copy of the data that lacks the keys at fault.

    An entry of a list takes the whole list with it: indices of what is left would no longer lead to its text.
    """
    for detail in _details(error):
        path = _resolve(detail["loc"], data)
        while path and isinstance(path[-1], int):
            path = path[:-1]
        for position, part in enumerate(path):
            if isinstance(part, int):
                path = path[:position]
                break
        if path:
            data = _removed(data, path)
    return data


def _removed(data: object, path: KeyPath) -> object:
    if not isinstance(data, dict):
        return data
    first, rest = path[0], path[1:]
    if not rest:
        return {key: value for key, value in data.items() if key != first}
    return {key: _removed(value, rest) if key == first else value for key, value in data.items()}


def _details(error: ValidationError) -> list[dict[str, Any]]:
    details: list[Any] = error.errors(include_url=False)
    return details


def _misfit(detail: dict[str, Any], data: object) -> Misfit:
    loc: KeyPath = tuple(part for part in detail["loc"] if part != "[key]")
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown(loc)
    if kind == "missing":
        return _missing(loc)
    context = detail.get("ctx", {})
    if kind == "answer":
        below = context.get("below")
        path = (*loc, below) if below else loc
        return Misfit(
            "wrong-answer",
            path,
            on_key=False,
            message=context["message"],
            why=context["why"],
            help=context["help"],
        )
    path = _resolve(loc, data)
    message, help_ = _plain_words(kind, context, detail.get("input"))
    on_key = detail["loc"][-1:] == ("[key]",)
    return Misfit("wrong-shape", path, on_key=on_key, message=message, why=_purpose(path), help=help_)


def _unknown(loc: KeyPath) -> Misfit:
    key = str(loc[-1])
    known = known_keys(loc[:-1])
    meant = _meant(loc)
    elsewhere = [".".join(map(str, place)) for place in _homes(key)]
    if meant is not None:
        help_ = f"did you mean `{meant[-1]}`?"
    elif " " in key:
        help_ = "if this is the rest of a sentence: inside `{…}` a comma ends a value, so put the sentence in quotes"
    elif elsewhere:
        help_ = (
            f"`{key}` is a field of {' and of '.join(f'`{place}`' for place in elsewhere[:3])}; move it there"
        )
    elif len(known) > _MAX_LISTED:
        help_ = f"known here are {', '.join(f'`{name}`' for name in known[:_MAX_LISTED])}, …"
    else:
        help_ = f"known here are {', '.join(f'`{name}`' for name in known)}"
    return Misfit(
        "unknown-key",
        loc,
        on_key=True,
        message=f"`{key}` is not a field of {_place(loc[:-1])}",
        why="a misspelt key would be a fact that nobody reads",
        help=help_,
    )


def _missing(loc: KeyPath) -> Misfit:
    key, parent = str(loc[-1]), loc[:-1]
    record = _record_at(parent)
    field = record.model_fields.get(key) if record else None
    extra = field.json_schema_extra if field is not None else None
    question = extra.get("x-question") if isinstance(extra, dict) else None
    example = field.examples[0] if field is not None and field.examples else "…"
    return Misfit(
        "missing-key",
        parent,
        on_key=True,
        message=f"{_place(parent)} has no `{key}`",
        why=f"readers ask: {question}" if question else "the schema requires it",
        help=f"add `{key}: {_as_yaml(example)}`",
    )


def _as_yaml(example: object) -> str:
    if isinstance(example, dict):
        return "{" + ", ".join(f"{key}: {_as_yaml(value)}" for key, value in example.items()) + "}"
    if isinstance(example, list):
        return "[" + ", ".join(_as_yaml(value) for value in example) + "]"
    return str(example).lower() if isinstance(example, bool) else str(example)


def _plain_words(kind: str, context: dict[str, Any], given: object) -> tuple[str, str]:
    """What is wrong and how to mend it, for the errors that pydantic words itself."""
    shown = _shown(given)
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        return f"expected a mapping of keys, found {shown}", "indent its keys below it"
    if kind in {"tuple_type", "list_type"}:
        return f"expected a list, found {shown}", "begin each entry with `- `"
    if kind == "literal_error":
        return f"{shown} is not one of the words that this field knows", f"write {context['expected']}"
    if kind.startswith("string_pattern"):
        return (
            f"{shown} does not have the form that is expected here",
            f"it has to match {context['pattern']}",
        )
    if kind in {"string_too_short", "too_short"}:
        return "expected at least one entry or character, found none", "answer it or remove the key"
    if kind in {"string_too_long", "too_long"}:
        return "too long", f"keep it to {context.get('max_length', 'fewer')} at most"
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return f"{shown} is out of range", f"write a number of {bound}"
    if kind == "int_type":
        return f"expected a whole number, found {shown}", "write the number alone, for example `32`"
    if kind == "string_type":
        return f"expected text, found {shown}", "quote it if YAML reads it as something else"
    return f"{shown} does not fit here", "see the field's description: `factsheet schema`"


def _shown(given: object) -> str:
    if given is None:
        return "nothing"
    if isinstance(given, dict):
        return "a mapping"
    if isinstance(given, list):
        return "a list"
    text = str(given).lower() if isinstance(given, bool) else written(given)
    return f"`{text[:57]}…`" if len(text) > 60 else f"`{text}`"  # noqa: PLR2004  one line of a terminal


def _place(path: KeyPath) -> str:
    if not path:
        return "the sheet"
    return f"`{dotted(path)}`"


def _purpose(path: KeyPath) -> str:
    """The question that a field answers, as the reason for asking it to be right."""
    for end in range(len(path), 0, -1):
        record = _record_at(path[: end - 1])
        field = record.model_fields.get(str(path[end - 1])) if record else None
        if field is not None and isinstance(field.json_schema_extra, dict):
            return f"this field answers: {field.json_schema_extra['x-question']}"
    return "readers and checks rely on its form"


def _resolve(loc: KeyPath, data: object) -> KeyPath:
    """The part of a pydantic location that exists in the data (union members do not)."""
    path: list[str | int] = []
    for part in loc:
        if _has(data, part):
            data = data[part]  # type: ignore[index]  # _has has looked
            path.append(part)
    return tuple(path)


def _has(data: object, part: str | int) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)


def known_keys(path: KeyPath) -> list[str]:
    """The keys that the schema knows at a path; none where it has a mapping of free keys."""
    record = _record_at(path)
    return list(record.model_fields) if record else []


def _record_at(path: KeyPath) -> type[Record] | None:
    record: type[Record] | None = FactSheet
    for part in path:
        if isinstance(part, int):
            continue
        if record is None:
            return None
        field = record.model_fields.get(part)
        if field is not None:
            record = _record_in(field.annotation)
        elif record is not Entry:  # the free key of a mapping of facts, such as `scores`, leads to a fact
            return None
    return record


def _record_in(annotation: object) -> type[Record] | None:
    if annotation is Fact:
        return Entry
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    for argument in typing.get_args(annotation):
        found = _record_in(argument)
        if found is not None:
            return found
    return None


def _homes(key: str) -> list[KeyPath]:
    """Sections that have a field of this name."""
    homes: list[KeyPath] = []
    for section, field in FactSheet.model_fields.items():
        record = _record_in(field.annotation)
        if record is not None and key in record.model_fields:
            homes.append((section,))
    return homes
