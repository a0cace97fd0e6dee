"""The energy of an estimate written out block by block, matrix by matrix; blocks that are alike are written once."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from factsheet.crossbar.mapping import ceil_div
from factsheet.sheet.quantity import format_value
from factsheet.workload import StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.estimate import Estimate
    from factsheet.crossbar.layers import LayerCost
    from factsheet.workload import Operator


def block_terms(estimate: Estimate) -> Iterator[str]:
    """One line for each matrix on tiles, one for the digital work of a block, and the sum of the block."""
    operators = {operator.name: operator for operator in estimate.network.operators}
    blocks = [
        (block, tuple(_lines(estimate, tuple(layers), operators)))
        for block, layers in groupby(estimate.layers, key=lambda layer: layer.block)
    ]
    for lines, alike in groupby((one for one in blocks if one[1]), key=lambda one: one[1]):
        names = [block for block, _ in alike]
        many = f"{names[0]} to {names[-1]}, {len(names):,} alike, each:"
        yield names[0] if len(names) == 1 else many
        yield from lines


def _lines(
    estimate: Estimate, layers: tuple[LayerCost, ...], operators: dict[str, Operator]
) -> Iterator[str]:
    together = digital = 0.0
    for layer in layers:
        together += layer.energy or 0.0
        operator = operators[layer.name]
        if layer.on == "analog" and isinstance(operator, StaticMatmul):
            used = (layer.cells or 0.0) + (layer.ports or 0.0)
            yield f"  {layer.name.removeprefix(f'{layer.block}.')}: {_product(estimate, operator)} = {_energy(used)}"
        digital += layer.digital or 0.0
    if digital:
        yield f"  digital: {sum(layer.digital_ops for layer in layers):,} operations = {_energy(digital)}"
    standby = sum(layer.standby or 0.0 for layer in layers)
    if standby:
        yield f"  {sum(layer.tiles for layer in layers):,} tiles, all the time: {_energy(standby)}"
    if together:
        yield f"  together {_energy(together)}"


def _product(estimate: Estimate, matrix: StaticMatmul) -> str:
    """Vectors times weights used and values in and out."""
    down = ceil_div(matrix.rows, estimate.layout.tile.rows)
    across = ceil_div(matrix.cols, estimate.layout.tile.cols)
    used = matrix.active or matrix.matrices
    several = f" · {used:,} matrices" if used > 1 else ""
    weights = f"{matrix.rows:,} · {matrix.cols:,} weights"
    if estimate.constants.port_energy is None:
        return f"{matrix.calls:,} vectors{several} · {weights}"
    values = f"{matrix.rows:,} · {across:,} + {matrix.cols:,} · {down:,} values"
    return f"{matrix.calls:,} vectors{several} · ({weights}, {values})"


def _energy(joules: float) -> str:
    return format_value(joules, "energy", 5)
