"""Figures in running text: what is read of them, and what is left alone."""

from __future__ import annotations

import math

import pytest

from factsheet.checks.rules.wording.written_figures import WrittenFigure, counted, following


def read(found: WrittenFigure) -> float:
    assert found.quantity.kind == "point"
    return found.quantity.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It has 12 layers.", 12),
        ("It has twelve layers.", 12),
        ("It has nineteen layers.", 19),
        ("It has twenty layers.", 20),
        ("It has ninety layers.", 90),
        ("It has twenty-one layers.", 21),
        ("It has ninety-nine layers.", 99),
        ("It has a single layer.", 1),
        ("It has two dozen layers.", 24),
        ("It has a dozen layers.", 12),
        ("It has 3 hundred layers.", 300),
        ("It has a thousand layers.", 1000),
        ("It has 3 thousand layers.", 3000),
        ("It has 3-thousand layers.", 3000),
        ("It has two-thousand layers.", 2000),
        ("It has 1,024 layers.", 1024),
        ("It has 2k layers.", 2000),
        ("It has 1.5 million layers.", 1.5e6),
        ("It has 2B layers.", 2e9),
        ("All of its 12 large hidden layers count.", 12),
        ("It is a 12-layer network.", 12),
        ("It is a twelve-layer network.", 12),
    ],
)
def test_a_number_before_a_noun_counts_it(text: str, value: float) -> None:
    (found,) = counted(text, "layers" if "layers" in text else "layer")
    assert read(found) == value
    assert found.pair == ()


@pytest.mark.parametrize(
    "text",
    [
        "The layers are dense.",
        "It has many layers.",
        "In 12, layers are dense.",
        "There are 12. Layers and layers follow.",
        "It has 12 of those large and rather hidden layers.",  # too far away
        "Its 12 multilayers are none.",
        "It has (about 12) layers.",
        "It has 12 layersets.",
        "It has 1.2.3 layers.",
        "It has twenty-ten layers.",
        "It has 12 \0 layers.",
        "Version 12a layers are none.",
    ],
)
def test_what_counts_no_layers(text: str) -> None:
    assert list(counted(text, "layers")) == []


@pytest.mark.parametrize(
    ("text", "low", "high", "approximate"),
    [
        ("up to 128 tokens", 0, 128, False),
        ("at most 128 tokens", 0, 128, False),
        ("less than 128 tokens", 0, 128, False),
        ("fewer than 128 tokens", 0, 128, False),
        ("no more than 128 tokens", 0, 128, False),
        ("at least 128 tokens", 128, math.inf, False),
        ("more than 128 tokens", 128, math.inf, False),
        ("about 128 tokens", 128, 128, True),
        ("approximately 128 tokens", 128, 128, True),
        ("roughly 128 tokens", 128, 128, True),
        ("~128 tokens", 128, 128, True),
        ("≈128 tokens", 128, 128, True),
        ("64 to 128 tokens", 64, 128, False),
        ("64 – 128 tokens", 64, 128, False),
        ("The most 128 tokens", 128, 128, False),
    ],
)
def test_what_widens_a_figure(text: str, low: float, high: float, approximate: bool) -> None:
    (found,) = counted(f"It takes {text}.", "tokens")
    assert found.quantity.approximate is approximate
    if not approximate:
        assert (found.quantity.low, found.quantity.high) == (low, high)
    else:
        # About is a hundredth at least, by the definition of `Quantity.meant`.
        assert (found.quantity.meant.low, found.quantity.meant.high) == pytest.approx(
            (126.72, 129.28), rel=1e-3
        )


@pytest.mark.parametrize("text", ["8 x 8", "8 × 8", "8x8", "8×8", "8 by 8"])
def test_a_pair_is_read_whole(text: str) -> None:
    (found,) = counted(f"It has {text} tiles.", "tiles")
    assert found.pair == (8, 8)
    assert read(found) == 8


def test_two_numbers_with_and_are_one_range_only_after_between() -> None:
    (found,) = counted("It has 8 and 9 tiles.", "tiles")
    assert (found.pair, read(found)) == ((), 9)
    # A range needs its own word; without one, nothing is claimed of either end.
    assert [item.pair for item in counted("It has between 8 and 9 tiles.", "tiles")] in ([], [()])


def test_a_figure_has_its_place_and_the_words_around_it() -> None:
    text = "No. In this network, up to 12 large Hidden layers, say, are dense."
    (found,) = counted(text, "layers")
    assert text[found.start : found.end] == "up to 12 large Hidden layers"
    assert found.between == ("large", "hidden")
    assert found.before == ("in", "this", "network")
    assert not found.scaled


@pytest.mark.parametrize(
    ("text", "scaled"),
    [("12 layers", False), ("12 thousand layers", True), ("12k layers", True), ("2 dozen layers", False)],
)
def test_what_is_said_in_thousands_is_scaled(text: str, scaled: bool) -> None:
    (found,) = counted(text, "layers")
    assert found.scaled is scaled


def test_every_place_is_found() -> None:
    assert [read(item) for item in counted("It has 2 layers, then 3 layers, and 4 layers.", "layers")] == [
        2,
        3,
        4,
    ]


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("It has a vocabulary of 30,522 entries.", 30522, "30,522"),
        ("Vocabulary of 30,522.", 30522, "30,522"),
        ("a vocabulary of (30 thousand) entries", 30000, "30 thousand"),
        ("a vocabulary of twelve", 12, "twelve"),
    ],
)
def test_a_number_after_words_is_theirs(text: str, value: float, written: str) -> None:
    (found,) = following(text, "vocabulary of")
    assert read(found) == value
    assert text[found.start : found.end] == written


@pytest.mark.parametrize(
    "text", ["a vocabulary of words", "a vocabulary of", "subvocabulary of 12", "a vocabulary of some 12a"]
)
def test_words_without_a_number_have_none(text: str) -> None:
    assert list(following(text, "vocabulary of")) == []


def test_words_before_those_are_kept() -> None:
    (found,) = following("First. With its own and shared vocabulary of 12", "vocabulary of")
    assert found.before == ("its", "own", "and", "shared")
