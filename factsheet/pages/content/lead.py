"""Answer a reader's lead question in a few sentences: each made of facts, or of what the sheet does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.content.comparison import against_baseline, compared_with
from factsheet.pages.content.headlines import answered, main_table, spread
from factsheet.pages.content.performance import POINTS, energy_of_a_million, point_name, points_of
from factsheet.pages.marks import PROVENANCE_KINDS, derived_text
from factsheet.pages.model import FiguresBlock
from factsheet.pages.rows import first_sentence, row_for
from factsheet.recompute.comparisons.score_gaps import averages_of, compared_tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.marks import FactMark, ProvenanceKind
    from factsheet.pages.model import FactRow, SectionBlock
    from factsheet.readers.views import SentenceKey

_MOST_LISTED = 4


def sentences(inputs: PageInputs, sections: Iterable[SectionBlock]) -> tuple[str, ...]:
    """Return the sentences of the view, in its order, with one on where the figures of its sections come from."""
    stated = [_MAKERS[key](inputs) for key in inputs.view.sentences]
    return tuple(dict.fromkeys((*stated, _origin(sections))))


def _answer(inputs: PageInputs, path: str) -> str | None:
    row = answered(inputs, path)
    return None if row is None else row.answer.removesuffix(".")


def _listed(row: FactRow) -> str:
    if row.kind != "items":
        return first_sentence(row.paragraphs[0]).removesuffix(".")
    shown = [*row.entries[:_MOST_LISTED]]
    more = len(row.entries) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _sentence_on(words: str, silent: str, *paths: str) -> Callable[[PageInputs], str]:
    """Return what makes a sentence about the first of these fields that is answered, or about their absence."""

    def make(inputs: PageInputs) -> str:
        found = next((row for path in paths if (row := answered(inputs, path)) is not None), None)
        return f"The sheet does not say {silent}." if found is None else f"{words.format(_listed(found))}."

    return make


def _network(inputs: PageInputs) -> str:
    parameters, weights = (_answer(inputs, f"parameters.{n}") for n in ("parameters", "analog_weights"))
    weights = weights or derived_text(inputs.recomputed.get("parameters.analog_weights"))
    model = inputs.sheet.overview.model.words()
    if parameters is None:
        return f"The sheet does not say how many parameters {model} has."
    held = "" if weights is None else f", {weights} of them held in analog memory"
    return f"{model} has {parameters} parameters{held}."


def _tiles(inputs: PageInputs) -> str:
    rows, cols = (_answer(inputs, f"parameters.tile.{side}") for side in ("rows", "cols"))
    if rows is None or cols is None:
        return "The sheet does not give the size of a tile."
    stated = _answer(inputs, "parameters.tiles")
    worked_out = derived_text(inputs.recomputed.get("parameters.tiles"))
    size = f"A tile holds {rows} × {cols} weights"
    if stated is not None:
        return f"{size}; the network takes {stated.removesuffix(' tiles')} of them."
    if worked_out is not None:
        return f"{size}; by recomputation the network takes {worked_out} tiles, as the sheet gives no number."
    return f"{size}; how many the network takes is not stated."


def _run(inputs: PageInputs) -> str:
    points = points_of(inputs)
    for index, point in enumerate(points):
        time = _answer(inputs, f"{POINTS}{index}].execution_time")
        ops = _answer(inputs, f"{POINTS}{index}].total_ops")
        if time is not None:
            work = "" if ops is None else f" for {ops}"
            return f"One run takes {time}{work}, at {point_name(point)}."
    time = _answer(inputs, "performance.classification_time")
    return "The sheet does not say how long a run takes." if time is None else f"An answer takes {time}."


def _chip(inputs: PageInputs) -> str:
    power, area = (_answer(inputs, f"parameters.{name}") for name in ("power", "area"))
    efficiency = _answer(inputs, "performance.energy_efficiency")
    stated = [
        *(() if power is None else (f"draws {power}",)),
        *(() if area is None else (f"takes {area}",)),
        *(() if efficiency is None else (f"reaches {efficiency}",)),
    ]
    if not stated:
        return "The sheet gives neither power nor area nor energy efficiency."
    listed = stated[0] if len(stated) == 1 else f"{_and(stated)}"
    return f"The chip {listed}."


def _accuracy(inputs: PageInputs) -> str:
    table = main_table(inputs)
    averages = None if table is None else averages_of(inputs.sheet, table)
    if table is None or averages is None:
        score = _answer(inputs, "hwa_training.accuracy")
        return "The sheet gives no accuracy." if score is None else f"After training it scores {score}."
    between, analog, digital = averages.gap, averages.analog, averages.digital
    source = ", recomputed from the rows," if averages.recomputed else ""
    tasks = compared_tasks(table) or len(table.tasks)
    scored = f"On average over {tasks} tasks of {table.name}{source} it scores {analog} on analog hardware"
    if between is None:
        return f"{scored} and {digital} on digital."
    if not between.text.strip("0."):
        return f"{scored}, the same as on digital."
    return f"{scored}, {between.size} {between.direction} than on digital ({digital}){between.judged}."


def _spread(inputs: PageInputs) -> str:
    made = spread(inputs)
    if made is None:
        return "The sheet does not compare analog with digital task by task."
    return f"Task by task, the analog model is {made.text}."


def _data(inputs: PageInputs) -> str:
    training, test = (_answer(inputs, f"{side}.name") for side in ("training_data", "test_data"))
    if training is None:
        return "The sheet does not name the training data."
    if test is None:
        return f"It was trained on {training}; the sheet does not say what it was tested on."
    split = "" if answered(inputs, "test_data.split") else ", on which split is not stated"
    if training == test:
        return f"It was trained and tested on {training}{split}."
    return f"It was trained on {training} and tested on {test}{split}."


def _energy(inputs: PageInputs) -> str:
    row = energy_of_a_million(inputs)
    if row is None:
        return "The energy of an answer cannot be worked out from the sheet."
    return f"A million answers take {row.paragraphs[0]}."


def _memory(inputs: PageInputs) -> str:
    stated = _answer(inputs, "performance.size_on_disk")
    worked_out = derived_text(inputs.recomputed.get("performance.size_on_disk"))
    if stated is not None:
        return f"On disk the model takes {stated}."
    if worked_out is not None:
        return f"On disk the model takes {worked_out} by recomputation."
    return "The sheet does not say how much memory the model takes."


def _papers(inputs: PageInputs) -> str:
    count = len(inputs.sheet.references or ())
    return (
        f"It cites {count} publications, with links, at the end." if count else "The sheet cites no papers."
    )


def _origin(sections: Iterable[SectionBlock]) -> str:
    """Say where the figures on the page come from, and how many of them recomputation agrees with."""
    marks = [
        row.mark
        for made in sections
        for block in made.blocks
        if isinstance(block, FiguresBlock)
        for row in block.rows
        if row.mark is not None
    ]
    if not marks:
        return "The sheet gives no figures here."
    kinds = [(kind, sum(mark.provenance == kind for mark in marks)) for kind in PROVENANCE_KINDS]
    stated = [f"{count} {'is' if count == 1 else 'are'} {_ORIGINS[kind]}" for kind, count in kinds if count]
    if not any(mark.provenance == "measured" for mark in marks):
        stated.append("none is measured")
    return f"Of the {len(marks)} single figures below, {_and(stated)}.{_recomputed(marks)}"


def _recomputed(marks: Sequence[FactMark]) -> str:
    """Return how many of the figures were recomputed, and how many of those agree."""
    verbs = (
        ("agrees", "agrees", "agree"),
        (
            "within tolerance",
            "differs by no more than the sheet accepts",
            "differ by no more than the sheet accepts",
        ),
        ("differs", "differs", "differ"),
    )
    counts = [(sum(mark.check == check for mark in marks), one, several) for check, one, several in verbs]
    checked = sum(count for count, _, _ in counts)
    if not checked:
        return ""
    if counts[0][0] == checked:
        outcome = "it agrees" if checked == 1 else "all of these agree"
    else:
        parts = [f"{count} {one if count == 1 else several}" for count, one, several in counts if count]
        outcome = f"of these, {_and(parts)}"
    return f" Recomputation covers {checked} of them; {outcome}."


_ORIGINS: dict[ProvenanceKind, str] = {
    "measured": "measured",
    "declared": "declared",
    "cited": "cited",
    "simulated": "simulated",
    "derived": "derived",
    "not stated": "of no stated origin",
}


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _lower(sentence: str) -> str:
    """Return a sentence for the middle of another; what begins with two capitals is a name."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]


