"""What a claimed total says about the convention that it was counted under, by the verdict on every other claim."""

from __future__ import annotations

import pytest

from factsheet.networks.counting import CONVENTIONS, count_under_all, work_of
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.claims import Claim
from factsheet.recompute.derivations.operations import conventions_of

BASE = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True)
COUNTS = count_under_all(work_of(ENCODER.network(BASE, 32)), 4)


def said_of(text: str, tolerance: float = 0.0) -> str:
    return conventions_of(Claim(path=(), quantity=parse_quantity(text, "ops"), tolerance=tolerance), COUNTS)


def test_the_digits_of_the_published_total_fit_one_convention_only() -> None:
    assert said_of("21.84 G ops") == "only `attention-mac-is-one-op` explains 21.84 G ops"


def test_approximately_leaves_the_convention_open() -> None:
    # Attention at 2 ops a MAC overshoots the published total by 0.3 %, which "approximately" covers; one op
    # a MAC throughout halves it, which it does not.
    words = said_of("approx. 21.84 G ops")
    assert words.startswith("`attention-mac-is-one-op` gives its digits; ")
    assert words.endswith("the figure does not determine its convention")
    assert {name for name in CONVENTIONS if f"`{name}`" in words} == set(CONVENTIONS) - {"mult-adds"}


@pytest.mark.parametrize(("text", "tolerance"), [("21 to 22 G ops", 0.0), ("20 G ops", 0.12)])
def test_a_range_and_a_tolerance_are_agreed_with_but_have_no_digits_to_round_to(
    text: str, tolerance: float
) -> None:
    words = said_of(text, tolerance)
    assert "gives its digits" not in words
    assert "all agree with" in words
    assert "mult-adds" not in words


def test_a_total_that_nothing_explains_is_called_so() -> None:
    assert said_of("30.0 G ops") == "no known convention explains 30.0 G ops"
