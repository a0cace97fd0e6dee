"""What would make a claim right, which claims go together, and what is tried: each branch with its numbers by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.errors import DeriveError
from factsheet.recompute.baselines.footprint import tariff_of
from factsheet.recompute.claims import claim_at
from factsheet.recompute.comparisons.implied_claims import placed_by
from factsheet.recompute.comparisons.repeated_claims import (
    out_of_order,
    rates_without_batch,
    stated_elsewhere,
    without_batch,
)
from factsheet.recompute.comparisons.structure_readings import possibility
from factsheet.recompute.interpretations import (
    MOST_OPERATORS,
    affordable,
    declared,
    is_large,
    likely_heads,
    network_of,
    sizes,
    tiles,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields

    SheetWith = Callable[..., SheetFields]

# 40 x 30 and 30 x 10 weights, and as many biases as outputs: 1,500 and 40.
MLP = {"mlp": {"sizes": [40, 30, 10]}}


@pytest.mark.parametrize(
    ("name", "claimed", "words"),
    [
        # Of 1,540 parameters, a quarter more may be a part that is not declared.
        ("parameters", "1,600", "a part of the network is not declared, such as an adapter or a head"),
        ("parameters", "1,925", "a part of the network is not declared, such as an adapter or a head"),
        ("parameters", "1,926", ""),
        ("parameters", "1,500", ""),
        # Of 1,200 and 300 weights.
        ("analog_weights", "1,200", "some of its layers are digital"),
        ("analog_weights", "300", "some of its layers are digital"),
        ("analog_weights", "900", ""),
        # 40 x 30 and 30 x 10 weights are two tiles of 64 x 64, and at least 1,500 / 4,096 of one.
        ("tiles", "3", "weights are stored several times, or spare ones are counted"),
        ("tiles", "1", "matrices share tiles"),
        ("devices", "3,000", "some of its layers are digital"),
        ("devices", "9,000", "weights are stored several times, or spare ones are counted"),
    ],
)
def test_what_would_make_a_claim_right(sheet_with: SheetWith, name: str, claimed: str, words: str) -> None:
    tile = {"rows": 64, "cols": 64, "devices_per_weight": 2}
    sheet = sheet_with(model_architecture=MLP, parameters={name: claimed, "tile": tile})
    known, claim = declared(sheet), claim_at(sheet, "parameters", name)
    assert known is not None
    assert claim is not None
    assert possibility(sheet, claim, name, known) == words


def test_sizes_of_a_declared_network(sheet_with: SheetWith) -> None:
    known = declared(sheet_with(model_architecture=MLP))
    assert known is not None
    found = sizes(known.structure)
    assert (found[0], found[1], found[2], found[3]) == (1540, 1500, 1500, 1500)
    assert found[4] == 1
    # 40 x 30 in tiles of 16 x 16 are 3 x 2 of them, 30 x 10 are 2 x 1.
    assert tiles(known.structure, 16, 16) == 8
    assert tiles(known.structure, 64, 64) == 2
    assert not is_large(known)
    operators = len(network_of(known.structure, 1).operators)
    assert affordable(known) == MOST_OPERATORS // operators
    assert affordable(known, 10) == MOST_OPERATORS // (10 * operators)
    assert affordable(known, MOST_OPERATORS) == 1


def test_outputs_that_the_tasks_call_for(sheet_with: SheetWith) -> None:
    def heads(*rows: dict[str, Any]) -> tuple[int, ...]:
        table = {
            "name": "T",
            "metric": "accuracy",
            "systems": [{"id": "c", "name": "Chip"}],
            "tasks": [{"task": f"{n}", "scores": {"c": "90 %"}, **row} for n, row in enumerate(rows)],
        }
        return likely_heads(sheet_with(performance={"results": [table]}))

    assert heads({"classes": 3}, {"classes": 10}) == (2, 3, 10)
    assert heads({"type": "regression"}) == (1, 2)
    assert likely_heads(sheet_with()) == (2,)


def row(name: str, seq_len: int, batch: Any, **figures: str) -> dict[str, Any]:
    return {"name": name, "seq_len": seq_len, "batch": batch, **figures}


def of_rows(sheet_with: SheetWith, *rows: dict[str, Any], **sections: Any) -> SheetFields:
    return sheet_with(
        parameters={"operating_points": list(rows), **sections.pop("parameters", {})}, **sections
    )


def test_the_same_figure_at_two_lengths(sheet_with: SheetWith) -> None:
    def found(*rows: dict[str, Any]) -> list[str]:
        return [one.claim.quantity.text for one in stated_elsewhere(of_rows(sheet_with, *rows))]

    short, long = {"execution_time": "1 ms"}, {"execution_time": "2 ms"}
    assert found(row("a", 32, 1, **short), row("b", 64, 1, **short)) == ["1 ms"]
    assert found(row("a", 32, 1, **short), row("b", 64, 1, **long)) == []
    assert found(row("a", 32, 1, **short), row("b", 64, 2, **short)) == []
    # The first two are of one length; the pair that follows is looked at all the same.
    assert found(row("a", 32, 1, **short), row("b", 32, 1, **long), row("c", 64, 1, **long)) == ["2 ms"]


def test_larger_points_that_take_less(sheet_with: SheetWith) -> None:
    def found(*rows: dict[str, Any]) -> int:
        return len(list(out_of_order(of_rows(sheet_with, *rows))))

    fast, slow = {"execution_time": "1.0 ms"}, {"execution_time": "2.0 ms"}
    assert found(row("p", 32, 1, **slow), row("p", 64, 1, **fast)) == 1
    assert found(row("p", 32, 1, **fast), row("p", 64, 1, **slow)) == 0
    assert found(row("p", 32, 4, **slow), row("p", 64, 1, **fast)) == 0  # longer, but fewer
    assert found(row("p", 32, 1, **slow), row("p", 32, 4, **fast)) == 1


@pytest.mark.parametrize(
    ("time", "power", "efficiency", "fits"),
    [
        # 6589 · 0.19 ms · 3.13 W = 3.92, by the digits 3.81 to 4.03: a batch of four.
        ("0.19 ms", "3.13 W", "6589 inferences/s/W", True),
        # 5900 · 0.190 ms · 3.130 W = 3.51: no whole batch.
        ("0.1900 ms", "3.130 W", "5900.0 inferences/s/W", False),
        # 500 · 0.19 ms · 3.13 W = 0.30: less than one.
        ("0.1900 ms", "3.130 W", "500.0 inferences/s/W", False),
    ],
)
def test_time_power_and_efficiency_without_a_batch(
    sheet_with: SheetWith, time: str, power: str, efficiency: str, fits: bool
) -> None:
    sheet = sheet_with(
        parameters={"power": power},
        performance={"classification_time": time, "energy_efficiency": efficiency},
    )
    assert bool(list(without_batch(sheet))) is not fits


@pytest.mark.parametrize(
    ("rate", "power", "efficiency", "fits"),
    [
        ("300 inferences/s", "3.00 W", "100 inferences/s/W", True),
        ("300.0 inferences/s", "3.000 W", "120.0 inferences/s/W", False),
        ("300.0 tokens/s", "3.000 W", "120.0 inferences/s/W", True),  # of other things
        ("300.0 inferences/s", "at most 3.000 W", "120.0 inferences/s/W", True),
    ],
)
def test_rate_power_and_efficiency_without_a_batch(
    sheet_with: SheetWith, rate: str, power: str, efficiency: str, fits: bool
) -> None:
    sheet = sheet_with(
        parameters={"power": power}, performance={"throughput": rate, "energy_efficiency": efficiency}
    )
    assert bool(list(rates_without_batch(sheet))) is not fits


def test_what_places_claims_at_a_point(sheet_with: SheetWith) -> None:
    at = {"seq_len": 32, "batch": 4}
    sheet = sheet_with(
        performance={"classification_time": {"value": "1 ms", "at": at}},
        parameters={"operating_points": [row("p", 64, 2, energy="1 mJ")]},
    )
    placed = claim_at(sheet, "performance", "classification_time")
    assert placed is not None
    place = ("performance", "classification_time", "at")
    assert placed_by(placed) == (
        ((*place, "seq_len"), "`seq_len` is 32"),
        ((*place, "batch"), "`batch` is 4"),
    )
    above = ("parameters", "operating_points", 0)
    assert placed_by(placed, row=0)[2:] == (
        ((*above, "seq_len"), "the `seq_len` that it is read at"),
        ((*above, "batch"), "the `batch` that it is read at"),
    )


@pytest.mark.parametrize(
    ("price", "intensity", "right"),
    [
        ("1000", None, True),
        ("1000.1", None, False),
        ("0", None, False),
        (None, "0 g CO2e/kWh", True),
        (None, "35 g CO2e/kWh", True),
    ],
)
def test_bounds_of_a_tariff(price: str | None, intensity: str | None, right: bool) -> None:
    if right:
        tariff_of(price, intensity)
        return
    with pytest.raises(DeriveError):
        tariff_of(price, intensity)


def test_what_is_quoted_of_a_price_is_cut() -> None:
    with pytest.raises(DeriveError) as caught:
        tariff_of("x" * 60)
    assert "x" * 40 in caught.value.message
    assert "x" * 41 not in caught.value.message
