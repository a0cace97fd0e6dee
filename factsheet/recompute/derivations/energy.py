"""Derive time, power, energy, throughput, efficiency and batch from each other, at the operating point.

The identities are those of `factsheet.recompute.identities`; where a rule judges a claim by one of them, the fact
shows the same value and the same verdict.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from factsheet.quantities.quantity import format_value, parse_quantity
from factsheet.recompute.claims import Claim
from factsheet.recompute.facts import Arithmetic, GivenNumber, Key, derived, underivable
from factsheet.recompute.identities import (
    BATCH,
    BATCH_OF_EFFICIENCY,
    CONSISTENT_BATCH,
    DIMENSIONS,
    IDENTITIES,
    IN_SECTION,
    WORDS,
    evaluate,
    factor_of,
    whole_batches,
)
from factsheet.recompute.point_figures import assumption
from factsheet.recompute.registry import Registry
from factsheet.recompute.verdict import UNCLAIMED, judge, not_comparable
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.quantities.interval import Interval
    from factsheet.recompute.comparisons.implied_claims import Implied
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact
    from factsheet.recompute.identities import Factors, Identity, Outcome
    from factsheet.recompute.verdict import Verdict

ENERGY = Registry()
MOST_BATCHES = 8
"""So many whole batches are listed; more say nothing."""
_DERIVED = ("energy", "energy_per_inference", "throughput", "energy_efficiency", "tops_per_watt")
_SECTION_ONLY = frozenset({"energy_per_inference", "tops_per_watt"})
"""Figures that an operating point's row has no key for."""
_SHOWN = {"energy_per_inference": 1}
"""The identity that says what is missing where none can be evaluated, if it is not the first."""


def _facts(context: PointContext, name: str) -> Iterator[DerivedFact]:
    """Yield one fact for each place that claims the figure; one without a claim where none does."""
    claims = context.figures.claims(name)
    for claim in claims:
        yield _fact(context, Key(name, dotted(claim.path), DIMENSIONS[name]), claim)
    if not claims:
        path = ".".join(IN_SECTION[name]) if name in _SECTION_ONLY else context.point.path(name)
        yield _fact(context, Key(name, path, DIMENSIONS[name]), None)


def _fact(context: PointContext, key: Key, claim: Claim | None) -> DerivedFact:
    outcome, verdict = _judged(context, key.name, claim)
    if outcome is None or (outcome.unbounded and verdict.fits is not False):
        identity, reason = _unusable(context, key.name)
        return underivable(key, reason, formula=identity.formula, claim=claim, standing="claims")
    allowed = _allowed(outcome.reach, key.dimension)
    arithmetic = Arithmetic(
        formula=outcome.identity.formula,
        inputs=_inputs(outcome),
        lines=(f"{outcome.step} = {format_value(outcome.value, key.dimension)}", allowed),
        standing="claims",
    )
    return derived(
        key,
        outcome.value,
        arithmetic,
        claim=claim,
        verdict=verdict,
        reach=outcome.reach,
        note=assumption(claim, *(factor.claim for factor in outcome.factors)),
        digits=4,
    )


def _judged(context: PointContext, name: str, claim: Claim | None) -> tuple[Outcome | None, Verdict]:
    """Return what the other figures give, and the verdict: that of the rules where they judge the claim."""
    found = None if claim is None else context.figures.implied(claim)
    if found is not None:
        return found.outcome, found.verdict
    outcomes = (evaluate(identity, context.figures.known) for identity in IDENTITIES[name])
    outcome = next((outcome for outcome in outcomes if outcome is not None), None)
    if outcome is None:
        return None, UNCLAIMED
    verdict = judge(claim, outcome.value, reach=outcome.reach)
    if claim is not None and context.figures.differs_elsewhere(claim):
        verdict = not_comparable("it differs at another operating point of the sheet", verdict.difference)
    elif verdict.fits is False and claim is not None and (why := _unlike(claim, outcome)):
        verdict = not_comparable(why, verdict.difference)
    elif verdict.fits is False and not context.figures.certain(claim, outcome):
        why = "the sheet does not state that these figures belong to one operating point"
        verdict = not_comparable(why, verdict.difference)
    return outcome, verdict


def _unlike(claim: Claim, outcome: Outcome) -> str:
    return claim.incomparable(*(factor.claim for factor in outcome.factors if factor.claim))


def _inputs(outcome: Outcome) -> tuple[GivenNumber, ...]:
    return tuple(GivenNumber(factor.name, factor.text, factor.source) for factor in outcome.factors)


