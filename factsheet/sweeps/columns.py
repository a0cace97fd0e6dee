"""The columns of a sweep's table: names with their units, what they mean, and which end of them is the better one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.errors import SweepError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Kind = Literal["text", "whole", "number"]
Value = str | int | float | None


class Column(NamedTuple):
    """One column."""

    name: str
    """As in the file's header, with the unit."""
    kind: Kind
    unit: str
    """Empty where it has none."""
    meaning: str
    alias: str = ""
    """A short name that it is known by on the command line."""
    best: Literal["least", "most"] | None = None
    title: str = ""
    """What an axis of a chart is called."""


AXES: tuple[Column, ...] = (
    Column("source", "text", "", "where the network was read from", title="source"),
    Column("network", "text", "", "what the source calls it", title="network"),
    Column("hardware", "text", "", "the hardware profile", title="hardware"),
    Column("structure", "text", "", "how sequences follow each other through the layers", title="structure"),
    Column("seq_len", "whole", "tokens", "tokens in one sequence", alias="sequence", title="sequence length"),
    Column("batch", "whole", "sequences", "sequences run together", title="batch"),
    Column("tile_rows", "whole", "weights", "inputs of a tile", title="tile rows"),
    Column("tile_cols", "whole", "weights", "outputs of a tile", title="tile columns"),
)
"""What distinguishes the points."""

FIGURES: tuple[Column, ...] = (
    Column(
        "latency_s",
        "number",
        "s",
        "time of one run of the batch",
        alias="latency",
        best="least",
        title="latency",
    ),
    Column(
        "interval_s",
        "number",
        "s",
        "time from inference to inference while runs follow each other",
        alias="interval",
        best="least",
        title="interval",
    ),
    Column(
        "energy_per_inference_j",
        "number",
        "J",
        "energy of one inference",
        alias="energy",
        best="least",
        title="energy of an inference",
    ),
    Column("power_w", "number", "W", "average power over a run", alias="power", best="least", title="power"),
    Column(
        "throughput_inferences_per_s",
        "number",
        "1/s",
        "inferences per second of a run",
        alias="throughput",
        best="most",
        title="throughput",
    ),
    Column(
        "efficiency_inferences_per_s_per_w",
        "number",
        "1/(s W)",
        "inferences per second and watt, which is inferences per joule",
        alias="efficiency",
        best="most",
        title="efficiency",
    ),
    Column(
        "tops_per_w",
        "number",
        "TOPS/W",
        "operations per joule, analog and digital, in 10^12",
        alias="tops_per_watt",
        best="most",
        title="operations per joule",
    ),
    Column(
        "area_tiles_mm2",
        "number",
        "mm2",
        "area of the mapped tiles alone",
        alias="area_tiles",
        best="least",
        title="area of the tiles",
    ),
    Column(
        "area_mm2",
        "number",
        "mm2",
        "area of the mapped tiles and what belongs to them",
        alias="area",
        best="least",
        title="area",
    ),
    Column(
        "area_chips_mm2",
        "number",
        "mm2",
        "area of whole chips, mapped or not",
        alias="area_chips",
        best="least",
        title="area of the chips",
    ),
)
"""What the cost model gives for each point. A figure that a profile's sources do not allow is empty."""

RANGE: tuple[Column, ...] = (
    Column(
        "latency_low_s",
        "number",
        "s",
        "time of one run under the fastest structure",
        title="latency under the fastest structure",
    ),
    Column(
        "latency_high_s",
        "number",
        "s",
        "time of one run under the slowest structure",
        title="latency under the slowest structure",
    ),
)
"""How far the time of a run depends on how layers and sequences follow each other."""

COUNTS: tuple[Column, ...] = (
    Column("tiles", "whole", "tiles", "tiles that the weights are on", best="least", title="tiles"),
    Column("chips", "whole", "chips", "chips that the tiles are on", best="least", title="chips"),
)
"""What is counted of each point."""


def standing_of(column: Column) -> Column:
    """Return the column that states how well a figure is founded."""
    meaning = (
        f"standing of {column.name}: published, secondary, inferred or fitted, the weakest that went into it"
    )
    return Column(f"{column.name}_standing", "text", "", meaning)


COLUMNS: tuple[Column, ...] = (
    *AXES,
    *COUNTS,
    *FIGURES,
    *RANGE,
    *(standing_of(column) for column in FIGURES),
)
"""The whole table."""


def column_named(name: str, columns: Sequence[Column], what: str) -> Column:
    """Return a column by its name or its short name.

    Args:
        name: what was given.
        columns: those that are meant.
        what: what asks for it, such as `--pareto`.

    Raises:
        SweepError: there is none.
    """
    for column in columns:
        if name in {column.name, column.alias} and name:
            return column
    known = tuple(column.alias or column.name for column in columns)
    raise SweepError(
        f"{what}: `{name[:60]}` is no column",
        "it is one of those of the table",
        f"the columns are {', '.join(known)}",
        candidates=(*known, *(column.name for column in columns)),
    )


class Chunk(NamedTuple):
    """Some rows of the table, column by column; every column is as long as the others."""

    columns: Mapping[str, Sequence[Value]]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values()), ()))

    def only(self, positions: Sequence[int]) -> Chunk:
        """Return the rows at these positions."""
        return Chunk(
            {name: [values[position] for position in positions] for name, values in self.columns.items()}
        )
