"""Weights from wherever exporters leave them, fused operators, branches and loops: graphs, and what counts must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx_cases import MS, Right, X, given, ints, model, node, zeros

if TYPE_CHECKING:
    from collections.abc import Callable

FLOAT = TensorProto.FLOAT
ONE = 64 * 96
"""Weights of the usual matrix here, met by ten vectors."""


def number(name: str, value: Any, kind: Any = np.float32) -> onnx.TensorProto:
    return numpy_helper.from_array(np.array(value, kind), name)


def split_weight() -> onnx.ModelProto:
    nodes = [
        node("Split", "w", "a b c", axis=1, num_outputs=3),
        *(node("MatMul", f"x {part}", f"y{part}") for part in "abc"),
        node("Sum", "ya yb yc"),
    ]
    return model(nodes, [X], [zeros("w", 64, 192)])


def every_second_column() -> onnx.ModelProto:
    nodes = [
        node("Slice", "w zero end axis two", "even"),
        node("Slice", "w one end axis two", "odd"),
        node("MatMul", "x even", "a"),
        node("MatMul", "x odd", "b"),
        node("Concat", "a b", axis=2),
    ]
    numbers = [ints("zero", [0]), ints("one", [1]), ints("end", [96]), ints("axis", [1]), ints("two", [2])]
    return model(nodes, [X], [zeros("w", 64, 96), *numbers])


def part_of_a_matrix_in_use() -> onnx.ModelProto:
    """32 of the rows are used again: no new weights."""
    nodes = [
        node("MatMul", "x w", "a"),
        node("Slice", "w s e", "part"),
        node("Slice", "a s e axis", "short"),
        node("MatMul", "short part"),
    ]
    return model(nodes, [X], [zeros("w", 64, 96), ints("s", [0]), ints("e", [32]), ints("axis", [2])])


def gathered_rows() -> onnx.ModelProto:
    nodes = [node("Gather", "w i", "part", axis=1), node("MatMul", "x part")]
    return model(nodes, [X], [zeros("w", 64, 192), ints("i", list(range(96)))])


def stacked_layers() -> onnx.ModelProto:
    nodes = [
        node("Gather", "w zero", "a", axis=0),
        node("Gather", "w one", "b", axis=0),
        node("MatMul", "x a", "h"),
        node("MatMul", "h b"),
    ]
    return model(nodes, [X], [zeros("w", 2, 64, 64), ints("zero", 0), ints("one", 1)])


def cast_turned_and_reshaped() -> onnx.ModelProto:
    nodes = [
        node("Cast", "w", "a", to=FLOAT),
        node("Reshape", "a s", "b"),
        node("Transpose", "b", "c", perm=[1, 0]),
        node("Identity", "c", "d"),
        node("MatMul", "x d"),
    ]
    return model(nodes, [X], [zeros("w", 96 * 64, kind=np.float16), ints("s", [96, 64])])


def scaled_by_column() -> onnx.ModelProto:
    """The gains are stored too."""
    return model([node("Mul", "w g", "v"), node("MatMul", "x v")], [X], [zeros("w", 64, 96), zeros("g", 96)])


def dequantised() -> onnx.ModelProto:
    nodes = [
        node("DequantizeLinear", "w s z", "v", axis=1),
        node("MatMul", "x v", "a"),
        node("DequantizeLinear", "b sb", "c", axis=0),
        node("Add", "a c"),
    ]
    stored = [zeros("w", 64, 96, kind=np.int8), zeros("s", 96), zeros("z", 96, kind=np.int8)]
    return model(nodes, [X], [*stored, zeros("b", 96, kind=np.int32), zeros("sb", 96)])


def dequantised_by_hand() -> onnx.ModelProto:
    nodes = [
        node("Cast", "w", "f", to=FLOAT),
        node("Sub", "f z", "d"),
        node("Mul", "d s", "v"),
        node("MatMul", "x v"),
    ]
    return model(nodes, [X], [zeros("w", 64, 96, kind=np.int8), zeros("s", 96), zeros("z", 96)])


def weight_on_the_left() -> onnx.ModelProto:
    """Ten columns of 64 numbers, multiplied from the left."""
    return model([node("MatMul", "w x")], [given("x", 1, 64, 10)], [zeros("w", 96, 64)])


def matrix_for_each_head() -> onnx.ModelProto:
    """4 x 5 products of ten vectors with one of five matrices."""
    return model([node("MatMul", "x w")], [given("x", 4, 1, 10, 16)], [zeros("w", 5, 16, 10)])


def gemm_both_ways() -> onnx.ModelProto:
    nodes = [node("Gemm", "x w b", transA=1, transB=1, alpha=0.5, beta=2.0)]
    return model(nodes, [given("x", 64, 10)], [zeros("w", 96, 64), zeros("b", 96)])


def qlinear_matmul() -> onnx.ModelProto:
    nodes = [node("QLinearMatMul", "x xs xz w ws wz ys yz")]
    stored = [zeros("w", 64, 96, kind=np.int8), zeros("ws", 96), zeros("wz", 96, kind=np.int8)]
    stored += [zeros("xs"), zeros("ys"), zeros("xz", kind=np.int8), zeros("yz", kind=np.int8)]
    return model(nodes, [given("x", 10, 64, kind=TensorProto.INT8)], stored, output=TensorProto.INT8)


def qgemm() -> onnx.ModelProto:
    nodes = [node("QGemm", "x xs xz w ws wz b", domain=MS, transB=1)]
    stored = [
        zeros("w", 96, 64, kind=np.int8),
        zeros("ws"),
        zeros("wz", kind=np.int8),
        zeros("b", 96, kind=np.int32),
    ]
    return model(
        nodes, [given("x", 10, 64, kind=TensorProto.INT8)], [*stored, zeros("xs"), zeros("xz", kind=np.int8)]
    )


def integers() -> onnx.ModelProto:
    """Dynamic quantisation as ONNX Runtime's tool writes it."""
    nodes = [
        node("DynamicQuantizeLinear", "x", "xq xs xz"),
        node("MatMulInteger", "xq w xz wz", "i"),
        node("Cast", "i", "f", to=FLOAT),
        node("Mul", "xs ws", "s"),
        node("Mul", "f s", "m"),
        node("Add", "m b"),
    ]
    stored = [zeros("w", 64, 96, kind=np.int8), zeros("wz", kind=np.int8), zeros("ws"), zeros("b", 96)]
    return model(nodes, [X], stored)


