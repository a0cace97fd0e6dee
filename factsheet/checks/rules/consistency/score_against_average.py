"""A score in the training section contradicts the result tables.

What it does: compares `hwa_training.accuracy` and `hwa_training.baseline_accuracy` with the averages of the result
tables; one of them has to be the same figure, to the digits written.

Why it matters: the two are copies of each other, and copies drift apart.

Fails:
    hwa_training: {accuracy: 81.6 %}      # the table averages 80.57 %

Passes:
    hwa_training: {accuracy: 80.6 %}

How to fix: correct the figure that was not updated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.derivations.scores import lost_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.quantities.quantity import Quantity
    from factsheet.source.document import KeyPath


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    training, performance = sheet.hwa_training, sheet.performance
    if training is None or performance is None:
        return
    for field, kind in (("accuracy", "analog"), ("baseline_accuracy", "digital")):
        fact: Fact | None = getattr(training, field)
        stated = fact.quantity if fact is not None else None
        averages = [
            (average.quantity, ("performance", "results", index, "averages", system.id))
            for index, table in enumerate(performance.results or ())
            for system in table.systems
            if system.kind == kind and (average := (table.averages or {}).get(system.id)) is not None
        ]
        known = [
            (average, path)
            for average, path in averages
            # FS217 tells of two scales.
            if average is not None and stated is not None and not lost_percent([stated, average])
        ]
        if stated is not None and known and not any(_same(stated, average) for average, _ in known):
            yield _finding(field, stated, *known[0])


def _finding(field: str, stated: Quantity, average: Quantity, path: KeyPath) -> Finding:
    return Finding(
        ("hwa_training", field),
        f"{stated.text} here, but the result table averages {average.text}",
        "write the table's figure, rounded to as many digits as you like",
        related=((path, "the average is here"),),
    )


def _same(stated: Quantity, average: Quantity) -> bool:
    one, other = stated.meant, average.meant
    return one.low <= other.high and other.low <= one.high


RULE = Rule(
    "FS202",
    "score-against-average",
    "error",
    "the two are copies of each other, and copies drift apart",
    _check,
)
