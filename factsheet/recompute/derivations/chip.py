"""Facts of the chip: time, power, energy and area that the cost model gives for a named hardware profile.

Unlike every other derived fact they rest on a model: its equations and what was fitted are in docs/cost-model.md,
how far it is from published results in docs/validation.md. A sheet that names no profile has none of them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.mapping import TileShape
from factsheet.errors import CostError
from factsheet.quantities.quantity import format_value
from factsheet.recompute.facts import DERIVED, Arithmetic, GivenNumber, Key, modelled, underivable
from factsheet.recompute.quotients import assumption, claims_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.crossbar.cost.figures import FigureName
    from factsheet.crossbar.cost.formula import Structure
    from factsheet.hardware.constants import Constant
    from factsheet.hardware.profile import Profile
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import Network
    from factsheet.recompute.context import Placing, PointContext
    from factsheet.recompute.facts import DerivedFact
    from factsheet.recompute.quotients import PointClaim

PREFIX = "chip."
"""What the names of these facts begin with: the sheet's own figures imply others of the same kind."""
_NO_PROFILE = "no hardware profile is named: `hardware.inference.profile` in the sheet, or `--hardware`"


class ChipEstimate(NamedTuple):
    """The cost model at the operating point, or why there is nothing."""

    profile: Profile | None = None
    named: str = ""
    """Where the profile is named: a path of the sheet, or `given`."""
    estimate: Estimate | None = None
    sizes: Estimate | None = None
    """For what does not depend on the operating point."""
    problem: str = _NO_PROFILE
    another: bool = False
    """Whether the caller asks for another chip than the sheet's own."""
    refusal: CostError | None = None
    """What the cost model refuses the network with."""


def estimate_chip(
    profile: Profile,
    named: str,
    network: Network | None,
    batch: int | None,
    tile: TileShape | None,
    convention: CountingConvention,
    structure: Structure,
    no_network: str,
    no_point: str,
    another: bool,
    placing: Placing,
) -> ChipEstimate:
    """Run the cost model where there is enough for it; see `factsheet.crossbar.cost.estimate.estimate`.

    Args:
        profile: the chip.
        named: where it is named.
        network: operators at the operating point, or at one token.
        batch: inferences of a run; `None` where it is open.
        tile: geometry of one array.
        convention: how operations are counted.
        structure: how layers and sequences follow each other.
        no_network: why there is no network; empty if there is one.
        no_point: why there is no operating point; empty if there is one.
        another: whether the chip is another than the sheet's own.
        placing: how the network is to lie on it.
    """
    from factsheet.crossbar.cost.estimate import estimate  # only where a profile is named
    from factsheet.hardware.chip import constants_of

    if network is None or no_network:
        return ChipEstimate(profile, named, problem=no_network, another=another)
    constants = constants_of(profile)
    try:
        found = estimate(
            network,
            constants,
            batch=batch or 1,
            structure=structure,
            tile=tile,
            fuse=placing.fuse,
            packing=placing.packing,
            copies=placing.copies(network, tile or TileShape(constants.rows, constants.cols)),
            chips=placing.chips,
            convention=convention,
        )
    except CostError as error:
        return ChipEstimate(profile, named, problem=error.message, another=another, refusal=error)
    return ChipEstimate(profile, named, None if no_point else found, found, no_point, another)


class _Figure(NamedTuple):
    """One figure of the model and where a sheet claims it."""

    name: FigureName
    row: str
    """Field of the operating point's row; empty if there is none."""
    elsewhere: tuple[tuple[str, str], ...]
    path: str
    """Where a sheet would claim it, if not in the row."""
    formula: str
    words: str


