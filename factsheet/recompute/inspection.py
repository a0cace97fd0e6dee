"""A network operator by operator, with blocks that repeat put together: what `factsheet inspect` shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from factsheet.crossbar.mapping import TileShape, map_matrix, map_network
from factsheet.networks.counting import DEFAULT, convention_named
from factsheet.networks.declared import declared_network
from factsheet.networks.operators import DynamicMatmul, Elementwise, Lookup, StaticMatmul
from factsheet.networks.policy import apply
from factsheet.recompute.network_source import open_source, sheet_at
from factsheet.recompute.points import USUAL_LENGTH, ChosenPoint, choose_point, stated_tile, tile_left_open
from factsheet.recompute.request import request_with
from factsheet.sheet.model import SheetFields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from factsheet.crossbar.mapping import TileMapping
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.family import Run
    from factsheet.networks.operators import Network, Operator, Side, Size, SizeOrigin
    from factsheet.recompute.request import Request


_T = TypeVar("_T")
_TILE_SIDE = 512
_REST = "worked out beforehand"
"""What is stored, and enters the operators through other matrices or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedRow:
    """Operators that are alike, or all of a block. `None` means what does not apply, or is not the same for all.

    Counts are those of one run of the batch, over all the operators of the row.
    """

    name: str
    """The operators' name; where blocks repeat, `*` for their number."""
    count: int = 1
    """How many operators it counts."""
    kind: str
    rows: int | None = None
    """Inputs of one matrix, or the inner width of a product."""
    cols: int | None = None
    """Outputs of one matrix, or columns of a product."""
    matrices: int | None = None
    """Matrices of one operator: groups, experts."""
    calls: int | None = None
    """Input vectors of one operator."""
    on: Side | None
    ops: int | None
    """`None` where an operator is unknown."""
    parameters: int = 0
    """Stored numbers, each where it is used first."""
    tiles: int | None = None
    """Tiles of the stored matrices, each where it is on tiles first; `None` for what is not on tiles."""
    weights: int = 0
    """Cells that hold a weight."""
    utilisation: float | None = None
    """Share of the tiles' cells that hold a weight."""
    uses: float | None = None
    """Uses of one stored weight per sequence, by all nodes that share it."""
    nodes: int | None = None
    """Nodes that multiply by the same stored matrix, as a sheet's reuse factor counts them."""
    shares: str = ""
    """For a matrix on the tiles of another, the name of the operator that those are counted at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A network operator by operator, at the point that it was worked out for."""

    network: Network
    rows: tuple[InspectedRow, ...]
    run: Run
    """What an inference runs on: tokens in a sequence, a cache, the size of an image."""
    batch: int
    sizes: tuple[Size, ...]
    """What it was worked out for, each size with where it comes from; none that the network has not."""
    tile: TileShape
    tile_from: SizeOrigin
    """Where the geometry of a tile comes from."""
    tile_note: str = ""
    """What is to be said of a tile that a sheet states without all of its sides."""
    convention: CountingConvention


def inspect_source(
    source: str | Path | SheetFields,
    request: Request | None = None,
    *,
    seq_len: int | None = None,
    batch: int | None = None,
    depth: int | None = None,
) -> Inspection:
    """Return a network operator by operator: what each computes, and the tiles that it takes.

    Args:
        source: a sheet, the path of one, a `config.json` or its folder, an ONNX graph, an exported program, a
            safetensors file, or `package.module:callable`, which is imported and called.
        request: what to work out, and how; a chip in it is not looked at.
        seq_len: tokens in one sequence, instead of the request's; by default those of a sheet's first operating point,
            else 128.
        batch: sequences processed together, likewise; by default 1.
        depth: parts of a name that are told apart, numbers of blocks not counted; `None` for all.

    Raises:
        WorkloadError: the source cannot be read, or what it declares cannot be built.
        InvalidSheetError: a copy of a sheet was given values that no sheet can have.
        DeriveError: a sequence length out of range, or an unknown convention.
    """
    asked = request_with(request, seq_len=seq_len, batch=batch)
    stated: TileShape | None = None
    sheet = source.checked() if isinstance(source, SheetFields) else sheet_at(str(source))
    if sheet is None:
        point = ChosenPoint(asked.seq_len, asked.batch, seq_len_from="asked", batch_from="asked")
        point = point.assumed(USUAL_LENGTH, 1)
    else:
        point = choose_point(sheet, asked.seq_len, asked.batch).assumed(USUAL_LENGTH, 1)
        stated = stated_tile(sheet)
    declared = frozenset({"seq_len"}) if point.seq_len_from == "declared" else frozenset()
    run = asked.run(point.seq_len or USUAL_LENGTH, declared)
    found = (
        open_source(str(source), run) if sheet is None else declared_network(sheet.model_architecture, run)
    )
    network = apply(asked.policy, found)
    tile = asked.tile or stated or TileShape(_TILE_SIDE, _TILE_SIDE)
    tile_from: SizeOrigin = "asked" if asked.tile else "declared" if stated else "assumed"
    left_open = tile_left_open(sheet) if sheet is not None and tile_from == "assumed" else ""
    convention = convention_named(asked.convention or DEFAULT)
    many = point.batch or 1
    rows = inspect(network, many, convention, tile, depth=depth)
    return Inspection(
        network=network,
        rows=rows,
        run=run,
        batch=many,
        sizes=point.sizes(network),
        tile=tile,
        tile_from=tile_from,
        tile_note=left_open
        and f"{left_open}: tiles of {tile.rows} x {tile.cols} are assumed; --tile gives others",
        convention=convention,
    )


