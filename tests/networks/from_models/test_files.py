"""ONNX graphs and safetensors headers, whole and broken."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from stored_files import Stored, write

from factsheet.errors import WorkloadError
from factsheet.networks.family import USUAL
from factsheet.networks.from_models import onnx_graph, safetensors_header
from factsheet.networks.from_models.imports import need

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.networks.operators import Network


def graph(
    nodes: list[onnx.NodeProto], weights: dict[str, tuple[int, ...]], given: list[object]
) -> onnx.ModelProto:
    stored = [
        helper.make_tensor(name, TensorProto.FLOAT, shape, np.zeros(int(np.prod(shape))))
        for name, shape in weights.items()
    ]
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, given)]
    outputs = [helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, None)]
    return helper.make_model(helper.make_graph(nodes, "g", inputs, outputs, stored))


def attention() -> onnx.ModelProto:
    return graph(
        [
            helper.make_node("MatMul", ["x", "q.weight"], ["q"], name="/self/q/MatMul"),
            helper.make_node("Transpose", ["q"], ["t"], name="/self/Transpose", perm=[0, 2, 1]),
            helper.make_node("MatMul", ["q", "t"], ["s"], name="/self/MatMul"),
            helper.make_node("Softmax", ["s"], ["p"], name="/self/Softmax"),
            helper.make_node("MatMul", ["p", "q"], ["c"], name="/self/MatMul_1"),
        ],
        {"q.weight": (6, 8)},
        ["batch", "tokens", 6],
    )


def read_onnx(model: onnx.ModelProto, folder: Path, **options: Any) -> Network:
    onnx.save(model, folder / "net.onnx")
    return onnx_graph.read(folder / "net.onnx", USUAL._replace(**options))


def test_onnx_axes_are_fixed_and_both_kinds_of_product_told_apart(tmp_path: Path) -> None:
    network = read_onnx(attention(), tmp_path, seq_len=5)
    assert [(m.name, m.rows, m.cols, m.calls) for m in network.static] == [("q", 6, 8, 5)]
    assert [(p.count, p.m, p.k, p.n) for p in network.dynamic] == [(1, 5, 8, 5), (1, 5, 5, 8)]
    assert network.parameters == 48


def test_onnx_convolution_and_transposed_gemm(tmp_path: Path) -> None:
    nodes = [
        helper.make_node(
            "Conv", ["x", "c.weight", "c.bias"], ["y"], group=2, pads=[1, 1, 1, 1], strides=[2, 2]
        ),
        helper.make_node("GlobalAveragePool", ["y"], ["z"]),
        helper.make_node("Flatten", ["z"], ["f"]),
        helper.make_node("Gemm", ["f", "h.weight", "h.bias"], ["o"], transB=1),
    ]
    weights = {"c.weight": (8, 2, 3, 3), "c.bias": (8,), "h.weight": (3, 8), "h.bias": (3,)}
    network = read_onnx(graph(nodes, weights, ["n", 4, "h", "w"]), tmp_path, image_size=(8, 8))
    found = [(m.matrices, m.rows, m.cols, m.calls, m.bias) for m in network.static]
    assert found == [(2, 18, 4, 16, True), (1, 8, 3, 1, True)]
    assert network.parameters == 144 + 8 + 24 + 3


def test_an_unknown_onnx_node_is_listed(tmp_path: Path) -> None:
    model = graph([helper.make_node("Mystery", ["x"], ["y"], domain="own")], {}, [1, 2])
    model.opset_import.append(helper.make_opsetid("own", 1))
    assert [one.what for one in read_onnx(model, tmp_path).unknown] == ["onnx::Mystery"]


def test_a_cyclic_onnx_graph(tmp_path: Path) -> None:
    nodes = [helper.make_node("Add", ["x", "b"], ["a"]), helper.make_node("Relu", ["a"], ["b"])]
    with pytest.raises(WorkloadError, match="cyclic"):
        read_onnx(graph(nodes, {}, [1, 2]), tmp_path)


@pytest.mark.parametrize("content", [b"", b"\x00" * 64, b"not a graph", b"\x08\x08\x3a\xff\xff\xff\xff\x0f"])
def test_broken_onnx(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(content)
    with pytest.raises(WorkloadError, match=r"net\.onnx"):
        onnx_graph.read(tmp_path / "net.onnx")


def test_truncated_onnx(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(attention().SerializeToString()[:150])
    with pytest.raises(WorkloadError, match="cannot be read"):
        onnx_graph.read(tmp_path / "net.onnx")


def header(path: Path, values: object, length: int | None = None) -> Path:
    raw = json.dumps(values).encode()
    path.write_bytes((len(raw) if length is None else length).to_bytes(8, "little") + raw)
    return path


def test_safetensors_matrices_without_calls(tmp_path: Path) -> None:
    shapes: dict[str, tuple[int, ...]] = {
        "wte.weight": (9, 3),
        "a.weight": (4, 3),
        "a.bias": (4,),
        "conv.weight": (8, 2, 3, 3),
        "experts.up": (2, 4, 5),
        "norm.weight": (3,),
    }
    tensors: dict[str, Stored] = {name: ("F32", shape) for name, shape in shapes.items()}
    network = safetensors_header.read(write(tmp_path / "m.safetensors", tensors, {"format": "pt"}))
    found = [(m.name, m.matrices, m.rows, m.cols, m.calls) for m in network.static]
    assert found == [("a", 1, 3, 4, 0), ("conv", 1, 18, 8, 0), ("experts.up", 2, 5, 4, 0)]
    assert network.parameters == 27 + 12 + 4 + 144 + 40 + 3
    assert "how often a matrix is used" in network.assumed["calls"]


@pytest.mark.parametrize(
    ("values", "length"),
    [
        ({}, 100 * 2**30),
        ({}, 2**64 - 1),
        ({}, 50),
        ([1], None),
        ({"a": {"dtype": "F32"}}, None),
        ({"a": {"shape": [-1, 2]}}, None),
        ({"a": {"shape": [True]}}, None),
        ({"a": {"dtype": "F32", "shape": [10**30], "data_offsets": [0, 4 * 10**30]}}, None),
        ({"a": {"shape": [1] * 1000}}, None),
        ({"a": 5}, None),
    ],
)
def test_hostile_safetensors(values: object, length: int | None, tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match=r"m\.safetensors"):
        safetensors_header.read(header(tmp_path / "m.safetensors", values, length))


def test_a_header_of_100_gb_in_a_file_of_100_gb_is_not_read(tmp_path: Path) -> None:
    path = header(tmp_path / "m.safetensors", {}, 100 * 10**9)
    os.truncate(path, 100 * 10**9 + 8)  # a sparse file: it takes no room
    with pytest.raises(WorkloadError, match="100,000,000,000"):
        safetensors_header.read(path)


@pytest.mark.parametrize("raw", [b"", b"\x05", b"\x02" + b"\x00" * 7 + b"\xff\xfe"])
def test_a_file_that_is_no_safetensors(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.safetensors").write_bytes(raw)
    with pytest.raises(WorkloadError, match="safetensors"):
        safetensors_header.read(tmp_path / "m.safetensors")


def test_a_missing_package_is_one_line_with_what_to_install() -> None:
    with pytest.raises(WorkloadError) as caught:
        need("no_such_package_at_all", "onnx", "reading an ONNX graph")
    assert '".[onnx]"' in caught.value.help
    assert "\n" not in caught.value.diagnostics()
