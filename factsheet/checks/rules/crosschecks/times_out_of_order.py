"""Times after programming are not in order.

What it does: goes through `robustness.over_time` in the order of the text, and reports a time that is before the one
above it. A series that begins anew, at its first time or before, is another curve and no fault.

Why it matters: a time was mistyped, and the score beside it is read as that of another day.

Fails:
    over_time: [{after: 1 h, score: 91 %}, {after: 10 weeks, score: 90 %}, {after: 1 week, score: 90 %}]

Passes:
    over_time: [{after: 1 h, score: 91 %}, {after: 1 day, score: 90 %}, {after: 1 week, score: 90 %}]

How to fix: correct the time that was mistyped, or put the rows in the order of their times.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    robustness = context.sheet.robustness
    times = [
        (("robustness", "over_time", index, "after"), quantity)
        for index, point in enumerate((robustness.over_time or ()) if robustness else ())
        if (quantity := point.after.quantity) is not None
    ]
    for (above, before), (path, after) in pairwise(times):
        if after.meant.high < before.meant.low and after.meant.low > times[0][1].meant.high:
            yield Finding(
                path,
                f"{after.text} comes after {before.text} in the series",
                "correct the time that was mistyped, or put the rows in the order of their times",
                related=((above, before.text),),
                confidence="medium",
            )


RULE = Rule(
    "FS228",
    "times-out-of-order",
    "warning",
    "a score beside a mistyped time is read as that of another day",
    _check,
)
