"""The figures of a sheet that its declared structure alone determines, each with what it gives for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Finding
from factsheet.recompute.claims import apart, claim_at
from factsheet.recompute.interpretations import declared, readings, sizes, tiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.networks.declared import Declaration, NetworkStructure
    from factsheet.recompute.claims import Claim
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

    Geometry = tuple[int | None, int | None, int | None]
    """Rows and columns of an array, and devices that hold a weight, as far as the sheet says."""

PLACES = {
    "parameters": ("parameters", "parameters"),
    "analog_weights": ("parameters", "analog_weights"),
    "reuse_factor": ("parameters", "reuse_factor"),
    "tiles": ("parameters", "tiles"),
    "devices": ("parameters", "devices"),
    "size_on_chip": ("performance", "size_on_chip"),
}
"""Section and field of each figure, by its name in `factsheet.derive`."""


class StructureClaim(NamedTuple):
    """A claim with what the structure gives: `factsheet.derive`'s value first, then those of other readings."""

    name: str
    claim: Claim
    values: Iterator[int]
    structure: KeyPath
    """Where the dimensions are that it is recomputed from."""

    def differing(self) -> int | None:
        """The first value if the claim agrees with none of them."""
        first = None
        for value in self.values:
            if self.claim.allows(value):
                return None
            first = value if first is None else first
        return first


def recomputations(
    sheet: SheetFields, names: Sequence[str], *, derived: bool, heads: bool = False
) -> Iterator[StructureClaim]:
    """Claims of these figures that the structure determines.

    Args:
        sheet: the sheet.
        names: keys of `PLACES`.
        derived: whether to take the claims that the sheet says are derived, or the others.
        heads: whether an output layer, which the declaration has no key for, may count as well.
    """
    known: Declaration | None = None
    for name in names:
        claim = claim_at(sheet, *PLACES[name])
        if claim is None or claim.derived != derived or claim.quantity.dimension != "count":
            continue
        known = known or declared(sheet)
        if known is None:
            return
        if name != "parameters" or known.complete:
            shapes = readings(known, sheet if heads else None)
            yield StructureClaim(name, claim, _values(name, shapes, _geometry(sheet)), known.path)


def _values(name: str, shapes: Iterator[NetworkStructure], geometry: Geometry) -> Iterator[int]:
    for shape in shapes:
        value = _value(name, shape, geometry)
        if value is not None:
            yield value


def _geometry(sheet: SheetFields) -> Geometry:
    tile = None if sheet.parameters is None else sheet.parameters.tile
    if tile is None:
        return None, None, None
    each = tile.devices_per_weight
    return (tile.rows.whole, tile.cols.whole, None if each is None else each.whole)


def _value(name: str, shape: NetworkStructure, geometry: Geometry) -> int | None:
    """A figure of one reading; `None` where the sheet says too little about its arrays."""
    rows, cols, each = geometry
    if name == "parameters":
        return sizes(shape).parameters
    if name == "analog_weights":
        return sizes(shape).analog_weights
    if name == "reuse_factor":
        return sizes(shape).reuse_factor
    if name == "devices":
        return None if each is None else sizes(shape).analog_weights * each
    return None if rows is None or cols is None else tiles(shape, rows, cols)


def differences(
    sheet: SheetFields, names: Sequence[str], what: str, mend: str, *, heads: bool = False
) -> Iterator[Finding]:
    """A finding for each of these claims that no reading of the declared structure gives.

    Args:
        sheet: the sheet.
        names: keys of `PLACES`.
        what: what is claimed, for the message: `parameters`.
        mend: how to mend it.
        heads: as for `recomputations`.
    """
    for found in recomputations(sheet, names, derived=False, heads=heads):
        value = found.differing()
        if value is not None:
            quantity = found.claim.quantity
            yield Finding(
                found.claim.path,
                f"{quantity.text} is claimed, but the declared structure gives {value:,} {what}: "
                f"{apart(value, quantity.value)}",
                f"{mend}; `factsheet derive --explain {found.name}` shows the arithmetic{_exact(found.claim, value)}",
                related=((found.structure, "the dimensions that it is recomputed from"),),
            )


def _exact(claim: Claim, value: int) -> str:
    """A hint at the one thing that surprises: a whole number without a unit is read to its last digit."""
    quantity = claim.quantity
    near = quantity.exact and abs(value - quantity.value) < quantity.value / 10
    return (
        f"; `{quantity.text}` is read as exact, a rounded figure as `approx. {quantity.text}`" if near else ""
    )
