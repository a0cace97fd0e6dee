"""Run a module on tensors without data, and record every operator that it calls.

A dispatch mode under `torch.inference_mode` sees `linear`, `matmul` and `scaled_dot_product_attention` whole,
whether a module calls them or a function, so that attention counts the same under every implementation.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Protocol, cast

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.operator_record import block_of
from factsheet.networks.from_models.tracing.aten_operators import AtenOperators
from factsheet.networks.from_models.tracing.elementwise_kinds import collapsed_kind
from factsheet.networks.from_models.tracing.trace_state import TraceState
from factsheet.networks.operators import Elementwise, Network, Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from torch import Tensor, nn

    from factsheet.networks.operators import ElementKind

_WAYS_ON = (
    "trace a part of the model, replace the operator where the model lets you choose an implementation,"
    " or declare the structure under `model_architecture`"
)


class Tracer:
    """Follows one run of a module.

    Attributes:
        state: what is known so far.
    """

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.state = TraceState(module)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Follow whatever the module does within."""
        torch = need("torch", "torch", "reading a module")
        mode_class = need("torch.utils._python_dispatch", "torch", "reading a module").TorchDispatchMode
        seen = AtenOperators(self.state)

        def dispatch(
            mode: object,
            func: Callable[..., object],
            _types: object,
            args: tuple[object, ...] = (),
            kwargs: Mapping[str, object] | None = None,
        ) -> object:
            return seen.operator(mode, func, args, kwargs or {})

        # Made here and not by a class statement, so that this module can be imported without torch.
        mode = type("OperatorMode", (mode_class,), {"__torch_dispatch__": dispatch})()
        backends = torch.backends.mha
        fast = backends.get_fastpath_enabled()
        with ExitStack() as stack:
            stack.callback(backends.set_fastpath_enabled, fast)
            backends.set_fastpath_enabled(False)  # fused encoder layers would hide what is in them
            for name, module in self.module.named_modules():
                for hook in self._hooks(name, module):
                    stack.callback(hook.remove)
            stack.enter_context(torch.inference_mode())
            stack.enter_context(mode)
            yield

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

    def network(self, name: str, sequences: int = 1, assumed: Mapping[str, str] | None = None) -> Network:
        """Return the operators that were recorded.

        Args:
            name: name of the network.
            sequences: sequences in the run; operators count for one.
            assumed: what else was assumed.

        Raises:
            WorkloadError: work does not divide by the number of sequences.
        """
        operators = [_per_sequence(operator, sequences) for operator in self.state.record.operators()]
        found = enumerate(self.state.record.notes.items(), 1)
        notes = {f"trace {place}": _times(note, count) for place, (note, count) in found}
        if self.state.folded:
            notes["folded"] = (
                f"{self.state.folded.total():,} MACs in {', '.join(self.state.folded)} are the same for every input:"
                " worked out once, and not counted"
            )
        operators += list(self._untouched(operators))
        return Network(name, tuple(operators), assumed={**(assumed or {}), **notes})

    def _untouched(self, operators: list[Operator]) -> Iterator[Operator]:
        """Yield the parameters that no operator of the trace used."""
        names = {operator.name for operator in operators}
        for name, count in self.state.origins.parameters.items():
            if name not in self.state.covered:
                free = name if name not in names else f"{name}@stored"
                yield Elementwise(free, block_of(name), "other", 0, parameters=count)


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
