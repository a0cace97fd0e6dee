"""Place the efficiency and the density that a sheet claims among the published designs of their class.

A sheet states them as operations per second and watt, or implies them at an operating point by its operations and a
time with a power, an energy or an efficiency.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from factsheet.facts.fact import Fact
from factsheet.hardware.precomputed import outline_of
from factsheet.hardware.survey.profile_claims import ChipPrecision, bits_of_profile
from factsheet.hardware.survey.standing import (
    DIMENSIONS_OF_METRICS,
    FieldClaim,
    Precision,
    assumed_precision,
    memory_named,
    standings_of,
)
from factsheet.quantities.interval import Interval
from factsheet.recompute.claims import claim_at, claim_of, points
from factsheet.recompute.comparisons.implied_claims import may_hold, scales
from factsheet.recompute.identities import (
    BATCH,
    IN_ROW,
    IN_SECTION,
    Factor,
    Identity,
    evaluate,
    exact_factor,
    factor_of,
)
from factsheet.recompute.verdict import written
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.hardware.precomputed import KnownProfile
    from factsheet.hardware.profile import Profile
    from factsheet.hardware.survey.designs import DesignLevel
    from factsheet.hardware.survey.standing import Bound, FieldMetric, FieldStanding
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.identities import Outcome
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.source.document import KeyPath

_AREA = "area"
_FIELDS = {"inputs": "dac_bits", "weights": "weight_bits"}
_RATES = (
    Identity(("total_ops",), ("energy",)),
    Identity(("total_ops", "energy_efficiency"), (BATCH,)),
    Identity(("total_ops",), (BATCH, "energy_per_inference")),
    Identity(("total_ops",), ("execution_time", "power")),
)
_DENSITY = Identity(("total_ops",), ("execution_time", _AREA))
_PER_INFERENCE = ("energy_efficiency", "energy_per_inference")
_LEVELS: dict[str, DesignLevel] = {"tile": "macro", "chip": "processor"}
"""What a figure includes, by the sheet's word; a board and what comes from the wall are more than any design has."""


class ClaimInField(NamedTuple):
    """A figure of a sheet and its place among published designs.

    Attributes:
        path: the figure, or the one of those that imply it that is most likely to be off.
        words: the figure, and how it follows from others.
        others: the figures that it follows from, each with its text.
        claim: the same for the comparison.
        standings: its place in each of its classes, the narrowest first.
    """

    path: KeyPath
    words: str
    others: tuple[tuple[KeyPath, str], ...]
    claim: FieldClaim
    standings: tuple[FieldStanding, ...]


def claims_in_field(sheet: SheetFields) -> Iterator[ClaimInField]:
    """Yield every efficiency and density of the sheet with its place in the field, those that it states first."""
    performance, parameters = sheet.performance, sheet.parameters
    if performance is None and (parameters is None or not parameters.operating_points):
        return
    if sheet.audience.hardware is None:
        return  # no design of the survey is of such hardware
    chip: ChipPrecision | None = None
    for metric, claim, outcome in _figures(sheet):
        chip = chip or precision_of(sheet)
        if chip.memory == "digital" and not chip.inputs.known:
            return  # beside integers of few bits, floating point has no place
        level = _LEVELS.get(claim.boundary) if metric == "efficiency" else "processor"
        if chip.memory == "digital" and level is not None:
            level = "accelerator"
        value = _value(claim, outcome)
        if not 0 < value.low <= value.high < inf:
            continue  # a bound alone, or nothing: it has no place among figures
        figure = FieldClaim(metric, value, chip.inputs, chip.weights, level, chip.memory)
        words = claim.quantity.text
        others: tuple[tuple[KeyPath, str], ...] = ()
        if outcome is not None:
            words = f"{outcome.named_step} = {written(outcome.value, DIMENSIONS_OF_METRICS[metric])}"
            others = tuple(
                (factor.claim.path, factor.text)
                for factor in outcome.factors
                if factor.claim is not None and factor.claim is not claim
            )
        yield ClaimInField(claim.path, words, others, figure, standings_of(figure))


ESTIMATE = ("chip", "tops_per_watt")
"""Stands for the place of the cost model's figure, which `factsheet derive` calls `chip.tops_per_watt`."""


def implied_in_field(sheet: SheetFields, value: float, formula: str) -> ClaimInField:
    """Return the place of an efficiency that follows from a stated energy and the operations that are counted here.

    Args:
        sheet: the sheet.
        value: in operations per second and watt, above 0.
        formula: how it follows.
    """
    chip = precision_of(sheet)
    boundary = None if sheet.performance is None else sheet.performance.energy_boundary
    level = _LEVELS.get("chip" if boundary is None or boundary.text is None else boundary.text)
    figure = FieldClaim("efficiency", Interval(value, value), chip.inputs, chip.weights, level, chip.memory)
    words = f"{formula} = {written(value, DIMENSIONS_OF_METRICS['efficiency'])}"
    return ClaimInField(("performance", "tops_per_watt"), words, (), figure, standings_of(figure))


