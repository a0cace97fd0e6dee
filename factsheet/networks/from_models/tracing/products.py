"""Record matrix products and convolutions among ATen operators: their shapes, and which factor is stored."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple, cast

from factsheet.networks.from_models.operator_record import OperatorRecord
from factsheet.networks.tables import each, unique_table
from factsheet.networks.windows import lookahead, lookahead_transposed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor

    from factsheet.networks.from_models.tracing.trace_state import TraceState
    from factsheet.networks.operators import MatrixKind

_GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


class ProductOperator(NamedTuple):
    """One way of calling for products."""

    write: Callable[[Products, Arguments], None]
    stand_in: Callable[..., object] | None = None
    """Makes the output where the operator has no kernel for tensors without data."""


class Arguments(NamedTuple):
    """What an operator was called with."""

    args: tuple[object, ...]
    kwargs: Mapping[str, object]
    outputs: list[Tensor]

    def tensor(self, place: int) -> Tensor:
        """Return a tensor among the arguments."""
        return cast("Tensor", self.args[place])

    def optional(self, place: int, name: str) -> Tensor | None:
        """Return a tensor that may be left out."""
        found = self.args[place] if len(self.args) > place else self.kwargs.get(name)
        return cast("Tensor | None", found)

    def steps(self, place: int, name: str, axes: int) -> tuple[int, ...]:
        """Return a step along each axis, which may be left out or given once for all."""
        found = self.args[place] if len(self.args) > place else self.kwargs.get(name, 1)
        each = (found,) if isinstance(found, int) else tuple(cast("Sequence[int]", found))
        return each * axes if len(each) == 1 else each


class Products:
    """Records products under the names of the modules that call for them."""

    def __init__(self, state: TraceState) -> None:
        self._state = state

    def record(self, operator: ProductOperator, call: Arguments, inputs: list[Tensor]) -> None:
        """Record the products of one call; those of constants alone are worked out once, and only noted."""
        if not all(self._state.origins.is_constant(tensor) for tensor in inputs):
            operator.write(self, call)
        elif any(origin.sources for t in inputs if (origin := self._state.origins.of(t)) is not None):
            self._fold(operator, call)

    def _fold(self, operator: ProductOperator, call: Arguments) -> None:
        """Note a product that is the same for every input: it is worked out once, before any."""
        state = self._state
        record, covered = state.record, set(state.covered)
        state.record = OperatorRecord()
        operator.write(self, call)
        macs = sum(getattr(one, "macs", 0) for one in state.record.operators())
        state.record, state.covered = record, covered
        state.folded[state.frame.name or "the model"] += macs

    def lookup(self, weights: str, table: Tensor, lookups: int) -> None:
        """Record rows read from a stored table."""
        name, _ = self._names(weights, "")
        shape = (table.shape[0], table.shape[1])
        self._state.record.lookup(
            self._state.frame.call, name, stored_as=weights, shape=shape, lookups=lookups
        )

    def dense(self, given: Tensor, weight: Tensor, bias: Tensor | None, *, transposed: bool = False) -> None:
        """Record `given` [..., k] times `weight` [..., k, n], or [n, k] if transposed."""
        left, right = tuple(given.shape), tuple(weight.shape)
        if len(left) == 1:
            left = (1, *left)
        if len(right) == 1:
            right = (right[0], 1)
        if transposed:
            right = (*right[:-2], right[-1], right[-2])
        m, k, n = left[-2], left[-1], right[-1]
        batch = prod(_broadcast(left[:-2], right[:-2]))
        stored = self._state.origins.matrices_of(weight, k * n)
        if stored is None and transposed and self._state.origins.is_constant(weight):
            origin = self._state.origins.of(
                weight
            )  # a weight computed from others, as by weight normalisation
            stored = None if origin is None or not origin.weights else (origin.weights, 1)
        if stored is not None:
            self._static(weight, stored, (k, n), batch * m, bias=bias)
            return
        stored = self._state.origins.matrices_of(given, m * k) if bias is None else None
        if stored is not None:
            self._static(given, stored, (k, m), batch * n)
            return
        self._dynamic(batch, m, k, n)
        if bias is not None:
            self._bias(bias, batch * m * n)

    def convolution(
        self, call: Arguments, *, transposed: bool, groups: int, dilation: tuple[int, str] = (5, "dilation")
    ) -> None:
        """Record a convolution laid out by im2col; `dilation` is the place and the name of that argument."""
        given, weight, output = call.tensor(0), call.tensor(1), call.outputs[0]
        bias = call.optional(2, "bias")
        kernel = prod(weight.shape[2:])
        if transposed:
            rows, cols = weight.shape[0] // groups, weight.shape[1] * kernel
            places = given.numel() // max(1, weight.shape[0])
        else:
            rows, cols = weight.shape[1] * kernel, weight.shape[0] // groups
            places = output.numel() // max(1, weight.shape[0])
        origin = self._state.origins.of(weight)
        if origin is None or not origin.constant or not origin.weights:
            self._dynamic(groups * places, 1, rows, cols)
            if bias is not None:
                self._bias(bias, output.numel())
            return
        name, _ = self._state.origins.part_of(weight, origin)
        fused = None if transposed else bias
        ahead, over = (lookahead_transposed, given) if transposed else (lookahead, output)
        axes = len(weight.shape) - 2
        self._static(
            weight,
            (name, groups),
            (rows, cols),
            places * groups,
            bias=fused,
            kind="convolution",
            lookahead=ahead(
                weight.shape[2:],
                over.shape[-axes:],
                call.steps(3, "stride", axes),
                call.steps(*dilation, axes),
            ),
        )
        if transposed and bias is not None:
            self._bias(bias, output.numel())

    def attention(self, call: Arguments) -> None:
        """Record both products of scaled dot-product attention, and its softmax; a causal mask saves nothing."""
        query, key, value = (call.tensor(place) for place in range(3))
        count = prod(_broadcast(tuple(query.shape[:-2]), tuple(query.shape[:-2])))
        m, k, n = query.shape[-2], query.shape[-1], key.shape[-2]
        frame, record = self._state.frame, self._state.record
        record.dynamic(frame.call, _joined(frame.name, "scores"), count, (m, k, n))
        record.elements(frame.call, frame.name, "softmax", count * m * n)
        record.dynamic(frame.call, _joined(frame.name, "context"), count, (m, n, value.shape[-1]))

    def experts(self, call: Arguments) -> None:
        """Record a product of rows with the experts that they are routed to."""
        given, weight = call.tensor(0), call.tensor(1)
        k, n = weight.shape[-2:]
        stored = self._state.origins.matrices_of(weight, k * n)
        if stored is None:
            self._dynamic(1, given.shape[0], k, n)
            return
        top_k = self._state.last_top_k
        active = top_k if given.shape[0] % top_k == 0 else 1
        self._static(weight, stored, (k, n), given.shape[0], active=active, kind="experts")

    def recurrent(self, call: Arguments, gates: int) -> None:
        """Record the layers of an LSTM, a GRU or a plain recurrent network."""
        packed = isinstance(call.args[2], (list, tuple)) is False
        given = call.tensor(0)
        weights = cast("Sequence[Tensor]", call.args[3 if packed else 2])
        rest = call.args[4:] if packed else call.args[3:]
        biased, both = bool(rest[0]), bool(rest[4])
        layers = int(cast("int", rest[1]))
        vectors = prod(given.shape[:-1])
        each = len(weights) // (layers * (2 if both else 1))
        frame, record = self._state.frame, self._state.record
        for place in range(0, len(weights), each):
            own = weights[place : place + each]
            for matrix, bias in zip(own[:2], own[2:4] if biased else (None, None), strict=True):
                shape = (matrix.shape[1], matrix.shape[0])
                origin = self._state.origins.of(matrix)
                stored = (origin.weights if origin else "", 1)
                self._static(matrix, stored, shape, vectors, bias=bias, kind="recurrent")
            if len(own) % 2:  # a projection of the hidden state
                origin = self._state.origins.of(own[-1])
                shape = (own[-1].shape[1], own[-1].shape[0])
                self._static(own[-1], (origin.weights if origin else "", 1), shape, vectors, kind="recurrent")
            hidden = own[1].shape[0] // gates
            # LSTM (Hochreiter and Schmidhuber 1997; forget gate Gers et al. 2000): three sigmoids and two tanh; three
            # products; the two products' sum and the gates' four. GRU (Cho et al. 2014): 2 sigmoids and a tanh.
            activations, products = {4: (5, 8), 3: (3, 7), 1: (1, 1)}[gates]
            record.elements(frame.call, frame.name, "activation", activations * hidden * vectors)
            record.elements(frame.call, frame.name, "product", products * hidden * vectors)

    def _dynamic(self, count: int, m: int, k: int, n: int) -> None:
        frame = self._state.frame
        role = "context" if frame.call in self._state.attended else "matmul"
        self._state.attended.discard(frame.call)
        self._state.record.dynamic(frame.call, _joined(frame.name, role), count, (m, k, n))

    def _bias(self, bias: Tensor, elements: int) -> None:
        frame, origin = self._state.frame, self._state.origins.of(bias)
        if origin is None or not origin.sources:
            self._state.record.elements(frame.call, frame.name, "residual", elements)
            return
        own = self._state.cover(bias)
        self._state.record.elements(
            frame.call, frame.name, "bias", elements, parameters=own, stored_as=origin.weights
        )

    def _static(
        self,
        weight: Tensor,
        stored: tuple[str, int],
        shape: tuple[int, int],
        products: int,
        *,
        bias: Tensor | None = None,
        active: int = 0,
        kind: MatrixKind = "linear",
        lookahead: int = 0,
    ) -> None:
        weights, matrices = stored
        state = self._state
        fused = bias is not None and self._is_bias(bias, shape[1] * matrices)
        own = weights.partition("[")[0]
        if own in state.origins.parameters:
            state.covered.add(
                own
            )  # what else went into it, such as gains of weight normalisation, is recorded by itself
        else:
            state.cover(weight)
        state.cover(bias if fused else None)
        name, canonical = self._names(weights, state.frame.name)
        if kind == "linear" and matrices > 1 and products % matrices:
            active = 1
        state.record.static(
            state.frame.call,
            name,
            stored_as=canonical,
            shape=shape,
            products=products,
            bias=fused,
            matrices=matrices,
            active=active,
            kind=kind,
            lookahead=lookahead,
        )
        if bias is not None and not fused:
            self._bias(bias, products * shape[1])

    def _is_bias(self, bias: Tensor, numbers: int) -> bool:
        origin = self._state.origins.of(bias)
        return origin is not None and bool(origin.sources) and bias.numel() == numbers

    def _names(self, weights: str, module: str) -> tuple[str, str]:
        """Name of the node, that of the calling module where it is one of the names of tied weights."""
        name = module if module and module in self._state.origins.names_of(weights) else weights
        return name or "matrix", weights


def _joined(module: str, role: str) -> str:
    return f"{module}.{role}" if module else role


def _broadcast(first: tuple[int, ...], second: tuple[int, ...]) -> list[int]:
    longest = max(len(first), len(second))
    padded = zip((1,) * (longest - len(first)) + first, (1,) * (longest - len(second)) + second, strict=True)
    return [max(pair) if 0 not in pair else 0 for pair in padded]


def _linear(to: Products, call: Arguments) -> None:
    to.dense(call.tensor(0), call.tensor(1), call.optional(2, "bias"), transposed=True)


def _matmul(to: Products, call: Arguments) -> None:
    to.dense(call.tensor(0), call.tensor(1), None)


def _added(to: Products, call: Arguments) -> None:
    to.dense(call.tensor(1), call.tensor(2), call.tensor(0))


def _convolution(to: Products, call: Arguments) -> None:
    # conv1d, conv2d, conv3d: input, weight, bias, stride, padding, dilation, groups
    groups = call.args[6] if len(call.args) > 6 else call.kwargs.get("groups", 1)  # noqa: PLR2004
    to.convolution(call, transposed=False, groups=int(cast("int", groups)))


def _transposed(to: Products, call: Arguments) -> None:
    # conv_transpose: input, weight, bias, stride, padding, output_padding, groups, dilation
    groups = call.args[6] if len(call.args) > 6 else call.kwargs.get("groups", 1)  # noqa: PLR2004
    to.convolution(call, transposed=True, groups=int(cast("int", groups)), dilation=(7, "dilation"))


def _any_convolution(to: Products, call: Arguments) -> None:
    # convolution: input, weight, bias, stride, padding, dilation, transposed, output_padding, groups
    to.convolution(call, transposed=bool(call.args[6]), groups=int(cast("int", call.args[8])))


def _attention(to: Products, call: Arguments) -> None:
    to.attention(call)


def _experts(to: Products, call: Arguments) -> None:
    to.experts(call)


def _rows_of_experts(given: Tensor, weight: Tensor, *_args: object, **_kwargs: object) -> Tensor:
    return given.new_empty((given.shape[0], weight.shape[-1]))


def _recurrent(gates: int) -> Callable[[Products, Arguments], None]:
    return lambda to, call: to.recurrent(call, gates)


PRODUCT_OPERATORS: Mapping[str, ProductOperator] = unique_table(
    "an ATen operator that multiplies matrices",
    each(("linear",), ProductOperator(_linear)),
    each(("matmul", "mm", "bmm", "mv", "dot", "vdot", "inner"), ProductOperator(_matmul)),
    each(("addmm", "baddbmm", "addmv"), ProductOperator(_added)),
    each(("conv1d", "conv2d", "conv3d"), ProductOperator(_convolution)),
    each(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), ProductOperator(_transposed)),
    each(("convolution", "_convolution"), ProductOperator(_any_convolution)),
    each(
        (
            "scaled_dot_product_attention",
            "_scaled_dot_product_flash_attention",
            "_scaled_dot_product_flash_attention_for_cpu",
            "_scaled_dot_product_efficient_attention",
            "_scaled_dot_product_cudnn_attention",
            "_scaled_dot_product_attention_math",
        ),
        ProductOperator(_attention),
    ),
    each(("_grouped_mm", "grouped_mm_fallback"), ProductOperator(_experts, _rows_of_experts)),
    ((name, ProductOperator(_recurrent(gates))) for name, gates in _GATES.items()),
)
"""How to read each operator that multiplies matrices, by its name."""
