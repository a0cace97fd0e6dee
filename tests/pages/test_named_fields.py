"""What the views name in a sheet has to exist there: a misspelt path would hide a fact without a word."""

from __future__ import annotations

import types
import typing

import pytest
from pydantic import BaseModel

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Link, Prose
from factsheet.pages.content.glossary import PLAIN
from factsheet.pages.rows import fields_of
from factsheet.readers.needs import needs_of
from factsheet.readers.parts import PARTS, covers, place
from factsheet.readers.plans import VIEWS
from factsheet.readers.roles import ROLE_NAMES, VIEW_NAMES
from factsheet.sheet.model import SheetFields


def leaves(annotation: object, path: str) -> typing.Iterator[tuple[str, object]]:
    """Every field below an annotation, with the metadata that it carries."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        inner, *metadata = typing.get_args(annotation)
        if inner is Fact:
            yield path, metadata[0]
        else:
            yield from leaves(inner, path)
    elif origin is typing.Union or isinstance(annotation, types.UnionType):
        for part in typing.get_args(annotation):
            if part is not type(None):
                yield from leaves(part, path)
    elif origin is tuple:
        yield from leaves(typing.get_args(annotation)[0], f"{path}[*]")
    elif origin is dict:
        yield from leaves(typing.get_args(annotation)[1], f"{path}.*")
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        hints = typing.get_type_hints(annotation, include_extras=True)
        for name in annotation.model_fields:
            yield from leaves(hints[name], f"{path}.{name}" if path else name)
    else:
        yield path, annotation


FIELDS = dict(leaves(SheetFields, ""))
NAMED = sorted(
    {path for role in ROLE_NAMES for known in needs_of(role) for path in (*known.need.core, *known.need.more)}
    | {path for view in VIEWS.values() for path in view.short}
    | {path for part in PARTS for path in part.paths}
    | set(PLAIN)
)


@pytest.mark.parametrize("path", NAMED)
def test_a_named_field_exists(path: str) -> None:
    assert any(covers(path, field) for field in FIELDS), path


def test_fields_that_hold_links_and_prose_are_those_of_the_schema() -> None:
    assert {path for path, kind in FIELDS.items() if isinstance(kind, Link)} == fields_of(Link)
    assert {path for path, kind in FIELDS.items() if isinstance(kind, Prose)} == fields_of(Prose)
    assert {"overview.homepage", "training_data.source"} <= fields_of(Link)
    assert {"overview.summary", "performance.refresh_reason"} <= fields_of(Prose)


def test_every_fact_of_a_section_has_a_place_on_the_page() -> None:
    lists = ("references", "figures", "producers", "reviews", "errata", "factsheet", "template", "provenance")
    facts = [field for field in FIELDS if not field.startswith(lists)]
    assert [field for field in facts if place(field) is None] == []
    assert len(facts) > 100


def test_every_view_has_its_chapters_once_and_each_part_has_one_name() -> None:
    assert tuple(VIEWS) == VIEW_NAMES
    for view in VIEWS.values():
        parts = [chapter.part for chapter in view.chapters]
        assert len(parts) == len(set(parts))
        assert set(parts) <= {part.key for part in PARTS}


def test_details_are_those_of_needs_that_the_role_has() -> None:
    for role in ROLE_NAMES:
        assert set(VIEWS[role].detail) <= {known.need.key for known in needs_of(role)}
