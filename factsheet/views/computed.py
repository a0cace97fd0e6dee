"""What can be computed from a sheet for its pages beyond its own operating point: grids, and a model of its chip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.views.chip import chip_profile, energy_split, modelled_figures, with_estimates
from factsheet.views.estimates import Estimates
from factsheet.views.grid import GridPoint, OperatingGrid
from factsheet.workload import WorkloadError, count_ops, declared_network, work_of
from factsheet.workload.declared import TOKENS, declared_family
from factsheet.workload.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.derive import Derivation
    from factsheet.sheet.fact import Fact
    from factsheet.sheet.model import FactSheet
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.workload import CountingConvention, Network

_LENGTHS = (8, 16, 32, 64, 128, 256, 512)
_BATCHES = (1, 2, 4, 8)


def estimates_of(sheet: FactSheet, derivation: Derivation) -> Estimates:
    """Everything that a page can show beyond the sheet's own points."""
    grid = _grid(sheet, derivation.convention)
    if grid is not None:
        grid = with_estimates(grid, derivation, lambda length: _network(sheet, length))
    return Estimates(grid, energy_split(derivation), chip_profile(derivation), modelled_figures(derivation))


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
    standing = f"Derived from the declared architecture, counted under the convention “{convention.name}”."
    return OperatingGrid(tuple(by_length), batches, points, standing, published)


def _at(sheet: FactSheet, convention: CountingConvention, length: int) -> tuple[int, int] | None:
    """Analog and digital operations of one sequence; `None` where the network takes none of that length."""
    network = _network(sheet, length)
    if network is None:
        return None
    count = count_ops(work_of(network), 1, convention)
    return count.analog, count.digital


def _network(sheet: FactSheet, length: int) -> Network | None:
    try:
        return declared_network(sheet.model_architecture, Run(length))
    except WorkloadError:
        return None


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
