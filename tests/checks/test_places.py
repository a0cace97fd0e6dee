"""Where findings point and what their fixes touch, for a fact written bare and for one with provenance."""

from __future__ import annotations

import pytest

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.engine import check_document
from factsheet.checks.fixing import apply_fixes
from factsheet.checks.rule import Rule
from factsheet.source.loader import load_bytes

PATH = ("parameters", "power")
START = "factsheet: 1\noverview: {name: Example, model: BERT-base}\nparameters:\n"
BARE = START + "  power: 3.13 W  # as measured\n"
FLOW = START + "  power: {note: not 3.13 W on average, value: 3.13 W, source: measured}\n"
BLOCK = START + "  power:\n    note: not 3.13 W on average\n    value: 3.13 W\n    source: measured\n"
QUOTED = START + '  power: "3.13 W"\n'


def checked(text: str, *changes: Change) -> tuple[str, str]:
    """The characters that the finding points at, and the text once its fix is carried out."""
    finding = Finding(PATH, "wrong", "fix it", changes=changes)
    rule = Rule("FS299", "wrong", "error", "it is wrong", lambda _: [finding])
    (found,) = check_document(load_bytes(text.encode(), "x"), "x", rules=[rule]).diagnostics
    after, _ = apply_fixes(text, [found.fix] if found.fix else [])
    assert found.span is not None
    return text[found.span.start : found.span.end], after


@pytest.mark.parametrize("text", [BARE, FLOW, BLOCK])
def test_a_finding_about_a_fact_points_at_its_value(text: str) -> None:
    assert checked(text)[0] == "3.13 W"


@pytest.mark.parametrize("text", [BARE, FLOW, BLOCK])
def test_a_new_value_leaves_provenance_and_comments_alone(text: str) -> None:
    head, _, tail = text.rpartition("3.13 W")
    assert checked(text, Change(PATH, "3.2 W"))[1] == f"{head}3.2 W{tail}"


@pytest.mark.parametrize("text", [BARE, FLOW, BLOCK, QUOTED])
def test_a_word_may_be_all_of_the_value(text: str) -> None:
    head, _, tail = text.rpartition("3.13 W")
    assert checked(text, Change(PATH, "3.2 W", word="3.13 W"))[1] == f"{head}3.2 W{tail}"


def test_a_word_that_is_not_there_changes_nothing() -> None:
    assert checked(BARE, Change(PATH, "3.2 W", word="4 W"))[1] == BARE


def test_a_word_by_itself_comes_before_one_that_is_part_of_another() -> None:
    text = START + "references: [vaswani-2017, vaswani]\n"
    path = ("references",)
    finding = Finding(path, "wrong", "fix it", word="vaswani", changes=(Change(path, "x", word="vaswani"),))
    rule = Rule("FS299", "wrong", "error", "it is wrong", lambda _: [finding])
    diagnostics = check_document(load_bytes(text.encode(), "x"), "x", rules=[rule]).diagnostics
    (found,) = [item for item in diagnostics if item.rule_id == "FS299"]
    assert found.span is not None
    assert (found.span.line, found.span.column) == (4, 28)
    assert found.fix is not None
    assert apply_fixes(text, [found.fix])[0] == START + "references: [vaswani-2017, x]\n"
