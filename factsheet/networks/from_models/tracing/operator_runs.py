"""Run single operators on tensors without data, and what numbers are known along with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.tracing.choices import CHOOSING, GATHERING_UP, SELECTING, indices
from factsheet.networks.from_models.tracing.known_values import AtenCall, tensors_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor

    from factsheet.networks.from_models.tracing.choices import ExpertChoice
    from factsheet.networks.from_models.tracing.trace_state import TraceState

_BY_LENGTHS = frozenset({"_pack_padded_sequence", "_pad_packed_sequence"})
"""Operators whose second output follows from the lengths of sequences alone, and is on the processor."""
_MOST_ON_ZEROS = 2**24
"""Numbers that an operator is run on for the shape of its outputs, where it has no other way of telling it."""

_MOST_POSITIONS = 2**24
"""More than any table of positions has entries."""


class Runs:
    """Runs operators."""

    def __init__(self, state: TraceState) -> None:
        self._state = state
        self._torch = need("torch", "torch", "reading a module")

    def without_data(self, nested: Any) -> Any:
        """Return arguments on the device without data, for tensors and for places where new ones are made."""
        torch = self._torch
        if isinstance(nested, torch.Tensor):
            tensor = cast("Tensor", nested)
            return tensor if tensor.device.type == "meta" else self._state.values.twin(tensor)
        if isinstance(nested, torch.device):
            return torch.device("meta")
        if isinstance(nested, tuple):
            return tuple(self.without_data(item) for item in nested)
        if isinstance(nested, list):
            return [self.without_data(item) for item in nested]
        if isinstance(nested, dict):
            return {key: self.without_data(value) for key, value in nested.items()}
        return nested

    def run(self, call: AtenCall, stand_in: Callable[..., object] | None) -> object:
        """Run an operator, its indices and masks first told as far as they can be."""
        if stand_in is not None:
            return stand_in(*call.args, **call.kwargs)
        if not call.inputs and "device" in {one.name for one in call.func._schema.arguments}:  # type: ignore[attr-defined]  # noqa: SLF001
            call = call._replace(kwargs={**call.kwargs, "device": self._torch.device("meta")})
        call = call._replace(args=self._told(call.name, call.args))
        try:
            out = call.run()
        except (NotImplementedError, RuntimeError) as error:
            out = self._on_numbers(call, error)
        self._state.values.follow(call, tensors_in(out, self._torch))
        return out

    def check_places(self, call: AtenCall) -> None:
        """Refuse indices that are known and beyond what they are taken from, such as positions.

        Raises:
            WorkloadError: an index is too large.
        """
        if len(call.args) < 2 or not call.inputs:  # noqa: PLR2004 - a table and indices
            return
        table, given = call.inputs[0], call.args[1]
        if call.name == "embedding":
            pairs = [(0, given)]
        elif call.name == "index":
            pairs = list(enumerate(cast("Sequence[object]", given)))
        elif call.name == "index_select":
            pairs = [(cast("int", given), call.args[2])]
        else:
            return
        for axis, index in pairs:
            if not isinstance(index, self._torch.Tensor) or index.dtype not in {
                self._torch.int64,
                self._torch.int32,
            }:
                continue
            known = self._state.values.of(index)
            if known is None or not known.numel() or self._state.values.is_supposed(index):
                continue
            last, entries = int(known.max()), table.shape[axis]
            # Beyond that it is no position but memory that nothing was written to, as a placeholder of tokens has it.
            if entries <= last < _MOST_POSITIONS:
                held = self._state.origins.held(table)
                name = held.base.label if held is not None else self._state.frame.name or "a tensor"
                raise WorkloadError(
                    f"entry {last:,} of {name} is asked for, which has {entries:,}",
                    "a table of positions has no more entries than the model takes tokens",
                    f"give a size that the model takes, such as a sequence of up to {entries:,}",
                )

    def scalar(self, name: str, tensor: Tensor) -> object:
        """Return a number that is read out of a tensor: what is known of it, or a guess by its kind."""
        torch, known = self._torch, self._state.values.of(tensor)
        if known is not None:
            return known.bool().item() if name == "is_nonzero" else known.item()
        value: object
        if tensor.dtype is torch.bool or name == "is_nonzero":
            value = False
        elif tensor.dtype.is_floating_point:
            value = 1.0
        else:
            value = 1
        self._state.stub("a number read from a tensor", value)
        return value

    def with_data(self, call: AtenCall, out: object) -> object:
        """Return what has to be on the processor as a tensor with data, where its numbers are known."""
        torch = self._torch
        if call.name in _BY_LENGTHS and isinstance(out, tuple):
            value = self._state.values.of(out[1])
            return out if value is None else (out[0], self._state.values.stands_for(value.clone(), out[1]))
        if call.name not in {"_to_copy", "to", "cpu"} or not isinstance(out, torch.Tensor):
            return out
        value = self._state.values.of(cast("Tensor", out))
        if value is None or not any(
            isinstance(one, torch.device) for one in (*call.args, *call.kwargs.values())
        ):
            return out
        return self._state.values.stands_for(value.clone(), cast("Tensor", out))

    def choose(self, call: AtenCall, outputs: list[Tensor]) -> None:
        """Follow what a router chose, from its indices to the vectors that are sent to experts and back."""
        state, values, name, inputs = self._state, self._state.values, call.name, call.inputs
        if name in CHOOSING and inputs and values.of(inputs[0]) is None and inputs[0].dim():
            self._chosen(call, outputs)
            return
        followed = [found for tensor in inputs if (found := state.routed(tensor)) is not None]
        if not followed:
            return
        choice: ExpertChoice = max(followed, key=lambda found: found[0].number)[0]
        sent = any(vectors for _, vectors in followed)
        for output in outputs:
            if values.of(output) is not None:
                state.route(output, choice, vectors=False)
            elif name in GATHERING_UP:
                continue
            elif sent or (name in SELECTING and not state.origins.has_stored(inputs[0])):
                origin = state.origins.of(inputs[0])
                state.route(output, choice, vectors=origin is None or not origin.constant)
            elif state.origins.of(output) is not None:
                state.route(output, choice, vectors=False)

    def _chosen(self, call: AtenCall, outputs: list[Tensor]) -> None:
        name, args, kwargs, given = call.name, call.args, call.kwargs, call.inputs[0]
        numbers = [one for one in args[1:] if isinstance(one, int) and not isinstance(one, bool)]
        chosen, dim = 1, kwargs.get("dim")
        if name in {"topk", "multinomial", "kthvalue"}:
            given_k = numbers.pop(0) if numbers else kwargs.get("k", kwargs.get("num_samples", 1))
            chosen = 1 if name == "kthvalue" else cast("int", given_k)
        whole = dim is None and not numbers and name in {"argmax", "argmin", "max", "min", "median"}
        axis = cast("int", dim) if dim is not None else numbers[0] if numbers else -1
        among = given.numel() if whole else given.shape[axis]
        if name in {"sort", "argsort"}:
            chosen = among
        place = CHOOSING[name]
        if len(outputs) <= place or outputs[place].dtype.is_floating_point:
            return
        found = indices(outputs[place], chosen, among, axis)
        if chosen:
            self._state.values.set(outputs[place], found, supposed=True)
            choice = self._state.choose(chosen, among, outputs[place].numel() // chosen)
            self._state.route(outputs[place], choice, vectors=False)

    def _told(self, name: str, args: tuple[object, ...]) -> tuple[object, ...]:
        """Return the arguments with places for masks, which have no shape to select by without data."""
        torch = self._torch
        if name not in {"index", "index_put", "_index_put_impl", "_unsafe_index"}:
            return args
        places: list[object] = []
        for index in cast("list[object]", args[1]):
            if index is None or cast("Tensor", index).dtype not in {torch.bool, torch.uint8}:
                places.append(index)
                continue
            places += self._places(cast("Tensor", index))
        return (args[0], places, *args[2:])

    def _places(self, mask: Tensor) -> list[Tensor]:
        torch, values = self._torch, self._state.values
        known = values.of(mask)
        if known is None:
            self._state.stub("which elements a mask selects", "all")
            found: list[Tensor] = [
                torch.empty(mask.numel(), dtype=torch.int64, device="meta") for _ in range(mask.dim())
            ]
            return found
        told = []
        for one in known.nonzero(as_tuple=True):
            place = torch.empty_like(one, device="meta")
            values.set(place, one, supposed=values.is_supposed(mask))
            told.append(place)
        return told

    def _on_numbers(self, call: AtenCall, error: Exception) -> object:
        """Run an operator that has no way without data: on what is known of its inputs, and otherwise on zeros.

        Only the shapes of the outputs are taken, and their numbers where all inputs are known.
        """
        torch, values, name = self._torch, self._state.values, call.name
        unknown = [tensor for tensor in call.inputs if values.of(tensor) is None]
        if name in {"nonzero", "nonzero_numpy", "masked_select"} and unknown:
            tensor = call.inputs[0]
            self._state.stub("which elements are selected", "all")
            if name == "masked_select":
                return tensor.new_empty((tensor.numel(),))
            return tensor.new_empty((tensor.numel(), tensor.dim()), dtype=torch.int64)
        if sum(tensor.numel() for tensor in call.inputs) > _MOST_ON_ZEROS or call.mutates:
            raise error
        stand_ins = self._stand_ins(call, unknown)
        try:
            found = call.func(*self._real(call.args, stand_ins), **self._real(dict(call.kwargs), stand_ins))
        except Exception:  # noqa: BLE001 - whatever it raises, it cannot be run; the first error says so
            raise error from None
        by_lengths = name in _BY_LENGTHS and values.of(call.inputs[1]) is not None
        if unknown and name in {"unique_dim", "_unique2", "unique_consecutive", "bincount"}:
            self._state.stub("the outputs of " + name, "those of zeros")
        supposed = any(values.is_supposed(tensor) for tensor in call.inputs)

        def empty(nested: Any) -> Any:
            if isinstance(nested, torch.Tensor):
                value = cast("Tensor", nested)
                made = torch.empty_like(value, device="meta")
                if not unknown or (by_lengths and not value.dtype.is_floating_point):
                    values.set(made, value, supposed=supposed)
                return made
            return (
                type(nested)(empty(item) for item in nested) if isinstance(nested, (tuple, list)) else nested
            )

        return empty(found)

    def _stand_ins(self, call: AtenCall, unknown: list[Tensor]) -> dict[int, Tensor]:
        """Return numbers for inputs of which none are known."""
        torch = self._torch
        fill = 1 if call.name == "repeat_interleave" else 0
        found = {id(tensor): torch.full(tensor.shape, fill, dtype=tensor.dtype) for tensor in unknown}
        lengths = call.inputs[1] if call.name == "_pack_padded_sequence" else None
        if lengths is not None and id(lengths) in found:
            longest = call.inputs[0].shape[1 if call.args[-1] is True else 0]
            self._state.stub("the length of sequences in a batch", longest)
            found[id(lengths)] = torch.full(lengths.shape, longest, dtype=lengths.dtype)
        return found

    def _real(self, nested: Any, stand_ins: Mapping[int, Tensor]) -> Any:
        torch = self._torch
        if isinstance(nested, torch.Tensor):
            known = self._state.values.of(cast("Tensor", nested))
            return stand_ins[id(nested)] if known is None else known
        if isinstance(nested, torch.device):
            return torch.device("cpu")
        if isinstance(nested, (tuple, list)):
            return type(nested)(self._real(item, stand_ins) for item in nested)
        if isinstance(nested, dict):
            return {key: self._real(value, stand_ins) for key, value in nested.items()}
        return nested
