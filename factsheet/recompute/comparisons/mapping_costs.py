"""What a mapping with digital layers takes of a chip beside one with all on tiles, by the chip's cost model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.cost.figures import DIMENSIONS, left_out_of
from factsheet.networks.policy import Policy
from factsheet.quantities.quantity import format_value
from factsheet.recompute.engine import recompute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.crossbar.cost.figures import Bound, FigureName
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.request import Request
    from factsheet.sheet.model import SheetFields

COSTED: dict[FigureName, str] = {
    "energy": "energy of an inference",
    "latency": "time of a run",
    "area_tiles": "area of the tiles",
}
"""The figures that are compared, in words."""


class CostedFigure(NamedTuple):
    """One figure under both mappings, in its SI base unit."""

    name: FigureName
    all_on_tiles: float
    mixed: float
    bound: Bound | None
    """Which way both are off for want of figures in the profile."""

    @property
    def texts(self) -> tuple[str, str]:
        """Both with their units, all on tiles first."""
        dimension = DIMENSIONS[self.name]
        before = "" if self.bound is None else f"{self.bound} "
        return (
            before + format_value(self.all_on_tiles, dimension),
            before + format_value(self.mixed, dimension),
        )

    @property
    def change(self) -> float | None:
        """The difference relative to all on tiles; `None` where that is 0."""
        return self.mixed / self.all_on_tiles - 1 if self.all_on_tiles else None


class MappingCost(NamedTuple):
    """The cost of a mapping with digital layers, or why there is none."""

    problem: str = ""
    """Why there are no figures; empty where there are."""
    profile: str = ""
    point: str = ""
    """The operating point, in words."""
    figures: tuple[CostedFigure, ...] = ()
    tiles: tuple[int, int] | None = None
    """With all on tiles, and with this mapping."""
    moved_ops: int | None = None
    """Operations of an inference that are digital under this mapping and analog with all on tiles."""
    notes: tuple[str, ...] = ()
    """What the figures leave out, one sentence each."""


def mapping_cost(sheet: SheetFields, request: Request, digital: Sequence[str]) -> MappingCost:
    """Estimate a network with all of its layers on tiles, and with these digital, on the chip that is named.

    Args:
        sheet: whose chip and operating point are taken where the request names none.
        request: the network, the chip and the operating point.
        digital: patterns of the layers that are digital in the second mapping, on top of the request's own.

    Raises:
        DeriveError: a sequence length or batch out of range.
        WorkloadError: the source of the network cannot be read, or a pattern fits nothing in it.
    """
    own = request.policy
    mixed_request = replace(request, policy=Policy((*own.digital, *digital), () if digital else own.analog))
    before, after = recompute(sheet, request), recompute(sheet, mixed_request)
    first, second = before.chip.estimate, after.chip.estimate
    if first is None or second is None:
        failed = before if first is None else after
        chip = failed.chip
        return MappingCost(problem=chip.problem, profile="" if chip.profile is None else chip.profile.name)
    figures = tuple(
        CostedFigure(name, first.totals[name].value, second.totals[name].value, first.totals[name].bound)
        for name in COSTED
        if name in first.totals and name in second.totals
    )
    moved = _moved(before, after)
    return MappingCost(
        profile=first.constants.profile,
        point=", ".join(f"{size.name} {size.value} ({size.origin})" for size in before.sizes),
        figures=figures,
        tiles=(first.tiles, second.tiles),
        moved_ops=moved,
        notes=tuple(_notes(first, figures, moved)),
    )


def _moved(before: Derivation, after: Derivation) -> int | None:
    """Return the operations of one inference that left the tiles."""
    totals, batch = (before.totals.analog_ops, after.totals.analog_ops), before.totals.inferences
    if totals[0] is None or totals[1] is None or not batch:
        return None
    return (totals[0] - totals[1]) // batch


def _notes(estimate: Estimate, figures: Sequence[CostedFigure], moved: int | None) -> Iterator[str]:
    yield from left_out_of(estimate.constants)
    if not moved:
        return
    constants = estimate.constants
    parts = [
        word
        for word, constant in (("energy", constants.digital_energy), ("time", constants.digital_rate))
        if constant is None
    ]
    if parts:
        yield (
            f"{constants.profile} has no {' and no '.join(parts)} of a digital operation: what the moved layers take in"
            " digital units is not in these figures, and has to be added"
        )
    energy = next((figure for figure in figures if figure.name == "energy"), None)
    if constants.digital_energy is None and energy is not None and energy.mixed < energy.all_on_tiles:
        each = (energy.all_on_tiles - energy.mixed) / moved
        yield (
            f"the tiles save {format_value(each, 'energy')} for each operation that is moved: if a digital operation"
            " takes more than that, this mapping takes more energy than all on tiles"
        )
    yield "reading the weights of digital layers from memory is in no profile"
