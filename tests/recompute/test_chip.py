"""Facts of the chip beside a sheet's claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.errors import DeriveError
from factsheet.hardware.profile import profile_of
from factsheet.recompute.engine import recompute
from factsheet.recompute.explanation import explain
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from factsheet.recompute.derivation import Derivation
    from factsheet.sheet.model import SheetFields


def values(derivation: Derivation) -> dict[str, float | None]:
    return {fact.name: fact.derived for fact in derivation.chip_facts}


# The published FactSheet of BERT at sequence length 32: 4 sequences take 0.19 ms at 3.13 W, 6589 inferences/s/W.
# From 4 / (6589 · 3.13), the time is 0.19396 ms. Nothing of the profile but the area was fitted on them.
@pytest.mark.parametrize(
    ("name", "published", "within"),
    [
        ("chip.latency", 4 / (6589 * 3.13), 0.03),
        ("chip.power", 3.13, 0.02),
        ("chip.energy_efficiency", 6589, 0.02),
        ("chip.area", 780.4e-6, 0.001),
    ],
)
def test_the_published_figures_of_bert_are_explained(
    bert: SheetFields, name: str, published: float, within: float
) -> None:
    assert values(recompute(bert))[name] == pytest.approx(published, rel=within)


def test_the_published_time_is_rounded_to(bert: SheetFields) -> None:
    facts = [fact for fact in recompute(bert).chip_facts if fact.name == "chip.latency"]
    assert [fact.path for fact in facts] == [
        "parameters.operating_points[0].execution_time",
        "performance.classification_time",
    ]
    # 12 blocks · 4 sequences · 32 tokens · 123.75 ns
    assert [fact.derived for fact in facts] == [pytest.approx(12 * 4 * 32 * 123.75e-9)] * 2
    assert {fact.verdict.kind for fact in facts} == {"rounds_to"}


def test_each_figure_says_what_it_rests_on(bert: SheetFields) -> None:
    weakest = {fact.name: fact.arithmetic.weakest for fact in recompute(bert).chip_facts}
    # The slot and the energy of a port were fitted; density of a tile is read in doi:10.1109/iedm45741.2023.10413767.
    assert weakest["chip.latency"] == weakest["chip.energy_per_inference"] == "fitted"
    assert weakest["chip.area_tiles"] == "published"


def test_another_chip_is_not_held_against_the_sheet(bert: SheetFields) -> None:
    other = recompute(bert, Request(profile=profile_of("isaac-ce")))
    assert other.chip_facts
    assert all(fact.claimed is None for fact in other.chip_facts)


def test_another_tile_is_not_held_against_the_sheet(bert: SheetFields) -> None:
    from factsheet.crossbar.mapping import TileShape

    assert all(fact.claimed is None for fact in recompute(bert, Request(tile=TileShape(256, 256))).chip_facts)


def test_structures_differ_in_time_alone(bert: SheetFields) -> None:
    synchronous = values(recompute(bert))
    pipelined = values(recompute(bert, Request(structure="sequence-pipelined")))
    # (12 blocks + 4 sequences - 1) · 32 tokens · 123.75 ns
    assert pipelined["chip.latency"] == pytest.approx(15 * 32 * 123.75e-9)
    same = ("chip.energy_per_inference", "chip.energy_efficiency", "chip.area")
    assert [pipelined[name] for name in same] == [synchronous[name] for name in same]


def test_without_a_profile_there_is_no_estimate(sheet_with: Callable[..., SheetFields]) -> None:
    bare = recompute(sheet_with())
    assert bare.chip_facts == ()
    assert "no hardware profile is named" in bare.chip.problem
    with pytest.raises(DeriveError, match="no fact is called `latency`"):
        explain(bare, "latency")


def test_an_unknown_profile_is_said(sheet_with: Callable[..., SheetFields]) -> None:
    unknown = recompute(sheet_with(hardware={"inference": {"profile": "../../etc/passwd.yaml"}}))
    assert unknown.chip_facts == ()
    assert unknown.chip.problem == "there is no hardware profile `../../etc/passwd.yaml`"


def test_the_area_needs_no_operating_point(sheet_with: Callable[..., SheetFields]) -> None:
    sheet = sheet_with(hardware={"inference": {"profile": "ibm-2022"}})
    found = values(recompute(sheet))
    # 480 tiles (IBM's 3D-CiM-LLM-Inference-Simulator) of 2 · 512² / 40 ns / 10.9 TOPS/mm²
    assert found["chip.area_tiles"] == pytest.approx(480 * 2 * 512**2 / 40e-9 / 10.9e12 * 1e-6)
    assert found["chip.latency"] is None


@pytest.mark.parametrize("name", ["latency", "power", "energy_per_inference", "area", "tops_per_watt"])
def test_every_figure_shows_its_arithmetic(bert: SheetFields, name: str) -> None:
    lines = explain(recompute(bert), f"chip.{name}")
    assert any(line.startswith("with hardware profile = ibm-2022") for line in lines)
    assert any("=" in line for line in lines[3:])


def test_matrices_whose_use_is_not_stated_leave_no_time_and_no_energy(read: Any) -> None:
    sheet = read(
        {
            "factsheet": 1,
            "overview": {"name": "a sheet", "model": "a model"},
            "model_architecture": {
                "operators": [
                    {"name": "first", "rows": 256, "cols": 256, "calls": 0},
                    {"name": "second", "rows": 256, "cols": 256},
                ]
            },
            "parameters": {
                "tile": {"rows": 256, "cols": 256},
                "operating_points": [{"batch": 1, "execution_time": "1 ms", "power": "1 W"}],
            },
            "hardware": {"inference": {"profile": "hermes-64"}},
            "performance": {"tops_per_watt": "2 TOPS/W"},
        }
    )
    found = recompute(sheet)
    chip = {fact.name: fact for fact in found.chip_facts}
    assert chip["chip.latency"].derived is None
    assert "how often an inference uses first is not stated" in chip["chip.latency"].note
    assert chip["chip.area_tiles"].derived is not None
    # Half of the operations are not counted, so that they give no efficiency.
    assert next(fact for fact in found.facts if fact.name == "tops_per_watt").derived is None


def test_a_bound_is_that_of_the_quickest_structure(bert: SheetFields) -> None:
    # bruschi-512 has no time of moving values or of digital units, so that times are lower bounds. Layers that stream
    # inputs are quicker than layers that wait for a whole batch, which therefore bound nothing.
    found = recompute(bert, Request(profile=profile_of("bruschi-512")))
    assert found.chip.estimate is not None
    assert found.chip.estimate.latency_range is not None
    facts = {fact.name: fact for fact in found.chip_facts}
    quickest, slowest = found.chip.estimate.latency_range
    assert quickest < slowest
    assert facts["chip.latency"].derived == pytest.approx(quickest)
    assert facts["chip.latency"].text.startswith("at least ")
    assert facts["chip.throughput"].derived == pytest.approx(found.chip.estimate.batch / quickest)
    asked = recompute(bert, Request(profile=profile_of("bruschi-512"), structure="sequential"))
    assert {fact.name: fact.derived for fact in asked.chip_facts}["chip.latency"] == pytest.approx(slowest)