_FIGURES = {
    "latency": _Figure(
        "latency",
        "execution_time",
        (("performance", "classification_time"),),
        "",
        "Σ time of a stage over the stages, as the execution structure lets them overlap",
        "execution time",
    ),
    "power": _Figure(
        "power", "power", (("parameters", "power"),), "", "energy an inference · batch / latency", "power"
    ),
    "energy_per_inference": _Figure(
        "energy",
        "",
        (("performance", "energy_per_inference"),),
        "performance.energy_per_inference",
        "cells + ports + digital units + standby",
        "energy per inference",
    ),
    "throughput": _Figure(
        "throughput",
        "throughput",
        (("performance", "throughput"),),
        "",
        "batch / latency",
        "throughput",
    ),
    "energy_efficiency": _Figure(
        "efficiency",
        "energy_efficiency",
        (("performance", "energy_efficiency"),),
        "",
        "1 / energy an inference",
        "energy efficiency",
    ),
    "tops_per_watt": _Figure(
        "tops_per_watt",
        "",
        (("performance", "tops_per_watt"),),
        "performance.tops_per_watt",
        "all ops of an inference / energy an inference",
        "operations per second and watt",
    ),
    "area": _Figure(
        "area",
        "",
        (("parameters", "area"),),
        "parameters.area",
        "tiles · (tile + overhead) + chips · rest",
        "area",
    ),
    "area_tiles": _Figure("area_tiles", "", (), f"{DERIVED}.area_tiles", "tiles · area of a tile", ""),
}
_SIZES = frozenset({"area", "area_tiles"})
"""Figures that are the same at every operating point."""
_DIMENSIONS = {
    "latency": "time",
    "power": "power",
    "energy_per_inference": "energy",
    "throughput": "throughput",
    "energy_efficiency": "inferences_per_second_per_watt",
    "tops_per_watt": "ops_per_second_per_watt",
    "area": "area",
    "area_tiles": "area",
}


def chip_facts(context: PointContext) -> Iterator[DerivedFact]:
    """Every figure of the chip, once for each place that claims it; none where no profile is named.

    They stand apart from the other derived facts, which hold whatever the chip.
    """
    if context.chip.profile is not None:
        for name, figure in _FIGURES.items():
            yield from _facts(context, name, figure)


def _facts(context: PointContext, name: str, figure: _Figure) -> Iterator[DerivedFact]:
    claims = claims_of(context, figure.words, figure.row, *figure.elsewhere) if figure.words else ()
    if context.stated_tile not in (None, context.tile) or context.chip.another:
        claims = ()  # those are of the sheet's own tile and chip
    path = figure.path or context.point.path(figure.row)
    dimension = _DIMENSIONS[name]
    for claim in claims:
        yield _fact(context, Key(f"{PREFIX}{name}", claim.path, dimension), figure, claim)
    if not claims:
        yield _fact(context, Key(f"{PREFIX}{name}", path, dimension), figure, None)


def _fact(context: PointContext, key: Key, figure: _Figure, claim: PointClaim | None) -> DerivedFact:
    chip, claimed = context.chip, None if claim is None else claim.quantity
    estimate = chip.sizes if figure.name in _SIZES else chip.estimate
    if estimate is None or chip.profile is None:
        return underivable(key, chip.problem, formula=figure.formula, claimed=claimed, standing="chip model")
    total = estimate.totals.get(figure.name)
    if total is None:
        reason = estimate.missing[figure.name]
        return underivable(key, reason, formula=figure.formula, claimed=claimed, standing="chip model")
    notes = [*_notes(estimate, figure.name), assumption(claim)]
    return modelled(
        key,
        total.value,
        Arithmetic(
            figure.formula,
            (GivenNumber("hardware profile", chip.profile.name, chip.named),),
            standing="chip model",
            weakest=total.standing,
            prose=partial(estimate.terms, figure.name),
        ),
        claimed=claimed,
        note="; ".join(note for note in notes if note),
    )


def _notes(estimate: Estimate, name: FigureName) -> Iterator[str]:
    if name == "latency":
        low, high = estimate.latency_range or (0.0, 0.0)
        yield (
            f"{estimate.structure}; {format_value(low, 'time', 4)} to {format_value(high, 'time', 4)} over the "
            "execution structures"
        )
    if name == "area" and estimate.chips > 1:
        yield f"on {estimate.chips:,} chips"
    standing = estimate.totals[name].standing
    weak = [c for c in estimate.totals[name].constants if getattr(estimate.constants, c).standing == standing]
    if standing != "published":
        told = [_told(c, getattr(estimate.constants, c)) for c in weak]
        yield f"rests on {standing} constants: {', '.join(told)}"


def _told(name: str, constant: Constant) -> str:
    return f"{name} (fitted to {constant.fitted_to})" if constant.fitted_to else name
