"""Evaluate the cost model for one network on one chip: the figures, what went into them, and what is missing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from factsheet.crossbar.cost.formula import (
    STRUCTURES,
    AreaConstants,
    Numbers,
    StageNumbers,
    areas,
    energies,
    latencies,
)
from factsheet.errors import CostError
from factsheet.hardware.constants import weakest

if TYPE_CHECKING:
    from factsheet.crossbar.cost.demand import ChipDemand
    from factsheet.crossbar.cost.formula import Energies, Structure
    from factsheet.hardware.constants import ChipConstants, ChipPart, Constant
    from factsheet.hardware.profile import Standing

FigureName = Literal[
    "latency",
    "interval",
    "energy",
    "power",
    "throughput",
    "efficiency",
    "tops_per_watt",
    "area_tiles",
    "area",
    "area_chips",
]
FIGURES: tuple[FigureName, ...] = get_args(FigureName)
DIMENSIONS: dict[FigureName, str] = {
    "latency": "time",
    "interval": "time",
    "energy": "energy",
    "power": "power",
    "throughput": "throughput",
    "efficiency": "inferences_per_second_per_watt",
    "tops_per_watt": "ops_per_second_per_watt",
    "area_tiles": "area",
    "area": "area",
    "area_chips": "area",
}
"""The dimension that each figure is written in; see `factsheet.quantities.dimensions`."""
CONSTANTS = (
    "mvm_time",
    "slot",
    "transport_time",
    "cell_energy",
    "port_energy",
    "output_energy",
    "digital_energy",
    "digital_rate",
    "tile_power",
    "chip_power",
    "tile_area",
    "tile_overhead_area",
    "chip_area",
)
"""Fields of `ChipConstants` that hold a constant."""
_TIMES = ("slot", "mvm_time", "transport_time", "digital_rate")
_CHARGES = ("cell_energy", "port_energy", "output_energy", "digital_energy")
_DRAWN = ("tile_power", "chip_power")
_AREAS = ("tile_area", "tile_overhead_area", "chip_area")


class Figures(NamedTuple):
    """What the model says of one run; `None` where a constant is missing."""

    latency: float | None
    """s of one run of the batch."""
    interval: float | None
    """s from inference to inference while runs follow each other."""
    energy: float | None
    """J for one inference."""
    power: float | None
    """W on average over a run."""
    throughput: float | None
    """Inferences per second of a run."""
    efficiency: float | None
    """Inferences per second and watt, which is inferences per joule."""
    tops_per_watt: float | None
    """Operations per second and watt; all operations, analog and digital."""
    area_tiles: float | None
    """m² of the mapped tiles alone."""
    area: float | None
    """m² with what is added to each tile and chip."""
    area_chips: float | None
    """m² of whole chips, mapped or not."""
    latencies: tuple[float, ...]
    """s of one run under each structure, in the order of `STRUCTURES`; empty where `latency` is missing."""
    split: Energies[float] | None
    """J for one inference, by where it goes."""


def evaluate(
    demand: ChipDemand, constants: ChipConstants, *, batch: int, structure: Structure, chips: int
) -> Figures:
    """Evaluate the figures of one run of a batch.

    Args:
        demand: what one inference asks for.
        constants: of the chip.
        batch: inferences of the run.
        structure: how layers and sequences follow each other.
        chips: that the network is on.

    Raises:
        CostError: a figure is beyond every number.
    """
    try:
        figures = _evaluate(demand, constants, batch=batch, structure=structure, chips=chips)
        finite = all(
            value is None or math.isfinite(value) for value in (getattr(figures, name) for name in FIGURES)
        )
    except OverflowError:
        finite = False
    if not finite:
        raise CostError(
            "the network's work is beyond every number",
            "times and energies are floating-point numbers, of at most 1.8e308",
            "make the network, the sequence or the batch smaller",
        )
    return figures


def _evaluate(
    demand: ChipDemand, constants: ChipConstants, *, batch: int, structure: Structure, chips: int
) -> Figures:
    given = numbers_of(demand, constants, batch, chips)
    times: tuple[float, ...] = ()
    latency = interval = None
    if constants.slot is not None:
        found = latencies(given, max)
        times = found[: len(STRUCTURES)]
        latency = times[STRUCTURES.index(structure)]
        interval = found.interval if structure == "sequence-pipelined" else latency / given.batch
    split = None
    if not missing_energy(constants):
        split = energies(given, latency if given.standby else None)
    energy = None if split is None else split.total
    power = None if energy is None or not latency else energy * given.batch / latency
    return Figures(
        latency,
        interval,
        energy,
        power,
        given.batch / latency if latency else None,
        1.0 / energy if energy else None,
        float(demand.ops) / energy if energy else None,
        *_areas(demand, constants, chips),
        times,
        split,
    )


def _areas(
    demand: ChipDemand, constants: ChipConstants, chips: int
) -> tuple[float | None, float | None, float | None]:
    if constants.tile_area is None:
        return None, None, None
    each = AreaConstants(*(_value(getattr(constants, name)) for name in _AREAS))
    found = areas(float(demand.tiles), float(chips), each)
    if constants.tiles_per_chip is None:
        return found.tiles, found.mapped, None
    return (*found, areas(float(constants.tiles_per_chip * chips), float(chips), each).mapped)


def numbers_of(demand: ChipDemand, constants: ChipConstants, batch: int, chips: int) -> Numbers[float]:
    """Return the equations' numbers, for one network on one chip."""
    slot = _value(constants.slot)
    rate = constants.digital_rate
    return Numbers(
        charged=float(demand.passed if constants.charged_whole else demand.macs),
        inputs=float(demand.inputs),
        outputs=float(demand.outputs),
        vectors=float(demand.vectors),
        digital_ops=float(demand.digital_ops),
        busiest=float(demand.busiest),
        stages=[StageNumbers(*map(float, stage)) for stage in demand.stages],
        batch=float(batch),
        slot=slot,
        step=max(slot, _value(constants.mvm_time) + _value(constants.transport_time)),
        op_time=0.0 if rate is None else 1.0 / (rate.value * float(chips)),
        cell_energy=_value(constants.cell_energy),
        input_energy=_value(constants.port_energy),
        output_energy=_value(constants.output_energy or constants.port_energy),
        digital_energy=_value(constants.digital_energy),
        standby=standby_of(constants, float(demand.tiles), float(chips)),
    )


