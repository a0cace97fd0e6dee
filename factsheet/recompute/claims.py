"""Claims: the figures of a sheet that a recomputed value is compared with, each with what the sheet says beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.facts.fact import Fact
    from factsheet.facts.section import Section
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.source.document import KeyPath

StatedPoint: TypeAlias = "tuple[object, object]"
"""Sequence length and batch as stated with a figure; `None` or `not stated` where they are not."""
NO_POINT: StatedPoint = (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claimed quantity.

    Attributes:
        path: its place in the sheet.
        quantity: the figure.
        tolerance: relative difference that the sheet accepts of a recomputed value, 0 where it names none.
        tolerance_reason: the sheet's reason for it.
        derived: whether the sheet says that it was derived, itself or by its section's or its own provenance.
        point: the operating point that is stated with it.
    """

    path: KeyPath
    quantity: Quantity
    tolerance: float = 0.0
    tolerance_reason: str = ""
    derived: bool = False
    point: StatedPoint = NO_POINT


def points(sheet: SheetFields) -> Iterator[tuple[KeyPath, OperatingPoint]]:
    """Yield every operating point of the sheet with its place."""
    given = (sheet.parameters.operating_points or ()) if sheet.parameters else ()
    for index, point in enumerate(given):
        yield ("parameters", "operating_points", index), point


def claim_at(sheet: SheetFields, section: str, field: str) -> Claim | None:
    """Return the claim of a section's field, if the field holds a quantity."""
    holder: Section | None = getattr(sheet, section)
    fact: Fact | None = None if holder is None else getattr(holder, field)
    return None if fact is None else claim_of(sheet, fact, (section, field))


def claim_of(
    sheet: SheetFields, fact: Fact | None, path: KeyPath, *, point: StatedPoint | None = None
) -> Claim | None:
    """Return a fact as a claim, if it is a quantity.

    Args:
        sheet: the sheet, whose provenance counts where the fact and its section name none.
        fact: the fact.
        path: its place.
        point: the operating point that it belongs to; by default the one that is stated with it.
    """
    quantity = None if fact is None else fact.quantity
    if fact is None or quantity is None:
        return None
    if point is None:
        point = NO_POINT if fact.at is None else (fact.at.seq_len, fact.at.batch)
    return Claim(
        path=path,
        quantity=quantity,
        tolerance=fact.tolerance or 0.0,
        tolerance_reason=fact.tolerance_reason or "",
        derived=_source(sheet, fact, str(path[0])) == "derived",
        point=point,
    )


def _source(sheet: SheetFields, fact: Fact, section: str) -> str | None:
    """Return the fact's own source, else its section's, else the sheet's."""
    if fact.source is not None:
        return fact.source
    nearest = getattr(sheet, section).provenance
    if nearest is not None and nearest.source is not None:
        source: str = nearest.source
        return source
    return None if sheet.provenance is None else sheet.provenance.source
