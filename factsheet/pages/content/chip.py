"""Lay out what the cost model of a hardware profile gives, beside what the sheet says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.crossbar.cost.layers import layers_of
from factsheet.facts.fact import At
from factsheet.pages.content.performance import points_of
from factsheet.pages.estimates import (
    ChipProfile,
    EnergyShare,
    EnergySplit,
    Estimates,
    ModelledFigure,
    ProfileRow,
)
from factsheet.pages.key_figure import stated
from factsheet.pages.model import Note, TableBlock
from factsheet.quantities.quantity import format_value, grouped
from factsheet.recompute.baselines.beside import beside_of
from factsheet.recompute.derivations.chip import ranges_over_structures
from factsheet.recompute.derivations.run_energies import (
    ENERGY,
    RATE,
    rate_by_energy,
    run_energies,
    run_energy_sentence,
)
from factsheet.recompute.operating_grid import operating_grid
from factsheet.recompute.verdict import signed_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.hardware.constants import ChipConstants
    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.derivations.run_energies import RateByEnergy
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields

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
    "transport_time": "Time from a result to the next layer's tiles",
    "cell_energy": "Energy of a weight and vector",
    "port_energy": "Energy of a value into or out of a tile",
    "output_energy": "Energy of a value out of a tile, where it differs",
    "digital_energy": "Energy of a digital operation",
    "digital_rate": "Digital operations of a chip",
    "tile_power": "Power of a tile",
    "chip_power": "Power of a chip outside its tiles",
    "tile_area": "Area of a tile",
    "tile_overhead_area": "Additional area for each tile",
    "chip_area": "Area of a chip outside its tiles",
}
_PARTS = {
    "cells": "memory cells",
    "ports": "values in and out of tiles",
    "digital": "digital units",
    "standby": "standby",
}


def modelled_figures(derivation: Derivation) -> tuple[ModelledFigure, ...]:
    """Return each figure of the model beside the sheet's claim; a figure that is claimed at two places occurs once."""
    found: dict[str, ModelledFigure] = {}
    implied = {fact.path: fact.significant_text for fact in derivation.facts if fact.text}
    for fact in derivation.chip_facts:
        name = fact.name.partition(".")[2]
        if not fact.text or name in found:
            continue
        change = fact.relative_difference
        found[name] = ModelledFigure(
            name,
            _LABELS[name],
            None if fact.claimed is None else grouped(fact.claimed.text),
            fact.text,
            None if change is None else signed_percent(change),
            change or 0.0,
            fact.arithmetic.weakest or "published",
            _fitted_to(derivation.chip.sizes, name),
            recomputed=implied.get(fact.path),
            agrees=fact.verdict.fits,
            own=fact.claim is not None and fact.claim.estimated,
            unlike=_unlike(fact),
        )
    return tuple(found.values())


def _unlike(fact: DerivedFact) -> str:
    """Say why the difference of a figure from its claim says nothing: they are of two things, or one is a bound."""
    if fact.claim is None:
        return ""
    if fact.verdict.fits is None:
        return f"Not compared: {fact.verdict.why}"
    bound = next((words for words in ("at least", "at most") if fact.text.startswith(words)), "")
    return f"Agrees: the model's figure is {bound} what it can be" if bound and fact.verdict.fits else ""


def _fitted_to(estimate: Estimate | None, name: str) -> tuple[str, ...]:
    """Return what the fitted constants of a figure were fitted to."""
    if estimate is None:
        return ()
    totals = {str(key): total for key, total in estimate.totals.items()}
    total = totals.get(_TOTALS.get(name, name))
    constants = () if total is None else total.constants
    found = dict.fromkeys(getattr(estimate.constants, constant).fitted_to for constant in constants)
    return tuple(text for text in found if text)


def energy_split(derivation: Derivation) -> EnergySplit | None:
    """Return where the energy of one run goes; `None` without an estimate."""
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
        _provenance(estimate, "energy"),
        derivation.point.words,
    )


