"""Pydantic's errors in the words of somebody who writes a sheet or a hardware profile.

A `SchemaWording` has what differs between the two: what the file and its keys are called, and why they matter.
"""

from __future__ import annotations

import re
import typing
from abc import ABC, abstractmethod
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel

from factsheet.facts.fact import ABSENCES
from factsheet.source.document import dotted
from factsheet.source.scalars import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic.fields import FieldInfo
    from pydantic_core import ValidationError

    from factsheet.source.document import KeyPath

_MAX_LISTED = 12
_MOST_MEANT = 100
"""Unknown keys for which those like them are looked for: more are not somebody's slips, and each takes milliseconds."""
_WIDEST = 60
"""Characters of a value that a message repeats: one line of a terminal."""


class Misfit(NamedTuple):
    """A place where data does not fit the schema.

    Attributes:
        code: slug out of a closed set: `unknown-key`, `missing-key`, `wrong-answer`, `wrong-shape`.
        path: where; the parent for a missing key.
        on_key: whether the key is at fault and not its value.
        rename: what the key is to be called, where it is the same word in another spelling.
    """

    code: str
    path: KeyPath
    on_key: bool
    message: str
    why: str
    help: str
    rename: str | None = None


class SchemaWording(ABC):
    """The words for one kind of file.

    Attributes:
        root: the model of the whole file.
        noun: the whole file, with its article: `the sheet`.
        key_noun: a key, with its article: `a field`.
        unknown_why: why an unknown key matters.
        documentation: where the form of a value is described.
        answer_code: the slug for a value of the right form that is refused all the same.
    """

    root: type[BaseModel]
    noun: str
    key_noun: str
    unknown_why: str
    documentation: str
    answer_code = "wrong-answer"

    @abstractmethod
    def why_missing(self, path: KeyPath, record: type[BaseModel] | None) -> str:
        """Return why a missing key is needed; `record` is the model that requires it."""

    @abstractmethod
    def example(self, path: KeyPath, record: type[BaseModel] | None) -> str:
        """Return what a missing key could hold, as YAML."""

    @abstractmethod
    def why_form(self, path: KeyPath) -> str:
        """Return why the form of the value at a path matters."""

    @abstractmethod
    def mapping_help(self, path: KeyPath) -> str:
        """Return how to write the mapping that is expected at a path."""

    def long_form(self, annotation: object) -> type[BaseModel] | None:
        """Return the model of the mapping that a value of this type can be written as; `None` if there is none."""
        return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None

    @abstractmethod
    def free_keys(self, record: type[BaseModel]) -> bool:
        """Return whether a key that this model does not have may be a free key of the mapping above it."""

    def spelling(self, key: str) -> str | None:  # noqa: ARG002  few kinds of file have any
        """Return the key that an unknown one is another spelling of."""
        return None

    def other_words(self, key: str) -> tuple[str, ...]:  # noqa: ARG002  as above
        """Return what an unknown key is called in this kind of file: names of fields, and paths with `[*]` for rows."""
        return ()

    def homes(self, key: str) -> list[str]:
        """Return the sections that have a field of this name."""
        homes = []
        for section, field in self.root.model_fields.items():
            record = self.record_in(field.annotation)
            if record is not None and key in record.model_fields:
                homes.append(section)
        return homes

    def known_keys(self, path: KeyPath) -> list[str]:
        """Return the keys that the schema knows at a path; none where it has a mapping of free keys."""
        record = self.record_at(path)
        return list(record.model_fields) if record else []

    def record_at(self, path: KeyPath) -> type[BaseModel] | None:
        """Return the model at a path; `None` where there is a plain value, or nothing that the schema knows."""
        record: type[BaseModel] | None = self.root
        for part in path:
            if isinstance(part, int):
                continue
            if record is None:
                return None
            field = record.model_fields.get(part)
            if field is not None:
                record = self.record_in(field.annotation)
            elif not self.free_keys(record):
                return None
        return record

    def record_in(self, annotation: object) -> type[BaseModel] | None:
        """Return the first model that an annotation names."""
        found = self.long_form(annotation)
        if found is not None:
            return found
        for argument in typing.get_args(annotation):
            found = self.record_in(argument)
            if found is not None:
                return found
        return None

    def field_at(self, path: KeyPath) -> FieldInfo | None:
        """Return the declaration of the field at a path."""
        record = self.record_at(path[:-1])
        return record.model_fields.get(str(path[-1])) if record is not None and path else None


