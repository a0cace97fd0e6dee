"""Classify ATen operators as they are called: a product, elementwise work, moved data, or unknown."""

from __future__ import annotations

from math import log2, prod
from typing import TYPE_CHECKING, NamedTuple, cast

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.operator_record import addition_kind
from factsheet.networks.from_models.tracing.derivations import Derivations
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
from factsheet.networks.from_models.tracing.known_values import AtenCall, storage_key, tensors_in
from factsheet.networks.from_models.tracing.operator_runs import Runs
from factsheet.networks.from_models.tracing.origins import joined, node_of
from factsheet.networks.from_models.tracing.product_operators import PRODUCT_OPERATORS
from factsheet.networks.from_models.tracing.products import Arguments, Products
from factsheet.networks.from_models.tracing.weighted_sums import WeightedSums

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from torch import Tensor

    from factsheet.networks.from_models.tracing.product_operators import ProductOperator
    from factsheet.networks.from_models.tracing.trace_state import TraceState
    from factsheet.networks.operators import ElementKind

_FOURIER = frozenset({"_fft_c2c", "_fft_r2c", "_fft_c2r"})
_OWN_WAYS = _FOURIER | frozenset(
    {"_embedding_bag", "_embedding_bag_forward_only", "_cdist_forward", "bucketize"}
)
_KNOWN = _OWN_WAYS | ADDITIONS | PRODUCTS | KIND_OF.keys() | REDUCTIONS | COPIES | SELECTIONS | UNCOUNTED


class _TurnedHalf(NamedTuple):
    call: int
    module: str
    stored_as: str
    elements: int


