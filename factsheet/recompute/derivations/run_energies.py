"""Compare what one run, and one operation, takes of energy by each way that the sheet and its chip model give it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.quantity import format_value
from factsheet.recompute.identities import RECIPROCAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.facts.fact import Fact
    from factsheet.quantities.interval import Interval
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.facts import DerivedFact

_DIGITS = 3
_FEWEST = 2


class RunEnergy(NamedTuple):
    """The energy of one run by one way.

    Attributes:
        words: the way, for the middle of a sentence: `the chip model`.
        energy_j: in J.
        text: with its unit, and no more digits than are known.
        reach: every energy that the digits of the sheet allow, in J; `None` where they set no limits.
    """

    words: str
    energy_j: float
    text: str
    reach: Interval | None = None


def run_energies(derivation: Derivation) -> tuple[RunEnergy, ...]:
    """Return the energy of one run of the batch at the operating point, by every way that there is."""
    return tuple(_energies(derivation))


def _energies(derivation: Derivation) -> Iterator[RunEnergy]:
    batch = derivation.point.batch
    facts = {fact.name: fact for fact in reversed(derivation.facts) if fact.text and fact.derived is not None}
    run = facts.get("energy")
    if run is not None and run.derived is not None:
        if run.claimed is not None and run.claimed.kind == "point":
            claimed = run.claimed
            yield RunEnergy("the sheet's own figure", claimed.value, claimed.text, claimed.meant)
        yield RunEnergy(run.formula.replace(" · ", " times "), run.derived, run.significant_text, run.reach)
    one = facts.get("energy_per_inference")
    if (
        one is not None
        and one.derived is not None
        and batch is not None
        and one.formula == RECIPROCAL.formula
    ):
        energy = one.derived * batch
        reach = None if one.reach is None else one.reach.scaled(batch)
        yield RunEnergy("the energy efficiency", energy, format_value(energy, "energy", _DIGITS), reach)
    estimate = derivation.chip.estimate
    total = None if estimate is None else estimate.totals.get("energy")
    if estimate is not None and total is not None:
        energy = total.value * estimate.batch
        bound = "" if total.bound is None else f"{total.bound} "
        yield RunEnergy("the chip model", energy, f"{bound}{format_value(energy, 'energy', _DIGITS)}")


def run_energy_sentence(found: Sequence[RunEnergy]) -> str | None:
    """Return what one run takes by each way, and whether they agree; `None` where there are fewer than two ways."""
    if len(found) < _FEWEST:
        return None
    ways = [f"{way.text} by {way.words}" for way in found]
    said = f"Energy of one run: {', '.join(ways[:-1])} and {ways[-1]}."
    reaches = [way.reach for way in found if way.reach is not None and math.isfinite(way.reach.width)]
    if not reaches:
        return said
    widest = max(reaches, key=lambda reach: reach.width)
    ends = f"{format_value(widest.low, 'energy', _DIGITS)} to {format_value(widest.high, 'energy', _DIGITS)}"
    beyond = [way.text for way in found if not _meets(way, widest)]
    if not beyond:
        known = ends.partition(" to ")[0] == ends.partition(" to ")[2]
        return f"{said} They agree{'' if known else f': the digits of the sheet allow {ends}'}."
    return (
        f"{said} They do not all agree: the digits of the sheet allow {ends}, and not {' or '.join(beyond)}."
    )


def _meets(way: RunEnergy, reach: Interval) -> bool:
    return reach.contains(way.energy_j) if way.reach is None else reach.overlaps(way.reach)


ENERGY, RATE = "performance.energy_per_inference", "performance.tops_per_watt"


class RateByEnergy(NamedTuple):
    """Operations per joule by the energy of an inference.

    Attributes:
        value: in operations per joule.
        approximate: whether the stated operations are.
        other: the same by operations, time and power, as text; empty where nothing gives it.
        fits: whether the digits of the sheet allow both.
    """

    value: float
    approximate: bool
    other: str
    fits: bool


def rate_by_energy(
    recomputed: Mapping[str, DerivedFact], total_ops: Fact | None, batch: int
) -> RateByEnergy | None:
    """Return the operations of an inference over its energy; `None` where one of them is not known.

    By operations, time and power it comes out otherwise where the digits of the sheet leave room, and would not fit the
    energy beside it.

    Args:
        recomputed: what was derived, by path.
        total_ops: the stated operations of one run at the operating point.
        batch: how many inferences that run is.
    """
    energy, other = recomputed.get(ENERGY), recomputed.get(RATE)
    ops = None if total_ops is None else total_ops.quantity
    if energy is None or not energy.derived or total_ops is None or ops is None:
        return None
    value = ops.value / batch / energy.derived
    fits = other is not None and other.reach is not None and other.reach.contains(value)
    return RateByEnergy(value, ops.approximate, "" if other is None else other.text, fits)
