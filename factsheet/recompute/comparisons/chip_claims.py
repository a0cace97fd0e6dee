"""What the cost model gives for the hardware profile that a sheet names, as ranges that a claim is compared with.

A range goes from the fastest execution structure to the slowest; which one a figure was published for is rarely said.
The constants are those of `factsheet.hardware.precomputed`, so that no profile is read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from factsheet.quantities.interval import Interval
from factsheet.recompute.claims import CHIP, claim_at
from factsheet.recompute.comparisons.implied_claims import claims_by_point, scales
from factsheet.recompute.interpretations import affordable, declared
from factsheet.recompute.verdict import judge, not_comparable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.cost.figures import Bound, FigureName, Figures
    from factsheet.hardware.constants import ChipConstants
    from factsheet.networks.declared import NetworkStructure
    from factsheet.recompute.claims import Claim, StatedPoint
    from factsheet.recompute.verdict import Verdict
    from factsheet.sheet.model import SheetFields

SLACK = 0.25
"""How far, relative to it, a claim may be outside the model's range; docs/validation.md has the model's errors on
published results, most of them within a tenth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelledClaim:
    """A claimed figure of the chip with what the cost model gives for it."""

    name: str
    """As in an operating point; `area` besides."""
    claim: Claim
    reach: Interval
    """From the fastest execution structure to the slowest."""
    profile: str
    why: str = ""
    """Why it is not to be compared; empty where it is."""

    @property
    def value(self) -> float:
        """The end of the model's range that is nearer to the claim; of a claim inside it, the upper one.

        Of a bound, the end that there is.
        """
        below = self.claim.quantity.value < self.reach.low or math.isinf(self.reach.high)
        return self.reach.low if below else self.reach.high

    @property
    def verdict(self) -> Verdict:
        """How the claim compares with the model's range, give or take the model's own error."""
        if self.why:
            return not_comparable(self.why)
        reach = Interval(self.reach.low * (1 - SLACK), self.reach.high * (1 + SLACK))
        return judge(self.claim, self.value, reach=reach)


def compare_chip(sheet: SheetFields) -> Iterator[ModelledClaim]:
    """Run the cost model for every claim of the chip's figures, where the sheet names a profile."""
    if profile_named(sheet) is None:
        return
    groups = claims_by_point(sheet)
    whole = {point: group for point, group in groups.items() if all(isinstance(side, int) for side in point)}
    area = claim_at(sheet, "parameters", "area")
    if not whole and area is None:
        return
    known, constants = declared(sheet), constants_named(sheet)
    if known is None or constants is None:
        return
    tiles = claim_at(sheet, "parameters", "tiles")
    stated = 0.0 if tiles is None else tiles.quantity.low
    for (seq_len, batch), group in islice(whole.items(), affordable(known)):
        modelled = ranges(known.structure, constants, int(str(seq_len)), int(str(batch)), stated=stated)
        for name, claims in group.items():
            for claim in claims if name in modelled else ():
                yield _modelled(
                    name, claim, modelled[name], point=(seq_len, batch), profile=constants.profile
                )
    # How many tokens there are changes nothing in how large a chip is.
    reach = None if area is None else ranges(known.structure, constants, 1, 1, stated=stated).get("area")
    if area is not None and reach is not None:
        yield ModelledClaim(name="area", claim=area, reach=reach, profile=constants.profile)


def not_of_the_chip(claim: Claim) -> str:
    """Say why a claim cannot be compared with the model of a chip; empty where it can."""
    if claim.boundary in ("", CHIP):
        return ""
    return f"{claim.quantity.text} is of the {claim.boundary}, and the model gives what the chip takes"


def _modelled(name: str, claim: Claim, reach: Interval, *, point: StatedPoint, profile: str) -> ModelledClaim:
    """Return a claim with the model's range for it, in inferences or in the parts of one that it counts."""
    why = not_of_the_chip(claim)
    found = [
        ModelledClaim(
            name=name,
            claim=claim,
            reach=reach.scaled(1 / scale if name == "energy_per_inference" else scale),
            profile=profile,
            why=why,
        )
        for scale in scales(claim, point)
    ]
    return next((one for one in found if one.verdict.fits), found[0])


def profile_named(sheet: SheetFields) -> str | None:
    """Return the hardware profile that a sheet names."""
    inference = None if sheet.hardware is None else sheet.hardware.inference
    return None if inference is None or inference.profile is None else inference.profile.text


