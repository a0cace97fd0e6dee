"""The tables of docs/exchange.md are those of today's formats and sheets."""

from __future__ import annotations

import pytest
from exchange_tables import ROOT, Carried, field_of, page

PAGE = ROOT / "docs" / "exchange.md"


def test_the_page_has_what_the_formats_carry_today() -> None:
    stored = PAGE.read_text(encoding="utf-8")
    assert stored == page(stored), "run: python docs/site/exchange_tables.py docs/exchange.md"


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no marks for the table `formats`"):
        page("# A page\n")


@pytest.mark.parametrize(
    ("answers", "exact", "less", "words"),
    [
        (10, 0, 0, ""),
        (10, 10, 0, "all"),
        (10, 0, 10, "all, less exact"),
        (3, 1, 0, "33 %"),
        # A share never looks like none or all where it is neither.
        (1000, 1, 0, "1 %"),
        (1000, 999, 0, "99 %"),
        (10, 1, 2, "30 %, less exact"),
    ],
)
def test_shares_are_in_words(answers: int, exact: int, less: int, words: str) -> None:
    assert Carried(answers, exact, less).words() == words


def test_rows_of_lists_are_one_field() -> None:
    scores = ("performance", "results", 0, "tasks", 2, "scores", "digital", "value")
    assert field_of(scores) == "performance.results.tasks.scores"
    assert field_of(("training_data", "datasets", 1, "name")) == "training_data.datasets.name"
    assert field_of(("overview", "licence", "source")) == "overview.licence"
