"""What users may write for an axis, and what is said of what they may not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.crossbar.mapping import TileShape
from factsheet.errors import SweepError
from factsheet.sweeps.request import read_numbers, read_tiles


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4", (4,)),
        ("1,2,4,8", (1, 2, 4, 8)),
        (" 8 , 1 ", (8, 1)),
        ("1,2,1", (1, 2)),
        ("16:64:16", (16, 32, 48, 64)),
        ("16:60:16", (16, 32, 48)),
        ("3:6", (3, 4, 5, 6)),
        ("5:5:9", (5,)),
        ("16:256:*2", (16, 32, 64, 128, 256)),
        ("1:100:x10", (1, 10, 100)),
        ("1,16:32:16,2", (1, 16, 32, 2)),
    ],
)
def test_numbers_lists_and_ranges(text: str, numbers: tuple[int, ...]) -> None:
    assert read_numbers("--batch", text) == numbers


@settings(deadline=None)
@given(st.integers(1, 10**6), st.integers(0, 2000), st.integers(1, 100))
def test_a_range_holds_both_of_its_ends(start: int, steps: int, step: int) -> None:
    numbers = read_numbers("--seq-len", f"{start}:{start + steps * step}:{step}")
    assert numbers == tuple(start + n * step for n in range(steps + 1))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "is empty"),
        ("1,,2", "1,,2"),
        ("1,2,", "1,2,"),
        ("0", "`0`"),
        ("1,0,4", "`0`"),
        ("-4", "`-4`"),
        ("4.5", "`4.5`"),
        ("1k", "`1k`"),
        ("four", "`four`"),
        ("16-256", "`16-256`"),
        ("1,256:16:16", "`256:16:16` is empty"),
        ("16:256:0", "`16:256:0` never"),
        ("16:256:*1", "`16:256:*1` never"),
        ("16:256:-16", "`16:256:-16`"),
        ("1:2:3:4", "`1:2:3:4`"),
        ("0:256:16", "0 in `0:256:16`"),
        ("1000000001", "1000000001"),
        ("1" * 30, "1" * 30),
        ("1:1000000000", "1,000,000,000 values"),
    ],
)
def test_what_is_wrong_is_shown(text: str, shown: str) -> None:
    with pytest.raises(SweepError) as caught:
        read_numbers("--batch", text)
    assert caught.value.message.startswith("--batch")
    assert shown in caught.value.message
    assert caught.value.why
    assert caught.value.help


@settings(deadline=None)
@given(st.text(alphabet="0129:,x*- ", max_size=8))
def test_anything_else_is_an_error_and_nothing_worse(text: str) -> None:
    for read in (read_numbers, read_tiles):
        try:
            assert read("--tile", text)
        except SweepError as error:
            assert len(error.message) < 200  # noqa: PT017  what follows an error is not always one


def test_tiles_are_squares_or_pairs() -> None:
    assert read_tiles("--tile", "256,512x128,512") == (
        TileShape(256, 256),
        TileShape(512, 128),
        TileShape(512, 512),
    )
    assert read_tiles("--tile", "128:512:*2") == (
        TileShape(128, 128),
        TileShape(256, 256),
        TileShape(512, 512),
    )


@pytest.mark.parametrize("text", ["0", "512x0", "0x512", "x512", "512x", "512x256x128", "1000000"])
def test_a_tile_that_is_none(text: str) -> None:
    with pytest.raises(SweepError, match="--tile"):
        read_tiles("--tile", text)
