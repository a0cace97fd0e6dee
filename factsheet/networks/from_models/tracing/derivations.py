"""Say what an operator's outputs hold from what its inputs hold: a copy, a part, or values worked out from them."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, cast

from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.tracing.elementwise_kinds import ADDITIONS, COPIES, PRODUCTS, SELECTIONS
from factsheet.networks.from_models.tracing.known_values import storage_key
from factsheet.networks.from_models.tracing.origins import Origin, joined
from factsheet.networks.from_models.tracing.regions import CellRegion, CopyLayout, text, through

if TYPE_CHECKING:
    from torch import Tensor

    from factsheet.networks.from_models.tracing.known_values import AtenCall
    from factsheet.networks.from_models.tracing.origins import Base, HeldValues
    from factsheet.networks.from_models.tracing.trace_state import TraceState

_SAME_CELLS = frozenset(
    {
        "clone",
        "contiguous",
        "_to_copy",
        "to",
        "reshape",
        "_unsafe_view",
        "_reshape_alias",
        "flatten",
        "type_as",
        "float",
    }
    | {
        "half",
        "double",
        "lift_fresh",
        "lift_fresh_copy",
        "detach",
        "detach_copy",
        "expand_copy",
        "view_copy",
        "alias_copy",
    }
    | {
        "permute_copy",
        "transpose_copy",
        "t_copy",
        "dropout",
        "native_dropout",
        "unflatten",
        "movedim",
        "squeeze_copy",
    }
    | {"unsqueeze_copy", "view_as_real_copy"}
)
"""Copies with the cells of their input in its logical order."""
_REORDERED = frozenset({"flip", "rot90", "roll", "pixel_shuffle", "pixel_unshuffle", "channel_shuffle"})
_ALONG_AXES = frozenset(
    {"sum", "mean", "norm", "linalg_vector_norm", "amax", "amin", "var", "std", "_softmax", "clone"}
)
"""Operators along axes that give the same along another one that their input is the same along."""
_SHAPED_LIKE = frozenset(
    {"zeros_like", "ones_like", "full_like", "empty_like", "new_zeros", "new_ones", "new_full", "new_empty"}
    | {"new_empty_strided"}
)
"""Operators that take a tensor's shape and none of its numbers."""
_INDEX_WIDTH = 8
"""Bytes of an index as PyTorch takes it; codes are stored in fewer."""
_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "matmul": "@", "mm": "@", "bmm": "@"}


