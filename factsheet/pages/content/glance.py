"""Write the rows of a first screen: what a reader asks for that is no single figure, a few words each."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from factsheet.pages.content.answers import words_of
from factsheet.pages.content.business.digital_line import digital_row
from factsheet.pages.content.business.doubtful_uses import doubt_in_words, mark_uses
from factsheet.pages.content.glance_rows import (
    BOUNDS,
    NOISES,
    by_task,
    described,
    digital_parts,
    energy,
    entries_of,
    joined,
    origin_of,
    recipe,
    says,
    sensitive,
    shortened,
    size,
    strengths,
    task_scores,
    test_data,
    training_data,
)
from factsheet.pages.content.glossary import tasks_in_words, without_terms
from factsheet.pages.content.key_figures import figure_of
from factsheet.pages.content.performance import POINTS, point_name, points_of
from factsheet.pages.content.robustness.score_rows import over_noise, over_time
from factsheet.pages.content.role_tables import million_by_length, two_lengths
from factsheet.pages.first_screen import GlanceRow
from factsheet.pages.key_figure import LANGUAGES, figure_text, length_words, split_number, stated, text_unit
from factsheet.pages.rows import CODE
from factsheet.pages.score_tables import main_table, tables_of
from factsheet.pages.text import without_stop
from factsheet.recompute.comparisons.score_gaps import pair
from factsheet.recompute.derivations.gains import MILLION, energy_gain, in_watt_hours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from factsheet.pages.content.glance_rows import Row
    from factsheet.pages.first_screen import KeyFigure
    from factsheet.pages.inputs import PageInputs
    from factsheet.readers.views import GlanceKey

_DIGITS = 3
_SAME = 2e-3
"""Of three digits."""


def glance(inputs: PageInputs, figures: Iterable[KeyFigure]) -> tuple[GlanceRow, ...]:
    """Return the rows of the view that the sheet has answers for, without those that say a figure once more.

    Args:
        inputs: what the page is made from.
        figures: those of the first screen.
    """
    shown = [figure.value for figure in figures]
    found: dict[str, GlanceRow] = {}
    for key in inputs.view.glance:
        row = _MAKERS[key](inputs)
        if row is not None and not any(_says_again(row.text, value) for value in shown):
            found.setdefault(row.text, row)
    for path in inputs.view.shown:
        row = says(inputs.words(path), path)(inputs)
        if row is not None and not any(_says_again(row.text, value) for value in shown):
            found.setdefault(f"{row.label}: {row.text}", row)
    return tuple(found.values())


def _says_again(text: str, value: str) -> bool:
    """Return whether a row is one figure, the one that a card shows already, to as many digits as it has."""
    (number, unit), (own, own_unit) = split_number(text.partition(" for ")[0]), split_number(value)
    if ";" in text or unit != own_unit:
        return False
    try:
        ends = [float(end.replace(",", "")) for end in own.split(" to ")]
        return any(math.isclose(float(number.replace(",", "")), end, rel_tol=_SAME) for end in ends)
    except ValueError:
        return number == own


def _design(inputs: PageInputs) -> GlanceRow | None:
    length, batch = (figure_text(inputs, f"parameters.optimum.{name}") for name in ("seq_len", "batch"))
    return joined(
        "Designed for",
        (
            None if length is None or inputs.without_length else f"sequences of {length}{_tokens(inputs)}",
            None if batch is None else f"batches of {batch}",
        ),
        origin_of(inputs, "parameters.optimum.seq_len", "parameters.optimum.batch"),
    )


def _operations(inputs: PageInputs) -> GlanceRow | None:
    for index, point in enumerate(points_of(inputs)):
        total, analog = (
            figure_text(inputs, f"{POINTS}{index}].{name}") for name in ("total_ops", "analog_ops")
        )
        if total is None:
            continue
        total, analog = (
            text if text is None or not text[-1:].isdigit() else f"{text} ops" for text in (total, analog)
        )
        on_tiles = "" if analog is None else f", {analog} of them on tiles"
        paths = (f"{POINTS}{index}].{name}" for name in ("total_ops", "analog_ops"))
        return GlanceRow(
            "Operations of one run",
            f"{total}{on_tiles} ({point_name(inputs, point)})",
            origin_of(inputs, *paths) or "derived here",
        )
    return None


def _cells(inputs: PageInputs) -> GlanceRow | None:
    used = inputs.recomputed.get("derived.utilisation")
    rows, cols = (figure_text(inputs, f"parameters.tile.{side}") for side in ("rows", "cols"))
    counted = inputs.recomputed.get("parameters.tiles")
    said = figure_text(inputs, "parameters.tiles")
    # The share is that of the tiles which were counted here, of which a chip may have fewer.
    tiles = said if counted is None or not counted.text else counted.text.removesuffix(" tiles")
    if used is None or not used.text or tiles is None:
        return None
    size = f" of {rows} × {cols}" if rows is not None and cols is not None else ""
    other = "" if said in (None, tiles, f"{tiles} tiles") else f" (the sheet: {said})"
    return GlanceRow(
        "Cells in use", f"{used.text} of the cells of {tiles} tiles{size}{other}", "derived here"
    )


def _tiles_needed(inputs: PageInputs) -> GlanceRow | None:
    """Return how many tiles it takes, and how many chips, where the sheet says how many tiles a chip has."""
    number = figure_text(inputs, "parameters.tiles")
    if number is None:
        return None
    rows, cols = (figure_text(inputs, f"parameters.tile.{side}") for side in ("rows", "cols"))
    size = f" of {rows} × {cols} weights" if rows is not None and cols is not None else ""
    held = figure_text(inputs, "hardware.inference.tiles")
    of_chip = "" if held is None else f"; a chip has {held.removesuffix(' tiles')}"
    origin = origin_of(inputs, "parameters.tiles") if stated(inputs, "parameters.tiles") else "derived here"
    return GlanceRow("Size on the chip", f"{number.removesuffix(' tiles')} tiles{size}{of_chip}", origin)


def _weight(inputs: PageInputs) -> GlanceRow | None:
    devices = figure_text(inputs, "parameters.tile.devices_per_weight")
    return joined(
        "How a weight is held",
        (
            words_of(inputs, "parameters.tile.weight_encoding"),
            None if devices is None else f"{devices} devices" if devices != "1" else "1 device",
            words_of(inputs, "hardware.inference.technology"),
        ),
    )


def _input(inputs: PageInputs) -> GlanceRow | None:
    """Return what goes in; of a sheet that describes inputs itself, their language, which is asked for all the same."""
    paths = ("parameters.optimum.seq_len", "test_data.max_seq_len", "training_data.max_seq_len")
    length = next((text for path in paths if (text := figure_text(inputs, path)) is not None), None)
    language = next((text for path in LANGUAGES if (text := _languages(inputs, path)) is not None), None)
    if "interface" in inputs.view.glance and stated(inputs, "setup.interface") is not None:
        return None if language is None else GlanceRow("Language", language)
    return joined(
        "Input",
        (
            None if length is None or inputs.without_length else f"sequences of {length}{_tokens(inputs)}",
            language,
        ),
    )


_FEW = 6


def _languages(inputs: PageInputs, path: str) -> str | None:
    fact = stated(inputs, path)
    if fact is None:
        return None
    return f"{len(fact.items)} languages" if len(fact.items) > _FEW else entries_of(inputs, path)


def _tokens(inputs: PageInputs) -> str:
    """Return the unit of a sequence's length, where the sheet's language shows that it is text."""
    return f" {text_unit(inputs)}" if any(stated(inputs, path) is not None for path in LANGUAGES) else ""


def _code_address(inputs: PageInputs) -> GlanceRow | None:
    """Return where the code is; the address that the architecture gives is that of the network, not of this model."""
    code, network = (words_of(inputs, f"{part}.implementation") for part in ("setup", "model_architecture"))
    said = inputs.fact(CODE)
    if said is not None and said.absence is not None and said.absence.kind == "not_applicable":
        return GlanceRow("Code", shortened(without_stop(said.absence.reason)))  # the reason says where it is
    if code is None or code == network:
        own = "not of this model: the network as it was before training for the hardware"
        return None if network is None else GlanceRow("Code of the network", network, own)
    return GlanceRow("Code", shortened(code))


def _power(inputs: PageInputs) -> GlanceRow | None:
    figure = figure_of(inputs, "power")
    return (
        None
        if figure is None
        else GlanceRow(figure.name, figure.value, f"{figure.condition}; {figure.provenance}")
    )


def _energy_parts(inputs: PageInputs) -> GlanceRow | None:
    split = inputs.estimates.energy
    total = 0.0 if split is None else sum(part.energy_j for part in split.parts)
    if split is None or total <= 0:
        return None
    parts = sorted(split.parts, key=lambda part: -part.energy_j)
    words = ", ".join(f"{part.name} {100 * part.energy_j / total:.0f} %" for part in parts)
    known = {part.name for part in parts}
    without = " and ".join(name for name in ("digital units", "standby") if name not in known)
    grid = inputs.estimates.grid
    free = grid is not None and grid.digital_takes_no_energy
    # A chip that was measured, or fitted, as a whole has them in its other figures.
    none = f", in which {without} take nothing" if free else f", which does not charge {without} apart"
    none = none if without else ""
    return GlanceRow(
        "Where the energy goes", shortened(words), f"estimated by a model of the chip{none}; {split.holds_at}"
    )


def _metric(inputs: PageInputs) -> GlanceRow | None:
    """Return what the scores are; where no field says it, the metric of the table that is compared."""
    table = main_table(inputs)
    metric = None if table is None else table.metric
    return _SCORE(inputs) or (None if not metric else GlanceRow("Score", metric))


_SCORE = says("Score", "hwa_training.accuracy_metric", "performance.metrics")


def _purpose(inputs: PageInputs) -> GlanceRow | None:
    """Return what it is for, and for what of it alone there are scores, unless the answer says so already."""
    row = _MEANT_FOR(inputs)
    scored = tuple(dict.fromkeys(table.name for table in tables_of(inputs) if pair(table) is not None))
    if row is None:
        return None
    row = replace(
        row, text=mark_uses(inputs, row.text), origin=doubt_in_words(inputs).rstrip(".") or row.origin
    )
    if len(scored) != 1 or "applications" in inputs.view.sentences:
        return row
    return replace(row, text=f"{row.text}; scores are given for {scored[0]} alone")


_MEANT_FOR = says("Meant for", "purpose.applications", "purpose.trained_for")


def _tasks_with_scores(inputs: PageInputs) -> GlanceRow | None:
    """Return the tasks with both scores of each; where there is no room for these, the tasks."""
    return task_scores(inputs) or _tasks(inputs)


def _tasks(inputs: PageInputs) -> GlanceRow | None:
    """Return the tasks; for who does not know the benchmark, what the known ones among them ask."""
    row = _TASKS(inputs)
    fact = next((fact for path in _TASK_LISTS if (fact := stated(inputs, path)) is not None), None)
    explained = None if fact is None or inputs.view.name == "data-scientist" else tasks_in_words(fact.items)
    return row if row is None or explained is None else replace(row, text=explained)


_TASK_LISTS = ("test_data.tasks", "training_data.tasks", "purpose.trained_for")
_TASKS = says("Tasks", *_TASK_LISTS)


def _lengths(inputs: PageInputs) -> Callable[[str], str] | None:
    """Return what writes a length with its unit; `None` of a network whose work depends on none."""
    return None if inputs.without_length else partial(length_words, inputs)


def _by_length(inputs: PageInputs) -> GlanceRow | None:
    made = two_lengths(inputs.estimates.grid, length=_lengths(inputs))
    if made is None or made.text is None:
        return None
    label = "Time for one input" if inputs.without_length else "Time for one input, by length"
    basis = made.basis if inputs.view.knows_hardware else _OUR_ESTIMATE
    return GlanceRow(label, made.text, f"{basis}{_left_out(inputs, 'no time')}")


_OUR_ESTIMATE = "estimated by a model of the chip"


def _left_out(inputs: PageInputs, nothing: str) -> str:
    """Return that digital work costs nothing in the model of the chip, where it does; empty otherwise."""
    grid = inputs.estimates.grid
    free = grid is not None and (
        grid.digital_takes_no_time if nothing == "no time" else grid.digital_takes_no_energy
    )
    return f", in which digital work takes {nothing}" if free else ""


def _million(inputs: PageInputs) -> GlanceRow | None:
    made = million_by_length(inputs.estimates.grid, length=_lengths(inputs))
    if made is None or made.text is None:
        return None
    label = "Energy of a million answers" if inputs.without_length else "A million answers, by length"
    return GlanceRow(
        label,
        made.text,
        (made.basis if inputs.view.knows_hardware else f"the chip alone; {_OUR_ESTIMATE}")
        + _left_out(inputs, "no energy"),
    )


def _digital(inputs: PageInputs) -> GlanceRow | None:
    gain = energy_gain(inputs.sheet)
    if gain is None:
        return None
    energy = in_watt_hours(MILLION / gain.digital, _DIGITS)
    return GlanceRow(
        "A million answers on digital hardware",
        f"{energy}, {gain.factor:.3g} times as much",
        "derived from both efficiencies",
    )


def _upkeep(inputs: PageInputs) -> GlanceRow | None:
    """Return why weights are programmed again, without terms in brackets for who knows no hardware."""
    row = says("Why weights are programmed again", "performance.refresh_reason")(inputs)
    if row is None or inputs.view.knows_hardware:
        return row
    return replace(row, text=without_terms(row.text))


def _responsible(inputs: PageInputs) -> GlanceRow | None:
    """Return who publishes it and whom to ask; that nobody is named is said beside who publishes it."""
    organisation, contact = (words_of(inputs, f"overview.{name}") for name in ("organisation", "contact"))
    nobody = "contact person not given" if organisation is not None and contact is None else None
    return joined("Published by", (organisation, contact, nobody))


_MAKERS: dict[GlanceKey, Row] = {
    "adaptable": says("Can it be adapted", "model_architecture.customisable"),
    "attached": says("Plugs into", "hardware.inference.host", "setup.integration"),
    "bounds": strengths("Clipped at", BOUNDS),
    "by_length": _by_length,
    "cells": _cells,
    "chip": says("Chip", "hardware.inference.chip"),
    "code": _code_address,
    "contact": says("Whom to ask", "overview.contact"),
    "compensation": says("Against drift", "inference_methodology.compensation"),
    "described": described,
    "design": _design,
    "digital": _digital,
    "digital_line": digital_row,
    "digital_parts": digital_parts,
    "disturbs": says("What disturbs the weights", "inference_methodology.non_idealities"),
    "drift": over_time("Over time", "robustness.drift", "robustness.summary"),
    "energy": energy,
    "energy_parts": _energy_parts,
    "framework": says("Framework", "setup.framework"),
    "homepage": says("Website", "overview.homepage"),
    "input": _input,
    "interface": says("Inputs and outputs", "setup.interface"),
    "licence": says("Licence", "overview.licence"),
    "licence_of_data": says("Licence of the data", "training_data.licence", "test_data.licence"),
    "maturity": says("State of the hardware", "hardware.inference.maturity"),
    "metric": _metric,
    "million_by_length": _million,
    "noise": strengths("Noise in training", NOISES),
    "not_for": says("Not meant for", "purpose.out_of_scope"),
    "operations": _operations,
    "other_noise": over_noise("Under other noise", "robustness.noise"),
    "power": _power,
    "purpose": _purpose,
    "recipe": recipe,
    "requirements": says("Needs", "setup.requirements"),
    "responsible": _responsible,
    "risks": says("Risks", "limitations.risks"),
    "robustness": over_time("Robustness", "robustness.summary", "robustness.drift", "robustness.noise"),
    "sensitive": sensitive,
    "size": size,
    "setup": says("To run it", "setup.instructions"),
    "by_task": by_task,
    "task_scores": _tasks_with_scores,
    "tasks": _tasks,
    "tiles": _tiles_needed,
    "test_data": test_data,
    "training_data": training_data,
    "upkeep": _upkeep,
    "weight": _weight,
    "weights": says("Weights", "setup.weights"),
}
