"""Work out the shapes of a node's outputs: by ONNX's own schemas, and here for operators that have none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from factsheet.networks.from_models.graph.contributed import CONTRIBUTED, convolved
from factsheet.networks.from_models.graph.values import BOOL, FLOAT, NOTHING, UnknownShapeError, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onnx import NodeProto, TypeProto

    from factsheet.networks.from_models.graph.values import Dims, OnnxNode

STANDARD = frozenset({"", "ai.onnx", "ai.onnx.ml"})
_MOST_SHOWN = 64
"""Constants of more numbers are not shown to shape inference: no operator takes that many sizes."""
_SAME = frozenset(
    {
        "Relu",
        "Sigmoid",
        "Tanh",
        "Erf",
        "Sqrt",
        "Exp",
        "Log",
        "Neg",
        "Abs",
        "Floor",
        "Ceil",
        "Round",
        "Softmax",
    }
    | {
        "LeakyRelu",
        "HardSigmoid",
        "HardSwish",
        "Elu",
        "Clip",
        "Reciprocal",
        "Identity",
        "Gelu",
        "Sin",
        "Cos",
        "Not",
    }
    | {
        "LayerNormalization",
        "Softplus",
        "Sign",
        "LogSoftmax",
        "Selu",
        "Celu",
        "Mish",
        "ThresholdedRelu",
        "Softsign",
    }
)
_BROADCAST = frozenset({"Add", "Sub", "Mul", "Div", "And", "Or", "Xor", "Max", "Min", "PRelu", "Mod"})
_COMPARES = frozenset({"Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"})


_READ = frozenset(
    {
        "Reshape",
        "Expand",
        "Slice",
        "Tile",
        "Pad",
        "ConstantOfShape",
        "Range",
        "Resize",
        "Upsample",
        "TopK",
        "Squeeze",
    }
    | {
        "Unsqueeze",
        "OneHot",
        "CenterCropPad",
        "Col2Im",
        "AffineGrid",
        "DFT",
        "STFT",
        "MelWeightMatrix",
        "CumSum",
    }
    | {
        "ReduceSum",
        "ReduceMean",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
    }
    | {
        "ReduceLogSumExp",
        "ReduceSumSquare",
        "HannWindow",
        "HammingWindow",
        "BlackmanWindow",
        "MaxUnpool",
        "SplitToSequence",
    }
)
"""Operators whose shapes depend on the numbers of an input."""
_WINDOWS = {"Conv": 1, "ConvInteger": 1, "QLinearConv": 3, "MaxPool": 0, "AveragePool": 0, "LpPool": 0}
_TERM = r"[A-Za-z ]*(?:\.{3}[A-Za-z ]*)?"
_EQUATION = re.compile(rf"{_TERM}(?:,{_TERM})*(?:->{_TERM})?".encode())
"""What the equation of an Einsum may be; on some others ONNX's own inference goes on for ever."""


class MisfitError(Exception):
    """Inputs of a node do not fit each other or the operator."""


class ShapeInference:
    """Infers the shapes of one graph's values, node by node.

    Args:
        opsets: version of each domain of operators.
    """

    def __init__(self, opsets: Mapping[str, int]) -> None:
        self._opsets = dict(opsets)
        self._known: dict[object, list[Value]] = {}
        self._schemas: dict[tuple[str, str], Any] = {}

    def with_opsets(self, opsets: Mapping[str, int]) -> ShapeInference:
        """Return inference for a function that is written against other versions."""
        return ShapeInference({**self._opsets, **opsets}) if opsets else self

    def knows(self, node: NodeProto) -> bool:
        """Return whether the operator is one that shapes can be inferred for."""
        return node.op_type in CONTRIBUTED or self._schema(node) is not None

    def outputs(self, node: OnnxNode, proto: NodeProto) -> list[Value]:
        """Return shape and type of each output; values of which nothing is known where there is no telling.

        Raises:
            MisfitError: the inputs do not fit.
        """
        inputs, standard = node.inputs, node.domain in STANDARD
        first = inputs[0] if inputs else None
        if standard and first is not None and first.dims is not None and len(proto.output) == 1:
            if node.kind in _SAME:
                return [Value(first.dims, first.type)]
            if node.kind == "Cast":
                return [Value(first.dims, node.whole("to", 1))]
            other = inputs[1] if len(inputs) == 2 else None  # noqa: PLR2004 - of two operands
            if other is not None and other.dims is not None and node.kind in _BROADCAST | _COMPARES:
                compared = node.kind in _COMPARES
                return [Value(broadcast(first.dims, other.dims), BOOL if compared else first.type)]
        own = CONTRIBUTED.get(node.kind)
        if own is not None and (not standard or self._schema(proto) is None):
            try:
                return _padded(own(node), len(proto.output))
            except (UnknownShapeError, IndexError, ZeroDivisionError, ValueError):
                return [NOTHING] * len(proto.output)
        if standard and node.kind == "Split" and first is not None and first.dims is not None:
            return _split(node, first, len(proto.output))  # ONNX aborts on one that does not divide
        if standard and node.kind in _WINDOWS:
            _check_window(node)
        if standard and node.kind == "Einsum" and not _is_equation(node.attributes.get("equation")):
            raise MisfitError
        return self._inferred(node, proto)

    def _schema(self, node: NodeProto) -> Any:
        from onnx import defs  # an extra

        domain = "" if node.domain == "ai.onnx" else node.domain
        key = (domain, node.op_type)
        if key not in self._schemas:
            try:
                version = self._opsets.get(domain, self._opsets.get("ai.onnx", 1) if not domain else 1)
                self._schemas[key] = defs.get_schema(node.op_type, version, domain)
            except Exception:  # noqa: BLE001 - of a type that onnx does not export everywhere
                self._schemas[key] = None
        return self._schemas[key]

    def _inferred(self, node: OnnxNode, proto: NodeProto) -> list[Value]:
        schema = self._schema(proto)
        if schema is None:
            return [NOTHING] * len(proto.output)
        read = node.kind in _READ
        shown = [_shown(one) if read else None for one in node.inputs]
        key = (
            proto.op_type,
            proto.domain,
            len(proto.output),
            b"".join(one.SerializeToString(deterministic=True) for one in proto.attribute),
            tuple(None if one is None else (one.dims, one.type) for one in node.inputs),
            tuple(None if one is None else (str(one.dtype), one.tobytes()) for one in shown),
        )
        if key not in self._known:
            self._known[key] = _infer(schema, proto, list(zip(node.inputs, shown, strict=True)), self._opsets)
        return self._known[key]


