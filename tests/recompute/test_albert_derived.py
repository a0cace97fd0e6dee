"""ALBERT on the 14-nm chip: what follows from its structure, against the paper's figures and plain sums."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.recompute.engine import recompute
from factsheet.recompute.request import Request
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields

ALBERT = Path(__file__).parents[2] / "sheets" / "albert.yaml"


@pytest.fixture(scope="module")
def albert(read: Callable[[dict[str, Any]], SheetFields]) -> SheetFields:
    document = read_sheet(ALBERT).document
    assert document is not None
    assert isinstance(document.data, dict)
    return read(document.data)


@pytest.fixture(scope="module")
def albert_facts(albert: SheetFields) -> dict[str, DerivedFact]:
    return {fact.path: fact for fact in recompute(albert).facts}


@pytest.mark.parametrize(
    ("path", "value", "verdict"),
    [
        # Hugging Face's AlbertModel, albert-base-v2, has 11,683,584; "12M" in the ALBERT paper, Table 1.
        ("parameters.parameters", 11_683_584, "rounds_to"),
        # 4 · 768² + 2 · 768 · 3072, once for all layers; "7.1 million unique analog weights shared across 12 layers",
        # "28.3 million devices" in the abstract of doi:10.1038/s41467-025-63794-4.
        ("parameters.analog_weights", 7_077_888, "rounds_to"),
        ("parameters.devices", 28_311_552, "rounds_to"),
        ("parameters.reuse_factor", 12, "agrees"),
        # By hand, on 512 by 512: 2 · 5 for Q, K and V in one, 2 · 2, 2 · 6 and 6 · 2. The chip has 34 tiles
        # (doi:10.1038/s41586-023-06337-5), so that it can not have been laid out like this.
        ("parameters.tiles", 38, "within_tolerance"),
        # 7,077,888 / 512².
        ("derived.tiles_dense", 27, "unclaimed"),
    ],
)
def test_whole_numbers(albert_facts: dict[str, DerivedFact], path: str, value: float, verdict: str) -> None:
    fact = albert_facts[path]
    assert (fact.derived, fact.verdict.kind) == (value, verdict)


def test_the_dense_bound_fits_the_chip(albert_facts: dict[str, DerivedFact]) -> None:
    # 34 tiles of 512² cells hold 7,077,888 weights once at 79.4 %; 34 is between the bound and a tile for each part.
    dense = albert_facts["derived.tiles_dense"].derived
    assert dense is not None
    assert dense <= 34


def test_98_percent_of_operations_are_analog_at_64_tokens(albert: SheetFields) -> None:
    # Caption of figure 1d of the paper, for sequences of 64 tokens; how it counts is not known.
    facts = {fact.path: fact for fact in recompute(albert, Request(seq_len=64, batch=1)).facts}
    share = next(fact.derived for path, fact in facts.items() if path.endswith("digital_share"))
    assert share is not None
    assert round(1 - share, 2) == 0.98
