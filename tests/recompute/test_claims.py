"""What is taken as a claim, with its provenance, its point and what it includes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.recompute.claims import ESTIMATED, NO_POINT, claim_at, claim_of, is_estimate, points

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields

    SheetWith = Callable[..., SheetFields]


@pytest.mark.parametrize(
    ("source", "note", "estimate"),
    [
        ("derived", f"{ESTIMATED} ibm-2022.", True),
        ("derived", "From two tables.", False),
        ("derived", None, False),
        ("measured", f"{ESTIMATED} ibm-2022.", False),
        (None, f"{ESTIMATED} ibm-2022.", False),
    ],
)
def test_an_estimate_is_derived_and_says_by_what(
    source: str | None, note: str | None, estimate: bool
) -> None:
    assert is_estimate(source, note) is estimate


@pytest.mark.parametrize(
    ("own", "section", "sheet", "derived"),
    [
        ("derived", "measured", "measured", True),
        ("measured", "derived", "derived", False),
        (None, "derived", "measured", True),
        (None, "measured", "derived", False),
        (None, None, "derived", True),
        (None, None, "measured", False),
        (None, None, None, False),
    ],
)
def test_the_nearest_provenance_counts(
    sheet_with: SheetWith, own: str | None, section: str | None, sheet: str | None, derived: bool
) -> None:
    fact = {"value": "3 W", "source": own} if own else "3 W"
    parameters: dict[str, Any] = {"power": fact}
    if section:
        parameters["provenance"] = {"source": section}
    claim = claim_at(
        sheet_with(parameters=parameters, provenance={"source": sheet} if sheet else None),
        "parameters",
        "power",
    )
    assert claim is not None
    assert claim.derived is derived
    assert claim.path == ("parameters", "power")


def test_what_states_no_figure_is_no_claim(sheet_with: SheetWith) -> None:
    sheet = sheet_with(parameters={"power": {"not_disclosed": "x"}})
    assert claim_at(sheet, "parameters", "power") is None
    assert claim_at(sheet, "parameters", "area") is None
    assert claim_at(sheet_with(), "parameters", "power") is None
    assert claim_of(sheet, None, ("parameters", "power")) is None


def test_a_point_is_the_one_stated_with_the_figure(sheet_with: SheetWith) -> None:
    performance = {
        "classification_time": {"value": "1 ms", "at": {"seq_len": 32, "batch": 4}},
        "throughput": "3 inferences/s",
    }
    sheet = sheet_with(performance=performance)
    placed, loose = (claim_at(sheet, "performance", name) for name in performance)
    assert placed is not None
    assert loose is not None
    assert placed.point == (32, 4)
    assert loose.point == NO_POINT


def test_a_tolerance_comes_with_its_reason(sheet_with: SheetWith) -> None:
    fact = {"value": "3 W", "tolerance": {"within": "5 %", "reason": "Meters differ."}}
    claim = claim_at(sheet_with(parameters={"power": fact}), "parameters", "power")
    plain = claim_at(sheet_with(parameters={"power": "3 W"}), "parameters", "power")
    assert claim is not None
    assert plain is not None
    assert claim.tolerance == pytest.approx(0.05)
    assert claim.tolerance_reason == "Meters differ."
    assert (plain.tolerance, plain.tolerance_reason) == (0.0, "")


@pytest.mark.parametrize(
    ("of_section", "of_row", "expected"),
    [
        (None, None, "chip"),  # what is meant where nothing is said
        ("board", None, "board"),
        ("board", "wall", "wall"),
        (None, "wall", "wall"),
    ],
)
def test_what_an_energy_of_a_row_includes(
    sheet_with: SheetWith, of_section: str | None, of_row: str | None, expected: str
) -> None:
    other = {"name": "other", "seq_len": 8, "batch": 1, "energy": "1 mJ", "energy_boundary": "tile"}
    row = {"name": "own", "seq_len": 8, "batch": 2, "energy": "1 mJ", "execution_time": "1 ms"}
    sheet = sheet_with(
        parameters={
            "power": "1 W",
            "operating_points": [other, {**row, "energy_boundary": of_row} if of_row else row],
        },
        performance={"energy_boundary": of_section} if of_section else None,
    )
    places = list(points(sheet))
    assert [path for path, _ in places] == [
        ("parameters", "operating_points", 0),
        ("parameters", "operating_points", 1),
    ]
    path, point = places[1]
    energy = claim_of(sheet, point.energy, (*path, "energy"))
    time = claim_of(sheet, point.execution_time, (*path, "execution_time"))
    power = claim_at(sheet, "parameters", "power")
    assert energy is not None
    assert time is not None
    assert power is not None
    assert energy.boundary == expected
    assert time.boundary == ""  # a time includes nothing
    assert power.boundary == "chip"  # by its definition, whatever the section's energies include
    # A time goes with every energy; two energies only if they include the same.
    assert time.incomparable(energy) == ""
    assert energy.incomparable(time, power) == (
        "" if expected == "chip" else f"1 mJ is of the {expected}, and 1 W of the chip"
    )


@pytest.mark.parametrize(
    ("unit", "field", "of_part"),
    [
        ("token", "throughput", True),
        ("frame", "throughput", True),
        ("sequence", "throughput", False),
        (None, "throughput", False),
        ("token", "classification_time", False),
    ],
)
def test_what_counts_parts_of_an_inference(
    sheet_with: SheetWith, unit: str | None, field: str, of_part: bool
) -> None:
    performance = {"throughput": "3 inferences/s", "classification_time": "1 ms"}
    sheet = sheet_with(performance={**performance, "inference_unit": unit} if unit else performance)
    claim = claim_at(sheet, "performance", field)
    assert claim is not None
    assert claim.of_part is of_part
