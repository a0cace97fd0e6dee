"""FS602: the distance between words against published values and its definition, and the bounds that never hide one."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from factsheet.checks.rules.wording.misspelt_metric import _goals, _near, distance

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


LETTERS = "abcdefghijklmnopqrstuvwxyz"


@st.composite
def misspellings(draw: st.DrawFn) -> tuple[str, str, int]:
    """A word that is a few random errors away from a name, with the name and the errors allowed."""
    _, goal, limit, _ = draw(st.sampled_from(_goals(in_metric=True)))
    word = list(goal)
    for _ in range(limit):
        place = draw(st.integers(0, len(word) - 1))
        letter = draw(st.sampled_from(LETTERS))
        match draw(st.sampled_from(["add", "drop", "replace", "swap"])):
            case "add":
                word.insert(place, letter)
            case "drop":
                word.pop(place)
            case "replace":
                word[place] = letter
            case _ if place:
                word[place - 1], word[place] = word[place], word[place - 1]
            case _:
                pass
    return "".join(word), goal, limit


@given(misspellings(), st.sampled_from(["", "s"]))
def test_no_misspelling_is_hidden(misspelt: tuple[str, str, int], plural: str) -> None:
    word, goal, limit = misspelt
    # The distance touches no letter twice, so that a few random errors can come to more of them.
    assume(distance(word, goal, limit) <= limit)
    assert goal in {near for _, near, _ in _near(word + plural, in_metric=True)}
