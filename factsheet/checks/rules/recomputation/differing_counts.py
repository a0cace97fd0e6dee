"""Word the findings on claimed counts that no interpretation of the declared structure gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.recompute.verdict import apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.comparisons.structure_claims import Compared


def differing_counts(context: RuleContext, name: str, what: str, fix: str) -> Iterator[Finding]:
    """Yield a finding if the claim of a figure differs; FS310 reports those that the sheet says are derived.

    Args:
        context: the input of the rule.
        name: the figure, as `factsheet derive` calls it.
        what: what is claimed, for the message: `parameters`.
        fix: how to fix it.
    """
    found = context.comparisons.structure.get(name)
    if found is None or found.claim.derived or found.verdict.fits is not False:
        return
    quantity = found.claim.quantity
    unless = f"; it is right only if {found.possible}" if found.possible else ""
    yield Finding(
        found.claim.path,
        f"{quantity.text} is claimed, but the declared structure gives {found.value:,} {what}: "
        f"{apart(found.value, quantity.value)}{unless}",
        f"{fix}; `factsheet derive SHEET --explain {name}` shows the arithmetic{_exact(found)}",
        related=found.related(context.sheet),
        severity="warning" if found.possible else None,
        confidence="medium" if found.possible else "high",
    )


def _exact(found: Compared) -> str:
    """Hint at the one thing that surprises: a whole number without a unit is read to its last digit."""
    quantity = found.claim.quantity
    near = quantity.exact and abs(found.value - quantity.value) < quantity.value / 10
    return (
        f"; `{quantity.text}` is read as exact, a rounded figure as `approx. {quantity.text}`" if near else ""
    )
