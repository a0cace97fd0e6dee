"""Evaluate small constants of a graph, such as the shapes that a Reshape is given, with numpy."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from factsheet.networks.from_models.graph.values import OnnxNode

MOST_NUMBERS = 32_768
"""Constants of more numbers are not evaluated: shapes, axes and positions are shorter."""

_ELEMENTWISE: Mapping[str, str] = {
    "Add": "add",
    "Sub": "subtract",
    "Mul": "multiply",
    "Equal": "equal",
    "Greater": "greater",
    "GreaterOrEqual": "greater_equal",
    "Less": "less",
    "LessOrEqual": "less_equal",
    "And": "logical_and",
    "Or": "logical_or",
    "Xor": "logical_xor",
    "Not": "logical_not",
    "Neg": "negative",
    "Abs": "absolute",
    "Floor": "floor",
    "Ceil": "ceil",
    "Round": "rint",
    "Sqrt": "sqrt",
    "Exp": "exp",
    "Log": "log",
    "Sign": "sign",
    "Reciprocal": "reciprocal",
    "Where": "where",
    "Pow": "power",
    "Max": "maximum",
    "Min": "minimum",
    "Sin": "sin",
    "Cos": "cos",
    "BitwiseAnd": "bitwise_and",
    "BitwiseOr": "bitwise_or",
}
_REDUCTIONS = {
    "ReduceProd": "prod",
    "ReduceSum": "sum",
    "ReduceMax": "max",
    "ReduceMin": "min",
    "ReduceMean": "mean",
}


def evaluate(node: OnnxNode, arrays: Sequence[Any], outputs: int) -> tuple[Any, ...] | None:
    """Return the outputs of a node as arrays; `None` where it is not one of the operators that shapes go through.

    Args:
        node: the node.
        arrays: its inputs; `None` where one is left out.
        outputs: how many it has.
    """
    import numpy as np  # a dependency of onnx

    function = _FUNCTIONS.get(node.kind)
    try:
        with np.errstate(all="ignore"):
            if node.kind == "Split":
                return tuple(_split(node, arrays, outputs))
            if node.kind in _ELEMENTWISE:
                result = _folded(getattr(np, _ELEMENTWISE[node.kind]), arrays)
            elif node.kind in _REDUCTIONS:
                result = _reduced(node, arrays, getattr(np, _REDUCTIONS[node.kind]))
            elif function is None:
                return None
            else:
                result = function(node, arrays)
    except (ValueError, IndexError, TypeError, OverflowError, MemoryError, AttributeError, ZeroDivisionError):
        return None
    made = np.asarray(result)
    return (made,) if made.size <= MOST_NUMBERS else None


def _folded(function: Callable[..., Any], arrays: Sequence[Any]) -> Any:
    unary_or_ternary = len(arrays) != 2 and getattr(function, "nin", 0) != 2  # noqa: PLR2004 - of two operands
    if unary_or_ternary:
        return function(*arrays)
    result = arrays[0]
    for one in arrays[1:]:
        result = function(result, one)
    return result.astype(arrays[0].dtype) if function.__name__ == "power" else result


def _reduced(node: OnnxNode, arrays: Sequence[Any], function: Callable[..., Any]) -> Any:
    axes = tuple(arrays[1].tolist()) if len(arrays) > 1 and arrays[1] is not None else node.wholes("axes")
    if not axes and node.whole("noop_with_empty_axes", 0):
        return arrays[0]
    return function(arrays[0], axis=axes or None, keepdims=bool(node.whole("keepdims", 1))).astype(
        arrays[0].dtype
    )


def _split(node: OnnxNode, arrays: Sequence[Any], outputs: int) -> list[Any]:
    import numpy as np

    axis = node.whole("axis", 0)
    size = arrays[0].shape[axis]
    sizes = list(arrays[1]) if len(arrays) > 1 and arrays[1] is not None else list(node.wholes("split"))
    share = -(-size // (node.whole("num_outputs", outputs) or 1))
    stops = np.cumsum(sizes or [share] * outputs)[:-1]
    return np.split(arrays[0], [int(stop) for stop in stops], axis)


def slices(node: OnnxNode, arrays: Sequence[Any], rank: int) -> list[tuple[int, int, int, int]]:
    """Return axis, start, stop and step of each axis that a Slice cuts, as written.

    Raises:
        TypeError: they are not known.
    """
    if len(arrays) > 1:
        starts, stops = arrays[1].tolist(), arrays[2].tolist()
        given = arrays[3] if len(arrays) > 3 else None  # noqa: PLR2004 - optional inputs, in order
        steps = arrays[4].tolist() if len(arrays) > 4 and arrays[4] is not None else [1] * len(starts)  # noqa: PLR2004
        axes = given.tolist() if given is not None else list(range(len(starts)))
    else:
        starts, stops = list(node.wholes("starts")), list(node.wholes("ends"))
        axes, steps = list(node.wholes("axes")) or list(range(len(starts))), [1] * len(starts)
    return [(a % rank, b, c, d) for a, b, c, d in zip(axes, starts, stops, steps, strict=True)]


def _slice(node: OnnxNode, arrays: Sequence[Any]) -> Any:
    cuts: list[slice] = [slice(None)] * arrays[0].ndim
    for axis, start, stop, step in slices(node, arrays, arrays[0].ndim):
        bound = None if step < 0 and stop < -arrays[0].shape[axis] else stop
        cuts[axis] = slice(start, bound, step)
    return arrays[0][tuple(cuts)]


def _axes(node: OnnxNode, arrays: Sequence[Any]) -> tuple[int, ...]:
    return tuple(arrays[1].tolist()) if len(arrays) > 1 and arrays[1] is not None else node.wholes("axes")


def _squeeze(node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np

    return np.squeeze(arrays[0], _axes(node, arrays) or None)


def _unsqueeze(node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np

    return np.expand_dims(arrays[0], _axes(node, arrays))


def _reshape(node: OnnxNode, arrays: Sequence[Any]) -> Any:
    wanted = arrays[1].tolist() if len(arrays) > 1 else list(node.wholes("shape"))
    kept = node.whole("allowzero", 0)
    sizes = [arrays[0].shape[i] if n == 0 and not kept else n for i, n in enumerate(wanted)]
    return arrays[0].reshape(sizes)


def _cast(node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np
    from onnx import helper

    kind = helper.tensor_dtype_to_np_dtype(node.whole("to", 1))
    return arrays[0].astype(kind) if kind.kind in "biuf" else np.asarray(arrays[0])


def _range(_node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np

    start, stop, step = (one.item() for one in arrays)
    if abs((stop - start) / step) > MOST_NUMBERS:
        raise ValueError
    return np.arange(start, stop, step, dtype=arrays[0].dtype)


def _sized(shape: Sequence[int]) -> tuple[int, ...]:
    if any(size < 0 for size in shape) or prod(shape) > MOST_NUMBERS:
        raise ValueError
    return tuple(shape)


def _filled(node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np
    from onnx import numpy_helper

    value = node.attributes.get("value")
    one = numpy_helper.to_array(cast("Any", value)).reshape(-1)[0] if value is not None else np.float32(0)
    return np.full(_sized(arrays[0].tolist()), one)


def _expanded(_node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np

    shape = np.broadcast_shapes(arrays[0].shape, _sized(arrays[1].tolist()))
    return np.broadcast_to(arrays[0], _sized(shape)).copy()


def _tiled(_node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np

    _sized([size * times for size, times in zip(arrays[0].shape, arrays[1].tolist(), strict=True)])
    return np.tile(arrays[0], arrays[1].tolist())


def _gathered(node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np

    axis = node.whole("axis", 0)
    rest = prod(arrays[0].shape) // max(arrays[0].shape[axis], 1)
    _sized([arrays[1].size, rest])
    return np.take(arrays[0], arrays[1], axis=axis)


def _concatenated(node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np

    return np.concatenate(arrays, axis=node.whole("axis", 0))


def _transposed(node: OnnxNode, arrays: Sequence[Any]) -> Any:
    return arrays[0].transpose(node.wholes("perm") or None)


def _divided(_node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np

    if arrays[0].dtype.kind == "f":
        return arrays[0] / arrays[1]
    return np.trunc(arrays[0] / arrays[1]).astype(arrays[0].dtype)  # towards zero, as in C


def _modulo(node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np

    return np.fmod(*arrays) if node.whole("fmod", 0) else np.mod(*arrays)


def _flattened(node: OnnxNode, arrays: Sequence[Any]) -> Any:
    axis = node.whole("axis", 1)
    return arrays[0].reshape(prod(arrays[0].shape[:axis]), -1)


def _summed_up(node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np

    if node.whole("exclusive", 0) or node.whole("reverse", 0):
        raise ValueError
    return np.cumsum(arrays[0], int(arrays[1]), dtype=arrays[0].dtype)


def _found(_node: OnnxNode, arrays: Sequence[Any]) -> Any:
    import numpy as np

    return np.array(np.nonzero(arrays[0]), dtype=np.int64)


def _same(_node: OnnxNode, arrays: Sequence[Any]) -> Any:
    return arrays[0]


_FUNCTIONS: Mapping[str, Callable[[OnnxNode, Sequence[Any]], Any]] = {
    "Identity": _same,
    "Slice": _slice,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Reshape": _reshape,
    "Cast": _cast,
    "Range": _range,
    "ConstantOfShape": _filled,
    "Expand": _expanded,
    "Tile": _tiled,
    "Gather": _gathered,
    "Concat": _concatenated,
    "Transpose": _transposed,
    "Div": _divided,
    "Mod": _modulo,
    "Flatten": _flattened,
    "CumSum": _summed_up,
    "NonZero": _found,
}
