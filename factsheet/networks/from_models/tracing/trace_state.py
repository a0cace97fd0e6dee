"""The state of a trace: the call that runs, its operators so far, and where tensors come from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from factsheet.networks.from_models.operator_record import OperatorRecord
from factsheet.networks.from_models.tracing.choices import ExpertChoice
from factsheet.networks.from_models.tracing.known_values import KnownValues, storage_key
from factsheet.networks.from_models.tracing.origins import Origins, joined, weight_tensors

if TYPE_CHECKING:
    from torch import Tensor, nn

    from factsheet.networks.from_models.tracing.origins import Base
    from factsheet.networks.from_models.tracing.regions import CellRegion, PlacedMatrix
    from factsheet.networks.operators import ElementKind


@dataclass(frozen=True, slots=True)
class Frame:
    """One call of a module."""

    name: str
    call: int
    collapsed: ElementKind | None
    """The kind that the module's elementwise work is recorded as, where it is recorded as one."""


class UsedMatrix(NamedTuple):
    """A matrix that products use."""

    base: Base
    region: CellRegion
    placed: PlacedMatrix | None
    """Where its rows and columns are, for one matrix of a stored tensor."""


class TraceState:
    """The state of one trace.

    Attributes:
        record: the operators so far.
        values: numbers that are known.
        origins: which tensors hold stored weights.
        paused: whether work goes unrecorded, as while a cache is filled.
        covered: stored tensors that operators use, by name.
        weights: how many weights each tensor holds that is no parameter, and used as a matrix.
        used: the matrices that products use, by name.
        folded: MACs of products that are the same for every input, by module.
        attended: calls whose last product of activations gave attention scores.
        last_top_k: how many experts a vector goes to, as the last router chose them.
    """

    def __init__(self, module: nn.Module | None, values: KnownValues | None = None) -> None:
        self.record = OperatorRecord()
        self.values = values or KnownValues()
        self.origins = Origins(module)
        self.origins.twin = self.values.twin  # type: ignore[method-assign]
        self.paused = False
        self.covered: set[str] = set()
        self.weights: dict[str, int] = {}
        self.used: dict[str, UsedMatrix] = {}
        self.folded: Counter[str] = Counter()
        self.attended: set[int] = set()
        self.last_top_k = 1
        self._frames = [Frame("", 0, None)]
        self._calls = 0
        self._named_calls: dict[str, int] = {}
        self._choices: list[ExpertChoice] = []
        self._routed: dict[int, tuple[ExpertChoice, bool]] = {}
        self._scopes: dict[int, int] = {}

    @property
    def frame(self) -> Frame:
        """The innermost call of a module."""
        return self._frames[-1]

    @property
    def collapsed(self) -> bool:
        """Whether the present module's elementwise work is recorded as one."""
        return any(frame.collapsed for frame in self._frames)

    def enter(self, name: str, collapsed: ElementKind | None, *, again: str | None = None) -> None:
        """Begin the call of a module, or go on with the call that has this name."""
        self._calls += 1
        call = self._calls if again is None else self._named_calls.setdefault(again, self._calls)
        self._frames.append(Frame(name, call, collapsed))

    def leave(self) -> None:
        """End the innermost call."""
        self._frames.pop()

    def cover(self, *tensors: Tensor | None) -> int:
        """Note that an operator uses what is stored in these tensors.

        Returns:
            The learned numbers in them.
        """
        names = joined(filter(None, (self.origins.of(t) for t in tensors if t is not None)))
        self.covered |= names
        stored = self.origins.stored
        return sum(stored[name].numbers for name in names if stored[name].learned)

    def use(self, name: str, matrix: UsedMatrix) -> None:
        """Note that a product uses a matrix."""
        self.used.setdefault(name, matrix)
        stored = self.origins.stored
        if not any(source in self.weights for source in matrix.base.sources):
            self.weights |= {
                tensor: numbers
                for tensor, numbers in weight_tensors(matrix.base, matrix.region.cells, stored).items()
                if not stored[tensor].learned or numbers > stored[tensor].numbers
            }
        self.covered |= matrix.base.sources

    def choose(self, chosen: int, among: int, vectors: int) -> ExpertChoice:
        """Note that each vector goes to some of several experts."""
        choice = ExpertChoice(len(self._choices), chosen, among, vectors, self._frames[-1].call)
        self._choices.append(choice)
        return choice

    def route(self, tensor: Tensor, choice: ExpertChoice, *, vectors: bool) -> None:
        """Note that a tensor follows from a choice: as indices or masks, or as the vectors that were sent."""
        if vectors:
            self._scopes.setdefault(choice.number, self.frame.call)
        self._routed[storage_key(tensor)] = (choice, vectors)

    def unroute(self, tensor: Tensor) -> None:
        """Note that a tensor holds whole sequences again."""
        self._routed.pop(storage_key(tensor), None)

    def routed(self, tensor: Tensor) -> tuple[ExpertChoice, bool] | None:
        """Return the choice that a tensor follows from, and whether it holds vectors that were sent to experts."""
        found = self._routed.get(storage_key(tensor))
        if found is not None and found[1]:
            scope = self._scopes.get(found[0].number, 0)
            if not any(frame.call == scope for frame in self._frames):  # the mixture's module has returned
                return None
        return found

    def stub(self, what: str, value: object) -> None:
        """Note that a value which depends on data was guessed."""
        where = f" in {self.frame.name}" if self.frame.name else ""
        self.record.notes[f"{what} depends on data{where}: taken as {value}"] += 1
