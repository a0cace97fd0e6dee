"""Figures that the declared structure alone determines: what it gives for the claims, by every interpretation.

A claim differs only if no interpretation of the declaration gives it. One that only a placement or a way of counting
gives that the sheet does not state fits, and its verdict names that reading; one that is not explained but may be right
all the same, such as a number of tiles that leaves room for copies, says what would make it so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from factsheet.recompute.claims import claim_at
from factsheet.recompute.comparisons.inputs import geometry_of, structure_inputs, tile_inputs
from factsheet.recompute.comparisons.structure_readings import possibility, reading_of
from factsheet.recompute.interpretations import affordable, declared, interpretations, sizes, untried
from factsheet.recompute.interpretations import tiles as tiles_of
from factsheet.recompute.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.networks.declared import Declaration, NetworkStructure
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.comparisons.inputs import Related, TileGeometry
    from factsheet.recompute.interpretations import CompletedDeclaration
    from factsheet.recompute.verdict import Verdict
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

PLACES = {
    "parameters": ("parameters", "parameters"),
    "analog_weights": ("parameters", "analog_weights"),
    "reuse_factor": ("parameters", "reuse_factor"),
    "tiles": ("parameters", "tiles"),
    "devices": ("parameters", "devices"),
    "size_on_chip": ("performance", "size_on_chip"),
}
"""Section and field of each figure, by its name in `factsheet derive`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A claim with what the declared structure gives for it."""

    name: str
    claim: Claim
    value: int
    """By the interpretation that `factsheet derive` takes."""
    verdict: Verdict
    known: Declaration
    """The network as it is declared."""
    geometry: TileGeometry
    values: tuple[int, ...]
    """By every interpretation that was tried; the first one that fits is the last."""
    possible: str = ""
    """Of a claim that differs, what the sheet does not say and would make it right; empty where nothing would."""

    @property
    def structure(self) -> KeyPath:
        """Where the dimensions are that it is recomputed from."""
        return self.known.path

    def related(self, sheet: SheetFields) -> Related:
        """Return every field that enters the comparison."""
        name, geometry = self.name, self.geometry
        sides: dict[str, tuple[str, ...]] = {"devices": ("devices_per_weight",)}
        if name in ("tiles", "size_on_chip"):
            sides[name] = ("rows", "cols")
        return (
            *structure_inputs(self.known, lambda structure: _value(name, structure, geometry)),
            *tile_inputs(sheet, sides.get(name, ())),
        )


def compare_structure(sheet: SheetFields, names: Sequence[str] = tuple(PLACES)) -> Iterator[Compared]:
    """Compare the claims of these figures that the structure determines.

    An output layer, which the declaration of an encoder has no key for, may count among the parameters; not where the
    sheet says that their number was derived from the declaration.

    Args:
        sheet: the sheet.
        names: keys of `PLACES`.
    """
    known: Declaration | None = None
    for name in names:
        claim = claim_at(sheet, *PLACES[name])
        if claim is None or claim.quantity.dimension != "count":
            continue
        known = known or declared(sheet)
        if known is None:
            return
        if name == "parameters" and not known.complete:
            continue
        heads_of = sheet if name == "parameters" and not claim.derived else None
        geometry = geometry_of(sheet)
        candidates = (
            (value, interpretation)
            for interpretation in islice(interpretations(known, heads_of), affordable(known))
            if (value := _value(name, interpretation.structure, geometry)) is not None
        )
        found = judge_any(claim, candidates)
        if found is None:
            continue
        verdict, values = found
        possible = ""
        if verdict.fits is False and not claim.derived:
            verdict = reading_of(sheet, claim, name, known) or verdict
            if not verdict.fits:
                possible = possibility(sheet, claim, name, known) or untried(known, heads_of)
        yield Compared(
            name=name,
            claim=claim,
            value=values[0],
            verdict=verdict,
            known=known,
            geometry=geometry,
            values=values,
            possible=possible,
        )


def judge_any(
    claim: Claim, candidates: Iterable[tuple[int, CompletedDeclaration]]
) -> tuple[Verdict, tuple[int, ...]] | None:
    """Return the verdict by the first interpretation that fits, else by the first, and the values that were tried."""
    first: Verdict | None = None
    values: list[int] = []
    for value, interpretation in candidates:
        verdict = judge(claim, value)
        values.append(value)
        if verdict.fits:
            return replace(verdict, interpretation=interpretation.words), tuple(values)
        first = first or verdict
    return None if first is None else (first, tuple(values))


def _value(name: str, structure: NetworkStructure, geometry: TileGeometry) -> int | None:
    """Return a figure of one interpretation; `None` where the sheet says too little about its arrays."""
    rows, cols, each = geometry
    if name == "parameters":
        return sizes(structure).parameters
    if name == "analog_weights":
        return sizes(structure).analog_weights
    if name == "reuse_factor":
        return sizes(structure).reuse_factor
    if name == "devices":
        return None if each is None else sizes(structure).stored_weights * each
    return None if rows is None or cols is None else tiles_of(structure, rows, cols)
