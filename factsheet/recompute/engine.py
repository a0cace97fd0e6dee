"""From a sheet to everything that follows from it."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from factsheet.recompute.comparisons.field_claims import (
    estimate_in_field,
    first_of_each_metric,
    implied_in_field,
)
from factsheet.recompute.context import build_context
from factsheet.recompute.derivation import ConventionTotal, Derivation, layers_of, notes_of, totals_of
from factsheet.recompute.derivations.chip import PREFIX, chip_facts
from factsheet.recompute.derivations.digital_device import digital_facts
from factsheet.recompute.derivations.energy import ENERGY
from factsheet.recompute.derivations.operations import OPS
from factsheet.recompute.derivations.scores import SCORES
from factsheet.recompute.derivations.sizes import SIZES
from factsheet.recompute.derivations.tiles import TILES
from factsheet.recompute.registry import Registry
from factsheet.recompute.request import Request
from factsheet.recompute.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.hardware.survey.standing import Bound
    from factsheet.recompute.comparisons.field_claims import ClaimInField
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields

_BOUNDS: tuple[Bound, ...] = ("at most", "at least")

DERIVATIONS = Registry(SIZES, TILES, OPS, ENERGY, SCORES)
"""Every derivation, in the order in which facts are listed."""


def recompute(sheet: SheetFields, request: Request | None = None) -> Derivation:
    """Recompute every fact that the sheet allows, and compare it with what the sheet claims.

    What the sheet does not allow comes back as `not_comparable` with the reason; a structure that cannot be is in
    `problem`. Claims that are stated for another operating point or tile are not compared.

    Args:
        sheet: the sheet.
        request: the operating point, the counting, the chip; by default all is as the sheet says.

    Raises:
        DeriveError: a sequence length or batch out of range, or an unknown convention.
        WorkloadError: a source in the request cannot be read, or a pattern in it fits nothing.
    """
    context = build_context(sheet, request or Request())
    claim = context.row_claim("total_ops")
    conventions = tuple(
        ConventionTotal(
            name=count.convention.name,
            digital_ops=count.digital,
            total_ops=count.total,
            verdict=judge(claim, count.total),
        )
        for count in context.counts
    )
    facts = tuple(DERIVATIONS.run(context))
    modelled = tuple(chip_facts(context) if context.digital is None else digital_facts(context))
    return Derivation(
        name=sheet.overview.name.words(),
        model_name=sheet.overview.model.words(),
        point=context.point,
        convention=context.convention,
        convention_is_stated=context.convention_is_stated,
        tile=context.tile,
        totals=totals_of(context),
        layers=tuple(layers_of(context)),
        conventions=conventions,
        facts=facts,
        notes=tuple(notes_of(context)),
        problem=context.problem,
        request=context.request,
        run=context.request.run(context.point.seq_len or 1),
        sizes=context.point.sizes(context.network),
        unreached={} if context.network is None else context.network.unreached,
        chip=context.chip,
        chip_facts=modelled,
        in_field=tuple(_in_field(context, facts, modelled)),
        digital=context.digital,
    )


def _in_field(
    context: PointContext, facts: Sequence[DerivedFact], modelled: Sequence[DerivedFact]
) -> Iterator[ClaimInField]:
    """Yield the places of the sheet's figures, of what follows from them, and of the model's among published ones."""
    if context.digital is not None:
        return  # the places are those of the analog chip
    if context.request.own_network and not context.chip.another:
        stated = tuple(first_of_each_metric(context.comparisons.in_field))
        yield from stated
        if not any(found.claim.metric == "efficiency" for found in stated):
            yield from _implied(context, facts)
    estimate, profile = context.chip.estimate, context.chip.profile
    rate = None if estimate is None else estimate.figures.tops_per_watt
    if rate and profile is not None:
        text = next((fact.text for fact in modelled if fact.name == f"{PREFIX}tops_per_watt"), "")
        bound: Bound = next((word for word in _BOUNDS if text.startswith(word)), "")
        yield estimate_in_field(context.sheet, profile, rate, bound=bound)


def _implied(context: PointContext, facts: Sequence[DerivedFact]) -> Iterator[ClaimInField]:
    """Yield the place of the efficiency that a stated energy gives with the operations that are counted here."""
    found = next((fact for fact in facts if fact.name == "tops_per_watt"), None)
    if found is None or not found.derived or found.derived <= 0 or not isfinite(found.derived):
        return
    if context.sheet.audience.hardware == "in-memory":
        yield implied_in_field(context.sheet, found.derived, found.formula)
