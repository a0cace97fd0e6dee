"""Classify the nodes of a graph: a product with stored weights or of two activations, or elementwise work."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from factsheet.networks.from_models.graph import attention, products
from factsheet.networks.from_models.graph.recorder import parent
from factsheet.networks.from_models.graph.values import UnknownShapeError
from factsheet.networks.from_models.graph.weighted_sums import SUMS, weighted_sum
from factsheet.networks.from_models.operator_record import addition_kind
from factsheet.networks.tables import each, unique_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from factsheet.networks.from_models.graph.recorder import Recorder
    from factsheet.networks.from_models.graph.values import OnnxNode, Value
    from factsheet.networks.from_models.graph.views import TensorView
    from factsheet.networks.operators import ElementKind

KINDS: Mapping[str, ElementKind] = unique_table(
    "an elementwise ONNX operator",
    each(
        [
            "Relu",
            "Gelu",
            "FastGelu",
            "BiasGelu",
            "QuickGelu",
            "Tanh",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
            "Elu",
            "LeakyRelu",
            "PRelu",
            "Selu",
            "Softplus",
            "Mish",
            "Swish",
            "Celu",
            "Clip",
            "Erf",
            "ThresholdedRelu",
            "Softsign",
            "Shrink",
            "QLinearLeakyRelu",
            "QLinearSigmoid",
            "BiasSplitGelu",
        ],
        "activation",
    ),
    each(("Softmax", "LogSoftmax", "BiasSoftmax", "QLinearSoftmax", "Hardmax"), "softmax"),
    each(
        [
            "LayerNormalization",
            "SkipLayerNormalization",
            "InstanceNormalization",
            "GroupNormalization",
            "GroupNorm",
            "SkipGroupNorm",
            "MeanVarianceNormalization",
            "LpNormalization",
            "LRN",
        ],
        "layer_norm",
    ),
    each(
        ("RMSNormalization", "SimplifiedLayerNormalization", "SkipSimplifiedLayerNormalization"), "rms_norm"
    ),
    each(("BatchNormalization",), "batch_norm"),
    each(("RotaryEmbedding",), "rotary"),
    each(
        [
            "AveragePool",
            "MaxPool",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "LpPool",
            "ReduceMean",
            "QLinearAveragePool",
            "QLinearGlobalAveragePool",
            "NhwcMaxPool",
            "QLinearReduceMean",
            "GlobalLpPool",
        ],
        "pooling",
    ),
    each(("TopK", "ArgMax", "ArgMin"), "routing"),
    each(
        [
            "Pow",
            "Sqrt",
            "Exp",
            "Log",
            "Reciprocal",
            "Abs",
            "Sin",
            "Cos",
            "Tan",
            "Atan",
            "Asin",
            "Acos",
            "Sinh",
            "Cosh",
            "Asinh",
            "Acosh",
            "Atanh",
            "ReduceSum",
            "ReduceMax",
            "Max",
            "Min",
            "Mean",
            "CumSum",
            "ReduceProd",
            "ReduceMin",
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "Sum",
            "Resize",
            "Upsample",
            "Round",
            "Floor",
            "Ceil",
            "QuantizeLinear",
            "DynamicQuantizeLinear",
            "ReduceSumSquare",
            "Det",
            "GridSample",
            "RoiAlign",
            "Scaler",
            "Normalizer",
            "Binarizer",
            "Imputer",
        ],
        "other",
    ),
)
"""What is done once for each element that is read, or written where that is more."""
COPIES = frozenset(
    [
        "Transpose",
        "Identity",
        "Cast",
        "CastLike",
        "Reshape",
        "Squeeze",
        "Unsqueeze",
        "DequantizeLinear",
        "Flatten",
        "Expand",
        "Slice",
        "Split",
        "Concat",
        "Pad",
        "Tile",
        "DepthToSpace",
        "SpaceToDepth",
        "QLinearConcat",
        "Col2Im",
        "CenterCropPad",
        "ReverseSequence",
        "SequenceConstruct",
        "SequenceAt",
        "SequenceInsert",
        "SequenceEmpty",
        "SequenceLength",
        "SequenceErase",
        "ConcatFromSequence",
        "SplitToSequence",
        "Optional",
        "OptionalGetElement",
        "OptionalHasElement",
    ]
)
"""What moves numbers, and computes none."""
UNCOUNTED = frozenset(
    [
        "Shape",
        "Size",
        "Gather",
        "GatherElements",
        "GatherND",
        "ScatterND",
        "ScatterElements",
        "Scatter",
        "Where",
        "Equal",
        "Not",
        "And",
        "Or",
        "Xor",
        "Less",
        "LessOrEqual",
        "Greater",
        "GreaterOrEqual",
        "Range",
        "ConstantOfShape",
        "Constant",
        "NonZero",
        "Neg",
        "Dropout",
        "Trilu",
        "OneHot",
        "IsNaN",
        "IsInf",
        "Mod",
        "EyeLike",
        "Sign",
        "Compress",
        "Unique",
        "BitShift",
        "BitwiseAnd",
        "BitwiseOr",
        "BitwiseXor",
        "BitwiseNot",
        "RandomNormal",
        "RandomNormalLike",
        "RandomUniform",
        "RandomUniformLike",
        "Bernoulli",
        "Multinomial",
        "NonMaxSuppression",
        "ZipMap",
        "ArrayFeatureExtractor",
        "StringNormalizer",
        "LabelEncoder",
        "TfIdfVectorizer",
        "HannWindow",
        "HammingWindow",
        "BlackmanWindow",
        "FeatureVectorizer",
        "CategoryMapper",
        "TensorScatter",
    ]
)
"""What compares, picks or makes numbers: traffic, no arithmetic of the network."""
ARITHMETIC = {"Add", "Sub", "Mul", "Div", "QLinearAdd", "QLinearMul", "BiasAdd"}

_PRODUCTS: Mapping[str, Callable[[Recorder, OnnxNode], None]] = {
    **dict.fromkeys(products.MATMULS, products.matmul),
    **dict.fromkeys(products.CONVOLUTIONS, products.convolution),
    **dict.fromkeys(products.GATES, products.recurrent),
    **dict.fromkeys(products.PACKED, products.packed),
    "Einsum": products.einsum,
    "LinearClassifier": products.linear_model,
    "LinearRegressor": products.linear_model,
    "Attention": attention.attention,
    "QAttention": attention.attention,
    "MultiHeadAttention": attention.multi_head,
    "DecoderMaskedMultiHeadAttention": attention.multi_head,
    "GroupQueryAttention": attention.grouped,
    "EmbedLayerNormalization": attention.embedding,
    "MoE": attention.experts,
    "QMoE": attention.experts,
}
_LEARNED: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(("LayerNormalization", "SimplifiedLayerNormalization", "RMSNormalization"), (1, 2)),
    **dict.fromkeys(
        ("InstanceNormalization", "GroupNormalization", "GroupNorm", "BatchNormalization"), (1, 2)
    ),
    "SkipLayerNormalization": (2, 3, 4),
    "SkipSimplifiedLayerNormalization": (2, 3),
    "SkipGroupNorm": (1, 2, 4),
    **dict.fromkeys(("PRelu", "BiasGelu", "FastGelu", "BiasSplitGelu", "BiasSoftmax"), (1,)),
    **dict.fromkeys(("Sum", "Max", "Min", "Mean"), tuple(range(16))),
}
"""Inputs that hold learned numbers; scales, zero points, statistics and tables of sines are none."""


def classify(recorder: Recorder, node: OnnxNode) -> None:
    """Record what a node does; what is not understood, as such."""
    try:
        _work(recorder, node)
    except (UnknownShapeError, IndexError, TypeError, ValueError, ZeroDivisionError):
        recorder.unknown(node.where, node.kind, node.outputs, _weights(node))


def _work(recorder: Recorder, node: OnnxNode) -> None:
    kind = node.kind
    work = _PRODUCTS.get(kind)
    if work is not None:
        work(recorder, node)
    elif kind in {"Gather", "GatherBlockQuantized"} and node.input(0).view is not None:
        _lookup(recorder, node)
    elif kind in SUMS and weighted_sum(recorder, node):
        pass
    elif kind in KINDS:
        if KINDS[kind] == "softmax":
            recorder.record.attends(parent(node.where), parent(node.where))
        written = kind in {"Resize", "Upsample", "GridSample", "RoiAlign"}
        count = node.outputs[0].elements if written else node.input(0).elements
        recorder.elements(KINDS[kind], node.where, count, _learned(node))
    elif kind in ARITHMETIC:
        _arithmetic(recorder, node)
    elif kind not in COPIES and kind not in UNCOUNTED:
        recorder.unknown(node.where, kind, node.outputs, _weights(node))


def _weights(node: OnnxNode) -> list[TensorView]:
    return [one.view for one in node.inputs if one is not None and one.view is not None]


def _learned(node: OnnxNode) -> list[TensorView]:
    given = (node.given(place) for place in _LEARNED.get(node.kind, ()))
    return [one.view for one in given if one is not None and one.view is not None]


def _lookup(recorder: Recorder, node: OnnxNode) -> None:
    """Record rows that are read from a stored table; of a table of sines and cosines, nothing is learned."""
    table, view = node.input(0), node.input(0).view
    if view is None or recorder.stored.waves(view) or len(table.shape) < 2:  # noqa: PLR2004 - rows of numbers
        return
    axis = node.whole("axis", 0) % len(table.shape)
    numbers = None
    rows, cols = table.shape[axis], prod(table.shape) // max(1, table.shape[axis])
    if node.kind == "GatherBlockQuantized" and node.outputs[0].shape[-1] != table.shape[-1]:
        cols *= 2
        numbers = rows * cols
    lookups = node.input(1).elements
    recorder.lookup(node.where, view, lookups, (rows, cols), numbers=numbers)


def _arithmetic(recorder: Recorder, node: OnnxNode) -> None:
    """Record a sum or product of two tensors; plain numbers are folded into neighbouring weights."""
    written = node.outputs[0].elements
    second = 3 if node.kind.startswith("QLinear") else 1
    factors = (node.input(0), node.input(second))
    fixed = next((one for one in factors if one.constant), None)
    adds = node.kind in {"Add", "Sub", "QLinearAdd", "BiasAdd"}
    if fixed is None:
        module = parent(node.where)
        recorder.record.elements(module, module, "residual" if adds else "product", written)
        return
    other = factors[1] if fixed is factors[0] else factors[0]
    if fixed.view is None or not _is_parameter(fixed, other):
        return
    if node.angle or recorder.stored.waves(fixed.view):
        recorder.elements("rotary", node.where, written)
    elif adds and recorder.stored.masks(fixed.view):
        recorder.elements("other", node.where, written)
    else:
        kind = addition_kind(fixed.shape) if adds else "product"
        recorder.elements(kind, node.where, written, [fixed.view])


def _is_parameter(fixed: Value, other: Value) -> bool:
    """Return whether a stored tensor is more than a plain number: a bias of one output has an axis that is one long."""
    if fixed.view is None or fixed.view.numbers != 1:
        return fixed.view is not None
    dims = other.dims
    return bool(fixed.shape) and bool(dims) and dims is not None and dims[-1] == 1 and len(dims) > 1
