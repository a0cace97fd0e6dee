"""Make the figures of scores: of the analog model, of the digital one, the gap, the worst task, and the refresh."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.pages.caveats import caveats_of, in_short, words_on_runs
from factsheet.pages.content.results import RESULTS, column_provenance
from factsheet.pages.first_screen import Caveat, KeyFigure, ScoreFigures
from factsheet.pages.key_figure import NOT_RECOMPUTED, WORKED_OUT, key_figure, split_number, stated
from factsheet.pages.marks import FactMark, agreement, mark_of
from factsheet.pages.score_tables import (
    SIDES,
    Side,
    average_words,
    main_table,
    score_label,
    split_words,
    tables_of,
    task_name,
)
from factsheet.recompute.comparisons.score_gaps import (
    average_gap,
    averages_of,
    compared_tasks,
    pair,
    published_gap,
    stated_gap,
    table_chance,
    task_gap,
    training_chance,
    training_gap,
)
from factsheet.recompute.comparisons.score_scales import table_scale

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.facts.fact import Fact
    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.comparisons.score_gaps import ChanceRange, Gap
    from factsheet.sheet.performance import ResultTable, System

_TRAINED = "hwa_training.accuracy"
_BASELINE = "hwa_training.baseline_accuracy"


def score_figures(inputs: PageInputs) -> ScoreFigures:
    """Return the scores that a page opens with, all of one comparison."""
    table = main_table(inputs)
    systems = None if table is None else pair(table)
    found = ScoreFigures()
    if table is not None and systems is not None:
        found = _of_table(inputs, table, systems)
    if found.analog is None and found.gap is None:
        trained = _of_training(inputs, table)
        return trained if trained.analog is not None or table is None else _alone(inputs)
    found = found if found.analog is None else found._replace(analog=_with_training(inputs, found.analog))
    if inputs.view.name != "business-expert" or found.gap is None:
        return found
    gap = found.gap
    unit, condition = (_POINTS.sub("of 100", words) for words in (gap.unit, gap.condition))
    return found._replace(gap=replace(gap, unit=unit, condition=condition))


_POINTS = re.compile(r"\bpoints\b")
"""What who decides for a business does not count scores in."""


def _alone(inputs: PageInputs) -> ScoreFigures:
    """Return the score of a sheet that compares none, of the first metric of which more is better if there is one."""
    tables = tables_of(inputs)
    scales = {table.name: table_scale(table) for table in tables}
    for table in sorted(tables, key=lambda one: getattr(scales[one.name], "higher_is_better", None) is False):
        analog = [system for system in table.systems if system.kind == "analog"]
        if len(analog) > 1:
            continue  # none of them is the model's own
        for system in (
            *analog,
            *sorted(table.systems, key=lambda one: (one.kind != "digital", one.kind is not None)),
        ):
            figure = _alone_of(inputs, table, system)
            if figure is None:
                continue
            if system.kind == "analog":
                return ScoreFigures(analog=figure)
            return ScoreFigures(digital=figure) if system.kind == "digital" else ScoreFigures(unstated=figure)
    return ScoreFigures()


def _alone_of(inputs: PageInputs, table: ResultTable, system: System) -> KeyFigure | None:
    """Return the average of a system, else its score on the first task that it has one of."""
    place = f"{RESULTS}{tables_of(inputs).index(table)}]"
    side: Side | None = (
        "analog" if system.kind == "analog" else "digital" if system.kind == "digital" else None
    )
    split = split_words(inputs, table, side or "digital")
    average = (table.averages or {}).get(system.id)
    if average is not None and average.absence is None:
        where = f"{table.name}, {average_words(inputs, table, len(table.tasks))}{split}"
        return _score(
            inputs,
            table,
            system,
            _Shown(side, f"{place}.averages.{system.id}", average.shown(), where, False),
        )
    for row, task in enumerate(table.tasks):
        score = task.scores.get(system.id)
        if score is None or score.absence is not None:
            continue
        of = f", one of {len(table.tasks)} tasks" if len(table.tasks) > 1 else ""
        where = f"{task_name(table, task.task)}{of}{split}"
        path = f"{place}.tasks[{row}].scores.{system.id}"
        return _score(inputs, table, system, _Shown(side, path, score.shown(), where, False))
    return None


def _of_table(inputs: PageInputs, table: ResultTable, systems: tuple[System, System]) -> ScoreFigures:
    place = f"{RESULTS}{tables_of(inputs).index(table)}]"
    tasks = compared_tasks(table) or len(table.tasks)
    averages = averages_of(inputs.sheet, table)
    single = len(table.tasks) == 1
    where = task_name(table, table.tasks[0].task if single else average_words(inputs, table, tasks))
    sides = []
    for side, system in zip(SIDES, systems, strict=True):
        condition = f"{where}{split_words(inputs, table, side)}"
        path = f"{place}.tasks[0].scores.{system.id}" if single else f"{place}.averages.{system.id}"
        text = None if averages is None else averages.analog if side == "analog" else averages.digital
        ours = averages is not None and averages.recomputed
        if text is None and single:
            score = table.tasks[0].scores.get(system.id)
            text = None if score is None or score.absence is not None else score.shown()
        if text is None:
            text, ours = _mean_of_rows(inputs, path), True
        if text is None:
            return _of_gap_alone(inputs, table, place, f"{where}{split_words(inputs, table, *SIDES)}")
        sides.append(_score(inputs, table, system, _Shown(side, path, text, condition, ours)))
    gap = task_gap(table, 0) if single else averages.gap if averages is not None else average_gap(table)
    if gap is None:
        return ScoreFigures(sides[0], sides[1])
    other = None if averages is None or averages.recomputed else published_gap(table)
    own: tuple[Caveat, ...] = ()
    if averages is None and not single:
        own = (Caveat("reading", "Rounded to the digits of the scores by task."),)
    elif other is not None and other.text != gap.text and inputs.view.name != "business-expert":
        own = (Caveat("note", f"Mean over the tasks; the rounded averages are {other.size} apart."),)
    caveats = (*own, *_of_both(*sides, chance=table_chance(inputs.sheet, table)))
    has_gap = table.gap is not None and table.gap.absence is None
    path = (
        f"{place}.gap"
        if has_gap
        else f"derived.results[{tables_of(inputs).index(table)}].gap.{systems[0].id}"
    )
    condition = f"{where}{split_words(inputs, table, *SIDES)}"
    chance = table_chance(inputs.sheet, table)
    within = _within_reach(*(inputs.fact(side.path) for side in sides))
    made = _gap(path, gap, condition, tuple(dict.fromkeys(caveats)), chance=chance)
    if within:
        made = replace(made, unit=gap.unit, condition=f"no more than the ± of the scores; {made.condition}")
    return ScoreFigures(sides[0], sides[1], made, gap, chance, within)


def _within_reach(*scores: Fact | None) -> bool:
    """Return whether two scores, of which the sheet gives one at least with its ends, may be the same."""
    quantities = [score.quantity for score in scores if score is not None and score.quantity is not None]
    if len(quantities) != len(SIDES) or all(quantity.kind != "range" for quantity in quantities):
        return False
    low, high = (max(one.low for one in quantities), min(one.high for one in quantities))
    return low <= high


def _of_gap_alone(inputs: PageInputs, table: ResultTable, place: str, condition: str) -> ScoreFigures:
    """Return the gap of a table that has no scores: publications often give differences alone."""
    scale = table_scale(table)
    between = None if scale is None else stated_gap(table, scale)
    made = key_figure(inputs, f"{place}.gap", GAP, condition=condition)
    if between is None or made is None:
        return ScoreFigures()
    unit = f"{made.unit}{_judged(between)}".strip()
    made = replace(made, number=between.text, unit=unit, caveats=(*made.caveats, *_taken(inputs)))
    return ScoreFigures(gap=made, compared=between)


GAP = "Analog minus digital score"


def _judged(gap: Gap) -> str:
    return "" if gap.better is None else f" ({'better' if gap.better else 'worse'})"


class _Shown(NamedTuple):
    side: Side | None
    """`None` where the sheet does not say which."""
    path: str
    text: str
    condition: str
    ours: bool
    """Whether it is the mean of the rows that was worked out here."""


def _mean_of_rows(inputs: PageInputs, path: str) -> str | None:
    fact = inputs.recomputed.get(path)
    return None if fact is None or not fact.text else fact.text


def _score(inputs: PageInputs, table: ResultTable, system: System, shown: _Shown) -> KeyFigure:
    number, unit = split_number(shown.text)
    compared = agreement(inputs.recomputed.get(shown.path))
    provenance = column_provenance(inputs, system)
    placed = inputs.placed.get(shown.path)
    side = shown.side or "not stated whether analog or digital"
    known = shown.side is not None and shown.side in system.name.casefold()
    named = f": {system.name}" if known else f": {system.name} ({side})"
    if system.name.casefold() == "model":
        named = f" ({side})"  # the page is about no other
    taken = _taken(inputs) if shown.side == "analog" else _runs(inputs)
    words = f"mean of the rows, derived here; the rows: {provenance.text}" if shown.ours else provenance.text
    mark = FactMark("derived", "not recomputed") if shown.ours else mark_of(provenance, compared)
    if placed is not None and placed.fact.source is not None and not shown.ours:
        words = placed.fact.source
        mark = replace(mark, provenance=placed.fact.source)
    return KeyFigure(
        shown.path,
        f"{score_label(table)}{named}",
        number,
        unit,
        shown.condition,
        words,
        NOT_RECOMPUTED if compared is None else f"{compared.words[:1].upper()}{compared.words[1:]}.",
        mark,
        (*caveats_of(inputs, shown.path), *taken),
        provenance.references,
        verified="is the mean of its scores" if ".averages." in shown.path else "",
    )


def _taken(inputs: PageInputs) -> tuple[Caveat, ...]:
    """Return where the analog scores were taken and from how many trainings, in the sheet's words."""
    for path in ("inference_methodology.evaluation", "hardware.inference.evaluation_system"):
        fact = stated(inputs, path)
        if fact is not None:
            return (Caveat("taken", in_short(fact.shown())), *_runs(inputs))
    return (Caveat("taken", "The sheet does not say on what the analog scores were taken."), *_runs(inputs))


