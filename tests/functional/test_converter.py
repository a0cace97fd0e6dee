"""Converters, bit by bit."""

from __future__ import annotations

import math
import struct

import pytest
import torch

from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.errors import AnalogError

# Worked out by hand for 3 bits up to 1.5: codes -3 to 3, steps of 0.5; a half-way case goes to the even code.
BY_HAND = [
    (0.0, 0.0),
    (-0.0, 0.0),
    (0.24, 0.0),
    (-0.24, 0.0),
    (0.25, 0.0),  # half of a step: between codes 0 and 1
    (-0.25, 0.0),
    (0.26, 0.5),
    (-0.26, -0.5),
    (0.5, 0.5),
    (0.75, 1.0),  # between codes 1 and 2
    (-0.75, -1.0),
    (1.0, 1.0),
    (1.25, 1.0),  # between codes 2 and 3
    (-1.25, -1.0),
    (1.26, 1.5),
    (1.5, 1.5),
    (1.75, 1.5),  # 3.5 steps: beyond the last code before rounding
    (-1.6, -1.5),
    (1e30, 1.5),
    (math.inf, 1.5),
    (-math.inf, -1.5),
]


def bits(value: float) -> bytes:
    return struct.pack("<d", value)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(("value", "expected"), BY_HAND)
def test_three_bits_by_hand(value: float, expected: float, dtype: torch.dtype) -> None:
    given = torch.full((1,), value, dtype=dtype)
    found = Converter(3, 1.5).convert(given)
    assert bits(float(found)) == bits(expected)
    assert bits(float(given)) == bits(float(torch.full((1,), value, dtype=dtype))), "the input was changed"


def test_eight_bits_up_to_127_are_the_whole_numbers() -> None:
    converter = Converter(8, 127.0)
    whole = torch.arange(-127.0, 128.0)
    assert torch.equal(converter.convert(whole), whole)
    # Half-way cases, to the even neighbour: 0.5, 1.5, 2.5, 126.5 and their negatives.
    ties = torch.tensor([0.5, 1.5, 2.5, 125.5, 126.5, -0.5, -1.5, -126.5])
    assert converter.convert(ties).tolist() == [0.0, 2.0, 2.0, 126.0, 126.0, 0.0, -2.0, -126.0]
    assert not torch.signbit(converter.convert(torch.tensor([-0.5, -0.1, -0.0]))).any()


def test_a_value_that_is_no_number_stays_none() -> None:
    found = Converter(8, 1.0).convert(torch.tensor([math.nan, 1.0]))
    assert math.isnan(found[0])
    assert found[1] == 1.0


def test_infinite_bits_only_clip() -> None:
    values = torch.tensor([-3.0, -0.1234567, 0.1, 2.0])
    assert torch.equal(Converter(None).convert(values), values)
    assert torch.equal(Converter(None, 1.0).convert(values), values.clamp(-1, 1))


def test_a_bound_may_differ_from_vector_to_vector() -> None:
    found = Converter(2, "dynamic").convert(
        torch.tensor([[3.0, 1.0], [8.0, -5.0]]), torch.tensor([[4.0], [8.0]])
    )
    assert found.tolist() == [[4.0, 0.0], [8.0, -8.0]]


@pytest.mark.parametrize("count", [-1, 0, 1, 21, True])
def test_impossible_bits_are_refused(count: int) -> None:
    with pytest.raises(AnalogError, match="bits"):
        Converter(count, 1.0)


@pytest.mark.parametrize("bound", [0, -1.0, math.nan, math.inf, "widest", None])
def test_impossible_bounds_are_refused(bound: object) -> None:
    with pytest.raises(AnalogError, match="bound"):
        Converter(8, bound)  # type: ignore[arg-type]


def test_a_bound_that_is_not_known_yet_is_an_error() -> None:
    with pytest.raises(AnalogError, match="without one"):
        Converter(8, "learnt").convert(torch.ones(2))