def dynamic_quantize_matmul() -> onnx.ModelProto:
    nodes = [node("DynamicQuantizeMatMul", "x w ws wz b", domain=MS)]
    stored = [
        zeros("w", 64, 96, kind=np.int8),
        zeros("ws", 96),
        zeros("wz", 96, kind=np.int8),
        zeros("b", 96),
    ]
    return model(nodes, [X], stored)


def conv_integer() -> onnx.ModelProto:
    nodes = [node("ConvInteger", "x w", pads=[1, 1, 1, 1])]
    image = given("x", 1, 16, 8, 8, kind=TensorProto.UINT8)
    return model(nodes, [image], [zeros("w", 32, 16, 3, 3, kind=np.uint8)], output=TensorProto.INT32)


def transposed_convolution() -> onnx.ModelProto:
    """Each of 8 x 8 positions meets two groups of 8 x (4 x 9)."""
    nodes = [node("ConvTranspose", "x w b", group=2, strides=[2, 2])]
    return model(nodes, [given("x", 1, 16, 8, 8)], [zeros("w", 16, 4, 3, 3), zeros("b", 8)])


def batch_norm() -> onnx.ModelProto:
    """Gain and offset are learned, mean and variance are statistics."""
    nodes = [node("Conv", "x w", "c"), node("BatchNormalization", "c g o m v")]
    return model(
        nodes, [given("x", 1, 16, 8, 8)], [zeros("w", 32, 16, 1, 1), *(zeros(n, 32) for n in "gomv")]
    )


def tied_embedding() -> onnx.ModelProto:
    nodes = [node("Gather", "t ids", "e"), node("Transpose", "t", "u"), node("MatMul", "e u")]
    return model(nodes, [given("ids", 1, 10, kind=TensorProto.INT64)], [zeros("t", 1000, 64)])


