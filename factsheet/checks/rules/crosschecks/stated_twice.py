"""A figure is stated twice for one operating point, and the two differ.

What it does: compares time, power, throughput and efficiency of the sections with those of every operating point that
they may hold at, and two points of the same sequence length, batch and name with each other. A figure that says which
point it holds at is compared with that one; of any other, one point that it agrees with is enough, or two that it is
between. A time may be that of the run or of one inference of it.

Why it matters: readers quote whichever they come across first.

Fails:
    parameters: {operating_points: [{seq_len: 32, batch: 4, execution_time: 0.19 ms}]}
    performance: {classification_time: {value: 0.91 ms, at: {seq_len: 32, batch: not stated}}}

Passes:
    parameters: {operating_points: [{seq_len: 32, batch: 4, execution_time: 0.19 ms}]}
    performance: {classification_time: {value: 0.19 ms, at: {seq_len: 32, batch: not stated}}}

How to fix: correct the one that was mistyped, or state the batch or the sequence length that it was taken at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.stated_twice:
        texts = " and ".join(dict.fromkeys(claim.quantity.text for claim in found.others))
        where = "for the same operating point" if found.certain else "where it may hold"
        yield Finding(
            found.claim.path,
            f"the {found.what} is {found.claim.quantity.text} here, and {texts} {where}",
            "correct the one that was mistyped, or state the operating point that each was taken at",
            related=found.related,
            confidence="high" if found.certain else "medium",
        )


RULE = Rule(
    "FS220",
    "stated-twice",
    "warning",
    "two figures for one operating point cannot both be right, and readers quote either",
    _check,
)
