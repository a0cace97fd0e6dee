"""Energy of many answers and gains over digital hardware, at the ends of what each is worked out from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.recompute.derivations.gains import (
    energy_gain,
    energy_of_answers,
    in_watt_hours,
    speed_gain,
    watt_hours,
)
from factsheet.sheet.load import read_factsheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from factsheet.sheet.model import SheetFields


# 1 Wh is 3,600 J (SI brochure, table 8: 1 h = 3,600 s).
@pytest.mark.parametrize(
    ("hours", "digits", "words"),
    [
        (0.00017, 3, "0.17 mWh"),
        (0.00994, 3, "9.94 mWh"),
        (0.01, 3, "0.01 Wh"),
        (999.4, 3, "999 Wh"),
        (999.96, 3, "1 kWh"),  # 999.96 has 1.00e3 as its three digits
        (999.96, 5, "999.96 Wh"),
        (999_960.0, 3, "1 MWh"),
        (999_960_000.0, 3, "1 GWh"),
    ],
)
def test_the_unit_is_that_of_the_rounded_energy(hours: float, digits: int, words: str) -> None:
    assert in_watt_hours(hours * 3600, digits) == words


def test_a_watt_hour_has_3600_joules() -> None:
    assert watt_hours(7200) == 2


# By their definitions: answers ÷ (inferences/J), answers · J, answers · J of a run ÷ answers of a run.
@pytest.mark.parametrize(
    ("performance", "points", "energy_j", "path"),
    [
        ({"energy_efficiency": "0.5 inferences/s/W"}, [], 20, "performance.energy_efficiency"),
        ({"energy_per_inference": "0.5 J"}, [], 5, "performance.energy_per_inference"),
        (
            {"energy_efficiency": "1 to 2 inferences/s/W", "energy_per_inference": "3 J"},
            [],
            30,
            "performance.energy_per_inference",
        ),
        ({}, [{"batch": 4, "energy": "0.5 J"}], 1.25, "parameters.operating_points[0].energy"),
        ({}, [{"batch": 1, "energy": "2 J"}], 20, "parameters.operating_points[0].energy"),
        ({}, [{"batch": 4, "energy": "1 to 2 J"}], None, ""),
    ],
)
def test_ten_answers_take_what_the_first_figure_that_is_one_number_says(
    sheet_with: Callable[..., SheetFields],
    performance: dict[str, Any],
    points: list[dict[str, Any]],
    energy_j: float | None,
    path: str,
) -> None:
    sheet = sheet_with(
        performance=performance or None, parameters={"operating_points": points} if points else None
    )
    found = energy_of_answers(sheet, 10)
    if energy_j is None:
        assert found is None
    else:
        assert found is not None
        assert found.energy_j == pytest.approx(energy_j)
        assert found.path == path


def test_a_speed_gain_is_the_quotient_of_throughputs(sheet_with: Callable[..., SheetFields]) -> None:
    found = speed_gain(
        sheet_with(performance={"throughput": "4 inferences/s", "throughput_gpu": "0.5 inferences/s"}),
        "throughput_gpu",
    )
    assert found == (4, 0.5, 8)


# What is divided by is never zero: neither 0 nor what is too small for a float is read as a figure or a batch.
@pytest.mark.parametrize("number", ["0", "1e-400", "-1"])
def test_a_figure_that_cannot_be_divided_by_is_not_read(number: str) -> None:
    sheet, _ = read_factsheet(
        {
            "factsheet": 1,
            "overview": {"name": "a sheet", "model": "a model"},
            "performance": {
                "energy_efficiency": f"{number} inferences/s/W",
                "energy_per_inference": f"{number} J",
                "throughput": "4 inferences/s",
                "throughput_gpu": f"{number} inferences/s",
                "energy_baseline": f"{number} inferences/s/W",
            },
            "parameters": {
                "operating_points": [
                    {"batch": 0, "energy": "2 J"},
                    {"energy": "2 J"},
                    {"batch": 1, "energy": f"{number} J"},
                ]
            },
        }
    )
    assert sheet is not None
    assert energy_of_answers(sheet, 10) is None
    assert speed_gain(sheet, "throughput_gpu") is None


def test_a_gain_takes_both_figures(sheet_with: Callable[..., SheetFields]) -> None:
    own, digital = {"energy_efficiency": "4 inferences/s/W"}, {"energy_baseline": "0.5 inferences/s/W"}
    assert energy_gain(sheet_with(performance=own)) is None
    assert energy_gain(sheet_with(performance=digital)) is None
    assert energy_gain(sheet_with(performance=own | digital)) == (4, 0.5, 8)
