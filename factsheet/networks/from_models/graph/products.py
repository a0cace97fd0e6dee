"""Products of matrices in a graph: MatMul and its kin, convolutions, recurrent cells, Einsum."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple, cast

from factsheet.networks.from_models.graph.contributed import broadcast_sizes, flipped
from factsheet.networks.from_models.graph.recorder import parent
from factsheet.networks.from_models.graph.values import UnknownShapeError
from factsheet.networks.from_models.graph.views import worked_out
from factsheet.networks.tables import unique_table
from factsheet.networks.windows import lookahead, lookahead_transposed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.networks.from_models.graph.recorder import Recorder
    from factsheet.networks.from_models.graph.values import OnnxNode, Shape, Value
    from factsheet.networks.from_models.graph.views import TensorView

_MATRIX = 2


class _Places(NamedTuple):
    """Where the second factor and the bias of a product are among its inputs; 0 where there is none."""

    weight: int
    bias: int = 0


MATMULS: Mapping[str, _Places] = unique_table(
    "a matrix product of ONNX",
    {
        "MatMul": _Places(1),
        "FusedMatMul": _Places(1),
        "TransposeMatMul": _Places(1),
        "MatMulInteger": _Places(1),
        "Gemm": _Places(1, 2),
        "FusedGemm": _Places(1, 2),
        "GemmFastGelu": _Places(1, 2),
        "QLinearMatMul": _Places(3),
        "QGemm": _Places(3, 6),
        "DynamicQuantizeMatMul": _Places(1, 4),
        "MatMulIntegerToFloat": _Places(1, 6),
    }.items(),
)
CONVOLUTIONS: Mapping[str, _Places] = unique_table(
    "a convolution of ONNX",
    {
        "Conv": _Places(1, 2),
        "FusedConv": _Places(1, 2),
        "NhwcConv": _Places(1, 2),
        "NhwcFusedConv": _Places(1, 2),
        "ConvInteger": _Places(1),
        "QLinearConv": _Places(3, 8),
        "ConvTranspose": _Places(1, 2),
    }.items(),
)
PACKED: Mapping[str, _Places] = unique_table(
    "a product with packed weights",
    {"MatMulNBits": _Places(1, 5), "MatMulBnb4": _Places(1), "MatMulFpQ4": _Places(1)}.items(),
)
GATES = {"LSTM": (4, 5, 8), "GRU": (3, 3, 7), "RNN": (1, 1, 1), "DynamicQuantizeLSTM": (4, 5, 8)}
"""Gates, activation functions and elementwise products of one step of a cell."""


def matmul(recorder: Recorder, node: OnnxNode) -> None:
    """Record a product with a stored matrix on either side, or of two activations."""
    places = MATMULS[node.kind]
    first, second, bias = (
        node.input(0),
        node.input(places.weight),
        node.given(places.bias) if places.bias else None,
    )
    if not (first.dims and second.dims):
        _of_unknown_size(recorder, node, first, second)
        return
    try:
        left, right = first.shape, second.shape
    except UnknownShapeError:
        _of_unknown_size(recorder, node, first, second)
        return
    left, right = (1, *left) if len(left) == 1 else left, (*right, 1) if len(right) == 1 else right
    left = flipped(left, matrix=bool(node.whole("transA", 0)), batch=bool(node.whole("transBatchA", 0)))
    right = flipped(right, matrix=bool(node.whole("transB", 0)), batch=bool(node.whole("transBatchB", 0)))
    m, k, n = left[-2], left[-1], right[-1]
    batch = prod(broadcast_sizes(left[:-2], right[:-2]))
    if node.angle and k == 1 and (first.stored or second.stored):
        recorder.elements("rotary", node.where, batch * m * n)
        return
    for weight, shape, vectors in ((second, (k, n), batch * m), (first, (k, m), batch * n)):
        if weight.view is not None:
            matrices = max(1, weight.view.numbers // max(1, shape[0] * shape[1]))
            recorder.static(node.where, weight.view, shape, vectors, bias=bias, matrices=matrices)
            return
    module = parent(node.where)
    recorder.dynamic(module, f"{module}.matmul".lstrip("."), batch, (m, k, n))
    if bias is not None and bias.view is not None:
        recorder.elements("bias", node.where, batch * m * n, [bias.view])


def _of_unknown_size(recorder: Recorder, node: OnnxNode, first: Value, second: Value) -> None:
    """Record a matrix whose weights are known, and that nobody knows how often it is used."""
    turned = bool(node.whole("transB", 0))
    for weight in (second, first):
        view = weight.view
        if view is not None and len(view.shape) >= _MATRIX:
            rows, cols = view.shape[-2:]
            if turned or weight is first:
                rows, cols = cols, rows
            recorder.static(
                node.where, view, (rows, cols), 0, matrices=max(1, view.numbers // max(1, rows * cols))
            )
            break
    recorder.unknown(node.where, node.kind, node.outputs)


def packed(recorder: Recorder, node: OnnxNode) -> None:
    """Record a product with K x N weights, however many of them share a byte."""
    weight = node.input(PACKED[node.kind].weight)
    rows, cols = node.whole("K", 0), node.whole("N", 0)
    if weight.view is None or rows <= 0 or cols <= 0:
        raise UnknownShapeError
    bias = node.given(PACKED[node.kind].bias) if PACKED[node.kind].bias else None
    try:
        vectors = prod(node.input(0).shape[:-1])
    except UnknownShapeError:
        vectors = 0
        recorder.unknown(node.where, node.kind, node.outputs)
    recorder.static(node.where, weight.view, (rows, cols), vectors, bias=bias, numbers=rows * cols)


def convolution(recorder: Recorder, node: OnnxNode) -> None:
    """Record a convolution, laid out by im2col; a transposed one meets each position of its input."""
    places = CONVOLUTIONS[node.kind]
    weight, bias = node.input(places.weight), node.given(places.bias) if places.bias else None
    transposed = node.kind == "ConvTranspose"
    shape, groups = weight.shape, max(1, node.whole("group", 1))
    if node.kind == "NhwcConv":
        shape = (shape[0], shape[-1], *shape[1:-1])
    sides = shape[2:]
    spread = node.input(0) if transposed else node.outputs[0]
    try:
        sizes = spread.shape
    except UnknownShapeError:
        sizes = ()
        recorder.unknown(node.where, node.kind, node.outputs)
    last = bool(node.whole("channels_last", 0)) or node.kind in {"NhwcConv", "NhwcFusedConv"}
    image = sizes[1:-1] if last else sizes[2:]
    positions = prod(image) * sizes[0] if sizes else 0
    kernel = prod(sides)
    if transposed:
        rows, cols = shape[0] // groups, shape[1] * kernel
    else:
        rows, cols = shape[1] * kernel, shape[0] // groups
    if weight.view is None:
        recorder.dynamic(node.where, f"{node.where}.matmul", groups * positions, (1, rows, cols))
        return
    ones = (1,) * len(sides)
    steps = [node.wholes("strides") or ones, node.wholes("dilations") or ones]
    recorder.static(
        node.where,
        weight.view,
        (rows, cols),
        positions * groups,
        bias=None if transposed else bias,
        matrices=groups,
        kind="convolution",
        lookahead=(lookahead_transposed if transposed else lookahead)(sides, image, *steps) if image else 0,
    )
    if transposed and bias is not None and bias.view is not None:
        recorder.elements("bias", node.where, _elements(node.outputs[0]), [bias.view])
    added = node.given(3) if node.kind in {"FusedConv", "NhwcFusedConv"} else None
    if added is not None:
        recorder.elements("residual", node.where, _elements(node.outputs[0]))


def _elements(value: Value) -> int:
    try:
        return value.elements
    except UnknownShapeError:
        return 0


def recurrent(recorder: Recorder, node: OnnxNode) -> None:
    """Record a recurrent cell: each vector meets the input matrix once, and its state the recurrent one."""
    gates, activations, steps = GATES[node.kind]
    vectors = prod(node.input(0).shape[:-1])
    turned = node.kind == "DynamicQuantizeLSTM"
    directions = hidden = 0
    for weight in (node.input(1), node.input(2)):
        directions, high, rows = weight.shape
        if turned:
            high, rows = rows, high
        hidden = high // gates * directions
        if weight.view is None:
            recorder.dynamic(node.where, f"{node.where}.matmul", directions * vectors, (1, rows, high))
            continue
        recorder.static(
            node.where, weight.view, (rows, high), vectors * directions, matrices=directions, kind="recurrent"
        )
    bias = node.given(3)
    if bias is not None and bias.view is not None:
        recorder.elements("bias", node.where, 2 * gates * hidden * vectors, [bias.view])
    peepholes = node.given(7) if node.kind.endswith("LSTM") else None
    views = [peepholes.view] if peepholes is not None and peepholes.view is not None else []
    recorder.elements("activation", node.where, activations * hidden * vectors)
    recorder.elements("product", node.where, steps * hidden * vectors, views)


class _Factor(NamedTuple):
    """A factor of an Einsum: its axes' labels, and the stored numbers that it holds."""

    labels: list[str]
    view: TensorView | None


