"""Read a table of results, CSV or TSV: a row for each score, or a column for each metric or system.

What the columns are follows from their names, or is asked: nothing in a file of numbers says whether its columns are
systems or metrics.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import ImportKind
from factsheet.authoring.importing.reading import SourceText, line_of, read_text
from factsheet.authoring.importing.tables.columns import (
    FIGURES,
    ResultRow,
    Roles,
    cell_of,
    is_condition,
    is_total,
    leave_aside,
    percent_column,
    roles_of,
    system_name,
    tasks_in_names,
    unread,
    with_points,
)
from factsheet.authoring.importing.tables.over_time import add_over_time, take_series, time_column
from factsheet.authoring.importing.tables.raw_score import RawScore
from factsheet.authoring.importing.tables.scores import add_tables, table_of
from factsheet.authoring.importing.tables.seeds import over_seeds, seed_column
from factsheet.errors import UsageError
from factsheet.quantities.metrics import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported, ImportOptions

_MOST_ROWS = 5_000
_MOST_COLUMNS = 250
_COMMENTS = re.compile(r"(?:[ \t]*#[^\n]*\n|[ \t]*\n)+")
"""Lines of comments and empty ones above the names of columns."""
_SEPARATORS = ",\t;|"


def _recognises(path: Path, head: bytes) -> bool:
    if path.suffix.lower() not in {".csv", ".tsv"} or not head:
        return False
    lines = [line for line in head.lstrip(b"\xef\xbb\xbf").split(b"\n")[:20] if line.strip()]
    first = next((line for line in lines if not line.lstrip().startswith(b"#")), b"")
    return any(sign.encode() in first for sign in _SEPARATORS)


def read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  every reader is called alike
    """Return the scores of a table, or questions where its columns could mean several things.

    Raises:
        UsageError: it cannot be read, or has no column of scores.
    """
    text = read_text(source)
    collected = Collected(text.name, KIND.words, text.left_out)
    rows, pointed = _rows(collected, text)
    roles = roles_of(rows)
    if roles.score is None and not roles.numbers:
        raise UsageError(
            f"{text.name} has no column of scores",
            "none of its columns holds plain numbers, such as 1234.5, in most rows",
            "name the columns: task, metric, score; or task and a column for each system",
        )
    means = over_seeds(rows, roles)
    if means is not None:
        pointed = _RUNS.format(
            seed_column(rows), pointed and f" Decimal commas were read as points: {pointed}."
        )
        rows, roles = means, roles_of(means)
    elif pointed:
        pointed = f"Decimal commas were read as points: {pointed}."
    if add_over_time(collected, rows, roles, collected.name):
        return _imported(collected, pointed)
    rest = take_series(collected, rows, roles, collected.name)
    if rest is not None:
        if not rest:
            return _imported(collected, pointed)
        rows, roles = rest, roles_of(rest)
    _leave_columns(collected, rows, roles)
    title = text.name.rpartition(".")[0] or text.name
    scores = scores_of(collected, rows, roles)
    if scores is None:
        _ask(collected, rows, roles, title)
    else:
        add_tables(collected, title, scores)
    return _imported(collected, pointed)


_RUNS = "Rows that differ in `{}` alone are one score: their mean, ± the standard deviation of the runs.{}"


def _imported(collected: Collected, assumed: str) -> Imported:
    """Return what was collected, and how rows and decimal commas were read."""
    sections = dict.fromkeys(str(fact.path[0]) for fact in collected.facts) or {"performance": None}
    return replace(collected.imported(), assumed=dict.fromkeys(sections, assumed) if assumed else {})


def _leave_columns(collected: Collected, rows: Sequence[ResultRow], roles: Roles) -> None:
    """List the columns that give nothing."""
    times = time_column(rows)
    for name in roles.others:
        why = "no scores: differences, other spreads, what tells rows apart, or figures with fields of their own"
        if name == times:
            why = _CONDITION
        elif name == seed_column(rows):
            why = "runs of one experiment, and their rows differ in more than that; give a row for each mean"
        collected.leave(collected.name, f"{name}: {_cells_of(rows, name)}", why)
    used = {*roles.labels, roles.score, *roles.numbers, *roles.others, *roles.spreads.values()}
    naming = _naming(rows, roles) if roles.task is None and roles.score is None else None
    for name in rows[0].cells:
        first = next((cell for row in rows if (cell := row.cells.get(name, ""))), "")
        if name not in used and name != naming and first:
            why = _CONDITION if is_condition(rows, name) else unread(rows, name)
            collected.leave(collected.name, f"{name}: {_cells_of(rows, name)}", why)


def _cells_of(rows: Sequence[ResultRow], name: str) -> str:
    return ", ".join(dict.fromkeys(filter(None, (row.cells.get(name, "") for row in rows))))


_CONDITION = (
    "what the scores were taken at; scores over time go into `robustness.over_time`, each with its time:"
    " `factsheet fields robustness.over_time`"
)


def _naming(rows: Sequence[ResultRow], roles: Roles) -> str | None:
    """Return the first column of words, which names the rows where no column is called after tasks."""
    numbers = {*roles.numbers, *roles.others, *roles.spreads.values()}
    return next(
        (
            name
            for name in rows[0].cells
            if name not in {roles.system, roles.metric, roles.split, *numbers}
            and any(line_of(row.cells.get(name, "")) for row in rows)
            and not is_condition(rows, name)
            and not unread(rows, name).startswith("its cells")
        ),
        None,
    )


def _names(cells: Sequence[str], file: str) -> list[str]:
    """Return the names of columns.

    Raises:
        UsageError: two are alike, or there are more than a table of a sheet can hold.
    """
    names = [line_of(name) or f"column {index}" for index, name in enumerate(cells, start=1)]
    if len(names) > _MOST_COLUMNS:
        raise UsageError(
            f"{file} has {len(names):,} columns",
            f"at most {_MOST_COLUMNS} are read: a table of a sheet compares up to 100 systems",
            "give the columns that readers need",
        )
    if len(names) != len(set(names)):
        raise UsageError(
            f"{file} has two columns of one name", "their values cannot be told apart", "rename one"
        )
    return names


def _rows(collected: Collected, text: SourceText) -> tuple[list[ResultRow], str]:
    comments = _COMMENTS.match(text.text)
    body = text.text[comments.end() :] if comments is not None else text.text
    if comments is not None:
        collected.leave(f"{text.name}:1", comments[0], "a comment above the table")
    skipped = text.text.count("\n", 0, len(text.text) - len(body))
    separator = max(_SEPARATORS, key=body.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(body), delimiter=separator)
    rows: list[ResultRow] = []
    try:
        names = _names(next(reader, []), text.name)
        for cells in reader:
            if len(rows) >= _MOST_ROWS:
                collected.leave(
                    f"{text.name}:{skipped + reader.line_num}",
                    "further rows",
                    f"only {_MOST_ROWS:,} are read",
                )
                break
            if any(cell.strip() for cell in cells):
                rows.append(
                    ResultRow(
                        {name: cell.strip() for name, cell in zip(names, cells, strict=False)},
                        skipped + reader.line_num,
                    )
                )
            if beyond := ", ".join(filter(None, (cell.strip() for cell in cells[len(names) :]))):
                collected.leave(
                    f"{text.name}:{skipped + reader.line_num}",
                    beyond,
                    "the row has more cells than there are names",
                )
    except csv.Error as error:
        raise UsageError(
            f"{text.name} is no table that can be read", str(error), "write it anew as CSV"
        ) from None
    if not rows:
        raise UsageError(f"{text.name} has no row", "there are no scores in it", "give another file")
    pointed = with_points(rows)
    if pointed is None:
        return rows, ""
    before, after = next(
        (cell, row.cells[name])
        for old, row in zip(rows, pointed, strict=True)
        for name, cell in old.cells.items()
        if cell != row.cells[name]
    )
    return pointed, f"{before} as {after}"


def scores_of(collected: Collected, rows: Sequence[ResultRow], roles: Roles) -> list[RawScore] | None:
    """Return the scores of a table; `None` where its columns could be systems or metrics."""
    metrics, systems = roles.metrics(), roles.systems()
    if roles.score is not None:
        return _long(collected, rows, roles)
    if roles.system is not None and roles.metric is not None and len(roles.numbers) == 1:
        return _long(collected, rows, roles._replace(score=roles.numbers[0], numbers=()))
    if roles.system is not None and not metrics:
        return None  # tasks, or metrics that are not known
    if roles.system is not None or (
        roles.metric is None and (len(metrics) == len(roles.numbers) or (metrics and not systems))
    ):
        return _of_metrics(collected, rows, roles)
    if roles.metric is not None or len(systems) == len(roles.numbers):
        return _of_systems(collected, rows, roles)
    return None


def _long(collected: Collected, rows: Sequence[ResultRow], roles: Roles) -> list[RawScore]:
    scores = []
    for row in rows:
        metric = row.cells.get(roles.metric or "", "") or "score"
        score = _score(collected, row, roles, column=roles.score or "", metric=metric)
        if score is not None:
            scores.append(score)
    if roles.numbers:
        collected.leave(
            collected.name, ", ".join(roles.numbers), "columns of numbers beside that of the scores"
        )
    return _of_known_kind(collected, scores)


def _of_known_kind(collected: Collected, scores: list[RawScore]) -> list[RawScore]:
    """Return the scores without figures that have fields of their own: times, energies, sizes."""
    kept = []
    for score in scores:
        if set(plain(score.metric).split()) & FIGURES:
            why = "no score: times, energies and sizes have fields of their own, each with its unit"
            collected.leave(score.where, f"{score.metric} {score.text}", why)
        else:
            kept.append(score)
    return kept


def _ask(collected: Collected, rows: Sequence[ResultRow], roles: Roles, title: str) -> None:
    """Ask whether columns are systems, or tasks where another column has the systems, or metrics."""
    read = _cells(collected, rows, roles)
    by_metric = [one._replace(row=(("metric", one.metric), *one.row)) for one in read]
    if roles.system is None:
        first, other = "system", [one._replace(system=one.metric) for one in read]
    else:
        first, other = "task", [one._replace(task=one.metric) for one in read]
    readings = [
        (f"each column is a {first}", table_of(title, None, other)),
        ("each column is a metric", table_of(title, None, by_metric)),
    ]
    what = f"the columns {', '.join(roles.numbers[:6])}"
    collected.ask("performance.results[]", collected.name, what, readings)
    why = f"they could be {first}s or metrics; name columns `analog …`, `digital …`, or `task` and `metric`"
    collected.leave(collected.name, ", ".join(roles.numbers), why)


def _cells(collected: Collected, rows: Sequence[ResultRow], roles: Roles) -> list[RawScore]:
    """Return every number with the name of its column as its metric."""
    found = (
        _score(collected, row, roles, column=column, metric=column)
        for row in rows
        for column in roles.numbers
    )
    return [one for one in found if one is not None]


def _of_metrics(collected: Collected, rows: Sequence[ResultRow], roles: Roles) -> list[RawScore]:
    """Return the scores of the columns that are metrics, of all of them where none is known."""
    columns = roles.metrics() or list(roles.numbers)
    others = [name for name in roles.numbers if name not in columns]
    if others:
        collected.leave(collected.name, ", ".join(others), "no metrics that are known")
    tasks = tasks_in_names(columns) if roles.task is None and roles.system is not None else {}
    scores = []
    for column in columns:
        task, metric = tasks.get(column, ("", column))
        for row in rows:
            score = _score(collected, row, roles, column=column, metric=metric)
            if score is not None:
                scores.append(score._replace(task=task) if task else score)
    return scores


def _of_systems(collected: Collected, rows: Sequence[ResultRow], roles: Roles) -> list[RawScore]:
    scores = []
    for row in rows:
        metric = row.cells.get(roles.metric or "", "") or "score"
        for column in roles.numbers:
            score = _score(collected, row, roles, column=column, metric=metric)
            if score is not None:
                scores.append(score._replace(system=system_name(column)))
    return _of_known_kind(collected, scores)


def _score(
    collected: Collected, row: ResultRow, roles: Roles, *, column: str, metric: str
) -> RawScore | None:
    where = f"{collected.name}:{row.line} {column}"
    text = row.cells.get(column, "")
    cell = cell_of(text)
    if cell is None:
        if text:
            collected.leave(where, text, "it is no score")
        return None
    leave_aside(collected, where, cell)
    named = line_of(row.cells.get(roles.task or "", ""))
    if named is None and roles.score is None and (naming := _naming([row], roles)) is not None:
        named = line_of(row.cells[naming])
    system = line_of(row.cells.get(roles.system or "", "")) or "model"
    beside = cell_of(row.cells.get(roles.spreads.get(column, ""), ""))
    split = line_of(row.cells.get(roles.split or "", ""))
    how = {
        **({"split": split} if split else {}),
        **dict(row.how),
        **({"spread": "standard deviation"} if beside is not None else {}),
    }
    percent = percent_column(column) and not cell.text.endswith("%")
    return RawScore(
        named or "all",
        " ".join(re.sub(r"[(\[]\s*%\s*[)\]]", "", metric).split()),
        cell.number,
        f"{cell.text} %" if percent else cell.text,
        where,
        system,
        (("evaluation", how),) if how else (),
        spread=beside.text.removesuffix("%").strip() if beside is not None else cell.spread,
        total=is_total(named or ""),
    )


KIND = ImportKind("results", "a table of results in CSV", _recognises, read)