def einsum_heads() -> onnx.ModelProto:
    """Projection by head, then scores and their sums of values."""
    nodes = [
        node("Einsum", "x w", "q", equation="bsd,dhk->bhsk"),
        node("Einsum", "q q", "s", equation="bhsk,bhtk->bhst"),
        node("Einsum", "s q", equation="bhst,bhtk->bshk"),
    ]
    return model(nodes, [X], [zeros("w", 64, 4, 16)])


def einsum_ellipsis() -> onnx.ModelProto:
    return model([node("Einsum", "x w", equation="...d,ed->...e")], [X], [zeros("w", 96, 64)])


def multi_head() -> onnx.ModelProto:
    """Ten queries on ten keys after a cache of six: 2 x 4 heads x 10 x 16 x 16."""
    nodes = [node("MultiHeadAttention", "x x x b _ _ k v", "y pk pv", domain=MS, num_heads=4)]
    past = [given(name, 1, 4, 6, 16) for name in "kv"]
    return model(nodes, [X, *past], [zeros("b", 192)])


def grouped_query() -> onnx.ModelProto:
    """Eight heads of queries on two of keys and values, packed: 8 x 10 x 8 x 10, twice."""
    nodes = [
        node("MatMul", "x w", "p"),
        node("GroupQueryAttention", "p _ _ _ _ n t", "a k v", domain=MS, num_heads=8, kv_num_heads=2),
        node("MatMul", "a o"),
    ]
    stored = [zeros("w", 64, 96), number("n", [9], np.int32), number("t", 10, np.int32), zeros("o", 64, 64)]
    return model(nodes, [X], stored)


def embedding_and_skips() -> onnx.ModelProto:
    nodes = [
        node("EmbedLayerNormalization", "ids _ words places _ g o", "e mask", domain=MS),
        node("SkipLayerNormalization", "e e g2 o2 b2", "s", domain=MS),
        node("MatMul", "s w", "m"),
        node("BiasGelu", "m b", "h", domain=MS),
        node("FastGelu", "h b", domain=MS),
    ]
    stored = [
        zeros("words", 100, 64),
        zeros("places", 50, 64),
        *(zeros(n, 64) for n in ("g", "o", "g2", "o2", "b2")),
    ]
    ids = given("ids", 1, 10, kind=TensorProto.INT32)
    return model(nodes, [ids], [*stored, zeros("w", 64, 96), zeros("b", 96)])


def fused_products() -> onnx.ModelProto:
    nodes = [
        node("FusedMatMul", "x w", "a", domain=MS, transB=1),
        node("FusedMatMul", "x x", "s", domain=MS, transB=1),
        node("MatMul", "s a"),
    ]
    return model(nodes, [X], [zeros("w", 96, 64)])


def quantised_attention() -> onnx.ModelProto:
    nodes = [node("QAttention", "x w b s t", domain=MS, num_heads=4)]
    x = given("x", 1, 10, 64, kind=TensorProto.UINT8)
    return model(nodes, [x], [zeros("w", 64, 192, kind=np.int8), zeros("b", 192), zeros("s"), zeros("t")])


def attention_of_three_axes() -> onnx.ModelProto:
    """Eight heads of queries, two of keys and values, in rows: 8 x 10 x 8 x 10, twice."""
    nodes = [
        node("MatMul", "x wq", "q"),
        node("MatMul", "x wk", "k"),
        node("MatMul", "x wk2", "v"),
        node("Attention", "q k v", q_num_heads=8, kv_num_heads=2),
    ]
    stored = [zeros("wq", 64, 64), zeros("wk", 64, 16), zeros("wk2", 64, 16)]
    return model(nodes, [X], stored, opset=23)


def attention_of_four_axes() -> onnx.ModelProto:
    nodes = [node("RotaryEmbedding", "q c s", "r"), node("Attention", "r k k")]
    q, k = given("q", 1, 4, 10, 16), given("k", 1, 4, 20, 16)
    return model(nodes, [q, k], [zeros("c", 1, 10, 8), zeros("s", 1, 10, 8)], opset=23)


def batch_first_lstm() -> onnx.ModelProto:
    """Two directions of 4 x 32 x (64 + 32), and twice 4 x 32 biases each."""
    nodes = [node("LSTM", "x w r b", hidden_size=32, direction="bidirectional", layout=1)]
    return model(nodes, [X], [zeros("w", 2, 128, 64), zeros("r", 2, 128, 32), zeros("b", 2, 256)])


