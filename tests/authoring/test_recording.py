"""Answers go into a sheet's text, and everything else stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from factsheet.authoring.recording import recorded, referenced
from factsheet.errors import NoPlaceError

BERT = (Path(__file__).parents[2] / "sheets" / "bert.yaml").read_text(encoding="utf-8")
ROWS: Any = [
    {"after": "1 h", "score": {"value": "96.3 %", "note": 'a "b": c, d'}},
    {"after": "1 week", "score": "95 %"},
]
SHAPES = [
    "factsheet: 1\noverview: {name: a, model: b}",
    "factsheet: 1\noverview: {name: a, model: b}\nrobustness:\n",
    "factsheet: 1\nrobustness: ~  # nothing yet\noverview: {name: a, model: b}\n",
    "factsheet: 1\noverview: {name: a, model: b}\nrobustness: {drift: x}  # c\nreferences: [{id: a, title: b}]\n",
    "factsheet: 1\nrobustness:   # why\n  # before\n  drift: |\n    text\n\n  # after\noverview: {name: a, model: b}\n",
    "factsheet: 1\nreferences:\n- id: a\n  title: b #\nrobustness:\n    over_time:\n    - {after: 1 h}\n    bias: n\n",
    "factsheet: 1\r\nrobustness:\r\n  drift: x\r\noverview: {name: a, model: b}\r\nreferences: []\r\n",
]


def data(text: str) -> Any:
    return yaml.safe_load(text)


@pytest.mark.parametrize("text", [*SHAPES, BERT])
@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("accepted_loss", "1 %"),
        ("over_time", ROWS),
        ("drift", {"value": "y", "source": "simulated", "note": "yes: #1"}),
        ("noise", "5"),
    ],
)
def test_the_answer_is_there_and_the_rest_is_as_it_was(text: str, key: str, answer: Any) -> None:
    found = data(recorded(text, "robustness", key, answer))
    wanted = data(text)
    wanted["robustness"] = {**(wanted.get("robustness") or {}), key: answer}
    assert found == wanted


@pytest.mark.parametrize("text", [*SHAPES, BERT])
def test_a_reference_is_added_once_and_then_replaced(text: str) -> None:
    first = referenced(text, "simulation", {"title": "One", "note": "seed: 0"})
    second = referenced(first, "simulation", {"title": "Two"})
    assert data(first)["references"] == [
        *(data(text).get("references") or []),
        {"id": "simulation", "title": "One", "note": "seed: 0"},
    ]
    assert data(second)["references"][:-1] == (data(text).get("references") or [])
    assert data(second)["references"][-1] == {"id": "simulation", "title": "Two"}


@pytest.mark.parametrize("text", SHAPES)
def test_a_second_time_changes_nothing(text: str) -> None:
    once = recorded(text, "robustness", "over_time", ROWS)
    assert recorded(once, "robustness", "over_time", ROWS) == once


def test_lines_that_no_answer_concerns_stay_to_the_byte() -> None:
    text = recorded(BERT, "performance", "refresh_interval", {"value": "5 weeks", "source": "simulated"})
    before, after = BERT.splitlines(), text.splitlines()
    assert len(before) == len(after)
    assert sum(one != two for one, two in zip(before, after, strict=True)) == 1


def test_line_breaks_are_the_author_s() -> None:
    text = recorded(SHAPES[-1], "robustness", "over_time", ROWS)
    assert text.count("\n") == text.count("\r\n")


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30))
def test_any_text_is_read_back(words: str) -> None:
    text = recorded(SHAPES[0], "robustness", "drift", {"value": words, "note": words})
    assert data(text)["robustness"]["drift"] == {"value": words, "note": words}


@pytest.mark.parametrize("text", ["", "[1, 2]", "factsheet: 1\nrobustness: words\n", "a: [\n"])
def test_a_text_without_a_place_is_refused(text: str) -> None:
    with pytest.raises(NoPlaceError):
        recorded(text, "robustness", "drift", "x")