def _refresh(inputs: PageInputs) -> str:
    placed = inputs.placed.get("performance.refresh_interval")
    if placed is None or placed.fact.absence is not None:
        return "The sheet does not say when weights have to be programmed again."
    row = row_for(inputs, "performance.refresh_interval", placed, "full")
    note = "" if row.note is None else f" ({_lower(first_sentence(row.note)).removesuffix('.')})"
    return f"Weights have to be programmed again after {row.answer}{note}."


_MAKERS: dict[SentenceKey, Callable[[PageInputs], str]] = {
    "accuracy": _accuracy,
    "applications": _sentence_on("It is meant for {}", "what it is meant for", "purpose.applications"),
    "baseline": against_baseline,
    "chip": _chip,
    "compare_with": compared_with,
    "data": _data,
    "energy": _energy,
    "interface": _sentence_on(
        "Inputs and outputs: {}",
        "what goes in and what comes out",
        "setup.interface",
        "hardware.inference.host",
    ),
    "licence": _sentence_on("Licence: {}", "under which licence the model may be used", "overview.licence"),
    "maturity": _sentence_on(
        "The hardware: {}", "whether the hardware is available", "hardware.inference.maturity"
    ),
    "memory": _memory,
    "network": _network,
    "noise": _sentence_on(
        "It was trained to tolerate {}",
        "which non-idealities it was trained to tolerate",
        "hwa_training.non_idealities",
    ),
    "papers": _papers,
    "refresh": _refresh,
    "robustness": _sentence_on(
        "Robustness: {}",
        "how it behaves under other noise, drift or heat",
        "robustness.summary",
        "robustness.noise",
        "robustness.drift",
    ),
    "run": _run,
    "setup": _sentence_on("To run it: {}", "how to run it", "setup.instructions"),
    "spread": _spread,
    "tested_where": _sentence_on(
        "{}", "whether accuracies were measured or simulated", "inference_methodology.evaluation"
    ),
    "tiles": _tiles,
}
