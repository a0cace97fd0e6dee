"""Lay out the layers of the network: those that the sheet lists, and what each takes of the tiles."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from factsheet.facts.fact import Fact
from factsheet.pages.model import Note, TableBlock
from factsheet.quantities.quantity import Quantity, format_value
from factsheet.sheet.labels import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from factsheet.facts.section import Record
    from factsheet.pages.inputs import PageInputs
    from factsheet.readers.views import Depth
    from factsheet.recompute.derivation import Layer


class ListedRows(NamedTuple):
    """A list of rows: the part of the page that it belongs to, and the caption of its table."""

    part: str
    caption: str


_AS_LISTED = "Layers as the sheet lists them"
LISTED: Mapping[str, ListedRows] = {
    "model_architecture.convolutional.layers": ListedRows("architecture", _AS_LISTED),
    "model_architecture.operators": ListedRows("architecture", _AS_LISTED),
    "model_architecture.layout.copies": ListedRows("architecture", "Layers that are stored several times"),
    "model_architecture.base_models": ListedRows("architecture", "Models that it was made from"),
    "training_data.datasets": ListedRows("data", "Data sets of training"),
    "test_data.datasets": ListedRows("data", "Data sets of the test"),
    "hardware.training.activities": ListedRows("training_hardware", "What else took energy"),
}
"""Lists of rows that become a table each."""
MOST_SHORT = 12
"""Rows of a table that is shown short."""
_NO_VALUE = "–"
_UNKNOWN = "not known"
_NAMES = {
    "does": "Weights",
    "each": "Used for each",
    "stored_as": "Shares the weights of",
    "adds": "Adds the output of",
    "input": "Takes the output of",
    "side": "Computed",
    "calls": "Input vectors",
}
_CLOSED = frozenset({"kind", "does", "each", "side", "normalisation"})
"""Keys whose answers are out of a closed list; others hold the author's own words."""
_WORDS = {
    "matrix": "stored",
    "product": "computed each time",
    "analog": "on tiles",
    "digital": "digitally",
    "max_pool": "max pool",
    "average_pool": "average pool",
    "global_pool": "global pool",
    "transposed_conv": "transposed conv",
    "batch_norm": "batch norm",
}


def network_tables(inputs: PageInputs, depths: dict[str, Depth]) -> Iterator[TableBlock]:
    """Yield a table for each list that the sheet writes out row by row, at the depths given by path."""
    for path, about in LISTED.items():
        rows = listed(inputs, path)
        if rows and path in depths:
            yield _table(path, about.caption, rows, depths[path])


def listed(inputs: PageInputs, path: str) -> Sequence[Record]:
    """Return the rows of a list; empty where the sheet has none."""
    found: object = inputs.sheet
    for key in path.split("."):
        found = getattr(found, key, None)
    return found if isinstance(found, tuple) else ()


def _table(path: str, caption: str, rows: Sequence[Record], depth: Depth) -> TableBlock:
    keys = [key for key in vars(rows[0]) if any(getattr(row, key) is not None for row in rows)]
    if "name" in keys:
        keys.remove("name")
        keys.insert(0, "name")
    cells = [(f"{number}", *(_cell_of(row, key) for key in keys)) for number, row in enumerate(rows, start=1)]
    kept = cells[:MOST_SHORT] if depth == "short" else cells
    left = len(cells) - len(kept)
    numeric = tuple(
        place for place, key in enumerate(keys, start=1) if all(_is_number(getattr(row, key)) for row in rows)
    )
    return TableBlock(
        caption=caption,
        header=("No.", *(_NAMES.get(key, label(key)) for key in keys)),
        numeric=(0, *numeric),
        rows=tuple(kept),
        notes=(Note("Left out", f"{left:,} further layers"),) if left else (),
        paths=(path,),
        shortened=bool(left),
    )


def _is_number(value: object) -> bool:
    plain = value.value if isinstance(value, Fact) else value
    return isinstance(plain, int | Quantity | None) and not isinstance(plain, bool)


def _cell_of(row: Record, key: str) -> str:
    """Return a cell of a list: no calls say that it is not known how many there are."""
    if key == "calls" and getattr(row, key) == 0 and not getattr(row, "besides", None):
        return _UNKNOWN
    return _cell(key, getattr(row, key))


def _cell(key: str, value: object) -> str:
    match value:
        case None:
            return _NO_VALUE
        case Fact():
            return value.shown()
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case (height, width):
            return f"{height}" if height == width else f"{height} × {width}"
    return _WORDS.get(str(value), str(value)) if key in _CLOSED else str(value)


_NO_TILES = "–"
_DIGITS = 4
MOST_ROWS = 120
"""More lines than these help no reader; `factsheet inspect` lists every one."""


