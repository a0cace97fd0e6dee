"""A sheet's words: all of them, each with its place, and patterns found near a word as if looked for everywhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.checks.prose import SheetProse, Unremarkable, matches_near, prose_of, sentence_at
from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.source.document import Document

ROOT = Path(__file__).parents[2]
SHEETS = [ROOT / "sheets" / "bert.yaml", *sorted((ROOT / "tests" / "examples" / "clean").glob("*.yaml"))]


def read(text: bytes, *, models: bool = False) -> tuple[Document, SheetProse]:
    document = load_bytes(text, "x").document
    assert document is not None
    sheet, misfits = read_factsheet(document.data)
    assert sheet is not None
    assert not misfits
    return document, SheetProse(sheet)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_every_text_of_a_sheet_is_read_once_and_stands_where_it_is_said_to(path: Path) -> None:
    document, prose = read(path.read_bytes())
    places = [passage.path for passage in prose.passages()]
    assert len(places) == len(set(places))
    for passage in prose.passages():
        span = document.value_span(passage.path)
        assert span is not None, passage.path
        written = " ".join(document.text[span.start : span.end].split())
        assert " ".join(passage.text.split()).replace('"', "") in written.replace('"', "").replace("''", "'")
        assert prose.at(passage.start) == passage
        assert prose.text[passage.start :].startswith(passage.text)
        assert prose.at(passage.start + len(passage.text) - 1) == passage


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_the_models_and_their_stand_ins_read_alike(path: Path) -> None:
    _, quick = read(path.read_bytes())
    _, full = read(path.read_bytes())
    assert list(quick.passages()) == list(full.passages())


def test_what_a_sheet_says_has_kinds_and_what_it_quotes_is_left_out() -> None:
    _, prose = read((ROOT / "sheets" / "bert.yaml").read_bytes())
    kinds = {".".join(map(str, passage.path)): passage.kind for passage in prose.passages()}
    assert kinds["overview.model"] == "name"
    assert kinds["overview.version.not_disclosed"] == "reason"
    assert kinds["purpose.summary"] == "prose"
    assert kinds["purpose.applications.0"] == "prose"
    assert kinds["parameters.power.note"] == "note"
    assert kinds["test_data.notes"] == "note"
    assert kinds["performance.results.0.tasks.2.metric"] == "metric"
    assert kinds["references.2.note"] == "source"
    assert kinds["figures.0.description"] == "caption"
    assert not any(place.startswith(("errata", "reviews")) for place in kinds)
    assert "Audio Classifier" not in prose.text


def test_one_sheet_is_read_once_and_two_alike_are_not_mixed_up() -> None:
    data = {"factsheet": 1, "overview": {"name": "Example", "model": "BERT-base"}}
    one, _ = read_factsheet(data)
    other, _ = read_factsheet(data)
    assert one is not None
    assert other is not None
    assert prose_of(one) is prose_of(one)
    assert prose_of(one) is not prose_of(other)


def test_a_sentence_ends_at_its_stop_and_at_its_passage() -> None:
    text = "One, approx. two. Three e.g. four! Five \0 six. seven"
    assert sentence_at(text, text.index("Three"), text.index("four")) == " Three e.g. four"
    assert sentence_at(text, text.index("two"), text.index("two") + 3) == "One, approx. two"
    assert sentence_at(text, text.index("Five"), text.index("Five") + 4) == " Five "
    assert sentence_at(text, text.index("six"), text.index("six") + 3) == " six. seven"


@given(st.text("abc 1", max_size=80))
def test_near_a_word_everything_is_found_that_is_found_anywhere(text: str) -> None:
    pattern = r"\d ?a{1,3}b"
    near = [match.span() for match in matches_near(text, ("ab",), pattern, (5, 2))]
    assert near == [match.span() for match in re.finditer(pattern, text)]


def test_a_word_is_judged_once() -> None:
    asked: list[str] = []

    def judge(word: str) -> bool:
        asked.append(word)
        return word.startswith("x")

    memory = Unremarkable(judge)
    assert memory.others(frozenset({"xa", "b"})) == ["xa"]
    assert memory.others(frozenset({"xa", "b"})) == ["xa"]
    assert sorted(asked) == ["b", "xa", "xa"]