def _runs(inputs: PageInputs) -> tuple[Caveat, ...]:
    said = words_on_runs(inputs)
    return () if said is None else (Caveat("taken", said),)


def _of_both(analog: KeyFigure, digital: KeyFigure, *, chance: ChanceRange | None) -> tuple[Caveat, ...]:
    """Return what goes with a gap: what goes with both scores, each note with the score that it is on.

    The uncertainty of one score is not that of the gap; where the gap has its own, it is left out.
    """
    found = []
    for name, figure in (("Analog", analog), ("Digital", digital)):
        for caveat in figure.caveats:
            if caveat.kind != "note":
                found.append(caveat)
                continue
            text = caveat.text if chance is None else _SPREAD.sub("", caveat.text)
            if text.strip(" ."):
                found.append(replace(caveat, text=f"{name} score: {text}"))
    return tuple(dict.fromkeys(found))


_SPREAD = re.compile(r"(?:^|[,;]?\s*)±\s*[\d.,]*\d\s*%?(?: (?:at|with) \d[\d.]*\s*%(?: confidence)?)?")
"""How notes put the uncertainty of a score: `, ± 1.12 % at 90 %`."""


def beside_scores(gap: KeyFigure, scores: Sequence[KeyFigure]) -> KeyFigure:
    """Return a gap without the notes of its scores, where both stand beside it with notes of their own."""
    if len(scores) < len(SIDES):
        return gap
    kept = (caveat for caveat in gap.caveats if caveat.kind != "note" or " score: " not in caveat.text)
    return replace(gap, caveats=tuple(kept))


