"""Recognise a product with stored weights that is written as a multiplication, element by element, and a sum."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple, cast

from factsheet.networks.from_models.tracing.elementwise_kinds import PRODUCTS
from factsheet.networks.from_models.tracing.known_values import storage_key
from factsheet.networks.from_models.tracing.origins import node_of

if TYPE_CHECKING:
    from torch import Tensor

    from factsheet.networks.from_models.tracing.known_values import AtenCall
    from factsheet.networks.from_models.tracing.products import Products
    from factsheet.networks.from_models.tracing.trace_state import TraceState


class _Multiplied(NamedTuple):
    given: Tensor
    weight: Tensor
    output: Tensor
    call: int
    module: str
    stored_as: str


class WeightedSums:
    """Remembers multiplications by stored values until their results are summed."""

    def __init__(self, state: TraceState, products: Products) -> None:
        self._state = state
        self._products = products
        self._open: dict[int, _Multiplied] = {}

    def multiplies(self, call: AtenCall, outputs: list[Tensor]) -> None:
        """Note a multiplication of computed by stored values."""
        name, inputs = call.name, call.inputs
        if name not in PRODUCTS - {"div", "divide", "true_divide"} or len(inputs) != 2 or not outputs:  # noqa: PLR2004
            return
        origins = self._state.origins
        stored = [origins.has_stored(tensor) for tensor in inputs]
        if sum(stored) != 1 or outputs[0].numel() < 2 or storage_key(outputs[0]) in map(storage_key, inputs):  # noqa: PLR2004
            return
        weight, given = (inputs[0], inputs[1]) if stored[0] else (inputs[1], inputs[0])
        if weight.numel() > 1:
            frame, origin = self._state.frame, origins.of(weight)
            name = node_of(min(origin.sources)) if origin is not None else ""
            one = _Multiplied(given, weight, outputs[0], frame.call, frame.name, name)
            self._open = {storage_key(outputs[0]): one}

    def sums(self, call: AtenCall, outputs: list[Tensor]) -> bool:
        """Record a sum or mean over such a multiplication as a product with a matrix; return whether it is one."""
        name, args, kwargs, inputs = call.name, call.args, call.kwargs, call.inputs
        if name not in {"sum", "mean"} or len(inputs) != 1 or not outputs:
            return False
        found = self._open.get(storage_key(inputs[0]))
        whole = inputs[0]
        if found is None or whole.numel() != found.output.numel():
            return False
        order = _axes(whole, found.output)
        dims = args[1] if len(args) > 1 else kwargs.get("dim")
        axes = [dims] if isinstance(dims, int) else dims or list(range(whole.dim()))
        if order is None or not whole.dim():
            return False
        summed = {order[cast("int", axis) % whole.dim()] for axis in cast("list[object]", axes)}
        return self._product(found, summed)

    def _product(self, found: _Multiplied, summed: set[int | None]) -> bool:
        shape = found.output.shape
        held = self._state.origins.held(found.weight)
        known = held is not None and len(held.axes) == found.weight.dim()
        steps = [step for _, step in held.axes] if held is not None and known else list(found.weight.stride())
        by_weight = _varies(found.weight, shape, steps)
        by_given = _varies(found.given, shape, list(found.given.stride()))
        rows = cols = calls = matrices = 1
        for axis, size in enumerate(shape):
            if by_weight[axis] and by_given[axis]:
                if axis in summed:
                    rows *= size
                else:
                    matrices *= size
            elif by_weight[axis] and axis in summed:
                return False
            elif by_weight[axis]:
                cols *= size
            else:
                calls *= size
        if rows == 1:
            return False
        state = self._state
        if not state.collapsed:  # what was recorded as a multiplication is taken back
            state.record.take_back(
                found.call, found.module, "product", prod(shape), stored_as=found.stored_as
            )
        self._products.matrix(found.weight, (rows, cols), calls * matrices, found.given, matrices=matrices)
        return True


def _varies(tensor: Tensor, shape: tuple[int, ...], own: list[int]) -> list[bool]:
    padded = [1] * (len(shape) - tensor.dim()) + list(tensor.shape)
    steps = [0] * (len(shape) - tensor.dim()) + own
    return [size > 1 and step > 0 for size, step in zip(padded, steps, strict=True)]


def _axes(view: Tensor, whole: Tensor) -> list[int | None] | None:
    """Return which axis of a tensor each axis of a view of all of it is."""
    steps = {whole.stride(axis): axis for axis in range(whole.dim()) if whole.shape[axis] > 1}
    found: list[int | None] = []
    for axis in range(view.dim()):
        own = steps.get(view.stride(axis)) if view.shape[axis] > 1 else None
        if view.shape[axis] > 1 and (own is None or whole.shape[own] != view.shape[axis]):
            return None
        found.append(own)
    return found