def estimate_in_field(
    sheet: SheetFields, profile: Profile, value: float, *, bound: Bound = ""
) -> ClaimInField:
    """Return the place of the efficiency that the cost model gives.

    Args:
        sheet: the sheet.
        profile: the hardware profile that it was estimated with.
        value: in operations per second and watt, above 0.
        bound: whether it is the most or the least that can be, by what the profile leaves out.
    """
    chip = precision_of(sheet, profile)
    figure = FieldClaim(
        "efficiency", Interval(value, value), chip.inputs, chip.weights, "processor", chip.memory, bound
    )
    words = f"{bound} {written(value, DIMENSIONS_OF_METRICS['efficiency'])}".lstrip()
    return ClaimInField(ESTIMATE, words, (), figure, standings_of(figure))


def first_of_each_metric(found: Iterable[ClaimInField]) -> Iterator[ClaimInField]:
    """Yield the first figure of each metric: a sheet that states several which agree has one place."""
    known: set[str] = set()
    for one in found:
        if one.claim.metric not in known:
            known.add(one.claim.metric)
            yield one


def _value(claim: Claim, outcome: Outcome | None) -> Interval:
    """Return a figure as it is written; what its digits leave open is small beside what its bits do."""
    if outcome is not None:
        return Interval(outcome.value, outcome.value)
    quantity = claim.quantity
    return Interval(quantity.value, quantity.value) if quantity.kind == "point" else quantity.meant


def _figures(sheet: SheetFields) -> Iterator[tuple[FieldMetric, Claim, Outcome | None]]:
    stated = claim_at(sheet, *IN_SECTION["tops_per_watt"])
    if stated is not None:
        yield "efficiency", stated, None
    for path, row in points(sheet):
        known = _known_at(sheet, path, row)
        for identity in (*_RATES, _DENSITY):
            outcome = evaluate(identity, known)
            claims = [] if outcome is None else [f.claim for f in outcome.factors[1:] if f.claim is not None]
            if outcome is not None and claims:
                # Operations are the figure that other rules hold to the network; the rest is of the chip.
                yield "density" if identity is _DENSITY else "efficiency", claims[-1], outcome


def _known_at(sheet: SheetFields, path: KeyPath, row: OperatingPoint) -> dict[str, Sequence[Factor]]:
    """Return the figures of an operating point, and those of sections that may hold at it."""
    point = (row.seq_len, row.batch)
    known: dict[str, Sequence[Factor]] = {}
    if isinstance(row.batch, int):
        known[BATCH] = [exact_factor(BATCH, row.batch, dotted((*path, BATCH)))]
    for name in IN_ROW:
        own = claim_of(sheet, getattr(row, name), (*path, name), point=point)
        if own is not None:
            known[name] = [factor_of(name, own)]
    for name, place in IN_SECTION.items():
        claim = claim_at(sheet, *place)
        if claim is None or name in known or not may_hold(claim.point, row):
            continue
        if name in _PER_INFERENCE and scales(claim, point) != (1,):
            continue  # of a token: how many operations that is depends on what came before
        known[name] = [factor_of(name, claim)]
    area = claim_at(sheet, "parameters", _AREA)
    if area is not None:
        quantity = area.quantity
        known[_AREA] = [Factor(_AREA, quantity.text, quantity.value, quantity.meant, dotted(area.path), area)]
    return known


def precision_of(sheet: SheetFields, profile: Profile | None = None) -> ChipPrecision:
    """Return the bits and the memory of the chip that a sheet is of, or of another one.

    Args:
        sheet: the sheet.
        profile: the hardware profile that figures are estimated with, where they are. What the sheet says of its chip
            counts for the profile that it names, and for no other.
    """
    if sheet.audience.hardware == "digital" and profile is None:
        bits = _integer_bits(sheet)
        return ChipPrecision(bits, bits, "digital")
    inference = None if sheet.hardware is None else sheet.hardware.inference
    named = None if inference is None or inference.profile is None else inference.profile.text
    own = profile is None or profile.name == named
    known = _known_profile(named) if profile is None else outline_of(profile)
    technology = inference.technology.text if own and inference and inference.technology else None
    return ChipPrecision(
        _bits(sheet if own else None, known, "inputs"),
        _bits(sheet if own else None, known, "weights"),
        memory_named(technology or ("" if known is None else known.technology)),
    )


def _integer_bits(sheet: SheetFields) -> Precision:
    """Return the bits of the integers that a digital device computes with, where its sheet names such a format."""
    fact = getattr(getattr(sheet, "execution", None), "number_format", None)
    name = fact.text if isinstance(fact, Fact) and fact.text is not None else ""
    if name.startswith("INT") and name[3:].isdecimal():
        return Precision(int(name[3:]), int(name[3:]), "the sheet's number format")
    return assumed_precision()


def _known_profile(name: str | None) -> KnownProfile | None:
    from factsheet.hardware.precomputed import known_profiles  # few sheets name a profile

    return None if name is None else known_profiles().get(name)


def _bits(sheet: SheetFields | None, known: KnownProfile | None, what: str) -> Precision:
    """Return the bits that the sheet states, else those of the profile, else a range."""
    stated = None if sheet is None else _stated(sheet, _FIELDS[what])
    of_profile = None if known is None else bits_of_profile(known, what)
    return stated or of_profile or assumed_precision()


def _stated(sheet: SheetFields, field: str) -> Precision | None:
    """Return bits that the sheet states: of inference, or else of the training for it."""
    for section in ("inference_methodology", "hwa_training"):
        fact: Fact | None = getattr(getattr(sheet, section), field, None)
        bits = None if fact is None else fact.whole
        if bits:
            return Precision(bits, bits, "the sheet")
    return None
