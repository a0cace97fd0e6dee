"""Derive what the sheet's figures imply beside those of digital hardware: energy of many inferences, and gains.

These are quotients of two claims. Nothing is claimed of them, so that they are no derived facts with a verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from factsheet.facts.fact import Fact
    from factsheet.sheet.model import SheetFields

JOULES_PER_WATT_HOUR = 3600.0
Rival = Literal["throughput_gpu", "throughput_cpu"]
"""The field that holds the throughput of the same model on digital hardware."""


class Gain(NamedTuple):
    """A figure of the sheet, that of digital hardware, and how many times as much the first is."""

    own: float
    digital: float
    factor: float


def energy_of_inferences(sheet: SheetFields, count: float) -> float | None:
    """Return the energy of so many inferences in J, for the chip alone; `None` without an energy efficiency.

    Inferences per second and watt are inferences per joule.
    """
    efficiency = _value(sheet, "energy_efficiency")
    return None if efficiency is None or efficiency <= 0 else count / efficiency


def energy_gain(sheet: SheetFields) -> Gain | None:
    """Compare inferences per joule with those of the digital alternative; `None` unless the sheet gives both."""
    return _gain(_value(sheet, "energy_efficiency"), _value(sheet, "energy_baseline"))


def speed_gain(sheet: SheetFields, rival: Rival) -> Gain | None:
    """Compare the throughput with that of digital hardware; `None` unless the sheet gives both."""
    return _gain(_value(sheet, "throughput"), _value(sheet, rival))


def _gain(own: float | None, digital: float | None) -> Gain | None:
    return None if own is None or digital is None or digital <= 0 else Gain(own, digital, own / digital)


def _value(sheet: SheetFields, name: str) -> float | None:
    fact: Fact | None = None if sheet.performance is None else getattr(sheet.performance, name)
    quantity = None if fact is None else fact.quantity
    return None if quantity is None or quantity.kind != "point" else quantity.value
