"""Write the rows of a first screen: what a reader asks for that is no single figure, a few words each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.facts.plain_kinds import NOT_STATED
from factsheet.pages.content.answers import words_of
from factsheet.pages.content.performance import POINTS, point_name, points_of
from factsheet.pages.content.role_tables import million_by_length, two_lengths
from factsheet.pages.content.score_figures import main_table, split_in_a_note
from factsheet.pages.content.sensitivity import most_costly_of
from factsheet.pages.first_screen import GlanceRow
from factsheet.pages.key_figure import figure_text, stated
from factsheet.pages.rich_text import read_prose
from factsheet.pages.rows import provenance_of
from factsheet.quantities.quantity import grouped
from factsheet.recompute.comparisons.score_gaps import task_gap
from factsheet.recompute.derivations.gains import MILLION, energy_gain, in_watt_hours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.rich_text import TextBlock, TextSpan
    from factsheet.readers.views import GlanceKey

    Row = Callable[[PageInputs], GlanceRow | None]

_DIGITS = 3
_LONGEST = 200
"""Characters of an answer that still reads at a glance; a longer one is cut, and the page has all of it below."""
_MOST_LINES = 12
"""Lines of a snippet."""


def glance(inputs: PageInputs) -> tuple[GlanceRow, ...]:
    """Return the rows of the view that the sheet has answers for."""
    made = (_MAKERS[key](inputs) for key in inputs.view.glance)
    return tuple(row for row in made if row is not None)


def _says(label: str, *paths: str) -> Row:
    """Return what makes a row of the first of these fields that is answered."""

    def make(inputs: PageInputs) -> GlanceRow | None:
        for path in paths:
            text = words_of(inputs, path)
            if text is not None:
                return GlanceRow(label, _cut(text), _origin(inputs, path))
        return None

    return make


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rpartition(' ')[0].rstrip(',;:')} …"


def _origin(inputs: PageInputs, *paths: str) -> str:
    """Return where figures are from; nothing for words, which nobody measures."""
    placed = [inputs.placed[path] for path in paths if path in inputs.placed]
    told = (entry for entry in placed if entry.fact.text is None or entry.fact.source is not None)
    return "; ".join(
        dict.fromkeys(provenance_of(inputs, entry).text for entry in told if not entry.fact.items)
    )


def _joined(label: str, parts: Iterable[str | None], origin: str = "") -> GlanceRow | None:
    words = [part for part in parts if part]
    return GlanceRow(label, _cut("; ".join(words)), origin) if words else None


def _design(inputs: PageInputs) -> GlanceRow | None:
    length, batch = (figure_text(inputs, f"parameters.optimum.{name}") for name in ("seq_len", "batch"))
    return _joined(
        "Designed for",
        (
            None if length is None or inputs.without_length else f"sequences of {length}",
            None if batch is None else f"batches of {batch}",
        ),
        _origin(inputs, "parameters.optimum.seq_len", "parameters.optimum.batch"),
    )


def _operations(inputs: PageInputs) -> GlanceRow | None:
    for index, point in enumerate(points_of(inputs)):
        total, analog = (
            figure_text(inputs, f"{POINTS}{index}].{name}") for name in ("total_ops", "analog_ops")
        )
        if total is None:
            continue
        on_tiles = "" if analog is None else f", {analog} of them on tiles"
        paths = (f"{POINTS}{index}].{name}" for name in ("total_ops", "analog_ops"))
        return GlanceRow(
            "Operations of one run",
            f"{total}{on_tiles} ({point_name(inputs, point)})",
            _origin(inputs, *paths) or "derived here",
        )
    return None


def _cells(inputs: PageInputs) -> GlanceRow | None:
    used = inputs.recomputed.get("derived.utilisation")
    rows, cols = (figure_text(inputs, f"parameters.tile.{side}") for side in ("rows", "cols"))
    tiles = figure_text(inputs, "parameters.tiles")
    if used is None or not used.text or tiles is None:
        return None
    size = f" of {rows} × {cols}" if rows is not None and cols is not None else ""
    return GlanceRow("Cells in use", f"{used.text} of the cells of {tiles} tiles{size}", "derived here")


def _weight(inputs: PageInputs) -> GlanceRow | None:
    devices = figure_text(inputs, "parameters.tile.devices_per_weight")
    return _joined(
        "How a weight is held",
        (
            words_of(inputs, "parameters.tile.weight_encoding"),
            None if devices is None else f"{devices} devices" if devices != "1" else "1 device",
            words_of(inputs, "hardware.inference.technology"),
        ),
    )


_NOISES = (
    ("weights", "weight_noise"),
    ("reads", "read_noise"),
    ("outputs", "adc_noise"),
    ("inputs", "input_noise"),
)
_BOUNDS = (("inputs", "input_bound"), ("outputs", "output_bound"))
_RELATIVE = {
    "w_max": "of the largest weight",
    "g_max": "of the largest conductance",
    "device_model": "of what the device model gives",
    "absolute": "absolute",
}


def _strengths(label: str, fields: tuple[tuple[str, str], ...]) -> Row:
    """Return what makes a row of several strengths in training, each with what it is relative to."""

    def make(inputs: PageInputs) -> GlanceRow | None:
        paths = {name: f"hwa_training.{field}" for name, field in fields}
        known = {name: fact for name, path in paths.items() if (fact := stated(inputs, path)) is not None}
        if not known:
            return None
        scales = {_scale(fact.relative_to) for fact in known.values()}
        alike = scales.pop() if len(scales) == 1 else None
        parts = [
            f"{name} {grouped(fact.words())}"
            + ("" if alike is not None else f" ({_scale(fact.relative_to)})")
            for name, fact in known.items()
        ]
        shared = "" if alike is None else f" ({alike})"
        return GlanceRow(
            label, f"{', '.join(parts)}{shared}", _origin(inputs, *(paths[name] for name in known))
        )

    return make


def _scale(relative: str | None) -> str:
    if relative in (None, NOT_STATED):
        return "relative to: not stated"
    return _RELATIVE.get(relative or "", f"relative to {(relative or '').replace('_', ' ')}")


_RECIPE = (
    ("learning rate {}", "learning_rate"),
    ("{} epochs", "epochs"),
    ("optimiser {}", "optimiser"),
    ("batch {}", "batch_size"),
    ("noise in the {}", "noise_applied_in"),
)
_SHORT = 40


def _recipe(inputs: PageInputs) -> GlanceRow | None:
    found = ((words, words_of(inputs, f"hwa_training.{field}")) for words, field in _RECIPE)
    return _joined(
        "Recipe", (words.format(text) for words, text in found if text is not None and len(text) <= _SHORT)
    )


def _spread(inputs: PageInputs) -> GlanceRow | None:
    table = main_table(inputs)
    if table is None:
        return None
    gaps = [(gap, row) for row in range(len(table.tasks)) if (gap := task_gap(table, row)) is not None]
    if len(gaps) <= 1 or len({gap.unit for gap, _ in gaps}) != 1:
        return None
    low, high = min(gaps, key=lambda entry: entry[0].amount), max(gaps, key=lambda entry: entry[0].amount)
    names = [table.tasks[row].task for _, row in (low, high)]
    return GlanceRow(
        "Differences by task",
        f"from {low[0].text} ({names[0]}) to {high[0].text} {high[0].unit}".rstrip() + f" ({names[1]})",
        "derived here from both scores",
    )


def _sensitive(inputs: PageInputs) -> GlanceRow | None:
    """Return the layer and the source of error that cost most."""
    robustness = inputs.sheet.robustness
    given = None if robustness is None else robustness.sensitivity
    if given is None:
        return None
    worst = (most_costly_of(given.layers or ()), most_costly_of(given.noise_sources or ()))
    words = [
        f"{part.name} ({grouped(part.alone.words())})"
        for part in worst
        if part is not None and part.alone is not None
    ]
    return _joined("Costs most alone", words)


def _test_data(inputs: PageInputs) -> GlanceRow | None:
    split, note = words_of(inputs, "test_data.split"), split_in_a_note(inputs, "analog")
    size = figure_text(inputs, "test_data.size")
    noted = None if note is None else f"{note} split, from a note"
    return _joined(
        "Tested on",
        (
            words_of(inputs, "test_data.name"),
            f"{split} split" if split is not None and " " not in split else split or noted,
            None if size is None else f"{size} examples",
        ),
        _origin(inputs, "test_data.size"),
    )


def _training_data(inputs: PageInputs) -> GlanceRow | None:
    size = figure_text(inputs, "training_data.size")
    return _joined(
        "Trained on",
        (
            words_of(inputs, "training_data.name"),
            words_of(inputs, "training_data.split"),
            None if size is None else f"{size} examples",
        ),
        _origin(inputs, "training_data.size"),
    )


def _input(inputs: PageInputs) -> GlanceRow | None:
    paths = ("parameters.optimum.seq_len", "test_data.max_seq_len", "training_data.max_seq_len")
    length = next((text for path in paths if (text := figure_text(inputs, path)) is not None), None)
    language = words_of(inputs, "test_data.language") or words_of(inputs, "training_data.language")
    return _joined(
        "Input",
        (None if length is None or inputs.without_length else f"sequences of {length}", language),
    )


def _by_length(inputs: PageInputs) -> GlanceRow | None:
    made = two_lengths(inputs.estimates.grid, lengths=not inputs.without_length)
    return (
        None if made is None or made.text is None else GlanceRow("Time of one input", made.text, made.basis)
    )


def _million(inputs: PageInputs) -> GlanceRow | None:
    made = million_by_length(inputs.estimates.grid, lengths=not inputs.without_length)
    if made is None or made.text is None:
        return None
    label = "Energy of a million answers" if inputs.without_length else "A million answers, by length"
    return GlanceRow(label, made.text, made.basis)


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


def _responsible(inputs: PageInputs) -> GlanceRow | None:
    return _joined(
        "Who answers for it",
        (words_of(inputs, f"overview.{name}") for name in ("organisation", "contact")),
    )


_MAKERS: dict[GlanceKey, Row] = {
    "adaptable": _says("Can it be adapted", "model_architecture.customisable"),
    "attached": _says("Plugs into", "hardware.inference.host", "setup.integration"),
    "bounds": _strengths("Clipped at", _BOUNDS),
    "by_length": _by_length,
    "cells": _cells,
    "chip": _says("Chip", "hardware.inference.chip"),
    "code": _says("Code", "setup.implementation", "model_architecture.implementation"),
    "compensation": _says("Against drift", "inference_methodology.compensation"),
    "design": _design,
    "digital": _digital,
    "disturbs": _says("What disturbs the weights", "inference_methodology.non_idealities"),
    "drift": _says("Over time", "robustness.drift", "robustness.summary"),
    "framework": _says("Framework", "setup.framework"),
    "input": _input,
    "interface": _says("Inputs and outputs", "setup.interface"),
    "licence": _says("Licence", "overview.licence"),
    "licence_of_data": _says("Licence of the data", "training_data.licence", "test_data.licence"),
    "maturity": _says("State of the hardware", "hardware.inference.maturity"),
    "metric": _says("Score", "hwa_training.accuracy_metric", "performance.metrics"),
    "million_by_length": _million,
    "noise": _strengths("Noise in training", _NOISES),
    "not_for": _says("Not meant for", "purpose.out_of_scope"),
    "operations": _operations,
    "other_noise": _says("Under other noise", "robustness.noise"),
    "recipe": _recipe,
    "requirements": _says("Needs", "setup.requirements"),
    "responsible": _responsible,
    "risks": _says("Risks", "limitations.risks"),
    "robustness": _says("Robustness", "robustness.summary", "robustness.drift", "robustness.noise"),
    "sensitive": _sensitive,
    "setup": _says("To run it", "setup.instructions"),
    "spread": _spread,
    "tasks": _says("Tasks", "test_data.tasks", "training_data.tasks", "purpose.trained_for"),
    "test_data": _test_data,
    "training_data": _training_data,
    "upkeep": _says("Why weights are programmed again", "performance.refresh_reason"),
    "weight": _weight,
    "weights": _says("Weights", "setup.weights"),
}


def snippet(inputs: PageInputs) -> str:
    """Return the code with which the sheet says to run the model; empty where it gives none, or none is wanted.

    Only what the author marked as code is taken: words are no commands.
    """
    if "setup" not in inputs.view.glance:
        return ""
    fact = stated(inputs, "setup.instructions")
    if fact is None or fact.text is None:
        return ""
    blocks, words = read_prose(fact.text), words_of(inputs, "setup.instructions") or ""
    lines = [line for text in _fences(blocks) for line in text.splitlines()] or list(_commands(blocks))
    if all(line in words for line in lines):
        return ""  # the row has all of it
    shown = lines[:_MOST_LINES]
    return "\n".join((*shown, "…") if len(lines) > len(shown) else shown)


def _fences(blocks: Iterable[TextBlock]) -> Iterator[str]:
    for block in blocks:
        if block.kind == "code":
            yield block.text
        yield from _fences(block.blocks)


def _commands(blocks: Iterable[TextBlock]) -> Iterator[str]:
    """Yield code in a line of its own words: `python run.py`; a single word names something and runs nothing."""
    for block in blocks:
        yield from (span.text for span in _code(block.spans) if " " in span.text.strip())
        yield from _commands(block.blocks)


def _code(spans: Iterable[TextSpan]) -> Iterator[TextSpan]:
    for span in spans:
        if span.kind == "code":
            yield span
        yield from _code(span.spans)
