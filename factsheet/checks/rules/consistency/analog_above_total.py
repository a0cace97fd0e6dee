"""An operating point has more analog operations than operations in total, or its parts do not add up.

What it does: compares `analog_ops`, and `analog_ops + digital_ops`, with `total_ops` at each operating point, as
intervals of the written digits.

Why it matters: the energy figures rest on the share of analog operations.

Fails:
    - {seq_len: 32, batch: 4, total_ops: 21.74 G ops, analog_ops: 21.84 G ops}

Passes:
    - {seq_len: 32, batch: 4, total_ops: 21.84 G ops, analog_ops: 21.74 G ops}

How to fix: check for two swapped figures or a wrong scale word (G, M).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.figures import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    points = (sheet.parameters.operating_points or ()) if sheet.parameters else ()
    for index, point in enumerate(points):
        path = ("parameters", "operating_points", index)
        total = point.total_ops.quantity if point.total_ops else None
        analog = point.analog_ops.quantity if point.analog_ops else None
        digital = point.digital_ops.quantity if point.digital_ops else None
        if total is None or analog is None:
            continue
        if analog.meant.low > total.meant.high:
            yield Finding(
                (*path, "analog_ops"),
                f"{analog.text} are analog, which is more than all {total.text} together",
                "check for two swapped figures or a wrong scale word",
                related=(((*path, "total_ops"), "the total is here"),),
            )
        elif digital is not None:
            low, high = analog.meant.low + digital.meant.low, analog.meant.high + digital.meant.high
            if low > total.meant.high or high < total.meant.low:
                added = written(analog.value + digital.value, "ops")
                yield Finding(
                    (*path, "total_ops"),
                    f"analog and digital operations add up to {added}, not to {total.text}",
                    "correct whichever of the three is out of date",
                    related=(
                        ((*path, "analog_ops"), "analog operations"),
                        ((*path, "digital_ops"), "digital operations"),
                    ),
                )


RULE = Rule(
    "FS206",
    "analog-above-total",
    "error",
    "the energy figures rest on the share of analog operations",
    _check,
)
