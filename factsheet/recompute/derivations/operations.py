"""Operations of one run of the batch: on tiles, in digital units, and under which convention."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from factsheet.networks.declared import FAMILIES, SECTION
from factsheet.networks.operators import DynamicMatmul, Elementwise, StaticMatmul
from factsheet.networks.policy import Policy
from factsheet.quantities.quantity import format_value
from factsheet.recompute.chip_estimate import uses_not_stated
from factsheet.recompute.facts import DERIVED, Arithmetic, GivenNumber, Key, derived, term, underivable
from factsheet.recompute.registry import Registry
from factsheet.recompute.verdict import judge, relative_difference
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.networks.counting import CountingConvention, OpCount
    from factsheet.networks.operators import Network
    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.comparisons.operation_claims import ComparedSum
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact, Summand
    from factsheet.recompute.verdict import Verdict

OPS = Registry()
_NOTHING_KNOWN = "nothing of the work that adds to it is known"


def _why_unknown(network: Network, ops: int, *, tiles: bool) -> str:
    """Say why a count says nothing; empty where it says something.

    What is left of a network whose matrices are used no one knows how often is no count of it, not even a bound that
    anyone could use.

    Args:
        network: the operators.
        ops: as counted.
        tiles: whether it is a count of what is on tiles alone.
    """
    on_tiles = {matrix.name for matrix in network.analog}
    missing = [name for name in network.uses_missing if not tiles or name in on_tiles]
    if missing:
        return uses_not_stated(missing)
    return _NOTHING_KNOWN if not ops and network.work_missing else ""


class _CountedFigure(NamedTuple):
    """A figure of the operating point as it is counted, and the verdict on the claim of it."""

    claim: Claim | None
    counted: OpCount | None
    verdict: Verdict | None = None
    note: str = ""


def _counted(context: PointContext, field: str) -> _CountedFigure:
    """Count under the chosen convention; where the sheet's other figures are counted in another way, like them."""
    claim, compared = context.row_claim(field), context.compared_operations(field)
    if compared is None or context.count is None:
        return _CountedFigure(claim, context.count)
    if not compared.at_odds:
        return _CountedFigure(claim, context.count, compared.verdict)
    others = " and ".join(f"`{name}`" for name in compared.at_odds)
    alike = [count for count in context.counts if count.convention.name == compared.convention]
    return _CountedFigure(
        claim, alike[0], compared.verdict, f"counted like {others}, under `{compared.convention}`"
    )


@OPS.derives("analog_ops")
def _analog_ops(context: PointContext) -> Iterable[DerivedFact]:
    point, network = context.point, context.network
    key = Key("analog_ops", point.path("analog_ops"), "ops")
    formula = "ops a MAC · Σ rows · cols · input vectors of a sequence · batch, over the matrices on tiles"
    claim, count, verdict, way = _counted(context, "analog_ops")
    contradiction = context.compared_sum
    if contradiction is not None and contradiction.analog_exceeds and not (verdict and verdict.fits is False):
        yield _at_most(key, contradiction)
        return
    if count is None or network is None or point.batch is None:
        yield underivable(key, context.no_counts, formula=formula, claim=claim)
        return
    if unknown := _why_unknown(network, count.analog, tiles=True):
        yield underivable(key, unknown, formula=formula, claim=claim)
        return
    terms = partial(_analog_terms, network, count.convention, point.batch)
    family, policy = FAMILIES.get(context.structure.removeprefix(f"{SECTION}.")), context.request.policy
    note = family.on_tiles if family is not None and policy == Policy() else ""
    note = note or policy.words
    arithmetic = Arithmetic(formula=formula, inputs=_inputs(context, count), terms=terms)
    yield derived(
        key,
        count.analog,
        arithmetic,
        claim=claim,
        verdict=verdict,
        note=f"{way}; {note}" if way else note,
        at_least=network.work_missing,
    )


def _analog_terms(network: Network, convention: CountingConvention, batch: int) -> Iterator[Summand]:
    """Return every product on tiles."""
    each = convention.ops_per_static_mac
    return (term(m.block, m.name, each, *m.factors, batch) for m in network.analog)