def _gap(
    path: str,
    gap: Gap,
    condition: str,
    caveats: tuple[Caveat, ...],
    *,
    chance: ChanceRange | None = None,
) -> KeyFigure:
    """Return the figure of a gap; one that may be chance is called neither better nor worse."""
    doubted = any(caveat.kind == "erratum" for caveat in caveats)
    judged = "" if doubted else _judged(gap)
    if chance is not None and chance.holds_none:
        judged, condition = "", f"no difference that can be told from chance ({chance.short}); {condition}"
    elif chance is not None:
        caveats = (*caveats, Caveat("reading", f"The true difference is not known exactly: {chance.words}."))
    return KeyFigure(
        path,
        GAP,
        gap.text,
        f"{gap.unit}{judged}".strip(),
        condition,
        "derived here from both scores",
        WORKED_OUT,
        FactMark("derived", "not recomputed"),
        caveats,
    )


def _of_training(inputs: PageInputs, table: ResultTable | None) -> ScoreFigures:
    """Return the scores of the training section, for a sheet without a table that compares."""
    metric = stated(inputs, "hwa_training.accuracy_metric")
    condition = "metric and data not stated" if metric is None else in_short(metric.shown())
    summary = inputs.fact("hwa_training.summary")
    untrained = (
        summary is not None and summary.absence is not None and summary.absence.kind == "not_applicable"
    )
    name = "Score of the analog model" if untrained else "Score after hardware-aware training"
    analog = key_figure(inputs, _TRAINED, name, condition=condition)
    digital = key_figure(inputs, _BASELINE, "Score of the digital baseline", condition=condition)
    if analog is None:
        return ScoreFigures(None, digital) if table is None else ScoreFigures()
    digital = None if digital is None else replace(digital, caveats=(*digital.caveats, *_runs(inputs)))
    analog = replace(analog, caveats=(*analog.caveats, *_taken(inputs)))
    gap = training_gap(inputs.sheet)
    if digital is None or gap is None:
        return ScoreFigures(analog, digital)
    chance = training_chance(inputs.sheet)
    caveats = _of_both(analog, digital, chance=chance)
    made = _gap("hwa_training.accuracy", gap, condition, caveats, chance=chance)
    return ScoreFigures(analog, digital, made, gap, chance)


