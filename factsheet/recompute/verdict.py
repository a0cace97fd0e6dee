"""How a derived value stands to what the sheet claims, in one word."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from factsheet.quantities.interval import Interval
    from factsheet.quantities.quantity import Quantity

Verdict = Literal["agree", "rounds_to", "within", "differs_by", "unclaimed", "not_derivable"]
"""`agree`: exactly equal. `rounds_to`: the derived value rounds to the claimed digits. `within`: inside what the
claim's own words allow (about, a range, a bound), or, where both sides come from rounded claims, inside what
their digits allow. `differs_by`: none of these. `unclaimed`: there is nothing to compare with.
`not_derivable`: the sheet does not give what is needed."""
VERDICTS: tuple[Verdict, ...] = (
    "agree",
    "rounds_to",
    "within",
    "differs_by",
    "unclaimed",
    "not_derivable",
)


def compare(derived: float, claimed: Quantity | None, reach: Interval | None = None) -> Verdict:
    """Compare a derived value with a claim.

    Args:
        derived: the value, in the base unit of the claim's dimension.
        claimed: the claim, if there is one.
        reach: every value that the derivation's own inputs allow; none for exact inputs.
    """
    if claimed is None:
        return "unclaimed"
    if claimed.kind == "point":
        if derived == claimed.value:
            return "agree"
        if claimed.rounds_from(derived):
            return "rounds_to"
    meant = claimed.meant
    if reach is not None and reach.overlaps(meant):
        return "within"
    # The ends of a plain number's interval are where its digits end, which `rounds_from` has decided.
    loose = claimed.approximate or claimed.kind != "point"
    return "within" if loose and meant.contains(derived) else "differs_by"


def relative_difference(derived: float, claimed: Quantity | None) -> float | None:
    """(derived - claimed) / |claimed|; `None` without a claim, or where that is no number."""
    if claimed is None or claimed.value == 0:
        return None
    difference = (derived - claimed.value) / abs(claimed.value)
    return difference if math.isfinite(difference) else None
