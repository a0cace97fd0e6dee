"""The keys of a profile's file: the pydantic model of version 1 of the format.

Loaded only where a profile's figures are used or shown. A check of a sheet needs a tile's geometry alone, which
`factsheet.hardware.profile` reads without any of this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from factsheet.facts.kind import refused
from factsheet.hardware.constants import ChipPart  # noqa: TC001  pydantic evaluates annotations
from factsheet.hardware.profile import Standing  # noqa: TC001  pydantic evaluates annotations
from factsheet.hardware.published_result import Name, Result  # noqa: TC001  pydantic evaluates annotations
from factsheet.hardware.quoted import (
    Area,
    Bits,
    Columns,
    Count,
    Density,
    Devices,
    Efficiency,
    Energy,
    Frequency,
    Length,
    Power,
    ProfilePart,
    Quoted,
    Rate,
    Text,
    Time,
    Weights,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.source.document import KeyPath


class Variant(ProfilePart):
    """Another geometry that the same tile can be given; what it leaves out is as in the main one.

    Attributes:
        rows: inputs.
        cols: outputs.
        devices_per_weight: that one weight takes.
        reads: that one vector takes, one after the other, each as long as a product in the main geometry.
    """

    rows: Weights | None = None
    cols: Weights | None = None
    devices_per_weight: Devices | None = None
    reads: Count | None = None


class CellFigures(ProfilePart):
    """How a weight is held by devices.

    Attributes:
        scheme: `pair`, a difference of two conductances, each of one device or more; `slices`, its bits apart on
            several cells; `single`, one device.
        bits: that one cell holds, for slices.
        weight_bits: of a weight, for slices.
        columns: physical columns of a tile, where they are not its weights.
        columns_per_weight: that one weight takes.
    """

    scheme: Literal["pair", "slices", "single"]
    bits: Bits | None = None
    weight_bits: Bits | None = None
    columns: Columns | None = None
    columns_per_weight: Columns | None = None


class InputFigures(ProfilePart):
    """How a value gets onto a row.

    Attributes:
        coding: `pulse-duration`, one pulse as long as the value; `bit-serial`, so many bits a cycle.
        bits: of a value.
        dac_bits: that a bit-serial coding puts on a row in one cycle.
        phases: passes that one vector takes, for the signs of inputs and weights.
    """

    coding: Literal["pulse-duration", "bit-serial"]
    bits: Bits | None = None
    dac_bits: Bits | None = None
    phases: Count | None = None


class ConverterFigures(ProfilePart):
    """What reads the columns.

    Attributes:
        columns_each: columns that share one converter; 1 is one for each column.
        bits: resolution.
        rate: conversions per second of one converter.
        conversion_time: of one column, where it is not the reciprocal of the rate.
    """

    columns_each: Columns | None = None
    bits: Bits | None = None
    rate: Frequency | None = None
    conversion_time: Time | None = None


class Times(ProfilePart):
    """How long a tile takes.

    Attributes:
        integration: of one full pulse, for one phase.
        cycle: of one step of a bit-serial coding, its conversion being done in the shadow of the next.
        mvm: of a whole matrix-vector product, where a source gives it.
        slot: from one vector to the next on the same tile.
        transport: from a tile's digital result to the tiles of the next layer.
    """

    integration: Time | None = None
    cycle: Time | None = None
    mvm: Time | None = None
    slot: Time | None = None
    transport: Time | None = None


class ChipFigures(ProfilePart):
    """What a chip has apart from its tiles: `standby` is drawn whether it computes or not."""

    standby: Power


class TileFigures(ProfilePart):
    """What a tile of rows × cols weights does, with its converters.

    `power` is that of a tile at work, all its energy; `standby` is drawn beside the energy of products, by every tile
    that holds weights, whether it computes or not.
    """

    rate: Rate | None = None
    efficiency: Efficiency | None = None
    density: Density | None = None
    mvm_energy: Energy | None = None
    power: Power | None = None
    standby: Power | None = None
    area: Area | None = None
    overhead_area: Area | None = None


class Ports(ProfilePart):
    """The way in and out of a tile, for one value of as many bits as the input has.

    Attributes:
        energy: of one value into a used row; out of a used column too, unless `output` says otherwise.
        output: of one value out of a used column, with its conversion where a source gives that apart.
    """

    energy: Energy
    output: Energy | None = None


class DigitalUnits(ProfilePart):
    """What computes the rest.

    Attributes:
        efficiency: operations per joule.
        rate: operations per second of all units of a chip.
        energy_within: another figure that the digital energy is part of already, so that it is not charged twice.
    """

    efficiency: Efficiency | None = None
    rate: Rate | None = None
    energy_within: Literal["ports", "tile", "components"] | None = None


class Coverage(ProfilePart):
    """What the profile's figures hold without naming it, so that an estimate is no lower bound for want of it.

    Attributes:
        energy: parts whose energy is in the figures, as in one that was fitted on a whole chip.
        time: parts whose time is.
        source: from which that is known.
    """

    energy: Annotated[tuple[ChipPart, ...], Strict(strict=False)] = ()
    time: Annotated[tuple[ChipPart, ...], Strict(strict=False)] = ()
    source: Text


class Sharing(ProfilePart):
    """Whether matrices that fit side by side may share one tile."""

    value: bool
    standing: Standing
    source: Text
    formula: Text | None = None


class WholeTile(ProfilePart):
    """Whether a product costs the energy of the whole tile, however few of its weights are used.

    So it is where drivers and converters of every row and column work each time; without it the energy of a product
    goes with the weights that it uses.
    """

    value: bool
    standing: Standing
    source: Text
    formula: Text | None = None


class LoadsInTurn(ProfilePart):
    """Whether parts of a network are loaded onto the same tiles, one after another, in every run."""

    value: bool
    standing: Standing
    source: Text
    formula: Text | None = None


class Level(ProfilePart):
    """One storey of a chip: it holds so many of the storey before."""

    name: Name
    holds: Count | None = None


class Hierarchy(ProfilePart):
    """The storeys of a chip, from the inside; `tile` names the one that holds rows × cols weights."""

    levels: Annotated[tuple[Level, ...], Strict(strict=False), Field(min_length=2, max_length=10)]
    tile: Name

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        names = [level.name for level in self.levels]
        if len(set(names)) != len(names):
            raise refused("two levels have the same name", "components name theirs", "rename one", "levels")
        if self.tile not in names[:-1]:
            raise refused(
                f"`{self.tile}` is not a level inside the chip",
                "a chip's tiles are counted from it",
                f"write one of {', '.join(names[:-1])}",
                "tile",
            )
        for position, level in enumerate(self.levels):
            if (level.holds is None) != (position == 0):
                raise refused(
                    f"level `{level.name}` "
                    + (
                        "holds a level that is not there"
                        if position == 0
                        else "does not say how many it holds"
                    ),
                    "the chip's totals are products of these numbers",
                    "leave `holds` out of the innermost level"
                    if position == 0
                    else f"add `holds` with the number of {names[position - 1]}s",
                    "levels",
                )
        return self

    def inside(self, outer: str, inner: str) -> float:
        """Return how many of one level another holds."""
        names = [level.name for level in self.levels]
        product = 1.0
        for level in self.levels[names.index(inner) + 1 : names.index(outer) + 1]:
            if level.holds is not None:
                product *= level.holds.si
        return product


class Component(ProfilePart):
    """A part of a level; power and area are of one copy."""

    name: Text
    per: Name
    count: Count | None = None
    power: Power | None = None
    area: Area | None = None


class Description(ProfilePart):
    """A chip, or a family of them."""

    profile: Literal[1]
    name: Name
    title: Text
    technology: Text | None = None
    node: Length | None = None
    rows: Weights
    cols: Weights
    devices_per_weight: Devices
    also: Annotated[tuple[Variant, ...], Strict(strict=False)] = ()
    cell: CellFigures | None = None
    input: InputFigures | None = None
    converter: ConverterFigures | None = None
    times: Times | None = None
    tile: TileFigures | None = None
    chip: ChipFigures | None = None
    ports: Ports | None = None
    digital: DigitalUnits | None = None
    covers: Coverage | None = None
    shares_tiles: Sharing | None = None
    charged_whole: WholeTile | None = None
    loads_in_turn: LoadsInTurn | None = None
    tiles_per_chip: Count | None = None
    hierarchy: Hierarchy | None = None
    components: Annotated[tuple[Component, ...], Strict(strict=False)] = ()
    validation: Annotated[tuple[Result, ...], Strict(strict=False)] = ()
    notes: Text | None = None

    @model_validator(mode="after")
    def _components_have_a_place(self) -> Self:
        levels = [level.name for level in self.hierarchy.levels] if self.hierarchy else []
        for position, component in enumerate(self.components):
            if component.per not in levels:
                raise refused(
                    f"component {position + 1}, `{component.name}`, is part of `{component.per}`, which is no level",
                    "a chip's power and area are sums over its levels",
                    f"write one of {', '.join(levels)}"
                    if levels
                    else "describe the levels under `hierarchy`",
                    "components",
                )
        return self


def figures_of(chip: ProfilePart) -> Iterator[tuple[KeyPath, Quoted]]:
    """Yield the figures that constants can follow from; results to hold the model against are not among them."""
    for name in type(chip).model_fields:
        if name != "validation":
            yield from _inside(getattr(chip, name), (name,))


def _inside(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, Quoted]]:
    if isinstance(value, Quoted):
        yield path, value
    elif isinstance(value, ProfilePart):
        for name in type(value).model_fields:
            yield from _inside(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for position, entry in enumerate(value):
            yield from _inside(entry, (*path, position))
