"""ONNX graphs put together at random: blocks with weights that come from wherever exporters leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_MS = "com.microsoft"


class GraphBuilder:
    """Adds blocks after each other to one graph, on [batch, tokens, width] or on images.

    Args:
        rng: what decides.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.nodes: list[onnx.NodeProto] = []
        self.stored: list[onnx.TensorProto] = []
        self._names = 0

    def name(self) -> str:
        """Return a name of its own."""
        self._names += 1
        return f"v{self._names}"

    def add(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> str:
        """Add a node and return its first output."""
        names = [self.name() for _ in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0]

    def keep(self, *shape: int, kind: Any = np.float32, values: Any = None) -> str:
        """Store a tensor, as an initialiser or in a Constant node, and return its name."""
        name = self.name()
        array = np.zeros(shape, kind) if values is None else np.array(values, kind)
        tensor = numpy_helper.from_array(array, name)
        if self.rng.random() < 0.3:
            return self.add("Constant", value=tensor)
        self.stored.append(tensor)
        return name

    def ints(self, *values: int) -> str:
        """Store whole numbers."""
        return self.keep(kind=np.int64, values=values)

    def matrix(self, rows: int, cols: int) -> str:
        """Return a stored matrix, by one of the ways in which a weight gets where it is used."""
        return self.rng.choice(_WEIGHTS)(self, rows, cols)

    def model(self, shape: tuple[int | str, ...], last: str) -> onnx.ModelProto:
        """Return the model of the blocks so far."""
        given = helper.make_tensor_value_info("x", TensorProto.FLOAT, list(shape))
        out = helper.make_empty_tensor_value_info(last)
        graph = helper.make_graph(self.nodes, "g", [given], [out], self.stored)
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(_MS, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def _plain(graph: GraphBuilder, rows: int, cols: int) -> str:
    return graph.keep(rows, cols)


def _turned(graph: GraphBuilder, rows: int, cols: int) -> str:
    return graph.add("Transpose", graph.keep(cols, rows), perm=[1, 0])


def _half(graph: GraphBuilder, rows: int, cols: int) -> str:
    if graph.rng.random() < 0.5:
        whole = graph.keep(rows, 2 * cols)
        return graph.add("Slice", whole, graph.ints(cols), graph.ints(2 * cols), graph.ints(1))
    return graph.add("Split", graph.keep(2 * rows, cols), graph.ints(rows, rows), outputs=2, axis=0)


def _flat(graph: GraphBuilder, rows: int, cols: int) -> str:
    return graph.add("Reshape", graph.keep(rows * cols), graph.ints(rows, cols))


def _picked(graph: GraphBuilder, rows: int, cols: int) -> str:
    return graph.add("Gather", graph.keep(3, rows, cols), graph.keep(kind=np.int64, values=1), axis=0)


def _together(graph: GraphBuilder, rows: int, cols: int) -> str:
    left = max(1, cols // 2)
    if left == cols:
        return graph.keep(rows, cols)
    return graph.add("Concat", graph.keep(rows, left), graph.keep(rows, cols - left), axis=1)


def _scaled(graph: GraphBuilder, rows: int, cols: int) -> str:
    return graph.add("Mul", graph.keep(rows, cols), graph.keep(values=0.5))


def _adapted(graph: GraphBuilder, rows: int, cols: int) -> str:
    low = graph.add("MatMul", graph.keep(rows, 2), graph.keep(2, cols))
    return graph.add("Add", graph.keep(rows, cols), low)


def _quantised(graph: GraphBuilder, rows: int, cols: int) -> str:
    scale = graph.keep(values=np.ones(cols))
    return graph.add("DequantizeLinear", graph.keep(rows, cols, kind=np.int8), scale, axis=1)


def _halved(graph: GraphBuilder, rows: int, cols: int) -> str:
    return graph.add("Cast", graph.keep(rows, cols, kind=np.float16), to=TensorProto.FLOAT)


_WEIGHTS: tuple[Callable[[GraphBuilder, int, int], str], ...] = (
    _plain,
    _turned,
    _half,
    _flat,
    _picked,
    _together,
    _scaled,
    _adapted,
    _quantised,
    _halved,
)


def on_tokens(graph: GraphBuilder, blocks: int, tokens: int) -> onnx.ModelProto:
    """Return a graph of blocks on a sequence of vectors."""
    width = first = graph.rng.choice((6, 8, 12))
    value = "x"
    for _ in range(blocks):
        value, width = graph.rng.choice(_ON_TOKENS)(graph, value, width, tokens)
    return graph.model(("batch", "sequence", first), value)


def _linear(graph: GraphBuilder, value: str, width: int, _tokens: int) -> tuple[str, int]:
    out = graph.rng.choice((4, 6, 10))
    value = graph.add("MatMul", value, graph.matrix(width, out))
    return graph.add("Add", value, graph.keep(out)) if graph.rng.random() < 0.5 else value, out


def _fused(graph: GraphBuilder, value: str, width: int, _tokens: int) -> tuple[str, int]:
    out = graph.rng.choice((4, 6))
    return graph.add("FusedMatMul", value, graph.matrix(out, width), transB=1, alpha=0.5, domain=_MS), out


def _gemm(graph: GraphBuilder, value: str, width: int, tokens: int) -> tuple[str, int]:
    out = graph.rng.choice((4, 6))
    flat = graph.add("Reshape", value, graph.ints(-1, width))
    made = graph.add("Gemm", flat, graph.matrix(out, width), graph.keep(out), transB=1, alpha=2.0)
    return graph.add("Reshape", made, graph.ints(1, tokens, out)), out


def _einsum(graph: GraphBuilder, value: str, width: int, _tokens: int) -> tuple[str, int]:
    out = graph.rng.choice((4, 6))
    return graph.add("Einsum", value, graph.matrix(out, width), equation="bsd,ed->bse"), out


def _attention(graph: GraphBuilder, value: str, width: int, tokens: int) -> tuple[str, int]:
    heads = 2
    packed = graph.add("MatMul", value, graph.matrix(width, 3 * width))
    parts = graph.add("Split", packed, outputs=3, axis=2, num_outputs=3)
    at = int(parts[1:])
    head = [
        graph.add(
            "Transpose",
            graph.add("Reshape", f"v{at + place}", graph.ints(1, tokens, heads, width // heads)),
            perm=[0, 2, 1, 3],
        )
        for place in range(3)
    ]
    turned = graph.add("Transpose", head[1], perm=[0, 1, 3, 2])
    scores = graph.add("Softmax", graph.add("MatMul", head[0], turned))
    mixed = graph.add("Transpose", graph.add("MatMul", scores, head[2]), perm=[0, 2, 1, 3])
    return graph.add("Reshape", mixed, graph.ints(0, 0, -1)), width


def _cell(graph: GraphBuilder, value: str, width: int, tokens: int) -> tuple[str, int]:
    kind, gates = graph.rng.choice((("LSTM", 4), ("GRU", 3), ("RNN", 1)))
    hidden, both = 4, graph.rng.random() < 0.5
    sides = 1 + both
    first = graph.add("Transpose", value, perm=[1, 0, 2])
    stored = [graph.keep(sides, gates * hidden, width), graph.keep(sides, gates * hidden, hidden)]
    direction = "bidirectional" if both else "forward"
    bias = graph.keep(sides, 2 * gates * hidden)
    made = graph.add(kind, first, *stored, bias, hidden_size=hidden, direction=direction)
    moved = graph.add("Transpose", made, perm=[2, 0, 1, 3])
    return graph.add("Reshape", moved, graph.ints(1, tokens, sides * hidden)), sides * hidden


def _integers(graph: GraphBuilder, value: str, width: int, _tokens: int) -> tuple[str, int]:
    out = graph.rng.choice((4, 6))
    small = graph.add("DynamicQuantizeLinear", value, outputs=3)
    zero = f"v{int(small[1:]) + 2}"
    made = graph.add("MatMulInteger", small, graph.keep(width, out, kind=np.uint8), zero)
    return graph.add("Cast", made, to=TensorProto.FLOAT), out


def _normed(graph: GraphBuilder, value: str, width: int, _tokens: int) -> tuple[str, int]:
    normed = graph.add("LayerNormalization", value, graph.keep(width), graph.keep(width))
    return graph.add("Add", value, normed), width


def _chosen(graph: GraphBuilder, value: str, width: int, _tokens: int) -> tuple[str, int]:
    """An If whose condition follows from a shape: only one of its branches can run."""
    two = graph.add("Size", graph.add("Shape", value))
    condition = graph.add("Equal", two, graph.keep(kind=np.int64, values=graph.rng.choice((3, 4))))
    sides = []
    for out in (4, 6):
        kept, made = graph.name(), graph.name()
        stored = [numpy_helper.from_array(np.zeros((width, out), np.float32), kept)]
        node = helper.make_node("MatMul", [value, kept], [made])
        sides.append(
            helper.make_graph([node], "side", [], [helper.make_empty_tensor_value_info(made)], stored)
        )
    chosen = graph.add("If", condition, then_branch=sides[0], else_branch=sides[1])
    return graph.add("Concat", chosen, value, axis=2), 4 + width if _is(graph, condition) else 6 + width


def _is(graph: GraphBuilder, condition: str) -> bool:
    node = next(one for one in graph.nodes if condition in one.output)
    held = {tensor.name: tensor for tensor in graph.stored}
    constants = {one.output[0]: one.attribute[0].t for one in graph.nodes if one.op_type == "Constant"}
    return int(numpy_helper.to_array((held | constants)[node.input[1]])) == 3


_ON_TOKENS: tuple[Callable[[GraphBuilder, str, int, int], tuple[str, int]], ...] = (
    _linear,
    _linear,
    _fused,
    _gemm,
    _einsum,
    _attention,
    _cell,
    _integers,
    _normed,
    _chosen,
)


def on_images(graph: GraphBuilder, blocks: int) -> onnx.ModelProto:
    """Return a graph of convolutions."""
    channels = 4
    value = "x"
    for _ in range(blocks):
        value, channels = graph.rng.choice(_ON_IMAGES)(graph, value, channels)
    pooled = graph.add("Flatten", graph.add("GlobalAveragePool", value))
    return graph.model(("n", 4, "height", "width"), graph.add("MatMul", pooled, graph.matrix(channels, 3)))


def _convolution(graph: GraphBuilder, value: str, channels: int) -> tuple[str, int]:
    rng = graph.rng
    groups = rng.choice([n for n in (1, 2, channels) if channels % n == 0])
    out, side, stride, dilation = (
        groups * rng.choice((1, 2)),
        rng.choice((1, 3)),
        rng.choice((1, 2)),
        rng.choice((1, 2)),
    )
    if side == 1 and groups == 1:
        flat = graph.matrix(out, channels)
        weight = graph.add("Reshape", flat, graph.ints(out, channels, 1, 1))
    else:
        weight = graph.keep(out, channels // groups, side, side)
    pad = dilation * (side // 2)
    bias = [graph.keep(out)] if rng.random() < 0.5 else []
    made = graph.add(
        "Conv",
        value,
        weight,
        *bias,
        group=groups,
        strides=[stride] * 2,
        dilations=[dilation] * 2,
        pads=[pad] * 4,
    )
    return made, out


def _transposed(graph: GraphBuilder, value: str, channels: int) -> tuple[str, int]:
    out = graph.rng.choice((2, 4))
    weight = graph.keep(channels, out, 3, 3)
    return graph.add("ConvTranspose", value, weight, strides=[2, 2], pads=[1, 1, 1, 1]), out


def _rectified(graph: GraphBuilder, value: str, channels: int) -> tuple[str, int]:
    normed = graph.add("BatchNormalization", value, *(graph.keep(channels) for _ in range(4)))
    return graph.add("Relu", normed), channels


def _integer_convolution(graph: GraphBuilder, value: str, channels: int) -> tuple[str, int]:
    small = graph.add("DynamicQuantizeLinear", value, outputs=3)
    zero = f"v{int(small[1:]) + 2}"
    weight = graph.keep(4, channels, 3, 3, kind=np.uint8)
    made = graph.add("ConvInteger", small, weight, zero, pads=[1, 1, 1, 1])
    return graph.add("Cast", made, to=TensorProto.FLOAT), 4


def _with_itself(graph: GraphBuilder, value: str, channels: int) -> tuple[str, int]:
    return graph.add("Mul", value, graph.add("Sigmoid", value)), channels


_ON_IMAGES: tuple[Callable[[GraphBuilder, str, int], tuple[str, int]], ...] = (
    _convolution,
    _convolution,
    _convolution,
    _transposed,
    _rectified,
    _integer_convolution,
    _with_itself,
)
