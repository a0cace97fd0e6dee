"""The written-out arithmetic: every line of it is worked out again by Python."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.errors import DeriveError
from factsheet.recompute.engine import recompute
from factsheet.recompute.explanation import explain
from factsheet.recompute.facts import term, written_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from factsheet.sheet.model import SheetFields

SUMS = ("parameters", "analog_weights", "analog_ops", "digital_ops")


def number(text: str) -> int:
    return int(text.replace(",", ""))


def recomputed(lines: Iterable[str]) -> int:
    """Add up a written-out sum, checking each product and each partial sum on the way."""
    total = group = 0
    times = 1
    for line in lines:
        if line.startswith("sum: "):
            assert number(line.removeprefix("sum: ")) == total + times * group
            return total + times * group
        if not line.startswith("  "):
            total, group = total + times * group, 0
            alike = re.search(r", (\d+) alike, each:$", line)
            times = int(alike[1]) if alike else 1
        elif line.startswith("  together "):
            together, _, product = line.removeprefix("  together ").partition("; ")
            assert number(together) == group
            if product:
                factors, _, result = product.partition(" = ")
                assert [number(f) for f in factors.split(" · ")] == [times, group]
                assert number(result) == times * group
        else:
            product, _, result = line.partition(": ")[2].rpartition(" = ")
            if product:
                assert math.prod(number(factor) for factor in product.split(" · ")) == number(result)
            group += number(result)
    raise AssertionError("no sum")


@pytest.mark.parametrize("name", SUMS)
def test_every_line_of_a_sum_is_right(bert: SheetFields, name: str) -> None:
    fact = next(fact for fact in recompute(bert).facts if fact.name == name)
    assert recomputed(fact.steps) == fact.derived


def test_blocks_that_are_alike_are_written_once(bert: SheetFields) -> None:
    lines = explain(recompute(bert), "analog_ops")
    assert "layer.0 to layer.11, 12 alike, each:" in lines
    # 2 · 768² · 128 tokens.
    assert "  query: 2 · 768 · 768 · 32 · 4 = 150,994,944" in lines
    assert "sum: 21,743,271,936" in lines
    assert len([line for line in lines if line.startswith("  query: ")]) == 1


def test_tiles_are_written_as_they_are_cut(bert: SheetFields) -> None:
    lines = explain(recompute(bert), "parameters.tiles")
    assert "  output: ⌈3,072/512⌉ · ⌈768/512⌉ = 6 · 2 = 12" in lines
    assert "  together 40; 12 · 40 = 480" in lines
    assert lines[-1].startswith("note: 67.5% of their cells")


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.lists(st.integers(1, 9), min_size=1, max_size=3)), min_size=1
    )
)
def test_any_sum_is_written_out_rightly(entries: list[tuple[str, list[int]]]) -> None:
    terms = [term(block, f"{block}.t{index}", *factors) for index, (block, factors) in enumerate(entries)]
    assert recomputed(written_out(terms)) == sum(math.prod(factors) for _, factors in entries)


def test_the_claim_is_set_beside_the_arithmetic(bert: SheetFields) -> None:
    lines = explain(recompute(bert), "parameters")
    assert lines[0] == "parameters.parameters = 109,482,240"
    assert (
        "the sheet claims 110 million: the derived value rounds to it (relative difference -0.47%)" in lines
    )
    lines = explain(recompute(bert), "reuse_factor")
    assert "the sheet claims 1: the same" in lines


def test_a_rounded_text_has_the_exact_number_beside_it(bert: SheetFields) -> None:
    first = explain(recompute(bert), "analog_ops")[0]
    assert first == "parameters.operating_points[0].analog_ops = 21.743 G ops (21,743,271,936)"


def test_inputs_are_named_with_their_places(bert: SheetFields) -> None:
    lines = explain(recompute(bert), "energy")
    assert "formula: power · execution time" in lines
    assert "with power = 3.13 W (parameters.power)" in lines
    assert "3.13 W · approx. 0.19 ms = 594.7 µJ" in lines


def test_a_name_that_stands_for_two_places_gives_both(sheet_with: Callable[..., SheetFields]) -> None:
    row = {"seq_len": 8, "batch": 1, "power": "1 W", "execution_time": "1 s", "throughput": "1 Hz"}
    sheet = sheet_with(parameters={"operating_points": [row]}, performance={"throughput": "1 Hz"})
    lines = explain(recompute(sheet), "throughput")
    assert [line for line in lines if line.endswith(" = 1 inferences/s")][1:] != []
    assert "" in lines


def test_what_can_not_be_derived_is_explained_too(sheet_with: Callable[..., SheetFields]) -> None:
    lines = explain(recompute(sheet_with(parameters={"tiles": 480})), "tiles")
    assert lines[0] == "parameters.tiles: not derivable"
    assert lines[-2:] == ["the sheet claims 480", "note: no tile geometry is stated or given"]


def test_an_unknown_fact_is_refused_with_what_may_have_been_meant(bert: SheetFields) -> None:
    with pytest.raises(DeriveError) as raised:
        explain(recompute(bert), "analog_op")
    assert "analog_ops" in raised.value.candidates
    assert "did you mean `analog_ops`" in raised.value.help
    with pytest.raises(DeriveError) as raised:
        explain(recompute(bert), "???")
    assert raised.value.candidates == ()
    assert "the facts are parameters, analog_weights" in raised.value.help