def standby_of(constants: ChipConstants, tiles: float, chips: float) -> float:
    """Return the watts that tiles and chips draw whether they compute or not."""
    return _value(constants.tile_power) * tiles + _value(constants.chip_power) * chips


def _value(constant: Constant | None) -> float:
    return 0.0 if constant is None else float(constant.value)


def inputs_of(name: FigureName, constants: ChipConstants) -> tuple[str, ...]:
    """Return the constants that a figure follows from: those of its terms that the profile has."""
    drawn = _present(_DRAWN, constants)
    energy = (*_CHARGES, *_DRAWN, *(_TIMES if drawn else ()))
    needed: tuple[str, ...]
    if name in {"latency", "interval", "throughput"}:
        needed = _TIMES
    elif name in {"energy", "efficiency", "tops_per_watt"}:
        needed = energy
    elif name == "power":
        needed = tuple(dict.fromkeys((*_TIMES, *energy)))
    else:
        needed = _AREAS[:1] if name == "area_tiles" else _AREAS
    return _present(needed, constants)


def _present(names: tuple[str, ...], constants: ChipConstants) -> tuple[str, ...]:
    return tuple(name for name in names if getattr(constants, name) is not None)


def standing_of(name: FigureName, constants: ChipConstants) -> Standing:
    """Return the standing of a figure: that of the weakest constant that it follows from."""
    return weakest(getattr(constants, each).standing for each in inputs_of(name, constants))


Bound = Literal["at least", "at most", "of the parts known"]
"""What a figure is where a profile has no figure for a part of the chip. Power is an energy over a time: where both are
lower bounds it can be off either way."""


def bound_of(name: FigureName, constants: ChipConstants) -> Bound | None:
    """Say which way a figure is off for want of figures in the profile; `None` where every part is charged."""
    time = bool(constants.untimed)
    # What is drawn all the time is drawn longer where a run takes longer.
    energy = bool(constants.uncharged) or (time and bool(_present(_DRAWN, constants)))
    if name in {"latency", "interval"}:
        return "at least" if time else None
    if name == "throughput":
        return "at most" if time else None
    if name in {"efficiency", "tops_per_watt"}:
        return "at most" if energy else None
    if name == "energy":
        return "at least" if energy else None
    if name == "power" and (energy or time):
        return "at least" if not time else "at most" if not constants.uncharged else "of the parts known"
    return None


_OF_TIME = frozenset({"latency", "interval", "throughput"})
PARTS: dict[ChipPart, str] = {
    "movement": "moving values between tiles",
    "digital": "digital operations",
    "standby": "what a chip draws all the time",
    "loading": "loading the weights of one layer after another",
}
"""Each part in words."""


def left_out_of(constants: ChipConstants, name: FigureName | None = None) -> tuple[str, ...]:
    """Say what the profile has no figure for, one sentence for energy and one for time.

    Args:
        constants: of the chip.
        name: the figure to say it of; of all of them if left out.
    """
    lines = []
    if constants.uncharged and name not in _OF_TIME:
        parts = ", ".join(PARTS[part] for part in constants.uncharged)
        lines.append(
            f"energy is a lower bound, and efficiency an upper one: the profile has no energy of {parts}"
        )
    if constants.untimed and (name is None or name in {*_OF_TIME, "power"} or _present(_DRAWN, constants)):
        parts = ", ".join(PARTS[part] for part in constants.untimed)
        beside = (
            ""
            if constants.uncharged or not _present(_DRAWN, constants)
            else (", and so is the energy, of which a part is drawn all that time")
        )
        lines.append(f"time is a lower bound{beside}: the profile has no time of {parts}")
    return tuple(lines)


def missing_energy(constants: ChipConstants) -> str:
    """Return why the profile gives no energy; empty if it does."""
    if constants.cell_energy is None and constants.tile_power is None:
        return f"{constants.profile} gives neither the energy of a product nor the power of a tile"
    if _present(_DRAWN, constants) and constants.slot is None:
        return f"{constants.profile} gives power and no time from vector to vector"
    return ""


def missing_of(name: FigureName, constants: ChipConstants) -> str:
    """Return why the profile does not give a figure; empty if it does."""
    no_time = "" if constants.slot is not None else f"{constants.profile} gives no time from vector to vector"
    no_area = "" if constants.tile_area is not None else f"{constants.profile} gives no area of a tile"
    if name in {"latency", "interval", "throughput"}:
        return no_time
    if name in {"energy", "efficiency", "tops_per_watt"}:
        return missing_energy(constants)
    if name == "power":
        return no_time or missing_energy(constants)
    if name == "area_chips" and constants.tiles_per_chip is None:
        return no_area or f"{constants.profile} does not say how many tiles a chip has"
    return no_area
