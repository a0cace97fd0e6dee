"""Graphs put together at random, counted by us and by the shapes that ONNX Runtime computes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import onnx
import pytest
from generated_graphs import GraphBuilder, on_images, on_tokens

from factsheet.networks.family import Run
from factsheet.networks.from_models import onnx_graph

pytest.importorskip("onnxruntime", reason="it is the oracle")

from onnxruntime_counts import Counted, count, zeros

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.networks.operators import Network


def counted(network: Network) -> Counted:
    return Counted(
        network.analog_weights,
        sum(matrix.macs for matrix in network.static),
        sum(product.macs for product in network.dynamic),
    )


@pytest.mark.parametrize("seed", range(40))
def test_blocks_on_tokens(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311 - nothing secret
    tokens = rng.choice((5, 7, 9))
    model = on_tokens(GraphBuilder(rng), rng.randint(1, 7), tokens)
    onnx.save(model, tmp_path / "net.onnx")
    network = onnx_graph.read(tmp_path / "net.onnx", Run(tokens))
    width = model.graph.input[0].type.tensor_type.shape.dim[2].dim_value
    assert counted(network) == count(model, zeros(model, {"x": (1, tokens, width)}))
    assert not network.unknown


@pytest.mark.parametrize("seed", range(30))
def test_blocks_on_images(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311 - nothing secret
    model = on_images(GraphBuilder(rng), rng.randint(1, 7))
    onnx.save(model, tmp_path / "net.onnx")
    network = onnx_graph.read(tmp_path / "net.onnx", Run(1, image_size=(12, 17)))
    assert counted(network) == count(model, zeros(model, {"x": (1, 4, 12, 17)}))
    assert not network.unknown
