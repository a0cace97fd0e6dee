"""The distance between words against published values and against its definition, spelt out naively."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.checks.rules.wording.misspelt_metric import distance

WORD = st.text("abc", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("kitten", "sitting", 3),  # Levenshtein's textbook example; no swaps in it
        ("saturday", "sunday", 3),  # the same
        ("ca", "abc", 3),  # Boytsov 2011, section 2.2: 2 if letters may be touched twice, 3 if not
        ("accuarcy", "accuracy", 1),  # one swap
        ("person", "pearson", 1),
        ("spearma", "spearman", 1),
        ("", "abc", 3),
        ("same", "same", 0),
    ],
)
def test_published_distances(one: str, other: str, apart: int) -> None:
    assert distance(one, other, 9) == apart


def defined(one: str, other: str) -> int:
    """The definition: the least over the last step, tried out."""

    @cache
    def steps(i: int, j: int) -> int:
        if not (i and j):
            return i + j
        ways = [steps(i - 1, j) + 1, steps(i, j - 1) + 1, steps(i - 1, j - 1) + (one[i - 1] != other[j - 1])]
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            ways.append(steps(i - 2, j - 2) + 1)
        return min(ways)

    return steps(len(one), len(other))


@given(WORD, WORD, st.integers(0, 6))
def test_it_is_what_its_definition_says_up_to_the_limit(one: str, other: str, limit: int) -> None:
    assert distance(one, other, limit) == min(defined(one, other), limit + 1)
