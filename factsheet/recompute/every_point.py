"""Recompute a sheet at each operating point that it states, so that every claim is judged at its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.errors import DeriveError, WorkloadError
from factsheet.recompute.comparisons.implied_claims import claims_by_point
from factsheet.recompute.engine import recompute
from factsheet.recompute.points import choose_point
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.recompute.claims import StatedPoint
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields


def facts_at_every_point(sheet: SheetFields, first: Derivation) -> dict[str, DerivedFact]:
    """Return the recomputed figures by path, each claim with the verdict at its own operating point.

    Where a claim may hold at several points, one at which it differs counts most, then one at which it fits. A figure
    that no point of its own is stated with, and that is not claimed, is that of the first point.

    Args:
        sheet: the sheet.
        first: what was recomputed at its first operating point.
    """
    found = {fact.path: fact for fact in first.facts}
    for derivation in _elsewhere(sheet, first):
        index = derivation.point.index
        own = None if index is None else f"parameters.operating_points[{index}]."
        for fact in derivation.facts:
            of_row = own is not None and fact.path.startswith(own)
            if of_row or _weight(fact) > _weight(found.get(fact.path)):
                found[fact.path] = fact
    return found


def _elsewhere(sheet: SheetFields, first: Derivation) -> Iterator[Derivation]:
    """Yield what is recomputed at the further points: those of rows, then those that other figures state."""
    known = {(first.point.seq_len, first.point.batch)}
    for seq_len, batch in _stated(sheet):
        length = int(seq_len) if isinstance(seq_len, int) else None
        size = int(batch) if isinstance(batch, int) else None
        try:
            point = choose_point(sheet, length, size)
            if (point.seq_len, point.batch) in known:
                continue
            known.add((point.seq_len, point.batch))
            yield recompute(sheet, Request(seq_len=length, batch=size))
        except (DeriveError, WorkloadError):
            continue


def _stated(sheet: SheetFields) -> Iterator[StatedPoint]:
    for row in (sheet.parameters and sheet.parameters.operating_points) or ():
        yield row.seq_len, row.batch
    yield from claims_by_point(sheet)


def _weight(fact: DerivedFact | None) -> int:
    """Return how much a verdict on a claim counts beside others on the same claim."""
    if fact is None or fact.claim is None:
        return 0
    return {None: 1, True: 2, False: 3}[fact.verdict.fits]
