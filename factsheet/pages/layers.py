"""The network's layers as `derive` lists them, with blocks that are alike put together."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class LayerLike(Protocol):
    """A product with stored weights, as far as a page needs it; those of `factsheet.derive` fit."""

    @property
    def name(self) -> str:
        """Name in the network, its block in front."""

    @property
    def block(self) -> str:
        """The block that it belongs to."""

    @property
    def rows(self) -> int:
        """Inputs of its matrix."""

    @property
    def cols(self) -> int:
        """Outputs of its matrix."""

    @property
    def tiles(self) -> int | None:
        """Tiles of its own; 0 for a digital layer and for one that shares its matrix."""

    @property
    def utilisation(self) -> float | None:
        """Share of its tiles' cells that hold a weight."""

    @property
    def ops(self) -> int | None:
        """Operations of one run of the batch."""

    @property
    def reuse(self) -> float | None:
        """Uses of one stored weight in one inference."""

    @property
    def on(self) -> str:
        """`analog` or `digital`."""

    @property
    def matrices(self) -> int:
        """Matrices of this shape."""


class LayerRun(NamedTuple):
    """Blocks in a row that hold the same layers; most have one block only.

    Attributes:
        blocks: names of the blocks, in order.
        layers: the layers of the first block.
    """

    blocks: tuple[str, ...]
    layers: tuple[LayerLike, ...]

    @property
    def title(self) -> str:
        """E.g. `layer.0 to layer.11`."""
        return self.blocks[0] if len(self.blocks) == 1 else f"{self.blocks[0]} to {self.blocks[-1]}"

    @property
    def times(self) -> int:
        """How many blocks."""
        return len(self.blocks)


def short_name(layer: LayerLike) -> str:
    """The layer's name within its block."""
    inner = layer.name.removeprefix(layer.block).lstrip(".")
    return inner or layer.name


def runs_of(layers: Iterable[LayerLike]) -> tuple[LayerRun, ...]:
    """The layers by block, in order of execution; neighbours that do not differ but in name as one."""
    blocks = [(name, tuple(found)) for name, found in groupby(layers, key=lambda layer: layer.block)]
    runs = []
    for _, alike in groupby(blocks, key=lambda block: _shape(block[1])):
        named = list(alike)
        runs.append(LayerRun(tuple(name for name, _ in named), named[0][1]))
    return tuple(runs)


def _shape(layers: Sequence[LayerLike]) -> tuple[object, ...]:
    return tuple(
        (short_name(x), x.rows, x.cols, x.tiles, x.utilisation, x.ops, x.reuse, x.on, x.matrices)
        for x in layers
    )
