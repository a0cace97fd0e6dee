"""Choose the figures of the first screen: those that a reader looks for first, and what the sheet lacks of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.authoring.field_catalogue import entries_at
from factsheet.facts.fact import At
from factsheet.facts.plain_kinds import NOT_STATED
from factsheet.pages.caveats import caveats_of, words_on_runs
from factsheet.pages.content.business.decision import availability_figure, saving_figure
from factsheet.pages.content.business.digital_line import BASELINE, has_digital_estimates
from factsheet.pages.content.glossary import words_alone
from factsheet.pages.content.missing import is_elsewhere
from factsheet.pages.content.performance import POINTS, energy_of_a_million, points_of
from factsheet.pages.content.score_figures import beside_scores, worst_task
from factsheet.pages.errata import is_disputed
from factsheet.pages.first_screen import KeyFigure, UnknownFact
from factsheet.pages.key_figure import (
    WORKED_OUT,
    figure_text,
    key_figure,
    split_number,
    stated,
    with_hardware,
    words_of_point,
)
from factsheet.pages.marks import FactMark
from factsheet.pages.refresh import refresh_figure
from factsheet.pages.rows import relation
from factsheet.pages.score_tables import split_in_a_note
from factsheet.recompute.chip_estimate import OF_ALL_CHIPS
from factsheet.recompute.claims import is_estimate
from factsheet.recompute.derivations.chip import TILES_ALONE
from factsheet.recompute.derivations.gains import MILLION, energy_of_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from factsheet.pages.inputs import PageInputs
    from factsheet.readers.views import KeyFigureKey

    Maker = Callable[[PageInputs], KeyFigure | None]

MOST = 6
"""Figures that a first screen holds."""
_FEWEST = 3
_EFFICIENCY = "performance.energy_efficiency"


def wanted_figures(inputs: PageInputs) -> dict[KeyFigureKey, KeyFigure | None]:
    """Return every figure that this reader looks for first, in order; `None` for what the sheet has no figure of."""
    return {key: _MAKERS[key](inputs) for key in inputs.view.key_figures}


def key_figures(inputs: PageInputs, wanted: Mapping[KeyFigureKey, KeyFigure | None]) -> tuple[KeyFigure, ...]:
    """Return the figures that a page opens with: those that are wanted, and further ones where these are few."""
    scores = inputs.scores
    if wanted.get("score", scores.analog) is None:  # what is known of it is better than nothing
        wanted = {**wanted, "score": scores.digital or scores.unstated or scores.gap}
    made: list[KeyFigure] = []
    for figure in wanted.values():
        if figure is None or figure in made:
            continue  # a score that stands in for another one
        made.append(figure)
    beside = [one for one in (scores.analog, scores.digital) if one is not None and one in made]
    made = [beside_scores(figure, beside) if figure is scores.gap else figure for figure in made]
    if len(made) < _FEWEST:
        known = {figure.path for figure in made}
        further = (_MAKERS[key](inputs) for key in _FURTHER)
        made += [figure for figure in further if figure is not None and figure.path not in known]
        return tuple(made[:_FEWEST])
    return tuple(made[:MOST])


def figure_of(inputs: PageInputs, key: KeyFigureKey) -> KeyFigure | None:
    """Return one figure with all that travels with it; `None` where there is none."""
    return _MAKERS[key](inputs)


def unknown_facts(
    inputs: PageInputs,
    wanted: Mapping[KeyFigureKey, KeyFigure | None],
    figures: Iterable[KeyFigure],
) -> tuple[UnknownFact, ...]:
    """Return what this reader looks for first and finds neither as a figure nor as an answer.

    Args:
        inputs: what the page is made from.
        wanted: the figures that the reader looks for.
        figures: those that the page opens with.
    """
    shown = {figure.path for figure in figures}
    fields = [
        _FIELDS[key]
        for key, figure in wanted.items()
        if key in _FIELDS and figure is None and stated(inputs, _FIELDS[key]) is None
    ]
    noted = {"test_data.split"} if split_in_a_note(inputs, "analog") else set()
    if words_on_runs(inputs) is not None:
        noted.add("hwa_training.seeds")
    if "robustness.over_time[*].score" in inputs.answered:
        noted.add("robustness.drift")
    if "robustness.over_noise[*].score" in inputs.answered:
        noted.add("robustness.noise")
    if {"robustness.drift", "robustness.noise"} & (inputs.answered | noted):
        noted.add("robustness.summary")
    if "hwa_training.adc_bits" in inputs.answered:
        noted.add("inference_methodology.adc_bits")
    noted |= {path for path in inputs.view.wanted if is_elsewhere(inputs, path)}
    if has_digital_estimates(inputs):
        noted.add(BASELINE)
    noted |= {path for path, others in _ONLY_WITH.items() if not inputs.answered & others}
    more = [path for path in inputs.view.wanted if path not in inputs.answered and path not in noted]
    asked = (path for path in dict.fromkeys((*fields, *more)) if entries_at(path, type(inputs.sheet)))
    found = (_unknown(inputs, path) for path in asked if path not in shown)
    return tuple(fact for fact in found if fact.kind != "not_applicable")


_ONLY_WITH = {
    "training.summary": frozenset({"model_architecture.base_model"}),
    "performance.energy_boundary": frozenset(
        {
            "parameters.power",
            "performance.energy_efficiency",
            "performance.energy_per_inference",
            f"{POINTS}*].energy_efficiency",
            f"{POINTS}*].power",
        }
    ),
}
"""What nobody misses of a sheet that has none of these others."""


def _unknown(inputs: PageInputs, path: str) -> UnknownFact:
    fact = inputs.fact(path)
    kind = "not_answered" if fact is None or fact.absence is None else fact.absence.kind
    if path == "hwa_training.accuracy" and inputs.scores.gap is not None:
        return UnknownFact(path, "the scores themselves, of which only the difference is given", kind)
    return UnknownFact(
        path, inputs.titles.get(path) or words_alone(path, plain=not inputs.view.knows_hardware), kind
    )


_FIELDS: dict[KeyFigureKey, str] = {
    "area": "parameters.area",
    "efficiency": _EFFICIENCY,
    "energy_of_a_million": _EFFICIENCY,
    "power": "parameters.power",
    "refresh": "performance.refresh_interval",
    "score": "hwa_training.accuracy",
    "size_on_disk": "performance.size_on_disk",
    "test_size": "test_data.size",
    "throughput": "performance.throughput",
    "tiles": "parameters.tiles",
    "time": "performance.classification_time",
    "weight_noise": "hwa_training.weight_noise",
}
"""The field that is missing where there is no such figure."""
_FURTHER: tuple[KeyFigureKey, ...] = (
    "gap",
    "parameters",
    "analog_weights",
    "tiles",
    "devices",
    "size_on_disk",
)
"""What stands in where a reader's own figures are few."""


