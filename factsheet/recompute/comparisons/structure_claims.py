"""Figures that the declared structure alone determines: what it gives for the claims, by every interpretation.

A claim differs only if no interpretation of the declaration gives it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.interval import Interval
from factsheet.recompute.claims import claim_at
from factsheet.recompute.interpretations import declared, interpretations, sizes
from factsheet.recompute.interpretations import tiles as tiles_of
from factsheet.recompute.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.networks.declared import Declaration, NetworkStructure
    from factsheet.recompute.claims import Claim
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
    structure: KeyPath
    """Where the dimensions are that it is recomputed from."""
    values: tuple[int, ...]
    """By every interpretation that was tried; the first one that fits is the last."""


class TileGeometry(NamedTuple):
    """Rows and columns of an array, and devices that hold a weight, as far as the sheet says."""

    rows: int | None = None
    cols: int | None = None
    devices: int | None = None


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
            for interpretation in interpretations(known, heads_of)
            if (value := _value(name, interpretation.structure, geometry)) is not None
        )
        found = judge_any(claim, candidates)
        if found is not None:
            verdict, values = found
            yield Compared(
                name=name,
                claim=claim,
                value=values[0],
                verdict=verdict,
                structure=known.path,
                values=values,
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


def geometry_of(sheet: SheetFields) -> TileGeometry:
    """Return the geometry of the sheet's tile."""
    tile = None if sheet.parameters is None else sheet.parameters.tile
    if tile is None:
        return TileGeometry()
    each = tile.devices_per_weight
    return TileGeometry(tile.rows.whole, tile.cols.whole, None if each is None else each.whole)


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
        return None if each is None else sizes(structure).analog_weights * each
    return None if rows is None or cols is None else tiles_of(structure, rows, cols)


BYTES = {"fp32": 4, "fp16": 2, "int8": 1}
"""IEEE 754 binary32 and binary16 (bfloat16 is as wide), and a byte."""
MIXED = "int8 beside fp32"
"""Matrices in int8 beside everything else in fp32."""
SHARE_BESIDE = 0.05
"""Of a file's parameters, what else it may hold. The checkpoint of BERT-base with its pretraining heads is 0.6 %
larger than the encoder's parameters, and a scale for each row of 768 int8 weights adds 0.5 %."""
BYTES_BESIDE = 1_000_000
"""What a header may take in a file of any size."""
_BESIDE = "a file holds up to 5 % and 1 MB more than its parameters"


class Stored(NamedTuple):
    """The bytes that the parameters take in a precision, nominally, at least and at most."""

    precision: str
    size: float
    low: float
    high: float

    def judge(self, claim: Claim, factor: float = 1.0) -> Verdict:
        """Compare the claimed size of a file, times a factor, with what its parameters and little else take."""
        most = self.high * (1 + SHARE_BESIDE) + BYTES_BESIDE
        return judge(claim, self.size / factor, reach=Interval(self.low / factor, most / factor))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSize:
    """The claimed size on disk with what the parameters take in each precision."""

    claim: Claim
    stored: tuple[Stored, ...]
    """By the interpretation that fits, else by the one that `factsheet derive` takes."""
    precision: str
    """The one that fits, else the nearest of the plain ones."""
    value: float
    """Bytes in this precision."""
    verdict: Verdict
    source: KeyPath
    """What the number of parameters follows from."""


def compare_size_on_disk(sheet: SheetFields) -> ComparedSize | None:
    """Compare the size on disk; the number of parameters is recomputed, or else as claimed."""
    claim = claim_at(sheet, "performance", "size_on_disk")
    if claim is None:
        return None
    first: tuple[Stored, ...] | None = None
    where: KeyPath = ()
    for stored, where, words in _stored(sheet):
        for one in stored:
            verdict = one.judge(claim)
            if verdict.fits:
                why = verdict.why or ("" if verdict.kind in ("agrees", "rounds_to") else _BESIDE)
                return ComparedSize(
                    claim=claim,
                    stored=stored,
                    precision=one.precision,
                    value=one.size,
                    verdict=replace(verdict, why=why, interpretation=words),
                    source=where,
                )
        first = first or stored
    if first is None:
        return None
    nearest = min(
        (one for one in first if one.precision in BYTES),
        key=lambda one: abs(one.size - claim.quantity.value),
    )
    return ComparedSize(
        claim=claim,
        stored=first,
        precision=nearest.precision,
        value=nearest.size,
        verdict=nearest.judge(claim),
        source=where,
    )


def _stored(sheet: SheetFields) -> Iterator[tuple[tuple[Stored, ...], KeyPath, str]]:
    """Yield what the parameters take in each precision, where their number is from, and the interpretation."""
    known = declared(sheet)
    if known is not None and known.complete:
        for interpretation in interpretations(known, sheet):
            size = sizes(interpretation.structure)
            # As dynamic quantisation leaves it: PyTorch's tutorial makes 181 MB of BERT-base.
            mixed = size.matrix_weights + BYTES["fp32"] * (size.parameters - size.matrix_weights)
            plain = {name: size.parameters * each for name, each in BYTES.items()} | {MIXED: mixed}
            stored = tuple(Stored(name, count, count, count) for name, count in plain.items())
            yield stored, known.path, interpretation.words
        return
    count = claim_at(sheet, "parameters", "parameters")
    if count is not None:
        nominal, meant = count.quantity.value, count.quantity.meant
        stored = tuple(
            Stored(name, nominal * each, meant.low * each, meant.high * each) for name, each in BYTES.items()
        )
        yield stored, count.path, ""