class Derivations:
    """Follows what tensors hold through each operator."""

    def __init__(self, state: TraceState) -> None:
        self._state = state
        self._torch = need("torch", "torch", "reading a module")

    def is_constant(self, call: AtenCall) -> bool:
        """Return whether an operator gives the same for every input of the module."""
        origins = self._state.origins
        if self._torch.Tag.nondeterministic_seeded in call.func.tags:  # type: ignore[attr-defined]
            return call.name in {"dropout", "native_dropout"} and all(map(origins.is_constant, call.inputs))
        return call.name in _SHAPED_LIKE or all(map(origins.is_constant, call.inputs))

    def follow(self, call: AtenCall, outputs: list[Tensor]) -> None:
        """Note where the outputs come from."""
        origins = self._state.origins
        constant = self.is_constant(call)
        shared = {storage_key(tensor) for tensor in call.inputs}
        known = [origin for tensor in call.inputs if (origin := origins.of(tensor)) is not None]
        for tensor in call.written(self._torch) if call.mutates else []:
            self._written(call, tensor, known, constant=constant)
        for place, output in enumerate(outputs):
            origins.see(output)
            if storage_key(output) in shared:
                continue
            origin = self._constant(call, known, output, place) if constant else self._computed(call, known)
            if origin is None:
                origins.forget(output)
            else:
                origins.set(output, origin)

    def _written(self, call: AtenCall, tensor: Tensor, known: list[Origin], *, constant: bool) -> None:
        origins = self._state.origins
        before = origins.of(tensor)
        looked_up = call.name == "add" and len(known) == len(call.inputs) and all(o.looked_up for o in known)
        origins.forget(tensor)
        if constant and call.name not in {"detach", "requires_grad"}:
            held = tensor.untyped_storage().nbytes() // max(1, tensor.element_size())
            key = (
                "written",
                call.name,
                self._key(call.args),
                id(before.base) if before and before.base else 0,
            )
            every = (*known, before) if before is not None else tuple(known)
            base = origins.derived(key, self._label(call), (held,), every)
            origins.set(tensor, Origin(constant=True, base=base, sources=joined(every)))
        elif constant and before is not None:
            origins.set(tensor, before)
        elif looked_up:
            origins.set(tensor, Origin(constant=False, looked_up=True))

    def _computed(self, call: AtenCall, known: list[Origin]) -> Origin | None:
        """Return what is known of an output that depends on the input."""
        name, inputs = call.name, call.inputs
        source = self._state.origins.of(inputs[0]) if inputs else None
        if name == "embedding" and source is not None:
            return source._replace(constant=False, looked_up=True, selected=True)
        if name in SELECTIONS and source is not None and source.constant and source.base is not None:
            return source._replace(constant=False, selected=True)
        alone = bool(known) and len(known) == len(inputs)
        if not alone:
            fixed = [origin for origin in known if origin.constant]
            turns = name in PRODUCTS and len(fixed) == 1 and len(inputs) == 2  # noqa: PLR2004
            return Origin(constant=False, rotating=True) if turns and not self._learned(fixed[0]) else None
        copied = name in COPIES or name in {"reshape", "expand"}
        if (
            copied
            and source is not None
            and (source.selected or source.looked_up or all(o.rotating for o in known))
        ):
            return source
        if name in ADDITIONS and len(known) == 2 and all(origin.looked_up for origin in known):  # noqa: PLR2004
            return Origin(constant=False, looked_up=True)
        if source is not None and source.selected and not source.looked_up and name in PRODUCTS:
            scaled = all(one.constant or one.selected for one in known)  # chosen matrices by their scales
            return source if scaled else None
        return None

    def _learned(self, origin: Origin) -> bool:
        return any(self._state.origins.stored[name].learned for name in origin.sources)

    def _constant(self, call: AtenCall, known: list[Origin], output: Tensor, place: int) -> Origin:
        """Return what is known of an output that is the same for every input."""
        if call.name in _SHAPED_LIKE:
            return Origin(constant=True, base=self._made(call, [], output, place))
        known = self._but_places(call, known)
        sources = joined(known)
        looked_up = call.name == "embedding" or any(origin.looked_up for origin in known)
        held = self._state.origins.held(call.inputs[0]) if call.inputs else None
        layout = self._copied(call, held, output) if held is not None and output.numel() else None
        if held is not None and layout is not None:
            base = held.base
        else:
            layout = self._repeats(call, output)
            base = self._made(call, known, output, place, layout=layout)
        return Origin(constant=True, base=base, layout=layout, looked_up=looked_up, sources=sources)

    def _but_places(self, call: AtenCall, known: list[Origin]) -> list[Origin]:
        """Return what numbers of an output come from: of a selection, not from the indices that say where they are.

        Indices into a table that is smaller than they are can be the weights themselves, as those of a code book are.
        Parameters are the weights wherever they stand beside indices of the type that indexing takes, int64.
        """
        if call.name not in SELECTIONS or len(call.inputs) < 2:  # noqa: PLR2004 - a table and indices
            return known
        origins = self._state.origins
        table = origins.of(call.inputs[0])
        if table is None or table.base is None or not table.sources:
            return known
        kept = [table]
        for index in call.inputs[1:]:
            origin = origins.of(index)
            if origin is not None and self._holds_codes(index, origin, table):
                kept.append(origin)
        return kept

    def _holds_codes(self, index: Tensor, origin: Origin, table: Origin) -> bool:
        stored = [self._state.origins.stored[name] for name in origin.sources]
        if table.base is None or not stored or index.numel() <= table.base.cells:
            return False
        narrow = any(one.width < _INDEX_WIDTH and not one.boolean for one in stored)
        return narrow or not self._learned(table)

    def _filled(self, call: AtenCall, known: list[Origin], cells: int) -> bool:
        """Return whether parameters alone, none of them repeated but by indices, give each cell its number."""
        if call.name in SELECTIONS:
            return len(known) == 1 and self._learned(known[0]) and self._by_parameters(call.inputs[0])
        return any(
            self._by_parameters(tensor) and held.region.cells >= cells
            for tensor in call.inputs
            if (held := self._state.origins.held(tensor)) is not None
        )

    def _by_parameters(self, tensor: Tensor) -> bool:
        held = self._state.origins.held(tensor)
        if held is None:
            return False
        return held.base.filled or (not held.base.computed and self._state.origins.is_learned(tensor))

    def _repeats(self, call: AtenCall, output: Tensor) -> CopyLayout | None:
        """Return the layout of an output that is equal along some axes, since all that it comes from is."""
        pointwise = self._torch.Tag.pointwise in call.func.tags  # type: ignore[attr-defined]
        if not (pointwise or call.name in _ALONG_AXES) or not output.numel():
            return None
        if output.numel() * output.element_size() != output.untyped_storage().nbytes():
            return None
        steps = [self._steps(tensor, output.dim(), ranks=pointwise) for tensor in call.inputs]
        if any(one is None for one in steps):
            return None
        equal = {
            axis
            for axis, size in enumerate(output.shape)
            if size > 1 and not any(one[axis] for one in steps if one is not None)
        }
        if not equal:
            return None
        axes: list[tuple[int, int]] = []
        step = 1
        for axis in sorted(range(output.dim()), key=lambda axis: (output.stride(axis), -axis)):
            axes.insert(0, (output.shape[axis], 0 if axis in equal else step))
            step *= 1 if axis in equal else output.shape[axis]
        return CopyLayout(0, tuple(axes))

    def _steps(self, tensor: Tensor, rank: int, *, ranks: bool) -> list[int] | None:
        """Return whether a tensor's numbers change along each of an output's axes; `None` where it is not known."""
        origin = self._state.origins.of(tensor)
        if origin is None or tensor.dim() > rank or (tensor.dim() < rank and not ranks):
            return None
        own = []
        for size, step in zip(tensor.shape, tensor.stride(), strict=True):
            found = through(origin.layout, 0, ((size, step),)) if origin.layout is not None else None
            still = size == 1 or not step or (found is not None and not any(one for _, one in found[1]))
            own.append(0 if still else 1)
        return [0] * (rank - tensor.dim()) + own

    def _made(
        self,
        call: AtenCall,
        known: list[Origin],
        output: Tensor,
        place: int,
        *,
        layout: CopyLayout | None = None,
    ) -> Base:
        shape = tuple(output.shape) if output.is_contiguous() else (output.numel(),)
        if layout is not None:
            shape = tuple(size for size, step in layout.axes if step)
        key = (
            call.name,
            self._key(call.args),
            self._key(call.kwargs),
            place,
            tuple(output.shape),
            str(output.dtype),
        )
        joins = call.name in {"cat", "stack", "concat"}
        base = self._state.origins.derived(key, self._label(call), shape, known, computed=not joins)
        held = [self._state.origins.held(tensor) for tensor in call.inputs] if joins else []
        base.filled = base.filled or self._filled(call, known, prod(shape))
        base.pieces = tuple((one.base, one.region) for one in held if one is not None)
        return base

    def _copied(self, call: AtenCall, held: HeldValues, output: Tensor) -> CopyLayout | None:
        """Return the layout of a copy of a view; `None` where it is no plain copy."""
        name, given = call.name, call.inputs[0]
        axes = held.axes if len(held.axes) == given.dim() else ()
        cells = held.region.cells
        block = held.region.axes == ((cells, 1),) and cells == output.numel()
        if name in _REORDERED or (name in _SAME_CELLS and not axes and output.is_contiguous()):
            return CopyLayout(held.region.offset, ((cells, 1),)) if block else None
        if not axes:
            return None
        if name in {"stack", "cat", "concat"}:
            return self._put_together(call, held, axes, output)
        if name in _SAME_CELLS:
            return _same_cells(held, axes, given, output)
        if not output.is_contiguous():
            return None
        if name in {"repeat", "tile"}:
            padded = [(1, 0)] * (output.dim() - len(axes)) + list(axes)
            pairs = [
                ((size // max(1, axis[0]), 0), axis) for size, axis in zip(output.shape, padded, strict=True)
            ]
            return CopyLayout(held.offset, tuple(one for pair in pairs for one in pair))
        if name == "index_select":
            return self._rows(
                held, axes, int(cast("int", call.args[1])) % given.dim(), cast("Tensor", call.args[2])
            )
        if name == "index":
            every = enumerate(cast("list[Tensor | None]", call.args[1]))
            used = [(axis, one) for axis, one in every if one is not None]
            if len(used) == 1 and used[0][1].dim() == 1 and used[0][1].dtype is self._torch.int64:
                return self._rows(held, axes, *used[0])
        return None

    def _put_together(
        self, call: AtenCall, held: HeldValues, axes: tuple[tuple[int, int], ...], output: Tensor
    ) -> CopyLayout | None:
        """Return the layout of the same values put together several times."""
        every = [self._state.origins.held(tensor) for tensor in call.inputs]
        if not output.is_contiguous() or len(every) < 2 or any(one != held for one in every):  # noqa: PLR2004
            return None
        found = call.args[1] if len(call.args) > 1 else call.kwargs.get("dim", 0)
        dim = cast("int", found) % output.dim()
        return CopyLayout(held.offset, (*axes[:dim], (len(every), 0), *axes[dim:]))

    def _rows(
        self, held: HeldValues, axes: tuple[tuple[int, int], ...], axis: int, index: Tensor
    ) -> CopyLayout | None:
        """Return the layout of evenly spaced rows that are known to be chosen."""
        value = self._state.values.of(index)
        if value is None or self._state.values.is_supposed(index) or value.numel() == 0:
            return None
        numbers = [int(number) for number in value.tolist()]
        step = numbers[1] - numbers[0] if len(numbers) > 1 else 1
        if step < 1 or numbers[0] < 0 or numbers != list(range(numbers[0], numbers[-1] + 1, step)):
            return None
        chosen = (len(numbers), axes[axis][1] * step)
        return CopyLayout(held.offset + numbers[0] * axes[axis][1], (*axes[:axis], chosen, *axes[axis + 1 :]))

    def _key(self, nested: object) -> object:
        """Return what is equal where an operator is called with equal numbers and equal stored values."""
        if isinstance(nested, self._torch.Tensor):
            held = self._state.origins.held(cast("Tensor", nested))
            if held is None:
                return ("tensor", storage_key(cast("Tensor", nested)))
            region: CellRegion = held.region
            return (id(held.base), held.offset, held.axes, region, tuple(cast("Tensor", nested).shape))
        if isinstance(nested, (list, tuple)):
            return tuple(self._key(item) for item in nested)
        if isinstance(nested, dict):
            return tuple((key, self._key(value)) for key, value in sorted(nested.items()))
        return repr(nested)

    def _label(self, call: AtenCall) -> str:
        """Write how a value is worked out: `base+B@A`."""
        name, args, inputs = call.name, call.args, call.inputs
        words = [word for tensor in inputs if (word := self._name(tensor))]
        if not words:
            return name if not inputs else self._name_of_first(inputs)
        numbers = [str(arg) for arg in args if isinstance(arg, (int, float)) and not isinstance(arg, bool)]
        sign = _SIGNS.get(name)
        if sign is not None and len(words) + len(numbers) >= 2 and len(words) <= 2:  # noqa: PLR2004
            inner = [
                f"({word})" if sign in "*/@" and any(c in word for c in "+- ") else word for word in words
            ]
            return sign.join([*inner, *numbers][:2])
        if name in _SAME_CELLS or len(words) == 1 == len(inputs):
            return words[0]
        return f"{name}({', '.join(words)})"

    def _name_of_first(self, inputs: list[Tensor]) -> str:
        held = self._state.origins.held(inputs[0])
        return held.base.label if held is not None else "constant"

    def _name(self, tensor: Tensor) -> str:
        held = self._state.origins.held(tensor)
        if held is None or not held.base.sources:
            return ""
        if held.region.cells == held.base.cells:
            return held.base.label
        return f"{held.base.label}{text(held.base.shape, held.region)}"


def _same_cells(
    held: HeldValues, axes: tuple[tuple[int, int], ...], given: Tensor, output: Tensor
) -> CopyLayout | None:
    if output.is_contiguous():
        return CopyLayout(held.offset, axes)
    dense = output.numel() * output.element_size() == output.untyped_storage().nbytes()
    if output.shape != given.shape or not dense:
        return None
    steps = output.stride()
    order = sorted(range(len(axes)), key=lambda axis: -steps[axis])
    return CopyLayout(held.offset, tuple(axes[axis] for axis in order))
