"""How far windows look ahead, against the positions that a convolution really waits for."""

from __future__ import annotations

import pytest

from factsheet.networks.families.convolutional import ConvolutionalLayerShape, convolutional_operators
from factsheet.networks.families.vision import VisionShape, vision_operators
from factsheet.networks.operators import StaticMatmul
from factsheet.networks.windows import lookahead, lookahead_transposed


@pytest.mark.parametrize(
    ("kernel", "sizes", "stride", "dilation", "ahead"),
    [
        ((3, 3), (32, 32), 1, 1, 32 + 1),  # a row and a position
        ((7, 7), (112, 112), 2, 1, 3 * 112 + 3),  # the first layer of ResNet-18
        ((1, 1), (32, 32), 1, 1, 0),
        ((1, 1), (16, 16), 2, 1, 0),
        ((16, 16), (14, 14), 16, 1, 0),  # patches do not overlap
        ((3, 3), (20, 30), 1, 2, 2 * 30 + 2),  # 3 positions, 2 apart, span 5
        ((5,), (100,), 1, 1, 2),
        ((3, 3, 3), (4, 5, 6), 1, 1, 5 * 6 + 6 + 1),
        ((1, 5), (8, 9), 1, 1, 2),
    ],
)
def test_half_a_window_lies_ahead(
    kernel: tuple[int, ...], sizes: tuple[int, ...], stride: int, dilation: int, ahead: int
) -> None:
    axes = len(kernel)
    assert lookahead(kernel, sizes, (stride,) * axes, (dilation,) * axes) == ahead


@pytest.mark.parametrize("size", [3, 4, 7])
def test_the_last_input_of_a_window_is_that_far_ahead(size: int) -> None:
    # In the order of rows, the input at the lower right corner of the window around position p is p + width + 1.
    inputs = [(row, col) for row in range(size) for col in range(size)]
    centre = (1, 1)
    corner = inputs.index((centre[0] + 1, centre[1] + 1))
    assert corner - inputs.index(centre) == lookahead((3, 3), (size, size), (1, 1), (1, 1))


@pytest.mark.parametrize(
    ("kernel", "stride", "ahead"), [((2, 2), 2, 0), ((4, 4), 2, 8 + 1), ((3, 3), 1, 8 + 1)]
)
def test_overlapping_outputs_of_a_transposed_convolution_wait(
    kernel: tuple[int, int], stride: int, ahead: int
) -> None:
    assert lookahead_transposed(kernel, (8, 8), (stride, stride), (1, 1)) == ahead


def test_declared_convolutions_say_how_far_they_look() -> None:
    layers = [
        ConvolutionalLayerShape("conv", 8, (3, 3), (2, 2), (1, 1)),
        ConvolutionalLayerShape("conv", 8, (1, 1)),
        ConvolutionalLayerShape("transposed_conv", 4, (4, 4), (2, 2), (1, 1)),
        ConvolutionalLayerShape("linear", 10),
    ]
    found = [one for one in convolutional_operators(layers, 3, (32, 20)) if isinstance(one, StaticMatmul)]
    assert [matrix.lookahead for matrix in found] == [10 + 1, 0, 10 + 1, 0]


def test_patches_of_an_image_wait_for_nothing() -> None:
    shape = VisionShape((224, 224), (16, 16), 1, 64, 4, 128, classes=10)
    assert not any(getattr(operator, "lookahead", 0) for operator in vision_operators(shape))
