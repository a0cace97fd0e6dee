"""Lay out the result tables.

They hold the scores of systems by task, the gap between the analog and the digital system, and scores over time.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.pages.errata import errata_on, erratum_in_short, erratum_text
from factsheet.pages.marks import SYMBOLS, agreement, unsigned_note
from factsheet.pages.model import Note, TableBlock
from factsheet.pages.rows import LINE_LENGTH, provenance, row_for
from factsheet.recompute.comparisons.score_gaps import (
    Gap,
    average_gap,
    averages_of,
    pair,
    published_gap,
    task_gap,
)
from factsheet.recompute.comparisons.score_scales import drift_scale, scale_of, table_scale
from factsheet.sheet.labels import place_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.facts.fact import Fact
    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.marks import FactProvenance
    from factsheet.readers.views import Depth
    from factsheet.sheet.performance import ResultTable, System, Task
    from factsheet.sheet.robustness import DriftPoint, NoisePoint


RESULTS = "performance.results["


def result_tables(inputs: PageInputs, depth: Depth) -> Iterator[TableBlock]:
    """Yield one block a result table; shown short, only its averages where it has any."""
    performance = inputs.sheet.performance
    tables = performance.results if performance is not None and performance.results is not None else ()
    for index, table in enumerate(tables):
        if depth == "short" and table.averages is not None:
            yield _table(inputs, index, table, short=True)
            continue
        if index not in inputs.tables:
            inputs.tables[index] = _table(inputs, index, table, short=False)
        yield inputs.tables[index]


def metric_of(table: ResultTable, task: Task) -> str:
    """Return the metric of a row with its unit, which direction is better, and others that are customary for it."""
    scale = scale_of(table, task)
    about = [
        *((scale.unit,) if scale.unit and scale.unit.casefold() not in scale.metric.casefold() else ()),
        *(("lower is better",) if scale.higher_is_better is False else ()),
        *(("whether more is better is not stated",) if scale.higher_is_better is None else ()),
        *((f"also reported: {task.also_reported}",) if task.also_reported is not None else ()),
    ]
    return f"{scale.metric or 'not stated'} ({'; '.join(about)})" if about else scale.metric or "not stated"


def _kind(task: Task) -> str:
    classes = None if task.classes is None else task.classes.shown()
    return f"{task.type or 'not stated'}, {classes} classes" if classes else task.type or "not stated"


def _table(inputs: PageInputs, index: int, table: ResultTable, *, short: bool) -> TableBlock:
    compared = pair(table) is not None
    sized = any(task.size is not None for task in table.tasks)
    typed = any(task.type is not None for task in table.tasks)
    gaps = [task_gap(table, row) for row in range(len(table.tasks))]
    units = {between.unit for between in gaps if between is not None} or {"points"}
    unit = units.pop() if len(units) == 1 else None
    heading = f"Gap ({unit})" if unit else "Gap"
    lead = ("Task", *(("Examples",) if sized else ()), *(("Type",) if typed else ()), "Metric")
    header = (*lead, *(system.name for system in table.systems), *((heading,) if compared else ()))

    def figures(
        scores: Mapping[str, Fact], between: Gap | None, at: str, row: Task | None = None
    ) -> tuple[str, ...]:
        amount = "–" if between is None else between.text if unit is not None else between.words
        words = tuple(
            _cell(scores.get(system.id), system, row) + _sign(inputs, f"{RESULTS}{index}].{at}.{system.id}")
            for system in table.systems
        )
        return (*words, *((amount,) if compared else ()))

    rows = tuple(
        (
            task.task,
            *((task.size.shown() if task.size else "–",) if sized else ()),
            *((_kind(task),) if typed else ()),
            metric_of(table, task),
            *figures(task.scores, gaps[row], f"tasks[{row}].scores", task),
        )
        for row, task in enumerate(table.tasks)
    )
    averages = averages_of(inputs.sheet, table)
    of_rows = averages if averages is not None and averages.recomputed else None
    between = published_gap(table) if of_rows else averages.gap if averages else average_gap(table)
    closing: tuple[tuple[str, ...], ...] = ()
    if table.averages:
        closing = (
            (
                f"Average of {len(table.tasks)}",
                *("",) * (len(lead) - 1),
                *figures(table.averages, between, "averages"),
            ),
        )
    if of_rows:
        texts = {"analog": of_rows.analog, "digital": of_rows.digital}
        means = (texts.get(system.kind or "", "–") for system in table.systems)
        its_gap = of_rows.gap.text if of_rows.gap else "–"
        closing = (*closing, ("Recomputed from the rows", *("",) * (len(lead) - 1), *means, its_gap))
    if short:
        keep = (0, *range(len(lead), len(header)))
        header, rows = tuple(header[i] for i in keep), ()
        closing = tuple(tuple(row[i] for i in keep) for row in closing)
        lead = lead[:1]
    first = 1 if sized and not short else len(lead)
    numeric = tuple(i for i in range(len(header)) if i >= len(lead) or (sized and i == first))
    return TableBlock(
        caption=table.name,
        header=header,
        numeric=numeric,
        rows=rows,
        closing=closing,
        provenance=" ".join(
            part
            for part in (
                _provenance(inputs, table, compared=compared, of_rows=of_rows is not None),
                unsigned_note(
                    (cell for row in (*rows, *closing) for cell in row), "✓: it is the mean of its column."
                ),
            )
            if part
        ),
        notes=(
            *(_notes(inputs, index, table) if not short else ()),
            *_errata(inputs, index, unsettled=short),
        ),
        shortened=short,
        paths=tuple(path for path in inputs.placed if path.startswith(f"{RESULTS}{index}]")),
    )


def _sign(inputs: PageInputs, path: str) -> str:
    """Return the sign for a score that was recomputed; nothing for one that was not.

    A mean of scores of which one is in doubt by an erratum is no figure to put a tick behind, though it adds up.
    """
    compared = agreement(inputs.recomputed.get(path))
    if compared is None or (compared.check == "agrees" and any(True for _ in errata_on(inputs, path))):
        return ""
    return f" {SYMBOLS[compared.check]}"


def _cell(score: Fact | None, system: System, row: Task | None) -> str:
    """Return a score, with its provenance where that is not its column's; an absence without its reason."""
    if score is None:
        return "–"
    if score.absence is not None:
        return score.absence.words
    of_row = None if row is None or row.provenance is None else row.provenance.source
    source = score.source or of_row
    own = source is not None and source != system.source
    return f"{score.shown()} ({source})" if own else score.shown()