def _provenance(estimate: Estimate, figure: str) -> str:
    weakest = next((total.standing for name, total in estimate.totals.items() if name == figure), "published")
    return (
        f"Estimated with the cost model of hardware profile {estimate.constants.profile}; {_BASIS[weakest]}."
    )


_BASIS = {
    "published": "all of its constants are published",
    "secondary": "some of its constants are quoted from others",
    "inferred": "some of its constants are inferred from published ones",
    "fitted": "some of its constants were fitted",
}


def chip_profile(derivation: Derivation) -> ChipProfile | None:
    """Return the constants that the model computed with; `None` where no profile is named."""
    estimate = derivation.chip.sizes
    if estimate is None:
        return None
    return ChipProfile(estimate.constants.profile, tuple(_constants(estimate.constants)))


def _constants(constants: ChipConstants) -> Iterator[ProfileRow]:
    from factsheet.hardware.constants import CONSTANT_DIMENSIONS

    for name, label in _CONSTANTS.items():
        constant = getattr(constants, name)
        if constant is None:
            continue
        formula = f"{constant.formula}; " if constant.formula else ""
        yield ProfileRow(
            label,
            format_value(constant.value, dict(CONSTANT_DIMENSIONS)[name], 4),
            constant.standing,
            f"{formula}{' '.join(constant.source.split())}",
        )


def estimates_of(sheet: SheetFields, derivation: Derivation) -> Estimates:
    """Return everything that a page can show beyond the sheet's own points."""
    return Estimates(
        operating_grid(sheet, derivation),
        energy_split(derivation),
        chip_profile(derivation),
        modelled_figures(derivation),
        in_field=derivation.in_field,
        run_energy=run_energy_sentence(run_energies(derivation)),
        spreads=_spreads(derivation.chip.estimate),
        beside=beside_of(sheet, derivation),
    )


def _spreads(estimate: Estimate | None) -> dict[str, str]:
    """Return in words the ranges over the execution structures; empty words where all give the same time."""
    ranges = {} if estimate is None else ranges_over_structures(estimate)
    return {
        name: ""
        if least == most
        else f"{format_value(least, dimension, _DIGITS)} to {format_value(most, dimension, _DIGITS)}"
        for name, (dimension, least, most) in ranges.items()
    }


_DIGITS = 4


_NO_FIGURE = "–"
_STANDINGS = {
    "published": "published",
    "secondary": "quoted",
    "inferred": "inferred",
    "fitted": "fitted",
}


def chip_table(inputs: PageInputs) -> TableBlock | None:
    """Return each figure as published, as it follows from the sheet's other figures, and as the model has it.

    `None` where nothing was estimated.
    """
    figures = inputs.estimates.chip
    if not figures:
        return None
    fits: dict[str, list[str]] = {}
    for found in figures:
        for target in found.fitted_to:
            fits.setdefault(target, []).append(found.label)
    profile = "" if inputs.estimates.profile is None else f" {inputs.estimates.profile.name}"
    at = "" if inputs.totals.point is None else f" One run at {inputs.totals.point}."
    return TableBlock(
        caption=f"The chip as published, as recomputed and as modelled with profile{profile}",
        header=(
            "Figure",
            "The sheet says",
            "Recomputed from the sheet",
            "The model gives",
            "Model less sheet",
            "What to make of it",
        ),
        numeric=(1, 2, 3, 4),
        rows=tuple(
            (
                found.label,
                found.claimed or _NO_FIGURE,
                found.recomputed or _NO_FIGURE,
                found.value,
                _NO_FIGURE if found.difference is None or _is_no_test(found) else found.difference,
                _why(found),
            )
            for found in figures
        ),
        provenance=f"The model's figures are estimates, not measurements.{at}",
        notes=(
            Note(
                "Recomputed from the sheet",
                "from its other figures, such as power · time for the energy of a run.",
            ),
            *_two_rates(inputs),
            *(Note(f"Fitted to {target}", f"{', '.join(labels)}.") for target, labels in fits.items()),
        ),
        explored=inputs.estimates.grid is not None and bool(inputs.estimates.grid.points),
    )


