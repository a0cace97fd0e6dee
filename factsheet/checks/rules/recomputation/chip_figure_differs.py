"""A figure of the chip is far from what its hardware profile gives.

What it does: where `hardware.inference.profile` names a profile, runs its cost model on the declared network at each
operating point and compares execution time, throughput, power, energy and efficiency with the result; the area too. The
time of any execution structure may explain a claim. A model of a chip is not a measurement: the rule reports only a
claim that is more than a quarter off, and never as an error.

Why it matters: a figure that no way of running this network on this chip explains belongs to another network, chip or
operating point, or has the wrong unit.

Fails:
    hardware: {inference: {profile: ibm-2022}}
    parameters:
      operating_points:
        - {seq_len: 32, batch: 4, energy: 6 mJ}      # BERT-base: 0.6 mJ

Passes:
    hardware: {inference: {profile: ibm-2022}}
    parameters:
      operating_points:
        - {seq_len: 32, batch: 4, energy: 0.6 mJ}

How to fix: check the unit, the scale, the batch and the profile; `factsheet derive` prints the model's figures beside
the sheet's. Where the figure is right and the model is not, say why with `tolerance: {within: 50 %, reason: …}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.chip_ranges import constants_named, profile_named, ranges
from factsheet.recompute.claims import apart, claim_at
from factsheet.recompute.figures import written
from factsheet.recompute.identities import claims_by_point
from factsheet.recompute.interpretations import declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.chip_ranges import Range
    from factsheet.recompute.claims import Claim

_PROFILE = ("hardware", "inference", "profile")
SLACK = 0.25
"""Relative; docs/validation.md has the model's errors on published results, most of them within a tenth."""


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    if profile_named(sheet) is None:
        return
    groups = {point: group for point, group in claims_by_point(sheet).items() if _whole(point)}
    area = claim_at(sheet, "parameters", "area")
    if not groups and area is None:
        return
    known, constants = declared(sheet), constants_named(sheet)
    if known is None or constants is None:
        return
    for (seq_len, batch), group in groups.items():
        found = ranges(known.structure, constants, int(str(seq_len)), int(str(batch)))
        for name, claims in group.items():
            for claim in claims:
                yield from _held(claim, found.get(name), constants.profile, name)
    if area is not None:
        # How many tokens there are changes nothing in how large a chip is.
        yield from _held(
            area, ranges(known.structure, constants, 1, 1).get("area"), constants.profile, "area"
        )


def _whole(point: tuple[object, object]) -> bool:
    return all(isinstance(side, int) for side in point)


def _held(claim: Claim, allowed: Range | None, profile: str, name: str) -> Iterator[Finding]:
    if allowed is None or claim.overlaps(allowed.low * (1 - SLACK), allowed.high * (1 + SLACK)):
        return
    quantity = claim.quantity
    near = allowed.low if quantity.value < allowed.low else allowed.high
    shown = written(allowed.low, quantity.dimension)
    if allowed.high > allowed.low:
        shown += f" to {written(allowed.high, quantity.dimension)}"
    yield Finding(
        claim.path,
        f"{quantity.text} is claimed, but the model of `{profile}` gives {shown}: {apart(near, quantity.value)}",
        "look for a unit, a scale, an operating point or a profile that is off; "
        f"`factsheet derive --explain chip.{name if name != 'execution_time' else 'latency'}` shows the model's "
        "arithmetic",
        related=((_PROFILE, "the profile is named here"),),
    )


RULE = Rule(
    "FS309",
    "chip-figure-differs",
    "warning",
    "no way of running this network on this chip explains the figure",
    _check,
)
