"""What figures are derived with: whose tile, whose counting, and what has no length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.crossbar.mapping import TileShape
from factsheet.recompute.engine import recompute
from factsheet.recompute.request import Request, request_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields

    SheetWith = Callable[..., SheetFields]


@pytest.mark.parametrize(
    ("chip", "tile", "side"),
    [
        (None, None, 512),  # the sheet's own
        ("ibm-2022", None, 512),  # that chip's too
        ("hermes-64", None, 256),  # a core of 256 x 256: Le Gallo et al., Nature Electronics 6 (2023)
        ("hermes-64", TileShape(128, 128), 128),  # asked for
    ],
)
def test_another_chip_has_its_own_tile(
    bert: SheetFields, chip: str | None, tile: TileShape | None, side: int
) -> None:
    found = recompute(bert, request_with(Request(tile=tile), hardware=chip)).chip.estimate
    assert found is not None
    assert (found.constants.rows, found.constants.cols) == (side, side)


@pytest.mark.parametrize(
    ("counting", "asked", "stated"),
    [
        ("matmul-only", None, True),
        ("matmul-only", "matmul-only", True),
        ("matmul-only", "consistent", False),
        (None, None, False),
        (None, "consistent", False),
    ],
)
def test_whether_operations_are_counted_as_the_sheet_says(
    sheet_with: SheetWith, counting: str | None, asked: str | None, stated: bool
) -> None:
    row: dict[str, Any] = {"name": "A", "seq_len": 8, "batch": 1, "total_ops": "1 G ops"}
    sheet = sheet_with(parameters={"operating_points": [row | ({"counting": counting} if counting else {})]})
    assert recompute(sheet, Request(convention=asked)).convention_is_stated is stated


def test_a_chip_that_is_not_known_is_named(sheet_with: SheetWith) -> None:
    found = recompute(sheet_with(hardware={"inference": {"profile": "no-such-chip"}})).chip
    assert found.estimate is None
    assert found.problem == "there is no hardware profile `no-such-chip`"


def test_a_network_of_images_has_no_length_to_name(sheet_with: SheetWith) -> None:
    sheet = sheet_with(model_architecture={"mlp": {"sizes": [64, 32, 10]}})
    derivation = recompute(sheet)
    assert derivation.point.without_length
    assert derivation.point.words == "batch 1"
    # Two operations for each of 64 · 32 + 32 · 10 weights.
    assert derivation.totals.analog_ops == 2 * (64 * 32 + 32 * 10)
    assert not recompute(sheet_with(), Request(seq_len=8)).point.without_length


def test_a_length_that_is_too_long_leaves_the_sizes(sheet_with: SheetWith) -> None:
    # BERT-base has 512 positions and 109,482,240 parameters (Devlin et al. 2019: 110 M), whatever it is asked for.
    derivation = recompute(sheet_with(), Request(seq_len=513, batch=1))
    sizes = {fact.name: fact.derived for fact in derivation.facts}
    assert sizes["parameters"] == 109_482_240
    assert derivation.totals.total_ops is None