def constants_named(sheet: SheetFields) -> ChipConstants | None:
    """Return the constants of the named profile for the sheet's tile; `None` where there is no such profile."""
    name = profile_named(sheet)
    if name is None:
        return None
    from factsheet.hardware.precomputed import known_profiles  # start-up: few sheets name a profile

    tile = None if sheet.parameters is None else sheet.parameters.tile
    rows, cols = (None, None) if tile is None else (tile.rows.whole, tile.cols.whole)
    profile = known_profiles().get(name)
    constants = None if profile is None else profile.constants(rows, cols)
    if constants is None or rows is None or cols is None or (rows, cols) == (constants.rows, constants.cols):
        return constants
    from factsheet.crossbar.cost.resizing import (
        resized,  # FS213 has its say on a tile that the profile has not
    )
    from factsheet.crossbar.mapping import TileShape

    return resized(constants, TileShape(rows, cols))


def ranges(
    structure: NetworkStructure, constants: ChipConstants, seq_len: int, batch: int, *, stated: float = 0.0
) -> dict[str, Interval]:
    """Return the range of each figure by its name in an operating point, and of the `area`.

    Nothing comes back for a network or a point that the model has no estimate for.

    Args:
        structure: the declared network.
        constants: of the chip.
        seq_len: tokens in a sequence.
        batch: inferences of a run.
        stated: tiles that the sheet states; more than the network takes once hold some layers several times.
    """
    from factsheet.crossbar.cost.demand import demand_of
    from factsheet.crossbar.cost.figures import bound_of, evaluate
    from factsheet.crossbar.cost.layout import lay_out
    from factsheet.crossbar.cost.stages import stages_of
    from factsheet.crossbar.mapping import TileShape, ceil_div
    from factsheet.errors import CostError, WorkloadError
    from factsheet.networks.counting import CONVENTIONS, DEFAULT
    from factsheet.recompute.interpretations import network_of

    convention = CONVENTIONS[DEFAULT]
    try:
        network = network_of(structure, seq_len)
        layout = lay_out(network, TileShape(constants.rows, constants.cols))
        stages = stages_of(network, convention)
        if not any(stage.matrices for stage in stages):
            return {}
        demand = demand_of(stages, layout, convention)
        chips = 1 if constants.tiles_per_chip is None else ceil_div(demand.tiles, constants.tiles_per_chip)
        figures = evaluate(demand, constants, batch=batch, structure="batch-synchronous", chips=max(1, chips))
    except (CostError, WorkloadError):
        return {}
    if network.uses_missing:
        return {}
    found = {
        name: _unbounded(reach, bound_of(_TOTAL_OF[name], constants))
        for name, reach in _ranges(figures, batch).items()
    }
    if "area" in found:
        found["area"] = _areas(found["area"], constants, chips)
    if stated > demand.tiles:
        found |= {name: _faster(name, reach) for name, reach in found.items() if name in _WITH_COPIES}
    return found


def _areas(reach: Interval, constants: ChipConstants, chips: int) -> Interval:
    """Open the range of an area where the profile knows tiles alone, or where it may be that of one chip of several."""
    high = math.inf if constants.tile_overhead_area is None else reach.high
    return Interval(reach.low / max(1, chips), high)


_WITH_COPIES = frozenset({"execution_time", "throughput", "power", "area"})


def _faster(name: str, reach: Interval) -> Interval:
    """Open a range at the end that layers held several times move: they take turns, so that a run takes less time."""
    return Interval(0.0, reach.high) if name == "execution_time" else Interval(reach.low, math.inf)


_TOTAL_OF: dict[str, FigureName] = {
    "execution_time": "latency",
    "throughput": "throughput",
    "energy_per_inference": "energy",
    "energy": "energy",
    "energy_efficiency": "efficiency",
    "power": "power",
    "area": "area",
}
"""The model's figure for each of an operating point, and for the area."""


def _unbounded(reach: Interval, bound: Bound | None) -> Interval:
    """Open a range at the end that parts which the profile knows nothing of can move."""
    low = reach.low if bound in (None, "at least") else 0.0
    high = reach.high if bound in (None, "at most") else math.inf
    return Interval(low, high)


def _ranges(figures: Figures, batch: int) -> dict[str, Interval]:
    found: dict[str, Interval] = {}
    times = [time for time in figures.latencies if time > 0]
    if times:
        found["execution_time"] = Interval(min(times), max(times))
        found["throughput"] = Interval(batch / max(times), batch / min(times))
    if figures.energy:
        found["energy_per_inference"] = Interval(figures.energy, figures.energy)
        found["energy"] = Interval(figures.energy * batch, figures.energy * batch)
        found["energy_efficiency"] = Interval(1 / figures.energy, 1 / figures.energy)
        if times:
            found["power"] = Interval(
                figures.energy * batch / max(times), figures.energy * batch / min(times)
            )
    if figures.area_tiles is not None and figures.area is not None:
        found["area"] = Interval(figures.area_tiles, max(figures.area, figures.area_chips or 0.0))
    return found