def lstm_of_torch() -> onnx.ModelProto:
    """Gates in another order, as PyTorch exports them."""
    cuts = [ints(f"n{place}", [place * 32]) for place in range(5)]
    nodes = []
    for weight in "wr":
        nodes += [node("Slice", f"{weight} n{i} n{i + 1}", f"{weight}{i}") for i in range(4)]
        nodes += [
            node("Concat", f"{weight}0 {weight}3 {weight}1 {weight}2", f"{weight}c", axis=0),
            node("Unsqueeze", f"{weight}c axis", f"{weight}u"),
        ]
    nodes += [node("LSTM", "x wu ru", hidden_size=32)]
    stored = [zeros("w", 128, 64), zeros("r", 128, 32), ints("axis", [0]), *cuts]
    return model(nodes, [given("x", 10, 1, 64)], stored)


def gru_and_rnn() -> onnx.ModelProto:
    nodes = [
        node("GRU", "x w r", "h", hidden_size=16),
        node("Squeeze", "h one", "s"),
        node("RNN", "s v q", hidden_size=8),
    ]
    stored = [
        zeros("w", 1, 48, 64),
        zeros("r", 1, 48, 16),
        zeros("v", 1, 8, 16),
        zeros("q", 1, 8, 8),
        ints("one", [1]),
    ]
    return model(nodes, [given("x", 10, 1, 64)], stored)


def external_data() -> onnx.ModelProto:
    tensor = zeros("w", 64, 96)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../nowhere/w.bin")
    return model([node("MatMul", "x w")], [X], [tensor])


def sparse() -> onnx.ModelProto:
    """Seven numbers are stored; on tiles it is the whole matrix."""
    made = model([node("MatMul", "x w")], [X])
    values, places = zeros("w", 7), ints("i", list(range(7)))
    made.graph.sparse_initializer.append(helper.make_sparse_tensor(values, places, [64, 96]))
    return made


def function_called_twice() -> onnx.ModelProto:
    inside = [node("MatMul", "a m", "p"), node("Add", "p o", "b")]
    layer = helper.make_function(
        "own", "Layer", ["a", "m", "o"], ["b"], inside, [helper.make_opsetid("", 21)]
    )
    nodes = [node("Layer", "x w b", "h", domain="own"), node("Layer", "h v b", domain="own")]
    return model(nodes, [X], [zeros("w", 64, 64), zeros("v", 64, 64), zeros("b", 64)], functions=[layer])


def learned_numbers() -> onnx.ModelProto:
    """A slope and the bias of one output are learned, a scale is not."""
    nodes = [
        node("PRelu", "x a", "p"),
        node("Mul", "p c", "s"),
        node("MatMul", "s w", "m"),
        node("Add", "m b"),
    ]
    return model(nodes, [X], [number("a", [0.25]), number("c", 0.125), zeros("w", 64, 1), zeros("b", 1)])


def rotary() -> onnx.ModelProto:
    """Frequencies times positions is no product with a matrix on tiles."""
    nodes = [
        node("MatMul", "f p", "a"),
        node("Concat", "a a", "b", axis=1),
        node("Cos", "b", "c"),
        node("Transpose", "c", "t", perm=[0, 2, 1]),
        node("Mul", "x t", "z"),
        node("MatMul", "z w"),
    ]
    return model(nodes, [X, given("p", 1, 1, 10)], [zeros("f", 1, 32, 1), zeros("w", 64, 96)])


def eight_in_a_number(divides: bool) -> onnx.ModelProto:
    """Weights of 4 bits as GPTQ stores them, eight to a number of 32 bits, taken out in the graph."""
    kind = np.int32 if divides else np.uint32
    steps = np.arange(0, 32, 4).reshape(1, 8, 1)
    nodes = [
        node("Unsqueeze", "q one", "q1"),
        node("Div", "q1 steps", "s") if divides else node("BitShift", "q1 steps", "s", direction="RIGHT"),
        node("BitwiseAnd", "s mask", "a"),
        node("Reshape", "a shape", "r"),
        node("Cast", "r", "f", to=FLOAT),
        node("Sub", "f zero", "z"),
        node("Gather", "scales groups", "g"),
        node("Mul", "z g", "w"),
        node("MatMul", "x w"),
    ]
    numbers = [ints("one", [1]), ints("shape", [64, 96]), ints("groups", [0] * 64), number("zero", 8)]
    packed = [number("q", np.zeros((8, 96)), kind), number("mask", 15, kind)]
    taken = number("steps", np.minimum(2**steps, 2**28) if divides else steps, kind)
    return model(nodes, [X], [*packed, taken, *numbers, zeros("scales", 2, 96)])


