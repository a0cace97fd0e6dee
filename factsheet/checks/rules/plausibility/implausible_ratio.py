"""Two figures are each possible, but not beside each other.

What it does: works out what figures imply together, and compares it with what hardware can do: the operations a second
and a joule of the CPU or GPU that the chip is compared with, counted for one token at least; the power of the chip for
its area; the power of an accelerator during training; the emissions for the energy of training; the step that Adam
makes by its learning rate. What digits, ranges and "approx." leave open counts in favour of the sheet.

Why it matters: a digital baseline that no hardware reaches makes the comparison worthless, and a slip of a unit in one
figure shows only beside another.

Fails:
    hardware: {training: {accelerator_count: 1, duration: 4 h, energy: 1.2 GWh}}

Passes:
    hardware: {training: {accelerator_count: 1, duration: 4 h, energy: 1.2 kWh}}

How to fix: check the unit and the exponent of both figures.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.checks.rules.plausibility.stated import StatedFigure, stated
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.quantities.interval import Interval
    from factsheet.sheet.model import SheetFields

_KWH = 3.6e6


class ImpliedFigure(NamedTuple):
    """What figures imply together, with what is usual.

    Attributes:
        figures: the figures; a finding is on the first.
        value: what they imply, in base units.
        dimension: of that value.
        words: what it is.
        low: the smallest usual value.
        high: the largest usual value.
        source: where that is known from.
    """

    figures: tuple[StatedFigure, ...]
    value: Interval
    dimension: str
    words: str
    low: float
    high: float
    source: str


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in implied(context.sheet):
        if found.low <= found.value.high and found.value.low <= found.high:
            continue
        first, *others = found.figures
        value = found.value.high if found.value.high < found.low else found.value.low
        yield Finding(
            first.path,
            f"{first.words} implies {found.words} of {format_value(value, found.dimension)}, far from what is usual: "
            f"{_range(found)}",
            f"check the units and exponents. What is usual: {found.source}",
            related=tuple((figure.path, f"`{figure.path[-1]}` is {figure.words}") for figure in others),
        )


def _range(found: ImpliedFigure) -> str:
    high = format_value(found.high, found.dimension)
    return f"up to {high}" if found.low == 0 else f"{format_value(found.low, found.dimension)} to {high}"


def implied(sheet: SheetFields) -> Iterator[ImpliedFigure]:
    """Yield what a sheet's figures imply together."""
    yield from _digital(sheet)
    yield from _density(sheet)
    yield from _training(sheet)
    yield from _steps_of_adam(sheet)


def _digital(sheet: SheetFields) -> Iterator[ImpliedFigure]:
    names = {
        "throughput_cpu": (
            "ops_per_second",
            1e15,
            "two processors of the largest kind do some 10^14 operations a second",
        ),
        "throughput_gpu": (
            "ops_per_second",
            1e17,
            "eight GPUs of 2024 do some 7 × 10^16 operations of 4 bits a second",
        ),
        "energy_baseline": ("ops_per_second_per_watt", 1e14, "digital accelerators do up to some 10 TOPS/W"),
    }
    figures = {name: found for name in names if (found := stated(sheet, f"performance.{name}")) is not None}
    operations = _operations(sheet) if figures else None
    if operations is None:
        return
    for name, figure in figures.items():
        dimension, high, source = names[name]
        value = figure.meant.scaled(operations)
        yield ImpliedFigure((figure,), value, dimension, "with the declared network, a rate", 0, high, source)


def _operations(sheet: SheetFields) -> float | None:
    """Return the operations of one inference, at least: of one token, in products of stored weights."""
    from factsheet.recompute.interpretations import (  # start-up: few sheets have a baseline
        declared,
        network_of,
    )

    known = declared(sheet)
    if known is None:
        return None
    return 2.0 * sum(matrix.macs for matrix in network_of(known.structure, 1).static)


def _steps_of_adam(sheet: SheetFields) -> Iterator[ImpliedFigure]:
    """Yield what a learning rate is with Adam, which moves a weight by about as much in each step."""
    for section in ("training", "hwa_training"):
        optimiser = getattr(getattr(sheet, section), "optimiser", None)
        rate = stated(sheet, f"{section}.learning_rate")
        if rate is None or optimiser is None or "adam" not in (optimiser.text or "").casefold():
            continue
        source = (
            "1e-6 to 0.01; a weight moves by up to the learning rate in a step of Adam (Kingma and Ba, 2015)"
        )
        yield ImpliedFigure((rate,), rate.meant, "number", "steps of a weight", 0, 0.3, source)


def _density(sheet: SheetFields) -> Iterator[ImpliedFigure]:
    power, area = stated(sheet, "parameters.power"), stated(sheet, "parameters.area")
    if power is None or area is None or area.meant.low <= 0 or math.isinf(area.meant.high):
        return
    per_mm2 = power.meant / area.meant.scaled(1e6)
    source = "GPUs end near 1 W/mm², and what cannot be cooled cannot be run"
    yield ImpliedFigure((power, area), per_mm2, "power", "for each mm², a power", 0, 10, source)


def _training(sheet: SheetFields) -> Iterator[ImpliedFigure]:
    above = "hardware.training"
    energy, time, count, carbon, intensity = (
        stated(sheet, f"{above}.{name}")
        for name in ("energy", "duration", "accelerator_count", "carbon", "carbon_intensity")
    )
    if energy is None:
        return
    if time is not None and count is not None and time.meant.low > 0 and not math.isinf(time.meant.high):
        each = energy.meant / (time.meant * count.meant)
        source = "an accelerator draws up to 1.2 kW (2024), its part of the machine as much again, little when idle"
        yield ImpliedFigure(
            (energy, time, count), each, "power", "for each accelerator, a power", 1, 10_000, source
        )
    if carbon is not None and intensity is None and energy.meant.low > 0:
        per_kwh = carbon.meant / energy.meant.scaled(1 / _KWH)
        source = "0.02 to 1.1 kg CO2e/kWh over the grids of the world (Ember, 2024)"
        yield ImpliedFigure((carbon, energy), per_kwh, "carbon_intensity", "an intensity", 0, 2, source)


RULE = Rule(
    "FS258",
    "implausible-ratio",
    "warning",
    "a slip of a unit in one figure often shows only beside another",
    _check,
)
