"""From a profile's figures to the constants of the cost model; each says what it follows from and how far it stands.

A chip's sources rarely give the constants themselves. They give an efficiency, a density, a throughput or a list of
components, and each of these leads to the same constants by a line of arithmetic. Where there are several ways, the
most direct is taken: a figure of its own before a quotient of two, a quotient before a sum over components.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from factsheet.hardware.component_sums import area_sums, power_sums
from factsheet.hardware.constants import ChipConstants, Constant, weakest

if TYPE_CHECKING:
    from factsheet.hardware.description import Description
    from factsheet.hardware.profile import Geometry
    from factsheet.hardware.quoted import Quoted

OPS_A_WEIGHT = 2.0
"""A multiplication and an addition, as every source of a profile counts them."""


def derive_constants(chip: Description, geometry: Geometry) -> ChipConstants:
    """The constants of a chip whose tile is used with this geometry.

    Args:
        chip: its figures.
        geometry: the tile's sides in weights; that of the description, or one of its variants.
    """
    rows, cols = int(geometry.rows.value), int(geometry.cols.value)
    weights = float(rows * cols)
    mvm = _mvm_time(chip)
    power, area = power_sums(chip), area_sums(chip)
    tile = chip.tile
    cell = _cell_energy(chip, weights, mvm)
    return ChipConstants(
        profile=chip.name,
        rows=rows,
        cols=cols,
        devices_per_weight=int(geometry.devices_per_weight.value),
        mvm_time=mvm,
        slot=_slot(chip, mvm),
        cell_energy=cell,
        port_energy=_given(chip.ports.energy) if chip.ports else None,
        digital_energy=_digital_energy(chip),
        digital_rate=_given(chip.digital.rate) if chip.digital and chip.digital.rate else None,
        # Charged by use already where there is an energy: the same watts would count twice.
        tile_power=None if cell is not None else power.tile,
        chip_power=power.chip,
        tile_area=_tile_area(chip, mvm) or area.tile,
        tile_overhead_area=_given(tile.overhead_area) if tile and tile.overhead_area else area.overhead,
        chip_area=area.chip,
        tiles_per_chip=_tiles_per_chip(chip),
        shares_tiles=chip.shares_tiles.value if chip.shares_tiles else False,
    )


def _given(figure: Quoted) -> Constant:
    return Constant(figure.si, figure.standing, figure.source, figure.formula or "")


def _follows(value: float, formula: str, *figures: Quoted | Constant) -> Constant:
    """A constant by arithmetic on others; its standing is that of the weakest."""
    sources = dict.fromkeys(figure.source for figure in figures)
    return Constant(value, weakest(figure.standing for figure in figures), "; ".join(sources), formula)


def _mvm_time(chip: Description) -> Constant | None:
    times, tile, coding = chip.times, chip.tile, chip.input
    if times and times.mvm:
        return _given(times.mvm)
    if tile and tile.rate:
        ops = OPS_A_WEIGHT * chip.rows.si * chip.cols.si
        return _follows(
            ops / tile.rate.si, f"2 × {chip.rows.value} × {chip.cols.value} / ({tile.rate.text})", tile.rate
        )
    if times is None:
        return None
    if coding and coding.coding == "bit-serial" and times.cycle and coding.bits and coding.dac_bits:
        cycles = math.ceil(coding.bits.si / coding.dac_bits.si)
        return _follows(
            cycles * times.cycle.si,
            f"{cycles} cycles ({coding.bits.text} by {coding.dac_bits.value}) × {times.cycle.text}",
            times.cycle,
            coding.bits,
            coding.dac_bits,
        )
    if times.integration is None:
        return None
    return _pulse(chip, times.integration)


def _pulse(chip: Description, integration: Quoted) -> Constant:
    """Phases × (pulse + conversion of the columns that share a converter)."""
    value, parts = integration.si, integration.text
    figures: list[Quoted] = [integration]
    one = _conversion(chip)
    if one is not None:
        each = chip.converter.columns_each if chip.converter else None
        columns, (seconds, shown, figure) = each.si if each else 1.0, one
        value += columns * seconds
        parts += f" + {columns:g} × {shown}" if columns != 1 else f" + {shown}"
        figures += [figure, *([each] if each else [])]
    phases = chip.input.phases if chip.input else None
    if phases is not None and phases.si != 1:
        value, parts = value * phases.si, f"{phases.value} × ({parts})"
        figures.append(phases)
    return _given(integration) if len(figures) == 1 else _follows(value, parts, *figures)


def _conversion(chip: Description) -> tuple[float, str, Quoted] | None:
    """The time of one conversion in s, as it is shown, and the figure that it follows from."""
    converter = chip.converter
    if converter is None:
        return None
    if converter.conversion_time is not None:
        return converter.conversion_time.si, converter.conversion_time.text, converter.conversion_time
    if converter.rate is not None:
        return 1 / converter.rate.si, f"1 / ({converter.rate.text})", converter.rate
    return None


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
            tile.mvm_energy.si / (chip.rows.si * chip.cols.si),
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