def shifted_out() -> onnx.ModelProto:
    return eight_in_a_number(divides=False)


def divided_out() -> onnx.ModelProto:
    return eight_in_a_number(divides=True)


def two_in_a_byte() -> onnx.ModelProto:
    """Each half of a byte is a weight of a matrix of its own."""
    nodes = [
        node("BitShift", "q four", "high", direction="RIGHT"),
        node("BitwiseAnd", "q mask", "low"),
        node("Cast", "high", "a", to=FLOAT),
        node("Cast", "low", "b", to=FLOAT),
        node("MatMul", "x a", "c"),
        node("MatMul", "x b", "d"),
        node("Add", "c d"),
    ]
    halves = [number("four", 4, np.uint8), number("mask", 15, np.uint8)]
    return model(nodes, [X], [number("q", np.zeros((64, 48)), np.uint8), *halves])


def masked_scores() -> onnx.ModelProto:
    nodes = [node("MatMul", "x k", "s"), node("Add", "s m", "t"), node("Softmax", "t")]
    mask = number("m", np.triu(np.full((10, 10), -np.inf), 1))
    return model(nodes, [X, given("k", 1, 64, 10)], [mask])


def unknown_in_the_middle_of_known_shapes() -> onnx.ModelProto:
    nodes = [node("MatMulNBits", "x wq ws", "m", domain=MS, K=64, N=96, bits=8, block_size=32)]
    nodes += [node("QuickGelu", "m", "g", domain=MS), node("MatMul", "g w2")]
    return model(nodes, [X], [zeros("wq", 96, 2, 32, kind=np.uint8), zeros("ws", 192), zeros("w2", 96, 8)])


def mixture() -> onnx.ModelProto:
    """Each of ten vectors meets two of eight experts: 2 x (64 x 128 + 128 x 64)."""
    nodes = [
        node("MatMul", "x r", "s"),
        node("Reshape", "s n", "p"),
        node("MoE", "x p w _ v", domain=MS, k=2),
    ]
    stored = [zeros("r", 64, 8), ints("n", [10, 8]), zeros("w", 8, 128, 64), zeros("v", 8, 64, 128)]
    return model(nodes, [X], stored)


def body(
    nodes: list[onnx.NodeProto], inputs: list[Any], outputs: str, stored: tuple[Any, ...] = ()
) -> onnx.GraphProto:
    made = [helper.make_empty_tensor_value_info(name) for name in outputs.split()]
    return helper.make_graph(nodes, "body", inputs, made, list(stored))


TURN, GO = given("i", kind=TensorProto.INT64), given("go", kind=TensorProto.BOOL)


def counted_loop() -> onnx.ModelProto:
    """Five turns of one matrix."""
    inside = body([node("Identity", "go", "on"), node("MatMul", "h w", "g")], [TURN, GO, given("h")], "on g")
    return model([node("Loop", "n _ x", body=inside)], [X], [zeros("w", 64, 64), ints("n", 5)])


def long_loop() -> onnx.ModelProto:
    """A hundred thousand turns."""
    inside = body([node("Identity", "go", "on"), node("MatMul", "h w", "g")], [TURN, GO, given("h")], "on g")
    return model([node("Loop", "n _ x", body=inside)], [X], [zeros("w", 64, 64), ints("n", 100_000)])


def loop_over_layers() -> onnx.ModelProto:
    """Each turn takes a layer of its own out of a stack of three."""
    inside = [node("Identity", "go", "on"), node("Gather", "w i", "l", axis=0), node("MatMul", "h l", "g")]
    graph = body(inside, [TURN, GO, given("h")], "on g")
    return model([node("Loop", "n _ x", body=graph)], [X], [zeros("w", 3, 64, 64), ints("n", 3)])


