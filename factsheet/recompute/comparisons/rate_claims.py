"""Operations per second and watt, as far as operations, time and power or energy of an operating point imply them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.recompute.claims import claim_at, claim_of, points
from factsheet.recompute.comparisons.implied_claims import ELSEWHERE, Implied, judge_scaled, may_hold
from factsheet.recompute.identities import IDENTITIES, IN_ROW, IN_SECTION, evaluate, factor_of
from factsheet.recompute.verdict import not_comparable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.recompute.claims import StatedPoint
    from factsheet.recompute.identities import Factor, Outcome
    from factsheet.recompute.verdict import Verdict
    from factsheet.sheet.model import SheetFields


def tops_per_watt_claims(sheet: SheetFields) -> Iterator[Implied]:
    """Judge the claim at each row that it may hold at; it differs only where it holds at none of them.

    One of a tile or of the wall is judged by the power and energy of the same.
    """
    claim = claim_at(sheet, *IN_SECTION["tops_per_watt"])
    if claim is None:
        return
    power = claim_at(sheet, *IN_SECTION["power"])
    found: list[tuple[int, StatedPoint, Outcome, Verdict]] = []
    for index, (path, row) in enumerate(points(sheet)):
        if not may_hold(claim.point, row):
            continue
        point = (row.seq_len, row.batch)
        known: dict[str, list[Factor]] = {}
        for name in IN_ROW:
            own = claim_of(sheet, getattr(row, name), (*path, name), point=point)
            if own is not None:
                known[name] = [factor_of(name, own)]
        if "power" not in known and power is not None and may_hold(power.point, row):
            known["power"] = [factor_of("power", power)]
        outcomes = (evaluate(identity, known) for identity in IDENTITIES["tops_per_watt"])
        outcome = next((outcome for outcome in outcomes if outcome is not None), None)
        if outcome is not None:
            found.append((index, point, *judge_scaled(claim, outcome, point)))
    fits = any(verdict.fits for *_, verdict in found)
    for index, stated, outcome, judged in found:
        verdict = judged
        if fits and not judged.fits:
            verdict = not_comparable(ELSEWHERE, judged.difference)
        yield Implied(
            name="tops_per_watt", claim=claim, outcome=outcome, verdict=verdict, point=stated, row=index
        )
