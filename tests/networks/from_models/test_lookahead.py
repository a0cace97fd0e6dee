"""How far traced convolutions look ahead: as modules of torch and as ONNX graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper
from torch import nn

from factsheet.networks.from_models import onnx_graph
from factsheet.networks.from_models.module import trace

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.networks.operators import Network


def ahead(network: Network) -> list[int]:
    return [matrix.lookahead for matrix in network.static]


def test_of_a_module() -> None:
    layers = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1, stride=2),  # 16 x 24 to 8 x 12
        nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=8),  # spans 5
        nn.Conv2d(8, 8, 1),
        nn.ConvTranspose2d(8, 4, 4, stride=2, padding=1),  # reads 8 x 12
        nn.Conv2d(4, 16, 4, stride=4),  # patches
    )
    network = trace(layers, torch.zeros(1, 3, 16, 24))
    assert ahead(network) == [12 + 1, 2 * 12 + 2, 0, 12 + 1, 0]


def test_of_one_dimension() -> None:
    assert ahead(trace(nn.Conv1d(4, 6, 5, padding=2), torch.zeros(1, 4, 50))) == [2]


def test_of_a_graph(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Conv", ["x", "a"], ["y"], pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node("Conv", ["y", "b"], ["z"], pads=[2, 2, 2, 2], dilations=[2, 2]),
        helper.make_node("ConvTranspose", ["z", "c"], ["o"], pads=[1, 1, 1, 1], strides=[2, 2]),
    ]
    shapes = {"a": (8, 3, 3, 3), "b": (8, 8, 3, 3), "c": (8, 4, 4, 4)}
    stored = [
        helper.make_tensor(name, TensorProto.FLOAT, shape, np.zeros(int(np.prod(shape))))
        for name, shape in shapes.items()
    ]
    given = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 16, 24])]
    outputs = [helper.make_tensor_value_info("o", TensorProto.FLOAT, None)]
    onnx.save(helper.make_model(helper.make_graph(nodes, "g", given, outputs, stored)), tmp_path / "net.onnx")
    assert ahead(onnx_graph.read(tmp_path / "net.onnx")) == [12 + 1, 2 * 12 + 2, 12 + 1]
