"""From a sheet to everything that follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.recompute.context import build_context
from factsheet.recompute.derivation import ConventionTotal, Derivation, layers_of, notes_of, totals_of
from factsheet.recompute.derivations.chip import chip_facts
from factsheet.recompute.derivations.energy import ENERGY
from factsheet.recompute.derivations.operations import OPS
from factsheet.recompute.derivations.scores import SCORES
from factsheet.recompute.derivations.sizes import SIZES
from factsheet.recompute.derivations.tiles import TILES
from factsheet.recompute.registry import Registry
from factsheet.recompute.verdict import compare

if TYPE_CHECKING:
    from factsheet.crossbar.mapping import TileShape
    from factsheet.recompute.context import Setting
    from factsheet.sheet.model import SheetFields

DERIVATIONS = Registry(SIZES, TILES, OPS, ENERGY, SCORES)
"""Every derivation, in the order in which facts are listed."""


def derive(
    sheet: SheetFields,
    *,
    seq_len: int | None = None,
    batch: int | None = None,
    tile: TileShape | None = None,
    convention: str | None = None,
    setting: Setting | None = None,
) -> Derivation:
    """Derive every fact that the sheet allows, and compare it with what the sheet claims.

    What the sheet does not allow comes back as `not_derivable` with the reason; a structure that can not be
    is in `problem`. Claims that are stated for another operating point or tile are not compared.

    Args:
        sheet: the sheet.
        seq_len: tokens in one sequence; by default those of the sheet's first operating point.
        batch: sequences processed together; by default likewise.
        tile: geometry of one array; by default the sheet's.
        convention: name of a counting convention; by default the one that the sheet names, else `consistent`.
        setting: what lies on tiles, a decode step, the size of an image, or another source of the operators.

    Raises:
        DeriveError: a sequence length or batch out of range, or an unknown convention.
        WorkloadError: a source in `setting` can not be read, or a pattern in it fits nothing.
    """
    context = build_context(sheet, seq_len, batch, tile, convention, setting)
    claimed = context.point.claim("total_ops")
    conventions = tuple(
        ConventionTotal(count.convention.name, count.digital, count.total, compare(count.total, claimed))
        for count in context.counts
    )
    return Derivation(
        sheet.overview.name.words(),
        sheet.overview.model.words(),
        context.point,
        context.convention,
        context.convention_is_stated,
        context.tile,
        totals_of(context),
        tuple(layers_of(context)),
        conventions,
        tuple(DERIVATIONS.run(context)),
        tuple(notes_of(context)),
        context.problem,
        context.setting.policy,
        context.setting.run(context.point.seq_len or 1),
        context.setting.model,
        context.chip,
        tuple(chip_facts(context)),
        context.setting.placing,
    )
