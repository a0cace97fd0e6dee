"""Every role gets what it asked for: each fact of its needs in full, or listed as missing. And nothing is hidden."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.pages.assembly import build_page
from factsheet.pages.model import FigureBlock, FiguresBlock, TableBlock
from factsheet.readers.needs import needs_of
from factsheet.readers.parts import covered
from factsheet.readers.roles import ROLE_NAMES, VIEW_NAMES
from factsheet.sheet.load import read_factsheet
from factsheet.sheet.walk import facts
from factsheet.source.document import dotted
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.pages.model import Page, SectionBlock
    from factsheet.readers.roles import RoleName, ViewName
    from factsheet.sheet.model import SheetFields

AT_THE_TOP = ("name", "model", "organisation", "date", "status", "summary")
"""What stands in a page's title, imprint and summary."""


def bert_data() -> dict[str, Any]:
    loaded = load_bytes((Path(__file__).parents[2] / "sheets" / "bert.yaml").read_bytes(), "bert.yaml")
    assert loaded.document is not None
    assert isinstance(loaded.document.data, dict)
    return loaded.document.data


BERT = bert_data()


def sheet_from(data: object) -> SheetFields:
    sheet, misfits = read_factsheet(data)
    assert sheet is not None
    assert not misfits, misfits
    return sheet


def whole(sections: Iterable[SectionBlock]) -> Iterator[str]:
    """The fields that sections show with nothing left out."""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, TableBlock):
                yield from () if block.shortened else block.paths
            elif not isinstance(block, FigureBlock):
                for row in block.rows if isinstance(block, FiguresBlock) else (block.row,):
                    if not row.shortened:
                        yield from (row.path, *row.also)


def at_the_top(sheet: SheetFields) -> set[str]:
    asked = {f"overview.{name}": getattr(sheet.overview, name) for name in AT_THE_TOP}
    return {path for path, fact in asked.items() if fact is not None and fact.absence is None}


def missing(page: Page) -> set[str]:
    return {row.path for group in page.missing.groups for row in (*group.rows, *group.beside)}


def told(page: Page, sheet: SheetFields) -> set[str]:
    """Every field that the folded whole sheet holds, answered or not; in the full view the page is the whole sheet."""
    if page.view == "full":
        absent = {row.path for group in page.missing.groups for row in (*group.rows, *group.beside)}
        return {*whole(page.sections), *absent, *at_the_top(sheet)}
    return {*whole(page.whole.sections), *(row.path for group in page.whole.missing for row in group.rows)}


def assert_needs_are_met(sheet: SheetFields, role: RoleName) -> None:
    page = build_page(sheet, role)
    shown = {*whole(page.sections), *at_the_top(sheet)}
    for known in needs_of(role):
        for placed in facts(sheet):
            path = dotted(placed.path)
            if covered(known.need.core, path):
                assert path in (missing(page) if placed.fact.absence is not None else shown), (role, path)
        for field in known.need.core:
            there = any(covered([field], dotted(placed.path)) for placed in facts(sheet))
            there = there or (field == "references" and bool(sheet.references))
            assert there or field in missing(page), (role, field)


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_a_role_gets_every_fact_of_its_needs_or_is_told_that_it_is_missing(role: RoleName) -> None:
    assert_needs_are_met(sheet_from(BERT), role)


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_nothing_of_the_sheet_is_hidden(view: ViewName) -> None:
    sheet = sheet_from(BERT)
    assert {dotted(placed.path) for placed in facts(sheet)} - told(build_page(sheet, view), sheet) == set()


SECTIONS = [
    key for key, value in BERT.items() if isinstance(value, dict) and key not in {"overview", "provenance"}
]
FIELDS = [
    (section, key)
    for section in SECTIONS
    for key, value in BERT[section].items()
    if key
    not in {"provenance", "notes", "references", "transformer_encoder", "tile", "optimum", "drift", "results"}
    and key not in {"operating_points", "training", "inference"}
]


@st.composite
def mutilated(draw: st.DrawFn) -> dict[str, Any]:
    """The published sheet with sections and answers taken out, and others turned into absences."""
    data = copy.deepcopy(BERT)
    for section, key in draw(st.lists(st.sampled_from(FIELDS), max_size=25)):
        kind = draw(st.sampled_from(["drop", "not_disclosed", "not_evaluated", "not_applicable"]))
        if kind == "drop":
            data[section].pop(key, None)
        else:
            data[section][key] = {kind: "a reason of its own"}
    for section in draw(st.lists(st.sampled_from(SECTIONS), max_size=4)):
        data.pop(section, None)
    for list_ in draw(
        st.lists(st.sampled_from(["references", "figures", "errata", "producers"]), max_size=2)
    ):
        data.pop(list_, None)
    return data


@settings(max_examples=40, deadline=None)
@given(data=mutilated(), role=st.sampled_from(ROLE_NAMES))
def test_needs_are_met_or_reported_whatever_a_sheet_lacks(data: dict[str, Any], role: RoleName) -> None:
    sheet = sheet_from(data)
    assert_needs_are_met(sheet, role)
    assert {dotted(placed.path) for placed in facts(sheet)} - told(build_page(sheet, role), sheet) == set()


MINIMAL = {"factsheet": 1, "overview": {"name": "A sheet", "model": "A model"}}


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_a_sheet_of_two_answers_makes_a_page_without_empty_headings(view: ViewName) -> None:
    page = build_page(sheet_from(MINIMAL), view)
    assert page.sections == ()
    assert page.errata == ()
    assert page.references == ()
    assert set(whole(page.whole.sections)) == (
        set() if view == "full" else {"overview.name", "overview.model"}
    )
    assert page.missing.count("not_answered") == page.missing.total > 0


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_no_section_is_empty_and_no_field_is_open_twice(view: ViewName) -> None:
    page = build_page(sheet_from(BERT), view)
    assert all(section.blocks for section in (*page.sections, *page.whole.sections))
    for sections in (page.sections, page.whole.sections):
        shown = list(whole(sections))
        assert len(shown) == len(set(shown))


def test_what_is_missing_is_counted_apart() -> None:
    page = build_page(sheet_from(BERT), "software-developer")
    # Read off sheets/bert.yaml, for what the role asks for: none is "not applicable".
    setup = next(group for group in page.missing.groups if group.title == "Set-up instructions")
    assert setup.whose == "asked for by 2 of 2 interviewed software developers (Table 3)"
    assert {row.kind for row in setup.rows} == {"not_disclosed"}
    assert setup.rows[0].path == "setup.instructions"
    counts = [
        page.missing.count(kind)
        for kind in ("not_applicable", "not_disclosed", "not_evaluated", "not_answered")
    ]
    assert counts[0] == 0
    assert sum(counts) == page.missing.total


def test_an_answer_left_out_is_told_from_one_that_is_withheld() -> None:
    data = copy.deepcopy(BERT)
    del data["limitations"]["obligations"]
    page = build_page(sheet_from(data), "business-expert")
    rows = {row.path: row for group in page.missing.groups for row in group.rows}
    assert rows["limitations.obligations"].kind == "not_answered"
    assert rows["limitations.obligations"].reason is None
    assert rows["limitations.risks"].kind == "not_disclosed"
    assert rows["limitations.risks"].reason == "The published sheet does not discuss risks."


def test_roles_that_nobody_could_interview_are_told_so() -> None:
    sheet = sheet_from(BERT)
    for role in ROLE_NAMES:
        basis = build_page(sheet, role).summary.basis
        assert (basis is not None and "could interview no" in basis) == (
            role in {"ai-engineer", "business-expert"}
        )
