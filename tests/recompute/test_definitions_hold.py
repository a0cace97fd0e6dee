"""Figures of a chip and of a digital device are to each other as their definitions say, at both ends of a range."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factsheet.api.fact_sheet import load
from factsheet.hardware.precomputed import known_profiles
from factsheet.recompute.comparisons.chip_claims import ranges
from factsheet.recompute.derivations.chip import ranges_over_structures
from factsheet.recompute.derivations.run_energies import run_energies, run_energy_sentence
from factsheet.recompute.interpretations import declared

if TYPE_CHECKING:
    from factsheet.quantities.interval import Interval

BERT = Path(__file__).parents[2] / "sheets" / "bert.yaml"
A100 = "a100-fp16-fastertransformer-pytorch"


def _is_product(one: Interval, other: Interval, product: float) -> None:
    """Hold the low end of one against the high end of the other, where the model bounds both."""
    for end, opposite in ((one.low, other.high), (one.high, other.low)):
        bounded = 0 < end < inf
        assert bounded == (0 < opposite < inf)
        assert not bounded or end * opposite == pytest.approx(product)


@pytest.mark.parametrize("batch", [1, 4])
@pytest.mark.parametrize("profile", sorted(known_profiles()))
def test_ranges_of_a_chip(profile: str, batch: int) -> None:
    known = declared(load(BERT))
    constants = known_profiles()[profile].constants(None, None)
    assert known is not None
    assert constants is not None
    found = ranges(known.structure, constants, 32, batch, stated=0.0)
    if "execution_time" in found:
        time, rate = found["execution_time"], found["throughput"]
        assert 0 < time.low <= time.high
        # Inferences a second are those of a batch over its time.
        _is_product(time, rate, batch)
    if "energy" in found:
        run, one, efficiency = found["energy"], found["energy_per_inference"], found["energy_efficiency"]
        assert [run.low, run.high] == pytest.approx([one.low * batch, one.high * batch])
        # Inferences a second and watt are inferences a joule.
        _is_product(one, efficiency, 1)
        if "execution_time" in found:
            power, time = found["power"], found["execution_time"]
            if not 0 < run.low <= run.high < inf or not 0 < time.low <= time.high < inf:
                return
            assert [power.low * time.high, power.high * time.low] == pytest.approx([run.low, run.high])
    if "area" in found:
        assert 0 < found["area"].low <= found["area"].high


def test_figures_of_a_digital_device() -> None:
    derivation = load(BERT).derive(hardware=A100)
    facts = {fact.path.rpartition(".")[2]: fact for fact in derivation.chip_facts}
    value = {name: fact.derived for name, fact in facts.items()}
    reach = {name: fact.reach for name, fact in facts.items()}
    batch = derivation.point.batch or 1
    time, power, energy = (value[name] for name in ("latency", "power", "energy_per_inference"))
    assert time is not None
    assert power is not None
    assert energy is not None
    assert value["throughput"] == pytest.approx(batch / time)
    assert energy == pytest.approx(power * time / batch)
    assert value["energy_efficiency"] == pytest.approx(1 / energy)
    for one, other, product in (
        ("latency", "throughput", batch),
        ("energy_per_inference", "energy_efficiency", 1.0),
    ):
        first, second = reach[one], reach[other]
        assert first is not None
        assert second is not None
        assert 0 < first.low < first.high
        assert [first.low * second.high, first.high * second.low] == pytest.approx([product, product])
    # The ± of a time is a factor, the same either way.
    assert reach["latency"] is not None
    assert reach["latency"].low * reach["latency"].high == pytest.approx(time**2)
    steps = facts["energy_per_inference"].arithmetic.steps
    assert steps[0].startswith("peak ")
    assert steps[-1].startswith("power ")
    assert not facts["latency"].arithmetic.steps[-1].startswith("power ")
    # The kernels that take the most come first.
    assert " x " in steps[1]


def test_ends_over_the_execution_structures() -> None:
    derivation = load(BERT).derive(hardware="ibm-2022")
    estimate = derivation.chip.estimate
    assert estimate is not None
    found = ranges_over_structures(estimate)
    low, high = estimate.latency_range or (0.0, 0.0)
    assert found["latency"] == ("time", low, high)
    assert 0 < low < high
    assert found["throughput"] == ("throughput", estimate.batch / high, estimate.batch / low)
    total = estimate.totals.get("energy")
    if "power" in found:
        assert total is not None
        run = total.value * estimate.batch
        assert list(found["power"][1:]) == pytest.approx([run / high, run / low])


def test_what_one_run_takes_by_each_way() -> None:
    # 3.13 W · 0.19 ms = 594.7 µJ; a batch of 4 over 6589 inferences/s/W is 607.1 µJ.
    derivation = load(BERT).derive(hardware="ibm-2022")
    found = run_energies(derivation)
    by = {way.words: way for way in found}
    assert by["power times execution time"].energy_j == pytest.approx(594.7e-6)
    assert by["the energy efficiency"].energy_j == pytest.approx(4 / 6589)
    estimate = derivation.chip.estimate
    assert estimate is not None
    assert by["the chip model"].energy_j == pytest.approx(estimate.totals["energy"].value * estimate.batch)
    sentence = run_energy_sentence(found)
    assert sentence is not None
    assert sentence.startswith("Energy of one run: ")
    assert all(f"{way.text} by {way.words}" in sentence for way in found)
    assert run_energy_sentence(found[:1]) is None
