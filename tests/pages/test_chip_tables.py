"""What a model of the chip says, on the pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factsheet.pages.assembly import build_page
from factsheet.pages.content.chip import estimates_of
from factsheet.pages.model import FigureBlock, TableBlock
from factsheet.recompute.engine import recompute
from factsheet.recompute.operating_grid import DesignRange
from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from factsheet.pages.model import Page
    from factsheet.readers.roles import ViewName
    from factsheet.sheet.model import SheetFields

BERT = Path(__file__).parents[2] / "sheets" / "bert.yaml"


def sheet_of(text: str) -> SheetFields:
    from factsheet.source.loader import load_bytes

    document = load_bytes(text.encode(), "sheet.yaml").document
    assert document is not None
    sheet, misfits = read_factsheet(document.data)
    assert sheet is not None, misfits
    return sheet


@pytest.fixture(scope="module")
def bert() -> SheetFields:
    document = read_sheet(BERT).document
    assert document is not None
    sheet, _ = read_factsheet(document.data)
    assert sheet is not None
    return sheet


def page_of(sheet: SheetFields, view: ViewName) -> Page:
    derivation = recompute(sheet)
    return build_page(sheet, view, derivation, estimates=estimates_of(sheet, derivation))


def chip_table(page: Page) -> TableBlock | None:
    blocks = (block for section in page.sections for block in section.blocks)
    found = [b for b in blocks if isinstance(b, TableBlock) and b.caption.startswith("The chip as published")]
    return found[0] if found else None


@pytest.mark.parametrize("view", ["hardware-researcher", "ai-engineer", "full"])
def test_the_model_stands_beside_the_sheet(bert: SheetFields, view: ViewName) -> None:
    table = chip_table(page_of(bert, view))
    assert table is not None
    rows = {row[0]: row for row in table.rows}
    assert (rows["Power"][1], rows["Power"][3]) == ("3.13 W", "3.148 W")
    # 4 / (0.19 ms · 3.13 W) = 6,726; from 0.18 to 0.20 ms and 3.125 to 3.135 W it is 6,380 to 7,111, so that the
    # hundreds are the last digit that is known.
    assert rows["Energy efficiency"][1:3] == ("6,589 inferences/s/W", "approx. 6,700 inferences/s/W")
    # The model gives 780.4 mm² because it was fitted to it: no difference is shown, as there is no test in it.
    assert rows["Area"][4] == "–"
    assert rows["Area"][5] == "No test: the model was fitted to this figure."
    # The slot was fitted on another network, so that the time is a prediction; what it rests on is said.
    assert rows["Time of a run"][4] == "0.0 %"
    assert rows["Time of a run"][5] == "Agrees, as far as the sheet's digits go; fitted constants."
    assert rows["Power"][5] == "Differs by more than rounding; fitted constants."
    assert rows["Throughput"][5] == "Not in the sheet; fitted constants."
    fits = {note.about: note.text for note in table.notes}
    assert fits["Fitted to the area of BERT, 780.4 mm²"] == "Area."
    assert "Time of a run" in fits["Fitted to the time of ResNet32, 0.434 ms"]


def test_a_grid_can_be_had_for_other_tiles_and_chips(bert: SheetFields) -> None:
    grid = estimates_of(bert, recompute(bert)).grid
    assert grid is not None
    assert grid.chip == "ibm-2022, tiles of 512 × 512"
    choices = {choice.chip: choice for choice in grid.choices}
    # A block of BERT-base on 256 × 256: 4 · 3² + 2 · 3 · 12 = 108 tiles, 12 of them.
    assert choices["ibm-2022, tiles of 256 × 256"].tiles == 12 * 108
    assert any(name.startswith("hermes-64") for name in choices)
    for choice in grid.choices:
        assert [(p.seq_len, p.batch, p.ops) for p in choice.points] == [
            (p.seq_len, p.batch, p.ops) for p in grid.points
        ]


def test_points_beyond_the_design_are_known(bert: SheetFields) -> None:
    grid = estimates_of(bert, recompute(bert)).grid
    assert grid is not None
    # The sheet: sequences of up to 128, batches of 1 to 4.
    assert grid.design == DesignRange(128, 4)
    assert [p.seq_len for p in grid.points if grid.design.holds(p) and p.batch == 4] == [8, 16, 32, 64, 128]
    assert not any(grid.design.holds(p) for p in grid.points if p.batch == 8)


def test_without_a_profile_there_is_no_table() -> None:
    sheet = sheet_of("factsheet: 1\noverview: {name: Example, model: BERT-base}\n")
    assert chip_table(page_of(sheet, "full")) is None


def test_energy_is_split_by_part_and_layer(bert: SheetFields) -> None:
    split = estimates_of(bert, recompute(bert)).energy
    assert split is not None
    parts = {share.name: share.energy_j for share in split.parts}
    # 4 sequences of 5.4358 G ops at 100 TOPS/W, and of 12.976 M values at 7.34 pJ: see docs/cost-model.md.
    assert parts["memory cells"] == pytest.approx(4 * 5.4358e9 / 100e12, rel=1e-4)
    assert parts["values in and out of tiles"] == pytest.approx(4 * 12_976_128 * 7.34e-12)
    assert sum(share.energy_j for share in split.layers) == pytest.approx(sum(parts.values()))


def test_the_energy_figure_is_drawn(bert: SheetFields) -> None:
    figures = [
        block
        for section in page_of(bert, "hardware-researcher").sections
        for block in section.blocks
        if isinstance(block, FigureBlock) and block.id == "energy-split"
    ]
    assert [figure.data is not None for figure in figures] == [True]


def test_the_profile_names_the_standing_of_each_constant(bert: SheetFields) -> None:
    profile = estimates_of(bert, recompute(bert)).profile
    assert profile is not None
    assert {figure.standing for figure in profile.figures} == {"published", "fitted"}


SEVERAL = (
    "factsheet: 1\noverview: {name: A, model: A}\nmodel_architecture: {mlp: {sizes: [4096, 4096, 4096]}}\n"
    "hardware: {inference: {profile: hermes-64}}\n"
)
PUBLISHED_POWER = """    value: 3.13 W
    at: {batch: not stated}
    note: Average power of the chip; no operating point is published with it.
