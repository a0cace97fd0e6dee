"""What can be computed from a sheet for its pages beyond its own operating point: operations over a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from factsheet.views.estimates import Estimates
from factsheet.views.grid import GridPoint, OperatingGrid
from factsheet.workload import WorkloadError, count_ops, declared_network, work_of
from factsheet.workload.declared import TOKENS, declared_family
from factsheet.workload.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.sheet.fact import Fact
    from factsheet.sheet.model import FactSheet
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.workload import CountingConvention

_LENGTHS = (8, 16, 32, 64, 128, 256, 512)
_BATCHES = (1, 2, 4, 8)


class Derived(Protocol):
    """What `factsheet.derive` gives, as far as a grid needs it."""

    @property
    def convention(self) -> CountingConvention:
        """How operations are counted."""


def estimates_of(sheet: FactSheet, derivation: Derived) -> Estimates:
    """Everything that a page can show beyond the sheet's own points."""
    return Estimates(grid=_grid(sheet, derivation.convention))


def _grid(sheet: FactSheet, convention: CountingConvention) -> OperatingGrid | None:
    """Operations by sequence length and batch; `None` where the network has no sequences or is not declared."""
    try:
        if declared_family(sheet.model_architecture) not in TOKENS:
            return None
    except WorkloadError:
        return None
    published = _published(sheet)
    own = set() if published is None else {published.seq_len}
    lengths = tuple(sorted({*_LENGTHS, *own}))
    by_length = {length: made for length in lengths if (made := _at(sheet, convention, length)) is not None}
    if not by_length:
        return None
    batches = tuple(sorted({*_BATCHES, *(() if published is None else (published.batch,))}))
    points = tuple(
        GridPoint(
            length,
            batch,
            ops=(analog + digital) * batch,
            analog_ops=analog * batch,
            digital_ops=digital * batch,
        )
        for length, (analog, digital) in by_length.items()
        for batch in batches
    )
    standing = f"Derived from the declared architecture, counted under the convention `{convention.name}`."
    return OperatingGrid(tuple(by_length), batches, points, standing, published)


def _at(sheet: FactSheet, convention: CountingConvention, length: int) -> tuple[int, int] | None:
    """Analog and digital operations of one sequence; `None` where the network takes none of that length."""
    try:
        network = declared_network(sheet.model_architecture, Run(length))
    except WorkloadError:
        return None
    if network is None:
        return None
    count = count_ops(work_of(network), 1, convention)
    return count.analog, count.digital


def _published(sheet: FactSheet) -> GridPoint | None:
    """The first operating point that the sheet gives a time or operations for."""
    rows = (sheet.parameters and sheet.parameters.operating_points) or ()
    return next((point for row in rows for point in _point(row)), None)


def _point(row: OperatingPoint) -> Iterator[GridPoint]:
    if not isinstance(row.batch, int):
        return
    ops, time, energy = (_value(fact) for fact in (row.total_ops, row.execution_time, row.energy))
    if ops is None and time is None:
        return
    yield GridPoint(
        int(row.seq_len),
        int(row.batch),
        None if ops is None else round(ops),
        time,
        energy,
        _value(row.energy_efficiency),
        row.name,
    )


def _value(fact: Fact | None) -> float | None:
    quantity = None if fact is None else fact.quantity
    return None if quantity is None or quantity.kind != "point" else quantity.value
