"""Result tables: scores of systems by task, with how far the analog system is from the digital one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.sheet.labels import place_label
from factsheet.views.agreement import agreement
from factsheet.views.gaps import average_gap, gap, pair
from factsheet.views.marks import SYMBOLS, signs_told
from factsheet.views.page import Note, TableBlock
from factsheet.views.rows import standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.sheet.fact import Fact
    from factsheet.sheet.performance import ResultTable, System, Task
    from factsheet.views.gaps import Gap
    from factsheet.views.marks import Standing
    from factsheet.views.material import Material
    from factsheet.views.page import Depth

RESULTS = "performance.results["


def result_tables(material: Material, depth: Depth) -> Iterator[TableBlock]:
    """One block a result table; shown short, only its averages where it has any."""
    performance = material.sheet.performance
    tables = performance.results if performance is not None and performance.results is not None else ()
    for index, table in enumerate(tables):
        yield _table(material, index, table, short=depth == "short" and table.averages is not None)


def metric_of(table: ResultTable, task: Task) -> str:
    """The metric of a row, with others that are customary for it."""
    metric = task.metric or table.metric or "not stated"
    return metric if task.also_reported is None else f"{metric} (also reported: {task.also_reported})"


def _kind(task: Task) -> str:
    classes = None if task.classes is None else task.classes.words()
    return f"{task.type or 'not stated'}, {classes} classes" if classes else task.type or "not stated"


def _table(material: Material, index: int, table: ResultTable, *, short: bool) -> TableBlock:
    compared = pair(table) is not None
    sized = any(task.size is not None for task in table.tasks)
    typed = any(task.type is not None for task in table.tasks)
    lead = ("Task", *(("Examples",) if sized else ()), *(("Type",) if typed else ()), "Metric")
    header = (*lead, *(system.name for system in table.systems), *(("Gap (points)",) if compared else ()))

    def figures(scores: Mapping[str, Fact], between: Gap | None, at: str) -> tuple[str, ...]:
        words = tuple(
            _cell(scores.get(system.id), system) + _sign(material, f"{RESULTS}{index}].{at}.{system.id}")
            for system in table.systems
        )
        return (*words, *((between.text if between else "–",) if compared else ()))

    rows = tuple(
        (
            task.task,
            *((task.size.words() if task.size else "–",) if sized else ()),
            *((_kind(task),) if typed else ()),
            metric_of(table, task),
            *figures(task.scores, gap(table, task.scores), f"tasks[{row}].scores"),
        )
        for row, task in enumerate(table.tasks)
    )
    closing: tuple[tuple[str, ...], ...] = ()
    if table.averages:
        closing = (
            (
                f"Average of {len(table.tasks)}",
                *("",) * (len(lead) - 1),
                *figures(table.averages, average_gap(table), "averages"),
            ),
        )
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
        standing=" ".join(
            part
            for part in (
                _standing(material, table, compared=compared),
                signs_told(cell for row in (*rows, *closing) for cell in row),
            )
            if part
        ),
        notes=tuple(_notes(material, index, table)) if not short else (),
        shortened=short,
        paths=tuple(path for path in material.placed if path.startswith(f"{RESULTS}{index}]")),
    )


def _sign(material: Material, path: str) -> str:
    """The sign for a score that was recomputed; nothing for one that was not."""
    compared = agreement(material.recomputed.get(path))
    return "" if compared is None else f" {SYMBOLS[compared.check]}"


def _cell(score: Fact | None, system: System) -> str:
    """A score, with its origin where that is not its column's; an absence without its reason, told elsewhere."""
    if score is None:
        return "–"
    if score.absence is not None:
        return score.absence.words
    own = score.source is not None and score.source != system.source
    return f"{score.words()} ({score.source})" if own else score.words()


def _standing(material: Material, table: ResultTable, *, compared: bool) -> str:
    said = "; ".join(f"{system.name}: {column_standing(material, system).text}" for system in table.systems)
    tail = (
        " The gap is the analog score minus the digital one, its average the mean of the column."
        if compared
        else ""
    )
    return f"{said}.{tail}"


def column_standing(material: Material, system: System) -> Standing:
    """The standing of a column's scores; what the system leaves out is the section's or the sheet's."""
    source, evidence = system.source, system.evidence or ()
    performance = material.sheet.performance
    inherited = (None if performance is None else performance.provenance) or material.sheet.provenance
    if source is None and inherited is not None:
        source, evidence = inherited.source, evidence or inherited.evidence or ()
    return standing(material, source, evidence, by=system.by, on=system.date)


def _notes(material: Material, index: int, table: ResultTable) -> Iterator[Note]:
    if table.note is not None:
        yield Note(table.name, " ".join(table.note.split()))
    for row, task in enumerate(table.tasks):
        if task.note is not None:
            yield Note(task.task, " ".join(task.note.split()))
        for name, score in task.scores.items():
            yield from _of_score(
                material, f"{task.task}, {name}", f"{RESULTS}{index}].tasks[{row}].scores.{name}", score
            )
    for system in table.systems:
        if system.note is not None:
            yield Note(system.name, " ".join(system.note.split()))
        average = (table.averages or {}).get(system.id)
        yield from _of_score(
            material, f"Average, {system.name}", f"{RESULTS}{index}].averages.{system.id}", average
        )
    yield from _unlisted(table)
    if table.gap is not None:
        yield Note("Average gap as published", table.gap.words())
        yield from _of_score(material, "Average gap as published", f"{RESULTS}{index}].gap", table.gap)


def _of_score(material: Material, about: str, path: str, score: Fact | None) -> Iterator[Note]:
    """What goes with one score: its note, and whether recomputation agrees."""
    if score is not None and score.note is not None:
        yield Note(about, " ".join(score.note.split()))
    recomputed = agreement(material.recomputed.get(path), material.workings.get(path))
    if recomputed is not None:
        yield Note(about, recomputed.words)


def _unlisted(table: ResultTable) -> Iterator[Note]:
    """Scores of systems that the table does not list: a slip that a check reports, but no reason to hide them."""
    known = {system.id for system in table.systems}
    scored = ((task.task, task.scores) for task in table.tasks)
    for about, scores in (*scored, ("Average", table.averages or {})):
        for name, score in scores.items():
            if name not in known:
                yield Note(f"{about}, {name}", score.words())


_PLACE = re.compile(r"performance\.results\[(\d+)\](?:\.tasks\[(\d+)\])?(?:\.(.+))?")


def result_place(material: Material, path: str) -> str | None:
    """Where in the result tables a path is, in words: `GLUE, MRPC: Analog AI`; `None` for any other path."""
    found = _PLACE.fullmatch(path)
    performance = material.sheet.performance
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
