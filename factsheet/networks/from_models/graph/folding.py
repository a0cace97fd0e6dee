"""Follow stored numbers through nodes that depend on no input: which tensor, and which region of it, a value holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factsheet.networks.from_models.graph.arithmetic import slices
from factsheet.networks.from_models.graph.values import INT32, INT64, LEARNABLE, WIDE, UnknownShapeError
from factsheet.networks.from_models.graph.views import worked_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from factsheet.networks.from_models.graph.values import OnnxNode, Shape, Value
    from factsheet.networks.from_models.graph.views import TensorView

COPIES = frozenset(
    {"Identity", "Cast", "CastLike", "Dropout", "QuantizeLinear", "Optional", "OptionalGetElement"}
)
_RESHAPES = frozenset({"Reshape", "Flatten", "Squeeze", "Unsqueeze"})
_SIGNS: Mapping[str, str] = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/", "MatMul": "@", "Gemm": "@"}
_UNPACKING = frozenset({"BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Mod"})
"""What takes several weights out of one whole number, as division of whole numbers does."""
_UINT64 = 13
_NO_NUMBERS = frozenset(
    {"Shape", "Size", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Not", "And", "Or", "Xor"}
    | {"ArgMax", "ArgMin", "IsNaN", "IsInf", "NonZero", "ConstantOfShape", "Range", "OneHot", "EyeLike"}
)
"""Their outputs say something about numbers, and hold none of them."""


def folded_views(node: OnnxNode) -> list[TensorView | None]:
    """Return the stored numbers that each output of a node without computed inputs holds."""
    held = [one for one in node.inputs if one is not None and one.view is not None]
    if not held or node.kind in _NO_NUMBERS:
        return [None] * len(node.outputs)
    first = node.given(0)
    view = first.view if first is not None else None
    try:
        if view is not None and node.kind == "Split":
            return list(_split(node, view))
        return [_folded(node, view, place) for place in range(len(node.outputs))]
    except (UnknownShapeError, TypeError, ValueError, IndexError):
        return [None] * len(node.outputs)


def _folded(node: OnnxNode, view: TensorView | None, place: int) -> TensorView | None:
    output = node.outputs[place]
    if output.type and output.type not in LEARNABLE and output.type not in {INT64, _UINT64}:
        return None
    shape = output.shape
    if view is not None:
        if node.kind in COPIES:
            return view
        if node.kind == "DequantizeLinear":
            return view._replace(source=view.source._replace(quantised=False))
        if node.kind in _RESHAPES:
            again = view.reshaped(shape)
            return again or _made(f"{view.name}.reshape({shape})", node, shape)
        move = _MOVES.get(node.kind)
        moved = move(node, view) if move is not None else None
        if moved is not None:
            return moved
    scaled = None if _unpacks(node) else _dequantised(node, shape)
    return scaled or _made(_name(node, shape), node, shape)


def _unpacks(node: OnnxNode) -> bool:
    """Return whether a node may take weights out of the whole numbers that they are packed in."""
    first = node.given(0)
    whole = first is not None and first.type in WIDE | {2, 3, INT32, INT64, _UINT64}
    return node.kind in _UNPACKING or (node.kind == "Div" and whole)


def _dequantised(node: OnnxNode, shape: Shape) -> TensorView | None:
    """Return a quantised weight whose zero point is taken away, or that is multiplied by its scale."""
    if node.kind not in {"Mul", "Sub", "Div", "Add"}:
        return None
    for one in node.inputs:
        if one is not None and one.view is not None and one.view.source.quantised and one.view.shape == shape:
            finished = node.kind in {"Mul", "Div"}
            return one.view._replace(source=one.view.source._replace(quantised=not finished))
    return None


def _made(name: str, node: OnnxNode, shape: Shape) -> TensorView:
    views = [one.view for one in node.inputs if one is not None and one.view is not None]
    views = [view for view in views if view.numbers > 1] or views  # a plain number scales, and is no weight
    quantised = [view for view in views if view.source.quantised]
    unpacked = any(view.source.unpacked for view in quantised)
    if quantised and _unpacks(node):  # by shifts and masks, which are no weights
        quantised, unpacked = [max(quantised, key=lambda view: view.numbers)], True
    made = worked_out(name, shape, quantised or views, quantised=bool(quantised))
    return made._replace(source=made.source._replace(unpacked=unpacked))


def _name(node: OnnxNode, shape: Shape) -> str:
    names = [_operand(one) for one in node.inputs if one is not None]
    sign = _SIGNS.get(node.kind)
    if sign is not None:
        return sign.join(names[:2]) + "".join(f"+{name}" for name in names[2:])
    if node.kind == "Concat":
        return f"concat({', '.join(names)})"
    called = [_operand(one) for one in node.inputs if one is not None and one.view is not None]
    return f"{node.kind.lower()}({', '.join(called)}){list(shape)}"


def _operand(value: Value) -> str:
    if value.view is not None:
        name = value.view.name
        return (
            f"({name})"
            if any(sign in name for sign in "+- ") and "(" not in name and "[" not in name
            else name
        )
    if value.data is not None and value.data.size == 1:
        return f"{value.data.item():g}"
    return "c"


def _split(node: OnnxNode, view: TensorView) -> list[TensorView]:
    axis = node.whole("axis", 0) % len(view.shape)
    start, parts = 0, []
    for output in node.outputs:
        count = output.shape[axis]
        parts.append(view.sliced(axis, start, count))
        start += count
    return parts


def _transpose(node: OnnxNode, view: TensorView) -> TensorView:
    axes = tuple(range(len(view.shape)))
    return view.transposed(node.wholes("perm") or axes[::-1])


def _slice(node: OnnxNode, view: TensorView) -> TensorView:
    arrays: list[Any] = [None if one is None else one.data for one in node.inputs]
    for axis, start, stop, step in slices(node, [view, *arrays[1:]], len(view.shape)):
        first, last, by = slice(start, stop, step).indices(view.shape[axis])
        if step < 0 and stop < -view.shape[axis]:
            last = -1
        view = view.sliced(axis, first, len(range(first, last, by)), by)
    return view


def _gather(node: OnnxNode, view: TensorView) -> TensorView | None:
    indices = node.input(1).data
    if indices is None:
        return None
    axis = node.whole("axis", 0) % len(view.shape)
    places = [int(one) % view.shape[axis] for one in indices.reshape(-1)]
    if not places:
        return None
    step = places[1] - places[0] if len(places) > 1 else 1
    if step == 0 or places != list(range(places[0], places[0] + step * len(places), step)):
        return None
    part = view.sliced(axis, places[0], len(places), step)
    shape = (*view.shape[:axis], *indices.shape, *view.shape[axis + 1 :])
    return part.reshaped(shape)


def _expand(node: OnnxNode, view: TensorView) -> TensorView:
    return view.expanded(node.outputs[0].shape)


def _concat(node: OnnxNode, view: TensorView) -> TensorView | None:
    return view if len(node.inputs) == 1 else None


_MOVES: Mapping[str, Callable[[OnnxNode, TensorView], TensorView | None]] = {
    "Transpose": _transpose,
    "Slice": _slice,
    "Gather": _gather,
    "Expand": _expand,
    "Concat": _concat,
}


def stored_type(kind: int) -> bool:
    """Return whether a tensor of this type may hold weights; whole numbers of 64 bits are shapes and places."""
    return kind in LEARNABLE


def quantised_type(kind: int) -> bool:
    """Return whether weights of this type are integers that scales belong to."""
    return kind in WIDE or kind == INT32 or kind in {2, 3, 21, 22}
