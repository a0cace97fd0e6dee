"""The size of a model's file: what its parameters take in each precision, and the verdict on what is claimed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.interval import Interval
from factsheet.recompute.claims import claim_at
from factsheet.recompute.comparisons.inputs import structure_inputs
from factsheet.recompute.interpretations import declared, interpretations, sizes
from factsheet.recompute.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.recompute.claims import Claim
    from factsheet.recompute.comparisons.inputs import Related
    from factsheet.recompute.verdict import Verdict
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

BYTES = {"fp32": 4, "fp16": 2, "int8": 1}
"""IEEE 754 binary32 and binary16 (bfloat16 is as wide), and a byte."""
MIXED = "int8 beside fp32"
"""Matrices in int8 beside everything else in fp32."""
SHARE_BESIDE = 0.05
"""Of a file's parameters, what else it may hold. The checkpoint of BERT-base with its pretraining heads is 0.6 %
larger than the encoder's parameters, and a scale for each row of 768 int8 weights adds 0.5 %."""
BYTES_BESIDE = 1_000_000
"""What a header may take in a file of any size."""
FEWEST_BITS, MOST_BITS = 1, 160
"""Bits that a file may take for a parameter, in whatever form: one in binary weights; fp64, or fp32 with the two
states of an optimiser and a gradient beside it, and some more."""
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
    related: Related
    """Every field that enters the comparison."""

    @property
    def bits(self) -> float:
        """Bits that the claimed size leaves for a parameter."""
        return (
            32 * self.claim.quantity.value / next(one.size for one in self.stored if one.precision == "fp32")
        )

    @property
    def possible(self) -> bool:
        """Whether a file in another form can be as large: quantised further, compressed, with other contents."""
        return FEWEST_BITS <= self.bits <= MOST_BITS


def compare_size_on_disk(sheet: SheetFields) -> ComparedSize | None:
    """Compare the size on disk; the number of parameters is recomputed, or else as claimed."""
    claim = claim_at(sheet, "performance", "size_on_disk")
    if claim is None:
        return None
    first: tuple[Stored, ...] | None = None
    where: KeyPath = ()
    known = declared(sheet)
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
                    related=(),
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
        related=(
            ((where, "the number of parameters"),)
            if known is None or where != known.path
            else structure_inputs(known, lambda structure: sizes(structure).parameters)
        ),
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
        if known.family.key != "operators":
            return  # a list may leave out what is on no tile, such as tables of embeddings
    count = claim_at(sheet, "parameters", "parameters")
    if count is not None:
        nominal, meant = count.quantity.value, count.quantity.meant
        stored = tuple(
            Stored(name, nominal * each, meant.low * each, meant.high * each) for name, each in BYTES.items()
        )
        yield stored, count.path, ""
