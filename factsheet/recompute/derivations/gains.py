"""Derive what the sheet's figures imply beside those of digital hardware: energy of many inferences, and gains.

These are quotients of two claims. Nothing is claimed of them, so that they are no derived facts with a verdict.
A sheet takes these figures and batches above zero only, so that each can be divided by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.facts.fact import At
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from factsheet.facts.fact import Fact
    from factsheet.sheet.model import SheetFields

MILLION = 1_000_000
"""Answers that a reader can picture the energy of."""
_JOULES_PER_WATT_HOUR = 3600.0
# Unit, its size in watt hours, and from how many on it is used: hundredths still read as parts of one.
_PAID_IN = (("GWh", 1e9, 1e9), ("MWh", 1e6, 1e6), ("kWh", 1e3, 1e3), ("Wh", 1.0, 0.01))
_LEAST_PAID_IN = ("mWh", 1e-3, 0.0)
Rival = Literal["throughput_gpu", "throughput_cpu"]
"""The field that holds the throughput of the same model on digital hardware."""


class Gain(NamedTuple):
    """A figure of the sheet, that of digital hardware, and how many times as much the first is."""

    own: float
    digital: float
    factor: float


class AnswersEnergy(NamedTuple):
    """The energy of many answers of the chip alone, and what it was worked out from.

    Attributes:
        energy_j: in J.
        path: the field of the figure that it follows from.
        formula: the arithmetic: `1,000,000 ÷ 6589 inferences/s/W`.
        words: what the figure is, for the middle of a sentence.
        at: the operating point that the figure holds at; `None` where the sheet names none.
    """

    energy_j: float
    path: str
    formula: str
    words: str
    at: At | None = None


def watt_hours(joules: float) -> float:
    """Return an energy in watt hours, 3,600 J each."""
    return joules / _JOULES_PER_WATT_HOUR


def in_watt_hours(joules: float, digits: int = 3) -> str:
    """Return an energy as it is paid for, in the unit that suits its size: `0.17 mWh`, `42.2 Wh`, `7.94 kWh`.

    Args:
        joules: the energy, in J.
        digits: significant digits to keep; those before the point are all kept.
    """
    hours = float(f"{watt_hours(joules):.{digits - 1}e}")
    unit, size, _ = next((found for found in _PAID_IN if abs(hours) >= found[2]), _LEAST_PAID_IN)
    return f"{format_value(hours / size, 'number', digits)} {unit}"


def energy_of_answers(sheet: SheetFields, count: int) -> AnswersEnergy | None:
    """Return the energy of so many answers; `None` where the sheet gives none for a single one.

    It follows from the energy efficiency, as inferences per second and watt are inferences per joule; without one from
    the energy of an inference; without either from an operating point's energy of a run and its batch.
    """
    performance = sheet.performance
    fact, value = _stated(None if performance is None else performance.energy_efficiency)
    if fact is not None:
        formula = f"{count:,} ÷ {fact.words()}"
        return AnswersEnergy(
            count / value, "performance.energy_efficiency", formula, "the energy efficiency", fact.at
        )
    fact, value = _stated(None if performance is None else performance.energy_per_inference)
    if fact is not None:
        formula = f"{count:,} · {fact.words()}"
        path = "performance.energy_per_inference"
        return AnswersEnergy(count * value, path, formula, "the energy of an inference", fact.at)
    for index, point in enumerate(
        () if sheet.parameters is None else sheet.parameters.operating_points or ()
    ):
        fact, value = _stated(point.energy)
        if fact is not None and isinstance(point.batch, int):
            formula = f"{count:,} · {fact.words()} ÷ {point.batch}"
            path = f"parameters.operating_points[{index}].energy"
            at = At(point.seq_len, point.batch)
            return AnswersEnergy(count * value / point.batch, path, formula, "the energy of a run", at)
    return None


def energy_gain(sheet: SheetFields) -> Gain | None:
    """Compare inferences per joule with those of the digital alternative; `None` unless the sheet gives both."""
    return _gain(_value(sheet, "energy_efficiency"), _value(sheet, "energy_baseline"))


def speed_gain(sheet: SheetFields, rival: Rival) -> Gain | None:
    """Compare the throughput with that of digital hardware; `None` unless the sheet gives both."""
    return _gain(_value(sheet, "throughput"), _value(sheet, rival))


def _gain(own: float | None, digital: float | None) -> Gain | None:
    return None if own is None or digital is None else Gain(own, digital, own / digital)


def _value(sheet: SheetFields, name: str) -> float | None:
    fact, value = _stated(None if sheet.performance is None else getattr(sheet.performance, name))
    return None if fact is None else value


def _stated(fact: Fact | None) -> tuple[Fact | None, float]:
    """Return a figure that is one number, with its value in the base unit; `None` and nothing for any other."""
    quantity = None if fact is None else fact.quantity
    return (None, 0.0) if quantity is None or quantity.kind != "point" else (fact, quantity.value)
