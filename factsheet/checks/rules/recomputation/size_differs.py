"""The size on disk fits no precision that the parameters can be stored in.

What it does: multiplies the number of parameters (recomputed from the declared structure, or else as claimed) by 4, 2
and 1 bytes, for fp32, fp16 and int8, and compares `performance.size_on_disk` with the products. Also tries matrices in
int8 with everything else in fp32. A file may be up to 5 % and 1 MB larger than its parameters, for what else it holds:
a header, buffers, output layers, scales of quantised rows.

Why it matters: a size that no precision explains is that of another file, or of another model.

Fails:
    parameters: {parameters: 110 million}
    performance: {size_on_disk: 700 MB}      # 440 MB in fp32

Passes:
    performance: {size_on_disk: 440 MB}

How to fix: correct the size, its unit (1 MiB is 1.049 MB) or the number of parameters. For a compressed file, allow for
it with `tolerance: {within: 30 %, reason: …}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.claims import apart, claim_at
from factsheet.recompute.figures import written
from factsheet.recompute.interpretations import declared, readings, sizes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.claims import Claim
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

    Stored = tuple[str, float, float]
    """A precision, and the bytes that the parameters take in it, at least and at most."""

BYTES = {"fp32": 4, "fp16": 2, "int8": 1}
"""IEEE 754 binary32 and binary16 (bfloat16 is as wide), and a byte."""
SHARE_BESIDE = 0.05
"""Of a file's parameters, what else it may hold. The checkpoint of BERT-base with its pretraining heads is 0.6 %
larger than the encoder's parameters, and a scale for each row of 768 int8 weights adds 0.5 %."""
BYTES_BESIDE = 1_000_000
"""What a header may take in a file of any size."""
_TO_BINARY = {"kB": 1.024, "MB": 1.024**2, "GB": 1.024**3, "TB": 1.024**4}
"""How much larger the binary unit of the same prefix is."""


def _check(context: RuleContext) -> Iterator[Finding]:
    claim = claim_at(context.sheet, "performance", "size_on_disk")
    if claim is None:
        return
    first: tuple[tuple[Stored, ...], KeyPath] | None = None
    for reading in _readings(context.sheet):
        if any(_fits(claim, stored) for stored in reading[0]):
            return
        first = first or reading
    if first is not None:
        yield _finding(claim, *first)


def _readings(sheet: SheetFields) -> Iterator[tuple[tuple[Stored, ...], KeyPath]]:
    """What the parameters take in each precision, for each reading of their number, and where that is from."""
    known = declared(sheet)
    if known is not None and known.complete:
        for shape in readings(known, sheet):
            size = sizes(shape)
            # As dynamic quantisation leaves it: PyTorch's tutorial makes 181 MB of BERT-base.
            mixed = size.matrix_weights + BYTES["fp32"] * (size.parameters - size.matrix_weights)
            plain = ((name, size.parameters * each, size.parameters * each) for name, each in BYTES.items())
            yield (*plain, ("int8 beside fp32", mixed, mixed)), known.path
        return
    count = claim_at(sheet, "parameters", "parameters")
    if count is not None:
        meant = count.quantity.meant
        yield tuple((name, meant.low * each, meant.high * each) for name, each in BYTES.items()), count.path


def _fits(claim: Claim, stored: Stored, factor: float = 1.0) -> bool:
    """Whether a file of the claimed size, times a factor, can hold these parameters and little else."""
    meant, reach = claim.quantity.meant, claim.tolerance * claim.quantity.value
    _, low, high = stored
    most = high * (1 + SHARE_BESIDE) + BYTES_BESIDE
    return (meant.low - reach) * factor <= most and low <= (meant.high + reach) * factor


def _finding(claim: Claim, stored: tuple[Stored, ...], where: KeyPath) -> Finding:
    quantity = claim.quantity
    plain = [(name, (low + high) / 2) for name, low, high in stored if name in BYTES]
    listed = ", ".join(f"{written(size, 'data_size')} in {precision}" for precision, size in plain)
    precision, size = min(plain, key=lambda known: abs(known[1] - quantity.value))
    mended = _in_binary_unit(claim, stored)
    hint = f"in {mended.text} it would fit: " if mended else ""
    return Finding(
        claim.path,
        f"{quantity.text} on disk, but the parameters take {listed}: {apart(size, quantity.value)} in {precision}",
        f"{hint}correct the size, its unit or the number of parameters; `factsheet derive --explain size_on_disk` "
        "shows the arithmetic",
        related=((where, "the number of parameters follows from this"),),
        changes=(mended,) if mended else (),
    )


def _in_binary_unit(claim: Claim, stored: tuple[Stored, ...]) -> Change | None:
    """The change of unit that would make the size fit: operating systems count in MiB and write MB."""
    unit = claim.quantity.unit
    if unit not in _TO_BINARY:
        return None
    if not any(_fits(claim, known, _TO_BINARY[unit]) for known in stored):
        return None
    return Change(claim.path, f"{unit[0].upper()}iB", word=unit)


RULE = Rule(
    "FS305",
    "size-differs",
    "error",
    "a size that no precision explains is that of another file, or of another model",
    _check,
)
