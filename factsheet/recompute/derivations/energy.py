"""Identities between time, power, energy, efficiency and batch: they hold for any chip, whatever its model.

Energy is power times time; an efficiency in inferences per second and watt is inferences per joule. Each side comes
from rounded figures of the sheet, so each result is an interval as well as a number.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from factsheet.quantities.quantity import format_value, parse_quantity
from factsheet.recompute.facts import Arithmetic, Key, derived, underivable
from factsheet.recompute.quotients import (
    Exact,
    Quotient,
    assumption,
    claims_of,
    efficiency,
    execution_time,
    power,
)
from factsheet.recompute.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.quantities.interval import Interval
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact
    from factsheet.recompute.quotients import PointClaim

ENERGY = Registry()
MOST_BATCHES = 8
"""So many whole batches are listed; more say nothing."""


def _batch(context: PointContext) -> Exact | None:
    point = context.point
    if point.batch is None:
        return None
    return Exact("batch", point.batch, "given" if point.index is None else point.path("batch"))


@ENERGY.derives("energy")
def _energy(context: PointContext) -> Iterable[DerivedFact]:
    fraction = Quotient(
        "power · execution time", {"power": power(context), "execution time": execution_time(context)}, {}
    )
    claims = claims_of(context, "energy", "energy")
    return _facts(context, Key("energy", context.point.path("energy"), "energy"), fraction, claims)


@ENERGY.derives("energy_per_inference")
def _energy_per_inference(context: PointContext) -> Iterable[DerivedFact]:
    known = efficiency(context)
    if known is not None:
        fraction = Quotient("1 / energy efficiency", {}, {"energy efficiency": known})
    else:
        above: dict[str, PointClaim | Exact | None] = {
            "power": power(context),
            "execution time": execution_time(context),
        }
        fraction = Quotient("power · execution time / batch", above, {"batch": _batch(context)})
    claims = claims_of(context, "energy per inference", "", ("performance", "energy_per_inference"))
    key = Key("energy_per_inference", "performance.energy_per_inference", "energy")
    return _facts(context, key, fraction, claims)


@ENERGY.derives("throughput")
def _throughput(context: PointContext) -> Iterable[DerivedFact]:
    fraction = Quotient(
        "batch / execution time", {"batch": _batch(context)}, {"execution time": execution_time(context)}
    )
    claims = claims_of(context, "throughput", "throughput", ("performance", "throughput"))
    return _facts(
        context, Key("throughput", context.point.path("throughput"), "throughput"), fraction, claims
    )


@ENERGY.derives("energy_efficiency")
def _energy_efficiency(context: PointContext) -> Iterable[DerivedFact]:
    fraction = Quotient(
        "batch / (execution time · power)",
        {"batch": _batch(context)},
        {"execution time": execution_time(context), "power": power(context)},
    )
    where = ("performance", "energy_efficiency")
    claims = claims_of(context, "energy efficiency", "energy_efficiency", where)
    path = context.point.path("energy_efficiency")
    return _facts(context, Key("energy_efficiency", path, "inferences_per_second_per_watt"), fraction, claims)


@ENERGY.derives("tops_per_watt")
def _tops_per_watt(context: PointContext) -> Iterable[DerivedFact]:
    claims = claims_of(context, "all ops", "total_ops")
    ops: PointClaim | Exact | None = claims[0] if claims else None
    if ops is None and context.count is not None:
        ops = Exact("all ops", context.count.total, f"{context.point.path('total_ops')} (derived)")
    fraction = Quotient(
        "all ops / (execution time · power)",
        {"all ops": ops},
        {"execution time": execution_time(context), "power": power(context)},
    )
    where = ("performance", "tops_per_watt")
    key = Key("tops_per_watt", ".".join(where), "ops_per_second_per_watt")
    return _facts(context, key, fraction, claims_of(context, "operations per second and watt", "", where))


def _facts(
    context: PointContext, key: Key, fraction: Quotient, claims: tuple[PointClaim, ...]
) -> Iterable[DerivedFact]:
    """One fact for each place that claims the figure; one without a claim where none does."""
    reason = _unusable(context, fraction)
    for claim in claims or (None,):
        at = key if claim is None else Key(key.name, claim.path, key.dimension)
        claimed = None if claim is None else claim.quantity
        if reason:
            yield underivable(at, reason, formula=fraction.formula, claimed=claimed, standing="claims")
            continue
        number, reach = fraction.value()
        arithmetic = Arithmetic(
            fraction.formula,
            tuple(factor.input for factor in fraction.factors),
            (f"{fraction.step()} = {format_value(number, key.dimension)}", _allowed(reach, key.dimension)),
            "claims",
        )
        note = assumption(claim, *_claims(fraction))
        yield derived(at, number, arithmetic, claimed=claimed, reach=reach, note=note, digits=4)


def _unusable(context: PointContext, fraction: Quotient) -> str:
    """Why an identity says nothing here; empty if it does."""
    if fraction.missing:
        return f"the sheet states no {' and no '.join(fraction.missing)} at {context.point.words}"
    try:
        number, _ = fraction.value()
    except ZeroDivisionError:
        return f"what the sheet says of {' and '.join(fraction.below)} allows zero"
    return "" if math.isfinite(number) else f"{fraction.step()} is beyond every number"


def _claims(fraction: Quotient) -> tuple[PointClaim | None, ...]:
    return tuple(factor for factor in fraction.factors if not isinstance(factor, Exact))


def _allowed(reach: Interval, dimension: str) -> str:
    ends = [
        format_value(end, dimension) if math.isfinite(end) else "any value" for end in (reach.low, reach.high)
    ]
    return f"the digits of the claims allow {ends[0]} to {ends[1]}"


@ENERGY.derives("batch")
def _consistent_batch(context: PointContext) -> Iterable[DerivedFact]:
    point = context.point
    key = Key("batch", point.path("batch"), "count")
    fraction = Quotient(
        "energy efficiency · execution time · power",
        {
            "energy efficiency": efficiency(context),
            "execution time": execution_time(context),
            "power": power(context),
        },
        {},
    )
    stated = None if point.row is None or not isinstance(point.row.batch, int) else int(point.row.batch)
    claimed = None if stated is None else parse_quantity(stated, "count")
    reason = _unusable(context, fraction)
    if reason:
        yield underivable(key, reason, formula=fraction.formula, claimed=claimed, standing="claims")
        return
    number, reach = fraction.value()
    whole = _whole_batches(reach)
    steps = (
        f"{fraction.step()} = {number:.4g}",
        f"the digits of the claims allow {reach.low:.4g} to {reach.high:.4g}",
    )
    arithmetic = Arithmetic(fraction.formula, tuple(f.input for f in fraction.factors), steps, "claims")
    notes = [_whole_words(whole), assumption(*_claims(fraction))]
    yield derived(
        key,
        whole[0] if whole is not None and len(whole) == 1 else number,
        arithmetic,
        claimed=claimed,
        reach=reach,
        note="; ".join(note for note in notes if note),
        digits=4,
    )


def _whole_batches(reach: Interval) -> range | None:
    """Whole batches inside an interval; `None` where they are too many to mean anything."""
    if reach.high - reach.low > MOST_BATCHES:
        return None
    candidates = range(max(1, math.floor(reach.low)), math.ceil(reach.high) + 1)
    inside = [batch for batch in candidates if reach.contains(batch)]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def _whole_words(whole: range | None) -> str:
    if whole is None:
        return "time, power and efficiency agree for many batches"
    if not whole:
        return "no whole batch makes time, power and efficiency agree"
    if len(whole) == 1:
        return f"{whole[0]} is the only whole batch that makes time, power and efficiency agree"
    return f"time, power and efficiency agree for batches {whole[0]} to {whole[-1]}"
