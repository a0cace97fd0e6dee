"""Convolutional and recurrent networks against torch modules of the same structure, on the meta device."""

from __future__ import annotations

from typing import Literal

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from factsheet.networks.counting import work_of
from factsheet.networks.families.convolutional import ConvolutionalLayerShape, convolutional_operators
from factsheet.networks.families.recurrent import RecurrentShape, recurrent_operators
from factsheet.networks.operators import Network

Layer = ConvolutionalLayerShape


def conv(
    channels: int,
    kernel: int,
    stride: int = 1,
    groups: int = 1,
    *,
    name: str,
    taken: str = "",
    adds: str = "",
) -> Layer:
    """A convolution as residual networks have it: same size, no bias, batch normalisation."""
    return Layer(
        "conv",
        channels,
        (kernel, kernel),
        (stride, stride),
        (kernel // 2, kernel // 2),
        groups=groups,
        batch_norm=True,
        activation=True,
        name=name,
        input=taken,
        adds=adds,
    )


def resnet_50() -> list[Layer]:
    """He et al. 2016, table 1, with the stride on the 3x3 convolution as torchvision has it."""
    layers = [
        conv(64, 7, 2, name="stem"),
        Layer("max_pool", kernel=(3, 3), stride=(2, 2), padding=(1, 1), name="pool"),
    ]
    before = "pool"
    for stage, (blocks, width) in enumerate(((3, 64), (4, 128), (6, 256), (3, 512)), start=1):
        for block in range(blocks):
            at, stride = f"layer{stage}.{block}", 2 if block == 0 and stage > 1 else 1
            shortcut = before
            if block == 0:
                shortcut = f"{at}.downsample"
                layers.append(conv(4 * width, 1, stride, name=shortcut, taken=before))
            layers += [
                conv(width, 1, name=f"{at}.conv1", taken=before),
                conv(width, 3, stride, name=f"{at}.conv2"),
                conv(4 * width, 1, name=f"{at}.conv3", adds=shortcut),
            ]
            before = f"{at}.conv3"
    return [*layers, Layer("global_pool", name="average"), Layer("linear", 1000, bias=True, name="fc")]


def mobilenet_v2() -> list[Layer]:
    """Sandler et al. 2018, table 2."""
    layers, channels, before = [conv(32, 3, 2, name="stem")], 32, "stem"
    table = (
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    )
    for group, (expansion, out, repeats, first_stride) in enumerate(table):
        for repeat in range(repeats):
            at, stride, wide = (
                f"block.{group}.{repeat}",
                first_stride if repeat == 0 else 1,
                channels * expansion,
            )
            if expansion > 1:
                layers.append(conv(wide, 1, name=f"{at}.expand"))
            adds = before if stride == 1 and channels == out else ""
            layers += [
                conv(wide, 3, stride, wide, name=f"{at}.depthwise"),
                conv(out, 1, name=f"{at}.project", adds=adds),
            ]
            channels, before = out, f"{at}.project"
    return [
        *layers,
        conv(1280, 1, name="last"),
        Layer("global_pool", name="average"),
        Layer("linear", 1000, bias=True, name="fc"),
    ]


def network(layers: list[Layer], channels: int = 3, size: tuple[int, int] = (224, 224)) -> Network:
    return Network("a network", convolutional_operators(layers, channels, size))


def test_resnet_50_has_the_published_parameters_and_macs() -> None:
    # torchvision, resnet50 IMAGENET1K_V1: num_params 25557032 and _ops 4.089 (G MACs).
    found = network(resnet_50())
    assert found.parameters == 25_557_032
    assert round(work_of(found).analog_macs / 1e9, 3) == 4.089


def test_mobilenet_v2_has_the_published_parameters_and_macs() -> None:
    # torchvision, mobilenet_v2 IMAGENET1K_V1: num_params 3504872 and _ops 0.301.
    found = network(mobilenet_v2())
    assert found.parameters == 3_504_872
    assert round(work_of(found).analog_macs / 1e9, 3) == 0.301
    depthwise = [matrix for matrix in found.static if matrix.matrices > 1]
    assert {(matrix.rows, matrix.cols) for matrix in depthwise} == {(9, 1)}


def flops_of(module: nn.Module, given: torch.Tensor) -> tuple[int, tuple[int, ...]]:
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        output = module(given)
    output = output[0] if isinstance(output, tuple) else output
    return int(counter.get_total_flops()), tuple(output.shape)


@settings(deadline=None, max_examples=80)
@given(
    st.sampled_from(["conv", "transposed_conv"]),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.integers(1, 2), st.integers(1, 2)),
    st.integers(1, 3),
    st.tuples(st.integers(5, 12), st.integers(5, 12)),
    st.booleans(),
)
def test_any_convolution_is_what_torch_counts(
    kind: Literal["conv", "transposed_conv"],
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    groups: int,
    size: tuple[int, int],
    bias: bool,
) -> None:
    inputs, outputs = 2 * groups, 3 * groups
    layer = Layer(kind, outputs, kernel, stride, padding, dilation=dilation, groups=groups, bias=bias)
    make = nn.Conv2d if kind == "conv" else nn.ConvTranspose2d
    module = make(
        inputs, outputs, kernel, stride, padding, dilation=dilation, groups=groups, bias=bias, device="meta"
    )
    try:
        flops, shape = flops_of(module, torch.zeros(1, inputs, *size, device="meta"))
    except RuntimeError:
        assume(False)
    after = network([layer, Layer("linear", 1)], inputs, size)
    assert after.static[1].rows == outputs * shape[2] * shape[3]
    assert work_of(after).analog_macs - after.static[1].macs == flops // 2
    assert after.parameters - after.static[1].rows == sum(p.numel() for p in module.parameters())


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_recurrent_layers_are_those_of_torch(cell: Literal["lstm", "gru"], bidirectional: bool) -> None:
    shape = RecurrentShape(cell, 5, 7, 3, bidirectional)
    found = Network("a network", recurrent_operators(shape, 11))
    make = nn.LSTM if cell == "lstm" else nn.GRU
    module = make(5, 7, 3, bidirectional=bidirectional)
    assert found.parameters == sum(parameter.numel() for parameter in module.parameters())
    stored = sorted(tuple(p.shape) for name, p in module.named_parameters() if name.startswith("weight"))
    assert sorted((matrix.cols, matrix.rows) for matrix in found.static) == stored
    # Every stored weight is used once a step (Hochreiter and Schmidhuber 1997).
    assert work_of(found).analog_macs == 11 * sum(rows * cols for rows, cols in stored)


def test_a_keyword_network_has_the_parameters_of_its_closed_form() -> None:
    # An LSTM layer has 4 · (n·m + n² + 2·n) parameters in torch's form, and a dense layer n·k + k.
    found = Network("a network", recurrent_operators(RecurrentShape("lstm", 40, 128, 1, outputs=12), 49))
    assert found.parameters == 4 * (128 * 40 + 128**2 + 2 * 128) + 128 * 12 + 12
    assert found.static[-1].calls == 1
