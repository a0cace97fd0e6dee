"""The cheap bounds of FS602 never hide a word that the edit distance accepts."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from factsheet.checks.rules.wording.misspelt_metric import _goals, _near, distance

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str, int]:
    """A word that is a few random slips away from a name, with the name and the slips allowed."""
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


@given(slips(), st.sampled_from(["", "s"]))
def test_no_slip_is_hidden(slip: tuple[str, str, int], plural: str) -> None:
    word, goal, limit = slip
    # The distance touches no letter twice, so that a few random slips can come to more of them.
    assume(distance(word, goal, limit) <= limit)
    assert goal in {near for _, near, _ in _near(word + plural, in_metric=True)}
