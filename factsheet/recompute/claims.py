"""Claims: the figures of a sheet that a recomputed value is compared with, each with what the sheet says beside it."""

from __future__ import annotations

import re
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

ESTIMATED = "Estimated by the cost model on"
"""How the note on a figure begins that the cost model gave a sheet; `factsheet new` and `fill` write it."""
_OVERLAP = r"(?i)\b(?:pipelin\w+|overlap\w*)\b"
COMPUTED = "Computed"
"""Likewise of a figure that follows from others of the sheet."""


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
    boundary: str = ""
    """Of an energy, a power or an efficiency, what it includes: `tile`, `chip`, `board` or `wall`."""
    estimated: bool = False
    """Whether the sheet has it from the cost model, by its note: the model cannot be a check of it."""
    of_part: bool = False
    """Whether what it counts is, by `performance.inference_unit`, a part of a sequence, such as a token."""

    note: str = ""
    """What the sheet says with it."""

    @property
    def overlaps(self) -> bool:
        """Whether the sheet says with it that inferences overlap in time, as in a pipeline."""
        return re.search(_OVERLAP, self.note) is not None

    def incomparable(self, *others: Claim) -> str:
        """Say why figures that include different things cannot be compared; empty where they include the same."""
        if not self.boundary:
            return ""
        other = next((o for o in others if o.boundary not in ("", self.boundary)), None)
        if other is None:
            return ""
        return f"{self.quantity.text} is of the {self.boundary}, and {other.quantity.text} of the {other.boundary}"


CHIP = "chip"
"""What an energy includes where nothing else is said, and what the cost model works out."""
ENERGIES = frozenset({"power", "energy", "energy_per_inference", "energy_efficiency", "tops_per_watt"})
_PER_INFERENCE = frozenset({"throughput", "energy_per_inference", "energy_efficiency"})
COUNTED = frozenset(
    {
        *_PER_INFERENCE,
        *("latency", "execution_time", "classification_time", "latency_p50", "latency_p99"),
        *("throughput_cpu", "throughput_gpu", "energy_baseline"),
    }
)
"""Figures that are of one inference, whatever that is."""
_PARTS = frozenset({"token", "frame"})


def inference_of(sheet: SheetFields, usual: str, *, whole: bool = False) -> str:
    """Return what one inference of a sheet is: figures of another kind of inference are not comparable.

    Args:
        sheet: the sheet.
        usual: what it is where the sheet does not say so, and where a part is not meant.
        whole: whether the figure was worked out for a whole run: never for a part, such as a token.
    """
    fact = None if sheet.performance is None else sheet.performance.inference_unit
    stated = "" if fact is None else fact.text or ""
    return usual if not stated or (whole and stated in _PARTS) else stated


def boundary_of(sheet: SheetFields, row: int | None = None) -> str:
    """Return what the energies, powers and efficiencies of a sheet include: `tile`, `chip`, `board` or `wall`.

    Args:
        sheet: the sheet.
        row: the operating point that a figure belongs to, which can say so itself.
    """
    points = (sheet.parameters.operating_points or ()) if sheet.parameters is not None else ()
    own = None if row is None else points[row].energy_boundary
    common = None if sheet.performance is None else sheet.performance.energy_boundary
    return next((text for fact in (own, common) if fact is not None and (text := fact.text)), CHIP)


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


def is_estimate(source: str | None, note: str | None) -> bool:
    """Return whether a figure of a sheet is one that the cost model gave it, by its provenance and its note."""
    return source == "derived" and (note or "").startswith(ESTIMATED)


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
    source = _source(sheet, fact, str(path[0]))
    return Claim(
        path=path,
        quantity=quantity,
        tolerance=fact.tolerance or 0.0,
        tolerance_reason=fact.tolerance_reason or "",
        derived=source == "derived",
        estimated=is_estimate(source, fact.note),
        point=point,
        boundary=_boundary(sheet, path),
        of_part=_is_of_part(sheet, path),
        note=fact.note or "",
    )


def _boundary(sheet: SheetFields, path: KeyPath) -> str:
    """Return what an energy, a power or an efficiency includes; empty for other figures."""
    if path[-1] not in ENERGIES:
        return ""
    holder: Fact | None = None
    if path[0] == "performance":
        holder = None if sheet.performance is None else sheet.performance.energy_boundary
    elif path[:2] == ("parameters", "operating_points") and sheet.parameters is not None:
        row = (sheet.parameters.operating_points or ())[int(path[2])]
        holder = row.energy_boundary
        if holder is None and sheet.performance is not None:
            holder = sheet.performance.energy_boundary
    return (
        None if holder is None else holder.text
    ) or CHIP  # `parameters.power` is the chip's by its definition


def _is_of_part(sheet: SheetFields, path: KeyPath) -> bool:
    unit = None if sheet.performance is None else sheet.performance.inference_unit
    return unit is not None and unit.text in _PARTS and path[-1] in _PER_INFERENCE


def _source(sheet: SheetFields, fact: Fact, section: str) -> str | None:
    """Return the fact's own source, else its section's, else the sheet's."""
    if fact.source is not None:
        return fact.source
    nearest = getattr(sheet, section).provenance
    if nearest is not None and nearest.source is not None:
        source: str = nearest.source
        return source
    return None if sheet.provenance is None else sheet.provenance.source