"""
OWN_POWER = """    value: 3.148 W
    at: {seq_len: 32, batch: 4}
    source: derived
    note: Estimated by the cost model on ibm-2022.
"""


def test_a_figure_that_the_sheet_has_from_the_model_is_no_test_of_it() -> None:
    text = BERT.read_text(encoding="utf-8")
    assert PUBLISHED_POWER in text
    page = page_of(sheet_of(text.replace(PUBLISHED_POWER, OWN_POWER)), "hardware-researcher")
    table = chip_table(page)
    assert table is not None
    rows = {row[0]: row for row in table.rows}
    assert rows["Power"][4:] == ("–", "No test: the sheet's figure is the model's; fitted constants.")
    (power,) = [one for one in page.opening.figures if one.path == "parameters.power"]
    assert power.provenance.startswith("estimated by a model of the chip")
    assert power.mark.provenance == "estimated"
    assert any("nothing has measured it" in one.text for one in power.caveats)
    assert not any("The chip model gives" in one.text for one in power.caveats)


def test_the_area_of_several_chips_is_not_called_that_of_one() -> None:
    # 2 · ⌈4096/256⌉² = 512 tiles of 256 x 256; a HERMES chip has 64 (Le Gallo et al. 2023): 8 chips.
    (area,) = [fact for fact in recompute(sheet_of(SEVERAL)).chip_facts if fact.name == "chip.area"]
    assert "of all 8 chips together; of tiles alone" in area.note
    claimed = f"parameters: {{area: {{value: {area.text}, source: derived, note: 'Estimated by x: {area.note}'}}}}\n"
    claimed = claimed.replace("by x", "by the cost model on hermes-64")
    page = page_of(sheet_of(f"{SEVERAL}{claimed}"), "hardware-researcher")
    (figure,) = [one for one in page.opening.figures if one.path == "parameters.area"]
    assert (figure.name, figure.condition) == ("Area of the chips", "all 8 chips together, tiles alone")


def test_a_figure_of_something_else_or_within_a_bound_is_no_difference_of_the_model() -> None:
    # Jia et al. 2020: one array of 2,304 x 256, which the network is loaded into part by part; the model has a tile for
    # each part. Le Gallo et al. 2023: a chip of 144 mm², of which the profile knows the area of tiles alone.
    atlas = BERT.parent / "atlas"
    for name, reason in (
        ("princeton-a", "Not compared: it may be that of one chip"),
        ("hermes-captions", "Agrees: the model's figure is at least what it can be"),
    ):
        page = page_of(sheet_of((atlas / f"{name}.yaml").read_text(encoding="utf-8")), "hardware-researcher")
        table = chip_table(page)
        assert table is not None
        area = next(row for row in table.rows if str(row[0]).startswith("Area"))
        assert str(area[-1]).startswith(reason), area
        assert not any("(area)" in sentence for sentence in page.opening.answer)