def while_loop() -> onnx.ModelProto:
    """As TensorFlow exports a cell: a counter runs to the length of the sequence."""
    inside = [
        node("Add", "c one", "d"),
        node("Less", "d most", "on"),
        node("Gather", "x c", "v", axis=1),
        node("MatMul", "v w", "a"),
        node("MatMul", "h r", "b"),
        node("Add", "a b", "g"),
    ]
    graph = body(inside, [TURN, GO, given("c", kind=TensorProto.INT64), given("h")], "on d g g")
    outside = [
        node("Shape", "x", "s"),
        node("Gather", "s one", "most", axis=0),
        node("Less", "zero most", "start"),
        node("Loop", "_ start zero h0", "c2 h2 y", body=graph),
    ]
    stored = [zeros("w", 64, 32), zeros("r", 32, 32), ints("zero", 0), ints("one", 1)]
    return model(outside, [X, given("h0", 1, 32)], stored)


def scan_over_tokens() -> onnx.ModelProto:
    graph = body([node("MatMul", "t w", "m"), node("Add", "h m", "g")], [given("h"), given("t")], "g m")
    outside = [
        node("Transpose", "x", "first", perm=[1, 0, 2]),
        node("Scan", "h0 first", "h2 y", body=graph, num_scan_inputs=1),
    ]
    return model(outside, [X, given("h0", 1, 96)], [zeros("w", 64, 96)])


def chosen_by_the_data() -> onnx.ModelProto:
    """The larger branch counts; the matrices of both are stored."""
    small = body(
        [node("MatMul", "x u", "p"), node("MatMul", "p v", "s")],
        [],
        "s",
        (zeros("u", 64, 8), zeros("v", 8, 96)),
    )
    large = body([node("MatMul", "x w", "l")], [], "l", (zeros("w", 64, 96),))
    return model(
        [node("If", "c", then_branch=small, else_branch=large)], [X, given("c", kind=TensorProto.BOOL)]
    )


def chosen_by_a_shape() -> onnx.ModelProto:
    """Three axes: the first branch is the only one that can run; the matrix of the other is not reached."""
    one = body([node("MatMul", "x w", "a")], [], "a")
    other = body([node("MatMul", "x u", "b")], [], "b")
    nodes = [node("Shape", "x", "s"), node("Size", "s", "n"), node("Equal", "n three", "c")]
    nodes += [node("If", "c", then_branch=one, else_branch=other)]
    return model(nodes, [X], [zeros("w", 64, 96), zeros("u", 64, 32), ints("three", 3)])


def fixed_batch() -> onnx.ModelProto:
    """Of a batch of eight images, one."""
    nodes = [node("Conv", "x w", "c"), node("Flatten", "c", "f"), node("Gemm", "f v")]
    return model(nodes, [given("x", 8, 16, 8, 8)], [zeros("w", 32, 16, 1, 1), zeros("v", 2048, 10)])


def linear_classifier() -> onnx.ModelProto:
    weights = {"coefficients": [0.0] * 30, "intercepts": [0.0] * 3, "classlabels_ints": [0, 1, 2]}
    nodes = [node("LinearClassifier", "x", "label y", domain="ai.onnx.ml", **weights)]
    return model(nodes, [given("x", 1, 10)])


def _multiplied_and_summed(kind: str, shape: tuple[int, int], axis: int) -> onnx.ModelProto:
    nodes = [node("Unsqueeze", "x ax", "u"), node("Mul", "u w", "m"), node(kind, "m along", keepdims=0)]
    where = ints("ax", [3 if axis == 2 else 2])  # so that the inputs stand along the axis that is summed
    return model(nodes, [X], [zeros("w", *shape), where, ints("along", [axis])])


def multiplied_and_summed() -> onnx.ModelProto:
    return _multiplied_and_summed("ReduceSum", (64, 96), 2)


def multiplied_and_averaged_along_the_last_axis() -> onnx.ModelProto:
    return _multiplied_and_summed("ReduceMean", (96, 64), -1)


def weighted_average_of_an_image() -> onnx.ModelProto:
    """One matrix of 36 rows and one column for each of three channels."""
    nodes = [node("Mul", "image w", "m"), node("GlobalAveragePool", "m")]
    return model(nodes, [given("image", 1, 3, 6, 6)], [zeros("w", 3, 6, 6)])


