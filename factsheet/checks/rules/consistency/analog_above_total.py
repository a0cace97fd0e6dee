"""An operating point has more analog operations than operations in total, or its parts do not add up.

What it does: compares `analog_ops`, and `analog_ops + digital_ops`, with `total_ops` at each operating point, as
intervals of the written digits and of a stated `tolerance`.

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
from factsheet.recompute.verdict import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.sums:
        if found.verdict.fits is not False:
            continue
        analog, total = found.analog.quantity.text, found.total.quantity.text
        if found.analog_exceeds:
            yield Finding(
                found.analog.path,
                f"{analog} are analog, which is more than all {total} together",
                "check for two swapped figures or a wrong scale word",
                related=((found.total.path, "the total is here"),),
            )
        elif found.digital is not None:
            yield Finding(
                found.total.path,
                f"analog and digital operations add up to {written(found.value, 'ops')}, not to {total}",
                "correct whichever of the three is out of date",
                related=(
                    (found.analog.path, "analog operations"),
                    (found.digital.path, "digital operations"),
                ),
            )


RULE = Rule(
    "FS206",
    "analog-above-total",
    "error",
    "the energy figures rest on the share of analog operations",
    _check,
)
