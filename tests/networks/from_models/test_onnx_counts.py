"""Counts of ONNX graphs that are easy to get wrong, each against figures from first principles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import onnx
import pytest
from onnx_cases import CASES, Right
from onnx_weight_cases import WEIGHT_CASES

from factsheet.networks.family import Run
from factsheet.networks.from_models import onnx_graph

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


ALL = CASES | WEIGHT_CASES


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.__name__)
def test_counts(case: Callable[[], onnx.ModelProto], tmp_path: Path) -> None:
    onnx.save(case(), tmp_path / "net.onnx")
    network = onnx_graph.read(tmp_path / "net.onnx", Run(128))
    macs = sum(matrix.macs for matrix in network.static)
    dynamic = sum(product.macs for product in network.dynamic)
    assert Right(network.parameters, network.analog_weights, macs, dynamic) == ALL[case]
    assert not network.unknown
