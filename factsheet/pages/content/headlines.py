"""Put together the few facts that open a page: each one line, made from what the sheet answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from factsheet.pages.content.performance import POINTS, energy_of_a_million, point_name, points_of
from factsheet.pages.content.results import RESULTS, column_provenance
from factsheet.pages.marks import agreement, derived_text, in_short, mark_of, weakest
from factsheet.pages.model import Headline
from factsheet.pages.rows import first_sentence, row_for
from factsheet.recompute.comparisons.score_gaps import averages_of, compared_tasks, pair, standing, task_gap
from factsheet.recompute.comparisons.score_scales import table_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.model import FactRow
    from factsheet.readers.views import HeadlineKey
    from factsheet.sheet.performance import ResultTable

    Maker: TypeAlias = Callable[[PageInputs], Headline | None]

NOT_ANSWERED = "not answered"
_MOST_ENTRIES = 4


def answered(inputs: PageInputs, path: str) -> FactRow | None:
    """Return the row of a field, shown short; `None` where it has no answer."""
    placed = inputs.placed.get(path)
    if placed is None or placed.fact.absence is not None:
        return None
    return row_for(inputs, path, placed, "short")


def why_not(inputs: PageInputs, *paths: str) -> str:
    """Return what to say where none of these has an answer: the first stated absence."""
    facts = (inputs.fact(path) for path in paths)
    return next((f.absence.words for f in facts if f is not None and f.absence is not None), NOT_ANSWERED)


def provenance_in_short(rows: Iterable[FactRow]) -> str | None:
    """Return the provenance of several figures in one phrase; `None` without a figure."""
    kept = tuple(rows)
    stated = dict.fromkeys(row.provenance.text for row in kept)
    compared = in_short(row.agreement for row in kept)
    return "; ".join((*stated, *((compared,) if compared else ()))) or None


def headline(label: str, text: str, rows: Iterable[FactRow]) -> Headline:
    """Return a headline on these figures, with their provenance and check."""
    kept = tuple(rows)
    marks = tuple(row.mark for row in kept if row.mark is not None)
    references = (number for row in kept for number in row.provenance.references)
    return Headline(label, text, provenance_in_short(kept), weakest(marks), tuple(dict.fromkeys(references)))


def all_of(label: str, *paths: str) -> Maker:
    """Return a headline that gives the answers of some fields, the unanswered ones left out."""

    def make(inputs: PageInputs) -> Headline:
        rows = [row for path in paths if (row := answered(inputs, path)) is not None]
        if not rows:
            return Headline(label, why_not(inputs, *paths), None)
        figures = [row for row in rows if row.kind == "figure"]
        return headline(label, "; ".join(_shown(row) for row in rows), figures)

    return make


def first_of(label: str, *paths: str) -> Maker:
    """Return a headline that gives the first of these fields that is answered."""

    def make(inputs: PageInputs) -> Headline | None:
        found = next((path for path in paths if answered(inputs, path) is not None), None)
        return all_of(label, *(paths if found is None else (found,)))(inputs)

    return make


def _shown(row: FactRow) -> str:
    if row.kind == "items" and len(row.entries) > _MOST_ENTRIES:
        return f"{', '.join(row.entries[:_MOST_ENTRIES])} and {len(row.entries) - _MOST_ENTRIES} more"
    answer = row.answer if row.kind != "prose" else first_sentence(row.paragraphs[0])
    return answer.removesuffix(".")


def accuracy(inputs: PageInputs) -> Headline | None:
    """Return the published averages of the analog and the digital system, and the difference between them."""
    table = main_table(inputs)
    systems = None if table is None else pair(table)
    averages = None if table is None else averages_of(inputs.sheet, table)
    between = None if averages is None else averages.gap
    if table is None or systems is None or averages is None or between is None:
        return _without_averages(inputs, table)
    text = (
        f"{averages.analog} on analog hardware against {averages.digital} on digital, {between.compared} "
        f"({table.name}, average of {compared_tasks(table) or len(table.tasks)} tasks"
        f"{', recomputed from the rows' if averages.recomputed else ''})"
    )
    stated = [column_provenance(inputs, system) for system in systems]
    words = [provenance.text for provenance in stated]
    place = tables_of(inputs).index(table)
    compared = [
        agreement(inputs.recomputed.get(f"{RESULTS}{place}].averages.{system.id}")) for system in systems
    ]
    return Headline(
        score_label(table),
        text,
        words[0] if words[0] == words[1] else f"analog {words[0]}, digital {words[1]}",
        weakest(tuple(mark_of(*pair_) for pair_ in zip(stated, compared, strict=True))),
        tuple(dict.fromkeys(number for provenance in stated for number in provenance.references)),
    )


def score_label(table: ResultTable) -> str:
    """Return what the scores of a table are called: accuracy, unless they are of a metric of another kind."""
    scale = table_scale(table)
    if scale is None:
        return "Scores"
    if scale.share and scale.higher_is_better:
        return "Accuracy"
    return f"{scale.metric[:1].upper()}{scale.metric[1:]}" if scale.metric else "Score"


def _without_averages(inputs: PageInputs, table: ResultTable | None) -> Headline | None:
    """Return the score after training, else where to look."""
    if table is not None and answered(inputs, "hwa_training.accuracy") is None:
        return Headline(score_label(table), f"see the results of {table.name} below", None)
    return all_of("Accuracy", "hwa_training.accuracy")(inputs)


def spread(inputs: PageInputs) -> Headline | None:
    """Return on how many tasks the analog system falls behind, and between which gaps; `None` without two gaps."""
    table = main_table(inputs)
    compared = None if table is None else standing(table)
    if table is None or compared is None or compared.tasks <= 1:
        return None
    gaps = [
        (found, task.task)
        for row, task in enumerate(table.tasks)
        if (found := task_gap(table, row)) is not None
    ]
    parts = []
    if not compared.unknown:
        parts.append(f"behind the digital model on {len(compared.worse)} of {compared.tasks} tasks")
    else:
        parts.append(f"for {_and(compared.unknown)} the sheet does not say whether more is better")
    if table_scale(table) is not None:
        low = min(gaps, key=lambda entry: entry[0].amount)
        high = max(gaps, key=lambda entry: entry[0].amount)
        parts.append(f"from {low[0].words} ({low[1]}) to {high[0].words} ({high[1]})")
    text = "; ".join(parts)
    return Headline("Task by task", text, "derived from the scores")


def _and(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def tables_of(inputs: PageInputs) -> tuple[ResultTable, ...]:
    """Return the sheet's result tables."""
    performance = inputs.sheet.performance
    return () if performance is None else tuple(performance.results or ())


