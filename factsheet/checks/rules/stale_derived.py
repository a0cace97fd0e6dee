"""A figure that is said to be derived is no longer what the sheet gives.

What it does: recomputes the figures whose `source` is `derived`: parameters, weights on tiles, reuse factor, tiles,
devices, size on chip, operations at each operating point, energy, energy per inference, throughput and the averages
of result tables.

Why it matters: what it was derived from has changed since, and readers are given the old value.

Fails:
    parameters: {tile: {rows: 256, cols: 256}, tiles: {value: 480, source: derived}}      # 480 is for 512 by 512

Passes:
    parameters: {tile: {rows: 256, cols: 256}, tiles: {value: 1296, source: derived}}

How to fix: let `factsheet validate --fix` write the new value, in the unit and with the digits of the old one. Where
the sheet leaves open how it is derived (a counting convention that it does not name), look at it yourself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.claims import claim_of
from factsheet.checks.diagnostic import Finding
from factsheet.checks.identities import implied
from factsheet.checks.operations import counted_points
from factsheet.checks.rule import Rule
from factsheet.checks.scores import column, lost_percent, mean
from factsheet.checks.structure import PLACES, recomputations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.checks.claims import Claim
    from factsheet.checks.context import Context
    from factsheet.sheet.model import FactSheet
    from factsheet.source import KeyPath

_DIMENSIONS = "the dimensions that it is derived from"


def _check(context: Context) -> Iterator[Finding]:
    sheet = context.sheet
    yield from _structure(sheet)
    yield from _operations(sheet)
    yield from _averages(sheet)
    for found in implied(sheet, derived=True):
        if not found.agrees:
            related = tuple((factor.path, factor.quantity.text) for factor in found.factors)
            yield _finding(found.claim, (found.value,), found.command, related)


def _structure(sheet: FactSheet) -> Iterator[Finding]:
    for found in recomputations(sheet, tuple(PLACES), derived=True):
        values = _unless_allowed(found.claim, found.values)
        if values:
            yield _finding(
                found.claim,
                values,
                f"factsheet derive --explain {found.name}",
                ((found.structure, _DIMENSIONS),),
            )


def _operations(sheet: FactSheet) -> Iterator[Finding]:
    for point in counted_points(sheet, derived=True):
        for field, claim in point.claims.items():
            values = _unless_allowed(claim, (getattr(count, field) for count in point.hypotheses()))
            if values:
                yield _finding(claim, values, point.command(field), ((point.known.path, _DIMENSIONS),))


def _unless_allowed(claim: Claim, values: Iterable[int]) -> tuple[int, ...]:
    """The values, or none of them if the claim agrees with one."""
    seen = []
    for value in values:
        if claim.allows(value):
            return ()
        seen.append(value)
    return tuple(seen)


def _averages(sheet: FactSheet) -> Iterator[Finding]:
    tables = (sheet.performance.results or ()) if sheet.performance else ()
    for index, table in enumerate(tables):
        path = ("performance", "results", index)
        for system, average in (table.averages or {}).items():
            claim = claim_of(sheet, average, (*path, "averages", system))
            if claim is None or average.source != "derived":
                continue  # one that only its section calls derived is FS201's, like any other
            known = column(table, system)
            if len(known) < len(table.tasks) or lost_percent([*known, claim.quantity]):
                continue  # a mean over some of the rows is another figure; FS217 tells of lost signs
            value, meant = mean(known)
            if not claim.overlaps(meant.low, meant.high):
                command = f"factsheet derive --explain average.{system}"
                yield _finding(claim, (value,), command, (((*path, "tasks"), "the rows that are averaged"),))


def _finding(
    claim: Claim, values: Sequence[float], command: str, related: tuple[tuple[KeyPath, str], ...]
) -> Finding:
    """A stale figure; the fix is safe where everything that the sheet leaves open comes to the same text."""
    from factsheet.checks.rewriting import rewritten, written_text  # only where there is something to report

    text = written_text(claim, values[0])
    change = rewritten(claim, values[0])
    determined = all(written_text(claim, value) == text for value in values)
    shown = f"; `{command}` shows the arithmetic" if command else ""
    unsure = "" if determined else ", if it is derived as `factsheet derive` does"
    return Finding(
        claim.path,
        f"{claim.quantity.text} is said to be derived, but the sheet now gives {text}",
        f"write {text}{unsure}{shown}",
        related=related,
        changes=() if change is None else (change,),
        safe=determined,
    )


STALE_DERIVED = Rule(
    "FS310",
    "stale-derived",
    "error",
    "what it was derived from has changed since, and readers are given the old value",
    _check,
)
