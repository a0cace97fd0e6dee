"""The operating point that facts are derived at, and which of the sheet's figures hold there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from factsheet.crossbar.mapping import TileShape
from factsheet.errors import DeriveError
from factsheet.networks.operators import Size
from factsheet.recompute.facts import DERIVED

if TYPE_CHECKING:
    from factsheet.networks.operators import Network, SizeOrigin
    from factsheet.recompute.claims import StatedPoint
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint as Row

USUAL_LENGTH = 128
"""Tokens in one sequence, where neither the caller nor the source gives a number."""
_LENGTH = "sequence length"
MOST = 10**15
"""Largest sequence length and batch, as in the sheet: beyond, a count could leave the range of a double."""


@dataclass(frozen=True, slots=True)
class ChosenPoint:
    """A sequence length and a batch, and the row of the sheet for them."""

    seq_len: int | None
    """Tokens in one sequence; `None` where neither the caller nor the sheet gives one."""
    batch: int | None
    """Sequences processed together; one sequence is one inference."""
    row: Row | None = None
    index: int | None = None
    """Position of the row in `parameters.operating_points`."""
    first_seq_len: int | None = None
    """Of the sheet's first operating point, which figures that name none are read at."""
    first_batch: int | None = None
    seq_len_from: SizeOrigin = "declared"
    """Where the sequence length comes from, if there is one."""
    batch_from: SizeOrigin = "declared"
    """Where the batch comes from, if there is one."""
    without_length: bool = False
    """Whether the network's work depends on no length, so that none is to be named."""

    @property
    def complete(self) -> bool:
        """Whether operations can be counted."""
        return self.seq_len is not None and self.batch is not None

    @property
    def leaves_length_out(self) -> bool:
        """Whether the row states no sequence length: 1 is then no statement of the sheet."""
        return self.row is not None and "seq_len" not in self.row.model_fields_set

    @property
    def usual_inference(self) -> str:
        """What an inference is where the sheet does not say so: a sequence, unless its work has no length."""
        return "inference" if self.without_length or self.seq_len is None else "sequence"

    @property
    def words(self) -> str:
        """The point in a sentence."""
        batch = "an unknown batch" if self.batch is None else f"batch {self.batch:,}"
        if self.without_length:
            return batch
        length = "an unknown sequence length" if self.seq_len is None else f"sequence length {self.seq_len:,}"
        return f"{length} and {batch}"

    @property
    def missing(self) -> str:
        """What has to be given before operations can be counted."""
        names = [n for n, v in (("sequence length", self.seq_len), ("batch", self.batch)) if v is None]
        return f"no {' and no '.join(names)} is stated or given"

    def assumed(self, seq_len: int | None = None, batch: int | None = None) -> ChosenPoint:
        """Return the point with these in place of what nobody gives."""
        point = self
        if self.seq_len is None and seq_len is not None:
            point = replace(point, seq_len=seq_len, seq_len_from="assumed")
        if self.batch is None and batch is not None:
            point = replace(point, batch=batch, batch_from="assumed")
        return point

    def sizes(self, network: Network | None) -> tuple[Size, ...]:
        """Return what a network was worked out for, each size with where it comes from; what it has not is left out."""
        sizes: list[Size] = []
        if network is not None:
            # The sizes of weights need no length: one that was taken for them alone is not what anything holds at.
            known = (s for s in network.sizes if self.seq_len is not None or s.name != _LENGTH)
            sizes += [s._replace(name="batch of the source") if s.name == "batch" else s for s in known]
        elif self.seq_len is not None and not self.without_length:
            sizes.append(Size(_LENGTH, f"{self.seq_len:,}", self.seq_len_from))
        if self.batch is not None:
            sizes.append(Size("batch", f"{self.batch:,}", self.batch_from))
        return tuple(sizes)

    def path(self, field: str) -> str:
        """Path of one of the row's figures; outside the sheet where there is no row."""
        return (
            f"{DERIVED}.{field}"
            if self.index is None
            else f"parameters.operating_points[{self.index}].{field}"
        )

    def holds(self, stated: StatedPoint) -> bool:
        """Return whether a figure that states this point, or part of one, holds here.

        What it leaves out is read as the sheet's first operating point; where there is none, as this one.
        """
        seq_len = stated[0] or self.first_seq_len or self.seq_len
        batch = stated[1] if isinstance(stated[1], int) else self.first_batch or self.batch
        return (seq_len, batch) == (self.seq_len, self.batch)


def choose_point(sheet: SheetFields, seq_len: int | None, batch: int | None) -> ChosenPoint:
    """Return what the caller gives, with the rest from the sheet's first operating point that agrees, or its first.

    Raises:
        DeriveError: a sequence length or batch is not between 1 and 10^15.
    """
    for name, given in (("sequence length", seq_len), ("batch", batch)):
        if given is not None and not 1 <= given <= MOST:
            raise DeriveError(
                f"a {name} of {given} is out of range",
                "every count is multiplied by it",
                "give a whole number from 1 to 10^15",
            )
    rows = (sheet.parameters and sheet.parameters.operating_points) or ()
    agreeing = [row for row in rows if _agrees(row, seq_len, batch)]
    model = next(iter(agreeing or rows), None)
    stated = model is None or "seq_len" in model.model_fields_set
    asked: tuple[SizeOrigin, SizeOrigin] = (
        "asked" if seq_len is not None else "declared" if stated else "assumed",
        "declared" if batch is None else "asked",
    )
    if model is not None:
        seq_len = seq_len or int(model.seq_len)
        batch = batch or _batch(model)
    exact = [row for row in agreeing if row.seq_len == seq_len and _batch(row) == batch]
    open_ = [row for row in agreeing if row.seq_len == seq_len and _batch(row) is None]
    row = next(iter(exact or open_), None)
    index = None if row is None else next(i for i, candidate in enumerate(rows) if candidate is row)
    first = rows[0] if rows else None
    return ChosenPoint(
        seq_len,
        batch,
        row,
        index,
        None if first is None else int(first.seq_len),
        None if first is None else _batch(first),
        *asked,
    )


def _agrees(row: Row, seq_len: int | None, batch: int | None) -> bool:
    return seq_len in (None, row.seq_len) and (batch is None or _batch(row) in (None, batch))


def _batch(row: Row) -> int | None:
    return int(row.batch) if isinstance(row.batch, int) else None


def stated_tile(sheet: SheetFields) -> TileShape | None:
    """Return the sheet's tile; `None` where it states none that matrices can be divided by."""
    tile = None if sheet.parameters is None else sheet.parameters.tile
    if tile is None or not tile.rows.whole or not tile.cols.whole:
        return None
    return TileShape(tile.rows.whole, tile.cols.whole)


def tile_left_open(sheet: SheetFields) -> str:
    """Return which side of the sheet's tile has no size, with the sheet's reason; empty where nothing is left open."""
    tile = None if sheet.parameters is None else sheet.parameters.tile
    if tile is None:
        return ""
    sides = {"rows": tile.rows, "columns": tile.cols}
    return " and ".join(
        f"the sheet gives no number of {name} of a tile ({side.words()})"
        for name, side in sides.items()
        if not side.whole
    )
