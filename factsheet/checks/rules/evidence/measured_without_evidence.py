"""A figure is said to be measured, simulated or cited, without evidence.

What it does: requires `evidence` wherever a `source` of `measured`, `simulated` or `cited` is stated: by a figure, by a
system of a result table, by a section or by the sheet. For `measured`, the person who measured it and the date are
enough.

Why it matters: a source that nobody can look up is a claim like any other.

Fails:
    power: {value: 3.13 W, source: measured, at: {batch: 4}}

Passes:
    power: {value: 3.13 W, source: measured, by: hardware team, date: 2022-06-01, at: {batch: 4}}

How to fix: name the reference that supports it, `evidence: devlin-2019`; for a measurement, `by` and `date`. Where
there is neither, the figure is `declared`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.prose import prose_of
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.facts.section import Provenance
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_HELP = {
    "measured": "add `evidence` with the id of a reference, or `by` and `date`: who measured it, and when",
    "simulated": "add `evidence` with the id of the reference that describes the simulation",
    "cited": "add `evidence` with the id of the reference that it is cited from",
}


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    stated = list(_statements(sheet))
    for path, provenance in stated:
        if not _has_evidence(provenance):
            yield _finding(path, provenance)
    borne_out = {
        (path[:-1], provenance.source)
        for path, provenance in stated
        if path[-1] == "provenance" and _has_evidence(provenance)
    }
    for path, fact in prose_of(sheet).sourced():
        above = {(path[:1], fact.source), ((), fact.source)}
        # A figure that repeats the source of its section means the section's evidence too.
        if fact.value is not None and not _has_evidence(fact) and not above & borne_out:
            yield _finding(path, fact)


def _statements(sheet: SheetFields) -> Iterator[tuple[KeyPath, Provenance]]:
    """Yield every statement of provenance that others inherit, with its place."""
    for key, value in vars(sheet).items():
        if key == "provenance" and value is not None:
            yield (key,), value
        elif (provenance := getattr(value, "provenance", None)) is not None:
            yield (key, "provenance"), provenance
    tables = (sheet.performance.results or ()) if sheet.performance is not None else ()
    for index, table in enumerate(tables):
        for column, system in enumerate(table.systems):
            yield ("performance", "results", index, "systems", column), system


def _has_evidence(stated: Provenance | Fact) -> bool:
    if stated.source not in _HELP or stated.evidence:
        return True
    return stated.source == "measured" and stated.by is not None and stated.date is not None


def _finding(path: KeyPath, stated: Provenance | Fact) -> Finding:
    return Finding(
        (*path, "source"), f"`{stated.source}`, but no evidence is given", _HELP[str(stated.source)]
    )


RULE = Rule(
    "FS504",
    "measured-without-evidence",
    "warning",
    "a source that nobody can look up is a claim like any other",
    _check,
    whole_sheet_only=True,
)
