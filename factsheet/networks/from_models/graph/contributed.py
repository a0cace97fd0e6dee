"""Shapes of operators that ONNX has no schema for: those that ONNX Runtime adds, by its documentation.

docs/ContribOperators.md of microsoft/onnxruntime describes inputs, attributes and outputs of each.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from factsheet.networks.from_models.graph.values import FLOAT, INT32, UnknownShapeError, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from factsheet.networks.from_models.graph.values import OnnxNode, Shape

_MATRIX = 2
_HEADS = 4
"""Axes of keys and values by heads."""


def product(left: Shape, right: Shape) -> Shape:
    """Return the shape of a matrix product, whose leading axes broadcast.

    Raises:
        UnknownShapeError: they do not fit.
    """
    first, second = (1, *left) if len(left) == 1 else left, (*right, 1) if len(right) == 1 else right
    if len(first) < _MATRIX or len(second) < _MATRIX or first[-1] != second[-2]:
        raise UnknownShapeError
    lead = broadcast_sizes(first[:-2], second[:-2])
    rows = () if len(left) == 1 else (first[-2],)
    return (*lead, *rows, *(() if len(right) == 1 else (second[-1],)))


def broadcast_sizes(first: Shape, second: Shape) -> Shape:
    """Return the shape that two known ones broadcast to.

    Raises:
        UnknownShapeError: they do not.
    """
    rank = max(len(first), len(second))
    pairs = zip((1,) * (rank - len(first)) + first, (1,) * (rank - len(second)) + second, strict=True)
    sizes = []
    for one, other in pairs:
        if one != other and 1 not in {one, other}:
            raise UnknownShapeError
        sizes.append(other if one == 1 else one)
    return tuple(sizes)


def flipped(shape: Shape, *, matrix: bool, batch: bool = False) -> Shape:
    """Return the shape of a factor as `transA` and `transBatchA` of a FusedMatMul have it."""
    if batch and len(shape) > _MATRIX:
        shape = (*shape[1:-1], shape[0], shape[-1])
    return (*shape[:-2], shape[-1], shape[-2]) if matrix and len(shape) >= _MATRIX else shape


def _same(node: OnnxNode) -> list[Value]:
    first = node.input(0)
    return [Value(first.dims, first.type)] * len(node.outputs)


def _skip(node: OnnxNode) -> list[Value]:
    first = node.input(0)
    row = Value((*first.shape[:-1], 1), FLOAT)
    return [Value(first.dims, first.type), row, row, Value(first.dims, first.type)]


def _both(node: OnnxNode) -> list[Value]:
    """Return the shape of a sum or product whose second factor stands at a place of its own."""
    place = 3 if node.kind.startswith("QLinear") else 1
    return [Value(broadcast_sizes(node.input(0).shape, node.input(place).shape), node.input(0).type)]


_FACTORS: Mapping[str, int] = {"QLinearMatMul": 3, "QGemm": 3}


def _matmul(node: OnnxNode) -> list[Value]:
    first, second = node.input(0), node.input(_FACTORS.get(node.kind, 1))
    left = flipped(
        first.shape, matrix=bool(node.whole("transA", 0)), batch=bool(node.whole("transBatchA", 0))
    )
    right = flipped(
        second.shape, matrix=bool(node.whole("transB", 0)), batch=bool(node.whole("transBatchB", 0))
    )
    return [Value(product(left, right), first.type if first.type in {1, 10, 16} else FLOAT)]


def _matmul_packed(node: OnnxNode) -> list[Value]:
    first = node.input(0)
    rows, cols = node.whole("K", 0), node.whole("N", 0)
    if rows <= 0 or cols <= 0 or first.shape[-1] != rows:
        raise UnknownShapeError
    return [Value((*first.shape[:-1], cols), first.type)]


def _attention(node: OnnxNode) -> list[Value]:
    sizes = packed_attention(node)
    out = (*node.input(0).shape[:-1], sizes.value)
    kept = (2, sizes.batch, sizes.heads, sizes.keys, sizes.query // sizes.heads)
    return [Value(out, FLOAT), Value(kept, FLOAT)]


class _Packed:
    """Sizes of com.microsoft Attention: one matrix makes queries, keys and values."""

    def __init__(self, node: OnnxNode) -> None:
        shape, width = node.input(0).shape, node.input(1).shape[-1]
        self.batch, self.tokens = shape[0], shape[1]
        self.heads = max(1, node.whole("num_heads", 1))
        sizes = node.wholes("qkv_hidden_sizes") or (width // 3, width // 3, width - 2 * (width // 3))
        self.query, self.value = sizes[0], sizes[2]
        past = node.given(8 if node.kind == "QAttention" else 4)
        self.keys = self.tokens + (past.shape[3] if past is not None else 0)


def packed_attention(node: OnnxNode) -> _Packed:
    """Return the sizes of an Attention that stores its projections.

    Raises:
        UnknownShapeError: they are not known.
    """
    return _Packed(node)


def _multi_head(node: OnnxNode) -> list[Value]:
    query, key, value = node.input(0).shape, node.given(1), node.given(2)
    heads = max(1, node.whole("num_heads", 1))
    batch, tokens = query[0], query[1]
    past = node.given(6)
    cached = past.shape[2] if past is not None else 0
    if len(query) == 5:  # noqa: PLR2004 - queries, keys and values in one
        width, keys, head = heads * query[-1], tokens, query[-1]
    elif value is None and key is not None:
        width, keys, head = heads * key.shape[-1], key.shape[1], key.shape[-1]
    elif value is not None:
        wide = value.shape
        by_head = len(wide) == _HEADS
        width, keys = (wide[1] * wide[3], wide[2]) if by_head else (wide[2], wide[1])
        head = query[-1] // heads
    else:
        raise UnknownShapeError
    kept = Value((batch, heads, cached + keys, head), FLOAT)
    return [Value((batch, tokens, width), FLOAT), kept, kept]


def _grouped(node: OnnxNode) -> list[Value]:
    query = node.input(0)
    heads, shared = max(1, node.whole("num_heads", 1)), max(1, node.whole("kv_num_heads", 1))
    batch, tokens, width = query.shape
    head = width // heads if node.given(1) is not None else width // (heads + 2 * shared)
    past = node.given(3)
    kept = Value((batch, shared, tokens + (past.shape[2] if past is not None else 0), head), query.type)
    return [Value((batch, tokens, heads * head), query.type), kept, kept]


def _quantised_cell(node: OnnxNode) -> list[Value]:
    """Return the outputs of a DynamicQuantizeLSTM, whose matrices are [directions, inputs, 4 x hidden]."""
    steps, batch, _ = node.input(0).shape
    directions, hidden, _ = node.input(2).shape
    last = Value((directions, batch, hidden), FLOAT)
    return [Value((steps, directions, batch, hidden), FLOAT), last, last]


def _embedding(node: OnnxNode) -> list[Value]:
    ids, width = node.input(0).shape, node.input(2).shape[-1]
    summed = Value((*ids, width), FLOAT)
    return [summed, Value((ids[0],), INT32), summed]


def _gathered(node: OnnxNode) -> list[Value]:
    table, ids = node.input(0).shape, node.input(1).shape
    packed = 2 if node.whole("bits", 4) == 4 and node.input(0).type == 2 else 1  # noqa: PLR2004 - UINT8 holds two
    axis = node.whole("gather_axis", 0) % len(table)
    wide = (*table[:-1], table[-1] * packed)
    return [Value((*wide[:axis], *ids, *wide[axis + 1 :]), FLOAT)]


def convolved(node: OnnxNode, image: Shape, kernel: Shape) -> Shape:
    """Return the sizes of a convolution's output along its spatial axes.

    Raises:
        UnknownShapeError: they are not known.
    """
    rank = len(image)
    strides, dilations = node.wholes("strides") or (1,) * rank, node.wholes("dilations") or (1,) * rank
    pads = node.wholes("pads") or (0,) * (2 * rank)
    padding = node.attributes.get("auto_pad", b"NOTSET")
    sizes = []
    for axis in range(rank):
        if padding in {b"SAME_UPPER", b"SAME_LOWER"}:
            sizes.append(-(-image[axis] // strides[axis]))
            continue
        padded = image[axis] + (0 if padding == b"VALID" else pads[axis] + pads[axis + rank])
        sizes.append((padded - dilations[axis] * (kernel[axis] - 1) - 1) // max(1, strides[axis]) + 1)
    if min(sizes, default=1) < 1:
        raise UnknownShapeError
    return tuple(sizes)


def _convolution(node: OnnxNode) -> list[Value]:
    first, weight = node.input(0), node.input(3 if node.kind == "QLinearConv" else 1)
    last = bool(node.whole("channels_last", 0)) or node.kind == "NhwcConv"
    shape, kernel = first.shape, weight.shape
    image = shape[1:-1] if last else shape[2:]
    sizes = convolved(node, image, kernel[1:-1] if node.kind == "NhwcConv" else kernel[2:])
    out = (shape[0], *sizes, kernel[0]) if last else (shape[0], kernel[0], *sizes)
    return [Value(out, first.type)]


def _global_pool(node: OnnxNode) -> list[Value]:
    first = node.input(0)
    if node.whole("channels_last", 0):
        return [Value((first.shape[0], *[1] * (len(first.shape) - 2), first.shape[-1]), first.type)]
    return [Value((*first.shape[:2], *[1] * (len(first.shape) - 2)), first.type)]


def _pool(node: OnnxNode) -> list[Value]:
    first, kernel = node.input(0), node.wholes("kernel_shape")
    last = bool(node.whole("channels_last", 0)) or node.kind == "NhwcMaxPool"
    shape = first.shape
    sizes = convolved(node, shape[1:-1] if last else shape[2:], kernel)
    out = (shape[0], *sizes, shape[-1]) if last else (*shape[:2], *sizes)
    return [Value(out, first.type)]


def _joined(node: OnnxNode) -> list[Value]:
    """Return the shape of a QLinearConcat: output scale and zero point, then three inputs a tensor."""
    parts = [node.input(place) for place in range(2, len(node.inputs), 3)]
    axis = node.whole("axis", 0) % len(parts[0].shape)
    shape = list(parts[0].shape)
    shape[axis] = sum(part.shape[axis] for part in parts)
    return [Value(tuple(shape), parts[0].type)]


def _halved(node: OnnxNode) -> list[Value]:
    first = node.input(0)
    return [Value((*first.shape[:-1], first.shape[-1] // 2), first.type)]


def _classified(node: OnnxNode) -> list[Value]:
    """Return labels and scores of a linear classifier of scikit-learn."""
    rows = prod(node.input(0).shape[:-1])
    classes = node.attributes.get("intercepts")
    count = len(classes) if isinstance(classes, list) and classes else 1
    return [Value((rows,)), Value((rows, max(count, 1)), FLOAT)]


def _regressed(node: OnnxNode) -> list[Value]:
    return [Value((prod(node.input(0).shape[:-1]), node.whole("targets", 1)), FLOAT)]


_UNCHANGED = (
    "BiasGelu FastGelu QuickGelu Gelu GemmFastGelu BiasAdd BiasSoftmax BiasDropout SimplifiedLayerNormalization"
    " RotaryEmbedding QLinearLeakyRelu QLinearSigmoid QLinearSoftmax Inverse GroupNorm QuantizeLinear"
    " DequantizeLinear Rfft Trilu NGramRepeatBlock QOrderedGelu RelativePositionBias LayerNormalization"
    " RMSNormalization HardSwish Swish Scaler Normalizer Imputer Binarizer"
)
CONTRIBUTED: Mapping[str, Callable[[OnnxNode], list[Value]]] = {
    **dict.fromkeys(_UNCHANGED.split(), _same),
    **dict.fromkeys(("SkipLayerNormalization", "SkipSimplifiedLayerNormalization", "SkipGroupNorm"), _skip),
    **dict.fromkeys(("QLinearAdd", "QLinearMul"), _both),
    **dict.fromkeys(("MatMul", "FusedMatMul", "TransposeMatMul", "FusedGemm", "Gemm"), _matmul),
    **dict.fromkeys(("DynamicQuantizeMatMul", "MatMulIntegerToFloat", "QLinearMatMul", "QGemm"), _matmul),
    **dict.fromkeys(("MatMulNBits", "MatMulBnb4", "MatMulFpQ4"), _matmul_packed),
    **dict.fromkeys(("Attention", "QAttention"), _attention),
    "MultiHeadAttention": _multi_head,
    "DecoderMaskedMultiHeadAttention": _multi_head,
    "GroupQueryAttention": _grouped,
    "DynamicQuantizeLSTM": _quantised_cell,
    "EmbedLayerNormalization": _embedding,
    "GatherBlockQuantized": _gathered,
    **dict.fromkeys(("FusedConv", "NhwcConv", "QLinearConv", "NhwcFusedConv"), _convolution),
    **dict.fromkeys(("QLinearAveragePool", "NhwcMaxPool"), _pool),
    "QLinearGlobalAveragePool": _global_pool,
    "QLinearConcat": _joined,
    "BiasSplitGelu": _halved,
    "LinearClassifier": _classified,
    "LinearRegressor": _regressed,
    "MoE": _same,
    "QMoE": _same,
}