def _provenance(inputs: PageInputs, table: ResultTable, *, compared: bool, of_rows: bool) -> str:
    said = "; ".join(f"{system.name}: {column_provenance(inputs, system).text}" for system in table.systems)
    taken = "" if table.evaluation is None else f" Scores: {table.evaluation.words}."
    if table.averaging is not None and table.averages:
        taken += f" Averages: {table.averaging}."
    if not compared:
        return f"{said}.{taken}"
    scale = table_scale(table)
    if scale is None:
        return (
            f"{said}.{taken} The gap is the analog score minus the digital one; unlike metrics have no mean."
        )
    average = "in every row" if of_rows else "and the average gap is the mean of the column"
    below = " Lower is better: a gap above zero is a loss." if scale.higher_is_better is False else ""
    return f"{said}.{taken} The gap is the analog score minus the digital one, {average}.{below}"


def column_provenance(inputs: PageInputs, system: System) -> FactProvenance:
    """Return the provenance of a column's scores; what the system leaves out is the section's or the sheet's."""
    source, evidence = system.source, system.evidence or ()
    performance = inputs.sheet.performance
    inherited = (None if performance is None else performance.provenance) or inputs.sheet.provenance
    if source is None and inherited is not None:
        source, evidence = inherited.source, evidence or inherited.evidence or ()
    return provenance(inputs, source, evidence, by=system.by, on=system.date)


