"""Classify ATen operators as they are called: a product, elementwise work, moved data, or unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.tracing.elementwise_kinds import (
    ADDITIONS,
    COPIES,
    KIND_OF,
    POOLING,
    PRODUCTS,
    REDUCTIONS,
    SELECTIONS,
    UNCOUNTED,
)
from factsheet.networks.from_models.tracing.origins import Origin, joined
from factsheet.networks.from_models.tracing.products import PRODUCT_OPERATORS, Arguments, Products

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from torch import Tensor

    from factsheet.networks.from_models.tracing.trace_state import TraceState
    from factsheet.networks.operators import ElementKind

_KNOWN = ADDITIONS | PRODUCTS | KIND_OF.keys() | REDUCTIONS | COPIES | SELECTIONS | UNCOUNTED


class AtenOperators:
    """Handles each operator that a module calls."""

    def __init__(self, state: TraceState) -> None:
        self._state = state
        self._torch = need("torch", "torch", "reading a module")
        self._products = Products(state)

    def operator(
        self,
        mode: object,
        func: Callable[..., object],
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
    ) -> object:
        """Run one operator without data, and record what it is."""
        name = _base(func)
        if name in {"_local_scalar_dense", "item", "is_nonzero"}:
            return self._scalar(name, cast("Tensor", args[0]))
        product = PRODUCT_OPERATORS.get(name)
        known = product is not None or name in _KNOWN or POOLING.fullmatch(name) or self._plain(func)
        if not known and func._can_decompose():  # type: ignore[attr-defined]  # noqa: SLF001 - as torch's own counters do
            with cast("AbstractContextManager[object]", mode):
                parts = func.decompose(*args, **kwargs)  # type: ignore[attr-defined]
            if parts is not NotImplemented:
                return cast("object", parts)
        inputs = list(self._tensors((args, kwargs)))
        if product is not None and product.stand_in is not None:
            out = product.stand_in(*args, **kwargs)
        else:
            out = self._run(name, func, args, kwargs)
        outputs = list(self._tensors(out))
        constant = all(  # numbers that are known follow from sizes
            tensor.device.type != "meta" or self._state.origins.is_constant(tensor) for tensor in inputs
        )
        if not self._state.paused:
            if product is not None:
                self._products.record(product, Arguments(args, kwargs, outputs), inputs)
            elif not constant or name == "embedding":
                self._work(name, args, inputs, outputs, known=bool(known))
        self._origins_of(name, func, inputs, outputs, constant=constant)
        return out

    def _run(
        self, name: str, func: Callable[..., object], args: tuple[object, ...], kwargs: Mapping[str, object]
    ) -> object:
        torch = self._torch
        if name in {"nonzero", "index", "index_put", "masked_select"} and all(
            tensor.device.type != "meta" for tensor in self._tensors(args)
        ):
            return func(*args, **kwargs)  # on values that are known
        if name == "nonzero":
            tensor = cast("Tensor", args[0])
            self._state.stub("which elements are not zero", "all")
            return tensor.new_empty((tensor.numel(), tensor.dim()), dtype=torch.long)
        if name in {"index", "index_put"} and any(
            _is_mask(index, torch) for index in cast("list[object]", args[1])
        ):
            self._state.stub("which elements a mask selects", "all")
            indices: list[object] = []
            for index in cast("list[object]", args[1]):
                if _is_mask(index, torch):
                    mask = cast("Tensor", index)
                    indices += [mask.new_empty((mask.numel(),), dtype=torch.long) for _ in range(mask.dim())]
                else:
                    indices.append(index)
            args = (args[0], indices, *args[2:])
        if name == "masked_select":
            tensor = cast("Tensor", args[0])
            self._state.stub("which elements a mask selects", "all")
            return tensor.new_empty((tensor.numel(),))
        return func(*args, **kwargs)

    def _scalar(self, name: str, tensor: Tensor) -> object:
        """Return a number for one that is read out of a tensor without data, guessed by what computed it."""
        torch = self._torch
        if tensor.device.type != "meta":
            return torch.ops.aten._local_scalar_dense.default(tensor)  # noqa: SLF001
        value: object
        if tensor.dtype is torch.bool or name == "is_nonzero":
            value = False
        elif tensor.dtype.is_floating_point:
            value = 1.0
        else:
            value = 1
        self._state.stub("a number read from a tensor", value)
        return value

    def _plain(self, func: Callable[..., object]) -> bool:
        """Return whether the operator is a view, a factory or one that works element by element."""
        tags, schema = func.tags, func._schema  # type: ignore[attr-defined]  # noqa: SLF001
        if {self._torch.Tag.pointwise} & set(tags):
            return True
        view = bool(schema.returns) and schema.returns[0].alias_info is not None
        takes = any("Tensor" in str(argument.type) for argument in schema.arguments)
        return view or not takes or schema.name.startswith("aten::new_") or schema.name.endswith("_like")

    def _tensors(self, nested: object) -> Iterator[Tensor]:
        if isinstance(nested, self._torch.Tensor):
            yield cast("Tensor", nested)
        elif isinstance(nested, (list, tuple)):
            for item in nested:
                yield from self._tensors(item)
        elif isinstance(nested, dict):
            for item in nested.values():
                yield from self._tensors(item)

    def _work(
        self, name: str, args: tuple[object, ...], inputs: list[Tensor], outputs: list[Tensor], *, known: bool
    ) -> None:
        """Record what is no product."""
        state = self._state
        frame, record = state.frame, state.record
        if name == "embedding":
            table, index = inputs[0], inputs[1]
            origin = state.origins.of(table)
            if origin is not None and origin.weights:
                state.cover(table)
                self._products.lookup(origin.weights, table, index.numel())
            return
        if KIND_OF.get(name) == "softmax" and record.attends(frame.call, frame.name):
            state.attended.add(frame.call)
        if name == "topk":
            state.last_top_k = int(cast("int", args[1])) if len(args) > 1 else 1
        if outputs and not state.collapsed:
            self._elements(name, inputs, outputs, known=known)

    def _elements(self, name: str, inputs: list[Tensor], outputs: list[Tensor], *, known: bool) -> None:
        """Record elementwise work, or that an operator is not known."""
        frame, record = self._state.frame, self._state.record
        written, read = outputs[0].numel(), max(tensor.numel() for tensor in inputs)
        kind = KIND_OF.get(name)
        if kind is not None:
            self._with_parameters(kind, written if kind != "routing" else read, inputs[1:])
        elif name in ADDITIONS or name in PRODUCTS:
            self._arithmetic(name, inputs, outputs[0])
        elif POOLING.fullmatch(name):
            record.elements(frame.call, frame.name, "pooling", max(read, written))
        elif name in REDUCTIONS:
            record.elements(frame.call, frame.name, "other", read)
        elif name in COPIES or name in SELECTIONS or name in UNCOUNTED:
            return
        elif not known:
            record.unknown(frame.call, frame.name, f"aten::{name}", written)
        elif not _is_view(inputs, outputs):
            record.elements(frame.call, frame.name, "other", written)

    def _with_parameters(self, kind: ElementKind, elements: int, stored: Iterable[Tensor]) -> None:
        frame = self._state.frame
        known = [tensor for tensor in stored if self._state.origins.is_constant(tensor)]
        own = self._state.cover(*known)
        name = min(joined(filter(None, (self._state.origins.of(t) for t in known))), default="")
        self._state.record.elements(frame.call, frame.name, kind, elements, parameters=own, stored_as=name)

    def _arithmetic(self, name: str, inputs: list[Tensor], output: Tensor) -> None:
        """Record an addition or a product of two tensors; a plain number or a mask costs nothing."""
        state = self._state
        frame, record = state.frame, state.record
        if len(inputs) < 2:  # noqa: PLR2004 - a plain factor or offset can be folded into neighbouring weights
            return
        first, second = (state.origins.of(tensor) for tensor in inputs[:2])
        fixed = next((o for o in (first, second) if o is not None and o.constant), None)
        adds = name in ADDITIONS
        if adds and first is not None and second is not None and first.looked_up and second.looked_up:
            record.elements(frame.call, frame.name, "embedding", output.numel())
        elif adds and first is not None and second is not None and first.rotating and second.rotating:
            record.elements(frame.call, frame.name, "product", -2 * output.numel())
            record.elements(frame.call, frame.name, "rotary", output.numel())
        elif fixed is None:
            record.elements(frame.call, frame.name, "residual" if adds else "product", output.numel())
        elif fixed.sources:
            self._with_parameters("bias" if adds else "product", output.numel(), inputs[:2])
        elif not adds and min(tensor.numel() for tensor in inputs[:2]) > 1:
            record.elements(frame.call, frame.name, "product", output.numel())

    def _origins_of(
        self,
        name: str,
        func: Callable[..., object],
        inputs: list[Tensor],
        outputs: list[Tensor],
        *,
        constant: bool,
    ) -> None:
        """Note where the outputs come from."""
        origins = self._state.origins
        shared = {tensor.untyped_storage()._cdata for tensor in inputs}  # noqa: SLF001
        writes = func._schema.is_mutable  # type: ignore[attr-defined]  # noqa: SLF001
        known = [origin for tensor in inputs if (origin := origins.of(tensor)) is not None]
        for output in outputs:
            if output.untyped_storage()._cdata in shared:  # noqa: SLF001
                if writes and not constant:
                    looked_up = (
                        name == "add" and len(known) == len(inputs) and all(o.looked_up for o in known)
                    )
                    origins.forget(output)
                    if looked_up:
                        origins.set(output, Origin(constant=False, looked_up=True))
                continue
            origin = self._origin(name, inputs, known, constant=constant)
            if origin is not None:
                origins.set(output, origin)

    def _origin(
        self, name: str, inputs: list[Tensor], known: list[Origin], *, constant: bool
    ) -> Origin | None:
        source = self._state.origins.of(inputs[0]) if inputs else None
        if name == "embedding" and len(known) and source is not None:
            return Origin(
                constant=constant, looked_up=True, sources=source.sources if constant else frozenset()
            )
        if constant:
            return self._constant(name, inputs, known)
        if name in SELECTIONS and source is not None and source.constant and source.weights:
            return source._replace(constant=False, selected=True)
        copied = name in COPIES or name in {"reshape", "expand"}
        if (
            copied
            and source is not None
            and len(known) == len(inputs)
            and (source.selected or source.looked_up)
        ):
            return source
        if copied and known and all(origin.rotating for origin in known) and len(known) == len(inputs):
            return source
        both = len(known) == len(inputs) == 2  # noqa: PLR2004
        if name in ADDITIONS and both and all(origin.looked_up for origin in known):
            return Origin(constant=False, looked_up=True)
        fixed = [origin for origin in known if origin.constant]
        if name in PRODUCTS and len(fixed) == 1 and not fixed[0].sources and len(inputs) == 2:  # noqa: PLR2004
            return Origin(constant=False, rotating=True)
        return None

    def _constant(self, name: str, inputs: list[Tensor], known: list[Origin]) -> Origin:
        looked_up = bool(known) and any(origin.looked_up for origin in known)
        weights = [origin for origin in known if origin.weights]
        if name in COPIES and weights:
            whole = "+".join(dict.fromkeys(self._part(tensor) for tensor in inputs if self._part(tensor)))
            return Origin(
                constant=True,
                weights=whole,
                stored=sum(
                    self._state.origins.part_of(tensor, origin)[1]
                    for tensor in inputs
                    if (origin := self._state.origins.of(tensor)) is not None and origin.weights
                ),
                computed=any(origin.computed for origin in weights),
                looked_up=looked_up,
                sources=joined(known),
            )
        largest = max(weights, key=lambda origin: origin.stored, default=None)
        return Origin(
            constant=True,
            weights=largest.weights if largest else "",
            stored=largest.stored if largest else 0,
            computed=True,
            looked_up=looked_up,
            sources=joined(known),
        )

    def _part(self, tensor: Tensor) -> str:
        origin = self._state.origins.of(tensor)
        if origin is None or not origin.weights:
            return ""
        return self._state.origins.part_of(tensor, origin)[0]


def _base(func: Callable[..., object]) -> str:
    """Name of an operator without namespace, overload and the underscore of its in-place form."""
    name = str(func._schema.name).rpartition("::")[2]  # type: ignore[attr-defined]  # noqa: SLF001
    return name[:-1] if name.endswith("_") and not name.endswith("__") else name


def _is_mask(index: object, torch: object) -> bool:
    return index is not None and getattr(index, "dtype", None) in {torch.bool, torch.uint8}  # type: ignore[attr-defined]


def _is_view(inputs: list[Tensor], outputs: list[Tensor]) -> bool:
    own = {tensor.untyped_storage()._cdata for tensor in inputs}  # noqa: SLF001
    return all(tensor.untyped_storage()._cdata in own for tensor in outputs)  # noqa: SLF001