def einsum(recorder: Recorder, node: OnnxNode) -> None:
    """Record an Einsum as products of two factors after each other, from the left, as runtimes work it out.

    Raises:
        UnknownShapeError: its equation does not fit its factors.
    """
    equation = cast("bytes", node.attributes.get("equation", b"")).decode("utf-8", "replace").replace(" ", "")
    terms, arrow, output = equation.partition("->")
    labels = [_labels(term, one.shape) for term, one in zip(terms.split(","), _values(node), strict=False)]
    sizes: dict[str, int] = {}
    for term, one in zip(labels, _values(node), strict=True):
        if len(term) != len(one.shape):
            raise UnknownShapeError
        for label, size in zip(term, one.shape, strict=True):
            sizes[label] = max(size, sizes.get(label, 1))
    if len(labels) == 1:
        recorder.elements("other", node.where, prod(sizes.values()))
        return
    together = [label for term in labels for label in term]
    alone = sorted(label for label in sizes if together.count(label) == 1)
    wanted = _labels(output, node.outputs[0].shape) if arrow else alone
    factors = [_Factor(term, one.view) for term, one in zip(labels, _values(node), strict=True)]
    first = factors[0]
    for place, second in enumerate(factors[1:], 1):
        later = {label for one in factors[place + 1 :] for label in one.labels} | set(wanted)
        kept = [label for label in dict.fromkeys([*first.labels, *second.labels]) if label in later]
        if first.view is not None and second.view is not None and len(factors) > 2:  # noqa: PLR2004 - before inference
            shape = tuple(sizes[label] for label in kept)
            name = f"{first.view.name}*{second.view.name}"
            first = _Factor(kept, worked_out(name, shape, [first.view, second.view]))
            continue
        _pair(recorder, node, (first, second), (sizes, kept))
        first = _Factor(kept, None)


