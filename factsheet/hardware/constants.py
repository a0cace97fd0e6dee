"""The constants of a chip that the cost model computes with, in SI units, each with its standing.

A profile says what is published of a chip in the words of its source (TOPS/W, a power and a time, components);
these are the same facts in the one form that the model needs. What a chip's sources do not say is `None`, and
what would follow from it is then not derived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.hardware.profile import Standing

WEAKEST_LAST: tuple[Standing, ...] = ("published", "secondary", "inferred", "fitted")
"""From the figure that can be read at its source to the one that was chosen to come out right."""


ChipPart = Literal["movement", "digital", "standby", "loading"]
"""What a chip has besides tiles: `movement` of values into, out of and between them; `digital` operations; `standby`,
what is drawn whether it computes or not; `loading` of weights, where one part of a network after another is on the same
tiles."""


class Constant(NamedTuple):
    """One number of the model.

    Attributes:
        value: in the SI base unit that its field in `ChipConstants` names.
        standing: the weakest of the figures that it follows from.
        source: where it comes from, for a person.
        formula: how it follows from the profile's figures, where it is not one of them.
        fitted_to: what a fitted figure behind it was chosen to bring out right.
    """

    value: float
    standing: Standing
    source: str
    formula: str = ""
    fitted_to: str = ""


class ChipConstants(NamedTuple):
    """What the cost model knows of a chip; energies in J, times in s, areas in m², powers in W."""

    profile: str
    rows: int
    """Inputs of a tile, in weights."""
    cols: int
    """Outputs of a tile, in weights: columns of devices over the columns that one weight takes (bit slices, pairs)."""
    devices_per_weight: int
    mvm_time: Constant | None
    """From the arrival of one vector at a tile to its digital result: all bits or the pulse, phases, conversion."""
    slot: Constant | None
    """From one vector to the next on the same tile. At least the part of `mvm_time` that cannot overlap."""
    transport_time: Constant | None
    """From a tile's digital result to the tiles of the next layer, what is done to it on the way included."""
    cell_energy: Constant | None
    """J for one used weight and one vector: the energy of a full tile's MVM over its weights."""
    port_energy: Constant | None
    """J for one value into a used row of a tile, and out of a used column unless `output_energy` says otherwise.
    `None`: part of `cell_energy`."""
    output_energy: Constant | None
    """J for one value out of a used column, where it differs from one into a row. `None`: it does not."""
    digital_energy: Constant | None
    """J for one digital operation. `None`: not known, or part of `port_energy`; the profile says which."""
    digital_rate: Constant | None
    """Digital operations per second of a chip. `None`: digital work is taken as hidden behind the tiles."""
    tile_power: Constant | None
    """W that a mapped tile draws whether it computes or not; `None` where energy is charged by use alone."""
    chip_power: Constant | None
    """W that a chip draws apart from its tiles (links, controller)."""
    tile_area: Constant | None
    """m² of one tile with its converters."""
    tile_overhead_area: Constant | None
    """m² of everything else, for each tile: digital units, buffers, routing."""
    chip_area: Constant | None
    """m² of a chip apart from its tiles and their overhead."""
    tiles_per_chip: int | None
    shares_tiles: bool
    """Whether matrices that fit side by side may share one tile."""
    uncharged: tuple[ChipPart, ...] = ()
    """Parts of a chip whose energy is in no figure of the profile: what is worked out is a lower bound."""
    untimed: tuple[ChipPart, ...] = ()
    """Parts of a chip whose time is in no figure of the profile."""
    charged_whole: bool = False
    """Whether a product costs the energy of the whole tile, however few of its weights are used."""
    others: tuple[ChipConstants, ...] = ()
    """Of the other geometries that the same tile can be given, where these are of the usual one."""


def weakest(standings: Iterable[Standing]) -> Standing:
    """Return the standing of a result: that of the weakest figure that went into it."""
    return max(standings, key=WEAKEST_LAST.index, default="published")


CONSTANT_DIMENSIONS: tuple[tuple[str, str], ...] = (
    ("mvm_time", "time"),
    ("slot", "time"),
    ("transport_time", "time"),
    ("cell_energy", "energy"),
    ("port_energy", "energy"),
    ("output_energy", "energy"),
    ("digital_energy", "energy"),
    ("digital_rate", "ops_per_second"),
    ("tile_power", "power"),
    ("chip_power", "power"),
    ("tile_area", "area"),
    ("tile_overhead_area", "area"),
    ("chip_area", "area"),
)
"""Every constant that has a standing, with its dimension in the unit table, in the order of `ChipConstants`."""