def misfits(error: ValidationError, data: object, wording: SchemaWording) -> tuple[Misfit, ...]:
    """Return one misfit for each of pydantic's errors, in their order, none twice."""
    details = _details(error)
    unknown = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
    meant = {_meant(loc, wording) for loc in unknown[:_MOST_MEANT]}
    beyond = set(unknown[_MOST_MEANT:])
    found: dict[tuple[KeyPath, str], Misfit] = {}
    for detail in details:
        if detail["type"] == "missing" and detail["loc"] in meant:
            continue  # it is there, misspelt, and reported as such
        if detail["type"] == "too_short" and any(
            _is_inside(other["loc"], detail["loc"]) for other in details
        ):
            continue  # it is too short only because what is in it was refused
        misfit = (
            _unknown(detail["loc"], wording, alike=False)
            if detail["loc"] in beyond
            else _misfit(detail, data, wording)
        )
        found.setdefault((misfit.path, misfit.message), misfit)
    return tuple(found.values())


def without(data: object, error: ValidationError, *, within_lists: bool = False) -> object:
    """Return a copy of the data that lacks the keys at fault.

    Args:
        data: what does not fit.
        error: what does not.
        within_lists: whether only an entry of a list, or a key of it, is left out. By default it takes the whole list
            with it: indices of what is left would no longer lead to its text.
    """
    paths = []
    for detail in _details(error):
        path = _resolve(detail["loc"], data)
        index = next((position for position, part in enumerate(path) if isinstance(part, int)), len(path))
        if index:
            paths.append(path if within_lists else path[:index])
    return _removed(data, paths)


def _removed(data: object, paths: list[KeyPath]) -> object:
    """Return the data without what is at the paths, in one pass."""
    if not isinstance(data, dict | list | tuple) or not paths:
        return data
    below: dict[str | int, list[KeyPath]] = {}
    for path in paths:
        below.setdefault(path[0], []).append(path[1:])
    if not isinstance(data, dict):
        kept = (index for index in range(len(data)) if () not in below.get(index, ()))
        return [_removed(data[index], below.get(index, [])) for index in kept]
    return {
        key: _removed(value, below.get(key, []))
        for key, value in data.items()
        if () not in below.get(key, ())
    }


def _details(error: ValidationError) -> list[dict[str, Any]]:
    details: list[Any] = error.errors(include_url=False)
    return details


def _is_inside(loc: KeyPath, outer: KeyPath) -> bool:
    return len(loc) > len(outer) and loc[: len(outer)] == outer


def _meant(loc: KeyPath, wording: SchemaWording) -> KeyPath | None:
    """Return the path of the known key that an unknown one is meant for; `None` where there is none like it."""
    key, known = str(loc[-1]), wording.known_keys(loc[:-1])
    here = dotted(loc[:-1])
    names = [wording.spelling(key), *(_name_in(here, word) for word in wording.other_words(key))]
    meant = next((name for name in names if name in known), None)
    if meant is None and len(_containing(key, known)) > 1:
        return None
    close = [meant] if meant is not None else get_close_matches(key, known, 1, 0.6)
    return (*loc[:-1], close[0]) if close else None


def _containing(key: str, known: Sequence[str]) -> list[str]:
    """Return the known keys that have a key among their words, where one is like it: several have `transformer`."""
    return (
        [name for name in known if f"_{key}_" in f"_{name}_"] if get_close_matches(key, known, 1, 0.6) else []
    )


def _name_in(place: str, path: str) -> str | None:
    """Return the name of the field at a path, if it is one of the record at a place; a bare name is of any record."""
    above, _, name = path.rpartition(".")
    return name if not above or above == re.sub(r"\[\d+\]", "[*]", place) else None


def _misfit(detail: dict[str, Any], data: object, wording: SchemaWording) -> Misfit:
    loc: KeyPath = tuple(part for part in detail["loc"] if part != "[key]")
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown(loc, wording)
    if kind == "missing":
        return _missing(loc, wording)
    context = detail.get("ctx", {})
    if kind == "answer":
        below = context.get("below")
        path = (*loc, below) if below else loc
        return Misfit(
            wording.answer_code,
            path,
            on_key=False,
            message=context["message"],
            why=context["why"],
            help=context["help"],
        )
    path = _resolve(loc, data)
    message, help_ = _plain_words(detail, path, wording)
    on_key = detail["loc"][-1:] == ("[key]",)
    return Misfit("wrong-shape", path, on_key, message, why=wording.why_form(path), help=help_)


