"""The gap between the analog and the digital system is not the difference of their averages.

What it does: takes the averages of the systems of kind `analog` and `digital`, from `averages` or else from the rows,
and compares `gap` with analog minus digital, as intervals of the written digits.

Why it matters: the gap is what analog hardware costs in accuracy.

Fails:
    averages: {digital: 81.23 %, analog: 80.57 %}
    gap: 0.66 %

Passes:
    averages: {digital: 81.23 %, analog: 80.57 %}
    gap: -0.66 %

How to fix: write analog minus digital, in the unit of the scores; it is negative where digital is ahead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.derivations.scores import column, lost_percent, mean
from factsheet.recompute.figures import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.quantities.interval import Interval
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.performance import ResultTable
    from factsheet.source.document import KeyPath


class _Mean(NamedTuple):
    kind: str
    text: str
    value: float
    meant: Interval
    path: KeyPath


def _check(context: RuleContext) -> Iterator[Finding]:
    performance = context.sheet.performance
    for index, table in enumerate((performance.results or ()) if performance else ()):
        gap = table.gap.quantity if table.gap else None
        if gap is not None:
            yield from _compare(gap, table, ("performance", "results", index))


def _compare(gap: Quantity, table: ResultTable, path: KeyPath) -> Iterator[Finding]:
    means = [
        found
        for system in table.systems
        if system.kind is not None and (found := _mean(table, system.id, system.kind, path)) is not None
    ]
    pairs = [
        (analog, digital)
        for analog in means
        for digital in means
        if analog.kind == "analog" and digital.kind == "digital"
    ]
    if not pairs or any((a.meant - d.meant).overlaps(gap.meant) for a, d in pairs):
        return
    analog, digital = pairs[0]
    difference = analog.value - digital.value
    exact = written(difference, "score")
    flipped = any((d.meant - a.meant).overlaps(gap.meant) for a, d in pairs)
    hint = "the sign is the wrong way round: " if flipped else ""
    yield Finding(
        (*path, "gap"),
        f"the gap is given as {gap.text}, but {analog.text} analog minus {digital.text} digital is {exact}",
        f"{hint}write {exact}, or correct an average",
        related=((analog.path, f"analog: {analog.text}"), (digital.path, f"digital: {digital.text}")),
    )


def _mean(table: ResultTable, system: str, kind: str, path: KeyPath) -> _Mean | None:
    """A system's average as published, or else over its rows; `None` without either, or on two scales."""
    scores = column(table, system)
    published = (table.averages or {}).get(system)
    stated = published.quantity if published is not None else None
    if lost_percent([*scores, *([stated] if stated else [])]):
        return None
    if stated is not None:
        return _Mean(kind, stated.text, stated.value, stated.meant, (*path, "averages", system))
    if not scores or len(scores) < len(table.tasks):
        return None  # a mean over some of the rows is another figure
    value, meant = mean(scores)
    return _Mean(kind, written(value, "score"), value, meant, (*path, "tasks"))


RULE = Rule(
    "FS211",
    "gap-against-averages",
    "error",
    "the gap is what analog hardware costs in accuracy, and is quoted without its averages",
    _check,
)
