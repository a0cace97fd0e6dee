"""Share an estimate out to the layers of its network."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.cost.demand import lookahead_of, tiles_passed, values_of_matrix
from factsheet.crossbar.mapping import ceil_div
from factsheet.networks.operators import DynamicMatmul, Elementwise, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import Operator, Side


class LayerCost(NamedTuple):
    """One operator's share of one inference. Energies in J, times in s; `None` where a constant is missing."""

    name: str
    block: str
    stage: int
    """Position of its stage, from 0."""
    on: Side
    tiles: int
    """Its own and those of its copies; 0 where an earlier layer has the same weights, where tiles are shared with other
    matrices, and for digital work."""
    copies: int
    macs: int
    """On tiles."""
    vectors: int
    """Input vectors."""
    digital_ops: int
    """Operations of digital units; a bias is one."""
    cells: float | None
    """Energy of the array."""
    ports: float | None
    """Energy of values into rows and out of columns."""
    digital: float | None
    """Energy of digital units, as far as the profile charges it apart."""
    standby: float | None
    """Energy that its tiles draw all the time of a run."""
    time: float | None
    """s that its tiles are occupied, or that digital units take."""
    fill: float | None
    """s until its windows are filled, at the pace of its stage."""

    @property
    def energy(self) -> float | None:
        """J in all."""
        if self.cells is None or self.ports is None or self.digital is None or self.standby is None:
            return None
        return self.cells + self.ports + self.digital + self.standby


def layers_of(estimate: Estimate) -> tuple[LayerCost, ...]:
    """Return every operator that works on tiles or in digital units, in order of execution."""
    return tuple(_layers(estimate))


def _layers(estimate: Estimate) -> Iterator[LayerCost]:
    places = (index for index, stage in enumerate(estimate.stages) for _ in range(stage.operators))
    for stage, operator in zip(places, estimate.network.operators, strict=True):
        ops = digital_ops(operator, estimate.convention)
        if isinstance(operator, StaticMatmul) and operator.on == "analog":
            mapped = estimate.layout.mapping.of(operator.name)
            tiles = 0 if mapped is None else estimate.layout.tiles_of(mapped)
            yield _analog(estimate, operator, stage=stage, tiles=tiles, ops=ops)
        elif ops:
            yield _digital(estimate, operator, stage=stage, ops=ops)


def digital_ops(operator: Operator, convention: CountingConvention) -> int:
    """Count the operations that an operator leaves to digital units, for one sequence."""
    if isinstance(operator, StaticMatmul):
        bias = convention.ops_per_element["bias"] * operator.bias_elements
        return bias + (convention.ops_per_static_mac * operator.macs if operator.on == "digital" else 0)
    if isinstance(operator, DynamicMatmul):
        return convention.ops_per_dynamic_mac * operator.macs
    if isinstance(operator, Elementwise):
        return convention.ops_per_element[operator.kind] * operator.elements
    return 0


def _analog(estimate: Estimate, matrix: StaticMatmul, *, stage: int, tiles: int, ops: int) -> LayerCost:
    constants, given = estimate.constants, estimate.figures
    charged = given.split is not None
    slot = None if constants.slot is None else constants.slot.value
    copies = estimate.layout.copies.get(matrix.storage, 1)
    into, out = values_of_matrix(matrix.rows, matrix.cols, estimate.layout.tile)
    each_in = _charge(estimate, "port_energy")
    each_out = each_in if constants.output_energy is None else constants.output_energy.value
    standby = 0.0
    if constants.tile_power is not None and given.latency is not None:
        standby = constants.tile_power.value * tiles * given.latency / estimate.batch
    return LayerCost(
        name=matrix.name,
        block=matrix.block,
        stage=stage,
        on="analog",
        tiles=tiles,
        copies=copies,
        macs=matrix.macs,
        vectors=matrix.calls,
        digital_ops=ops,
        cells=_charged(estimate, matrix) * _charge(estimate, "cell_energy") if charged else None,
        ports=matrix.products * (into * each_in + out * each_out) if charged else None,
        digital=ops * _charge(estimate, "digital_energy") if charged else None,
        standby=standby if charged else None,
        time=None if slot is None else ceil_div(matrix.calls, copies) * slot,
        fill=None if slot is None else lookahead_of(matrix, estimate.pace(stage)) * slot,
    )


def _charged(estimate: Estimate, matrix: StaticMatmul) -> int:
    """Return the weights that the matrix is charged for, once a vector."""
    if not estimate.constants.charged_whole:
        return matrix.macs
    tile = estimate.layout.tile
    return matrix.products * tiles_passed(matrix.rows, matrix.cols, tile) * tile.cells


def _digital(estimate: Estimate, operator: Operator, *, stage: int, ops: int) -> LayerCost:
    charged = estimate.figures.split is not None
    rate = estimate.constants.digital_rate
    return LayerCost(
        name=operator.name,
        block=operator.block,
        stage=stage,
        on="digital",
        tiles=0,
        copies=0,
        macs=0,
        vectors=0,
        digital_ops=ops,
        cells=0.0 if charged else None,
        ports=0.0 if charged else None,
        digital=ops * _charge(estimate, "digital_energy") if charged else None,
        standby=0.0 if charged else None,
        time=None if rate is None else ops / (rate.value * estimate.chips),
        fill=0.0,
    )


def _charge(estimate: Estimate, name: str) -> float:
    constant = getattr(estimate.constants, name)
    return 0.0 if constant is None else constant.value
