"""Recognise a product with stored weights that a graph writes as a multiplication, element by element, and a sum."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from factsheet.networks.from_models.graph.values import UnknownShapeError, Weighted

if TYPE_CHECKING:
    from factsheet.networks.from_models.graph.recorder import Recorder
    from factsheet.networks.from_models.graph.values import OnnxNode, Value

SUMS = frozenset({"ReduceSum", "ReduceMean", "GlobalAveragePool"})
_KEPT = frozenset({"Identity", "Cast"})
_CHANNELS = 2
"""Axes before those that a pooling goes over."""


def weighted(node: OnnxNode) -> Weighted | None:
    """Return what the output of a node is the product of, where it is computed numbers times stored ones."""
    if not node.read_once or node.angle:
        return None
    first = node.given(0)
    if node.kind == "Mul" and len(node.inputs) == 2:  # noqa: PLR2004 - of two factors
        return _multiplied(node)
    if first is None or first.weighted is None:
        return None
    if node.kind in _KEPT:
        return first.weighted
    if node.kind == "Transpose":
        one = first.weighted
        order = node.wholes("perm") or tuple(range(len(one.sizes)))[::-1]
        if sorted(order) == list(range(len(one.sizes))):
            return one._replace(
                sizes=tuple(one.sizes[axis] for axis in order),
                by_weight=tuple(one.by_weight[axis] for axis in order),
                by_given=tuple(one.by_given[axis] for axis in order),
            )
    return None


def _multiplied(node: OnnxNode) -> Weighted | None:
    try:
        first, second, sizes = node.input(0), node.input(1), node.outputs[0].shape
        weight, given = (first, second) if first.view is not None else (second, first)
        if weight.view is None or given.view is not None or weight.view.numbers <= 1:
            return None
        view = weight.view
        own = [size > 1 and step != 0 for size, step in zip(view.shape, view.strides, strict=True)]
        other = [size > 1 for size in given.shape]
    except UnknownShapeError:
        return None
    rank = len(sizes)
    by_weight, by_given = ((*[False] * (rank - len(one)), *one) for one in (own, other))
    return Weighted(view, node.where, sizes, tuple(by_weight), tuple(by_given))


def weighted_sum(recorder: Recorder, node: OnnxNode) -> bool:
    """Record a sum over such a product as a product with a matrix; return whether it is one."""
    found = node.input(0).weighted
    if found is None:
        return False
    summed = _summed(node, len(found.sizes))
    rows = cols = calls = matrices = 1
    for axis, size in enumerate(found.sizes):
        own, given = found.by_weight[axis], found.by_given[axis]
        if own and given and axis in summed:
            rows *= size
        elif own and given:
            matrices *= size
        elif own and axis in summed:
            return False
        elif own:
            cols *= size
        else:
            calls *= size
    if rows == 1:
        return False
    recorder.record.take_back(
        found.where, found.where, "product", prod(found.sizes), stored_as=found.weight.name
    )
    recorder.static(found.where, found.weight, (rows, cols), calls * matrices, matrices=matrices)
    return True


def _summed(node: OnnxNode, rank: int) -> set[int]:
    """Return the axes that a node sums over; none where they are not known."""
    if node.kind == "GlobalAveragePool":
        return set(range(_CHANNELS, rank))
    given: Value | None = node.given(1)
    if given is not None:
        if given.data is None:
            return set()
        axes = tuple(int(axis) for axis in given.data.reshape(-1))
    else:
        axes = node.wholes("axes")
    if not axes:
        return set() if node.whole("noop_with_empty_axes", 0) else set(range(rank))
    return {axis % rank for axis in axes}
