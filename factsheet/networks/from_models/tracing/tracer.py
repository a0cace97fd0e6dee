"""Run a module on tensors without data, and record every operator that it calls.

A dispatch mode under `torch.inference_mode` sees `linear`, `matmul` and `scaled_dot_product_attention` whole,
whether a module calls them or a function, so that attention counts the same under every implementation.
"""

from __future__ import annotations

import warnings
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Protocol, cast

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.tracing.aten_operators import AtenOperators
from factsheet.networks.from_models.tracing.elementwise_kinds import collapsed_kind
from factsheet.networks.from_models.tracing.known_values import tensors_in
from factsheet.networks.from_models.tracing.modes import undisturbed, without_data
from factsheet.networks.from_models.tracing.placement import arranged
from factsheet.networks.from_models.tracing.trace_state import TraceState
from factsheet.networks.operators import Network

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from torch import Tensor, nn

    from factsheet.networks.from_models.tracing.known_values import KnownValues
    from factsheet.networks.operators import ElementKind, Operator, Size

_WAYS_ON = (
    "trace a part of the model, replace the operator where the model lets you choose an implementation,"
    " or declare the structure under `model_architecture`"
)


class Tracer:
    """Follows one run of a module.

    Attributes:
        state: what is known so far.
    """

    def __init__(self, module: nn.Module, values: KnownValues | None = None) -> None:
        self.module = module
        self.state = TraceState(module, values)

    def given(self, nested: object) -> None:
        """Note the tensors with data in some inputs: their numbers are known, and yet they are an input."""
        torch = need("torch", "torch", "reading a module")
        with undisturbed():
            for tensor in tensors_in(nested, torch):
                if tensor.device.type != "meta":
                    self.state.origins.see(self.state.values.twin(tensor))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Follow whatever the module does within; its weights are without data meanwhile."""
        torch = need("torch", "torch", "reading a module")
        seen = AtenOperators(self.state)
        backends = torch.backends.mha
        fast = backends.get_fastpath_enabled()
        with ExitStack() as stack:
            stack.callback(backends.set_fastpath_enabled, fast)
            backends.set_fastpath_enabled(False)  # fused encoder layers would hide what is in them
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")  # of the numbers, which there are none of
            stack.enter_context(_without_compiling(torch))
            stack.enter_context(self._without_weights(torch))
            followed = [] if isinstance(self.module, torch.jit.ScriptModule) else self.module.named_modules()
            for name, module in followed:  # calls within TorchScript are not seen
                for hook in self._hooks(name, module):
                    stack.callback(hook.remove)
            stack.enter_context(torch.inference_mode())
            stack.enter_context(without_data(self.state.values, seen.operator))
            yield

    @contextmanager
    def _without_weights(self, torch: ModuleType) -> Iterator[None]:
        """Put tensors without data in the place of parameters and buffers, and tell the origins of all."""
        origins, values = self.state.origins, self.state.values
        kept: list[tuple[dict[str, Tensor | None], str, Tensor]] = []
        for name, parameter in self.module.named_parameters(remove_duplicate=False):
            origins.add(name, values.twin(parameter), learned=True)
        for name, buffer in self.module.named_buffers(remove_duplicate=False):
            origins.add(name, values.twin(buffer), learned=False)
        for module in self.module.modules():
            if isinstance(module, torch.jit.ScriptModule):
                continue  # its tensors are told by their storage
            for held in (module.__dict__.get("_parameters", {}), module.__dict__.get("_buffers", {})):
                kept += [
                    (held, name, one)
                    for name, one in held.items()
                    if one is not None and one.device.type != "meta"
                ]
        for held, name, tensor in kept:
            twin, trained = values.twin(tensor), isinstance(tensor, torch.nn.Parameter)
            held[name] = torch.nn.Parameter(twin, requires_grad=False) if trained else twin
        try:
            yield
        finally:
            for held, name, tensor in kept:
                held[name] = tensor

    def _hooks(self, name: str, module: nn.Module) -> tuple[_Removable, _Removable]:
        kind = collapsed_kind(type(module).__name__, leaf=next(module.children(), None) is None)

        def enter(_module: nn.Module, _args: object) -> None:
            self.state.enter(name, kind)

        def leave(module: nn.Module, _args: object, output: object) -> None:
            self.state.leave()
            if kind and not self.state.collapsed and not self.state.paused and hasattr(output, "numel"):
                self._collapsed(name, module, kind, cast("Tensor", output))

        return module.register_forward_pre_hook(enter), module.register_forward_hook(leave)

    def _collapsed(self, name: str, module: nn.Module, kind: ElementKind, output: Tensor) -> None:
        own = self.state.cover(*module.parameters())
        self.state.record.elements(
            self.state.frame.call, name, kind, output.numel(), parameters=own, stored_as=name if own else ""
        )

    def network(
        self,
        name: str,
        sequences: int = 1,
        assumed: Mapping[str, str] | None = None,
        sizes: tuple[Size, ...] = (),
    ) -> Network:
        """Return the operators that were recorded.

        Args:
            name: name of the network.
            sequences: sequences in the run; operators count for one.
            assumed: what else was assumed.
            sizes: what the module ran on.

        Raises:
            WorkloadError: work does not divide by the number of sequences.
        """
        state = self.state
        recorded = [_per_sequence(operator, sequences) for operator in state.record.operators()]
        operators, notes = arranged(recorded, state)
        found = enumerate(state.record.notes.items(), 1)
        told = {f"trace {place}": _times(note, count) for place, (note, count) in found}
        if state.folded:
            told["folded"] = (
                f"{state.folded.total():,} MACs in {', '.join(state.folded)} are the same for every input:"
                " worked out once, and not counted"
            )
        stored = state.origins.stored
        tensors = {one.name: one.numbers for one in stored.values() if one.learned} | state.weights
        unreached = {
            one.name: one.numbers for one in stored.values() if one.learned and one.name not in state.covered
        }
        return Network(
            name,
            tuple(operators),
            assumed={**(assumed or {}), **told},
            tensors=tensors,
            unreached=unreached,
            sizes=sizes,
            notes=tuple(notes),
        )


@contextmanager
def _without_compiling(torch: ModuleType) -> Iterator[None]:
    """Let functions that are compiled during the run work as they are written, so that their operators are seen."""

    def as_written(model: object = None, **_options: object) -> object:
        return model if model is not None else lambda function: function

    replaced: list[tuple[dict[str, object], str, object]] = [(vars(torch), "compile", as_written)]
    attention = need("torch.nn.attention.flex_attention", "torch", "reading a module")
    if hasattr(attention, "_validate_device"):  # it refuses tensors without data
        replaced.append((vars(attention), "_validate_device", lambda *_tensors: None))
    before = [(names, name, names[name]) for names, name, _ in replaced]
    for names, name, value in replaced:
        names[name] = value
    try:
        yield
    finally:
        for names, name, value in before:
            names[name] = value


class _Removable(Protocol):
    """A hook's handle."""

    def remove(self) -> None:
        """Take the hook away."""


def _times(note: str, count: int) -> str:
    return note if count == 1 else f"{note} ({count} times)"


def _per_sequence(operator: Operator, sequences: int) -> Operator:
    if sequences == 1:
        return operator
    field = {"StaticMatmul": "calls", "DynamicMatmul": "count", "Lookup": "lookups"}.get(
        type(operator).__name__, "elements"
    )
    count = getattr(operator, field)
    if count % sequences and field == "elements":
        return operator._replace(**{field: -(-count // sequences)})
    if count % sequences:
        raise WorkloadError(
            f"{operator.name} does {count:,} {field}, which {sequences} sequences do not divide",
            "operators are counted for one sequence",
            "give example inputs of one sequence, or the number of sequences in them",
        )
    return operator._replace(**{field: count // sequences})


def cannot_trace(error: Exception, tracer: Tracer, model: str) -> WorkloadError:
    """Return the error for a model that raised while it was traced."""
    where = f" in {tracer.state.frame.name}" if tracer.state.frame.name else ""
    said = " ".join(str(error).split())[:300] or type(error).__name__
    return WorkloadError(
        f"{model} cannot be traced{where}: {said}",
        "its operators are recorded by running it on tensors without data",
        _WAYS_ON,
    )
