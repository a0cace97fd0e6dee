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
from factsheet.recompute.comparisons.size_claims import BYTES
from factsheet.recompute.verdict import apart, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.comparisons.size_claims import ComparedSize


_TO_BINARY = {"kB": 1.024, "MB": 1.024**2, "GB": 1.024**3, "TB": 1.024**4}
"""How much larger the binary unit of the same prefix is."""


def _check(context: RuleContext) -> Iterator[Finding]:
    found = context.comparisons.size_on_disk
    if found is not None and found.verdict.fits is False:
        yield _finding(found)


def _finding(found: ComparedSize) -> Finding:
    quantity = found.claim.quantity
    plain = [stored for stored in found.stored if stored.precision in BYTES]
    listed = ", ".join(f"{written(stored.size, 'data_size')} in {stored.precision}" for stored in plain)
    change = _in_binary_unit(found)
    hint = f"in {change.text} it would fit: " if change else ""
    form = f", or {found.bits:.3g} bits a parameter" if found.possible else ""
    return Finding(
        found.claim.path,
        f"{quantity.text} on disk, but the parameters take {listed}: {apart(found.value, quantity.value)} in "
        f"{found.precision}{form}",
        f"{hint}correct the size, its unit or the number of parameters, or say with a `tolerance` what else the file "
        "holds or how it is packed; `factsheet derive SHEET --explain size_on_disk` shows the arithmetic",
        related=found.related,
        changes=(change,) if change else (),
        severity="warning" if found.possible else None,
        confidence="medium" if found.possible else "high",
    )


def _in_binary_unit(found: ComparedSize) -> Change | None:
    """Return the change of unit that would make the size fit: operating systems count in MiB and write MB."""
    unit = found.claim.quantity.unit
    if unit not in _TO_BINARY:
        return None
    if not any(stored.judge(found.claim, _TO_BINARY[unit]).fits for stored in found.stored):
        return None
    return Change(found.claim.path, f"{unit[0].upper()}iB", word=unit)


RULE = Rule(
    "FS305",
    "size-differs",
    "error",
    "a size that no precision explains is that of another file, or of another model",
    _check,
)
