"""Layers on their tiles as a table: size, tiles, how full they are, operations, energy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.sheet.quantity import format_value
from factsheet.views.layers import runs_of, short_name
from factsheet.views.page import Note, TableBlock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.views.layers import LayerLike, LayerRun
    from factsheet.views.material import Material

_NOTHING = "–"
_DIGITS = 4
MOST_ROWS = 120
"""More lines than these tell a reader nothing; `factsheet inspect` lists every one."""


def layer_table(material: Material) -> TableBlock | None:
    """The network's layers on tiles; `None` where nothing is known of them."""
    layers = material.layers
    if not layers:
        return None
    energy = {} if material.estimates.energy is None else _by_name(material)
    runs = runs_of(layers)
    lines = [line for run in runs for line in _lines(run, energy)]
    plain = not material.view.knows_hardware
    tiles = "Memory arrays (tiles)" if plain else "Tiles"
    header = ("Layer", "In blocks", "Inputs × outputs", tiles, "Used", "Uses of a weight", "Ops")
    columns = (*header, *(("Energy",) if energy else ()))
    kept = tuple(lines[:MOST_ROWS])
    notes = [Note("Used", "share of the tiles' cells that hold a weight.")]
    notes += [Note("Uses of a weight", "in one inference.")]
    if any(run.times > 1 for run in runs):
        notes.append(
            Note("Blocks alike", "a line has the figures of one layer, and each block has such a layer.")
        )
    if any(layer.on != "analog" for layer in layers):
        notes.append(Note("Digital", "computed beside the tiles, in digital units."))
    if len(lines) > MOST_ROWS:
        notes.append(
            Note("Left out", f"{len(lines) - MOST_ROWS:,} further lines; `factsheet inspect` has all.")
        )
    if energy and material.estimates.energy is not None:
        notes.append(Note("Energy", material.estimates.energy.standing))
    return TableBlock(
        caption="Layers on tiles",
        header=columns,
        numeric=tuple(range(3, len(columns))),
        rows=kept,
        standing="All derived from the declared architecture and the size of a tile.",
        notes=tuple(notes),
    )


def _by_name(material: Material) -> dict[str, float]:
    split = material.estimates.energy
    return {} if split is None else {share.name: share.energy_j for share in split.layers}


def _lines(run: LayerRun, energy: Mapping[str, float]) -> list[tuple[str, ...]]:
    return [_line(run, layer, energy) for layer in run.layers]


def _line(run: LayerRun, layer: LayerLike, energy: Mapping[str, float]) -> tuple[str, ...]:
    each = f" × {layer.matrices:,}" if layer.matrices > 1 else ""
    cells = (
        short_name(layer),
        run.title if run.times == 1 else f"{run.title} ({run.times} alike)",
        f"{layer.rows:,} × {layer.cols:,}{each}",
        _tiles(layer),
        _NOTHING if layer.utilisation is None else f"{layer.utilisation * 100:.3g} %",
        _NOTHING if layer.reuse is None else f"{layer.reuse:,.6g}",
        _NOTHING if layer.ops is None else format_value(layer.ops, "ops", _DIGITS),
    )
    if not energy:
        return cells
    joules = energy.get(layer.name)
    return (*cells, _NOTHING if joules is None else format_value(joules, "energy", _DIGITS))


def _tiles(layer: LayerLike) -> str:
    if layer.on != "analog":
        return "digital"
    if layer.tiles is None:
        return _NOTHING
    return f"{layer.tiles:,}" if layer.tiles else "shared"
