"""Products and quotients of claims: a nominal number, and every value that the digits of the claims allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.derive.facts import Input
from factsheet.sheet.quantity import Interval

if TYPE_CHECKING:
    from factsheet.derive.claims import Claim


class Exact(NamedTuple):
    """A number without rounding, next to claims in an identity."""

    name: str
    value: float
    source: str

    @property
    def meant(self) -> Interval:
        """The number alone."""
        return Interval(self.value, self.value)

    @property
    def input(self) -> Input:
        """As an input of a derivation."""
        return Input(self.name, f"{self.value:,}", self.source)


class Quotient(NamedTuple):
    """Factors above and below a fraction line; one that the sheet does not give is `None`."""

    formula: str
    above: dict[str, Claim | Exact | None]
    below: dict[str, Claim | Exact | None]

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the factors that there is no figure for."""
        return tuple(name for name, factor in (self.above | self.below).items() if factor is None)

    @property
    def factors(self) -> tuple[Claim | Exact, ...]:
        """The factors that there are."""
        return tuple(factor for factor in (self.above | self.below).values() if factor is not None)

    def value(self) -> tuple[float, Interval]:
        """The number and every value that its factors allow.

        Raises:
            ZeroDivisionError: a factor below the line may be zero.
        """
        number, reach = 1.0, Interval(1.0, 1.0)
        for factor in self.above.values():
            if factor is not None:
                number, reach = number * factor.value, reach * factor.meant
        for factor in self.below.values():
            if factor is not None:
                number, reach = number / factor.value, reach / factor.meant
        return number, reach

    def step(self) -> str:
        """The fraction with the figures in it."""
        above = " · ".join(f.input.text for f in self.above.values() if f is not None) or "1"
        below = " · ".join(f.input.text for f in self.below.values() if f is not None)
        if not below:
            return above
        return f"{above} / ({below})" if len(self.below) > 1 else f"{above} / {below}"
