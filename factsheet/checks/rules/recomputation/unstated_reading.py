"""A figure agrees only if the sheet is read in a way that it does not state.

What it does: reports operations that only another counting convention than the usual one explains, where the point
names no `counting`, and operations, weights, tiles, devices and parameters that only another placement or way of
counting explains: a pooler on tiles, a digital first or last layer, embeddings that are not counted.

Why it matters: what fits by an assumption that nobody wrote down may fit by accident, for another operating point or
another network.

Fails:
    - {seq_len: 64, batch: 4, analog_ops: 21.74 G ops}      # BERT-base: of 64 tokens only if a multiply-add is one

Passes:
    - {seq_len: 64, batch: 4, analog_ops: 21.74 G ops, counting: mult-adds}

How to fix: state the reading, by `counting` or by the field of the structure that says it. If it is not what is meant,
correct the figure, its operating point or the structure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.comparisons.inputs import Related
    from factsheet.recompute.verdict import Verdict


class _Read(NamedTuple):
    """A claim that only an unstated reading explains."""

    claim: Claim
    verdict: Verdict
    value: str
    """What it is as the sheet stands."""
    related: Related


def _check(context: RuleContext) -> Iterator[Finding]:
    groups: dict[str, list[_Read]] = {}
    for found in _claims(context):
        groups.setdefault(found.verdict.interpretation, []).append(found)
    for words, members in groups.items():
        yield _finding(words, members)


def _claims(context: RuleContext) -> Iterator[_Read]:
    comparisons = context.comparisons
    for counted in comparisons.structure.values():
        if counted.verdict.unstated:
            related = counted.related(context.sheet)
            yield _Read(counted.claim, counted.verdict, f"{counted.value:,}", related)
    at_fault = {ops.point.index for ops in comparisons.operations if ops.verdict.fits is False}
    for ops in comparisons.operations:
        # FS302 reports figures of one point that are counted in two ways.
        if ops.verdict.unstated and not ops.claim.derived and ops.point.index not in at_fault:
            yield _Read(ops.claim, ops.verdict, f"{ops.value:,} ops", ops.point.related)


def _finding(words: str, members: list[_Read]) -> Finding:
    first, *others = members
    also = f", and so {'do' if len(others) > 1 else 'does'} {_listed(others)}" if others else ""
    related = {found.claim.path: found.claim.quantity.text for found in others}
    for found in members:
        related |= {path: text for path, text in found.related if path not in related}
    return Finding(
        first.claim.path,
        f"{first.claim.quantity.text} fits only if {words}, which the sheet does not state{also}; as it is, "
        f"the sheet gives {first.value}",
        "state it, or correct the figure, its operating point or the structure",
        related=tuple(related.items()),
        confidence="medium",
    )


def _listed(others: list[_Read]) -> str:
    *front, last = [found.claim.quantity.text for found in others]
    return f"{', '.join(front)} and {last}" if front else last


RULE = Rule(
    "FS311",
    "unstated-reading",
    "warning",
    "what fits by an assumption that nobody wrote down may fit by accident",
    _check,
)