def _pair(
    recorder: Recorder,
    node: OnnxNode,
    factors: tuple[_Factor, _Factor],
    axes: tuple[Mapping[str, int], list[str]],
) -> None:
    """Record the product of two factors, of which the axes that are kept are not summed over."""
    sizes, kept = axes
    (first, left), (second, right) = factors
    summed = [label for label in dict.fromkeys([*first, *second]) if label not in kept]
    both = set(first) & set(second)
    k = prod(sizes[label] for label in summed if label in both)
    batch = prod(sizes[label] for label in both if label in kept)
    m, n = (
        prod(sizes[label] for label in dict.fromkeys(term) if label not in both and label in kept)
        for term in (first, second)
    )
    if not both & set(summed) or (node.angle and k == 1):
        views = [one for one in (left, right) if one is not None and not node.angle]
        recorder.elements("rotary" if node.angle else "product", node.where, batch * m * n, views)
        return
    shared = [label for label in both if label in kept]
    for weight, term, shape, vectors in (
        (right, second, (k, n), batch * m),
        (left, first, (k, m), batch * n),
    ):
        if weight is not None:
            own = dict(zip(term, weight.shape, strict=True))
            matrices = prod(own[label] for label in shared)
            recorder.static(node.where, weight, shape, vectors, matrices=max(1, matrices))
            return
    module = parent(node.where)
    recorder.dynamic(module, f"{module}.matmul".lstrip("."), batch, (m, k, n))


def _values(node: OnnxNode) -> list[Value]:
    return [one for one in node.inputs if one is not None]


def _labels(term: str, shape: Shape) -> list[str]:
    """Return the labels of a term's axes; those of an ellipsis are numbered from the last."""
    if "..." not in term:
        return list(term)
    before, _, after = term.partition("...")
    hidden = len(shape) - len(before) - len(after)
    return [*before, *(f".{place}" for place in range(hidden, 0, -1)), *after]


def linear_model(recorder: Recorder, node: OnnxNode) -> None:
    """Record a linear model of scikit-learn, whose weights are attributes of its node."""
    weights, offsets = node.attributes.get("coefficients"), node.attributes.get("intercepts")
    if not isinstance(weights, list) or not weights:
        raise UnknownShapeError
    *_, features = node.input(0).shape
    outputs, uneven = divmod(len(weights), features)
    if uneven:
        raise UnknownShapeError
    vectors = prod(node.input(0).shape[:-1])
    view = recorder.stored.add(f"{node.where}.coefficients", (features, outputs))
    recorder.static(node.where, view, (features, outputs), vectors)
    if isinstance(offsets, list) and offsets:
        bias: TensorView = recorder.stored.add(f"{node.where}.intercepts", (len(offsets),))
        recorder.elements("bias", node.where, vectors * outputs, [bias])
