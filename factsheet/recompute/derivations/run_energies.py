"""Compare what one run takes of energy by each way that the sheet and its chip model give it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.quantity import format_value
from factsheet.recompute.identities import RECIPROCAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.quantities.interval import Interval
    from factsheet.recompute.derivation import Derivation

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
