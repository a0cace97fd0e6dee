"""Record matrix products and convolutions among ATen operators: their shapes, and which factor is stored."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple, cast

from factsheet.networks.from_models.operator_record import OperatorRecord
from factsheet.networks.from_models.tracing.origins import HeldValues
from factsheet.networks.from_models.tracing.regions import PlacedMatrix, region
from factsheet.networks.from_models.tracing.trace_state import UsedMatrix
from factsheet.networks.windows import lookahead, lookahead_transposed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor

    from factsheet.networks.from_models.tracing.trace_state import TraceState
    from factsheet.networks.operators import MatrixKind


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

    def record(
        self, write: Callable[[Products, Arguments], None], call: Arguments, inputs: list[Tensor]
    ) -> None:
        """Record the products of one call; those of constants alone are worked out once, and only noted."""
        if not all(self._state.origins.is_constant(tensor) for tensor in inputs):
            write(self, call)
        elif any(self._state.origins.has_stored(tensor) for tensor in inputs):
            self._fold(write, call)

    def _fold(self, write: Callable[[Products, Arguments], None], call: Arguments) -> None:
        """Note a product that is the same for every input: it is worked out once, before any."""
        state = self._state
        kept = state.record, set(state.covered), dict(state.weights), dict(state.used)
        state.record = OperatorRecord()
        write(self, call)
        macs = sum(getattr(one, "macs", 0) for one in state.record.operators())
        state.record, state.covered, state.weights, state.used = kept
        if macs:
            state.folded[state.frame.name or "the model"] += macs

    def lookup(self, table: Tensor, lookups: int) -> None:
        """Record rows read from a stored table."""
        held = self._state.origins.held(table)
        if held is None:
            return
        self._state.use("", UsedMatrix(held.base, held.region, None))
        stored_as, node = self._state.origins.name_of(held.base, held.region)
        shape = (table.shape[0], prod(table.shape[1:]))
        self._state.record.lookup(
            self._state.frame.call, node, stored_as=stored_as, shape=shape, lookups=lookups
        )

    def dense(self, given: Tensor, weight: Tensor, bias: Tensor | None, *, transposed: bool = False) -> None:
        """Record `given` [..., k] times `weight` [..., k, n], or [n, k] if transposed."""
        left, right = tuple(given.shape), tuple(weight.shape)
        if len(left) == 1:
            left = (1, *left)
        if len(right) == 1:
            right = (1, right[0]) if transposed else (right[0], 1)
        if transposed:
            right = (*right[:-2], right[-1], right[-2])
        m, k, n = left[-2], left[-1], right[-1]
        batch = prod(_broadcast(left[:-2], right[:-2]))
        if batch * m * k * n == 0:
            return
        if self._is_matrix(weight, k):
            axes = (-2, -1) if not transposed else (-1, -2)
            self.matrix(weight, (k, n), batch * m, given, bias=bias, axes=axes)
        elif bias is None and self._is_matrix(given, k):
            self.matrix(given, (k, m), batch * n, weight, axes=(-1, -2))
        elif k == 1 and (self._state.origins.is_constant(weight) or self._state.origins.is_constant(given)):
            # An outer product with fixed numbers, as of frequencies and positions, adds nothing up.
            frame = self._state.frame
            self._state.cover(given, weight)
            self._state.record.elements(frame.call, frame.name, "product", batch * m * n)
        else:
            self._dynamic(batch, m, k, n)
            if bias is not None:
                self._bias(bias, batch * m * n)

    def _is_matrix(self, factor: Tensor, inner: int) -> bool:
        """Return whether a factor is a stored matrix, and no vector of fixed numbers such as frequencies."""
        origins = self._state.origins
        held = origins.held(factor)
        if held is None:
            return False
        return inner > 1 or origins.is_learned(factor)

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
        if self._state.origins.held(weight) is None:
            self._dynamic(groups * places, 1, rows, cols)
            if bias is not None:
                self._bias(bias, output.numel())
            return
        fused = None if transposed else bias
        ahead, over = (lookahead_transposed, given) if transposed else (lookahead, output)
        axes = len(weight.shape) - 2
        self.matrix(
            weight,
            (rows, cols),
            places * groups,
            given,
            matrices=groups,
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
        added = call.optional(3, "attn_mask")
        if added is not None and self._state.origins.is_learned(
            added
        ):  # of distances, as T5's; a mask is no work
            record.elements(frame.call, frame.name, "bias", count * m * n)
        record.elements(frame.call, frame.name, "softmax", count * m * n)
        record.dynamic(frame.call, _joined(frame.name, "context"), count, (m, n, value.shape[-1]))

    def bilinear(self, call: Arguments) -> None:
        """Record a bilinear layer: the products of two vectors' elements, times a matrix with a row for each."""
        first, second, weight = (call.tensor(place) for place in range(3))
        vectors, pairs = prod(first.shape[:-1]), first.shape[-1] * second.shape[-1]
        frame = self._state.frame
        self._state.record.elements(frame.call, frame.name, "product", vectors * pairs)
        if self._state.origins.held(weight) is None:
            self._dynamic(1, vectors, pairs, weight.shape[0])
        else:
            self.matrix(weight, (pairs, weight.shape[0]), vectors, None, bias=call.optional(3, "bias"))

    def experts(self, call: Arguments) -> None:
        """Record a product of rows with the experts that they are routed to."""
        given, weight = call.tensor(0), call.tensor(1)
        k, n = weight.shape[-2:]
        if self._state.origins.held(weight) is None:
            self._dynamic(1, given.shape[0], k, n)
            return
        top_k = self._state.last_top_k
        active = top_k if given.shape[0] % top_k == 0 else 1
        self.matrix(weight, (k, n), given.shape[0], given, active=active, kind="experts")

    def recurrent(self, call: Arguments, gates: int) -> None:
        """Record the layers of an LSTM, a GRU or a plain recurrent network."""
        packed = isinstance(call.args[3], (list, tuple))  # data, batch sizes, states, weights
        given = call.tensor(0)
        weights = cast("Sequence[Tensor]", call.args[3 if packed else 2])
        rest = call.args[4:] if packed else call.args[3:]
        biased, both = bool(rest[0]), bool(rest[4])
        layers = int(cast("int", rest[1]))
        vectors = prod(given.shape[:-1])
        each = len(weights) // (layers * (2 if both else 1))
        for place in range(0, len(weights), each):
            own = weights[place : place + each]
            for matrix, bias in zip(own[:2], own[2:4] if biased else (None, None), strict=True):
                shape = (matrix.shape[1], matrix.shape[0])
                self._recurrent(matrix, shape, vectors, bias)
            if len(own) % 2:  # a projection of the hidden state
                shape = (own[-1].shape[1], own[-1].shape[0])
                self._recurrent(own[-1], shape, vectors, None)
            self._gates(gates, own[1].shape[0] // gates * vectors)

    def cell(self, call: Arguments, gates: int) -> None:
        """Record one step of a recurrent cell: input, state or states, two matrices, two biases."""
        given, states = call.tensor(0), call.args[1]
        state = cast("Tensor", states[0] if isinstance(states, (list, tuple)) else states)
        vectors = prod(given.shape[:-1])
        for factor, place in ((given, 0), (state, 1)):
            matrix, bias = call.tensor(2 + place), call.optional(4 + place, ("b_ih", "b_hh")[place])
            self._recurrent(matrix, (factor.shape[-1], matrix.shape[0]), vectors, bias)
        self._gates(gates, call.tensor(3).shape[1] * vectors)

    def _recurrent(self, matrix: Tensor, shape: tuple[int, int], vectors: int, bias: Tensor | None) -> None:
        if self._state.origins.held(matrix) is None:
            self._dynamic(1, vectors, *shape)
        else:
            self.matrix(matrix, shape, vectors, None, bias=bias, kind="recurrent", axes=(-1, -2))

    def _gates(self, gates: int, elements: int) -> None:
        frame, record = self._state.frame, self._state.record
        # LSTM (Hochreiter and Schmidhuber 1997; forget gate Gers et al. 2000): three sigmoids and two tanh; three
        # products; the two products' sum and the gates' four. GRU (Cho et al. 2014): 2 sigmoids and a tanh.
        activations, products = {4: (5, 8), 3: (3, 7), 1: (1, 1)}[gates]
        record.elements(frame.call, frame.name, "activation", activations * elements)
        record.elements(frame.call, frame.name, "product", products * elements)

    def _dynamic(self, count: int, m: int, k: int, n: int) -> None:
        frame = self._state.frame
        role = "context" if frame.call in self._state.attended else "matmul"
        self._state.attended.discard(frame.call)
        self._state.record.dynamic(frame.call, _joined(frame.name, role), count, (m, k, n))

    def _bias(self, bias: Tensor, elements: int) -> None:
        frame, origins = self._state.frame, self._state.origins
        held = origins.held(bias)
        if held is None or not held.base.sources:
            self._state.record.elements(frame.call, frame.name, "residual", elements)
            return
        own = self._state.cover(bias)
        self._state.record.elements(
            frame.call, frame.name, "bias", elements, parameters=own, stored_as=held.base.label
        )

    def matrix(
        self,
        weight: Tensor,
        shape: tuple[int, int],
        products: int,
        given: Tensor | None,
        *,
        bias: Tensor | None = None,
        matrices: int = 0,
        active: int = 0,
        kind: MatrixKind = "linear",
        lookahead: int = 0,
        axes: tuple[int, int] | None = None,
    ) -> None:
        """Record products of vectors with a stored factor.

        Args:
            weight: the stored factor.
            shape: rows and columns of one matrix.
            products: products of one vector with one matrix.
            given: the other factor, that is computed.
            bias: what is added to the outputs.
            matrices: matrices in the factor; as many as its cells make unless given.
            active: how many of them one vector meets.
            kind: what the matrix is.
            lookahead: how far the windows of a convolution reach ahead.
            axes: the factor's axes of rows and of columns.
        """
        state = self._state
        held = state.origins.held(weight)
        if held is None or not products:
            return
        cells = shape[0] * shape[1]
        if not matrices:
            matrices = held.region.cells // cells
        if (
            held.region.cells != matrices * cells
        ):  # some of its numbers stand in several places: a matrix of its own
            held = self._repeated(weight, held)
            matrices = max(1, held.region.cells // cells)
        fused = bias is not None and self._is_bias(bias, shape[1] * matrices)
        state.cover(bias if fused else None)
        stored_as, node = state.origins.name_of(held.base, held.region)
        if stored_as == held.base.label:
            node = self._alias(held.base.node)
        state.use(stored_as, UsedMatrix(held.base, held.region, _placed(held, weight, axes, matrices)))
        routed = state.routed(given) if given is not None else None
        if matrices > 1 and not active and kind == "linear":
            origin = state.origins.of(weight)
            chose = state.routed(weight)
            if origin is not None and origin.selected and chose is not None:
                active, kind = (
                    (chose[0].chosen, "experts") if not products % chose[0].chosen else (1, "experts")
                )
            elif products % matrices:
                active = 1
        state.record.static(
            state.frame.call,
            node,
            stored_as=stored_as,
            shape=shape,
            products=products,
            bias=fused,
            matrices=matrices,
            active=active,
            kind=kind,
            lookahead=lookahead,
            group=routed[0] if routed is not None and routed[1] else None,
        )
        if bias is not None and not fused:
            self._bias(bias, products * shape[1])

    def _repeated(self, weight: Tensor, held: HeldValues) -> HeldValues:
        origins = self._state.origins
        origin = origins.of(weight)
        key = ("repeated", id(held.base), held.offset, held.axes, tuple(weight.shape))
        base = origins.derived(
            key, f"{held.base.label} repeated", tuple(weight.shape), (origin,) if origin else ()
        )
        return HeldValues(base, 0, (), region(0, ((base.cells, 1),)))

    def _is_bias(self, bias: Tensor, numbers: int) -> bool:
        return self._state.origins.has_stored(bias) and bias.numel() == numbers

    def _alias(self, node: str) -> str:
        """Name of the node, that of the calling module where it is one of the names of tied weights."""
        module = self._state.frame.name
        return module if module and module in self._state.origins.names_of(node) else node


def _placed(
    held: HeldValues, weight: Tensor, axes: tuple[int, int] | None, matrices: int
) -> PlacedMatrix | None:
    """Return where the rows and columns of a single matrix are, where its axes are plain steps."""
    if matrices > 1:
        return None
    if axes is None or len(held.axes) < 2 or len(held.axes) != weight.dim():  # noqa: PLR2004
        steps = held.region.axes
        if len(steps) > 2:  # noqa: PLR2004
            return None
        wide = steps[-1] if steps else (1, 1)
        high = steps[0] if len(steps) == 2 else (1, 1)  # noqa: PLR2004
        return PlacedMatrix(held.region.offset, high, wide)
    rows, cols = (held.axes[axis] for axis in axes)
    return PlacedMatrix(held.offset, rows, cols)


def _joined(module: str, role: str) -> str:
    return f"{module}.{role}" if module else role


def _broadcast(first: tuple[int, ...], second: tuple[int, ...]) -> list[int]:
    longest = max(len(first), len(second))
    padded = zip((1,) * (longest - len(first)) + first, (1,) * (longest - len(second)) + second, strict=True)
    return [max(pair) if 0 not in pair else 0 for pair in padded]
