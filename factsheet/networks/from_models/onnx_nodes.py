"""Classify the nodes of an ONNX graph: a product with stored weights or of two activations, or elementwise work."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple, cast

from factsheet.networks.from_models.operator_record import OperatorRecord
from factsheet.networks.tables import each, unique_table
from factsheet.networks.windows import lookahead, lookahead_transposed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.networks.operators import ElementKind, MatrixKind

Shape = tuple[int, ...]

KINDS: Mapping[str, ElementKind] = unique_table(
    "an elementwise ONNX operator",
    each(
        (
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
        ),
        "activation",
    ),
    each(("LeakyRelu", "PRelu", "Selu", "Softplus", "Mish", "Swish", "Celu", "Clip", "Erf"), "activation"),
    each(("Softmax", "LogSoftmax"), "softmax"),
    each(
        ("LayerNormalization", "SkipLayerNormalization", "InstanceNormalization", "GroupNormalization"),
        "layer_norm",
    ),
    each(
        ("RMSNormalization", "SimplifiedLayerNormalization", "SkipSimplifiedLayerNormalization"), "rms_norm"
    ),
    each(("BatchNormalization",), "batch_norm"),
    each(("RotaryEmbedding",), "rotary"),
    each(("AveragePool", "MaxPool", "GlobalAveragePool", "GlobalMaxPool", "LpPool", "ReduceMean"), "pooling"),
    each(("TopK", "ArgMax", "ArgMin"), "routing"),
    each(("Pow", "Sqrt", "Exp", "Log", "Reciprocal", "Abs", "Sin", "Cos", "ReduceSum", "ReduceMax"), "other"),
    each(("Max", "Min", "CumSum", "ReduceProd", "ReduceMin", "ReduceL2", "Sum", "Resize", "Round"), "other"),
    each(("Floor", "Ceil", "QuantizeLinear", "DynamicQuantizeLinear", "ReduceSumSquare"), "other"),
)
COPIES = frozenset(
    {
        "Transpose",
        "Identity",
        "Cast",
        "Reshape",
        "Squeeze",
        "Unsqueeze",
        "DequantizeLinear",
        "Flatten",
        "Expand",
    }
    | {"Slice", "Split", "Concat", "Pad", "Tile", "CastLike", "DepthToSpace", "SpaceToDepth"}
)
UNCOUNTED = frozenset(
    {
        "Shape",
        "Size",
        "Gather",
        "GatherElements",
        "GatherND",
        "ScatterND",
        "ScatterElements",
        "Where",
        "Equal",
        "Not",
    }
    | {
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
    }
    | {"NonZero", "Neg", "Dropout", "Trilu", "OneHot", "IsNaN", "IsInf", "Mod", "EyeLike", "Sign", "Compress"}
)
MATMULS = {"MatMul": 1, "FusedMatMul": 1, "MatMulInteger": 1, "QLinearMatMul": 3, "Gemm": 1, "FusedGemm": 1}
CONVOLUTIONS = {"Conv": 1, "FusedConv": 1, "ConvInteger": 1, "QLinearConv": 3, "ConvTranspose": 1}
GATES = {"LSTM": (4, 5, 8), "GRU": (3, 3, 7), "RNN": (1, 1, 1)}


class OnnxNode(NamedTuple):
    """One node of a graph."""

    kind: str
    """Its ONNX operator, such as `MatMul`."""
    name: str
    inputs: tuple[str, ...]
    """Names of values; empty where an optional one is left out."""
    outputs: tuple[str, ...]
    attributes: Mapping[str, object]

    def input(self, place: int) -> str:
        """Return the name of an input; empty where it is left out."""
        return self.inputs[place] if len(self.inputs) > place else ""


class Nodes:
    """Takes nodes in order of execution.

    Attributes:
        record: the operators.
        covered: initialisers that operators use.
    """

    def __init__(self, shapes: Mapping[str, Shape | None], initialisers: Mapping[str, bool]) -> None:
        self.record = OperatorRecord()
        self.covered: set[str] = set()
        self._shapes = shapes
        self._stored = {name: name for name, floating in initialisers.items() if floating}
        self._constant = set(initialisers)
        self._place = 0

    def add(self, node: OnnxNode) -> None:
        """Record what a node does."""
        self._place += 1
        kind, inputs, outputs = node.kind, node.inputs, node.outputs
        where = _module(node.name) or f"{kind.lower()}.{self._place}"
        given = [one for one in inputs if one]
        constant = kind != "RandomNormal" and all(one in self._constant for one in given)
        if constant and (given or kind in {"Constant", "ConstantOfShape"}):
            self._constant.update(outputs)
            source = next((self._stored[one] for one in given if one in self._stored), None)
            if source is not None and (kind in COPIES or kind in {"Mul", "Div", "Sub"}):
                self._stored.update(dict.fromkeys(outputs, source))
            return
        try:
            self._work(node, where)
        except (KeyError, IndexError, TypeError):
            self._unknown(kind, where, outputs)

    def _work(self, node: OnnxNode, where: str) -> None:
        kind, inputs, outputs = node.kind, node.inputs, node.outputs
        if kind in MATMULS:
            self._matmul(node, where)
        elif kind in CONVOLUTIONS:
            self._convolution(node, where)
        elif kind in GATES:
            self._recurrent(kind, where, inputs)
        elif kind == "Attention" and len(self._shape(inputs[0])) == 4:  # noqa: PLR2004 - heads are an axis
            self._attention(where, inputs)
        elif kind == "Gather" and inputs[0] in self._stored and len(self._shape(inputs[0])) == 2:  # noqa: PLR2004
            table, shape = self._stored[inputs[0]], self._shape(inputs[0])
            self.covered.add(table)
            self.record.lookup(
                where,
                _node(table),
                stored_as=_node(table),
                shape=(shape[0], shape[1]),
                lookups=prod(self._shape(inputs[1])),
            )
        elif kind in KINDS:
            if KINDS[kind] == "softmax":
                self.record.attends(_parent(where), _parent(where))
            read = prod(self._shape(inputs[0])) if kind != "Resize" else prod(self._shape(outputs[0]))
            self._elements(KINDS[kind], where, read, inputs[1:])
        elif kind in {"Add", "Sub", "Mul", "Div"}:
            self._arithmetic(kind, where, inputs, outputs)
        elif kind not in COPIES and kind not in UNCOUNTED:
            self._unknown(kind, where, outputs)

    def _matmul(self, node: OnnxNode, where: str) -> None:
        kind, inputs, attributes = node.kind, node.inputs, node.attributes
        place = MATMULS[kind]
        first, second = inputs[0], inputs[place]
        left, right = self._shape(first), self._shape(second)
        left, right = (1, *left) if len(left) == 1 else left, (*right, 1) if len(right) == 1 else right
        left = _flipped(left) if attributes.get("transA") else left
        right = _flipped(right) if attributes.get("transB") else right
        m, k, n = left[-2], left[-1], right[-1]
        batch = max(prod(left[:-2]), prod(right[:-2]))
        bias = node.input(2) if kind in {"Gemm", "FusedGemm"} else ""
        for weight, shape, calls in ((second, (k, n), batch * m), (first, (k, m), batch * n)):
            if weight in self._stored and weight in self._constant:
                matrices = max(1, prod(self._shape(weight)) // (shape[0] * shape[1]))
                self._static(where, weight, shape, calls, bias=bias, matrices=matrices)
                return
        parent = _parent(where)
        self.record.dynamic(parent, f"{parent}.matmul".lstrip("."), batch, (m, k, n))

    def _convolution(self, node: OnnxNode, where: str) -> None:
        kind, inputs, outputs, attributes = node.kind, node.inputs, node.outputs, node.attributes
        weight = inputs[CONVOLUTIONS[kind]]
        shape, groups = self._shape(weight), int(cast("int", attributes.get("group", 1)))
        kernel = prod(shape[2:])
        bias = node.input(2) if kind in {"Conv", "FusedConv", "ConvTranspose"} else ""
        if kind == "ConvTranspose":
            rows, cols = shape[0] // groups, shape[1] * kernel
            places = prod(self._shape(inputs[0])) // shape[0]
        else:
            rows, cols = shape[1] * kernel, shape[0] // groups
            places = prod(self._shape(outputs[0])) // shape[0]
        if weight not in self._stored:
            self.record.dynamic(where, f"{where}.matmul", groups * places, (1, rows, cols))
            return
        fused = "" if kind == "ConvTranspose" else bias
        transposed = kind == "ConvTranspose"
        ahead, over = (lookahead_transposed, inputs[0]) if transposed else (lookahead, outputs[0])
        ones = [1] * len(shape[2:])
        steps = [cast("list[int]", attributes.get(name) or ones) for name in ("strides", "dilations")]
        self._static(
            where,
            weight,
            (rows, cols),
            places * groups,
            bias=fused,
            matrices=groups,
            kind="convolution",
            lookahead=ahead(shape[2:], self._shape(over)[2:], *steps),
        )
        if bias and not fused:
            self._elements("bias", where, prod(self._shape(outputs[0])), (bias,))

    def _recurrent(self, kind: str, where: str, inputs: tuple[str, ...]) -> None:
        gates, activations, products = GATES[kind]
        vectors = prod(self._shape(inputs[0])[:-1])
        for weight in inputs[1:3]:
            directions, high, rows = self._shape(weight)
            for _ in range(directions):
                self._static(
                    where, weight, (rows, high), vectors * directions, matrices=directions, kind="recurrent"
                )
                break
        directions, high, _ = self._shape(inputs[1])
        hidden = high // gates * directions
        if len(inputs) > 3 and inputs[3]:  # noqa: PLR2004 - both biases in one
            self._elements("bias", where, 2 * gates * hidden * vectors, (inputs[3],))
        self.record.elements(where, where, "activation", activations * hidden * vectors)
        self.record.elements(where, where, "product", products * hidden * vectors)

    def _attention(self, where: str, inputs: tuple[str, ...]) -> None:
        query, key, value = (self._shape(one) for one in inputs[:3])
        count, m, k, n = prod(query[:2]), query[2], query[3], key[2]
        self.record.dynamic(where, f"{where}.scores", count, (m, k, n))
        self.record.elements(where, where, "softmax", count * m * n)
        self.record.dynamic(where, f"{where}.context", count, (m, n, value[3]))

    def _arithmetic(self, kind: str, where: str, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        """Record a sum or product of two tensors; plain numbers are folded into neighbouring weights."""
        written = prod(self._shape(outputs[0]))
        fixed = next((one for one in inputs if one in self._constant), None)
        adds = kind in {"Add", "Sub"}
        if fixed is None:
            self.record.elements(_parent(where), _parent(where), "residual" if adds else "product", written)
        elif fixed in self._stored and prod(self._shape(fixed)) > 1:
            self._elements("bias" if adds else "product", where, written, (fixed,))

    def _elements(self, kind: ElementKind, where: str, elements: int, stored: tuple[str, ...]) -> None:
        names = [self._stored[one] for one in stored if one in self._stored]
        own = sum(prod(self._shape(name)) for name in names)
        self.covered.update(names)
        self.record.elements(
            where, where, kind, elements, parameters=own, stored_as=names[0] if names else ""
        )

    def _static(
        self,
        where: str,
        weight: str,
        shape: tuple[int, int],
        products: int,
        *,
        bias: str = "",
        matrices: int = 1,
        kind: MatrixKind = "linear",
        lookahead: int = 0,
    ) -> None:
        source = self._stored[weight]
        self.covered.add(source)
        biased = (
            bool(bias)
            and self._stored.get(bias) is not None
            and prod(self._shape(bias)) == shape[1] * matrices
        )
        if biased:
            self.covered.add(self._stored[bias])
        # The exporter keeps a parameter's own name, or calls it something like `onnx::MatMul_42`.
        named = source if "::" not in source and "/" not in source else where
        self.record.static(
            where,
            _node(named),
            stored_as=_node(source),
            shape=shape,
            products=products,
            bias=biased,
            matrices=matrices,
            kind=kind,
            lookahead=lookahead,
        )

    def _unknown(self, kind: str, where: str, outputs: tuple[str, ...]) -> None:
        shape = self._shapes.get(outputs[0]) if outputs else None
        self.record.unknown(where, where, f"onnx::{kind}", prod(shape) if shape else 0)

    def _shape(self, name: str) -> Shape:
        shape = self._shapes[name]
        if shape is None:
            raise KeyError(name)
        return shape


def _flipped(shape: Shape) -> Shape:
    return (*shape[:-2], shape[-1], shape[-2])


def _module(name: str) -> str:
    """Return the node of a name: `/encoder/layer.0/query/MatMul` is `encoder.layer.0.query`'s."""
    return ".".join(part for part in name.split("/") if part)


def _parent(where: str) -> str:
    return where.rpartition(".")[0]


def _node(stored: str) -> str:
    return stored.removesuffix(".weight").removesuffix("/MatMul").removesuffix(".MatMul")
