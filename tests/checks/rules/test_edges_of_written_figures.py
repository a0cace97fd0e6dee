"""Figures in running text at the edges: of the text, of the words that are looked at, of widenings and of pairs."""

from __future__ import annotations

import pytest

from factsheet.checks.rules.wording.written_figures import counted, following

Read = tuple[str, float, tuple[int, ...], tuple[str, ...], tuple[str, ...]]
"""The words of a figure, its value, its pair, and the words between and before."""


def read(text: str, noun: str) -> list[Read]:
    """Return for each figure its words, its value, its pair, and the words between and before."""
    return [
        (text[one.start : one.end], one.quantity.value, one.pair, one.between, one.before)
        for one in counted(text, noun)
    ]


FAR = "x" * 84
"""With `12 ` and a space behind it, 88 characters: 90 are looked at."""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 layers", [("12 layers", 12, (), (), ())]),
        ("layers", []),
        (
            "12 layers, 24 layers",
            [("12 layers", 12, (), (), ()), ("24 layers", 24, (), (), ("12", "layers"))],
        ),
        # Up to three words may be between.
        ("12 a b c layers", [("12 a b c layers", 12, (), ("a", "b", "c"), ())]),
        ("12 a b c d layers", []),
        # The last four words before, not beyond the clause.
        ("p q r s t 12 layers", [("12 layers", 12, (), (), ("q", "r", "s", "t"))]),
        ("q. R s 12 layers", [("12 layers", 12, (), (), ("r", "s"))]),
        ("q; (R) s: 12 layers", [("12 layers", 12, (), (), ())]),
        ("q, r 12 layers", [("12 layers", 12, (), (), ("q", "r"))]),
        # A noun inside a word, or joined to the figure.
        ("12 multilayers", []),
        ("12 layers8", []),
        ("a 12-layers", [("12-layers", 12, (), (), ("a",))]),
        ("12 non-layers", [("12 non-layers", 12, (), ("non",), ())]),
        # A comma, a full stop or a bracket ends what a figure counts.
        ("12, layers", []),
        ("12 such, layers", []),
        ("12) layers", []),
        ("12 (such layers", [("12 (such layers", 12, (), ("(such",), ())]),
        # Pairs and ranges, and what only looks like them.
        ("8 x 4 layers", [("8 x 4 layers", 8, (8, 4), (), ())]),
        ("of 8 x 4 layers", [("8 x 4 layers", 8, (8, 4), (), ("of",))]),
        ("x 4 layers", [("4 layers", 4, (), (), ("x",))]),
        ("a x 4 layers", [("4 layers", 4, (), (), ("a", "x"))]),
        ("8 and 4 layers", [("4 layers", 4, (), (), ("8", "and"))]),
        ("up to 8 x 4 layers", [("up to 8 x 4 layers", 8, (8, 4), (), ())]),
        ("8x4 layers", [("8x4 layers", 8, (8, 4), (), ())]),
        # Words of factors.
        ("two dozen layers", [("two dozen layers", 24, (), (), ())]),
        ("dozen layers", []),
        ("a hundred layers", [("a hundred layers", 100, (), (), ())]),
        ("up to a hundred layers", [("up to a hundred layers", 100, (), (), ())]),
        ("a few hundred layers", []),
        ("twenty-nine layers", [("twenty-nine layers", 29, (), (), ())]),
        ("twenty-one layers", [("twenty-one layers", 21, (), (), ())]),
        ("twenty-ten layers", []),
        ("nine-hundred layers", [("nine-hundred layers", 900, (), (), ())]),
        # Widenings of one, two and three words; the last word of one alone widens nothing.
        ("about 12 layers", [("about 12 layers", 12, (), (), ())]),
        ("to 12 layers", [("12 layers", 12, (), (), ("to",))]),
        ("goes up to 12 layers", [("up to 12 layers", 12, (), (), ("goes",))]),
        ("no more than 12 layers", [("no more than 12 layers", 12, (), (), ())]),
        ("has no more than 12 layers", [("no more than 12 layers", 12, (), (), ("has",))]),
        ("has more than 12 layers", [("more than 12 layers", 12, (), (), ("has",))]),
        # As far back as 90 characters.
        (f"12 {FAR} layers", [(f"12 {FAR} layers", 12, (), (FAR,), ())]),
    ],
)
def test_a_figure_with_all_its_words(text: str, found: list[Read]) -> None:
    assert read(text, "layers") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("size of 12", [("12", (), ())]),
        ("Size of 12", [("12", (), ())]),
        ("a size of 12", [("12", (), ("a",))]),
        ("upsize of 12", []),
        ("p q r s size of 12", [("12", (), ("p", "q", "r", "s"))]),
        ("t. A size of 12", [("12", (), ("a",))]),
        ("size of 8 x 4.", [("8 x 4", (8, 4), ())]),
        ("size of 8 x 4, then", [("8 x 4", (8, 4), ())]),
        ("size of 8, x 4", [("8", (), ())]),
        ("size of 8 to 4", []),  # a range goes upwards
        ("size of 4 to 8 there", [("4 to 8", (), ())]),
        ("size of 4 – 8", [("4 – 8", (), ())]),
        ("size of 4 by", [("4", (), ())]),
        ("size of (12)", [("12", (), ())]),
        ("size of ~12", [("~12", (), ())]),
        ("size of 12 million", [("12 million", (), ())]),
        ("size of 12, million", [("12", (), ())]),
        ("size of 1.5 dozen", [("1.5 dozen", (), ())]),
        ("size of a dozen", [("a dozen", (), ())]),
        ("size of a", []),
        ("size of", []),
        (f"{'w ' * 100}p q size of 12", [("12", (), ("w", "w", "p", "q"))]),
        (f"12 {'w ' * 100}p q size of 24", [("24", (), ("w", "w", "p", "q"))]),
        ("size of 12 and a size of 24", [("12", (), ()), ("24", (), ("of", "12", "and", "a"))]),
    ],
)
def test_a_figure_behind_words(text: str, found: list[tuple[str, tuple[int, ...], tuple[str, ...]]]) -> None:
    assert [(text[one.start : one.end], one.pair, one.before) for one in following(text, "size of")] == found


@pytest.mark.parametrize(("text", "value"), [("1.5 dozen", 1.5), ("3 hundred", 300), ("two hundred", 200)])
def test_a_dozen_multiplies_whole_numbers_alone(text: str, value: float) -> None:
    (found,) = following(f"size of {text}", "size of")
    assert found.quantity.value == value


@pytest.mark.parametrize(
    ("text", "scaled"),
    [
        ("12", False),
        ("1 to 2", False),
        ("12k", True),
        ("3 thousand", True),
        ("twelve", False),
        ("a dozen", False),
    ],
)
def test_what_is_said_in_thousands(text: str, scaled: bool) -> None:
    (found,) = following(f"size of {text} there", "size of")
    assert found.scaled is scaled
