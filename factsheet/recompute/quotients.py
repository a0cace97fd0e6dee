"""The sheet's own figures of time, power, efficiency and ops at the operating point, as intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.interval import Interval
from factsheet.recompute.facts import GivenNumber

if TYPE_CHECKING:
    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.context import PointContext


class PointClaim(NamedTuple):
    """A figure that the sheet claims at the operating point."""

    name: str
    """What it is, in words."""
    quantity: Quantity
    path: str
    unanchored: bool
    """Whether the sheet leaves open at which sequence length or batch it holds."""

    @property
    def value(self) -> float:
        """Nominal value, in the base unit."""
        return self.quantity.value

    @property
    def meant(self) -> Interval:
        """Every value that its words and digits allow."""
        return self.quantity.meant

    @property
    def input(self) -> GivenNumber:
        """As an input of a derivation."""
        return GivenNumber(self.name, self.quantity.text, self.path)


def claims_of(
    context: PointContext, name: str, field: str, *elsewhere: tuple[str, str]
) -> tuple[PointClaim, ...]:
    """Every claim of one figure that holds at the point: the operating point's own, then those of sections.

    Args:
        context: the sheet at its point.
        name: what the figure is, in words.
        field: its name in the operating point's row; empty if the row has none.
        *elsewhere: (section, field) of the same figure outside the row.
    """
    found: list[PointClaim] = []
    own = context.point.claim(field) if field else None
    if own is not None:
        found.append(PointClaim(name, own, context.point.path(field), unanchored=False))
    for section, other in elsewhere:
        fact = context.fact(section, other)
        if fact is None or fact.quantity is None or not context.point.holds(fact.at):
            continue
        at = fact.at
        unanchored = at is None or at.seq_len is None or not isinstance(at.batch, int)
        found.append(PointClaim(name, fact.quantity, f"{section}.{other}", unanchored))
    return tuple(found)


def first_claim(
    context: PointContext, name: str, field: str, *elsewhere: tuple[str, str]
) -> PointClaim | None:
    """The first of `claims_of`, if there is one."""
    return next(iter(claims_of(context, name, field, *elsewhere)), None)


def execution_time(context: PointContext) -> PointClaim | None:
    """Time to run the whole batch, s."""
    return first_claim(context, "execution time", "execution_time", ("performance", "classification_time"))


def power(context: PointContext) -> PointClaim | None:
    """Average power of the chip, W."""
    return first_claim(context, "power", "power", ("parameters", "power"))


def efficiency(context: PointContext) -> PointClaim | None:
    """Inferences per second and watt."""
    return first_claim(
        context, "energy efficiency", "energy_efficiency", ("performance", "energy_efficiency")
    )


def assumption(*claims: PointClaim | None) -> str:
    """Which of these claims were read at the operating point although the sheet does not place them there."""
    loose = [claim.path for claim in claims if claim is not None and claim.unanchored]
    if not loose:
        return ""
    return f"read at this operating point, which is not fully stated with it: {', '.join(loose)}"


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
    def input(self) -> GivenNumber:
        """As an input of a derivation."""
        return GivenNumber(self.name, f"{self.value:,}", self.source)


class Quotient(NamedTuple):
    """Factors above and below a fraction line; one that the sheet does not give is `None`."""

    formula: str
    above: dict[str, PointClaim | Exact | None]
    below: dict[str, PointClaim | Exact | None]

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the factors that there is no figure for."""
        return tuple(name for name, factor in (self.above | self.below).items() if factor is None)

    @property
    def factors(self) -> tuple[PointClaim | Exact, ...]:
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
