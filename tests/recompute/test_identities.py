"""Time, power, energy and efficiency: that claims which were rounded from the truth are never called wrong."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.recompute.engine import recompute
from factsheet.recompute.identities import DIMENSIONS, SOLVED, exact_factor, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields


@pytest.mark.parametrize(
    ("name", "known", "value", "reach"),
    [
        # 4 inferences at 8 a second take 0.5 s where none overlaps another, and more where they do.
        ("execution_time", {"batch": 4, "throughput": 8}, 0.5, (0.5, inf)),
        ("energy_per_inference", {"energy_efficiency": 4}, 0.25, (0.25, 0.25)),
        ("power", {"energy_per_inference": 3, "throughput": 2}, 6, (6, 6)),
    ],
)
def test_what_is_solved_for_is_the_least_there_can_be_of_a_time(
    name: str, known: dict[str, float], value: float, reach: tuple[float, float]
) -> None:
    factors = {key: [exact_factor(key, one, "")] for key, one in known.items()}
    (outcome,) = (found for one in SOLVED[name] if (found := solve(name, one, factors)) is not None)
    assert (outcome.value, outcome.reach.low, outcome.reach.high) == (value, *reach)
    assert name in DIMENSIONS


ROW = "parameters.operating_points[0]"


def rounded(value: float, digits: int, unit: str) -> str:
    return f"{value:.{digits - 1}e} {unit}"


@given(
    st.integers(1, 64),
    st.floats(1e-6, 1.0),
    st.floats(1e-3, 300.0),
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5)),
)
def test_figures_rounded_from_one_truth_never_differ(
    sheet_with: Callable[..., SheetFields],
    batch: int,
    time: float,
    power: float,
    digits: tuple[int, int, int],
) -> None:
    row: dict[str, Any] = {
        "seq_len": 8,
        "batch": batch,
        "execution_time": rounded(time, digits[0], "s"),
        "power": rounded(power, digits[1], "W"),
        "energy": rounded(time * power, digits[2], "J"),
        "energy_efficiency": rounded(batch / (time * power), digits[2], "inferences/s/W"),
        "throughput": rounded(batch / time, digits[2], "inferences/s"),
    }
    sheet = sheet_with(
        parameters={"operating_points": [row]},
        performance={"energy_per_inference": rounded(time * power / batch, digits[1], "J")},
    )
    facts = {fact.path: fact for fact in recompute(sheet).facts}
    for path in (
        f"{ROW}.energy",
        f"{ROW}.energy_efficiency",
        f"{ROW}.throughput",
        f"{ROW}.batch",
        "performance.energy_per_inference",
    ):
        assert facts[path].claimed is not None
        assert facts[path].verdict.kind in {"agrees", "rounds_to", "within_written"}, path


def test_an_efficiency_of_another_batch_differs(facts_of: Callable[..., dict[str, DerivedFact]]) -> None:
    # The published figures of BERT with a batch of one: 1 / (0.19 ms · 3.13 W) = 1681.5.
    row = {"seq_len": 32, "batch": 1, "execution_time": "0.19 ms", "power": "3.13 W"}
    facts = facts_of(
        parameters={"operating_points": [row]}, performance={"energy_efficiency": "6589 inferences/s/W"}
    )
    efficiency = facts["performance.energy_efficiency"]
    assert efficiency.verdict.kind == "differs"
    assert efficiency.derived == pytest.approx(1681.520094)
    assert efficiency.relative_difference == pytest.approx(1681.520094 / 6589 - 1)
    batch = facts[f"{ROW}.batch"]
    assert (batch.verdict.kind, batch.derived) == ("differs", 4)


def test_figures_that_fit_no_whole_batch(facts_of: Callable[..., dict[str, DerivedFact]]) -> None:
    # 1000 / s / W · 1.000 ms · 2.500 W = 2.5.
    row = {"seq_len": 32, "batch": 2, "execution_time": "1.000 ms", "power": "2.500 W"}
    facts = facts_of(
        parameters={"operating_points": [row]}, performance={"energy_efficiency": "1000.0 inferences/s/W"}
    )
    batch = facts[f"{ROW}.batch"]
    assert batch.verdict.kind == "differs"
    assert batch.derived == pytest.approx(2.5)
    assert batch.note.startswith("no whole batch")


def test_figures_too_coarse_to_tell_the_batch(facts_of: Callable[..., dict[str, DerivedFact]]) -> None:
    row = {"seq_len": 32, "batch": 3, "execution_time": "1 ms", "power": "3 W"}
    coarse = {"energy_efficiency": "1 k inferences/s/W"}
    several = facts_of(parameters={"operating_points": [row]}, performance=coarse)[f"{ROW}.batch"]
    # [500, 1500] · [0.5, 1.5] ms · [2.5, 3.5] W = 0.625 to 7.875.
    assert several.verdict.kind in {"agrees", "within_written"}
    assert several.note.startswith("time, power and efficiency agree for batches 1 to 7")
    row["power"] = "9 W"
    many = facts_of(parameters={"operating_points": [row]}, performance=coarse)[f"{ROW}.batch"]
    assert many.note.startswith("time, power and efficiency agree for many batches")


def test_a_figure_claimed_twice_is_compared_twice(facts_of: Callable[..., dict[str, DerivedFact]]) -> None:
    row = {
        "seq_len": 32,
        "batch": 1,
        "execution_time": "1.00 ms",
        "power": "1.00 W",
        "energy_efficiency": "1000 inferences/s/W",
    }
    facts = facts_of(
        parameters={"operating_points": [row]}, performance={"energy_efficiency": "500.0 inferences/s/W"}
    )
    assert facts[f"{ROW}.energy_efficiency"].verdict.kind == "agrees"
    assert facts["performance.energy_efficiency"].verdict.kind == "differs"


def test_a_time_that_may_be_zero_gives_no_rate(facts_of: Callable[..., dict[str, DerivedFact]]) -> None:
    row = {"seq_len": 32, "batch": 1, "execution_time": "up to 2 ms", "power": "1 W", "throughput": "5 kHz"}
    facts = facts_of(parameters={"operating_points": [row]})
    rate = facts[f"{ROW}.throughput"]
    assert (rate.verdict.kind, rate.note) == (
        "not_comparable",
        "what the sheet says of execution time allows zero",
    )
    assert rate.claimed is not None
    assert facts[f"{ROW}.energy"].derived == pytest.approx(2e-3)


def test_without_an_efficiency_energy_comes_from_power_and_time(
    facts_of: Callable[..., dict[str, DerivedFact]],
) -> None:
    row = {"seq_len": 32, "batch": 4, "execution_time": "2.0 ms", "power": "3.0 W"}
    facts = facts_of(parameters={"operating_points": [row]}, performance={"energy_per_inference": "1.5 mJ"})
    assert facts["performance.energy_per_inference"].verdict.kind in {"agrees", "rounds_to"}


def test_ops_of_the_structure_stand_in_for_ops_that_are_not_claimed(
    facts_of: Callable[..., dict[str, DerivedFact]],
) -> None:
    row = {"seq_len": 32, "batch": 4, "counting": "matmul-only", "execution_time": "1.0 ms", "power": "1.0 W"}
    fact = facts_of(parameters={"operating_points": [row]})["performance.tops_per_watt"]
    # 2 · (6144 · (55296 · 32 + 384) + 75,497,472) ops a millijoule: see the closed forms in tests/workload.
    assert fact.derived == pytest.approx(21_898_985_472 * 1e3)
