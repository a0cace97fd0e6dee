"""Runs a module on tensors without data, and writes down every operator that it calls.

A dispatch mode under `torch.inference_mode` sees `linear`, `matmul` and `scaled_dot_product_attention` whole,
whether a module calls them or a function, so that attention counts the same under every implementation.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.aten_operators import AtenOperators
from factsheet.networks.from_models.elementwise_kinds import collapsed_kind
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.operator_record import OperatorRecord, block_of
from factsheet.networks.from_models.origins import Origins, joined
from factsheet.networks.operators import Elementwise, Network, Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from torch import Tensor, nn

    from factsheet.networks.operators import ElementKind

_WAYS_ON = (
    "trace a part of the model, replace the operator where the model lets you choose an implementation,"
    " or declare the structure under `model_architecture`"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One call of a module."""

    name: str
    call: int
    collapsed: ElementKind | None


class Tracer:
    """Follows one run of a module.

    Attributes:
        record: what was seen.
        origins: which tensors hold stored weights.
        paused: whether work goes unrecorded, as while a cache is filled.
    """

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.record = OperatorRecord()
        self.origins = Origins(module)
        self.paused = False
        self.covered: set[str] = set()
        self.folded: Counter[str] = Counter()
        self.attended: set[int] = set()
        self.last_top_k = 1
        self._frames = [Frame("", 0, None)]
        self._calls = 0

    @property
    def frame(self) -> Frame:
        """The innermost call of a module."""
        return self._frames[-1]

    @property
    def collapsed(self) -> bool:
        """Whether the present module's elementwise work is recorded as one."""
        return any(frame.collapsed for frame in self._frames)

    def cover(self, *tensors: Tensor | None) -> int:
        """Note that an operator uses these parameters.

        Returns:
            The numbers in them.
        """
        names = joined(filter(None, (self.origins.of(t) for t in tensors if t is not None)))
        self.covered |= names
        return sum(self.origins.parameters[name] for name in names)

    def stub(self, what: str, value: object) -> None:
        """Note that a value which depends on data was guessed."""
        where = f" in {self.frame.name}" if self.frame.name else ""
        self.record.notes[f"{what} depends on data{where}: taken as {value}"] += 1

    @contextmanager
    def running(self) -> Iterator[None]:
        """Follow whatever the module does within."""
        torch = need("torch", "torch", "reading a module")
        mode_class = need("torch.utils._python_dispatch", "torch", "reading a module").TorchDispatchMode
        seen = AtenOperators(self)

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
            self._calls += 1
            self._frames.append(Frame(name, self._calls, kind))

        def leave(module: nn.Module, _args: object, output: object) -> None:
            self._frames.pop()
            if kind and not self.collapsed and not self.paused and hasattr(output, "numel"):
                self._collapsed(name, module, kind, cast("Tensor", output))

        return module.register_forward_pre_hook(enter), module.register_forward_hook(leave)

    def _collapsed(self, name: str, module: nn.Module, kind: ElementKind, output: Tensor) -> None:
        own = self.cover(*module.parameters())
        self.record.elements(self.frame.call, name, kind, output.numel(), own, name if own else "")

    def network(self, name: str, sequences: int = 1, assumed: Mapping[str, str] | None = None) -> Network:
        """The operators that were seen.

        Args:
            name: name of the network.
            sequences: sequences in the run; operators count for one.
            assumed: what else was assumed.

        Raises:
            WorkloadError: work does not divide by the number of sequences.
        """
        operators = [_per_sequence(operator, sequences) for operator in self.record.operators()]
        found = enumerate(self.record.notes.items(), 1)
        notes = {f"trace {place}": _times(note, count) for place, (note, count) in found}
        if self.folded:
            notes["folded"] = (
                f"{self.folded.total():,} MACs in {', '.join(self.folded)} are the same for every input:"
                " worked out once, and not counted"
            )
        operators += list(self._untouched(operators))
        return Network(name, tuple(operators), assumed={**(assumed or {}), **notes})

    def _untouched(self, operators: list[Operator]) -> Iterator[Operator]:
        """Parameters that no operator of the trace used."""
        names = {operator.name for operator in operators}
        for name, count in self.origins.parameters.items():
            if name not in self.covered:
                free = name if name not in names else f"{name}@stored"
                yield Elementwise(free, block_of(name), "other", 0, count)


class _Removable:
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
    """What to tell a user about a model that raised while it was traced."""
    where = f" in {tracer.frame.name}" if tracer.frame.name else ""
    said = " ".join(str(error).split())[:300] or type(error).__name__
    return WorkloadError(
        f"{model} can not be traced{where}: {said}",
        "its operators are seen by running it on tensors without data",
        _WAYS_ON,
    )
