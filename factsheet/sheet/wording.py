"""The words for what does not fit the schema of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.facts.fact import Entry, Fact
from factsheet.facts.misfits import SchemaWording
from factsheet.facts.section import Record
from factsheet.sheet.model import SheetFields
from factsheet.sheet.synonyms import DIMENSIONS, PLACES, SPELLINGS, plain

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from factsheet.source.document import KeyPath


class SheetWording(SchemaWording):
    """What the parts of a sheet are called, and why they matter."""

    noun = "the sheet"
    key_noun = "a field"
    unknown_why = "a misspelt key would be a fact that nobody reads"
    documentation = "the field's description: `factsheet schema`"

    def __init__(self, root: type[SheetFields] = SheetFields) -> None:
        self.root = root

    def why_missing(self, path: KeyPath, record: type[BaseModel] | None) -> str:
        """Return the question that readers ask, or that the schema requires the key."""
        question = _question(record.model_fields.get(str(path[-1])) if record is not None else None)
        return f"readers ask: {question}" if question else "the schema requires it"

    def example(self, path: KeyPath, record: type[BaseModel] | None) -> str:
        """Return the field's own example."""
        field = record.model_fields.get(str(path[-1])) if record is not None else None
        return _as_yaml(field.examples[0]) if field is not None and field.examples else "…"

    def why_form(self, path: KeyPath) -> str:
        """Return the question that the nearest field above answers, as the reason for asking it to be right."""
        for end in range(len(path), 0, -1):
            question = _question(self.field_at(path[:end]))
            if question is not None:
                return f"this field answers: {question}"
        return "readers and checks rely on its form"

    def mapping_help(self, path: KeyPath) -> str:  # noqa: ARG002  the same everywhere in a sheet
        """Return how to write a mapping."""
        return "indent its keys below it"

    def spelling(self, key: str) -> str | None:
        """Return the key that an unknown one is the American spelling of."""
        return SPELLINGS.get(key.lower())

    def other_words(self, key: str) -> tuple[str, ...]:
        """Return what the field's other words for a fact are in a sheet."""
        word = plain(key)
        places = (path for path in PLACES.get(word, ()) if self._has(path))
        return (*DIMENSIONS.get(word, ()), *places)

    def _has(self, path: str) -> bool:
        """Return whether sheets of this template have a field."""
        return self.field_at(tuple(path.replace("[*]", "").split("."))) is not None

    def long_form(self, annotation: object) -> type[BaseModel] | None:
        """Return the model of a section or row; a fact may be a mapping too."""
        if annotation is Fact:
            return Entry
        return annotation if isinstance(annotation, type) and issubclass(annotation, Record) else None

    def free_keys(self, record: type[BaseModel]) -> bool:
        """Return whether it is a fact: a free key of a mapping of facts, such as `scores`, leads to one."""
        return record is Entry


def _question(field: FieldInfo | None) -> str | None:
    extra = field.json_schema_extra if field is not None else None
    question = extra.get("x-question") if isinstance(extra, dict) else None
    return question if isinstance(question, str) else None


def _as_yaml(example: object) -> str:
    if isinstance(example, dict):
        return "{" + ", ".join(f"{key}: {_as_yaml(value)}" for key, value in example.items()) + "}"
    if isinstance(example, list):
        return "[" + ", ".join(_as_yaml(value) for value in example) + "]"
    return str(example).lower() if isinstance(example, bool) else str(example)