@OPS.derives("digital_ops")
def _digital_ops(context: PointContext) -> Iterable[DerivedFact]:
    point, network = context.point, context.network
    key = Key("digital_ops", point.path("digital_ops"), "ops")
    formula = "(ops a MAC · MACs of attention, pooler and head + Σ ops an element · elements) · batch"
    claim, count, verdict, way = _counted(context, "digital_ops")
    if count is None or network is None or point.batch is None:
        yield underivable(key, context.no_counts, formula=formula, claim=claim)
        return
    if unknown := _why_unknown(network, count.digital, tiles=False):
        yield underivable(key, unknown, formula=formula, claim=claim)
        return
    terms = partial(_digital_terms, network, count.convention, point.batch)
    arithmetic = Arithmetic(formula=formula, inputs=_inputs(context, count), terms=terms)
    notes = (way, _left_over(context, count))
    yield derived(
        key,
        count.digital,
        arithmetic,
        claim=claim,
        verdict=verdict,
        note="; ".join(note for note in notes if note),
        at_least=network.work_missing,
    )


def _digital_terms(network: Network, convention: CountingConvention, batch: int) -> Iterator[Summand]:
    """Yield every operator's digital share; what a convention leaves out is left out."""
    factors = convention.ops_per_element
    for operator in network.operators:
        block, name = operator.block, operator.name
        if isinstance(operator, StaticMatmul):
            if operator.on == "digital":
                each = convention.ops_per_static_mac
                yield term(block, name, each, *operator.factors, batch)
            if operator.bias and factors["bias"]:
                yield term(block, f"{name} bias", factors["bias"], operator.cols, operator.products, batch)
        elif isinstance(operator, DynamicMatmul):
            each = convention.ops_per_dynamic_mac
            yield term(block, name, each, operator.count, operator.m, operator.k, operator.n, batch)
        elif isinstance(operator, Elementwise) and factors[operator.kind]:
            yield term(block, name, factors[operator.kind], operator.elements, batch)


def digital_excess(total: Quantity, *, analog: float, digital: float) -> float | None:
    """Return how many times as many digital operations are counted as a stated total leaves; `None` where it has room.

    Args:
        total: operations of a run, as stated.
        analog: those on tiles, which are exact.
        digital: those in digital units, as counted.
    """
    room = total.high - analog
    return digital / room if 0 < room < digital else None


def _left_over(context: PointContext, count: OpCount) -> str:
    """Say what a claimed total leaves for digital units, once the analog ops are exact."""
    stated = context.row_claim("total_ops")
    total = None if stated is None else stated.quantity
    if total is None or total.low <= count.analog:
        return ""
    least, most = (end - count.analog for end in (total.low, total.high))
    low, high = (format_value(end, "ops") for end in (least, most))
    left = f"the stated total, as far as its digits go, leaves {low} to {high} for digital units"
    if least <= count.digital <= most:
        return left
    factor = digital_excess(total, analog=count.analog, digital=count.digital) or count.digital / least
    kept = ", which fits no more than its “approx.” allows" if total.approximate else ""
    return f"{left}; counted here are {factor:.2g} times as many{kept}: that depends on how they are counted"


@OPS.derives("total_ops")
def _total_ops(context: PointContext) -> Iterable[DerivedFact]:
    key, formula = Key("total_ops", context.point.path("total_ops"), "ops"), "analog ops + digital ops"
    claim, count, verdict, way = _counted(context, "total_ops")
    contradiction = context.compared_sum
    contradicted = contradiction is not None and not contradiction.analog_exceeds
    if contradiction is not None and contradicted and not (verdict and verdict.fits is False):
        yield _sum(key, contradiction)
        return
    if count is None:
        yield underivable(key, context.no_counts, formula=formula, claim=claim)
        return
    if context.network is not None and (unknown := _why_unknown(context.network, count.total, tiles=False)):
        yield underivable(key, unknown, formula=formula, claim=claim)
        return
    steps = (f"{count.analog:,} + {count.digital:,} = {count.total:,}",)
    note = way or _convention_note(context, claim)
    if context.network is not None and context.network.unknown:
        note = "; ".join(
            filter(None, (note, f"{len(context.network.unknown)} unknown operators are missing from it"))
        )
    arithmetic = Arithmetic(formula=formula, inputs=_inputs(context, count), lines=steps)
    missing = context.network is not None and context.network.work_missing
    yield derived(key, count.total, arithmetic, claim=claim, verdict=verdict, note=note, at_least=missing)