def layer_table(inputs: PageInputs) -> TableBlock | None:
    """Return the network's layers on tiles; `None` where nothing is known of them."""
    layers = inputs.layers
    if not layers:
        return None
    energy = {} if inputs.estimates.energy is None else _by_name(inputs)
    runs = runs_of(layers)
    lines = [line for run in runs for line in _lines(run, energy)]
    plain = not inputs.view.knows_hardware
    tiles = "Memory arrays (tiles)" if plain else "Tiles"
    header = ("Layer", "In blocks", "Inputs × outputs", tiles, "Used", "Uses of a weight", "Ops")
    columns = (*header, *(("Energy",) if energy else ()))
    kept = tuple(lines[:MOST_ROWS])
    notes = [Note("Used", "share of the tiles' cells that hold a weight.")]
    shared = "" if inputs.fact("parameters.reuse_factor") is None else _OTHER_FACTOR
    notes += [Note("Uses of a weight", f"in one inference{shared}.")]
    if inputs.totals.point is not None:
        figures = "Ops and energy" if energy else "Ops"
        notes.append(Note(figures, f"of one run: {inputs.totals.point}."))
    if any(run.times > 1 for run in runs):
        notes.append(
            Note("Blocks alike", "a line has the figures of one layer, and each block has such a layer.")
        )
    if any(layer.on != "analog" for layer in layers):
        notes.append(Note("Digital", "computed outside the tiles, in digital units."))
    if len(lines) > MOST_ROWS:
        notes.append(
            Note("Left out", f"{len(lines) - MOST_ROWS:,} further lines; `factsheet inspect` has all.")
        )
    if energy and inputs.estimates.energy is not None:
        notes.append(Note("Energy", inputs.estimates.energy.provenance))
    return TableBlock(
        caption="Layers on tiles",
        header=columns,
        numeric=tuple(range(3, len(columns))),
        rows=kept,
        provenance="All derived from the declared architecture and the size of a tile.",
        notes=tuple(notes),
    )


_OTHER_FACTOR = (
    ", such as once for each position of its sequence; the reuse factor is how many layers share it"
)


def _by_name(inputs: PageInputs) -> dict[str, float]:
    split = inputs.estimates.energy
    return {} if split is None else {share.name: share.energy_j for share in split.layers}


def _lines(run: LayerRun, energy: Mapping[str, float]) -> list[tuple[str, ...]]:
    return [_line(run, layer, energy) for layer in run.layers]


def _line(run: LayerRun, layer: Layer, energy: Mapping[str, float]) -> tuple[str, ...]:
    each = f" × {layer.matrices:,}" if layer.matrices > 1 else ""
    cells = (
        short_name(layer),
        run.title if run.times == 1 else f"{run.title} ({run.times} alike)",
        f"{layer.rows:,} × {layer.cols:,}{each}",
        _tiles(layer),
        _NO_TILES if layer.utilisation is None else f"{layer.utilisation * 100:.3g} %",
        _NO_TILES if layer.reuse is None else f"{layer.reuse:,.6g}",
        _NO_TILES if layer.ops is None else format_value(layer.ops, "ops", _DIGITS),
    )
    if not energy:
        return cells
    joules = energy.get(layer.name)
    return (*cells, _NO_TILES if joules is None else format_value(joules, "energy", _DIGITS))


def _tiles(layer: Layer) -> str:
    if layer.on != "analog":
        return "digital"
    if layer.tiles is None:
        return _NO_TILES
    return f"{layer.tiles:,}" if layer.tiles else "shared"


class LayerRun(NamedTuple):
    """Blocks in a row that hold the same layers; most have one block only.

    Attributes:
        blocks: names of the blocks, in order.
        layers: the layers of the first block.
    """

    blocks: tuple[str, ...]
    layers: tuple[Layer, ...]

    @property
    def title(self) -> str:
        """E.g. `layer.0 to layer.11`."""
        return self.blocks[0] if len(self.blocks) == 1 else f"{self.blocks[0]} to {self.blocks[-1]}"

    @property
    def times(self) -> int:
        """How many blocks."""
        return len(self.blocks)


def short_name(layer: Layer) -> str:
    """Return the layer's name within its block."""
    inner = layer.name.removeprefix(layer.block).lstrip(".")
    return inner or layer.name


def runs_of(layers: Iterable[Layer]) -> tuple[LayerRun, ...]:
    """Return the layers by block, in order of execution; neighbours that do not differ but in name as one."""
    blocks = [(name, tuple(found)) for name, found in groupby(layers, key=lambda layer: layer.block)]
    runs = []
    for _, alike in groupby(blocks, key=lambda block: _shape(block[1])):
        named = list(alike)
        runs.append(LayerRun(tuple(name for name, _ in named), named[0][1]))
    return tuple(runs)


def _shape(layers: Sequence[Layer]) -> tuple[object, ...]:
    return tuple(
        (short_name(x), x.rows, x.cols, x.tiles, x.utilisation, x.ops, x.reuse, x.on, x.matrices)
        for x in layers
    )