def _single(path: str, name: str, condition: str, unit: str = "") -> Maker:
    """Return what makes the figure of a field that holds at no operating point."""
    return lambda inputs: key_figure(inputs, path, name, condition=condition, unit=unit)


def _at_a_point(field: str, name: str, *elsewhere: str) -> Maker:
    """Return what makes a figure of the first operating point that has it, else of these fields."""

    def make(inputs: PageInputs) -> KeyFigure | None:
        points = points_of(inputs)
        for index, point in enumerate(points):
            path = f"{POINTS}{index}].{field}"
            fact = inputs.fact(path)
            if fact is not None and fact.absence is None:
                at = At(point.seq_len, point.batch)
                return key_figure(inputs, path, name, condition=words_of_point(inputs, at), at=at)
        for path in elsewhere:
            fact = inputs.fact(path)
            if fact is not None and fact.absence is None:
                return key_figure(inputs, path, name, condition=_condition(inputs, path))
        for index, point in enumerate(points):
            path = f"{POINTS}{index}].{field}"
            at = At(point.seq_len, point.batch)
            made = key_figure(inputs, path, name, condition=words_of_point(inputs, at), at=at)
            if made is not None:
                return made
        others = (key_figure(inputs, path, name, condition=_condition(inputs, path)) for path in elsewhere)
        return next((figure for figure in others if figure is not None), None)

    return make


def _condition(inputs: PageInputs, path: str) -> str:
    """Return what a figure of the chip holds for: its operating point, and of what an energy is."""
    fact = inputs.fact(path)
    words = _point_of(inputs, path, None if fact is None else fact.at)
    performance = inputs.sheet.performance
    boundary = None if performance is None else performance.energy_boundary
    part = "" if boundary is None or boundary.absence is not None else f"; of the {boundary.shown()}"
    return words + (part if "energy" in path or "power" in path else "")


def _point_of(inputs: PageInputs, path: str, at: At | None) -> str:
    """Return an operating point in words; where it is not fully stated, with the one that the figure agrees at.

    That others of the sheet's figures give the same at its operating point is what is known of an efficiency without
    one.
    """
    words = words_of_point(inputs, at)
    compared, point = inputs.recomputed.get(path), inputs.totals.at
    if "not stated" not in words or point is None or compared is None or compared.verdict.fits is not True:
        return words
    return f"{words}, but it agrees with the figures for {words_of_point(inputs, point)}"


def _million(inputs: PageInputs) -> KeyFigure | None:
    row, found = energy_of_a_million(inputs), energy_of_answers(inputs.sheet, MILLION)
    if row is None or found is None:
        return None
    number, unit = split_number(row.paragraphs[0].partition(" for the ")[0])
    boundary = stated(inputs, "performance.energy_boundary")
    return KeyFigure(
        row.path,
        "Energy of a million answers",
        number,
        unit,
        f"{_BOUNDARIES[boundary.shown() if boundary is not None else 'chip']}; "
        f"{_point_of(inputs, found.path, found.at)}",
        with_hardware(inputs, found.path, row.provenance.text, "derived"),
        WORKED_OUT,
        FactMark("derived", "not recomputed"),
        caveats_of(inputs, found.path, at=found.at),
    )


_BOUNDARIES = {
    "tile": "the tiles alone",
    "chip": "the chip alone",
    "board": "the board, with memory and supply",
    "wall": "all that is drawn from the wall",
}


