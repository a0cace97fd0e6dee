"""A network operator by operator, with blocks that repeat put together: what `factsheet inspect` shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from factsheet.crossbar.mapping import map_matrix
from factsheet.networks.operators import DynamicMatmul, Elementwise, Lookup, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.crossbar.mapping import TileShape
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import Network, Operator, Side


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class InspectedRow:
    """Operators that are alike, or all of a block. `None` stands for what does not apply, or is not the same for all.

    Counts are those of one run of the batch, over all the operators of the row.
    """

    name: str
    """The operators' name; where blocks repeat, `*` for their number."""
    count: int
    """How many operators it stands for."""
    kind: str
    rows: int | None
    """Inputs of one matrix, or the inner width of a product."""
    cols: int | None
    """Outputs of one matrix, or columns of a product."""
    matrices: int | None
    """Matrices of one operator: groups, experts."""
    calls: int | None
    """Input vectors of one operator."""
    on: Side | None
    ops: int | None
    """`None` where an operator is unknown."""
    parameters: int
    """Stored numbers, each once."""
    tiles: int | None
    """Tiles of the stored matrices, each once; `None` for what is not on tiles."""
    weights: int
    """Cells that hold a weight."""
    utilisation: float | None
    """Share of the tiles' cells that hold a weight."""
    reuse: float | None
    """Uses of one stored weight per sequence, by all nodes that share it."""


def inspect(
    network: Network, batch: int, convention: CountingConvention, tile: TileShape, depth: int | None = None
) -> tuple[InspectedRow, ...]:
    """The rows of a network, in order of execution.

    Args:
        network: its operators.
        batch: sequences of one run.
        convention: what a MAC and an element are worth.
        tile: geometry of one array.
        depth: parts of a name that are told apart, numbers of blocks not counted; `None` for all.
    """
    groups: dict[tuple[object, ...], list[InspectedRow]] = {}
    for row in _rows(network, batch, convention, tile):
        name = row.name if depth is None else _cut(row.name, depth)
        alike = (name, row.kind, row.rows, row.cols, row.matrices, row.calls, row.on)
        groups.setdefault(alike if depth is None else (name,), []).append(row)
    return tuple(_together(str(key[0]), rows, tile) for key, rows in groups.items())


def _rows(
    network: Network, batch: int, convention: CountingConvention, tile: TileShape
) -> Iterator[InspectedRow]:
    seen: set[str] = set()
    nodes = network.sharing
    for operator in network.operators:
        if isinstance(operator, StaticMatmul):
            yield _matrix(operator, batch, convention, tile, nodes[operator.storage], seen)
            if operator.bias and convention.ops_per_element["bias"]:
                ops = convention.ops_per_element["bias"] * operator.bias_elements * batch
                name = f"{_general(operator.name)} bias"
                yield InspectedRow(
                    name, 1, "bias", None, None, None, None, "digital", ops, 0, None, 0, None, None
                )
        else:
            yield _digital(operator, batch, convention, seen)


def _matrix(
    matrix: StaticMatmul,
    batch: int,
    convention: CountingConvention,
    tile: TileShape,
    nodes: int,
    seen: set[str],
) -> InspectedRow:
    on_tiles, new = matrix.on == "analog", matrix.storage not in seen
    seen.add(matrix.storage)
    mapped = map_matrix(matrix, tile)
    uses = matrix.uses * nodes
    return InspectedRow(
        _general(matrix.name),
        1,
        matrix.kind,
        matrix.rows,
        matrix.cols,
        matrix.matrices,
        matrix.calls * batch,
        matrix.on,
        convention.ops_per_static_mac * matrix.macs * batch,
        matrix.parameters if new else 0,
        (mapped.tiles if new else 0) if on_tiles else None,
        matrix.weights if on_tiles and new else 0,
        mapped.utilisation if on_tiles else None,
        uses.numerator if uses.denominator == 1 else float(uses),
    )


def _digital(operator: Operator, batch: int, convention: CountingConvention, seen: set[str]) -> InspectedRow:
    name, rows, cols, calls, stored = _general(operator.name), None, None, None, 0
    ops: int | None = None
    if isinstance(operator, DynamicMatmul):
        kind, rows, cols, calls = "product", operator.k, operator.n, operator.count * operator.m * batch
        ops = convention.ops_per_dynamic_mac * operator.macs * batch
    else:
        if operator.storage not in seen:
            stored = operator.parameters
            seen.add(operator.storage)
        if isinstance(operator, Elementwise):
            kind = operator.kind
            ops = convention.ops_per_element[operator.kind] * operator.elements * batch
        elif isinstance(operator, Lookup):
            kind, rows, cols, calls, ops = "lookup", operator.rows, operator.cols, operator.lookups * batch, 0
        else:
            kind = "unknown"
    return InspectedRow(name, 1, kind, rows, cols, None, calls, "digital", ops, stored, None, 0, None, None)


def _general(name: str) -> str:
    """A name with `*` for the numbers of blocks, and without the number of a further use (`query@2`)."""
    name = re.sub(r"@\d+\b", "", name)
    return ".".join("*" if part.isdecimal() else part for part in name.split("."))


def _cut(name: str, depth: int) -> str:
    """The first parts of a general name; a `*` goes along with the part before it."""
    kept: list[str] = []
    for part in name.partition(" ")[0].split("."):
        if part != "*":
            if depth == 0:
                break
            depth -= 1
        kept.append(part)
    return ".".join(kept) or "all"


def _together(name: str, rows: list[InspectedRow], tile: TileShape) -> InspectedRow:
    on_tiles = [row.tiles for row in rows if row.tiles is not None]
    tiles = sum(on_tiles) if on_tiles else None
    weights = sum(row.weights for row in rows)
    full = weights / (tiles * tile.cells) if tiles else _same(row.utilisation for row in rows)
    known = [row.ops for row in rows if row.ops is not None]
    kinds = list(dict.fromkeys(row.kind for row in rows))
    return InspectedRow(
        name,
        len(rows),
        kinds[0] if len(kinds) == 1 else "block",
        _same(row.rows for row in rows),
        _same(row.cols for row in rows),
        _same(row.matrices for row in rows),
        _same(row.calls for row in rows),
        _same(row.on for row in rows),
        sum(known) if len(known) == len(rows) else None,
        sum(row.parameters for row in rows),
        tiles,
        weights,
        full,
        _same(row.reuse for row in rows),
    )


def _same(values: Iterable[_T | None]) -> _T | None:
    different = set(values)
    return different.pop() if len(different) == 1 else None
