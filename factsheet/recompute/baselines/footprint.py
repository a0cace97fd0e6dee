"""Electricity, cost and carbon footprint of many inferences, from a price and the carbon intensity of a grid."""

from __future__ import annotations

import re
from typing import NamedTuple

from factsheet.errors import DeriveError, QuantityError
from factsheet.quantities.quantity import parse_quantity

JOULES_OF_A_KWH = 3.6e6
MILLION = 10**6
_PRICE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(?: ?([A-Z]{3})/kWh)?")
_MOST_PRICE = 1000.0


class Tariff(NamedTuple):
    """What electricity costs, and what it emits."""

    price: float
    """Of a kWh."""
    currency: str
    price_source: str
    intensity: float
    """kg CO2e/kWh."""
    intensity_source: str


DEFAULT_TARIFF = Tariff(
    price=0.20,
    currency="EUR",
    price_source="average of the European Union for other than households, second half of 2023, without VAT:"
    " qery.no, quoting Eurostat (secondary)",
    intensity=0.475,
    intensity_source="world average that CodeCarbon falls back on (carbon_intensity_per_source.json), naming IEA 2019;"
    " of 15 countries that were looked at, of 213, grids went from 30 g (Norway) to 713 g (India) in 2023 (CodeCarbon,"
    " from Our World in Data)",
)


class Footprint(NamedTuple):
    """What a number of inferences takes."""

    inferences: int
    kwh: float
    cost: float
    carbon_kg: float


def footprint(energy_j: float, tariff: Tariff, inferences: int = MILLION) -> Footprint:
    """Return what so many inferences take.

    Args:
        energy_j: of one inference, J.
        tariff: what electricity costs and emits.
        inferences: how many.
    """
    kwh = energy_j * inferences / JOULES_OF_A_KWH
    return Footprint(inferences, kwh, kwh * tariff.price, kwh * tariff.intensity)


def tariff_of(price: str | None = None, intensity: str | None = None) -> Tariff:
    """Return a tariff as typed; what is left out is the default.

    Args:
        price: of a kWh, such as `0.15` or `0.15 USD/kWh`; in euros where no currency is named.
        intensity: such as `35 g CO2e/kWh`.

    Raises:
        DeriveError: one of them cannot be read.
    """
    found = DEFAULT_TARIFF
    if price is not None:
        match = _PRICE.fullmatch(price.strip())
        if match is None or not 0 < float(match[1]) <= _MOST_PRICE:
            raise DeriveError(
                f"`{price[:40]}` is no price of a kWh",
                "the cost of inferences is multiplied by it",
                "write a number from 0.000001 to 1000, such as `0.15`, or with a currency, `0.15 USD/kWh`",
            )
        found = found._replace(price=float(match[1]), currency=match[2] or "EUR", price_source="given")
    if intensity is not None:
        try:
            quantity = parse_quantity(intensity.strip(), "carbon_intensity")
        except QuantityError as error:
            raise DeriveError(error.message, error.why, error.help) from None
        if quantity.kind != "point" or quantity.value < 0:
            raise DeriveError(
                f"`{intensity[:40]}` is no single carbon intensity",
                "the footprint is multiplied by it",
                "write one number, such as `35 g CO2e/kWh`",
            )
        found = found._replace(intensity=quantity.value, intensity_source="given")
    return found
