"""Cut a network's stored matrices into array tiles.

Each matrix is cut along both of its sides and starts on tiles of its own, ⌈rows / R⌉ · ⌈columns / C⌉ of
them; no tile holds parts of two matrices. IBM's 3D-CiM-LLM-Inference-Simulator maps the same way. Packing
matrices together would need fewer tiles, but then matrices that share rows or columns could not be read at
once; `tiles_dense` says how many fewer at best.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.networks.operators import Network, StaticMatmul

NO_COPIES: Mapping[str, int] = MappingProxyType({})
"""Every matrix stored once."""


@dataclass(frozen=True, slots=True)
class TileShape:
    """Geometry of one array, in weights.

    Raises:
        ValueError: a side is shorter than one weight.
    """

    rows: int
    """Inputs."""
    cols: int
    """Outputs; a weight held by several devices is one column here."""

    def __post_init__(self) -> None:
        if self.rows < 1 or self.cols < 1:
            raise ValueError(f"an array of {self.rows} by {self.cols} weights holds nothing")

    @property
    def cells(self) -> int:
        """Weights that a tile holds."""
        return self.rows * self.cols


class MappedMatrix(NamedTuple):
    """One stored matrix on its tiles."""

    matrix: StaticMatmul
    """The first node that uses the matrix."""
    nodes: int
    """Nodes that use it."""
    row_tiles: int
    """Tiles one below the other: their outputs are partial sums to be added."""
    col_tiles: int
    """Tiles side by side: each input goes to all of them."""
    utilisation: float
    """Share of its tiles' cells that hold a weight."""
    copies: int = 1
    """How many times it is stored."""

    @property
    def tiles(self) -> int:
        """Tiles of the matrix and its copies; of a convolution in groups or of experts, those of all its matrices."""
        return self.copies * self.matrix.matrices * self.row_tiles * self.col_tiles


@dataclass(frozen=True)  # without slots, so that sums are worked out once
class TileMapping:
    """A network's analog matrices on tiles.

    Whoever says how many tiles or cells a node takes asks here: stored weights have a name, nodes that use the same
    name share one matrix, and a matrix is mapped once, where a node on the analog side uses it first. A table that is
    looked up is read digitally and takes no tile; an output layer tied to it is multiplied by, and takes its tiles.
    """

    tile: TileShape
    matrices: tuple[MappedMatrix, ...]

    @cached_property
    def _of_node(self) -> Mapping[str, MappedMatrix]:
        return {mapped.matrix.name: mapped for mapped in self.matrices}

    def of(self, node: str) -> MappedMatrix | None:
        """Return the matrix that a node is the first to use on tiles; `None` for any other node."""
        return self._of_node.get(node)

    @cached_property
    def tiles(self) -> int:
        """Tiles in all."""
        return sum(mapped.tiles for mapped in self.matrices)

    @cached_property
    def weights(self) -> int:
        """Cells that hold a weight."""
        return sum(mapped.copies * mapped.matrix.weights for mapped in self.matrices)

    @cached_property
    def cells(self) -> int:
        """Cells of all tiles."""
        return self.tiles * self.tile.cells

    @cached_property
    def spare_cells(self) -> int:
        """Cells that hold no weight."""
        return self.cells - self.weights

    @cached_property
    def utilisation(self) -> float:
        """Share of all cells that hold a weight; 0 where nothing is mapped."""
        return self.weights / self.cells if self.cells else 0.0

    @cached_property
    def tiles_dense(self) -> int:
        """Fewest tiles that could hold as many weights, however they were packed."""
        return ceil_div(self.weights, self.tile.cells)

    def devices(self, per_weight: int) -> int:
        """Count the memory devices that hold the weights: 2 a weight for a pair of conductances, 4 for two pairs.

        Devices of spare cells hold no weight and are not counted.
        """
        return self.weights * per_weight


def ceil_div(a: int, b: int) -> int:
    """Divide and round up, in whole numbers: floating point is wrong above 2^53."""
    return -(-a // b)


def map_network(network: Network, tile: TileShape, copies: Mapping[str, int] | None = None) -> TileMapping:
    """Cut every stored matrix on the analog side into tiles.

    Args:
        network: operators of the network.
        tile: geometry of one array.
        copies: how many times a matrix is stored, by the name of its weights; as the network says by default.
    """
    nodes = network.sharing
    several = network.copies if copies is None else copies
    mapped = (map_matrix(matrix, tile, nodes[matrix.storage]) for matrix in network.analog_stored)
    return TileMapping(tile, tuple(one._replace(copies=several.get(one.matrix.storage, 1)) for one in mapped))


def map_matrix(matrix: StaticMatmul, tile: TileShape, nodes: int = 1) -> MappedMatrix:
    """Cut one matrix into tiles."""
    down, across = ceil_div(matrix.rows, tile.rows), ceil_div(matrix.cols, tile.cols)
    return MappedMatrix(
        matrix=matrix,
        nodes=nodes,
        row_tiles=down,
        col_tiles=across,
        utilisation=matrix.rows * matrix.cols / (down * across * tile.cells),
    )
