"""The verdict on a claim: whether a recomputed value agrees with it, by one definition for the whole package.

Rules report the claims whose verdict is `differs`, `factsheet derive` prints the verdict in words, pages turn it into
a mark.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, get_args

from factsheet.quantities.interval import DUST
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from factsheet.quantities.interval import Interval
    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.claims import Claim

VerdictKind = Literal[
    "agrees", "rounds_to", "within_written", "within_tolerance", "differs", "unclaimed", "not_comparable"
]
"""`agrees`: exactly equal. `rounds_to`: the value rounds to the claimed digits; a value half-way between two digits
rounds to both. `within_written`: inside what the claim's own words allow (about, a range, a bound), or, where the
value comes from rounded figures itself, inside what their digits allow. `within_tolerance`: inside the tolerance that
the sheet states with a reason. `differs`: none of these. `unclaimed`: there is nothing to compare with.
`not_comparable`: a value or what the claim needs to be compared is missing; `why` says what."""
VERDICT_KINDS: tuple[VerdictKind, ...] = get_args(VerdictKind)
Mark = Literal["agrees", "within tolerance", "differs", "not recomputed"]
MARKS: tuple[Mark, ...] = get_args(Mark)

_WORDS: dict[VerdictKind, str] = {
    "agrees": "agrees",
    "rounds_to": "rounds to it",
    "within_written": "within what it says",
    "within_tolerance": "within the stated tolerance",
    "differs": "differs",
    "unclaimed": "not claimed",
    "not_comparable": "not comparable",
}
_SENTENCES: dict[VerdictKind, str] = {
    "agrees": "recomputed: the same",
    "rounds_to": "recomputed: {value}, which rounds to this",
    "within_written": "recomputed: {value}, which the digits of the sheet allow",
    "within_tolerance": "recomputed: {value}, within the stated tolerance",
    "differs": "recomputed: {value}, which differs",
    "unclaimed": "recomputed: {value}",
    "not_comparable": "not compared",
}
_PERCENT_UP_TO = 2.0
"""Up to this factor a difference is given in percent; beyond it, a factor reads better."""
_LARGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a recomputed value compares with a claim.

    Attributes:
        kind: the verdict in one word.
        difference: (value - claimed) / |claimed|; `None` without a claim, or where that is no number.
        why: for `not_comparable`, what is missing; for `within_tolerance`, the sheet's reason for the tolerance.
        interpretation: how the sheet has to be read for the claim to fit; empty where it fits as
            `factsheet derive` reads it.
        unstated: whether that reading is one that the sheet would have to state: nothing that it leaves open.
    """

    kind: VerdictKind
    difference: float | None = None
    why: str = ""
    interpretation: str = ""
    unstated: bool = False

    @property
    def fits(self) -> bool | None:
        """Whether the claim agrees; `None` where nothing was compared."""
        return None if self.kind in ("unclaimed", "not_comparable") else self.kind != "differs"

    @property
    def mark(self) -> Mark:
        """The verdict as one of the marks of a page."""
        if self.kind == "within_tolerance":
            return "within tolerance"
        return "not recomputed" if self.fits is None else "agrees" if self.fits else "differs"

    @property
    def words(self) -> str:
        """The verdict for people: `within the stated tolerance`, `differs by +2.32%`."""
        words = _WORDS[self.kind]
        if self.kind == "differs" and self.difference is not None:
            return f"{words} by {self.difference:+.2%}"
        return f"{words} if {self.interpretation}" if self.interpretation else words

    def sentence(self, text: str) -> str:
        """Return the verdict for a page: `recomputed: 480, which rounds to this`.

        Args:
            text: the recomputed value for people.
        """
        if self.interpretation:
            return f"recomputed: {text}; this fits if {self.interpretation}"
        sentence = _SENTENCES[self.kind].format(value=text)
        if self.kind == "differs" and self.difference is not None:
            return f"{sentence} ({signed_percent(self.difference)})"
        return sentence


UNCLAIMED = Verdict(kind="unclaimed")


def judge(claim: Claim | None, value: float, *, reach: Interval | None = None) -> Verdict:
    """Compare a recomputed value with a claim.

    Args:
        claim: the claim, if there is one.
        value: the value, in the base unit of the claim's dimension.
        reach: every value that the figures it was computed from allow; none for exact ones.
    """
    if claim is None:
        return UNCLAIMED
    quantity = claim.quantity
    difference = relative_difference(value, quantity)
    if quantity.kind == "point":
        if value == quantity.value:
            return Verdict(kind="agrees", difference=difference)
        if quantity.interval.contains(value):
            return Verdict(kind="rounds_to", difference=difference)
    low, high = (value, value) if reach is None else (reach.low, reach.high)
    # Arithmetic on the ends leaves the last bits behind.
    low, high = low - DUST * abs(low), high + DUST * abs(high)
    meant, slack = quantity.meant, claim.tolerance * abs(quantity.value)
    if low <= meant.high and meant.low <= high:
        return Verdict(kind="within_written", difference=difference)
    if slack and low <= meant.high + slack and meant.low - slack <= high:
        return Verdict(kind="within_tolerance", difference=difference, why=claim.tolerance_reason)
    return Verdict(kind="differs", difference=difference)


def not_comparable(why: str, difference: float | None = None) -> Verdict:
    """Return the verdict on a claim that cannot be compared."""
    return Verdict(kind="not_comparable", difference=difference, why=why)


def relative_difference(value: float, claimed: Quantity | None) -> float | None:
    """Return (value - claimed) / |claimed|; `None` without a claim, or where that is no number."""
    if claimed is None or claimed.value == 0:
        return None
    difference = (value - claimed.value) / abs(claimed.value)
    return difference if math.isfinite(difference) else None


def written(value: float, dimension: str, digits: int = 4) -> str:
    """Write a value for a message: by `format_value`, or in words where huge figures took it out of range."""
    try:
        return format_value(value, dimension, digits)
    except ValueError:
        return "more than can be written"


def signed_percent(change: float) -> str:
    """Write a relative difference to a tenth of a percent: `+1.4 %`, and `0.0 %` without a sign where none is left."""
    words = f"{change:+.1%}".replace("%", " %")
    return words[1:] if float(words[1:-2]) == 0 else words.replace("-", "−")


def apart(value: float, claimed: float) -> str:
    """Say how far a recomputed value is from the claimed one: `0.47 % less`, `995 times as much`."""
    if claimed == 0:
        return "where nothing is claimed"
    ratio = value / claimed
    if 1 / _PERCENT_UP_TO < ratio < _PERCENT_UP_TO:
        return f"{_three_digits(100 * abs(ratio - 1))} % {'more' if ratio > 1 else 'less'}"
    if ratio <= 0:
        return "of another sign"
    larger = f"{_times(max(ratio, 1 / ratio))} times"
    return f"{larger} as much" if ratio > 1 else f"{larger} less"


def _times(factor: float) -> str:
    return _three_digits(factor) if factor < _LARGE else f"{factor:,.0f}"


def _three_digits(number: float) -> str:
    """Write three significant digits without a power of ten: `0.00000457`, `1,000` for 999.6."""
    return f"{Decimal(f'{number:.3g}'):,f}"
