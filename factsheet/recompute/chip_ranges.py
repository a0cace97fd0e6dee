"""What the cost model gives for the hardware profile that a sheet names, as ranges that a claim can be held against.

A range goes from the fastest execution structure to the slowest; which one a figure was published for is rarely said.
The constants are those of `factsheet.hardware.precomputed`, so that no profile is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from factsheet.crossbar.cost.figures import Figures
    from factsheet.hardware.constants import ChipConstants
    from factsheet.networks.declared import NetworkStructure
    from factsheet.sheet.model import SheetFields


class Range(NamedTuple):
    """What the model allows of one figure, in the base unit of its dimension."""

    low: float
    high: float


def profile_named(sheet: SheetFields) -> str | None:
    """The hardware profile that a sheet names."""
    inference = None if sheet.hardware is None else sheet.hardware.inference
    return None if inference is None or inference.profile is None else inference.profile.text


def constants_named(sheet: SheetFields) -> ChipConstants | None:
    """The constants of the named profile for the sheet's tile; `None` where it names none that there is."""
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
    structure: NetworkStructure, constants: ChipConstants, seq_len: int, batch: int
) -> dict[str, Range]:
    """The range of each figure that the profile's constants give, by its name in an operating point; `area` besides.

    Nothing comes back for a network or a point that the model has no estimate for.
    """
    from factsheet.crossbar.cost.demand import demand_of
    from factsheet.crossbar.cost.figures import evaluate
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
        figures = evaluate(demand, constants, batch, "batch-synchronous", max(1, chips))
    except (CostError, WorkloadError):
        return {}
    return _ranges(figures, batch)


def _ranges(figures: Figures, batch: int) -> dict[str, Range]:
    found: dict[str, Range] = {}
    times = [time for time in figures.latencies if time > 0]
    if times:
        found["execution_time"] = Range(min(times), max(times))
        found["throughput"] = Range(batch / max(times), batch / min(times))
    if figures.energy:
        found["energy_per_inference"] = Range(figures.energy, figures.energy)
        found["energy"] = Range(figures.energy * batch, figures.energy * batch)
        found["energy_efficiency"] = Range(1 / figures.energy, 1 / figures.energy)
        if times:
            found["power"] = Range(figures.energy * batch / max(times), figures.energy * batch / min(times))
    if figures.area_tiles is not None and figures.area is not None:
        found["area"] = Range(figures.area_tiles, max(figures.area, figures.area_chips or 0.0))
    return found
