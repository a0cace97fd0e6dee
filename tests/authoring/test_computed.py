"""What follows from a sheet: each figure against arithmetic done by hand here, or against its source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from factsheet.api.fact_sheet import FactSheet, load
from factsheet.authoring.computed import computed_facts
from factsheet.errors import UsageError
from factsheet.recompute.request import request_with

SHEETS = Path(__file__).parents[2] / "sheets"
SMALL: dict[str, Any] = {
    "factsheet": 1,
    "overview": {"name": "Small", "model": "mlp"},
    "model_architecture": {"mlp": {"sizes": [64, 32, 10]}},
    "parameters": {"tile": {"rows": 64, "cols": 64, "devices_per_weight": 2}},
}


def computed(data: dict[str, Any], **options: Any) -> dict[str, Any]:
    facts = computed_facts(FactSheet.from_data(data), request_with(None, **options))
    return {".".join(map(str, found.path)): found for found in facts}


def test_sizes_of_a_small_network_are_those_of_arithmetic() -> None:
    found = computed(SMALL)
    weights = 64 * 32 + 32 * 10
    assert found["parameters.parameters"].value == weights + 32 + 10
    assert found["parameters.analog_weights"].value == weights
    assert found["parameters.devices"].value == 2 * weights
    assert found["parameters.tiles"].value == 2
    assert found["performance.size_on_chip"].value == "2 tiles"
    assert {one.source for one in found.values()} == {"derived"}
    assert not any(one.path[:2] == ("parameters", "operating_points") for one in found.values())
    assert all(one.note.startswith("Computed: ") for one in found.values())


def test_an_operating_point_that_is_asked_for_becomes_a_row_with_its_convention() -> None:
    found = computed(SMALL, batch=3)
    row = "parameters.operating_points.0"
    assert found[row].answer() == {"batch": 3}
    assert found[f"{row}.analog_ops"].value == 3 * 2 * (64 * 32 + 32 * 10)
    assert found[f"{row}.counting"].value == "consistent"
    assert list(found).index(row) < list(found).index(f"{row}.analog_ops")


def test_each_row_has_its_own_figures() -> None:
    rows = [{"batch": 1}, {"batch": 4}]
    found = computed({**SMALL, "parameters": {**SMALL["parameters"], "operating_points": rows}})
    ops = 2 * (64 * 32 + 32 * 10)
    assert found["parameters.operating_points.0.analog_ops"].value == ops
    assert found["parameters.operating_points.1.analog_ops"].value == 4 * ops


def test_the_precision_of_a_file_is_not_guessed() -> None:
    assert "performance.size_on_disk" not in computed(SMALL)


def test_the_convention_is_not_stated_for_ops_that_somebody_else_counted() -> None:
    rows = [{"batch": 1, "total_ops": "about 5 k ops"}]
    found = computed({**SMALL, "parameters": {**SMALL["parameters"], "operating_points": rows}})
    assert "parameters.operating_points.0.counting" not in found
    assert "counted under `consistent`" in found["parameters.operating_points.0.digital_ops"].note


def test_estimates_of_bert_are_near_its_published_figures_and_say_what_they_rest_on() -> None:
    facts = {found.path: found for found in computed_facts(load(SHEETS / "bert.yaml"))}
    power = facts["parameters", "power"]  # 3.13 W in the published sheet
    assert isinstance(power.value, str)
    assert float(power.value.removesuffix(" W")) == pytest.approx(3.13, rel=0.01)
    assert power.source == "derived"
    assert power.note.startswith("Estimated by the cost model on ibm-2022: ")
    assert "fitted" in power.note


def test_a_figure_of_another_chip_is_none_of_this_sheet() -> None:
    with pytest.raises(UsageError, match="another one is asked for"):
        computed_facts(load(SHEETS / "bert.yaml"), request_with(None, hardware="ambrogio-34"))