def _unusable(context: PointContext, name: str) -> tuple[Identity, str]:
    """Return the identity that comes closest, and why it says nothing here."""
    known, identities = context.figures.known, IDENTITIES[name]
    shown = next(
        (identity for identity in identities if not _missing(identity, known)),
        identities[_SHOWN.get(name, 0)],
    )
    return shown, why_unusable(context, shown)


def why_unusable(context: PointContext, identity: Identity) -> str:
    """Say why an identity gives nothing at this operating point."""
    known = context.figures.known
    missing = _missing(identity, known)
    if missing:
        return f"the sheet states no {' and no '.join(missing)} at {context.point.words}"
    if any(known[name][0].meant.low <= 0 for name in identity.below):
        return f"what the sheet says of {' and '.join(WORDS[name] for name in identity.below)} allows zero"
    return f"{identity.formula} is beyond every number"


def _missing(identity: Identity, known: Factors) -> list[str]:
    return [WORDS[name] for name in (*identity.above, *identity.below) if not known.get(name)]


def _allowed(reach: Interval, dimension: str) -> str:
    ends = [
        format_value(end, dimension) if math.isfinite(end) else "any value" for end in (reach.low, reach.high)
    ]
    return f"the digits of the claims allow {ends[0]} to {ends[1]}"


for _name in _DERIVED:
    ENERGY.derives(_name)(partial(_facts, name=_name))


@ENERGY.derives(BATCH)
def _consistent_batch(context: PointContext) -> Iterable[DerivedFact]:
    point = context.point
    key = Key(BATCH, point.path(BATCH), "count")
    stated = None if point.row is None or not isinstance(point.row.batch, int) else int(point.row.batch)
    claim = None
    if stated is not None:
        claim = Claim(
            path=("parameters", "operating_points", point.index or 0, BATCH),
            quantity=parse_quantity(stated, "count"),
        )
    judged = _judged_by_batch(context)
    outcome = evaluate(CONSISTENT_BATCH, context.figures.known if judged is None else _solved(judged))
    if outcome is None:
        reason = why_unusable(context, CONSISTENT_BATCH)
        yield underivable(key, reason, formula=CONSISTENT_BATCH.formula, claim=claim, standing="claims")
        return
    number, reach = outcome.value, outcome.reach
    whole = None if reach.width > MOST_BATCHES else whole_batches(reach)
    steps = (
        f"{outcome.step} = {number:.4g}",
        f"the digits of the claims allow {reach.words(4)}",
    )
    arithmetic = Arithmetic(
        formula=CONSISTENT_BATCH.formula, inputs=_inputs(outcome), lines=steps, standing="claims"
    )
    value = whole[0] if whole is not None and len(whole) == 1 else number
    notes = [_whole_words(whole), assumption(*(factor.claim for factor in outcome.factors))]
    yield derived(
        key,
        value,
        arithmetic,
        claim=claim,
        verdict=_verdict_on_batch(claim, value, reach, judged),
        reach=reach,
        note="; ".join(note for note in notes if note),
        digits=4,
    )


def _judged_by_batch(context: PointContext) -> Implied | None:
    """Return the judgement on an efficiency by this batch; one that differs, if there are several."""
    judged = [
        known
        for known in context.figures.implied_here
        if known.outcome.identity is BATCH_OF_EFFICIENCY and known.row == context.point.index
    ]
    return next((known for known in judged if known.verdict.fits is False), next(iter(judged), None))


def _solved(judged: Implied) -> Factors:
    time, power = judged.outcome.below
    efficiency = factor_of("energy_efficiency", judged.claim)
    return {"energy_efficiency": [efficiency], "execution_time": [time], "power": [power]}


def _verdict_on_batch(claim: Claim | None, value: float, reach: Interval, judged: Implied | None) -> Verdict:
    """Judge the batch as the efficiency is judged by it: the two are one identity."""
    verdict = judge(claim, value, reach=reach)
    if claim is None:
        return verdict
    if judged is not None:
        same = judged.verdict.fits == verdict.fits
        return verdict if same else replace(judged.verdict, difference=verdict.difference)
    if verdict.fits is False:
        why = "the sheet does not state all three at this operating point"
        return not_comparable(why, verdict.difference)
    return verdict


def _whole_words(whole: range | None) -> str:
    """Say for which batches the figures agree; `None` is for too many to mean anything."""
    if whole is None:
        return "time, power and efficiency agree for many batches"
    if not whole:
        return "no whole batch makes time, power and efficiency agree"
    if len(whole) == 1:
        return f"{whole[0]} is the only whole batch that makes time, power and efficiency agree"
    return f"time, power and efficiency agree for batches {whole[0]} to {whole[-1]}"