def _notes(inputs: PageInputs, index: int, table: ResultTable) -> Iterator[Note]:
    if table.note is not None:
        yield Note(table.name, " ".join(table.note.split()))
    for row, task in enumerate(table.tasks):
        if task.evaluation is not None:
            yield Note(task.task, f"Evaluated on: {task.evaluation.words}.")
        if task.note is not None:
            yield Note(task.task, " ".join(task.note.split()))
        for name, score in task.scores.items():
            yield from _of_score(
                inputs, f"{task.task}, {name}", f"{RESULTS}{index}].tasks[{row}].scores.{name}", score
            )
    for system in table.systems:
        if system.note is not None:
            yield Note(system.name, " ".join(system.note.split()))
        average = (table.averages or {}).get(system.id)
        yield from _of_score(
            inputs, f"Average, {system.name}", f"{RESULTS}{index}].averages.{system.id}", average
        )
    yield from _unlisted(table)
    if table.gap is not None:
        yield Note("Average gap as published", table.gap.shown())
        yield from _of_score(inputs, "Average gap as published", f"{RESULTS}{index}].gap", table.gap)


def _errata(inputs: PageInputs, index: int, *, unsettled: bool) -> Iterator[Note]:
    """Yield the errata on a table's scores; `unsettled`: only those that the sheet has no reading of."""
    for erratum in inputs.sheet.errata or ():
        if erratum.at.startswith(f"{RESULTS}{index}]") and not (unsettled and erratum.reading is not None):
            # What is wrong in full is in the list of errata, which every page has.
            whole = inputs.view.name == "full" or not erratum_in_short(erratum)
            said = erratum_text(erratum) if whole else erratum_in_short(erratum)
            yield Note(f"Erratum, {result_place(inputs, erratum.at) or 'this table'}", said)


def _of_score(inputs: PageInputs, about: str, path: str, score: Fact | None) -> Iterator[Note]:
    """Yield what goes with one score: how it was taken, its note, and whether recomputation agrees."""
    if score is not None and score.evaluation is not None:
        yield Note(about, f"Evaluated on: {score.evaluation.words}.")
    if score is not None and score.note is not None:
        yield Note(about, " ".join(score.note.split()))
    recomputed = agreement(inputs.recomputed.get(path), inputs.workings.get(path))
    if recomputed is not None:
        yield Note(about, recomputed.words)


def _unlisted(table: ResultTable) -> Iterator[Note]:
    """Yield scores of systems that the table does not list: a check reports them."""
    known = {system.id for system in table.systems}
    scored = ((task.task, task.scores) for task in table.tasks)
    for about, scores in (*scored, ("Average", table.averages or {})):
        for name, score in scores.items():
            if name not in known:
                yield Note(f"{about}, {name}", score.shown())


_PLACE = re.compile(r"performance\.results\[(\d+)\](?:\.tasks\[(\d+)\])?(?:\.(.+))?")


def result_place(inputs: PageInputs, path: str) -> str | None:
    """Return where in the result tables a path is, in words: `GLUE, MRPC: Analog AI`; `None` for any other path."""
    found = _PLACE.fullmatch(path)
    performance = inputs.sheet.performance
    tables = () if performance is None else tuple(performance.results or ())
    if found is None or int(found[1]) >= len(tables):
        return None
    table = tables[int(found[1])]
    if found[2] is not None and int(found[2]) >= len(table.tasks):
        return None
    row = table.name if found[2] is None else f"{table.name}, {table.tasks[int(found[2])].task}"
    key = (found[3] or "").removeprefix("scores.").removeprefix("averages.")
    if not key:
        return row
    system = next((system.name for system in table.systems if system.id == key), None)
    return f"{row}: {system or place_label(key).lower()}"


OVER_TIME = "robustness.over_time["
OVER_NOISE = "robustness.over_noise["
_NO_SCORE = "–"


