"""Operations, times and energies at other lengths and batches: those of the same question asked alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.crossbar.mapping import TileShape
from factsheet.recompute.engine import recompute
from factsheet.recompute.operating_grid import DesignRange, GridPoint, OperatingGrid, operating_grid
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields

    SheetWith = Callable[..., SheetFields]


def grid_of(sheet: SheetFields) -> OperatingGrid:
    grid = operating_grid(sheet, recompute(sheet))
    assert grid is not None
    return grid


@pytest.fixture(scope="module")
def of_bert(bert: SheetFields) -> OperatingGrid:
    return grid_of(bert)


def test_lengths_and_batches_are_the_usual_ones_with_the_published_point(of_bert: OperatingGrid) -> None:
    # The published point, of 32 tokens and 4 sequences, is among the usual ones.
    assert of_bert.seq_lens == (8, 16, 32, 64, 128, 256, 512)
    assert of_bert.batches == (1, 2, 4, 8)
    places = [(point.seq_len, point.batch) for point in of_bert.points]
    assert places == [(length, batch) for length in of_bert.seq_lens for batch in of_bert.batches]
    assert of_bert.published is not None
    assert (of_bert.published.seq_len, of_bert.published.batch) == (32, 4)
    assert of_bert.published.latency_s == pytest.approx(0.19e-3)  # as the sheet has it


def test_another_length_and_batch_of_the_sheet_are_among_them(sheet_with: SheetWith) -> None:
    point = {"name": "own", "seq_len": 100, "batch": 3, "total_ops": "1 G ops"}
    grid = grid_of(sheet_with(parameters={"operating_points": [point]}))
    assert grid.seq_lens == (8, 16, 32, 64, 100, 128, 256, 512)
    assert grid.batches == (1, 2, 3, 4, 8)
    assert grid.published == GridPoint(100, 3, ops=10**9, label="own")
    assert not grid.has_latency


@pytest.mark.parametrize(
    "point",
    [
        {"seq_len": 100, "batch": 3},  # gives no figure
        {"seq_len": 100, "batch": "not stated", "total_ops": "1 G ops"},
        {"seq_len": 100, "batch": 3, "total_ops": "up to 1 G ops"},  # a bound is no figure to show
    ],
)
def test_a_point_without_a_figure_is_not_the_published_one(
    sheet_with: SheetWith, point: dict[str, Any]
) -> None:
    grid = grid_of(sheet_with(parameters={"operating_points": [{"name": "own", **point}]}))
    assert grid.published is None
    assert grid.seq_lens == (8, 16, 32, 64, 128, 256, 512)


@pytest.mark.parametrize(("length", "batch"), [(8, 1), (64, 2), (512, 8)])
def test_each_point_is_what_is_derived_for_it_alone(
    bert: SheetFields, of_bert: OperatingGrid, length: int, batch: int
) -> None:
    point = of_bert.at(length, batch)
    alone = recompute(bert, Request(seq_len=length, batch=batch))
    made = alone.chip.estimate
    assert point is not None
    assert made is not None
    assert (point.ops, point.analog_ops, point.digital_ops) == (
        alone.totals.total_ops,
        alone.totals.analog_ops,
        alone.totals.digital_ops,
    )
    assert point.latency_s == pytest.approx(made.totals["latency"].value)
    assert point.energy_j == pytest.approx(
        made.totals["energy"].value * batch
    )  # of the run; the total is of one
    assert point.efficiency == pytest.approx(made.totals["efficiency"].value)


def test_the_same_on_smaller_and_larger_tiles_and_other_chips(
    bert: SheetFields, of_bert: OperatingGrid
) -> None:
    chips = [choice.chip for choice in of_bert.choices]
    # The sheet's tile is of 512 x 512; half and twice that come first, then the other chips.
    assert chips[:2] == ["ibm-2022, tiles of 256 × 256", "ibm-2022, tiles of 1,024 × 1,024"]
    assert of_bert.chip == "ibm-2022, tiles of 512 × 512"
    assert len(set(chips)) == len(chips) > 2
    assert not any(chip.startswith("ibm-2022") for chip in chips[2:])
    small = of_bert.choices[0]
    alone = recompute(bert, Request(seq_len=32, batch=4, tile=TileShape(256, 256))).chip.estimate
    assert alone is not None
    assert small.tiles == alone.tiles
    there = next(point for point in small.points if (point.seq_len, point.batch) == (32, 4))
    assert there.latency_s == pytest.approx(alone.totals["latency"].value)
    assert [(point.seq_len, point.batch) for point in small.points] == [
        (point.seq_len, point.batch) for point in of_bert.points
    ]


@pytest.mark.parametrize(
    ("design", "held"),
    [
        (DesignRange(32, 4), {(32, 4)}),
        (DesignRange(None, 4), {(32, 4), (33, 4)}),
        (DesignRange(32, None), {(32, 4), (32, 5)}),
    ],
)
def test_a_design_holds_points_up_to_its_ends(design: DesignRange, held: set[tuple[int, int]]) -> None:
    points = {(32, 4), (33, 4), (32, 5), (33, 5)}
    assert {point for point in points if design.holds(GridPoint(*point))} == held


@pytest.mark.parametrize(
    ("optimum", "design"),
    [
        ({"seq_len": "up to 128", "batch": "up to 8"}, DesignRange(128, 8)),
        ({"seq_len": "64", "batch": "at least 2"}, DesignRange(64, None)),
        ({"seq_len": "at least 2"}, None),
    ],
)
def test_what_the_chip_is_designed_for(
    sheet_with: SheetWith, optimum: dict[str, str], design: DesignRange | None
) -> None:
    assert grid_of(sheet_with(parameters={"optimum": optimum})).design == design