def main_table(inputs: PageInputs) -> ResultTable | None:
    """Return the first table that compares an analog with a digital system on average, else the first."""
    tables = tables_of(inputs)
    best = tuple(table for table in tables if pair(table) is not None and table.averages)
    return next(iter((*best, *tables)), None)


def headlines(inputs: PageInputs) -> tuple[Headline, ...]:
    """Return the headlines of the view, in its order; those that the sheet has nothing on say so."""
    made = (_MAKERS[key](inputs) for key in inputs.view.headlines)
    return tuple(headline for headline in made if headline is not None)


def _run(inputs: PageInputs) -> Headline | None:
    """Return what a run takes: of the first operating point, as everything there holds together."""
    points = points_of(inputs)
    names = (("total_ops", "{}"), ("analog_ops", "{} of them on analog tiles"), ("execution_time", "in {}"))
    rows = [(words, answered(inputs, f"{POINTS}0].{name}")) for name, words in names]
    found = [(words, row) for words, row in rows if row is not None]
    if not points or not found:
        return all_of("One run", "performance.classification_time")(inputs)
    text = ", ".join(words.format(row.answer) for words, row in found)
    return headline("One run", f"{text}, at {point_name(points[0])}", (row for _, row in found))


def _time(inputs: PageInputs) -> Headline | None:
    """Return time of the first operating point that has one, else the classification time."""
    for index, point in enumerate(points_of(inputs)):
        row = answered(inputs, f"{POINTS}{index}].execution_time")
        if row is not None:
            return headline("Prediction time", f"{row.answer}, at {point_name(point)}", [row])
    return all_of("Prediction time", "performance.classification_time")(inputs)


