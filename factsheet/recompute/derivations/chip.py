"""Facts of the chip: time, power, energy and area that the cost model gives for a named hardware profile.

Unlike every other derived fact they rest on a model: its equations and what was fitted are in docs/cost-model.md,
how far it is from published results in docs/validation.md. A sheet that names no profile has none of them.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.cost.budget import balance
from factsheet.crossbar.cost.estimate import estimate as modelled_run
from factsheet.crossbar.cost.explanation import terms_of
from factsheet.quantities.quantity import format_value
from factsheet.recompute.chip_estimate import OF_ALL_CHIPS
from factsheet.recompute.comparisons.chip_claims import not_of_the_chip
from factsheet.recompute.facts import DERIVED, Arithmetic, GivenNumber, Key, modelled, underivable
from factsheet.recompute.point_figures import assumption
from factsheet.recompute.request import Request
from factsheet.recompute.verdict import not_comparable
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.crossbar.cost.figures import FigureName
    from factsheet.hardware.constants import Constant
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact

PREFIX = "chip."
"""What the names of these facts begin with: the sheet's own figures imply others of the same kind."""

OVER_STRUCTURES = "over the execution structures"
"""Ends what a fact's note says of the range of a time."""
TILES_ALONE = "of tiles alone"
"""Begins what the note on an area says where the profile knows no other part of a chip."""


class _Figure(NamedTuple):
    """One figure of the model and where a sheet claims it."""

    name: FigureName
    claimed_as: str
    """As the sheet's own figures call it; empty if it claims none."""
    path: str
    """Where a sheet would claim it, if not in the operating point's row."""
    formula: str
    dimension: str


_FIGURES = {
    "latency": _Figure(
        "latency",
        "execution_time",
        "",
        "Σ time of a stage over the stages, as the execution structure lets them overlap",
        "time",
    ),
    "power": _Figure("power", "power", "", "energy an inference · batch / latency", "power"),
    "energy_per_inference": _Figure(
        "energy",
        "energy_per_inference",
        "performance.energy_per_inference",
        "cells + ports + digital units + standby",
        "energy",
    ),
    "throughput": _Figure("throughput", "throughput", "", "batch / latency", "throughput"),
    "energy_efficiency": _Figure(
        "efficiency", "energy_efficiency", "", "1 / energy an inference", "inferences_per_second_per_watt"
    ),
    "tops_per_watt": _Figure(
        "tops_per_watt",
        "tops_per_watt",
        "performance.tops_per_watt",
        "total ops of an inference / energy an inference",
        "ops_per_second_per_watt",
    ),
    "area": _Figure("area", "area", "parameters.area", "tiles · (tile + overhead) + chips · rest", "area"),
    "area_tiles": _Figure("area_tiles", "", f"{DERIVED}.area_tiles", "tiles · area of a tile", "area"),
}
_OF_ALL_CHIPS = frozenset({"area", "area_tiles", "power"})
"""Figures of which each chip has its part."""
_OF_TIME = frozenset({"latency", "throughput", "power"})
"""Figures that layers make better which are held several times."""
_COPIED = "the busiest layers held several times, as the {} stated tiles allow; each once, it would be slower"
_SIZES = frozenset({"area", "area_tiles"})
"""Figures that are the same at every operating point."""


def chip_facts(context: PointContext) -> Iterator[DerivedFact]:
    """Yield every figure of the chip, once for each place that claims it; none where no profile is named.

    They are apart from the other derived facts, which hold whatever the chip.
    """
    if context.chip.profile is not None:
        for name, figure in _FIGURES.items():
            yield from _facts(context, name, figure)


def _facts(context: PointContext, name: str, figure: _Figure) -> Iterator[DerivedFact]:
    claims = _claims(context, figure.claimed_as)
    path = figure.path or context.point.path(figure.claimed_as)
    for claim in claims:
        yield _fact(context, Key(f"{PREFIX}{name}", dotted(claim.path), figure.dimension), figure, claim)
    if not claims:
        yield _fact(context, Key(f"{PREFIX}{name}", path, figure.dimension), figure, None)


