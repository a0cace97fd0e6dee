"""The sheet's own figures of time, power, efficiency and ops at the operating point, as intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.derive.facts import Input

if TYPE_CHECKING:
    from factsheet.derive.context import Context
    from factsheet.sheet.interval import Interval
    from factsheet.sheet.quantity import Quantity


class Claim(NamedTuple):
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
    def input(self) -> Input:
        """As an input of a derivation."""
        return Input(self.name, self.quantity.text, self.path)


def claims_of(context: Context, name: str, field: str, *elsewhere: tuple[str, str]) -> tuple[Claim, ...]:
    """Every claim of one figure that holds at the point: the operating point's own, then those of sections.

    Args:
        context: the sheet at its point.
        name: what the figure is, in words.
        field: its name in the operating point's row; empty if the row has none.
        *elsewhere: (section, field) of the same figure outside the row.
    """
    found: list[Claim] = []
    own = context.point.claim(field) if field else None
    if own is not None:
        found.append(Claim(name, own, context.point.path(field), unanchored=False))
    for section, other in elsewhere:
        fact = context.fact(section, other)
        if fact is None or fact.quantity is None or not context.point.holds(fact.at):
            continue
        at = fact.at
        unanchored = at is None or at.seq_len is None or not isinstance(at.batch, int)
        found.append(Claim(name, fact.quantity, f"{section}.{other}", unanchored))
    return tuple(found)


def first_claim(context: Context, name: str, field: str, *elsewhere: tuple[str, str]) -> Claim | None:
    """The first of `claims_of`, if there is one."""
    return next(iter(claims_of(context, name, field, *elsewhere)), None)


def execution_time(context: Context) -> Claim | None:
    """Time to run the whole batch, s."""
    return first_claim(context, "execution time", "execution_time", ("performance", "classification_time"))


def power(context: Context) -> Claim | None:
    """Average power of the chip, W."""
    return first_claim(context, "power", "power", ("parameters", "power"))


def efficiency(context: Context) -> Claim | None:
    """Inferences per second and watt."""
    return first_claim(
        context, "energy efficiency", "energy_efficiency", ("performance", "energy_efficiency")
    )


def assumption(*claims: Claim | None) -> str:
    """Which of these claims were read at the operating point although the sheet does not place them there."""
    loose = [claim.path for claim in claims if claim is not None and claim.unanchored]
    if not loose:
        return ""
    return f"read at this operating point, which is not fully stated with it: {', '.join(loose)}"
