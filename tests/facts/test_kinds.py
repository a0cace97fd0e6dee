"""Kinds of answer: what is read is written back as it was, and read again as the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from generated_sheets import answers
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from factsheet.errors import AnswerRefusedError
from factsheet.facts.fact import Fact, Tolerance
from factsheet.facts.kinds import Choice, Day, Digest, Flag, Items, Line, Link, Measure, Prose, Whole, Wholes
from factsheet.facts.plain_kinds import Address, Batch, Calendar, Ids, SchemaVersion, Sides
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.source.scalars import WrittenFloat

if TYPE_CHECKING:
    from factsheet.facts.kind import Kind

KINDS: list[Kind] = [
    *(Measure(name) for name in DIMENSIONS),
    Measure("area", "count"),
    *(
        Line(),
        Prose(),
        Items(),
        Choice("draft", "published"),
        Whole(),
        Whole(0),
        Wholes(2),
        Flag(),
        Day(),
        Link(),
        Digest(),
    ),
    *(Address(), Batch(), Calendar(), Ids(), SchemaVersion(), Sides(), Sides(0)),
]


@given(st.sampled_from(KINDS), st.data())
def test_what_is_read_is_written_back_as_the_same(kind: Kind, data: st.DataObject) -> None:
    value = kind.parse(data.draw(answers(kind)))
    assert kind.parse(kind.plain(value)) == value


@pytest.mark.parametrize(
    ("kind", "raw", "plain"),
    [
        (Measure("ratio"), WrittenFloat("0.0170"), "0.0170"),
        (Measure("count"), 480, "480"),
        (Measure("count"), "480 tiles", "480 tiles"),
        (Items(), "one", "['one']"),
        (Wholes(2), [224, 224], "[224, 224]"),
        (Ids(), ["devlin-2019"], "devlin-2019"),
        (Sides(), [3, 3], "3"),
        (Sides(), [3, 1], "[3, 1]"),
    ],
)
def test_plain_data_is_as_an_author_writes_it(kind: Kind, raw: Any, plain: str) -> None:
    written = kind.plain(kind.parse(raw))
    assert getattr(written, "text", str(written)) == plain


@pytest.mark.parametrize("kind", [Items(), Wholes(2), Ids(), Sides()])
def test_a_tuple_is_a_list_where_a_sheet_is_made_in_python(kind: Kind) -> None:
    entries = {Items: ("a", "b"), Ids: ("a", "b")}.get(type(kind), (3, 4))
    assert kind.parse(entries) == kind.parse(list(entries))


@pytest.mark.parametrize(
    ("kind", "raw"),
    [(Whole(), True), (Line(), {}), (Day(), "2022-13"), (Flag(), "yes"), (Prose(), "a" * 20_001)],
)
def test_a_refusal_says_what_why_and_what_to_do(kind: Kind, raw: object) -> None:
    with pytest.raises(AnswerRefusedError) as caught:
        kind.parse(raw)
    assert caught.value.message
    assert caught.value.why
    assert caught.value.help


def test_a_tolerance_is_kept_as_it_was_written() -> None:
    fact = Fact(
        Measure("power").parse("3.13 W"),
        allowance=Tolerance.model_validate({"within": "5 %", "reason": "Not settled."}),
    )
    assert fact.tolerance == pytest.approx(0.05)
    assert fact.tolerance_reason == "Not settled."
    assert fact.allowance is not None
    assert fact.allowance.model_dump() == {"within": "5 %", "reason": "Not settled."}


def test_a_tolerance_below_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="`-64 %` is impossible here"):
        Tolerance.model_validate({"within": "-64 %", "reason": "Recomputed."})
