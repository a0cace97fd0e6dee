"""The operations at an operating point are not those of the declared network.

What it does: counts the operations of the declared network at each operating point with a whole batch, and compares
`analog_ops`, `digital_ops` and `total_ops` with them. Where the point names its `counting` convention, that one
applies; otherwise any convention that explains the figures is accepted, but it has to be the same for all figures of a
point. Of a network of very many operators, not every interpretation and every point is tried, and that is said.

Why it matters: throughput per watt and every comparison between chips start from the operations.

Fails:
    - {seq_len: 32, batch: 1, analog_ops: 21.74 G ops}      # BERT-base: 5.44 G at a batch of 1

Passes:
    - {seq_len: 32, batch: 4, analog_ops: 21.74 G ops}

How to fix: correct the figure, the operating point or the dimensions, or name the convention under `counting`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.verdict import apart, judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.comparisons.operation_claims import ComparedOperations


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.operations:
        if not found.claim.derived and found.verdict.fits is False:  # FS310 reports those that are derived
            yield _at_odds(found) if found.at_odds else _differs(found)
    rest = context.comparisons.points_not_counted
    if rest:
        points = (
            "this operating point is" if len(rest) == 1 else f"{len(rest)} operating points from here on are"
        )
        yield Finding(
            rest[0],
            f"{points} not compared with the declared network, which is too large to be counted at all of them",
            "nothing has to be done; `factsheet derive SHEET --seq-len … --batch …` counts it at one point",
            severity="info",
        )


def _differs(found: ComparedOperations) -> Finding:
    """Report a figure that no way of counting explains."""
    point, claim, value = found.point, found.claim, found.value
    how = f"counted under `{found.convention}`"
    if point.convention is None:
        how += ", and no other convention explains the figure"
    unless = f"; it is right only if {found.possible}" if found.possible else ""
    return Finding(
        claim.path,
        f"{claim.quantity.text} is claimed, but the declared structure gives {_ops(value)} at sequence length "
        f"{point.seq_len} and batch {point.batch}: {apart(value, claim.quantity.value)}, {how}{unless}",
        f"{_fix(found)}; `{point.command(found.field)}` shows the arithmetic",
        related=point.related,
        severity="warning" if found.possible else None,
        confidence="medium" if found.possible else "high",
    )


def _at_odds(found: ComparedOperations) -> Finding:
    """Report a figure that only agrees with another way of counting than the point's other figures."""
    point, claim, value = found.point, found.claim, found.value
    unless = f"; it is right only if {found.possible}" if found.possible else ""
    others = " and ".join(point.claims[other].quantity.text for other in found.at_odds)
    return Finding(
        claim.path,
        f"{claim.quantity.text} is claimed, but counted like {others}, under `{found.convention}`, it is "
        f"{_ops(value)}: {apart(value, claim.quantity.value)}{unless}",
        "count all figures of a point alike; "
        f"`{point.command(found.field)} --convention {found.convention}` shows the arithmetic",
        related=(
            *((point.claims[other].path, "counted in another way") for other in found.at_odds),
            *point.related,
        ),
        severity="warning" if found.possible else None,
        confidence="medium" if found.possible else "high",
    )


def _fix(found: ComparedOperations) -> str:
    """Say which batch or convention would explain the figure, if one does."""
    claim, value, point = found.claim, found.value, found.point
    for scale in (10**9, 10**6, 1000):
        if judge(claim, value * scale).fits or judge(claim, value / scale).fits:
            return f"the scale word is off by {scale:,}"
    each = value // point.batch
    batch = round(claim.quantity.value / each) if each else 0
    if batch and judge(claim, each * batch).fits:
        return f"the figure is that of a batch of {batch}: correct it or `batch`"
    fitting = dict.fromkeys(
        count.convention
        for count in replace(point, convention=None).counts()
        if judge(claim, count.value(found.field)).fits
    )
    if fitting:
        return f"{' or '.join(f'`{name}`' for name in fitting)} explains it: correct it or `counting`"
    return "look for a scale word, a batch or a sequence length that is off"


def _ops(value: int) -> str:
    from factsheet.quantities.quantity import format_value  # only where there is something to report

    return format_value(value, "ops", 5)


RULE = Rule(
    "FS302",
    "ops-differ",
    "error",
    "throughput per watt and every comparison between chips start from the operations",
    _check,
)
