"""The equations of the cost model under each of the three execution structures, for numbers and NumPy arrays alike."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, TypeVar, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Structure = Literal["batch-synchronous", "sequence-pipelined", "sequential"]
STRUCTURES: tuple[Structure, ...] = get_args(Structure)

WORDS: Mapping[Structure, str] = MappingProxyType(
    {
        "batch-synchronous": "each stage works through the whole batch before the next one begins",
        "sequence-pipelined": "each stage goes on with the next sequence while later stages work on this one",
        "sequential": "one layer works on one vector at a time, and digital units only between",
    }
)
"""What each structure means, in a sentence."""

Number = TypeVar("Number", "float", "Array")


class StageNumbers(NamedTuple, Generic[Number]):
    """`StageDemand` as floating point."""

    alike: Number
    vectors: Number
    span: Number
    waits: Number
    depth: Number
    digital_ops: Number


class Numbers(NamedTuple, Generic[Number]):
    """What a network asks for and what a chip needs for it, as floating point; 0 for what is not charged."""

    charged: Number
    """Weights that are charged, once a vector: those used, or all of a tile where a product costs the whole of it."""
    inputs: Number
    outputs: Number
    vectors: Number
    digital_ops: Number
    busiest: Number
    stages: Sequence[StageNumbers[Number]]
    batch: Number
    slot: Number
    """s from vector to vector."""
    step: Number
    """s for one vector on its own."""
    op_time: Number
    """s for one digital operation on all chips together."""
    cell_energy: Number
    input_energy: Number
    output_energy: Number
    digital_energy: Number
    standby: Number
    """W that tiles and chips draw whether they compute or not."""


class Latencies(NamedTuple, Generic[Number]):
    """s for one run of the batch, by structure; and s from inference to inference where runs follow each other."""

    batch_synchronous: Number
    sequence_pipelined: Number
    sequential: Number
    interval: Number
    """Of the sequence-pipelined structure."""


def latencies(given: Numbers[Number], larger: Callable[[Number, Number], Number]) -> Latencies[Number]:
    """Return the time of a run under each structure.

    Args:
        given: what is asked for, and what it takes.
        larger: the larger of two numbers, elementwise for arrays.
    """
    slot, step, op_time = given.slot, given.step, given.op_time
    after_the_first = given.batch - 1.0
    together = given.digital_ops * op_time
    # No stage takes longer than these: its tiles are part of the busiest, its digital work of all.
    interval = larger(given.busiest * slot, together)
    synchronous = first_only = slot * 0.0
    for stage in given.stages:
        digital = stage.digital_ops * op_time
        tiles = larger(stage.span * slot + stage.waits * (step - slot), stage.depth * step)
        first = larger(tiles, digital)
        each = larger(stage.vectors * slot, digital)
        first_only = first_only + stage.alike * first
        synchronous = synchronous + stage.alike * (first + after_the_first * each)
    return Latencies(
        synchronous,
        first_only + after_the_first * interval,
        given.batch * (given.vectors * step + together),
        interval,
    )


class Energies(NamedTuple, Generic[Number]):
    """J for one inference."""

    cells: Number
    ports: Number
    digital: Number
    standby: Number

    @property
    def total(self) -> Number:
        """Their sum."""
        return self.cells + self.ports + self.digital + self.standby


def energies(given: Numbers[Number], latency: Number | None) -> Energies[Number]:
    """Return the energy of one inference.

    Args:
        given: what is asked for, and what it takes.
        latency: s of one run of the batch, for what is drawn all the time; `None` where nothing is.
    """
    cells = given.charged * given.cell_energy
    standby = cells * 0.0 if latency is None else given.standby * latency / given.batch
    ports = given.inputs * given.input_energy + given.outputs * given.output_energy
    return Energies(cells, ports, given.digital_ops * given.digital_energy, standby)


class Areas(NamedTuple, Generic[Number]):
    """m²."""

    tiles: Number
    """Tiles with their converters."""
    mapped: Number
    """The same with everything else that belongs to them, and what each chip has apart from its tiles."""


class AreaConstants(NamedTuple, Generic[Number]):
    """The areas that a chip's constants give."""

    tile: Number
    """m² of a tile."""
    overhead: Number
    """m² added for each tile."""
    chip: Number
    """m² of a chip apart from its tiles."""


def areas(tiles: Number, chips: Number, each: AreaConstants[Number]) -> Areas[Number]:
    """Return the area of the mapped tiles.

    Args:
        tiles: how many.
        chips: how many chips they are on.
        each: areas of a tile and a chip.
    """
    alone = tiles * each.tile
    return Areas(alone, alone + tiles * each.overhead + chips * each.chip)
