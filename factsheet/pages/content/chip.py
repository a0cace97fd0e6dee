"""Lay out what the cost model of a hardware profile gives, beside what the sheet says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.crossbar.cost.layers import layers_of
from factsheet.errors import WorkloadError
from factsheet.networks.counting import count_ops, work_of
from factsheet.networks.declared import declared_family, declared_network
from factsheet.networks.family import Run
from factsheet.pages.estimates import (
    ChipProfile,
    EnergyShare,
    EnergySplit,
    Estimates,
    GridPoint,
    ModelledFigure,
    OperatingGrid,
    ProfileFigure,
)
from factsheet.pages.model import Note, TableBlock
from factsheet.quantities.quantity import format_value
from factsheet.recompute.verdict import signed_percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.facts.fact import Fact
    from factsheet.hardware.constants import ChipConstants
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import Network
    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.derivation import Derivation
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint

_LABELS = {
    "latency": "Time of a run",
    "power": "Power",
    "energy_per_inference": "Energy of an inference",
    "throughput": "Throughput",
    "energy_efficiency": "Energy efficiency",
    "tops_per_watt": "Operations per joule",
    "area": "Area",
    "area_tiles": "Area of the tiles alone",
}
_TOTALS = {"energy_per_inference": "energy", "energy_efficiency": "efficiency"}
"""Names of the cost model's totals, where a derived fact has another."""
_CONSTANTS = {
    "mvm_time": "Time of a product on a tile",
    "slot": "Time from one vector to the next",
    "cell_energy": "Energy of a weight and vector",
    "port_energy": "Energy of a value into or out of a tile",
    "digital_energy": "Energy of a digital operation",
    "digital_rate": "Digital operations of a chip",
    "tile_power": "Power of a tile",
    "chip_power": "Power of a chip beside its tiles",
    "tile_area": "Area of a tile",
    "tile_overhead_area": "Area beside each tile",
    "chip_area": "Area of a chip beside its tiles",
}
_PARTS = {
    "cells": "memory cells",
    "ports": "values in and out of tiles",
    "digital": "digital units",
    "standby": "standby",
}


def modelled_figures(derivation: Derivation) -> tuple[ModelledFigure, ...]:
    """Each figure of the model beside the sheet's claim; a figure that is claimed at two places stands once."""
    found: dict[str, ModelledFigure] = {}
    for fact in derivation.chip_facts:
        name = fact.name.partition(".")[2]
        if not fact.text or name in found:
            continue
        change = fact.relative_difference
        found[name] = ModelledFigure(
            _LABELS[name],
            None if fact.claimed is None else fact.claimed.text,
            fact.text,
            None if change is None else signed_percent(change),
            fact.arithmetic.weakest or "published",
            _fitted_to(derivation.chip.sizes, name),
        )
    return tuple(found.values())


def _fitted_to(estimate: Estimate | None, name: str) -> tuple[str, ...]:
    """What the fitted constants of a figure were fitted to."""
    if estimate is None:
        return ()
    totals = {str(key): total for key, total in estimate.totals.items()}
    total = totals.get(_TOTALS.get(name, name))
    constants = () if total is None else total.constants
    found = dict.fromkeys(getattr(estimate.constants, constant).fitted_to for constant in constants)
    return tuple(text for text in found if text)


def energy_split(derivation: Derivation) -> EnergySplit | None:
    """Where the energy of one run goes; `None` without an estimate."""
    estimate = derivation.chip.estimate
    if estimate is None or estimate.figures.split is None:
        return None
    batch, split = estimate.batch, estimate.figures.split
    parts = ((words, getattr(split, name)) for name, words in _PARTS.items())
    return EnergySplit(
        tuple(
            EnergyShare(layer.name, layer.energy * batch)
            for layer in layers_of(estimate)
            if layer.energy is not None and layer.on == "analog"
        ),
        tuple(EnergyShare(words, joules * batch) for words, joules in parts if joules),
        _standing(estimate, "energy"),
        derivation.point.words,
    )


