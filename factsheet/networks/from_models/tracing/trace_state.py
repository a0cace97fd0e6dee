"""The state of a trace: the call that runs, its operators so far, and where tensors come from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.networks.from_models.operator_record import OperatorRecord
from factsheet.networks.from_models.tracing.origins import Origins, joined

if TYPE_CHECKING:
    from torch import Tensor, nn

    from factsheet.networks.operators import ElementKind


@dataclass(frozen=True, slots=True)
class Frame:
    """One call of a module."""

    name: str
    call: int
    collapsed: ElementKind | None
    """The kind that the module's elementwise work is recorded as, where it is recorded as one."""


class TraceState:
    """The state of one trace.

    Attributes:
        record: the operators so far.
        origins: which tensors hold stored weights.
        paused: whether work goes unrecorded, as while a cache is filled.
        covered: parameters that operators use.
        folded: MACs of products that are the same for every input, by module.
        attended: calls whose last product of activations gave attention scores.
        last_top_k: how many experts a vector goes to, as the last router chose them.
    """

    def __init__(self, module: nn.Module) -> None:
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

    def enter(self, name: str, collapsed: ElementKind | None) -> None:
        """Begin the call of a module."""
        self._calls += 1
        self._frames.append(Frame(name, self._calls, collapsed))

    def leave(self) -> None:
        """End the innermost call."""
        self._frames.pop()

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