def _arrays(inputs: PageInputs) -> Headline:
    rows, cols, tiles = (
        answered(inputs, f"parameters.{name}") for name in ("tile.rows", "tile.cols", "tiles")
    )
    worked_out = derived_text(inputs.recomputed.get("parameters.tiles"))
    if tiles is not None:
        number = f"{tiles.answer.removesuffix(' tiles')} tiles"
    elif worked_out is not None:
        number = f"number of tiles {why_not(inputs, 'parameters.tiles')} (recomputed: {worked_out})"
    else:
        number = f"number of tiles {why_not(inputs, 'parameters.tiles')}"
    size = (
        f"{rows.answer} × {cols.answer} weights a tile" if rows and cols else f"size of a tile {NOT_ANSWERED}"
    )
    return headline("Arrays", f"{size}; {number}", (row for row in (rows, cols, tiles) if row))


def _noise(inputs: PageInputs) -> Headline | None:
    names = {
        "weight_noise": "weights",
        "read_noise": "read-out",
        "adc_noise": "output",
        "input_noise": "input",
    }
    rows = [(words, answered(inputs, f"hwa_training.{name}")) for name, words in names.items()]
    found = [(words, row) for words, row in rows if row is not None]
    if not found:
        return None
    relative = {row.relative_to for _, row in found}
    same = relative.pop() if len(relative) == 1 else None
    shown = ", ".join(f"{words} {row.paragraphs[0] if same else row.answer}" for words, row in found)
    text = f"{shown}{f' ({same})' if same else ''}"
    return headline("Noise trained with", text, (row for _, row in found))


def _data(inputs: PageInputs) -> Headline:
    """Return what it was trained on, and whether it was tested on the same."""
    training, test = (answered(inputs, f"{side}.name") for side in ("training_data", "test_data"))
    if training is None:
        return Headline("Trained and tested on", why_not(inputs, "training_data.name"), None)
    text = training.answer
    count, size = (answered(inputs, f"training_data.{name}") for name in ("task_count", "size"))
    if count is not None:
        text += f" ({count.answer} tasks{f', {size.answer} examples a task' if size else ''})"
    if test is not None:
        same = test.answer == training.answer
        text += ", for training and tests alike" if same else f"; tested on {test.answer}"
    if answered(inputs, "test_data.split") is None:
        text += "; which split was tested on is not stated"
    return Headline("Trained and tested on", text, provenance_in_short([training]))


def _papers(inputs: PageInputs) -> Headline:
    count = len(inputs.sheet.references or ())
    text = f"{count} references, with links, at the end of this page" if count else "no references given"
    return Headline("Further reading", text, None)


def _energy(inputs: PageInputs) -> Headline | None:
    row = energy_of_a_million(inputs)
    if row is None:
        return all_of("Energy of an answer", "performance.energy_per_inference")(inputs)
    return headline("Energy of a million answers", row.answer, [row])


_MAKERS: dict[HeadlineKey, Maker] = {
    "accuracy": accuracy,
    "applications": all_of("What it does", "purpose.applications"),
    "arrays": _arrays,
    "benefits": all_of("Why analog hardware", "purpose.benefits"),
    "data": _data,
    "efficiency": all_of("Energy efficiency", "performance.energy_efficiency"),
    "energy_of_a_million": _energy,
    "maturity": all_of("State of the hardware", "hardware.inference.maturity"),
    "noise": _noise,
    "non_idealities": all_of("Non-idealities trained for", "hwa_training.non_idealities"),
    "papers": _papers,
    "power_and_area": all_of("Chip", "parameters.power", "parameters.area"),
    "refresh": all_of("Weights programmed again after", "performance.refresh_interval"),
    "robustness": first_of("Robustness", "robustness.summary", "robustness.noise", "robustness.drift"),
    "run": _run,
    "setup": all_of("How to run it", "setup.instructions"),
    "size": all_of("Parameters", "parameters.parameters"),
    "spread": spread,
    "terms": all_of("Licence", "overview.licence"),
    "tested_where": first_of(
        "Measured or simulated", "inference_methodology.evaluation", "hardware.inference.evaluation_system"
    ),
    "time": _time,
}