def _with_training(inputs: PageInputs, analog: KeyFigure) -> KeyFigure:
    """Return the table's score with what the training section says, where recalculation finds that it differs."""
    fact, quoted = inputs.recomputed.get(_TRAINED), stated(inputs, _TRAINED)
    agrees = fact is not None and fact.verdict.fits is True
    if quoted is None or agrees or quoted.shown() == analog.value:
        return analog
    note = Caveat("reading", f"The training section gives another score: {quoted.shown()}.")
    return replace(analog, caveats=(*analog.caveats, note))


def worst_task(inputs: PageInputs) -> KeyFigure | None:
    """Return the largest loss on one task; `None` where there are fewer than two tasks, or no loss."""
    table = main_table(inputs)
    systems = None if table is None else pair(table)
    if table is None or systems is None or table_scale(table) is None:
        return None
    gaps = [(gap, row) for row in range(len(table.tasks)) if (gap := task_gap(table, row)) is not None]
    losses = [(gap, row) for gap, row in gaps if gap.better is False]
    if len(gaps) <= 1 or not losses:
        return None
    gap, row = max(losses, key=lambda entry: abs(entry[0].amount))
    place = f"{RESULTS}{tables_of(inputs).index(table)}].tasks[{row}]"
    paths = tuple(f"{place}.scores.{system.id}" for system in systems)
    made = _gap(
        place,
        gap,
        f"{task_name(table, table.tasks[row].task)}{split_words(inputs, table, *SIDES)}",
        tuple(
            dict.fromkeys((*caveats_of(inputs, *paths), *_errata_of_average(inputs, table), *_taken(inputs)))
        ),
    )
    return replace(made, name="Largest loss on one task")


def _errata_of_average(inputs: PageInputs, table: ResultTable) -> Iterator[Caveat]:
    """Yield errata that make the whole comparison unfair, which a loss on any one task is part of."""
    place = f"{RESULTS}{tables_of(inputs).index(table)}]"
    for system in pair(table) or ():
        yield from (
            one for one in caveats_of(inputs, f"{place}.averages.{system.id}") if one.kind == "erratum"
        )
