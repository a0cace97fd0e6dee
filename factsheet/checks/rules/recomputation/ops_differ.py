"""The operations at an operating point are not those of the declared network.

What it does: counts the operations of the declared network at each operating point with a whole batch, and compares
`analog_ops`, `digital_ops` and `total_ops` with them. Where the point names its `counting` convention, that one
applies; otherwise any convention that explains the figures is accepted, but it has to be the same for all figures of a
point.

Why it matters: throughput per watt and every comparison between chips start from the operations.

Fails:
    - {seq_len: 32, batch: 1, analog_ops: 21.74 G ops}      # BERT-base: 5.44 G at a batch of 1

Passes:
    - {seq_len: 32, batch: 4, analog_ops: 21.74 G ops}

How to fix: correct the figure, the operating point or the dimensions, or name the convention under `counting`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.claims import apart
from factsheet.recompute.counted import counted_points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.counted import CountedPoint
    from factsheet.recompute.interpretations import Operations


def _check(context: RuleContext) -> Iterator[Finding]:
    for point in counted_points(context.sheet, derived=False, heads=True):
        yield from _check_point(point)


def _check_point(point: CountedPoint) -> Iterator[Finding]:
    counts = []
    open_fields = set(point.claims)
    for count in point.hypotheses():
        explained = point.explained(count, tuple(point.claims))
        if len(explained) == len(point.claims):
            return
        open_fields -= set(explained)
        counts.append((count, explained))
    if not counts:
        return  # a sequence that is longer than the model takes
    first = counts[0][0]
    yield from (_differs(point, field, first) for field in point.claims if field in open_fields)
    rest = tuple(field for field in point.claims if field not in open_fields)
    best, explained = max(counts, key=lambda known: (len(known[1]), "total_ops" in known[1]))
    if explained != rest:
        yield from (_at_odds(point, field, best, explained) for field in rest if field not in explained)


def _differs(point: CountedPoint, field: str, count: Operations) -> Finding:
    """A figure that no way of counting explains."""
    claim, value = point.claims[field], getattr(count, field)
    how = f"counted under `{count.convention}`"
    if point.convention is None:
        how += ", and no other convention explains the figure"
    return Finding(
        claim.path,
        f"{claim.quantity.text} is claimed, but the declared structure gives {_ops(value)} at sequence length "
        f"{point.seq_len} and batch {point.batch}: {apart(value, claim.quantity.value)}, {how}",
        f"{_mend(point, field, value)}; `{point.command(field)}` shows the arithmetic",
        related=((point.known.path, "the dimensions that it is recomputed from"),),
    )


def _at_odds(point: CountedPoint, field: str, count: Operations, explained: tuple[str, ...]) -> Finding:
    """A figure that only agrees with another way of counting than the point's other figures."""
    claim, value = point.claims[field], getattr(count, field)
    others = " and ".join(point.claims[other].quantity.text for other in explained)
    return Finding(
        claim.path,
        f"{claim.quantity.text} is claimed, but counted like {others}, under `{count.convention}`, it is "
        f"{_ops(value)}: {apart(value, claim.quantity.value)}",
        "count all figures of a point alike; "
        f"`{point.command(field)} --convention {count.convention}` shows the arithmetic",
        related=tuple((point.claims[other].path, "counted in another way") for other in explained),
    )


def _mend(point: CountedPoint, field: str, value: int) -> str:
    """Which batch or convention would explain the figure, if one does."""
    claim = point.claims[field]
    for scale in (10**9, 10**6, 1000):
        if claim.allows(value * scale) or claim.allows(value / scale):
            return f"the scale word is off by {scale:,}"
    each = value // point.batch
    batch = round(claim.quantity.value / each) if each else 0
    if batch and claim.allows(each * batch):
        return f"the figure is that of a batch of {batch}: correct it or `batch`"
    fitting = dict.fromkeys(
        count.convention
        for count in point._replace(convention=None).hypotheses()
        if claim.allows(getattr(count, field))
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