def inspect(
    network: Network,
    batch: int,
    convention: CountingConvention,
    tile: TileShape,
    *,
    depth: int | None = None,
) -> tuple[InspectedRow, ...]:
    """Return the rows of a network, in order of execution.

    Args:
        network: its operators.
        batch: sequences of one run.
        convention: what a MAC and an element are worth.
        tile: geometry of one array.
        depth: parts of a name that are told apart, numbers of blocks not counted; `None` for all.
    """
    groups: dict[tuple[object, ...], list[InspectedRow]] = {}
    for row in (*_rows(network, batch, convention, tile), *_without_work(network)):
        name = _general(row.name) if depth is None else _cut(_general(row.name), depth)
        alike = (name, row.kind, row.rows, row.cols, row.matrices, row.calls, row.on)
        groups.setdefault(alike if depth is None else (name,), []).append(row)
    return tuple(
        _together(rows[0].name if len(rows) == 1 and depth is None else str(key[0]), rows, tile)
        for key, rows in groups.items()
    )


def _without_work(network: Network) -> Iterator[InspectedRow]:
    """Yield what is stored and is no operator of the run: what nothing uses, and what is worked out beforehand."""
    for name, count in network.unreached.items():
        yield InspectedRow(name=name, kind="unreached", on=None, ops=None, parameters=count)
    counted = sum(network.new_parameters.values()) + sum(network.unreached.values())
    if network.tensors is not None and network.parameters > counted:
        rest = network.parameters - counted
        yield InspectedRow(name=_REST, kind="stored", on="digital", ops=0, parameters=rest)


def _rows(
    network: Network, batch: int, convention: CountingConvention, tile: TileShape
) -> Iterator[InspectedRow]:
    mapping = map_network(network, tile)
    for operator in network.operators:
        if isinstance(operator, StaticMatmul):
            yield _matrix(operator, network, mapping, batch=batch, ops_per_mac=convention.ops_per_static_mac)
            if operator.bias and convention.ops_per_element["bias"]:
                ops = (
                    convention.ops_per_element["bias"] * operator.bias_elements * batch
                    if operator.calls or operator.idle
                    else None
                )
                yield InspectedRow(name=f"{operator.name} bias", kind="bias", on="digital", ops=ops)
        else:
            yield _digital(operator, network, batch, convention)


def _matrix(
    matrix: StaticMatmul, network: Network, mapping: TileMapping, *, batch: int, ops_per_mac: int
) -> InspectedRow:
    on_tiles, first = matrix.on == "analog", mapping.of(matrix.name)
    uses = matrix.uses * network.sharing[matrix.storage]
    return InspectedRow(
        name=matrix.name,
        kind=matrix.kind,
        rows=matrix.rows,
        cols=matrix.cols,
        matrices=matrix.matrices,
        calls=matrix.calls * batch or None,
        on=matrix.on,
        ops=ops_per_mac * matrix.macs * batch if matrix.calls or matrix.idle else None,
        parameters=network.new_parameters[matrix.name],
        tiles=(0 if first is None else first.tiles) if on_tiles else None,
        weights=0 if first is None else first.matrix.weights,
        utilisation=map_matrix(matrix, mapping.tile).utilisation if on_tiles else None,
        uses=(uses.numerator if uses.denominator == 1 else float(uses)) if matrix.calls else None,
        nodes=network.sharing[matrix.storage],
        shares="" if first is not None or not on_tiles else network.tiles_of[matrix.name],
    )


def _digital(
    operator: Operator, network: Network, batch: int, convention: CountingConvention
) -> InspectedRow:
    row = InspectedRow(
        name=operator.name,
        kind="unknown",
        on="digital",
        ops=None,
        parameters=network.new_parameters.get(operator.name, 0),
    )
    known = network.uses_known
    if isinstance(operator, DynamicMatmul):
        return replace(
            row,
            kind="product",
            rows=operator.k,
            cols=operator.n,
            calls=operator.count * operator.m * batch,
            ops=convention.ops_per_dynamic_mac * operator.macs * batch,
        )
    if isinstance(operator, Elementwise):
        ops = convention.ops_per_element[operator.kind] * operator.elements * batch
        return replace(row, kind=operator.kind, ops=ops if known else None)
    if isinstance(operator, Lookup):
        calls = operator.lookups * batch if known else None
        return replace(row, kind="lookup", rows=operator.rows, cols=operator.cols, calls=calls, ops=0)
    return row


def _general(name: str) -> str:
    """Return a name with `*` for the numbers of blocks, and without the number of a further use (`query@2`)."""
    name = re.sub(r"@\d+\b", "", name)
    return ".".join("*" if part.isdecimal() else part for part in name.split("."))


def _cut(name: str, depth: int) -> str:
    """Return the first parts of a general name; a `*` goes along with the part before it."""
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
        name=name,
        count=len(rows),
        kind=kinds[0] if len(kinds) == 1 else "block",
        rows=_same(row.rows for row in rows),
        cols=_same(row.cols for row in rows),
        matrices=_same(row.matrices for row in rows),
        calls=_same(row.calls for row in rows),
        on=_same(row.on for row in rows),
        ops=sum(known) if len(known) == len(rows) else None,
        parameters=sum(row.parameters for row in rows),
        tiles=tiles,
        weights=weights,
        utilisation=full,
        uses=_same(row.uses for row in rows),
        nodes=_same(row.nodes for row in rows),
        shares="" if tiles else (_same(row.shares for row in rows) or ""),
    )


def _same(values: Iterable[_T | None]) -> _T | None:
    different = set(values)
    return different.pop() if len(different) == 1 else None
