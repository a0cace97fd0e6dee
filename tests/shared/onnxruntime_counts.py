"""Count the products of an ONNX graph by the shapes that ONNX Runtime computes: an oracle of its own code.

Every value of the graph is made an output, the graph is run unoptimised on inputs of the sizes in question, and each
product is counted from the shapes of the arrays that come out. Branches that were taken are put in place of their If
first, and a Loop is unrolled by running it. What depends on stored tensors alone is a stored matrix.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Shape = tuple[int, ...]
_MOST_TURNS = 1000


class Counted(NamedTuple):
    """Products of a graph."""

    weights: int
    """Numbers of the stored matrices that products use, each matrix once."""
    static: int
    """Multiply-accumulates with stored matrices."""
    dynamic: int
    """Multiply-accumulates of two computed matrices."""


class _Products(NamedTuple):
    matrices: dict[str, int]
    """Numbers of the stored matrices, by name."""
    static: int
    dynamic: int


def count(model: onnx.ModelProto, inputs: Mapping[str, np.ndarray]) -> Counted:
    """Return the products of a graph that is run on these inputs."""
    for _ in range(100):
        node = next((one for one in model.graph.node if one.op_type == "If"), None)
        if node is None:
            break
        condition = _run(model, inputs, [node.input[0]])[node.input[0]]
        _inline(model.graph, node, taken="then_branch" if condition.reshape(-1)[0] else "else_branch")
    stored = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    names = [name for node in model.graph.node for name in node.output if name]
    arrays = _run(model, inputs, names)
    shapes = {name: array.shape for name, array in arrays.items()} | stored
    shapes |= {name: np.shape(array) for name, array in inputs.items()}
    total = _counted(model.graph.node, shapes, set(stored))
    matrices = dict(total.matrices)
    static, dynamic = total.static, total.dynamic
    for node in model.graph.node:
        if node.op_type == "Loop":
            known = (
                arrays
                | {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
                | dict(inputs)
            )
            inner = _looped(model, node, known, set(stored))
            matrices |= inner.matrices
            static, dynamic = static + inner.static, dynamic + inner.dynamic
    return Counted(sum(matrices.values()), static, dynamic)


def _looped(
    model: onnx.ModelProto, node: Any, known: Mapping[str, np.ndarray], stored: set[str]
) -> _Products:
    """Return the products of all turns of a loop, each run on the states that the one before left."""
    body = next(one.g for one in node.attribute if one.name == "body")
    inner = {name for one in body.node for name in one.output}
    outer = {name for one in body.node for name in one.input} & known.keys() - inner
    alone = onnx.ModelProto()
    alone.CopyFrom(model)
    alone.graph.CopyFrom(body)
    types = {value.name: value for value in body.input}
    del alone.graph.input[:]
    values = {body.input[0].name: np.array(0, np.int64), body.input[1].name: np.array(True)}
    states = {one.name: known[name] for one, name in zip(body.input[2:], node.input[2:], strict=True)}
    values |= {name: known[name] for name in outer} | states
    for name, array in values.items():
        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
        alone.graph.input.append(helper.make_tensor_value_info(name, kind, [None] * array.ndim))
    assert types.keys() <= values.keys()
    names = [name for one in body.node for name in one.output if name]
    given = {
        one.name: name for one, name in zip(body.input[2:], node.input[2:], strict=True) if name in stored
    }
    fixed = (outer & stored) | given.keys()
    total = _Products({}, 0, 0)
    limit = int(known[node.input[0]].item()) if node.input[0] else _MOST_TURNS
    for turn in range(min(limit, _MOST_TURNS)):
        values[body.input[0].name] = np.array(turn, np.int64)
        arrays = _run(alone, values, names)
        shapes = {name: np.shape(array) for name, array in (values | arrays).items()}
        once = _counted(body.node, shapes, fixed)
        matrices = {given.get(name, name): size for name, size in once.matrices.items()}
        total = _Products(matrices, total.static + once.static, total.dynamic + once.dynamic)
        left = values | arrays
        values |= {
            one.name: left[out.name] for one, out in zip(body.input[2:], body.output[1:], strict=False)
        }
        if not left[body.output[0].name].reshape(-1)[0]:
            break
    return total


def _counted(nodes: Iterable[onnx.NodeProto], shapes: Mapping[str, Shape], stored: set[str]) -> _Products:
    fixed = set(stored)
    matrices: dict[str, int] = {}
    static = dynamic = 0
    origin: dict[str, str] = {}
    for node in nodes:
        given = [name for name in node.input if name]
        if all(name in fixed for name in given) and not node.op_type.startswith("Random"):
            fixed.update(node.output)
            for name in node.output:
                same = given and shapes.get(given[0]) and prod(shapes[given[0]]) == prod(shapes.get(name, ()))
                origin[name] = origin.get(given[0], given[0]) if same else name
            continue
        product = PRODUCTS.get(node.op_type)
        if product is None:
            continue
        attributes = {one.name: helper.get_attribute_value(one) for one in node.attribute}
        for weight, macs in product(node, shapes, attributes, fixed):
            if weight:
                matrices[origin.get(weight, weight)] = prod(shapes[weight])
                static += macs
            else:
                dynamic += macs
    return _Products(matrices, static, dynamic)


def _pair(first: str, second: str, macs: int, fixed: set[str]) -> list[tuple[str, int]]:
    return [(second if second in fixed else first if first in fixed else "", macs)]


def _matmul(
    node: Any, shapes: Mapping[str, Shape], attributes: Any, fixed: set[str]
) -> list[tuple[str, int]]:
    places = {"QLinearMatMul": 3, "QGemm": 3}
    first, second = node.input[0], node.input[places.get(node.op_type, 1)]
    inner = shapes[first][-2] if attributes.get("transA") else shapes[first][-1]
    return _pair(first, second, prod(shapes[node.output[0]]) * inner, fixed)


def _conv(node: Any, shapes: Mapping[str, Shape], _attributes: Any, fixed: set[str]) -> list[tuple[str, int]]:
    weight = node.input[3] if node.op_type == "QLinearConv" else node.input[1]
    each = prod(shapes[weight][1:])
    over = shapes[node.input[0]] if node.op_type == "ConvTranspose" else shapes[node.output[0]]
    return [(weight if weight in fixed else "", prod(over) * each)]


def _cell(node: Any, shapes: Mapping[str, Shape], _attributes: Any, fixed: set[str]) -> list[tuple[str, int]]:
    vectors = prod(shapes[node.input[0]][:2])
    return [(name if name in fixed else "", vectors * prod(shapes[name])) for name in node.input[1:3]]


def _einsum(
    node: Any, shapes: Mapping[str, Shape], attributes: Any, fixed: set[str]
) -> list[tuple[str, int]]:
    terms, _, out = attributes["equation"].decode().replace(" ", "").partition("->")
    first, second = terms.split(",")
    sizes = dict(zip(first + second, shapes[node.input[0]] + shapes[node.input[1]], strict=True))
    if set(first) & set(second) <= set(out):
        return []
    return _pair(node.input[0], node.input[1], prod(sizes.values()), fixed)


PRODUCTS = {
    **dict.fromkeys(
        ("MatMul", "Gemm", "FusedMatMul", "FusedGemm", "MatMulInteger", "QLinearMatMul"), _matmul
    ),
    **dict.fromkeys(("DynamicQuantizeMatMul", "MatMulIntegerToFloat", "QGemm"), _matmul),
    **dict.fromkeys(("Conv", "FusedConv", "ConvInteger", "QLinearConv", "ConvTranspose"), _conv),
    **dict.fromkeys(("LSTM", "GRU", "RNN", "DynamicQuantizeLSTM"), _cell),
    "Einsum": _einsum,
}


def _run(model: onnx.ModelProto, inputs: Mapping[str, np.ndarray], names: list[str]) -> dict[str, np.ndarray]:
    import onnxruntime

    exposed = onnx.ModelProto()
    exposed.CopyFrom(model)
    del exposed.graph.output[:]
    exposed.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads, options.log_severity_level = 1, 4
    session = onnxruntime.InferenceSession(
        exposed.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    given = {one.name: inputs[one.name] for one in session.get_inputs() if one.name in inputs}
    found = session.run(names, given)
    return {
        name: np.asarray(array)
        for name, array in zip(names, found, strict=True)
        if not isinstance(array, list)
    }


def _inline(graph: onnx.GraphProto, node: onnx.NodeProto, taken: str) -> None:
    """Put the nodes of a branch in the place of its If."""
    branch = next(one.g for one in node.attribute if one.name == taken)
    before = list(graph.node)
    place = next(index for index, one in enumerate(before) if one.output == node.output)
    outputs = [
        helper.make_node("Identity", [inner.name], [outer])
        for inner, outer in zip(branch.output, node.output, strict=True)
    ]
    nodes = [*before[:place], *branch.node, *outputs, *before[place + 1 :]]
    stored = list(branch.initializer)
    del graph.node[:]
    graph.node.extend(nodes)
    graph.initializer.extend(stored)


TYPES = {
    TensorProto.FLOAT: np.float32,
    TensorProto.FLOAT16: np.float16,
    TensorProto.INT64: np.int64,
    TensorProto.INT32: np.int32,
    TensorProto.INT8: np.int8,
    TensorProto.UINT8: np.uint8,
    TensorProto.BOOL: np.bool_,
    TensorProto.DOUBLE: np.float64,
}


def zeros(model: onnx.ModelProto, sizes: Mapping[str, Shape]) -> dict[str, np.ndarray]:
    """Return inputs of these sizes, all zeros."""
    stored = {tensor.name for tensor in model.graph.initializer}
    return {
        value.name: np.zeros(sizes.get(value.name, ()), TYPES[value.type.tensor_type.elem_type])
        for value in model.graph.input
        if value.name not in stored
    }
