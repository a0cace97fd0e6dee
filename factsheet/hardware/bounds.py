"""Find figures that no chip can have: each is held to the ends of what is physically or technically possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.hardware.finding import finding
from factsheet.hardware.quoted import Quoted
from factsheet.quantities.quantity import format_value
from factsheet.source.problems import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.hardware.constants import ChipConstants, Constant
    from factsheet.hardware.description import Description
    from factsheet.hardware.finding import ProfileFinding
    from factsheet.hardware.quoted import ProfilePart
    from factsheet.source.document import Document, KeyPath

_PICOSECOND, _LEAST_TIME = 1e-12, 1e-10
_LEAST_DEVICE = 1e-18
_MOST_HEAT = 1e8
_SIDE_WHY = "the wires of so long a side are centimetres long, and their resistance swamps the devices"
_LIGHT_WHY = "in 0.1 ns light crosses 3 cm; no row of a tile is charged, read and converted in that time"
_ADC_WHY = (
    "in a picosecond light crosses 0.3 mm, less than a tile; the fastest converters take ten times as long"
)
_OP_WHY = (
    "at 1 aJ an operation costs 350 times kT ln 2 at 300 K, the least that erasing one bit takes (Landauer 1961), and "
    "an operation has many bits"
)
_LOST_PREFIX = "a prefix of the unit is likely lost"


class Bound(NamedTuple):
    """The ends of what a figure can be, in its base unit, and why."""

    low: float
    high: float
    why: str


_TIME = Bound(_LEAST_TIME, 1.0, _LIGHT_WHY)
_EFFICIENCY = Bound(1e6, 1e18, _OP_WHY)
_SIDE = Bound(1, 65_536, _SIDE_WHY)
_WHOLE_WAFER = Bound(
    1e-12, 0.0707, "a tile is larger than a square of 1 µm and smaller than a wafer of 300 mm"
)
_DEVICES = Bound(1, 64, "64 devices hold any weight that a network stores, one bit each")
_COMPONENT_POWER = Bound(1e-15, 1e5, _LOST_PREFIX)
_COMPONENT_AREA = Bound(
    1e-17, 0.0707, "a component is larger than a few atoms and smaller than a wafer of 300 mm"
)
_PORT = Bound(1e-18, 1e-3, "a value cannot be moved for less than 1 aJ, nor costs 1 mJ")
_BOUNDS: dict[tuple[str, ...], Bound] = {
    ("node",): Bound(
        5e-10, 1e-4, "an atom of silicon takes about 0.2 nm, and no process was ever coarser than 0.1 mm"
    ),
    ("rows",): _SIDE,
    ("cols",): _SIDE,
    ("devices_per_weight",): _DEVICES,
    ("cell", "bits"): Bound(1, 16, "65,536 levels of conductance cannot be told apart in a device"),
    ("cell", "weight_bits"): Bound(1, 64, "no network stores a weight in more bits"),
    ("cell", "columns"): Bound(1, 2**22, _SIDE_WHY),
    ("cell", "columns_per_weight"): _DEVICES,
    ("input", "bits"): Bound(1, 64, "no network computes with wider values"),
    ("input", "dac_bits"): Bound(1, 16, "65,536 voltages cannot be told apart on a row"),
    ("input", "phases"): Bound(1, 64, "a phase is a sign or a bit of the input"),
    ("converter", "columns_each"): Bound(1, 2**22, "a converter serves columns of its own tile"),
    ("converter", "bits"): Bound(1, 24, "thermal noise ends below 24 bits at any rate that a tile runs at"),
    ("converter", "rate"): Bound(1.0, 1 / _PICOSECOND, _ADC_WHY),
    ("converter", "conversion_time"): Bound(_PICOSECOND, 1.0, _ADC_WHY),
    ("times", "integration"): _TIME,
    ("times", "cycle"): _TIME,
    ("times", "mvm"): _TIME,
    ("times", "slot"): _TIME,
    ("times", "transport"): _TIME,
    ("tile", "efficiency"): _EFFICIENCY,
    ("tile", "rate"): Bound(1.0, 1e20, "the largest tile does no more operations in the shortest time"),
    ("tile", "density"): Bound(1e3, 1e26, "at 1 aJ an operation a tile so dense would take over 10 kW/cm²"),
    ("tile", "mvm_energy"): Bound(1e-18, 1.0, _LOST_PREFIX),
    ("tile", "power"): Bound(1e-12, 1e5, _LOST_PREFIX),
    ("tile", "standby"): Bound(1e-12, 1e5, _LOST_PREFIX),
    ("chip", "standby"): Bound(1e-12, 1e5, _LOST_PREFIX),
    ("tile", "area"): _WHOLE_WAFER,
    ("tile", "overhead_area"): Bound(1e-14, 0.0707, "a share of a chip is smaller than a wafer of 300 mm"),
    ("ports", "energy"): _PORT,
    ("ports", "output"): _PORT,
    ("digital", "efficiency"): _EFFICIENCY,
    ("digital", "rate"): Bound(1.0, 1e21, "that is the rate of a thousand of the largest computers"),
    ("tiles_per_chip",): Bound(1, 10**7, "no wafer has room for so many"),
}
_VARIANT: dict[str, Bound] = {
    "rows": _SIDE,
    "cols": _SIDE,
    "devices_per_weight": _DEVICES,
    "reads": Bound(1, 64, "a read is of one set of weights that shares its places with others"),
}
"""Of each other geometry."""


def implausible(chip: Description, document: Document) -> Iterator[ProfileFinding]:
    """Find figures beyond what any chip can do."""
    for path, bound in _BOUNDS.items():
        figure = figure_at(chip, path)
        if figure is not None:
            yield from _compare(document, path, figure, bound)
    for position, variant in enumerate(chip.also):
        for name, bound in _VARIANT.items():
            figure = getattr(variant, name)
            if figure is not None:
                yield from _compare(document, ("also", position, name), figure, bound)
    for position, component in enumerate(chip.components):
        place: KeyPath = ("components", position)
        for name, figure, bound in (
            ("power", component.power, _COMPONENT_POWER),
            ("area", component.area, _COMPONENT_AREA),
        ):
            if figure is not None:
                yield from _compare(document, (*place, name), figure, bound)


def figure_at(chip: ProfilePart, path: tuple[str, ...]) -> Quoted | None:
    """Return the figure at a path of keys; `None` where there is none."""
    part: object = chip
    for key in path:
        part = getattr(part, key, None)
    return part if isinstance(part, Quoted) else None


def _compare(document: Document, path: KeyPath, figure: Quoted, bound: Bound) -> Iterator[ProfileFinding]:
    if bound.low <= figure.si <= bound.high:
        return
    kind = figure.measured_in()
    above = figure.si > bound.high
    end = format_value(bound.high if above else bound.low, kind)
    yield finding(
        document,
        "HW201",
        (*path, "value"),
        Wording(
            f"`{figure.text}` is {'above' if above else 'below'} {end}, beyond what any chip can do",
            bound.why,
            "check the number and the prefix of its unit against the source",
        ),
    )


def implausible_constants(
    chip: Description, document: Document, constants: ChipConstants
) -> Iterator[ProfileFinding]:
    """Find constants beyond what any chip can do, though each figure that they follow from could be."""
    mvm, cell, area = constants.mvm_time, constants.cell_energy, constants.tile_area
    if mvm and mvm.formula and mvm.value < _LEAST_TIME:
        yield _follows(document, chip, "a product of a vector with a tile", mvm, kind="time", why=_LIGHT_WHY)
    if cell and cell.formula and cell.value < 2 / _EFFICIENCY.high:
        yield _follows(document, chip, "the energy of a weight", cell, kind="energy", why=_OP_WHY)
    if area is None:
        return
    if area.formula and not _WHOLE_WAFER.low <= area.value <= _WHOLE_WAFER.high:
        yield _follows(document, chip, "the area of a tile", area, kind="area", why=_WHOLE_WAFER.why)
    devices = constants.rows * constants.cols * constants.devices_per_weight
    if area.value / devices < _LEAST_DEVICE:
        each = area._replace(value=area.value / devices)
        yield _follows(
            document, chip, "the area of a device", each, kind="area", why="1 nm² is the room of a few atoms"
        )
    if mvm is not None and cell is not None:
        watts = cell.value * constants.rows * constants.cols / mvm.value
        if watts / area.value > _MOST_HEAT:
            yield _follows(
                document,
                chip,
                "the power of a busy tile",
                cell._replace(value=watts),
                kind="power",
                why=(
                    f"on {format_value(area.value, 'area')} that is over 10 kW/cm², hotter than any cooling carries off"
                ),
            )


def _follows(
    document: Document, chip: Description, what: str, constant: Constant, *, kind: str, why: str
) -> ProfileFinding:
    section: KeyPath = (
        ("tile",) if chip.tile is not None else ("times",) if chip.times is not None else ("rows",)
    )
    return finding(
        document,
        "HW201",
        section,
        Wording(
            f"{what} would be {format_value(constant.value, kind)}, from {constant.formula or 'these figures'}",
            why,
            "check the figures that it follows from, and the prefixes of their units",
        ),
    )
