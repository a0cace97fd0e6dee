"""Pydantic's errors in the words of somebody who writes a profile, each with its place in the file."""

from __future__ import annotations

import typing
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from factsheet.hardware.description import Description
from factsheet.hardware.quoted import ProfilePart, Quoted
from factsheet.source.document import dotted
from factsheet.source.problems import Problem
from factsheet.source.scalars import written

if TYPE_CHECKING:
    from pydantic_core import ValidationError

    from factsheet.source.document import Document, KeyPath

_FIGURE = "{value: …, unit: …, standing: …, source: …}"
_WIDEST = 60
_NO_FACT = "a misspelt key would be a figure that nothing computes with"
_NO_FORM = "figures are found by their form; what has another is not read"


def problems_of(error: ValidationError, document: Document) -> tuple[Problem, ...]:
    """One problem for each of pydantic's errors, in the order of the text."""
    details: list[Any] = error.errors(include_url=False)
    meant = {_meant(detail["loc"]) for detail in details if detail["type"] == "extra_forbidden"}
    found = [
        _problem(detail, document)
        for detail in details
        if not (detail["type"] == "missing" and detail["loc"] in meant)  # it is there, misspelt
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda problem: problem.span.start))


def _problem(detail: dict[str, Any], document: Document) -> Problem:
    loc: KeyPath = tuple(detail["loc"])
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _placed(document, loc, "unknown-key", *_unknown(loc), on_key=True)
    if kind == "missing":
        return _placed(document, loc[:-1], "missing-key", *_missing(loc), on_key=True)
    context = detail.get("ctx", {})
    if kind == "refusal":
        path = (*loc, context["below"]) if context["below"] else loc
        return _placed(document, path, "wrong-figure", context["message"], context["why"], context["help"])
    message, help_ = _plain_words(kind, context, detail.get("input"), _part_at(loc))
    return _placed(document, loc, "wrong-shape", message, _NO_FORM, help_)


def _placed(
    document: Document, path: KeyPath, code: str, message: str, why: str, help_: str, *, on_key: bool = False
) -> Problem:
    span = document.locate(path, prefer_key=on_key)
    return Problem(code=code, message=message, why=why, help=help_, span=span, path=path)


def _unknown(loc: KeyPath) -> tuple[str, str, str]:
    key, known, meant = str(loc[-1]), _known(loc[:-1]), _meant(loc)
    if meant is not None:
        help_ = f"did you mean `{meant[-1]}`?"
    elif known:
        help_ = f"known here are {', '.join(f'`{name}`' for name in known)}"
    else:
        help_ = "remove it"
    return f"`{_shortened(key)}` is not a key of {_place(loc[:-1])}", _NO_FACT, help_


def _missing(loc: KeyPath) -> tuple[str, str, str]:
    key = str(loc[-1])
    part = _part_at(loc)
    why = "nothing can be computed without it"
    if len(loc) > 1 and (above := _part_at(loc[:-1])) is not None and issubclass(above, Quoted):
        why = "a figure without number, unit, standing and source can not be relied on, nor looked up"
    shape = _FIGURE if part is not None and issubclass(part, Quoted) else "…"
    return f"{_place(loc[:-1])} has no `{key}`", why, f"add `{key}: {shape}`"


def _meant(loc: KeyPath) -> KeyPath | None:
    """The known key that a misspelt one stands for, as a path; `None` where none is close."""
    close = get_close_matches(str(loc[-1]), _known(loc[:-1]), 1, 0.6)
    return (*loc[:-1], close[0]) if close else None


def _plain_words(
    kind: str, context: dict[str, Any], given: object, part: type[ProfilePart] | None
) -> tuple[str, str]:
    """What is wrong and how to mend it, for the errors that pydantic words itself."""
    shown = _shown(given)
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        figure = part is not None and issubclass(part, Quoted)
        form = f"write it as `{_FIGURE}`" if figure else "indent its keys below it"
        return f"expected a mapping of keys, found {shown}", form
    if kind in {"tuple_type", "list_type"}:
        return f"expected a list, found {shown}", "begin each entry with `- `"
    if kind == "literal_error":
        return f"{shown} is not one of the words that stand here", f"write {context['expected']}"
    if kind.startswith("string_pattern"):
        return (
            f"{shown} is no name",
            "write small letters, digits, `-`, `_` and `.`, beginning with a letter or digit",
        )
    if kind in {"string_too_short", "too_short"}:
        least = context.get("min_length", 1)
        return f"expected at least {least} here, found fewer", "fill it in, or remove the key"
    if kind in {"string_too_long", "too_long"}:
        return "too long", f"keep it to {context.get('max_length', 'fewer')} at most"
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return f"{shown} is out of range", f"write a whole number of {bound}"
    words = {
        "int_type": ("a whole number", "write the number alone, for example `32`"),
        "bool_type": ("true or false", "write `true` or `false`"),
        "string_type": ("text", "quote it if YAML reads it as something else"),
    }
    expected, help_ = words.get(kind, ("something else", "see docs/hardware-profiles.md"))
    return f"expected {expected}, found {shown}", help_


def _shown(given: object) -> str:
    if given is None:
        return "nothing"
    if isinstance(given, dict):
        return "a mapping"
    if isinstance(given, list):
        return "a list"
    return f"`{_shortened(written(given))}`"


def _shortened(text: str) -> str:
    return f"{text[: _WIDEST - 3]}…" if len(text) > _WIDEST else text


def _place(path: KeyPath) -> str:
    return f"`{dotted(path)}`" if path else "the profile"


def _known(path: KeyPath) -> list[str]:
    part = _part_at(path)
    return list(part.model_fields) if part else []


def _part_at(path: KeyPath) -> type[ProfilePart] | None:
    """The model that stands at a path; `None` where a plain value does, or nothing that is known."""
    part: type[ProfilePart] | None = Description
    for key in path:
        if isinstance(key, int):
            continue
        field = part.model_fields.get(key) if part else None
        part = _part_in(field.annotation) if field else None
    return part


def _part_in(annotation: object) -> type[ProfilePart] | None:
    if isinstance(annotation, type) and issubclass(annotation, ProfilePart):
        return annotation
    for argument in typing.get_args(annotation):
        found = _part_in(argument)
        if found is not None:
            return found
    return None