def _standing(estimate: Estimate, figure: str) -> str:
    weakest = next((total.standing for name, total in estimate.totals.items() if name == figure), "published")
    return (
        f"Estimated with the cost model of hardware profile {estimate.constants.profile}; the weakest of its constants "
        f"that this rests on is {weakest}."
    )


def chip_profile(derivation: Derivation) -> ChipProfile | None:
    """The constants that the model computed with; `None` where no profile is named."""
    estimate = derivation.chip.sizes
    if estimate is None:
        return None
    return ChipProfile(estimate.constants.profile, tuple(_constants(estimate.constants)))


def _constants(constants: ChipConstants) -> Iterator[ProfileFigure]:
    from factsheet.hardware.constants import CONSTANT_DIMENSIONS

    for name, label in _CONSTANTS.items():
        constant = getattr(constants, name)
        if constant is None:
            continue
        formula = f"{constant.formula}; " if constant.formula else ""
        yield ProfileFigure(
            label,
            format_value(constant.value, dict(CONSTANT_DIMENSIONS)[name], 4),
            constant.standing,
            f"{formula}{' '.join(constant.source.split())}",
        )


def with_estimates(
    grid: OperatingGrid, derivation: Derivation, network_at: Callable[[int], Network | None]
) -> OperatingGrid:
    """The grid with time, energy and efficiency at every point, where the model has them.

    Args:
        grid: operations by sequence length and batch.
        derivation: with the estimate whose chip, tile and structure are meant.
        network_at: the network at a sequence length.
    """
    own = derivation.chip.estimate
    if own is None:
        return grid
    from factsheet.crossbar.cost.estimate import estimate
    from factsheet.crossbar.cost.figures import evaluate
    from factsheet.errors import CostError

    def points() -> Iterator[GridPoint]:
        for length in grid.seq_lens:
            network = network_at(length)
            try:
                made = None if network is None else estimate(network, own.constants, structure=own.structure)
            except CostError:
                made = None
            for point in (found for found in grid.points if found.seq_len == length):
                if made is None:
                    yield point
                    continue
                # What the network asks for does not depend on the batch.
                figures = evaluate(
                    made.demand,
                    made.constants,
                    batch=point.batch,
                    structure=made.structure,
                    chips=made.chips,
                )
                energy = None if figures.energy is None else figures.energy * point.batch
                yield replace(
                    point, latency_s=figures.latency, energy_j=energy, efficiency=figures.efficiency
                )

    standing = (
        f"{grid.standing} Times and energies are estimates with hardware profile {own.constants.profile}, "
        f"{own.structure}."
    )
    return replace(grid, points=tuple(points()), standing=standing)


_LENGTHS = (8, 16, 32, 64, 128, 256, 512)
_BATCHES = (1, 2, 4, 8)


def estimates_of(sheet: SheetFields, derivation: Derivation) -> Estimates:
    """Everything that a page can show beyond the sheet's own points."""
    grid = _grid(sheet, derivation.convention)
    if grid is not None:
        grid = with_estimates(grid, derivation, lambda length: _network(sheet, length))
    return Estimates(grid, energy_split(derivation), chip_profile(derivation), modelled_figures(derivation))


def _grid(sheet: SheetFields, convention: CountingConvention) -> OperatingGrid | None:
    """Operations by sequence length and batch; `None` where the network has no sequences or is not declared."""
    try:
        family = declared_family(sheet.model_architecture)
    except WorkloadError:
        return None
    if family is None or not family.tokens:
        return None
    published = _published(sheet)
    own = set() if published is None else {published.seq_len}
    lengths = tuple(sorted({*_LENGTHS, *own}))
    by_length = {length: made for length in lengths if (made := _at(sheet, convention, length)) is not None}
    if not by_length:
        return None
    batches = tuple(sorted({*_BATCHES, *(() if published is None else (published.batch,))}))
    points = tuple(
        GridPoint(
            length,
            batch,
            ops=(analog + digital) * batch,
            analog_ops=analog * batch,
            digital_ops=digital * batch,
        )
        for length, (analog, digital) in by_length.items()
        for batch in batches
    )
    standing = f"Derived from the declared architecture, counted under the convention “{convention.name}”."
    return OperatingGrid(tuple(by_length), batches, points, standing, published)


