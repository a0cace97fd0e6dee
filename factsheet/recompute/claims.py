"""A figure that a sheet claims, as rules hold it against another: what it allows, and who says that it is derived."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.interval import DUST

if TYPE_CHECKING:
    from factsheet.facts.fact import At, Fact
    from factsheet.facts.section import Section
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_ALIKE = 2.0
"""Up to this factor a difference is told in percent; beyond, a factor reads better."""
_LARGE = 1000


class Claim(NamedTuple):
    """One claimed quantity.

    Attributes:
        path: where it stands.
        quantity: the figure.
        tolerance: relative difference that the sheet accepts of a recomputed value, 0 where it names none.
        derived: whether the sheet says that it was derived, itself or by its section's or its own provenance.
        at: the operating point that is stated with it.
    """

    path: KeyPath
    quantity: Quantity
    tolerance: float
    derived: bool
    at: At | None

    def allows(self, value: float) -> bool:
        """Whether a recomputed value, in the base unit, agrees with the claim.

        It agrees if it lies within what the claim means by its digits, by "about", by a range or a bound, or within
        the tolerance around that. The ends count: a value half-way between two digits may have been rounded either
        way, and who copied it is not to blame.
        """
        return self.overlaps(value, value)

    def overlaps(self, low: float, high: float) -> bool:
        """Whether a recomputed value that is only known to lie between two ends can agree with the claim."""
        meant = self.quantity.meant
        reach = self.tolerance * abs(self.quantity.value)
        least, most = meant.low - reach, meant.high + reach
        # Arithmetic on the ends leaves the last bits behind.
        return low - DUST * abs(low) <= most and least <= high + DUST * abs(high)


def claim_at(sheet: SheetFields, section: str, field: str) -> Claim | None:
    """The claim of a section's field, if the field holds a quantity."""
    holder: Section | None = getattr(sheet, section)
    fact: Fact | None = None if holder is None else getattr(holder, field)
    return None if fact is None else claim_of(sheet, fact, (section, field))


def claim_of(sheet: SheetFields, fact: Fact | None, path: KeyPath) -> Claim | None:
    """A fact as a claim, if it is a quantity."""
    quantity = None if fact is None else fact.quantity
    if fact is None or quantity is None:
        return None
    derived = _source(sheet, fact, str(path[0])) == "derived"
    return Claim(path, quantity, fact.tolerance or 0.0, derived, fact.at)


def _source(sheet: SheetFields, fact: Fact, section: str) -> str | None:
    """The fact's own source, else its section's, else the sheet's."""
    if fact.source is not None:
        return fact.source
    nearest = getattr(sheet, section).provenance
    if nearest is not None and nearest.source is not None:
        source: str = nearest.source
        return source
    return None if sheet.provenance is None else sheet.provenance.source


def apart(value: float, claimed: float) -> str:
    """How far a recomputed value is from the claimed one: `0.47 % less`, `995 times as much`."""
    if claimed == 0:
        return "where nothing is claimed"
    ratio = value / claimed
    if 1 / _ALIKE < ratio < _ALIKE:
        return f"{100 * abs(ratio - 1):.3g} % {'more' if ratio > 1 else 'less'}"
    if ratio <= 0:
        return "of another sign"
    larger = f"{_times(max(ratio, 1 / ratio))} times"
    return f"{larger} as much" if ratio > 1 else f"{larger} less"


def _times(factor: float) -> str:
    return f"{factor:.3g}" if factor < _LARGE else f"{factor:,.0f}"
