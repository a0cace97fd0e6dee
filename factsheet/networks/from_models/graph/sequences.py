"""Sequences of tensors: how many they hold, and the shape of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.networks.from_models.graph.values import INT64, UnknownShapeError, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from factsheet.networks.from_models.graph.values import OnnxNode


def _items(node: OnnxNode) -> tuple[Value, ...]:
    items = node.input(0).items
    if items is None:
        raise UnknownShapeError
    return items


def _constructed(node: OnnxNode) -> list[Value]:
    items = tuple(one for one in node.inputs if one is not None)
    return [Value(items=items, constant=all(one.constant for one in items))]


def _empty(_node: OnnxNode) -> list[Value]:
    return [Value(items=(), constant=True)]


def _place(node: OnnxNode, place: int, default: int | None = None) -> int:
    value = node.given(place)
    if value is None and default is not None:
        return default
    if value is None or value.data is None:
        raise UnknownShapeError
    return int(value.data.reshape(-1)[0])


def _at(node: OnnxNode) -> list[Value]:
    items = _items(node)
    place = _place(node, 1)
    if not -len(items) <= place < len(items):
        raise UnknownShapeError
    return [items[place]]


def _inserted(node: OnnxNode) -> list[Value]:
    items = list(_items(node))
    items.insert(_place(node, 2, len(items)), node.input(1))
    return [Value(items=tuple(items))]


def _erased(node: OnnxNode) -> list[Value]:
    items = list(_items(node))
    if items:
        items.pop(_place(node, 1, -1) % len(items))
    return [Value(items=tuple(items))]


def _length(node: OnnxNode) -> list[Value]:
    import numpy as np  # a dependency of onnx

    return [Value((), INT64, np.array(len(_items(node))), constant=True)]


def _joined(node: OnnxNode) -> list[Value]:
    items = _items(node)
    if not items:
        raise UnknownShapeError
    shapes = [one.shape for one in items]
    new = bool(node.whole("new_axis", 0))
    rank = len(shapes[0]) + new
    axis = node.whole("axis", 0) % max(1, rank)
    shape = list(shapes[0])
    if new:
        shape.insert(axis, len(items))
    else:
        shape[axis] = sum(one[axis] for one in shapes)
    return [Value(tuple(shape), items[0].type)]


def _split(node: OnnxNode) -> list[Value]:
    first = node.input(0)
    shape, sizes = first.shape, node.given(1)
    axis = node.whole("axis", 0) % max(1, len(shape))
    if sizes is None:
        parts = [1] * shape[axis]
    elif sizes.data is None:
        raise UnknownShapeError
    else:
        given = [int(one) for one in sizes.data.reshape(-1)]
        one = max(1, given[0])
        even = [min(one, shape[axis] - start) for start in range(0, shape[axis], one)]
        parts = given if sizes.dims else even
    if len(parts) > 10_000:  # noqa: PLR2004 - no sequence that a graph works on is as long
        raise UnknownShapeError
    kept = sizes is not None or bool(node.whole("keepdims", 1))
    items = []
    for part in parts:
        cut = (*shape[:axis], part, *shape[axis + 1 :]) if kept else (*shape[:axis], *shape[axis + 1 :])
        items.append(Value(cut, first.type))
    return [Value(items=tuple(items))]


SEQUENCES: Mapping[str, Callable[[OnnxNode], list[Value]]] = {
    "SequenceConstruct": _constructed,
    "SequenceEmpty": _empty,
    "SequenceAt": _at,
    "SequenceInsert": _inserted,
    "SequenceErase": _erased,
    "SequenceLength": _length,
    "ConcatFromSequence": _joined,
    "SplitToSequence": _split,
}