def _score_heading(inputs: PageInputs) -> str:
    """Return what the scores over time are, where the sheet says so: `Score (word error rate; lower is better)`."""
    robustness = inputs.sheet.robustness
    stated = robustness is not None and (robustness.metric or robustness.unit)
    scale = drift_scale(inputs.sheet)
    about = [
        *((robustness.metric,) if robustness is not None and robustness.metric else ()),
        *((scale.unit,) if scale.unit and stated else ()),
        *(("lower is better",) if scale.higher_is_better is False else ()),
    ]
    return f"Score ({'; '.join(about)})" if about else "Score"


def _taken(inputs: PageInputs) -> str:
    robustness = inputs.sheet.robustness
    if robustness is None or robustness.evaluation is None:
        return ""
    return f" Evaluated on: {robustness.evaluation.words}."


def drift_table(inputs: PageInputs, paths: Sequence[str]) -> TableBlock:
    """Return the table of the answered points over time, in the sheet's order."""
    robustness = inputs.sheet.robustness
    points = () if robustness is None else tuple(robustness.over_time or ())
    return _scores_over(
        inputs, paths, points, _OverColumn(OVER_TIME, "after", "Score over time", "After programming")
    )


def noise_table(inputs: PageInputs, paths: Sequence[str]) -> TableBlock:
    """Return the table of the answered points over the strength of noise, in the sheet's order."""
    robustness = inputs.sheet.robustness
    points = () if robustness is None else tuple(robustness.over_noise or ())
    column = _OverColumn(
        OVER_NOISE, "strength", "Score over the strength of noise", "Times the hardware's noise"
    )
    made = _scores_over(inputs, paths, points, column)
    times = dict.fromkeys("not stated" if point.after is None else point.after.shown() for point in points)
    after = "" if list(times) == ["not stated"] else f" Time after programming: {', '.join(times)}."
    return replace(made, provenance=f"{made.provenance}{after}")


class _OverColumn(NamedTuple):
    """What scores are given over."""

    prefix: str
    field: str
    caption: str
    heading: str


def _scores_over(
    inputs: PageInputs, paths: Sequence[str], points: Sequence[DriftPoint | NoisePoint], column: _OverColumn
) -> TableBlock:
    """Return scores over time or noise as a table; a score names a provenance of its own."""
    rows = {path: row_for(inputs, path, inputs.placed[path], "full") for path in paths}
    # A time or a strength says nothing of its own; what counts is where scores are from.
    stated = [
        row.provenance_text for path, row in rows.items() if path.endswith(".score") or row.states_provenance
    ] or [row.provenance_text for row in rows.values()]
    usual = max(dict.fromkeys(stated), key=stated.count)
    given = [point.note for point in points if point.note is not None]
    beside = bool(given) and max(map(len, given)) <= LINE_LENGTH
    several = any(point.series is not None for point in points)
    lines, notes = [], []
    for index, point in enumerate(points):
        after, score = (rows.get(f"{column.prefix}{index}].{name}") for name in (column.field, "score"))
        cells = [point.series or "–"] if several else []
        for row in (after, score):
            if row is None:
                cells.append(_NO_SCORE)
                continue
            silent = row.provenance_text == usual or (row is after and not row.states_provenance)
            cells.append(row.answer if silent else f"{row.answer} ({row.provenance_text})")
        said = [row.note for row in (after, score) if row is not None and row.note is not None]
        own_note = "" if point.note is None else " ".join(point.note.split())
        said += [own_note] if own_note and not beside else []
        cells += [own_note or _NO_SCORE] if beside else []
        lines.append(tuple(cells))
        notes += [
            Note(f"{_BEFORE[column.field]} {', '.join(reversed(cells[: 1 + several]))}", text)
            for text in said
        ]
    others = "" if len(set(stated)) == 1 else ", unless a cell says otherwise"
    return TableBlock(
        caption=column.caption,
        header=(
            *(("Curve",) if several else ()),
            column.heading,
            _score_heading(inputs),
            *(("Note",) if beside else ()),
        ),
        numeric=(int(several), 1 + several),
        rows=tuple(lines),
        provenance=f"All {usual}{others}.{_taken(inputs)}",
        notes=tuple(notes),
        paths=tuple(paths),
    )


_BEFORE = {"after": "After", "strength": "At"}
