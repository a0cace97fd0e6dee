"""The JSON Schema (2020-12) of a sheet, for editors and for tools in other languages."""

from __future__ import annotations

import json
import typing
from typing import Annotated, Any, Literal

from factsheet.facts.fact import ABSENCES, Entry
from factsheet.facts.kind import Kind, Plain
from factsheet.facts.section import Record
from factsheet.sheet.labels import label
from factsheet.sheet.model import SheetFields
from factsheet.sheet.parameters import TILE_SIDES

Draft = Literal["2020-12", "07"]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEFS = "#/$defs/"
_DRAFT_07 = "http://json-schema.org/draft-07/schema#"
_NAMED = ("properties", "patternProperties", "$defs")
"""Keywords whose keys are names, and no keywords."""

Schema = dict[str, Any]


def schema_text(model: type[SheetFields] = SheetFields, *, draft: Draft = "2020-12") -> str:
    """Return the schema as a file: indented, keys in the sheet's order, with a line break at its end."""
    schema = build_schema(model)
    if draft == "07":
        schema = as_draft_07(schema)
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def build_schema(model: type[SheetFields] = SheetFields) -> Schema:
    """Return the schema as data, that of a template's sheets for the model which was generated from it.

    A fact's field accepts three forms: the bare value, a mapping with `value` and provenance, and a mapping
    with the reason for its absence. Each kind of answer has one definition for the bare value and one for the
    fact, so that the file stays small enough to read.
    """
    sheet = model.model_json_schema(ref_template=_DEFS + "{model}")
    entry = Entry.model_json_schema(ref_template=_DEFS + "{model}")
    definitions: Schema = sheet.pop("$defs") | entry.pop("$defs")
    _retitle(entry)
    provenance: Schema = {}
    for name, field in entry["properties"].items():
        if name not in {"value", *ABSENCES}:
            definitions[f"of-fact-{name}"] = field
            provenance[name] = {"$ref": f"{_DEFS}of-fact-{name}"}
    definitions["absence"] = _absence(entry["properties"], provenance)
    for kind in (*_kinds(model, set()), *_kinds(Entry, set())):
        definitions[kind.key] = {"description": _first_line(type(kind)), **kind.json_schema()}
        if not isinstance(kind, Plain):
            definitions[f"fact-{kind.key}"] = _fact(kind, provenance)
    for definition in (sheet, *definitions.values()):
        _retitle(definition)
    _refer(sheet)
    _refer(definitions)
    tile = definitions.get("Tile")
    if tile is not None:
        definitions["Tile"] = {
            "description": tile["description"],
            "anyOf": [{"type": "string", "pattern": f"^{TILE_SIDES}$", "examples": ["512x256"]}, tile],
        }
    return {
        "$schema": DIALECT,
        **sheet,
        "title": model.audience.title,
        "$defs": dict(sorted(definitions.items())),
    }


def _absence(properties: Schema, provenance: Schema) -> Schema:
    """Return a mapping that says why a fact has no value."""
    return {
        "description": "The reason why there is no value.",
        "type": "object",
        "properties": {**{name: properties[name] for name in ABSENCES}, **provenance},
        "oneOf": [{"required": [name]} for name in ABSENCES],
        "additionalProperties": False,
    }


def _fact(kind: Kind, provenance: Schema) -> Schema:
    """Return the three forms of a fact of one kind."""
    value = {"$ref": _DEFS + kind.key}
    with_provenance = {
        "description": "The value with its provenance.",
        "type": "object",
        "properties": {"value": value, **provenance},
        "required": ["value"],
        "additionalProperties": False,
    }
    return {"anyOf": [value, with_provenance, {"$ref": _DEFS + "absence"}]}


def _kinds(record: type[Record], seen: set[type[Record]]) -> typing.Iterator[Kind]:
    """Yield every kind that a model's fields use, those of nested models included."""
    if record in seen:
        return
    seen.add(record)
    for field in record.model_fields.values():
        yield from (kind for kind in field.metadata if isinstance(kind, Kind))
        yield from _kinds_of(field.annotation, seen)


def _kinds_of(annotation: object, seen: set[type[Record]]) -> typing.Iterator[Kind]:
    if typing.get_origin(annotation) is Annotated:
        metadata: tuple[object, ...] = getattr(annotation, "__metadata__", ())
        yield from (kind for kind in metadata if isinstance(kind, Kind))
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield from _kinds(annotation, seen)
    for argument in typing.get_args(annotation):
        yield from _kinds_of(argument, seen)


def _retitle(definition: Schema) -> None:
    """Give every field the words that pages use for it; a default of null says nothing to an author."""
    for name, field in definition.get("properties", {}).items():
        title = field.pop("x-title", None)
        if "$ref" not in field:
            field["title"] = title or label(name)
        if field.get("default", ...) is None:
            del field["default"]


def _refer(node: Any) -> None:
    """Turn the markers that kinds leave behind into references to their definitions."""
    if isinstance(node, dict):
        kind = node.pop("x-kind", None)
        if kind is not None:
            node["$ref"] = _DEFS + kind
        for value in node.values():
            _refer(value)
    elif isinstance(node, list):
        for value in node:
            _refer(value)


def _first_line(kind: type[Kind]) -> str:
    return (kind.__doc__ or "").split("\n")[0]


def as_draft_07(schema: Schema) -> Schema:
    """Return a schema of draft 2020-12 in draft-07, by which the same sheets are valid.

    Of what the drafts have in common, two things are written otherwise: definitions are under `definitions`, and what
    is beside a `$ref` counts for nothing, so that the reference goes into an `allOf`.

    Args:
        schema: with no keyword that draft-07 does not have, as ours.
    """
    return {**_converted(schema), "$schema": _DRAFT_07}


def _converted(node: Any) -> Any:
    if isinstance(node, list):
        return [_converted(one) for one in node]
    if not isinstance(node, dict):
        return node
    found: dict[str, Any] = {}
    for key, value in node.items():
        if key in _NAMED and isinstance(value, dict):
            name = "definitions" if key == "$defs" else key
            found[name] = {each: _converted(below) for each, below in value.items()}
        elif key in {"enum", "const", "examples", "default"}:  # values, and no schemas
            found[key] = value
        elif key == "$ref":
            found[key] = str(value).replace("#/$defs/", "#/definitions/")
        else:
            found[key] = _converted(value)
    if "$ref" in found and len(found) > 1:
        reference = found.pop("$ref")
        found["allOf"] = [*found.get("allOf", ()), {"$ref": reference}]
    return found
