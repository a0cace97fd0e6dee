"""The normal numbers: exactly what the module says they are, distributed as they should be, however they are cut."""

from __future__ import annotations

import hashlib
import math
import struct
from statistics import NormalDist

import pytest
import torch

from factsheet.crossbar.functional.draws import Draws, Stream, portions

ROWS, COLS, BLOCKS = 256, 512, 16
# Of 30 figures that are standard normal, one in a thousand suites has one beyond this.
Z = 4.5


@pytest.fixture(scope="module", params=["of devices", "of products", "of steps of training"])
def blocks(request: pytest.FixtureRequest) -> torch.Tensor:
    if request.param == "of devices":
        drawn = [Draws(f"block {n}", (ROWS, COLS)).normal("test") for n in range(BLOCKS)]
    elif request.param == "of steps of training":
        drawn = [Draws(f"step {n}", (ROWS, COLS), passing=True).normal("test") for n in range(BLOCKS)]
    else:
        drawn = [torch.empty(ROWS, COLS) for _ in range(BLOCKS)]
        for n, out in enumerate(drawn):
            Stream(f"block {n}", COLS).fill(out, 100)
            out.mul_(math.sqrt(2))
    return torch.stack(drawn).double()


def test_a_number_is_the_quantile_of_the_word_at_its_row_and_column() -> None:
    rows, cols = 3, 5
    digest = hashlib.shake_128(b"key/purpose").digest(8 * (rows + cols))
    odd = [word | 1 for word in struct.unpack(f"<{2 * (rows + cols)}I", digest)]
    first, second = odd[: rows + cols], odd[rows + cols :]
    drawn = Draws("key", (rows, cols)).normal("purpose")
    for r in range(rows):
        for c in range(cols):
            word = (first[r] * first[rows + c] ^ second[r] * second[rows + c]) % 2**32
            signed = word - 2**32 if word >= 2**31 else word
            expected = NormalDist().inv_cdf((1 + signed / 2**31) / 2)
            assert float(drawn[r, c]) == pytest.approx(expected, abs=2e-6)


def test_a_number_of_a_stream_is_the_quantile_of_a_line_down_its_column() -> None:
    rows, cols = 1024, 5
    digest = hashlib.shake_128(b"key/0").digest(8 * (rows + cols))
    odd = [word | 1 for word in struct.unpack(f"<{2 * (rows + cols)}I", digest)]
    offsets = odd[2 * rows + cols :]
    drawn = torch.empty(3, cols)
    Stream("key", cols).fill(drawn, 7)
    for r in range(3):
        for c in range(cols):
            word = (odd[7 + r] * odd[rows + c] + offsets[c]) % 2**32
            signed = word - 2**32 if word >= 2**31 else word
            expected = NormalDist().inv_cdf((1 + signed / 2**31) / 2) / math.sqrt(2)
            assert float(drawn[r, c]) == pytest.approx(expected, abs=2e-6)


# Moments of the standard normal, and the variance of a power: E x^2p - (E x^p)^2.
@pytest.mark.parametrize(
    ("power", "moment", "variance"), [(1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96), (6, 15, 10170)]
)
def test_moments_are_those_of_a_normal(
    blocks: torch.Tensor, power: int, moment: float, variance: float
) -> None:
    found = float((blocks**power).mean())
    assert abs(found - moment) < Z * math.sqrt(variance / blocks.numel())


def test_the_distribution_is_normal_in_256_bins_and_in_the_tails(blocks: torch.Tensor) -> None:
    uniform = 0.5 * (1 + torch.erf(blocks / math.sqrt(2)))
    expected = blocks.numel() / 256
    chi_squared = float(((torch.histc(uniform.float(), 256, 0, 1) - expected) ** 2 / expected).sum())
    assert abs(chi_squared - 255) < Z * math.sqrt(2 * 255)
    for limit in (3.0, 4.0):
        beyond = 2 * NormalDist().cdf(-limit) * blocks.numel()
        assert abs(float((blocks.abs() > limit).sum()) - beyond) < Z * math.sqrt(beyond)