def _at_most(key: Key, contradiction: ComparedSum) -> DerivedFact:
    """Return the claimed total as the most that the analog operations can be."""
    total = contradiction.total
    arithmetic = Arithmetic(
        formula="at most the total operations",
        inputs=(GivenNumber("total operations", total.quantity.text, dotted(total.path)),),
        standing="claims",
    )
    value = total.quantity.value
    difference = relative_difference(value, contradiction.analog.quantity)
    verdict = replace(contradiction.verdict, difference=difference)
    return derived(key, value, arithmetic, claim=contradiction.analog, verdict=verdict)


def _sum(key: Key, contradiction: ComparedSum) -> DerivedFact:
    """Return the sum of the claimed parts."""
    parts = [("analog ops", contradiction.analog), ("digital ops", contradiction.digital)]
    inputs = tuple(
        GivenNumber(name, part.quantity.text, dotted(part.path)) for name, part in parts if part is not None
    )
    arithmetic = Arithmetic(
        formula="analog ops + digital ops",
        inputs=inputs,
        lines=(f"{' + '.join(part.text for part in inputs)} = {format_value(contradiction.value, 'ops')}",),
        standing="claims",
    )
    return derived(
        key,
        contradiction.value,
        arithmetic,
        claim=contradiction.total,
        verdict=contradiction.verdict,
        reach=contradiction.reach,
        digits=4,
    )


def _convention_note(context: PointContext, claim: Claim | None) -> str:
    counted = f"counted under `{context.convention.name}`"
    if context.convention_is_stated:
        return f"{counted}, as the sheet says"
    if context.stated_convention is not None:
        return f"{counted}; the sheet says that it counts under `{context.stated_convention}`"
    if claim is None:
        return counted
    return f"{counted}; the sheet names no convention: {conventions_of(claim, context.counts)}"


def conventions_of(claim: Claim, counts: Sequence[OpCount]) -> str:
    """Say in one sentence which conventions a claimed total may have been counted under.

    Args:
        claim: the total.
        counts: what the network counts under each convention.
    """
    text = claim.quantity.text
    verdicts = {count.convention.name: judge(claim, count.total) for count in counts}
    fitting = [f"`{name}`" for name, verdict in verdicts.items() if verdict.fits]
    exact = [f"`{name}`" for name, verdict in verdicts.items() if verdict.kind in ("agrees", "rounds_to")]
    if not fitting:
        return f"no known convention explains {text}"
    if len(fitting) == 1:
        return f"only {fitting[0]} explains {text}"
    first = f"{', '.join(exact)} gives its digits; " if 0 < len(exact) < len(fitting) else ""
    return f"{first}{', '.join(fitting)} all agree with {text}: the figure does not determine its convention"


@OPS.derives("digital_share")
def _digital_share(context: PointContext) -> Iterable[DerivedFact]:
    key, count = Key("digital_share", f"{DERIVED}.digital_share", "ratio"), context.count
    formula = "digital ops / total ops"
    if count is None or not count.total:
        yield underivable(key, context.no_counts or "no operations are counted", formula=formula)
        return
    if context.network is not None and context.network.uses_missing:
        yield underivable(key, uses_not_stated(context.network.uses_missing), formula=formula)
        return
    share = count.digital / count.total
    steps = (f"{count.digital:,} / {count.total:,} = {share:.5f}",)
    arithmetic = Arithmetic(formula=formula, inputs=_inputs(context, count), lines=steps)
    yield derived(key, share, arithmetic, digits=4)


def _inputs(context: PointContext, count: OpCount) -> tuple[GivenNumber, ...]:
    point = context.point
    where = "given" if point.index is None else f"parameters.operating_points[{point.index}]"
    stated = f"{where}.counting" if count.convention.name == context.stated_convention else "chosen"
    return (
        GivenNumber("sequence length", f"{point.seq_len:,}", where),
        GivenNumber("batch", f"{point.batch:,}", where),
        GivenNumber("counting convention", count.convention.name, stated),
    )