def _at(sheet: SheetFields, convention: CountingConvention, length: int) -> tuple[int, int] | None:
    """Analog and digital operations of one sequence; `None` where the network takes none of that length."""
    network = _network(sheet, length)
    if network is None:
        return None
    count = count_ops(work_of(network), 1, convention)
    return count.analog, count.digital


def _network(sheet: SheetFields, length: int) -> Network | None:
    try:
        return declared_network(sheet.model_architecture, Run(length))
    except WorkloadError:
        return None


def _published(sheet: SheetFields) -> GridPoint | None:
    """The first operating point that the sheet gives a time or operations for."""
    rows = (sheet.parameters and sheet.parameters.operating_points) or ()
    return next((point for row in rows for point in _point(row)), None)


def _point(row: OperatingPoint) -> Iterator[GridPoint]:
    if not isinstance(row.batch, int):
        return
    ops, time, energy = (_plain_value(fact) for fact in (row.total_ops, row.execution_time, row.energy))
    if ops is None and time is None:
        return
    yield GridPoint(
        int(row.seq_len),
        int(row.batch),
        None if ops is None else round(ops),
        time,
        energy,
        _plain_value(row.energy_efficiency),
        row.name,
    )


def _plain_value(fact: Fact | None) -> float | None:
    quantity = None if fact is None else fact.quantity
    return None if quantity is None or quantity.kind != "point" else quantity.value


_NO_FIGURE = "–"
_RESTS = (
    "the weakest of the figures of the chip that went in: published, where it was read at its source; quoted by "
    "others; inferred by arithmetic on published ones; or fitted, so that a known figure comes out right."
)
_STANDINGS = {
    "published": "published",
    "secondary": "quoted",
    "inferred": "inferred",
    "fitted": "fitted",
}


def chip_table(material: PageInputs) -> TableBlock | None:
    """The table; `None` where nothing was estimated."""
    figures = material.estimates.chip
    if not figures:
        return None
    fits: dict[str, list[str]] = {}
    for found in figures:
        for target in found.fitted_to:
            fits.setdefault(target, []).append(found.label)
    profile = "" if material.estimates.profile is None else f": {material.estimates.profile.name}"
    return TableBlock(
        caption=f"The chip, by a model of it{profile}",
        header=("Figure", "The sheet says", "The model gives", "Difference", "Rests on"),
        numeric=(1, 2, 3),
        rows=tuple(
            (
                found.label,
                found.claimed or _NO_FIGURE,
                found.value,
                found.difference or _NO_FIGURE,
                _STANDINGS["fitted" if found.fitted_to else found.standing],
            )
            for found in figures
        ),
        standing="Estimated, not measured: equations and their errors on published chips are in the documentation.",
        notes=(
            Note("Rests on", _RESTS),
            *(Note(f"Fitted to {target}", f"{', '.join(labels)}.") for target, labels in fits.items()),
        ),
    )


def profile_table(material: PageInputs) -> TableBlock | None:
    """The table; `None` where no profile was used."""
    profile = material.estimates.profile
    if profile is None or not profile.figures:
        return None
    return TableBlock(
        caption=f"Hardware profile: {profile.name}",
        header=("Figure", "Value", "Standing", "Source"),
        numeric=(1,),
        rows=tuple((found.name, found.value, found.standing, found.source) for found in profile.figures),
        standing="Figures of the chip that were computed, and not given by the sheet, rest on these.",
    )