def _claims(context: PointContext, name: str) -> tuple[Claim, ...]:
    if not name or context.stated_tile not in (None, context.tile) or context.chip.another:
        return ()  # the claims are of the sheet's own tile and chip
    if name != "area":
        return context.figures.claims(name)
    area = context.claim("parameters", "area")
    return (area,) if area is not None and context.point.holds(area.point) else ()


def _fact(context: PointContext, key: Key, figure: _Figure, claim: Claim | None) -> DerivedFact:
    chip = context.chip
    estimate = chip.sizes if figure.name in _SIZES else chip.estimate
    if estimate is None or chip.profile is None:
        return underivable(key, chip.problem, formula=figure.formula, claim=claim, standing="chip model")
    total = estimate.totals.get(figure.name)
    way = ""
    if total is not None and figure.name in _OF_TIME:
        quickest = _quickest(context, estimate, bounded=bool(estimate.constants.untimed))
        if quickest is not None:
            estimate, way = quickest
            total = estimate.totals.get(figure.name)
    if total is None:
        reason = estimate.missing[figure.name]
        return underivable(key, reason, formula=figure.formula, claim=claim, standing="chip model")
    notes = [*_notes(estimate, figure.name), "" if figure.name in _SIZES else assumption(claim)]
    bound = total.bound
    if way:
        # The most power that the energies known allow; others may be missing from it.
        open_ended = figure.name == "power" and bool(estimate.constants.uncharged)
        bound = "of the parts known" if open_ended else "at least" if figure.name == "latency" else "at most"
        notes.append(way)
    return modelled(
        key,
        total.value,
        Arithmetic(
            formula=figure.formula,
            inputs=(GivenNumber("hardware profile", chip.profile.name, chip.named),),
            standing="chip model",
            weakest=total.standing,
            prose=partial(terms_of, estimate, figure.name),
        ),
        claim=claim,
        verdict=not_comparable(why)
        if (why := _unlike(claim) or _run_otherwise(context, figure, claim))
        else None,
        bound="at least" if figure.name == "area" and _tiles_alone(estimate) else bound,
        note="; ".join(note for note in notes if note),
    )


def _unlike(claim: Claim | None) -> str:
    """Say why a claim is of something else than the chip's model; empty where it is not."""
    if claim is None:
        return ""
    parts = "it is that of a part of an inference, such as a token" if claim.of_part else ""
    return not_of_the_chip(claim) or parts


def _run_otherwise(context: PointContext, figure: _Figure, claim: Claim | None) -> str:
    """Say how else the chip may be used than the model has it; empty where the sheet does not hint at it."""
    estimate, tiles = context.chip.sizes, context.claim("parameters", "tiles")
    if claim is None or estimate is None:
        return ""
    if figure.name == "area" and estimate.chips > 1:
        return f"it may be that of one chip, and the model has {estimate.chips:,}"
    taken = 0 if context.mapping is None else context.mapping.tiles
    if figure.name == "area" and tiles is not None and tiles.quantity.low > taken:
        return f"{tiles.quantity.text} tiles hold some layers several times, and the model has each once"
    return ""


def _stated_tiles(context: PointContext) -> float:
    """Return the least number of tiles that the sheet states; 0 where it states none."""
    tiles = context.claim("parameters", "tiles")
    return 0.0 if tiles is None else tiles.quantity.low


