"""Work out what a run takes at other sequence lengths and batches than the sheet's own operating point.

Operations follow from the declared network; times and energies from the cost model of the named hardware profile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from factsheet.crossbar.mapping import TileShape
from factsheet.errors import CostError, WorkloadError
from factsheet.networks.counting import count_ops, work_of
from factsheet.networks.declared import declared_family, declared_network
from factsheet.networks.family import Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.crossbar.cost.formula import Structure
    from factsheet.facts.fact import Fact
    from factsheet.hardware.constants import ChipConstants
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import Network
    from factsheet.recompute.derivation import Derivation
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint

_LENGTHS = (8, 16, 32, 64, 128, 256, 512)
_BATCHES = (1, 2, 4, 8)
_LEAST_SIDE = 16
"""Of a tile that is worth choosing."""


@dataclass(frozen=True, slots=True)
class GridPoint:
    """One operating point; `None` means what is not known there.

    Attributes:
        ops: operations of one run of the batch; `analog_ops` and `digital_ops` are its parts.
        latency_s: time of one run of the batch, s.
        energy_j: energy of one run of the batch, J.
        efficiency: inferences per joule, which is inferences per second and watt.
        label: what to call it.
    """

    seq_len: int
    batch: int
    ops: int | None = None
    latency_s: float | None = None
    energy_j: float | None = None
    efficiency: float | None = None
    label: str | None = None
    analog_ops: int | None = None
    digital_ops: int | None = None


@dataclass(frozen=True, slots=True)
class DesignRange:
    """What the chip is designed for: the longest sequence and the largest batch; `None` where the sheet has none."""

    seq_len: int | None
    batch: int | None

    def holds(self, point: GridPoint) -> bool:
        """Return whether a point is within the range."""
        return (self.seq_len is None or point.seq_len <= self.seq_len) and (
            self.batch is None or point.batch <= self.batch
        )


@dataclass(frozen=True, slots=True)
class GridChoice:
    """The runs of a grid on another tile or another chip.

    Attributes:
        chip: the hardware profile and the size of its tile.
        tiles: that the network takes there.
        points: in the grid's order.
    """

    chip: str
    tiles: int
    points: tuple[GridPoint, ...]


@dataclass(frozen=True, slots=True)
class OperatingGrid:
    """Points at every pair of a sequence length and a batch.

    Attributes:
        points: by sequence length, then by batch; as many as there are pairs.
        provenance: how the figures came about, one sentence.
        published: the point that the sheet itself gives figures for.
        design: what the chip is designed for; `None` where the sheet does not say.
        chip: the chip that times and energies are of, with its tile; empty where there are none.
        choices: times and energies of the same runs on other tiles and other chips.
        without_length: whether the network takes none: there is one length, which is not to be named.
        digital_takes_no_time: whether digital work is left out of the times, as no figure of the profile holds it.
        digital_takes_no_energy: whether digital work is left out of the energies.
    """

    seq_lens: tuple[int, ...]
    batches: tuple[int, ...]
    points: tuple[GridPoint, ...]
    provenance: str
    published: GridPoint | None = None
    design: DesignRange | None = None
    chip: str = ""
    choices: tuple[GridChoice, ...] = ()
    without_length: bool = False
    digital_takes_no_time: bool = False
    digital_takes_no_energy: bool = False

    @property
    def has_latency(self) -> bool:
        """Whether any point has a time."""
        return any(point.latency_s is not None for point in self.points)

    def at(self, seq_len: int, batch: int) -> GridPoint | None:
        """The point of a sequence length and a batch; `None` where the grid has none."""
        return next((p for p in self.points if (p.seq_len, p.batch) == (seq_len, batch)), None)


def operating_grid(sheet: SheetFields, derivation: Derivation) -> OperatingGrid | None:
    """Return operations at each point, with time, energy and efficiency where the cost model has them.

    Args:
        sheet: the sheet.
        derivation: with the counting convention, and the estimate whose chip, tile and structure are meant.

    Returns:
        The grid; `None` where the network has no sequences or is not declared.
    """
    grid = _operations(sheet, derivation.convention, without_length=derivation.point.without_length)
    own = derivation.chip.estimate
    if grid is None or own is None:
        return grid
    networks = {length: _network(sheet, length) for length in grid.seq_lens}
    provenance = (
        f"{grid.provenance} Times and energies are estimates with hardware profile {own.constants.profile}, "
        f"{own.structure}.{_left_out(own)}"
    )
    made = _on_chip(grid, networks, own.constants, own.structure)
    rows, cols = own.constants.rows, own.constants.cols
    return replace(
        grid,
        points=grid.points if made is None else made.points,
        provenance=provenance,
        chip=_chip_name(own.constants.profile, rows, cols),
        choices=tuple(_choices(grid, networks, own)),
        digital_takes_no_time="digital" in own.constants.untimed,
        digital_takes_no_energy="digital" in own.constants.uncharged,
    )


def _left_out(own: Estimate) -> str:
    """Return what the times and energies do without, where no figure of the profile holds digital units."""
    missing = [
        name
        for name, without in (("time", own.constants.untimed), ("energy", own.constants.uncharged))
        if "digital" in without
    ]
    return f" Digital work takes no {' and no '.join(missing)} in them." if missing else ""


def _choices(
    grid: OperatingGrid, networks: Mapping[int, Network | None], own: Estimate
) -> Iterator[GridChoice]:
    """Yield the grid on tiles of half and of twice the sides, and on the other chips that come with the program."""
    from factsheet.hardware.precomputed import known_profiles  # a file that most runs do without

    rows, cols = own.constants.rows, own.constants.cols
    for tile in (TileShape(rows // 2, cols // 2), TileShape(rows * 2, cols * 2)):
        if min(tile.rows, tile.cols) >= _LEAST_SIDE:
            made = _on_chip(grid, networks, own.constants, own.structure, tile=tile)
            if made is not None:
                yield made
    for name, profile in known_profiles().items():
        if name != own.constants.profile:
            made = _on_chip(grid, networks, profile.geometries[0], own.structure)
            if made is not None:
                yield made


def _on_chip(
    grid: OperatingGrid,
    networks: Mapping[int, Network | None],
    constants: ChipConstants,
    structure: Structure,
    *,
    tile: TileShape | None = None,
) -> GridChoice | None:
    """Return the points of a grid with times and energies on a chip; `None` where the model has none of them."""
    from factsheet.crossbar.cost.estimate import (
        estimate,  # NumPy, which a sheet without a profile does without
    )
    from factsheet.crossbar.cost.figures import evaluate

    points: list[GridPoint] = []
    tiles = 0
    for length in grid.seq_lens:
        network = networks[length]
        try:
            made = None if network is None else estimate(network, constants, structure=structure, tile=tile)
        except CostError:
            made = None
        for point in (found for found in grid.points if found.seq_len == length):
            if made is None:
                points.append(point)
                continue
            tiles = made.tiles
            # What the network asks for does not depend on the batch.
            figures = evaluate(
                made.demand, made.constants, batch=point.batch, structure=made.structure, chips=made.chips
            )
            energy = None if figures.energy is None else figures.energy * point.batch
            points.append(
                replace(point, latency_s=figures.latency, energy_j=energy, efficiency=figures.efficiency)
            )
    if not any(point.latency_s is not None or point.energy_j is not None for point in points):
        return None
    side = (constants.rows, constants.cols) if tile is None else (tile.rows, tile.cols)
    return GridChoice(_chip_name(constants.profile, *side), tiles, tuple(points))


def _chip_name(profile: str, rows: int, cols: int) -> str:
    return f"{profile}, tiles of {rows:,} × {cols:,}"


def _operations(
    sheet: SheetFields, convention: CountingConvention, *, without_length: bool
) -> OperatingGrid | None:
    """Operations by sequence length and batch; `None` where the network has no sequences or is not declared."""
    try:
        family = declared_family(sheet.model_architecture)
    except WorkloadError:
        return None
    if family is None or not family.tokens:
        return None
    published = _published(sheet)
    own = set() if published is None else {published.seq_len}
    lengths = tuple(sorted(own or {1})) if without_length else tuple(sorted({*_LENGTHS, *own}))
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
    provenance = f"Derived from the declared architecture, counted under the convention “{convention.name}”."
    return OperatingGrid(
        tuple(by_length),
        batches,
        points,
        provenance,
        published,
        _design(sheet),
        without_length=without_length,
    )


def _design(sheet: SheetFields) -> DesignRange | None:
    optimum = None if sheet.parameters is None else sheet.parameters.optimum
    if optimum is None:
        return None
    made = DesignRange(_largest(optimum.seq_len), _largest(optimum.batch))
    return None if made == DesignRange(None, None) else made


def _largest(fact: Fact | None) -> int | None:
    """Return the upper end of what a fact allows; `None` where it has none."""
    quantity = None if fact is None else fact.quantity
    return None if quantity is None or not math.isfinite(quantity.high) else int(quantity.high)


def _at(sheet: SheetFields, convention: CountingConvention, length: int) -> tuple[int, int] | None:
    """Analog and digital operations of one sequence.

    `None` where the network takes none of that length, or where it is not known how often its matrices are used.
    """
    network = _network(sheet, length)
    if network is None or network.uses_missing:
        return None
    count = count_ops(work_of(network), 1, convention)
    return count.analog, count.digital


def _network(sheet: SheetFields, length: int) -> Network | None:
    try:
        return declared_network(sheet.model_architecture, Run(length))
    except WorkloadError:
        return None


def _published(sheet: SheetFields) -> GridPoint | None:
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