def gain_before_an_average() -> onnx.ModelProto:
    """The mean over tokens of x times a gain of channels: nothing is summed that the gain varies along."""
    nodes = [node("Mul", "x g", "m"), node("ReduceMean", "m along", keepdims=0)]
    return model(nodes, [X], [zeros("g", 64), ints("along", [1])])


def gain_before_a_normalisation() -> onnx.ModelProto:
    """The mean that a normalisation takes away is of numbers that are used themselves: no product."""
    nodes = [
        node("Mul", "x g", "m"),
        node("ReduceMean", "m along", "mean", keepdims=1),
        node("Sub", "m mean"),
    ]
    return model(nodes, [X], [zeros("g", 64), ints("along", [-1])])


def low_rank_update_by_einsum() -> onnx.ModelProto:
    """A plain number that scales the update is no weight."""
    nodes = [
        node("Einsum", "A B", "d", equation="ir,ro->io"),
        node("Mul", "d s", "scaled"),
        node("Add", "w scaled", "v"),
        node("Einsum", "x v", equation="bti,io->bto"),
    ]
    return model(nodes, [X], [zeros("w", 64, 96), zeros("A", 64, 4), zeros("B", 4, 96), number("s", 0.5)])


def pruned_by_where() -> onnx.ModelProto:
    nodes = [node("Where", "keep w zero", "left"), node("MatMul", "x left")]
    return model(nodes, [X], [zeros("w", 64, 96), zeros("keep", 64, 96, kind=np.bool_), number("zero", 0)])


def einsum_of_three() -> onnx.ModelProto:
    """x times a gain of its 64 channels, then 64 by 96."""
    nodes = [node("Einsum", "x g w", equation="bti,i,io->bto")]
    return model(nodes, [X], [zeros("g", 64), zeros("w", 64, 96)])


def einsum_of_two_matrices() -> onnx.ModelProto:
    """From the left: 64 by 4, then 4 by 96."""
    nodes = [node("Einsum", "x A B", equation="bti,ir,ro->bto")]
    return model(nodes, [X], [zeros("A", 64, 4), zeros("B", 4, 96)])


def quantised_mixture() -> onnx.ModelProto:
    """Eight experts of 64 by 128 and 128 by 64 weights of 4 bits, of which each token meets two."""
    nodes = [
        node("Reshape", "x rows", "r"),
        node("MatMul", "r g", "p"),
        node("QMoE", "r p up su _ down sd", domain=MS, k=2, expert_weight_bits=4, activation_type="relu"),
    ]
    packed = [zeros("up", 8, 128, 32, kind=np.uint8), zeros("down", 8, 64, 64, kind=np.uint8)]
    rest = [zeros("su", 8, 128), zeros("sd", 8, 64), zeros("g", 64, 8), ints("rows", [-1, 64])]
    return model(nodes, [X], [*packed, *rest])


