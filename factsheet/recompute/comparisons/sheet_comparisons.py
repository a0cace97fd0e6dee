"""All comparisons of one sheet's claims with what follows from the rest of the sheet.

Rules, `factsheet derive` and pages read the same ones; each kind is worked out when it is first needed.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from factsheet.recompute.comparisons.chip_claims import compare_chip
from factsheet.recompute.comparisons.implied_claims import implied_claims
from factsheet.recompute.comparisons.operation_claims import (
    compare_operations,
    compare_sums,
    points_not_counted,
)
from factsheet.recompute.comparisons.rate_claims import tops_per_watt_claims
from factsheet.recompute.comparisons.repeated_claims import (
    first_of_each,
    out_of_order,
    rates_without_batch,
    stated_elsewhere,
    stated_twice,
    without_batch,
)
from factsheet.recompute.comparisons.score_claims import compare_averages, compare_gaps, compare_quotes
from factsheet.recompute.comparisons.score_copies import unmatched_scores
from factsheet.recompute.comparisons.size_claims import compare_size_on_disk
from factsheet.recompute.comparisons.structure_claims import compare_structure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.recompute.comparisons.chip_claims import ModelledClaim
    from factsheet.recompute.comparisons.field_claims import ClaimInField
    from factsheet.recompute.comparisons.implied_claims import Implied
    from factsheet.recompute.comparisons.operation_claims import ComparedOperations, ComparedSum
    from factsheet.recompute.comparisons.repeated_claims import Repeated, Unplaced
    from factsheet.recompute.comparisons.score_claims import ComparedAverage, ComparedGap, ComparedQuote
    from factsheet.recompute.comparisons.score_copies import UnmatchedScore
    from factsheet.recompute.comparisons.size_claims import ComparedSize
    from factsheet.recompute.comparisons.structure_claims import Compared
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath


class SheetComparisons:
    """The comparisons of one sheet."""

    def __init__(self, sheet: SheetFields) -> None:
        self.sheet = sheet

    @cached_property
    def structure(self) -> Mapping[str, Compared]:
        """Figures that the declared structure alone determines, by name."""
        return {compared.name: compared for compared in compare_structure(self.sheet)}

    @cached_property
    def size_on_disk(self) -> ComparedSize | None:
        """The size on disk."""
        return compare_size_on_disk(self.sheet)

    @cached_property
    def operations(self) -> tuple[ComparedOperations, ...]:
        """Operations at every operating point."""
        return tuple(compare_operations(self.sheet))

    @cached_property
    def points_not_counted(self) -> tuple[KeyPath, ...]:
        """Operating points whose operations a network is too large to be compared at."""
        return points_not_counted(self.sheet) if self.has_points else ()

    @cached_property
    def sums(self) -> tuple[ComparedSum, ...]:
        """Totals of operations that the sheet states with their parts."""
        return tuple(compare_sums(self.sheet))

    @cached_property
    def implied(self) -> tuple[Implied, ...]:
        """Figures that other figures of their operating point imply."""
        return (*implied_claims(self.sheet), *tops_per_watt_claims(self.sheet))

    @cached_property
    def modelled(self) -> tuple[ModelledClaim, ...]:
        """Figures of the chip, where a hardware profile is named."""
        return tuple(compare_chip(self.sheet))

    @cached_property
    def in_field(self) -> tuple[ClaimInField, ...]:
        """Efficiencies and densities, with their place among published designs."""
        # Few sheets have one, and the survey is a file of its own.
        from factsheet.recompute.comparisons.field_claims import claims_in_field

        return tuple(claims_in_field(self.sheet))

    @cached_property
    def averages(self) -> tuple[ComparedAverage, ...]:
        """Published averages of the result tables."""
        return tuple(compare_averages(self.sheet))

    @cached_property
    def gaps(self) -> tuple[ComparedGap, ...]:
        """Claimed gaps between analog and digital systems."""
        return tuple(compare_gaps(self.sheet))

    @cached_property
    def quotes(self) -> tuple[ComparedQuote, ...]:
        """Scores of the training section that are copies of an average."""
        return tuple(compare_quotes(self.sheet))

    @cached_property
    def stated_twice(self) -> tuple[Repeated, ...]:
        """Figures that are given twice for an operating point, and differ."""
        return tuple(first_of_each(stated_twice(self.sheet))) if self.has_points else ()

    @cached_property
    def stated_elsewhere(self) -> tuple[Repeated, ...]:
        """Figures that are the same at two lengths of a sequence."""
        return tuple(first_of_each(stated_elsewhere(self.sheet))) if self.has_points else ()

    @cached_property
    def out_of_order(self) -> tuple[Repeated, ...]:
        """Figures of a run that are smaller at a larger operating point."""
        return tuple(first_of_each(out_of_order(self.sheet))) if self.has_points else ()

    @cached_property
    def unplaced(self) -> tuple[Unplaced, ...]:
        """Figures whose batch is not stated and that no batch makes agree."""
        return (*without_batch(self.sheet), *rates_without_batch(self.sheet))

    @property
    def has_points(self) -> bool:
        """Whether the sheet states operating points at all."""
        return bool(self.sheet.parameters and self.sheet.parameters.operating_points)

    @cached_property
    def unmatched_scores(self) -> tuple[UnmatchedScore, ...]:
        """Scores that are stated as those of a row or a time, and are none of them."""
        return tuple(unmatched_scores(self.sheet))
