"""The operating point that figures are worked out at: how it is chosen, named and completed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.errors import DeriveError
from factsheet.recompute.points import ChosenPoint, choose_point, stated_tile, tile_left_open

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields

    SheetWith = Callable[..., SheetFields]

ROWS = [
    {"name": "first", "seq_len": 32, "batch": 4},
    {"name": "open", "seq_len": 64, "batch": "not stated"},
    {"name": "last", "seq_len": 64, "batch": 8},
]


def with_rows(sheet_with: SheetWith, *rows: dict[str, Any]) -> SheetFields:
    return sheet_with(parameters={"operating_points": list(rows)}) if rows else sheet_with()


@pytest.mark.parametrize(
    ("asked", "point", "index", "origins"),
    [
        ((None, None), (32, 4), 0, ("declared", "declared")),
        ((64, None), (64, None), 1, ("asked", "declared")),  # the first row that agrees
        ((64, 8), (64, 8), 2, ("asked", "asked")),
        ((64, 2), (64, 2), 1, ("asked", "asked")),  # the row that leaves its batch open holds at any
        ((None, 8), (64, 8), 2, ("declared", "asked")),
        ((16, None), (16, 4), None, ("asked", "declared")),  # the rest is of the first row
        ((32, 5), (32, 5), None, ("asked", "asked")),
    ],
)
def test_what_is_asked_for_with_the_rest_of_a_row(
    sheet_with: SheetWith,
    asked: tuple[int | None, int | None],
    point: tuple[int, int | None],
    index: int | None,
    origins: tuple[str, str],
) -> None:
    found = choose_point(with_rows(sheet_with, *ROWS), *asked)
    assert (found.seq_len, found.batch) == point
    assert found.index == index
    assert (found.row is None) == (index is None)
    assert (found.seq_len_from, found.batch_from) == origins
    assert (found.first_seq_len, found.first_batch) == (32, 4)
    place = "derived" if index is None else f"parameters.operating_points[{index}]"
    assert found.path("power") == f"{place}.power"


@pytest.mark.parametrize(("seq_len", "batch"), [(0, 1), (1, 0), (-1, 1), (10**15 + 1, 1), (1, 10**15 + 1)])
def test_sizes_that_cannot_be_are_refused(sheet_with: SheetWith, seq_len: int, batch: int) -> None:
    with pytest.raises(DeriveError, match="is out of range"):
        choose_point(sheet_with(), seq_len, batch)


def test_the_ends_of_what_can_be_are_taken(sheet_with: SheetWith) -> None:
    # The message says "from 1 to 10^15".
    for size in (1, 10**15):
        found = choose_point(sheet_with(), size, size)
        assert (found.seq_len, found.batch) == (size, size)
        assert found.first_seq_len is found.first_batch is None


@pytest.mark.parametrize(
    ("point", "complete", "words", "missing"),
    [
        (ChosenPoint(1024, 4), True, "sequence length 1,024 and batch 4", None),
        (ChosenPoint(None, 4), False, "an unknown sequence length and batch 4", "no sequence length is"),
        (ChosenPoint(8, None), False, "sequence length 8 and an unknown batch", "no batch is"),
        (
            ChosenPoint(None, None),
            False,
            "an unknown sequence length and an unknown batch",
            "no sequence length and no batch is",
        ),
        (ChosenPoint(1, 1024, without_length=True), True, "batch 1,024", None),
    ],
)
def test_a_point_in_words(point: ChosenPoint, complete: bool, words: str, missing: str | None) -> None:
    assert point.complete is complete
    assert point.words == words
    assert missing is None or point.missing == f"{missing} stated or given"


def test_only_what_nobody_gives_is_assumed() -> None:
    found = ChosenPoint(None, 4).assumed(128, 1)
    assert (found.seq_len, found.batch, found.seq_len_from, found.batch_from) == (
        128,
        4,
        "assumed",
        "declared",
    )
    found = ChosenPoint(8, None).assumed(128, 1)
    assert (found.seq_len, found.batch, found.seq_len_from, found.batch_from) == (8, 1, "declared", "assumed")
    assert ChosenPoint(None, None).assumed() == ChosenPoint(None, None)


def test_sizes_are_named_with_where_they_come_from() -> None:
    point = ChosenPoint(1024, 4, seq_len_from="asked")
    assert [tuple(size) for size in point.sizes(None)] == [
        ("sequence length", "1,024", "asked"),
        ("batch", "4", "declared"),
    ]
    assert ChosenPoint(None, None).sizes(None) == ()


@pytest.mark.parametrize(
    ("stated", "holds"),
    [
        ((32, 4), True),
        ((None, None), True),
        ((32, None), True),
        ((None, 4), True),
        ((64, 4), False),
        ((32, 8), False),
        ((32, "not stated"), True),  # read as the first row's batch
    ],
)
def test_a_figure_holds_where_its_point_is_this_one(stated: Any, holds: bool) -> None:
    assert ChosenPoint(32, 4, first_seq_len=32, first_batch=4).holds(stated) is holds
    # At another point than the first, a figure that names none is one of the first.
    assert not ChosenPoint(64, 8, first_seq_len=32, first_batch=4).holds((None, None))
    assert ChosenPoint(64, 8).holds((None, None))


@pytest.mark.parametrize(
    ("tile", "shape", "left_open"),
    [
        ({"rows": 256, "cols": 512}, (256, 512), ""),
        (
            {"rows": 256, "cols": {"not_disclosed": "x"}},
            None,
            "the sheet gives no number of columns of a tile",
        ),
        ({"rows": {"not_disclosed": "x"}, "cols": 256}, None, "the sheet gives no number of rows of a tile"),
    ],
)
def test_a_tile_needs_both_sides(
    sheet_with: SheetWith, tile: dict[str, Any], shape: tuple[int, int] | None, left_open: str
) -> None:
    sheet = sheet_with(parameters={"tile": tile})
    found = stated_tile(sheet)
    assert (None if found is None else (found.rows, found.cols)) == shape
    said = tile_left_open(sheet)
    assert said.startswith(left_open)
    assert bool(said) == bool(left_open)
    assert stated_tile(sheet_with()) is None
    assert tile_left_open(sheet_with()) == ""