ROWS = 10 * 64 * 96
WEIGHT_CASES: dict[Callable[[], onnx.ModelProto], Right] = {
    split_weight: Right(64 * 192, 64 * 192, 10 * 64 * 192),
    every_second_column: Right(ONE, ONE, ROWS),
    part_of_a_matrix_in_use: Right(ONE, ONE, ROWS + 10 * 32 * 96),
    gathered_rows: Right(64 * 192, ONE, ROWS),
    stacked_layers: Right(2 * 4096, 2 * 4096, 2 * 40960),
    cast_turned_and_reshaped: Right(ONE, ONE, ROWS),
    scaled_by_column: Right(ONE + 96, ONE, ROWS),
    dequantised: Right(ONE + 96, ONE, ROWS),
    dequantised_by_hand: Right(ONE, ONE, ROWS),
    weight_on_the_left: Right(ONE, ONE, ROWS),
    matrix_for_each_head: Right(800, 800, 32_000),
    gemm_both_ways: Right(ONE + 96, ONE, ROWS),
    qlinear_matmul: Right(ONE, ONE, ROWS),
    qgemm: Right(ONE + 96, ONE, ROWS),
    integers: Right(ONE + 96, ONE, ROWS),
    dynamic_quantize_matmul: Right(ONE + 96, ONE, ROWS),
    conv_integer: Right(4608, 4608, 64 * 4608),
    transposed_convolution: Right(576 + 8, 576, 64 * 576),
    batch_norm: Right(512 + 64, 512, 64 * 512),
    tied_embedding: Right(64_000, 64_000, 640_000),
    einsum_heads: Right(4096, 4096, 40_960, 2 * 4 * 10 * 16 * 10),
    einsum_ellipsis: Right(ONE, ONE, ROWS),
    multi_head: Right(192, 0, 0, 2 * 4 * 10 * 16 * 16),
    grouped_query: Right(64 * 96 + 4096, 64 * 96 + 4096, 10 * (64 * 96 + 4096), 2 * 8 * 10 * 8 * 10),
    embedding_and_skips: Right(150 * 64 + 5 * 64 + ONE + 96, ONE, ROWS),
    fused_products: Right(ONE, ONE, ROWS, 10 * 64 * 10 + 10 * 10 * 96),
    quantised_attention: Right(64 * 192 + 192, 64 * 192, 10 * 64 * 192, 12_800),
    attention_of_three_axes: Right(4096 + 2048, 4096 + 2048, 10 * 6144, 2 * 8 * 10 * 8 * 10),
    attention_of_four_axes: Right(0, 0, 0, 2 * 4 * 10 * 16 * 20),
    batch_first_lstm: Right(2 * 128 * 96 + 512, 2 * 128 * 96, 10 * 2 * 128 * 96),
    lstm_of_torch: Right(128 * 96, 128 * 96, 10 * 128 * 96),
    gru_and_rnn: Right(48 * 80 + 8 * 24, 48 * 80 + 8 * 24, 10 * (48 * 80 + 8 * 24)),
    external_data: Right(ONE, ONE, ROWS),
    sparse: Right(7, ONE, ROWS),
    function_called_twice: Right(2 * 4096 + 64, 2 * 4096, 2 * 40_960),
    learned_numbers: Right(1 + 64 + 1, 64, 640),
    rotary: Right(ONE, ONE, ROWS),
    shifted_out: Right(ONE, ONE, ROWS),
    divided_out: Right(ONE, ONE, ROWS),
    two_in_a_byte: Right(ONE, ONE, ROWS),
    masked_scores: Right(0, 0, 0, 10 * 64 * 10),
    unknown_in_the_middle_of_known_shapes: Right(ONE + 96 * 8, ONE + 96 * 8, ROWS + 10 * 96 * 8),
    mixture: Right(512 + 8 * 2 * 8192, 512 + 8 * 2 * 8192, 10 * (512 + 2 * 2 * 8192)),
    counted_loop: Right(4096, 4096, 5 * 40_960),
    long_loop: Right(4096, 4096, 100_000 * 40_960),
    loop_over_layers: Right(3 * 4096, 3 * 4096, 3 * 40_960),
    while_loop: Right(96 * 32, 96 * 32, 10 * 96 * 32),
    scan_over_tokens: Right(ONE, ONE, ROWS),
    chosen_by_the_data: Right(ONE + 64 * 8 + 8 * 96, ONE + 64 * 8 + 8 * 96, ROWS),
    chosen_by_a_shape: Right(ONE + 2048, ONE, ROWS),
    fixed_batch: Right(512 + 20_480, 512 + 20_480, 64 * 512 + 20_480),
    linear_classifier: Right(33, 30, 30),
    multiplied_and_summed: Right(ONE, ONE, ROWS),
    multiplied_and_averaged_along_the_last_axis: Right(ONE, ONE, ROWS),
    weighted_average_of_an_image: Right(108, 108, 108),
    gain_before_an_average: Right(64, 0, 0),
    gain_before_a_normalisation: Right(64, 0, 0),
    low_rank_update_by_einsum: Right(ONE + 4 * (64 + 96), ONE, ROWS),
    pruned_by_where: Right(ONE, ONE, ROWS),
    einsum_of_three: Right(ONE + 64, ONE, ROWS),
    einsum_of_two_matrices: Right(4 * (64 + 96), 4 * (64 + 96), 10 * 4 * (64 + 96)),
    quantised_mixture: Right(512 + 8 * 2 * 8192, 512 + 8 * 2 * 8192, 10 * (512 + 2 * 2 * 8192)),
}