@pytest.mark.parametrize("step", [(0, 1), (1, 0), (1, 1), (2, 3), (64, 0), (0, 128)])
def test_neighbours_have_nothing_in_common(blocks: torch.Tensor, step: tuple[int, int]) -> None:
    down, across = step
    one, other = blocks[:, : ROWS - down, : COLS - across], blocks[:, down:, across:]
    assert abs(float((one * other).mean())) < Z / math.sqrt(one.numel())
    # Neither have their sizes; (x² − 1) has the variance 2.
    assert abs(float(((one**2 - 1) * (other**2 - 1)).mean()) / 2) < Z / math.sqrt(one.numel())


def test_corners_of_rectangles_and_other_blocks_have_nothing_in_common(blocks: torch.Tensor) -> None:
    # What a product of something of the row and something of the column would fail.
    four = blocks[:, :-1, :-1] * blocks[:, 1:, 1:] * blocks[:, 1:, :-1] * blocks[:, :-1, 1:]
    # Each number is in four of them, but two rectangles never have all their corners in common.
    assert abs(float(four.mean())) < Z / math.sqrt(four.numel())
    assert abs(float((blocks[:-1] * blocks[1:]).mean())) < Z / math.sqrt(blocks[1:].numel())
    one = Draws("block 0", (ROWS, COLS))
    assert abs(float((one.normal("test") * one.normal("other")).mean())) < Z / math.sqrt(ROWS * COLS)
    assert abs(float((one.normal("test") * one.part("a").normal("test")).mean())) < Z / math.sqrt(ROWS * COLS)


def test_rows_are_as_independent_as_random_ones(blocks: torch.Tensor) -> None:
    # Johnstone (2001): the largest singular value of a matrix of independent normal numbers is about √rows + √columns
    # plus half of (1/√rows + 1/√columns)^⅓ times a number after Tracy and Widom, whose mean is -1.21 and spread 1.27.
    largest = torch.stack([torch.linalg.eigvalsh(block @ block.t())[-1].sqrt() for block in blocks])
    unit = (ROWS**-0.5 + COLS**-0.5) ** (1 / 3) / 2
    expected = math.sqrt(ROWS) + math.sqrt(COLS) - 1.21 * unit
    assert float(largest.mean()) == pytest.approx(expected, abs=Z * 1.27 * unit / math.sqrt(BLOCKS))


def test_uniform_numbers_are_uniform() -> None:
    drawn = Draws("key", (ROWS, COLS)).uniform("chance")
    assert float(drawn.min()) >= 0
    assert float(drawn.max()) <= 1
    assert float((drawn < 0.01).float().mean()) == pytest.approx(
        0.01, abs=Z * math.sqrt(0.01 / drawn.numel())
    )


@pytest.mark.parametrize("cuts", [(1500,), (1, 1499), (1023, 2, 475), (700, 700, 100)])
def test_a_stream_is_the_same_however_it_is_cut(cuts: tuple[int, ...]) -> None:
    whole = torch.empty(1500, 40)
    Stream("key", 40).fill(whole, 0)
    stream, parts, start = Stream("key", 40), [], 0
    for count in cuts:
        part = torch.empty(count, 40)
        stream.fill(part, start)
        parts.append(part)
        start += count
    assert torch.equal(torch.cat(parts), whole)
    assert abs(float(whole.var()) - 0.5) < 0.5 * Z * math.sqrt(2 / whole.numel())


@pytest.mark.parametrize("passing", [False, True])
def test_a_part_of_a_block_has_the_numbers_that_it_has_in_the_whole(passing: bool) -> None:
    whole = Draws("key", (7, 11), passing=passing)
    part = whole.at(slice(1, 6), slice(3, 10)).at(slice(2, None))
    assert part.shape == (3, 7)
    assert torch.equal(part.normal("noise"), whole.normal("noise")[3:6, 3:10])
    assert torch.equal(part.part("a").normal("noise"), whole.part("a").normal("noise")[3:6, 3:10])


@pytest.mark.parametrize(("rows", "width"), [(0, 5), (1, 10**7), (3000, 1000), (2**20, 1)])
def test_portions_are_all_rows_once(rows: int, width: int) -> None:
    parts = list(portions(rows, width))
    assert [row for part in parts for row in range(part.start, part.stop)] == list(range(rows))
    assert all(one.stop > one.start for one in parts)