def _quickest(context: PointContext, estimate: Estimate, *, bounded: bool) -> tuple[Estimate, str] | None:
    """Estimate the quickest that a chip can be, where the chosen estimate bounds nothing.

    It bounds nothing where the sheet states more tiles than the network takes, so that slow layers can be held several
    times; and where a bound is meant and layers that stream inputs through the chip are quicker than the structure that
    is taken unless another is asked for.

    Args:
        context: the sheet at its operating point.
        estimate: each layer once, under the chosen structure.
        bounded: whether times are shown as bounds.

    Returns:
        The estimate and how it differs; `None` where the chosen one will do.
    """
    times, request = estimate.latencies, context.request
    quickest = min(times, key=lambda name: times[name]) if times else estimate.structure
    copies = _copies(context)
    streams = (
        bounded and times[quickest] < times[estimate.structure] and request.structure == Request().structure
    )
    if copies is None and not streams:
        return None
    structure = quickest if copies is not None or streams else estimate.structure
    found = modelled_run(
        estimate.network,
        estimate.constants,
        batch=estimate.batch,
        structure=structure,
        copies=copies,
        chips=request.placement.chips,
        fuse=request.placement.fuse,
        packing=request.placement.packing,
        convention=estimate.convention,
    )
    ways = [] if copies is None else [_COPIED.format(f"{_stated_tiles(context):,.0f}")]
    ways += [] if structure == estimate.structure else [f"{structure}, the quickest structure"]
    return found, "; ".join(ways)


def _copies(context: PointContext) -> Mapping[str, int] | None:
    """Return copies of the busiest layers on all the tiles that the sheet states; `None` where there is no room."""
    mapping, network = context.mapping, context.network
    own = context.stated_tile in (None, context.tile) and not context.chip.another
    if mapping is None or network is None or not own or context.request.placement.given:
        return None
    stated = _stated_tiles(context)
    if stated <= mapping.tiles or not math.isfinite(stated):
        return None
    return balance(network, mapping.tile, tiles=int(stated))


def _tiles_alone(estimate: Estimate) -> bool:
    """Return whether the profile knows the area of tiles, and of nothing else on a chip."""
    return estimate.constants.tile_overhead_area is None


def _notes(estimate: Estimate, name: FigureName) -> Iterator[str]:
    if name == "latency":
        low, high = estimate.latency_range or (0.0, 0.0)
        yield (
            f"{estimate.structure}; {format_value(low, 'time', 4)} to {format_value(high, 'time', 4)} {OVER_STRUCTURES}"
        )
    if estimate.totals[name].bound == "of the parts known":
        yield "of the parts that the profile knows: it can be off either way"
    if name in _OF_ALL_CHIPS and estimate.chips > 1:
        yield OF_ALL_CHIPS.format(f"{estimate.chips:,}")
    if name == "area" and _tiles_alone(estimate):
        yield f"{TILES_ALONE}: the profile gives no area of what else a chip has, so a chip is larger"
    standing = estimate.totals[name].standing
    weak = [c for c in estimate.totals[name].constants if getattr(estimate.constants, c).standing == standing]
    if standing != "published":
        named = [_named(c, getattr(estimate.constants, c)) for c in weak]
        yield f"rests on {standing} constants: {', '.join(named)}"


def ranges_over_structures(estimate: Estimate) -> dict[str, tuple[str, float, float]]:
    """Return the least and most that the time of a run is over the execution structures, and what hangs on it.

    Returns:
        By name, the dimension and both ends: `latency`, and where they differ `throughput` and, unless power is drawn
        in standby, `power`. Empty where the time is not known.
    """
    low, high = estimate.latency_range or (0.0, 0.0)
    if low <= 0:
        return {}
    found = {"latency": ("time", low, high)}
    if low == high:
        return found
    found["throughput"] = ("throughput", estimate.batch / high, estimate.batch / low)
    total, split = estimate.totals.get("energy"), estimate.figures.split
    if total is not None and split is not None and not split.standby:
        found["power"] = ("power", total.value * estimate.batch / high, total.value * estimate.batch / low)
    return found


def _named(name: str, constant: Constant) -> str:
    return f"{name} (fitted to {constant.fitted_to})" if constant.fitted_to else name
