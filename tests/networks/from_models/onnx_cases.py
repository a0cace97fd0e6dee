"""Small ONNX graphs that are easy to count wrongly, and what counts must be: from first principles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import DTypeLike

MS = "com.microsoft"


class Right(NamedTuple):
    """What is counted."""

    parameters: int
    on_tiles: int
    macs: int
    """Of stored weights."""
    dynamic: int = 0


def node(kind: str, inputs: str, outputs: str = "y", **attributes: Any) -> onnx.NodeProto:
    """Return a node; the names of its inputs and outputs are divided by spaces, and `_` is left out."""
    names = [
        [] if not text else [one if one != "_" else "" for one in text.split(" ")]
        for text in (inputs, outputs)
    ]
    return helper.make_node(kind, *names, **attributes)


def zeros(name: str, *shape: int, kind: DTypeLike = np.float32) -> onnx.TensorProto:
    """Return a stored tensor."""
    return numpy_helper.from_array(np.zeros(shape, kind), name)


def ints(name: str, values: Any) -> onnx.TensorProto:
    """Return stored whole numbers."""
    return numpy_helper.from_array(np.array(values, np.int64), name)


def given(name: str, *shape: int | str | None, kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    """Return an input."""
    return helper.make_tensor_value_info(name, kind, list(shape))


def model(
    nodes: Sequence[onnx.NodeProto],
    inputs: Sequence[onnx.ValueInfoProto],
    stored: Sequence[onnx.TensorProto] = (),
    *,
    output: int = TensorProto.FLOAT,
    opset: int = 21,
    functions: Sequence[onnx.FunctionProto] = (),
) -> onnx.ModelProto:
    """Return a model whose output is called `y`."""
    graph = helper.make_graph(
        nodes, "g", inputs, [helper.make_tensor_value_info("y", output, None)], list(stored)
    )
    domains = {one.domain for one in nodes} - {""}
    opsets = [helper.make_opsetid("", opset), *(helper.make_opsetid(domain, 1) for domain in sorted(domains))]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10, functions=list(functions))


X = given("x", 1, 10, 64)
INT8 = np.int8


def const_matmul() -> onnx.ModelProto:
    """Return a product with the weights of a Constant node."""
    return model([node("Constant", "", "w", value=zeros("v", 64, 96)), node("MatMul", "x w")], [X])


def slice_weight() -> onnx.ModelProto:
    """Return two halves of one matrix, ten vectors each."""
    nodes = [
        node("Slice", "w s e", "a"),
        node("Slice", "w e f", "b"),
        node("MatMul", "x a", "ya"),
        node("MatMul", "z b", "yb"),
        node("Add", "ya yb"),
    ]
    stored = [zeros("w", 128, 64), ints("s", [0]), ints("e", [64]), ints("f", [128])]
    return model(nodes, [X, given("z", 1, 10, 64)], stored)


def concat_weights() -> onnx.ModelProto:
    """Return a product with three stored matrices put together."""
    nodes = [node("Concat", "q k v", "w", axis=1), node("MatMul", "x w")]
    return model(nodes, [X], [zeros(name, 64, 64) for name in "qkv"])


def adapter() -> onnx.ModelProto:
    """Return a product with W + AB, which depends on no input: one matrix on tiles."""
    nodes = [node("MatMul", "A B", "d"), node("Add", "w d", "v"), node("MatMul", "x v")]
    return model(nodes, [X], [zeros("w", 64, 96), zeros("A", 64, 4), zeros("B", 4, 96)])


def broadcast() -> onnx.ModelProto:
    """Return 4 x 5 products of activations, whose batches broadcast both ways."""
    return model([node("MatMul", "p q")], [given("p", 4, 1, 10, 16), given("q", 1, 5, 16, 10)])


def qlinearconv() -> onnx.ModelProto:
    """Return a quantised convolution: biases are parameters, scales and zero points are not."""
    nodes = [
        node("QuantizeLinear", "x xs xz", "xq"),
        node("QLinearConv", "xq xs xz wq ws wz ys yz b", pads=[1, 1, 1, 1]),
    ]
    scales = [zeros("ws"), zeros("xs"), zeros("ys"), *(zeros(name, kind=INT8) for name in ("wz", "xz", "yz"))]
    stored = [zeros("wq", 32, 16, 3, 3, kind=INT8), zeros("b", 32, kind=np.int32), *scales]
    return model(nodes, [given("x", 1, 16, 8, 8)], stored, output=TensorProto.INT8)


def matmul_nbits() -> onnx.ModelProto:
    """Return 64 x 96 weights, eight to four bytes, and 96 x 8 after them."""
    nodes = [
        node("MatMulNBits", "x wq ws", "m", domain=MS, K=64, N=96, bits=4, block_size=32),
        node("MatMul", "m w2"),
    ]
    return model(nodes, [X], [zeros("wq", 96, 2, 16, kind=np.uint8), zeros("ws", 192), zeros("w2", 96, 8)])


def ms_attention() -> onnx.ModelProto:
    """Return an attention with its projections: 64 x 192 weights and two products of 4 heads x 10 x 16 x 10."""
    nodes = [node("Attention", "x w b", "a", domain=MS, num_heads=4), node("MatMul", "a w2")]
    return model(nodes, [X], [zeros("w", 64, 192), zeros("b", 192), zeros("w2", 64, 96)])


def sequence_first() -> onnx.ModelProto:
    """Return an attention on [seq, batch, 64]."""
    nodes = [
        node("MatMul", "x wq", "q"),
        node("MatMul", "x wk", "k"),
        node("Transpose", "q", "qt", perm=[1, 0, 2]),
        node("Transpose", "k", "kt", perm=[1, 2, 0]),
        node("MatMul", "qt kt"),
    ]
    return model(nodes, [given("x", "seq", "batch", 64)], [zeros("wq", 64, 64), zeros("wk", 64, 64)])


def dynamic_image() -> onnx.ModelProto:
    """Return a convolution of an image whose height and width the file leaves open."""
    return model(
        [node("Conv", "x w", pads=[1, 1, 1, 1])], [given("x", "n", 16, "h", "w")], [zeros("w", 32, 16, 3, 3)]
    )


CASES: dict[Callable[[], onnx.ModelProto], Right] = {
    const_matmul: Right(6144, 6144, 61440),
    slice_weight: Right(8192, 8192, 81920),
    concat_weights: Right(12288, 12288, 122880),
    adapter: Right(6784, 6144, 61440),
    broadcast: Right(0, 0, 0, 32000),
    qlinearconv: Right(4640, 4608, 294912),
    matmul_nbits: Right(6912, 6912, 69120),
    ms_attention: Right(18624, 18432, 184320, 12800),
    sequence_first: Right(8192, 8192, 128 * 8192, 128 * 64 * 128),
    dynamic_image: Right(4608, 4608, 224 * 224 * 4608),
}
