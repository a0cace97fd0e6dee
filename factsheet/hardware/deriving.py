"""From a profile's figures to the constants of the cost model; each says what it follows from and how far it stands.

A chip's sources rarely give the constants themselves. They give an efficiency, a density, a throughput or a list of
components, and each of these leads to the same constants by a line of arithmetic. Where there are several ways, the
most direct is taken: a figure of its own before a quotient of two, a quotient before a sum over components.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.hardware.component_sums import area_sums, power_sums
from factsheet.hardware.constants import ChipConstants, Constant, weakest
from factsheet.hardware.product_time import product_time

if TYPE_CHECKING:
    from factsheet.hardware.description import Description
    from factsheet.hardware.profile import Geometry
    from factsheet.hardware.quoted import Quoted

OPS_A_WEIGHT = 2.0
"""A multiplication and an addition, as every source of a profile counts them."""
_DUST = 1e-9
"""What rounding may leave below a whole number of tiles."""


def derive_constants(chip: Description, geometry: Geometry) -> ChipConstants:
    """The constants of a chip whose tile is used with this geometry.

    Args:
        chip: its figures.
        geometry: the tile's sides in weights; that of the description, or one of its variants.
    """
    # What a source gives is of the tile as it is usually described; a weight's share of it holds in every geometry.
    weights = chip.rows.si * chip.cols.si
    mvm = product_time(chip, OPS_A_WEIGHT * weights)
    cell = _cell_energy(chip, weights, mvm)
    power, area = power_sums(chip), area_sums(chip)
    overhead = chip.tile.overhead_area if chip.tile else None
    share = _share(chip, geometry)
    tiles = _tiles_per_chip(chip)
    return ChipConstants(
        profile=chip.name,
        rows=int(geometry.rows.value),
        cols=int(geometry.cols.value),
        devices_per_weight=int(geometry.devices_per_weight.value),
        mvm_time=_in_turn(mvm, geometry),
        slot=_in_turn(_slot(chip, mvm), geometry),
        cell_energy=cell,
        port_energy=_given(chip.ports.energy) if chip.ports else None,
        digital_energy=_digital_energy(chip),
        digital_rate=_given(chip.digital.rate) if chip.digital and chip.digital.rate else None,
        # Charged by use already where there is an energy: the same watts would count twice.
        tile_power=None if cell is not None else _part(power.tile, share),
        chip_power=power.chip,
        tile_area=_part(_tile_area(chip, mvm) or area.tile, share),
        tile_overhead_area=_part(_given(overhead) if overhead else area.overhead, share),
        chip_area=area.chip,
        tiles_per_chip=None if tiles is None else max(1, int(tiles / share + _DUST)),
        shares_tiles=chip.shares_tiles.value if chip.shares_tiles else False,
    )


def _share(chip: Description, geometry: Geometry) -> float:
    """How much of the usual tile this geometry takes, by devices: one array of a unit of eight takes an eighth."""
    devices = geometry.rows.value * geometry.cols.value * geometry.devices_per_weight.value
    return devices / (chip.rows.si * chip.cols.si * chip.devices_per_weight.si)


def _in_turn(time: Constant | None, geometry: Geometry) -> Constant | None:
    """A time in a geometry that takes several reads for a vector."""
    reads = geometry.reads
    if time is None or reads is None or reads.value == 1:
        return time
    formula = f"{reads.value:g} reads × ({time.formula or 'the usual time'})"
    sources = "; ".join(dict.fromkeys((time.source, reads.source)))
    standing = weakest((time.standing, reads.standing, "inferred"))
    return Constant(time.value * reads.value, standing, sources, formula, time.fitted_to)


def _part(constant: Constant | None, share: float) -> Constant | None:
    if constant is None or share == 1:
        return constant
    formula = f"{share:g} × ({constant.formula})" if constant.formula else f"{share:g} of a usual tile"
    return constant._replace(value=constant.value * share, formula=formula)


def _given(figure: Quoted) -> Constant:
    return Constant(figure.si, figure.standing, figure.source, figure.formula or "", figure.fitted_to or "")


def _follows(value: float, formula: str, *figures: Quoted | Constant) -> Constant:
    """A constant by arithmetic on others; its standing is that of the weakest."""
    sources = dict.fromkeys(figure.source for figure in figures)
    fitted = dict.fromkeys(figure.fitted_to for figure in figures if figure.fitted_to)
    standing = weakest(figure.standing for figure in figures)
    return Constant(value, standing, "; ".join(sources), formula, "; ".join(fitted))


def _slot(chip: Description, mvm: Constant | None) -> Constant | None:
    if chip.times and chip.times.slot:
        return _given(chip.times.slot)
    if mvm is None:
        return None
    formula = "one product after another; no source says that they overlap"
    return Constant(mvm.value, weakest((mvm.standing, "inferred")), mvm.source, formula)


def _cell_energy(chip: Description, weights: float, mvm: Constant | None) -> Constant | None:
    tile = chip.tile
    if tile is None:
        return None
    shown = f"({chip.rows.value} × {chip.cols.value})"
    if tile.mvm_energy:
        return _follows(
            tile.mvm_energy.si / weights,
            f"{tile.mvm_energy.text} / {shown}",
            tile.mvm_energy,
        )
    if tile.efficiency:
        return _follows(
            OPS_A_WEIGHT / tile.efficiency.si, f"2 ops / ({tile.efficiency.text})", tile.efficiency
        )
    if tile.power and mvm is not None:
        return _follows(
            tile.power.si * mvm.value / weights,
            f"{tile.power.text} × time of a product / {shown}",
            tile.power,
            mvm,
        )
    return None


def _digital_energy(chip: Description) -> Constant | None:
    digital = chip.digital
    if digital is None or digital.efficiency is None or digital.energy_within is not None:
        return None
    return _follows(1 / digital.efficiency.si, f"1 / ({digital.efficiency.text})", digital.efficiency)


def _tile_area(chip: Description, mvm: Constant | None) -> Constant | None:
    tile = chip.tile
    if tile is None:
        return None
    if tile.area:
        return _given(tile.area)
    if tile.density is None:
        return None
    if tile.rate:
        return _follows(
            tile.rate.si / tile.density.si,
            f"({tile.rate.text}) / ({tile.density.text})",
            tile.rate,
            tile.density,
        )
    if mvm is None:
        return None
    ops = OPS_A_WEIGHT * chip.rows.si * chip.cols.si
    formula = f"2 × {chip.rows.value} × {chip.cols.value} / time of a product / ({tile.density.text})"
    return _follows(ops / mvm.value / tile.density.si, formula, mvm, tile.density)


def _tiles_per_chip(chip: Description) -> int | None:
    if chip.tiles_per_chip is not None:
        return int(chip.tiles_per_chip.si)
    if chip.hierarchy is None:
        return None
    return int(chip.hierarchy.inside(chip.hierarchy.levels[-1].name, chip.hierarchy.tile))