def same_energy(inputs: PageInputs) -> str | None:
    """Return operations per joule by the energy of an inference, where the sheet states neither; `None` otherwise.

    By operations, time and power they would not fit that energy.
    """
    found = _rate(inputs)
    return None if found is None else _rate_words(found)


def _rate_words(found: RateByEnergy) -> str:
    about = "approx. " if found.approximate else ""
    return f"{about}{format_value(found.value, 'ops_per_second_per_watt', _FEW_DIGITS)}"


def _rate(inputs: PageInputs) -> RateByEnergy | None:
    at = inputs.totals.at
    if at is None or not isinstance(at.batch, int) or any(stated(inputs, path) for path in (ENERGY, RATE)):
        return None
    points = (point.total_ops for point in points_of(inputs) if At(point.seq_len, point.batch) == at)
    total = next((fact for fact in points if fact is not None and fact.quantity is not None), None)
    return rate_by_energy(inputs.recomputed, total, at.batch)


def _two_rates(inputs: PageInputs) -> Iterator[Note]:
    """Yield that operations per joule come out otherwise by the energy efficiency, and why."""
    found = _rate(inputs)
    if found is None or not found.other or found.other == (text := _rate_words(found)):
        return
    rest = "; the digits of the sheet allow both" if found.fits else "; they do not agree"
    yield Note(
        _LABELS["tops_per_watt"],
        f"{found.other} by operations, time and power; {text} by the energy efficiency{rest}.",
    )


_FEW_DIGITS = 3


def _fitted_on_itself(found: ModelledFigure) -> bool:
    """Return whether the model was made to give the very figure that the sheet has."""
    return found.claimed is not None and any(found.claimed in grouped(target) for target in found.fitted_to)


def _is_no_test(found: ModelledFigure) -> bool:
    """Return whether the model is held against a figure that comes from it, or that it was made to give."""
    return _fitted_on_itself(found) or (found.own and found.agrees is True) or bool(found.unlike)


def _why(found: ModelledFigure) -> str:
    """Return what a difference comes from, or why none is a test of the model."""
    if _fitted_on_itself(found):
        return "No test: the model was fitted to this figure."
    constants = f"{'fitted' if found.fitted_to else _STANDINGS[found.standing]} constants"
    if found.claimed is None:
        return f"Not in the sheet; {constants}."
    if found.own and found.agrees:
        return f"No test: the sheet's figure is the model's; {constants}."
    if found.unlike:
        return f"{found.unlike}; {constants}."
    compared = "Agrees, as far as the sheet's digits go" if found.agrees else "Differs by more than rounding"
    return f"{compared}; {constants}."


def largest_difference(inputs: PageInputs) -> str | None:
    """Return how far the chip model is at most from what the sheet says, of figures that it was not made to give."""
    tested = [
        found for found in inputs.estimates.chip if found.difference is not None and not _is_no_test(found)
    ]
    if not tested:
        return None
    worst = max(tested, key=lambda found: abs(found.change))
    return f"{100 * abs(worst.change):.1f} % ({worst.label[:1].lower()}{worst.label[1:]})"


def profile_table(inputs: PageInputs) -> TableBlock | None:
    """Return the table; `None` where no profile was used."""
    profile = inputs.estimates.profile
    if profile is None or not profile.figures:
        return None
    return TableBlock(
        caption=f"Hardware profile: {profile.name}",
        header=("Figure", "Value", "Standing", "Source"),
        numeric=(1,),
        rows=tuple((found.name, found.value, found.standing, found.source) for found in profile.figures),
        provenance="Figures of the chip that were computed, and not given by the sheet, rest on these.",
    )