def _unknown(loc: KeyPath, wording: SchemaWording, *, alike: bool = True) -> Misfit:
    key, known = str(loc[-1]), wording.known_keys(loc[:-1])
    # Not another spelling of a key that happens to be alike.
    declined = key in ABSENCES and bool(known)
    meant = _meant(loc, wording) if alike and not declined else None
    homes = wording.homes(key)
    elsewhere = [
        path.replace("[*]", "[…]") for path in wording.other_words(key) if "." in path or not loc[1:]
    ]
    spelling = wording.spelling(key)
    if declined:
        help_ = f"only single facts can say so: write `{{{key}: why}}` for each field instead of the whole"
    elif meant is not None:
        help_ = f"did you mean `{meant[-1]}`?"
    elif alike and len(several := _containing(key, known)) > 1:
        help_ = f"did you mean {', '.join(f'`{name}`' for name in several[:-1])} or `{several[-1]}`?"
    elif elsewhere:
        help_ = f"a sheet states this as {' or '.join(f'`{path}`' for path in elsewhere[:3])}"
    elif " " in key:
        help_ = "if this is the rest of a sentence: inside `{…}` a comma ends a value, so put the sentence in quotes"
    elif homes:
        help_ = f"`{key}` is {wording.key_noun} of {' and of '.join(f'`{home}`' for home in homes[:3])}; move it there"
    elif known:
        listed = ", ".join(f"`{name}`" for name in known[:_MAX_LISTED])
        help_ = f"known here are {listed}{', …' if len(known) > _MAX_LISTED else ''}"
    else:
        help_ = "remove it"
    message = f"`{_shortened(key)}` is not {wording.key_noun} of {_place(loc[:-1], wording)}"
    return Misfit(
        "unknown-key",
        loc,
        on_key=True,
        message=message,
        why=wording.unknown_why,
        help=help_,
        rename=spelling if meant is not None and meant[-1] == spelling else None,
    )


def _missing(loc: KeyPath, wording: SchemaWording) -> Misfit:
    key, parent = str(loc[-1]), loc[:-1]
    record = wording.record_at(parent)
    return Misfit(
        "missing-key",
        parent,
        on_key=True,
        message=f"{_place(parent, wording)} has no `{key}`",
        why=wording.why_missing(loc, record),
        help=f"add `{key}: {wording.example(loc, record)}`",
    )


def _plain_words(detail: dict[str, Any], path: KeyPath, wording: SchemaWording) -> tuple[str, str]:
    """Say what is wrong and how to fix it, for the errors that pydantic words itself."""
    kind, context, shown = detail["type"], detail.get("ctx", {}), _shown(detail.get("input"))
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        return f"expected a mapping of keys, found {shown}", wording.mapping_help(path)
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
        least = context.get("min_length", 1)
        if least == 1:
            return "expected at least one entry or character, found none", "answer it or remove the key"
        return f"expected at least {least} entries or characters, found fewer", "add what is missing"
    if kind in {"string_too_long", "too_long"}:
        return "too long", f"keep it to {context.get('max_length', 'fewer')} at most"
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return f"{shown} is out of range", f"write a number of {bound}"
    expected, help_ = {
        "int_type": ("a whole number", "write the number alone, for example `32`"),
        "bool_type": ("true or false", "write `true` or `false`"),
        "string_type": ("text", "quote it if YAML reads it as something else"),
    }.get(kind, ("", ""))
    if expected:
        return f"expected {expected}, found {shown}", help_
    return f"{shown} does not fit here", f"see {wording.documentation}"


def _shown(given: object) -> str:
    if given is None:
        return "nothing"
    if isinstance(given, BaseModel | dict):
        return "a mapping"
    if isinstance(given, list | tuple):
        return "a list"
    return f"`{_shortened(written(given))}`"


def _shortened(text: str) -> str:
    return f"{text[: _WIDEST - 3]}…" if len(text) > _WIDEST else text


def _place(path: KeyPath, wording: SchemaWording) -> str:
    return f"`{dotted(path)}`" if path else wording.noun


def _resolve(loc: KeyPath, data: object) -> KeyPath:
    """Return the part of a pydantic location that exists in the data; members of unions do not."""
    path: list[str | int] = []
    for part in loc:
        if _has(data, part):
            data = data[part]  # type: ignore[index]  # _has has looked
            path.append(part)
    return tuple(path)


def _has(data: object, part: str | int) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list | tuple) and isinstance(part, int) and part < len(data)
