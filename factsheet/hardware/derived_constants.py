"""Derive the constants of the cost model from a profile's figures, each with its arithmetic and its standing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, get_args

from factsheet.hardware.constants import ChipConstants, ChipPart, Constant, weakest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from factsheet.hardware.description import Component, Description
    from factsheet.hardware.profile import Geometry
    from factsheet.hardware.quoted import Quoted

Term = tuple[float, "Component", "Quoted"]
"""Copies of a component that belong to the whole, the component, and the figure that is summed."""


class Sums(NamedTuple):
    """A sum over components, by where they are; `None` where no component says anything.

    Attributes:
        tile: of the tile that holds rows × cols weights, and of what is inside it.
        overhead: of the levels between that tile and the chip, for each tile.
        chip: of what is on the chip apart from its tiles.
    """

    tile: Constant | None
    overhead: Constant | None
    chip: Constant | None


def power_sums(chip: Description) -> Sums:
    """Sum up watts; what a tile draws includes its share of the levels above it, so that there is no overhead."""
    inside, between, outside = _terms(chip, lambda component: component.power)
    return Sums(_sum([*inside, *between]), None, _sum(outside))


def area_sums(chip: Description) -> Sums:
    """Sum up square metres."""
    return Sums(*(_sum(terms) for terms in _terms(chip, lambda component: component.area)))


def _terms(
    chip: Description, figure_of: Callable[[Component], Quoted | None]
) -> tuple[list[Term], list[Term], list[Term]]:
    """Return the components inside the tile, between it and the chip (for each tile), and of the chip."""
    parts: tuple[list[Term], list[Term], list[Term]] = ([], [], [])
    if chip.hierarchy is None:
        return parts
    names = [level.name for level in chip.hierarchy.levels]
    own = names.index(chip.hierarchy.tile)
    for component in chip.components:
        figure = figure_of(component)
        if figure is None:
            continue
        level = names.index(component.per)
        copies = component.count.si if component.count else 1.0
        if level <= own:
            parts[0].append((copies * chip.hierarchy.inside(names[own], names[level]), component, figure))
        elif level < len(names) - 1:
            parts[1].append((copies / chip.hierarchy.inside(names[level], names[own]), component, figure))
        else:
            parts[2].append((copies, component, figure))
    return parts


def _sum(terms: Sequence[Term]) -> Constant | None:
    if not terms:
        return None
    formula = " + ".join(
        f"{component.name} {f'{copies:.6g} × ' if copies != 1 else ''}{figure.text}"
        for copies, component, figure in terms
    )
    counted = [component.count.standing for _, component, _ in terms if component.count]
    return Constant(
        sum(copies * figure.si for copies, _, figure in terms),
        weakest([*counted, *(figure.standing for _, _, figure in terms)]),
        "; ".join(dict.fromkeys(figure.source for _, _, figure in terms)),
        formula,
    )


class ProductTime(NamedTuple):
    """A stretch of time: how long in s, how that comes about, and the figures that it follows from."""

    seconds: float
    formula: str
    figures: tuple[Quoted, ...]


def product_time(chip: Description, ops: float) -> Constant | None:
    """Return the time of one product; `None` where the figures do not give it.

    Args:
        chip: its figures.
        ops: operations of one product with the whole tile.
    """
    times, tile = chip.times, chip.tile
    if times and times.mvm:
        return _constant(ProductTime(times.mvm.si, "", (times.mvm,)))
    if tile and tile.rate:
        formula = f"2 × {chip.rows.value} × {chip.cols.value} / ({tile.rate.text})"
        return _constant(ProductTime(ops / tile.rate.si, formula, (tile.rate,)))
    span = _bit_by_bit(chip) if chip.input and chip.input.coding == "bit-serial" else _pulse(chip)
    phases = chip.input.phases if chip.input else None
    if span is not None and phases is not None and phases.si != 1:
        span = ProductTime(
            phases.si * span.seconds, f"{phases.value} × ({span.formula})", (*span.figures, phases)
        )
    return None if span is None else _constant(span)


def _constant(span: ProductTime) -> Constant:
    """Return a figure as a constant, with the formula of its own if it has one."""
    first = span.figures[0]
    alone = len(span.figures) == 1 and span.seconds == first.si
    sources = dict.fromkeys(figure.source for figure in span.figures)
    return Constant(
        span.seconds,
        weakest(figure.standing for figure in span.figures),
        "; ".join(sources),
        (first.formula or "") if alone else span.formula,
    )


def _pulse(chip: Description) -> ProductTime | None:
    """Return the time of one pulse as long as the largest value, and of the conversion of what it leaves on columns."""
    integration = chip.times.integration if chip.times else None
    if integration is None:
        return None
    converted = _conversion(chip)
    if converted is None:
        return ProductTime(integration.si, integration.text, (integration,))
    return ProductTime(
        integration.si + converted.seconds,
        f"{integration.text} + {converted.formula}",
        (integration, *converted.figures),
    )


def _bit_by_bit(chip: Description) -> ProductTime | None:
    """Return the time of one cycle for each group of bits that the rows take at once."""
    coding = chip.input
    if coding is None or coding.bits is None or coding.dac_bits is None:
        return None
    cycle = chip.times.cycle if chip.times else None
    if cycle is not None:
        step: ProductTime | None = ProductTime(cycle.si, cycle.text, (cycle,))
    else:
        # Where the cycle itself is not given, the converters set its pace.
        step = _pulse(chip) or _conversion(chip)
    if step is None:
        return None
    cycles = math.ceil(coding.bits.si / coding.dac_bits.si)
    inner = step.formula if cycle is not None else f"({step.formula})"
    return ProductTime(
        cycles * step.seconds,
        f"{cycles} cycles ({coding.bits.text} by {coding.dac_bits.value}) × {inner}",
        (*step.figures, coding.bits, coding.dac_bits),
    )


def _conversion(chip: Description) -> ProductTime | None:
    """Return the time to convert all columns that share one converter, one after another."""
    converter = chip.converter
    one = (converter.conversion_time or converter.rate) if converter else None
    if converter is None or one is None:
        return None
    is_rate = one is converter.rate
    seconds, shown = (1 / one.si, f"1 / ({one.text})") if is_rate else (one.si, one.text)
    each = converter.columns_each
    if each is None:
        return ProductTime(seconds, shown, (one,))
    shown = f"{each.value} × {shown}" if each.si != 1 else shown
    return ProductTime(each.si * seconds, shown, (one, each))


OPS_A_WEIGHT = 2.0
"""A multiplication and an addition, as every source of a profile counts them."""
_DUST = 1e-9
"""What rounding may leave below a whole number of tiles."""


def derive_constants(chip: Description, geometry: Geometry) -> ChipConstants:
    """Derive the constants of a chip whose tile is used with this geometry.

    Args:
        chip: its figures.
        geometry: the tile's sides in weights; that of the description, or one of its variants.
    """
    # What a source gives is of the tile as it is usually described; a weight's share of it holds in every geometry.
    weights = chip.rows.si * chip.cols.si
    mvm = product_time(chip, OPS_A_WEIGHT * weights)
    whole = chip.charged_whole is not None and chip.charged_whole.value
    # Where every product costs the whole tile, it does in each geometry, whatever number of weights that is.
    own = geometry.rows.value * geometry.cols.value if whole else weights
    cell = _cell_energy(chip, mvm)
    if cell is not None and own != weights:
        cell = _follows(
            cell.value * weights / own, f"({cell.formula}) × {weights / own:g}, of the whole tile", cell
        )
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
        transport_time=_given(chip.times.transport) if chip.times and chip.times.transport else None,
        cell_energy=cell,
        port_energy=_given(chip.ports.energy) if chip.ports else None,
        output_energy=_given(chip.ports.output) if chip.ports and chip.ports.output else None,
        digital_energy=_digital_energy(chip),
        digital_rate=_given(chip.digital.rate) if chip.digital and chip.digital.rate else None,
        tile_power=_part(_standby(chip, cell, power.tile), share),
        chip_power=_given(chip.chip.standby) if chip.chip else power.chip,
        tile_area=_part(_tile_area(chip, mvm) or area.tile, share),
        tile_overhead_area=_part(_given(overhead) if overhead else area.overhead, share),
        chip_area=area.chip,
        tiles_per_chip=None if tiles is None else max(1, int(tiles / share + _DUST)),
        shares_tiles=chip.shares_tiles.value if chip.shares_tiles else False,
        uncharged=tuple(_uncharged(chip, cell, power)),
        untimed=tuple(_untimed(chip)),
        charged_whole=whole,
    )


def _standby(chip: Description, cell: Constant | None, components: Constant | None) -> Constant | None:
    """Return what a tile draws beside the energy of its products."""
    if chip.tile and chip.tile.standby:
        return _given(chip.tile.standby)
    # Charged by use already where there is an energy: the same watts would count twice.
    return None if cell is not None else components


def _uncharged(chip: Description, cell: Constant | None, power: Sums) -> Iterator[ChipPart]:
    """Yield the parts whose energy no figure holds.

    Watts of components are those of whole tiles with what links and serves them; an energy of a product is not.
    """
    covered = set(chip.covers.energy) if chip.covers else set()
    by_components = cell is None and power.tile is not None
    digital = chip.digital
    known = {
        "movement": chip.ports is not None or by_components,
        "digital": digital is not None and bool(digital.energy_within or digital.efficiency),
        "standby": chip.chip is not None or power.chip is not None or bool(chip.tile and chip.tile.standby),
        "loading": chip.loads_in_turn is None or not chip.loads_in_turn.value,
    }
    yield from (part for part in get_args(ChipPart) if part not in covered and not known[part])


def _untimed(chip: Description) -> Iterator[ChipPart]:
    """Yield the parts whose time no figure holds; what is drawn all the time takes none."""
    covered = set(chip.covers.time) if chip.covers else set()
    known = {
        "movement": chip.times is not None and chip.times.transport is not None,
        "digital": chip.digital is not None and chip.digital.rate is not None,
        "standby": True,
        "loading": chip.loads_in_turn is None or not chip.loads_in_turn.value,
    }
    yield from (part for part in get_args(ChipPart) if part not in covered and not known[part])


def _share(chip: Description, geometry: Geometry) -> float:
    """Return how much of the usual tile this geometry takes, by devices: one array of eight takes an eighth."""
    devices = geometry.rows.value * geometry.cols.value * geometry.devices_per_weight.value
    return devices / (chip.rows.si * chip.cols.si * chip.devices_per_weight.si)


def _in_turn(time: Constant | None, geometry: Geometry) -> Constant | None:
    """Return a time in a geometry that takes several reads for a vector."""
    reads = geometry.reads
    if time is None or reads is None or reads.value == 1:
        return time
    formula = f"{reads.value:g} reads × ({time.formula or 'the usual time'})"
    sources = "; ".join(dict.fromkeys((time.source, reads.source)))
    standing = weakest((time.standing, reads.standing, "inferred"))
    return Constant(
        value=time.value * reads.value,
        standing=standing,
        source=sources,
        formula=formula,
        fitted_to=time.fitted_to,
    )


def _part(constant: Constant | None, share: float) -> Constant | None:
    if constant is None or share == 1:
        return constant
    formula = f"{share:g} × ({constant.formula})" if constant.formula else f"{share:g} of a usual tile"
    return constant._replace(value=constant.value * share, formula=formula)


def _given(figure: Quoted) -> Constant:
    return Constant(
        value=figure.si,
        standing=figure.standing,
        source=figure.source,
        formula=figure.formula or "",
        fitted_to=figure.fitted_to or "",
    )


def _follows(value: float, formula: str, *figures: Quoted | Constant) -> Constant:
    """Return a constant by arithmetic on others; its standing is that of the weakest."""
    sources = dict.fromkeys(figure.source for figure in figures)
    fitted = dict.fromkeys(figure.fitted_to for figure in figures if figure.fitted_to)
    standing = weakest(figure.standing for figure in figures)
    return Constant(
        value=value,
        standing=standing,
        source="; ".join(sources),
        formula=formula,
        fitted_to="; ".join(fitted),
    )


def _slot(chip: Description, mvm: Constant | None) -> Constant | None:
    if chip.times and chip.times.slot:
        return _given(chip.times.slot)
    if mvm is None:
        return None
    formula = "one product after another; no source says that they overlap"
    return Constant(mvm.value, weakest((mvm.standing, "inferred")), mvm.source, formula)


def _cell_energy(chip: Description, mvm: Constant | None) -> Constant | None:
    """Return the energy of one weight and vector in the usual geometry."""
    tile, weights = chip.tile, chip.rows.si * chip.cols.si
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