def broadcast(first: Dims, second: Dims) -> Dims:
    """Return the shape that two broadcast to.

    Raises:
        MisfitError: they do not.
    """
    if first == second:
        return first
    rank = max(len(first), len(second))
    sizes: list[int | None] = []
    for one, other in zip(
        (1,) * (rank - len(first)) + first, (1,) * (rank - len(second)) + second, strict=True
    ):
        if one in (1, other):
            sizes.append(other)
        elif other == 1:
            sizes.append(one)
        elif one is None or other is None:
            sizes.append(one if other is None else other)
        else:
            raise MisfitError
    return tuple(sizes)


def _split(node: OnnxNode, whole: Value, outputs: int) -> list[Value]:
    """Return the parts of a value.

    Raises:
        MisfitError: the parts are not all of it.
    """
    dims = whole.dims or ()
    axis = node.whole("axis", 0)
    if not -len(dims) <= axis < len(dims):
        raise MisfitError
    axis %= len(dims)
    size, given = dims[axis], node.given(1)
    sizes: list[int | None] = list(node.wholes("split"))
    if given is not None:
        sizes = [None] * outputs if given.data is None else [int(one) for one in given.data.reshape(-1)]
    elif not sizes and size is not None:
        share = -(-size // outputs)
        sizes = [min(share, size - place * share) for place in range(outputs)]
    elif not sizes:
        sizes = [None] * outputs
    known = [one for one in sizes if one is not None]
    whole_known = size is not None and len(known) == len(sizes)
    if len(sizes) != outputs or any(one < 0 for one in known) or (whole_known and sum(known) != size):
        raise MisfitError
    if node.whole("num_outputs", outputs) != outputs:
        raise MisfitError
    return [Value((*dims[:axis], one, *dims[axis + 1 :]), whole.type) for one in sizes]


def _check_window(node: OnnxNode) -> None:
    """Refuse an image that is smaller than a window over it; ONNX infers an output of one position.

    Raises:
        MisfitError: it is.
    """
    place = _WINDOWS[node.kind]
    try:
        kernel = node.input(place).shape[2:] if place else node.wholes("kernel_shape")
        image = node.input(0).shape[2:]
    except UnknownShapeError:
        return
    if len(kernel) == len(image):
        try:
            convolved(node, image, kernel)
        except (UnknownShapeError, IndexError):
            raise MisfitError from None


def _is_equation(value: object) -> bool:
    return isinstance(value, bytes) and _EQUATION.fullmatch(value) is not None


def _shown(value: Value | None) -> Any:
    if value is None or value.data is None or value.data.size > _MOST_SHOWN:
        return None
    return value.data


def _infer(
    schema: Any, proto: NodeProto, given: Sequence[tuple[Value | None, Any]], opsets: Mapping[str, int]
) -> list[Value]:
    """Return what ONNX infers for a node from its inputs, each with its numbers where they are few."""
    from onnx import helper, numpy_helper, shape_inference

    names = [f"i{place}" if one is not None else "" for place, (one, _) in enumerate(given)]
    while names and not names[-1]:
        names.pop()
    alone = type(proto)()
    alone.op_type, alone.domain = proto.op_type, proto.domain
    alone.input.extend(names)
    alone.output.extend(f"o{place}" for place in range(len(proto.output)))
    alone.attribute.extend(proto.attribute)
    types = {name: _proto(one) for name, (one, _) in zip(names, given, strict=False) if one is not None}
    data = {
        name: numpy_helper.from_array(array)
        for name, (_, array) in zip(names, given, strict=False)
        if array is not None and name
    }
    imports = [helper.make_opsetid(domain, version) for domain, version in opsets.items()]
    try:
        found = shape_inference.infer_node_outputs(schema, alone, types, data, opset_imports=imports)
    except Exception as error:  # of types that onnx does not export
        raise MisfitError from error
    return [_value(found.get(f"o{place}")) for place in range(len(proto.output))]


def _proto(value: Value) -> TypeProto:
    from onnx import helper

    if value.items is not None:
        element = value.items[0] if value.items else Value(None, FLOAT)
        return helper.make_sequence_type_proto(_proto(element))
    dims = None if value.dims is None else list(value.dims)
    return helper.make_tensor_type_proto(value.type or FLOAT, dims)


def _value(found: TypeProto | None) -> Value:
    if found is None or not found.HasField("tensor_type"):
        return NOTHING
    tensor = found.tensor_type
    if not tensor.HasField("shape"):
        return Value(None, tensor.elem_type)
    dims = tuple(
        dim.dim_value if dim.HasField("dim_value") and dim.dim_value >= 0 else None
        for dim in tensor.shape.dim
    )
    return Value(dims, tensor.elem_type)


def _padded(values: Sequence[Value], count: int) -> list[Value]:
    return [*values, *[NOTHING] * count][:count]