def _tiles(inputs: PageInputs) -> KeyFigure | None:
    sides = [inputs.fact(f"parameters.tile.{side}") for side in ("rows", "cols")]
    stated = [fact.shown() for fact in sides if fact is not None and fact.absence is None]
    condition = (
        f"tiles of {' × '.join(stated)} weights" if len(stated) == len(sides) else "size of a tile not stated"
    )
    counted = inputs.recomputed.get("parameters.tiles")
    said = figure_text(inputs, "parameters.tiles") or ""
    if counted is not None and counted.text and counted.text.split()[0] not in said:
        condition += f"; counted here: {counted.text}"
    return key_figure(
        inputs, "parameters.tiles", "Tiles that hold the weights", condition=condition, unit="tiles"
    )


def _noise(inputs: PageInputs) -> KeyFigure | None:
    fact = inputs.fact("hwa_training.weight_noise")
    silent = fact is None or fact.relative_to in (None, NOT_STATED)
    return key_figure(
        inputs,
        "hwa_training.weight_noise",
        "Weight noise in training",
        condition="what it is relative to is not stated" if fact is None or silent else relation(fact),
    )


def _area(inputs: PageInputs) -> KeyFigure | None:
    fact = inputs.fact("parameters.area")
    note = "" if fact is None else fact.note or ""
    chips = _ALL_CHIPS.search(note)
    parts = ["all " + chips[1] + " chips together"] if chips else []
    parts += ["tiles alone"] if TILES_ALONE in note else []
    name = "Area of the chips" if chips else "Area of the chip"
    own = fact is not None and is_estimate(fact.source, fact.note)
    said = "" if _WHOLE_CHIP in note.casefold() else "whether of the whole chip is not stated"
    of = "of the tiles that the network takes" if own else said
    return key_figure(inputs, "parameters.area", name, condition=", ".join(parts) or of)


_WHOLE_CHIP = "whole chip"
_ALL_CHIPS = re.compile(OF_ALL_CHIPS.format(r"([\d,]+)"))


_TIME = _at_a_point("execution_time", "Time of one run", "performance.classification_time")


def _time(inputs: PageInputs) -> KeyFigure | None:
    """Return the time of a run, named by what one run is: a batch may be taken for one input by who reads a time."""
    figure = _TIME(inputs)
    if figure is None or figure.path == _UNTIL_ANSWER:
        return None if figure is None else replace(figure, name="Time until an answer is there")
    index = int(figure.path.removeprefix(POINTS).partition("]")[0])
    batch = points_of(inputs)[index].batch
    if not isinstance(batch, int):
        return figure
    name = "Time for one input" if batch == 1 else f"Time for {batch:,} inputs together"
    at = words_of_point(inputs, At(points_of(inputs)[index].seq_len, batch))
    # What the name says already is left out of what it holds for.
    length = at.removeprefix("one input of ").partition(" together, ")
    rest = f"{length[2] or length[0]}{figure.condition.removeprefix(at)}"
    return replace(figure, name=name, condition=rest if figure.condition.startswith(at) else figure.condition)


_UNTIL_ANSWER = "performance.classification_time"


def _test_size(inputs: PageInputs) -> KeyFigure | None:
    """Return how many examples were tested on; `None` where an erratum says that it is another figure: no headline."""
    if is_disputed(inputs, _SIZE):
        return None
    return key_figure(inputs, _SIZE, "Examples tested on", condition="the test data", unit="examples")


def _size_on_disk(inputs: PageInputs) -> KeyFigure | None:
    """Return how large the stored model is; where nobody says it, that it is all weights at 32 bits, and no file."""
    path = "performance.size_on_disk"
    condition = (
        "the stored model"
        if stated(inputs, path)
        else "all weights at 32 bits each, worked out; not the size of a file"
    )
    return key_figure(inputs, path, "Size on disk", condition=condition)


_SIZE = "test_data.size"
_WHOLE = "the whole model"
_STORED = "what is stored in analog memory"
_MAKERS: dict[KeyFigureKey, Maker] = {
    "analog_weights": _single("parameters.analog_weights", "Weights on tiles", _STORED, "weights"),
    "area": _area,
    "availability": availability_figure,
    "baseline_score": lambda inputs: inputs.scores.digital,
    "devices": _single("parameters.devices", "Memory devices", _STORED, "devices"),
    "efficiency": _at_a_point("energy_efficiency", "Energy efficiency", _EFFICIENCY),
    "energy_of_a_million": _million,
    "gap": lambda inputs: inputs.scores.gap,
    "parameters": _single("parameters.parameters", "Parameters", _WHOLE, "parameters"),
    "power": _at_a_point("power", "Power of the chip", "parameters.power"),
    "refresh": refresh_figure,
    "saving": saving_figure,
    "score": lambda inputs: inputs.scores.analog,
    "size_on_disk": _size_on_disk,
    "test_size": _test_size,
    "throughput": _at_a_point("throughput", "Answers per second", "performance.throughput"),
    "tiles": _tiles,
    "time": _time,
    "weight_noise": _noise,
    "worst_task": worst_task,
}
