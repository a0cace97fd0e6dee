"""The sheet's own figures at one operating point: which of them hold there, and what the others imply for each."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from factsheet.recompute.claims import claim_at, claim_of
from factsheet.recompute.identities import BATCH, IN_ROW, IN_SECTION, WORDS, exact_factor, factor_of, in_row
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from factsheet.recompute.claims import Claim, StatedPoint
    from factsheet.recompute.comparisons.implied_claims import Implied
    from factsheet.recompute.comparisons.sheet_comparisons import SheetComparisons
    from factsheet.recompute.identities import Factor, Outcome
    from factsheet.recompute.points import ChosenPoint


def anchored(claim: Claim) -> bool:
    """Return whether the sheet places a claim fully at one operating point."""
    seq_len, batch = claim.point
    return in_row(claim) or (seq_len is not None and isinstance(batch, int))


def assumption(*claims: Claim | None) -> str:
    """Name the claims that are read at the operating point although the sheet does not place them there."""
    loose = [dotted(claim.path) for claim in claims if claim is not None and not anchored(claim)]
    if not loose:
        return ""
    verb = "holds" if len(loose) == 1 else "hold"
    return f"assumes that {' and '.join(loose)} {verb} at this operating point, which the sheet does not say"


class PointFigures:
    """The figures that hold at an operating point."""

    def __init__(self, comparisons: SheetComparisons, point: ChosenPoint, total_ops: int | None) -> None:
        self._comparisons, self._point, self._total_ops = comparisons, point, total_ops

    def claims(self, name: str) -> tuple[Claim, ...]:
        """Return every claim of a figure that holds at the point: the row's own, then a section's."""
        sheet, point = self._comparisons.sheet, self._point
        found: list[Claim | None] = []
        if point.row is not None and point.index is not None and name in IN_ROW:
            path = ("parameters", "operating_points", point.index, name)
            stated = (point.row.seq_len, point.row.batch)
            found.append(claim_of(sheet, getattr(point.row, name), path, point=stated))
        if name in IN_SECTION:
            claim = claim_at(sheet, *IN_SECTION[name])
            judged_here = {known.claim.path for known in self.implied_here}
            if claim is not None and (point.holds(claim.point) or claim.path in judged_here):
                found.append(claim)
        return tuple(claim for claim in found if claim is not None)

    @cached_property
    def known(self) -> dict[str, list[Factor]]:
        """The figures by name, those that count first in front."""
        names = dict.fromkeys((*IN_ROW, *IN_SECTION))
        known = {name: [factor_of(name, claim) for claim in self.claims(name)] for name in names}
        if self._point.batch is not None:
            source = "given" if self._point.index is None else self._point.path(BATCH)
            known[BATCH] = [exact_factor(BATCH, self._point.batch, source)]
        if not known["total_ops"] and self._total_ops is not None:
            source = f"{self._point.path('total_ops')} (derived)"
            known["total_ops"] = [exact_factor("total_ops", self._total_ops, source)]
        return known

    @cached_property
    def implied_here(self) -> tuple[Implied, ...]:
        """What the checks find of the figures at this point."""
        point = self._point
        stated: StatedPoint = (point.seq_len, point.batch)
        if point.row is not None:
            stated = (point.row.seq_len, point.row.batch)
        return tuple(
            known
            for known in self._comparisons.implied
            if (known.row is not None and known.row == point.index)
            or (known.row is None and (known.point == stated or point.holds(known.claim.point)))
        )

    def implied(self, claim: Claim) -> Implied | None:
        """Return what the checks find of a claim at this point; the one that differs, if there are several."""
        found = [known for known in self.implied_here if known.claim.path == claim.path]
        return next((known for known in found if known.verdict.fits is False), None) or next(
            iter(found), None
        )

    def differs_elsewhere(self, claim: Claim) -> bool:
        """Return whether the checks report the claim at another operating point."""
        implied = self._comparisons.implied
        return any(known.claim.path == claim.path and known.verdict.fits is False for known in implied)

    @staticmethod
    def certain(claim: Claim | None, outcome: Outcome) -> bool:
        """Return whether the sheet states a claim and the factors of an identity for one operating point."""
        if any(factor.claim is None and factor.name == WORDS["total_ops"] for factor in outcome.factors):
            return False
        claims = [claim, *(factor.claim for factor in outcome.factors)]
        return all(anchored(known) for known in claims if known is not None)
