"""The operations that a sheet claims at its operating points, with what the declared structure gives for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.recompute.claims import claim_of
from factsheet.recompute.interpretations import declared, operations, readings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.networks.declared import Declaration
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.interpretations import Operations
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.source.document import KeyPath

FIELDS = ("analog_ops", "digital_ops", "total_ops")
DEFAULT = "consistent"
"""The convention that `factsheet.derive` counts under where a sheet names none."""


class CountedPoint(NamedTuple):
    """The claims of one operating point, by field, with the networks that its declaration allows."""

    path: KeyPath
    seq_len: int
    batch: int
    convention: str | None
    """As the sheet names it."""
    claims: dict[str, Claim]
    known: Declaration
    heads_of: SheetFields | None
    """The sheet whose tasks call for output layers, where one may count."""

    def hypotheses(self) -> Iterator[Operations]:
        """Every count that the sheet leaves possible, that of `factsheet.derive` first."""
        for shape in readings(self.known, self.heads_of):
            counts = operations(shape, self.seq_len, self.batch)
            named = [count for count in counts if count.convention == (self.convention or DEFAULT)]
            yield from named
            if self.convention is None:
                yield from (count for count in counts if count not in named)

    def explained(self, count: Operations, fields: Sequence[str]) -> tuple[str, ...]:
        """Those of the fields whose claims agree with a count."""
        return tuple(field for field in fields if self.claims[field].allows(getattr(count, field)))

    def command(self, field: str) -> str:
        """The command that shows the arithmetic."""
        return f"factsheet derive --explain {field} --seq-len {self.seq_len} --batch {self.batch}"


def counted_points(sheet: SheetFields, *, derived: bool, heads: bool = False) -> Iterator[CountedPoint]:
    """The operating points of a whole batch that claim operations of a network that is declared.

    Args:
        sheet: the sheet.
        derived: whether to take the claims that the sheet says are derived, or the others.
        heads: whether an output layer, which the declaration has no key for, may count as well.
    """
    points = (sheet.parameters.operating_points or ()) if sheet.parameters else ()
    known: Declaration | None = None
    for index, point in enumerate(points):
        path = ("parameters", "operating_points", index)
        claims = _claims(sheet, point, path, derived=derived)
        if not claims or not isinstance(point.batch, int):
            continue
        known = known or declared(sheet)
        if known is None:
            return
        # Numbers of a sheet keep their digits; a plain one is quicker to compare.
        yield CountedPoint(
            path,
            int(point.seq_len),
            int(point.batch),
            point.counting,
            claims,
            known,
            sheet if heads else None,
        )


def _claims(sheet: SheetFields, point: OperatingPoint, path: KeyPath, *, derived: bool) -> dict[str, Claim]:
    stated = ((field, fact) for field in FIELDS if (fact := getattr(point, field)) is not None)
    found = ((field, claim_of(sheet, fact, (*path, field))) for field, fact in stated)
    return {field: claim for field, claim in found if claim is not None and claim.derived == derived}
