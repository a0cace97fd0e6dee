"""What the cost model of a named hardware profile gives, in the form that pages are made from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.sheet.quantity import format_value
from factsheet.views.agreement import signed_percent
from factsheet.views.estimates import ChipProfile, EnergyShare, EnergySplit, ModelledFigure, ProfileFigure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factsheet.crossbar.estimate import Estimate
    from factsheet.derive import Derivation
    from factsheet.hardware.constants import ChipConstants
    from factsheet.views.grid import GridPoint, OperatingGrid
    from factsheet.workload import Network

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
            for layer in estimate.layers
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
    from factsheet.crossbar.cost import estimate
    from factsheet.crossbar.errors import CostError
    from factsheet.crossbar.figures import evaluate

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
                figures = evaluate(made.demand, made.constants, point.batch, made.structure, made.chips)
                energy = None if figures.energy is None else figures.energy * point.batch
                yield replace(
                    point, latency_s=figures.latency, energy_j=energy, efficiency=figures.efficiency
                )

    standing = (
        f"{grid.standing} Times and energies are estimates with hardware profile {own.constants.profile}, "
        f"{own.structure}."
    )
    return replace(grid, points=tuple(points()), standing=standing)