class AtenOperators:
    """Handles each operator that a module calls."""

    def __init__(self, state: TraceState) -> None:
        self._state = state
        self._torch = need("torch", "torch", "reading a module")
        self._products = Products(state)
        self._derivations = Derivations(state)
        self._runs = Runs(state)
        self._sums = WeightedSums(state, self._products)
        self._turned: dict[int, tuple[_TurnedHalf, ...]] = {}
        """Products with fixed numbers that each storage holds, as they were recorded: halves of rotary embeddings."""

    def operator(
        self,
        mode: object,
        func: Callable[..., object],
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
    ) -> object:
        """Run one operator without data, and record what it is."""
        args, kwargs = self._runs.without_data(args), self._runs.without_data(dict(kwargs))
        if not hasattr(func, "_schema"):
            return self._higher_order(str(func), args, kwargs)
        call = AtenCall.of(func, args, kwargs, self._torch)
        name, inputs = call.name, call.inputs
        for tensor in inputs:
            if not self._state.origins.is_seen(tensor):
                self._state.origins.outside(tensor)
        if name in {"_local_scalar_dense", "item", "is_nonzero"}:
            return self._runs.scalar(name, inputs[0])
        product = PRODUCT_OPERATORS.get(name)
        known = product is not None or name in _KNOWN or POOLING.fullmatch(name) or self._plain(func)
        if not known and func._can_decompose():  # type: ignore[attr-defined]  # noqa: SLF001 - as torch's own counters do
            with cast("AbstractContextManager[object]", mode):
                parts = func.decompose(*args, **kwargs)  # type: ignore[attr-defined]
            if parts is not NotImplemented:
                return cast("object", parts)
        self._runs.check_places(call)
        out = self._runs.run(call, product.stand_in if product is not None else None)
        outputs = tensors_in(out, self._torch)
        if not self._state.paused:
            self._record(call, product, outputs, known=bool(known))
        self._derivations.follow(call, outputs)
        self._runs.choose(call, outputs)
        return self._runs.with_data(call, out)

    def _record(
        self, call: AtenCall, product: ProductOperator | None, outputs: list[Tensor], *, known: bool
    ) -> None:
        constant = self._derivations.is_constant(call)
        if product is not None:
            self._products.record(product.write, Arguments(call.args, call.kwargs, outputs), call.inputs)
        elif not self._sums.sums(call, outputs) and (not constant or call.name == "embedding"):
            self._work(call, outputs, known=known)
            self._sums.multiplies(call, outputs)
        self._used(call.inputs)

    def _used(self, inputs: list[Tensor]) -> None:
        """Note that what is stored in some of the inputs meets a computed value."""
        if not all(map(self._state.origins.is_constant, inputs)):
            self._state.cover(*inputs)

    def _higher_order(self, name: str, args: object, kwargs: object) -> object:
        """Record what runs a function of the model's own within: attention with a score of its own."""
        inputs = tensors_in((args, kwargs), self._torch)
        if "flex_attention" not in name or len(inputs) < 3:  # noqa: PLR2004 - query, key, value
            raise WorkloadError(
                f"the operator {name} is not known",
                "it runs functions that a trace does not see",
                "trace a part of the model, or let it use plain operators",
            )
        query, _, value = inputs[:3]
        out = query.new_empty((*query.shape[:-1], value.shape[-1]))
        total = query.new_empty(query.shape[:-1], dtype=self._torch.float32)
        highest = query.new_empty(query.shape[:-1], dtype=self._torch.float32)
        for tensor in (out, total, highest):
            self._state.origins.see(tensor)
        if not self._state.paused:
            self._products.attention(Arguments(tuple(inputs[:3]), {}, [out]))
            self._used(inputs)
        return out, total, highest

    def _plain(self, func: Callable[..., object]) -> bool:
        """Return whether the operator is a view, a factory or one that works element by element."""
        tags, schema = func.tags, func._schema  # type: ignore[attr-defined]  # noqa: SLF001
        if {self._torch.Tag.pointwise} & set(tags):
            return True
        view = bool(schema.returns) and schema.returns[0].alias_info is not None
        takes = any("Tensor" in str(argument.type) for argument in schema.arguments)
        return view or not takes or schema.name.startswith("aten::new_") or schema.name.endswith("_like")

    def _work(self, call: AtenCall, outputs: list[Tensor], *, known: bool) -> None:
        """Record what is no product."""
        state, name, args, inputs = self._state, call.name, call.args, call.inputs
        frame, record = state.frame, state.record
        if name == "embedding":
            self._products.lookup(inputs[0], inputs[1].numel())
            return
        if name in {"_embedding_bag", "_embedding_bag_forward_only"}:
            self._products.lookup(inputs[0], inputs[1].numel())
            record.elements(frame.call, frame.name, "embedding", inputs[1].numel() * inputs[0].shape[-1])
            return
        if KIND_OF.get(name) == "softmax" and record.attends(frame.call, frame.name):
            state.attended.add(frame.call)
        if name == "topk":
            state.last_top_k = int(cast("int", args[1])) if len(args) > 1 else 1
        if name == "_cdist_forward":
            if args[2] == 2 and any(map(state.origins.has_stored, inputs)):  # noqa: PLR2004 - |x - w|^2 by x @ w.T
                self._products.dense(inputs[0], inputs[1], None, transposed=True)
            record.elements(frame.call, frame.name, "other", outputs[0].numel() * inputs[0].shape[-1])
            return
        if name in _FOURIER:
            record.elements(frame.call, frame.name, "other", _transformed(call, outputs[0]))
            return
        if inputs and outputs and not state.collapsed:
            if known:
                self._elements(name, inputs, outputs)
            else:
                self._unknown(call, outputs[0])

    def _unknown(self, call: AtenCall, output: Tensor) -> None:
        """Record an operator that is not known; packed weights and buffers can be weights of its own."""
        frame, origins = self._state.frame, self._state.origins
        objects = any(self._is_object(one) for one in (*call.args, *call.kwargs.values()))
        fixed = any(
            tensor.numel() > 1 and origins.has_stored(tensor) and not origins.is_learned(tensor)
            for tensor in call.inputs
        )
        self._state.record.unknown(
            frame.call,
            frame.name,
            f"aten::{call.name}",
            output.numel(),
            parameters=self._state.cover(*filter(origins.is_constant, call.inputs)),
            packed=objects or fixed,
        )

    def _is_object(self, argument: object) -> bool:
        return isinstance(argument, self._torch.ScriptObject)

    def _elements(self, name: str, inputs: list[Tensor], outputs: list[Tensor]) -> None:
        """Record elementwise work."""
        frame, record = self._state.frame, self._state.record
        written, read = outputs[0].numel(), max(tensor.numel() for tensor in inputs)
        kind = KIND_OF.get(name)
        if self._is_bookkeeping(name, (*inputs, *outputs)):
            return
        if kind is not None:
            self._with_parameters(kind, written if kind != "routing" else read, inputs[1:])
        elif name in ADDITIONS or name in PRODUCTS:
            self._arithmetic(name, inputs, outputs[0])
        elif POOLING.fullmatch(name):
            record.elements(frame.call, frame.name, "pooling", max(read, written))
        elif name in REDUCTIONS:
            record.elements(frame.call, frame.name, "other", read)
        elif name in COPIES or name in SELECTIONS or name in UNCOUNTED:
            turned = tuple(one for tensor in inputs for one in self._turned.get(storage_key(tensor), ()))
            if turned and name in COPIES:
                self._turned[storage_key(outputs[0])] = turned
        elif not _is_view(inputs, outputs):
            record.elements(frame.call, frame.name, "other", written)

    def _is_bookkeeping(self, name: str, tensors: tuple[Tensor, ...]) -> bool:
        """Return whether numbers of positions are worked out, as from a mask: no work on what the network computes."""
        whole = (self._torch.int64, self._torch.int32, self._torch.bool)
        worked_out = name in ADDITIONS or name in PRODUCTS or name in {"cumsum", "sum"}
        return worked_out and all(
            tensor.dtype in whole and not self._state.origins.is_learned(tensor) for tensor in tensors
        )

    def _with_parameters(self, kind: ElementKind, elements: int, stored: Iterable[Tensor]) -> str:
        frame = self._state.frame
        known = [tensor for tensor in stored if self._state.origins.is_constant(tensor)]
        own = self._state.cover(*known)
        name = min(joined(filter(None, (self._state.origins.of(t) for t in known))), default="")
        name = node_of(name) if name else ""
        self._state.record.elements(frame.call, frame.name, kind, elements, parameters=own, stored_as=name)
        return name

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
            self._rotary(inputs[:2], output)
        elif fixed is None:
            record.elements(frame.call, frame.name, "residual" if adds else "product", output.numel())
        elif fixed.sources or (not adds and min(tensor.numel() for tensor in inputs[:2]) > 1):
            table = inputs[0] if fixed is first else inputs[1]
            kind = addition_kind(table.shape) if adds else "product"
            stored = self._with_parameters(kind, output.numel(), inputs[:2])
            if not adds:
                turned = _TurnedHalf(frame.call, frame.name, stored, output.numel())
                self._turned[storage_key(output)] = (turned,)

    def _rotary(self, halves: list[Tensor], output: Tensor) -> None:
        """Record the sum of two products with fixed numbers as one rotation; the products are part of it."""
        frame, record = self._state.frame, self._state.record
        products = [self._turned.pop(storage_key(half), ()) for half in halves]
        for one in (one for half in products for one in half):
            record.take_back(one.call, one.module, "product", one.elements, stored_as=one.stored_as)
        record.elements(frame.call, frame.name, "rotary" if all(products) else "residual", output.numel())


def _transformed(call: AtenCall, output: Tensor) -> int:
    """Return the operations of a fast Fourier transform: 5 n log2 n of n complex numbers (Cooley and Tukey 1965).

    Half of that where one side is real.
    """
    longer = max(call.inputs[0], output, key=lambda tensor: tensor.numel())
    points = prod(longer.shape[axis] for axis in cast("list[int]", call.args[1]))
    operations: float = (5 if call.name == "_fft_c2c" else 2.5) * longer.numel() * log2(max(1, points))
    return round(operations)


def _is_view(inputs: list[Tensor], outputs: list[Tensor]) -> bool:
    own = {storage_key(tensor) for tensor in inputs}
    return all(storage_key(tensor) in own for tensor in outputs)
