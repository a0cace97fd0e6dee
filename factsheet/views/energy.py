"""Energy of a million inferences, in the unit that electricity is paid in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.sheet.quantity import format_value
from factsheet.views.page import FactRow, Standing
from factsheet.views.rows import holds_at

if TYPE_CHECKING:
    from factsheet.views.material import Material

_CLAIM = "performance.energy_efficiency"
_MILLION = 1e6
_JOULES_PER_WATT_HOUR = 3600.0
_DIGITS = 3


def energy_of_a_million(material: Material) -> FactRow | None:
    """A million divided by the claimed inferences per joule; `None` where no efficiency is claimed.

    Inferences per second and watt are inferences per joule. The figure is that of the chip alone.
    """
    fact = material.fact(_CLAIM)
    claim = None if fact is None else fact.quantity
    if fact is None or claim is None or claim.kind != "point" or claim.value <= 0:
        return None
    joules = _MILLION / claim.value
    energy, hours = format_value(joules, "energy", _DIGITS), joules / _JOULES_PER_WATT_HOUR
    formula = f"1,000,000 ÷ {claim.text} = {energy}, and 1 Wh is 3,600 J"
    return FactRow(
        path="views.energy_of_a_million",
        label="Energy of a million answers",
        kind="figure",
        paragraphs=(
            f"{hours:.{_DIGITS - 1}g} Wh for the chip alone"
            if hours < 1
            else f"{hours:,.1f} Wh for the chip alone",
        ),
        depth="full",
        standing=Standing("derived from the energy efficiency", kind="derived"),
        holds_at=holds_at(fact.at),
        note=f"{formula}. What that costs: {_plain(hours / 1000)} times the price of a kilowatt-hour.",
    )


def _plain(value: float) -> str:
    """Two digits without a power of ten: a price is multiplied with it by hand."""
    return f"{float(f'{value:.2g}'):.12f}".rstrip("0").rstrip(".")
