"""Read a table whose rows are times after programming: scores over time, the main table of an analog model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.authoring.importing.tables.columns import cell_of, is_of, percent_column, system_name
from factsheet.authoring.importing.tables.raw_score import RawScore
from factsheet.authoring.importing.tables.scores import readings_of
from factsheet.quantities.metrics import metric_named, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.authoring.importing.collected import Collected
    from factsheet.authoring.importing.tables.columns import ResultRow, Roles

_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("w", "week", "weeks"), "week"),
    **dict.fromkeys(("month", "months"), "month"),
    **dict.fromkeys(("y", "yr", "year", "years"), "year"),
}
_OTHER_TIMES = frozenset(
    {"training", "train", "latency", "inference", "runtime", "duration", "wall", "epoch"}
)
"""Words of columns whose times are not those since programming."""
_FEWEST = 2
"""Rows from which on times are what was varied."""


class _Point(NamedTuple):
    after: str
    series: str
    score: RawScore


def add_over_time(collected: Collected, rows: Sequence[ResultRow], roles: Roles, where: str) -> bool:
    """Take the scores of a table whose rows are times, and return whether it is one.

    Rows that are no time are listed. A table of scores that could be fractions or percentages is none that is taken.
    """
    column, times = _times(rows)
    if column is None or roles.system is not None or roles.task not in {None, column}:
        return False
    names = [name for name in roles.numbers if name != column]
    if roles.score is not None and roles.score != column:
        names = [roles.score]
    points = [
        _Point(after, name, score)
        for row, after in zip(rows, times, strict=True)
        for name in names
        if after is not None and (score := _score(row, roles, name, where)) is not None
    ]
    if not points or any(len(readings_of(point.score)) > 1 for point in points):
        return False
    _add(collected, points, where, several=len(names) > 1)
    for row, after in zip(rows, times, strict=True):
        if after is None:
            collected.leave(
                where, " | ".join(row.cells.values()), "a row of the scores over time that is at no time"
            )
    used = {column, *names, roles.metric, *roles.spreads.values()}
    for name in rows[0].cells:
        cells = ", ".join(filter(None, (row.cells.get(name, "") for row in rows)))
        if name not in used and cells:
            collected.leave(
                where, f"{name}: {cells}", "a column beside scores over time, and no field is known"
            )
    return True


def take_series(
    collected: Collected, rows: Sequence[ResultRow], roles: Roles, where: str
) -> list[ResultRow] | None:
    """Take the series of a long table that has a column of times beside systems or tasks, and return the other rows.

    A system at one time alone is no series: it is a score as any other. `None` where nothing was taken.
    """
    column, times = _times(rows)
    names = [roles.score] if roles.score is not None else [one for one in roles.numbers if one != column]
    metrics = {row.cells.get(roles.metric or "", "") for row in rows}
    if column is None or None in times or len(names) != 1 or len(metrics) > 1:
        return None
    groups: dict[tuple[str, ...], dict[str, ResultRow]] = {}
    labels = [one for one in (roles.system, roles.task, roles.split) if one is not None and one != column]
    for row, after in zip(rows, times, strict=True):
        series = groups.setdefault(tuple(row.cells.get(one, "") for one in labels), {})
        if after is None or after in series:  # something else was varied
            return None
        series[after] = row
    found = {key: series for key, series in groups.items() if len(series) > 1}
    apart = [place for place in range(len(labels)) if len({key[place] for key in found}) > 1]
    points = [
        _Point(after, ", ".join(key[place] for place in apart), score)
        for key, series in found.items()
        for after, row in series.items()
        if (score := _score(row, roles, names[0], where)) is not None
    ]
    if not points or any(len(readings_of(point.score)) > 1 for point in points):
        return None
    _add(collected, points, where, several=len(found) > 1)
    _add_evaluation(collected, found, roles, where)
    systems = dict.fromkeys(filter(None, (key[0] for key in found if roles.system is not None)))
    why = (
        "its scores over time are in `robustness.over_time`; state in `performance.results` the one that stands"
        " for the model"
    )
    for system in systems:
        collected.leave(where, f"one score of {system}", why)
    return [
        row._replace(cells={name: cell for name, cell in row.cells.items() if name != column})
        for series in groups.values()
        if len(series) == 1
        for row in series.values()
    ]


def _add_evaluation(
    collected: Collected, found: Mapping[tuple[str, ...], Mapping[str, ResultRow]], roles: Roles, where: str
) -> None:
    """Say what scores over time were taken on, and what is behind ±, where that is one for all of them."""
    rows = [row for series in found.values() for row in series.values()]
    tasks = {row.cells.get(roles.task or "", "") for row in rows} - {""}
    splits = {row.cells.get(roles.split or "", "") for row in rows} - {""}
    stated = {
        **({"dataset": tasks.pop()} if len(tasks) == 1 and plain(roles.task or "") in _DATA else {}),
        **({"split": splits.pop()} if len(splits) == 1 else {}),
        **dict(rows[0].how),
    }
    if stated:
        collected.add("robustness.evaluation", stated, where, source=None)


_DATA = frozenset({"dataset", "data set"})


def time_column(rows: Sequence[ResultRow]) -> str | None:
    """Return the column of times since programming; `None` where there is none."""
    return _times(rows)[0]


def _add(collected: Collected, points: Sequence[_Point], where: str, *, several: bool) -> None:
    metrics = {metric.name for point in points if (metric := metric_named(point.score.metric)) is not None}
    if len(metrics) == 1:
        collected.add("robustness.metric", metrics.pop(), where, source=None)
    for point in points:
        value = readings_of(point.score)[0][1]
        series = {"series": system_name(_bare(point.series))} if several else {}
        row = {"after": point.after, "score": {"value": value, "source": "declared"}, **series}
        collected.add("robustness.over_time[]", row, f"{where}, {point.after}", source=None)


def _times(rows: Sequence[ResultRow]) -> tuple[str | None, list[str | None]]:
    """Return the column of times, and the time of each row; no column where most rows of none are at a time."""
    for name in rows[0].cells:
        words = plain(name).split()
        if set(words) & _OTHER_TIMES:
            continue
        unit = _UNITS.get(words[-1]) if words and (len(words) > 1 or len(words[-1]) > 1) else None
        times = [_time(row.cells.get(name, ""), unit) for row in rows]
        if len(times) - times.count(None) >= max(_FEWEST, len(rows) / 2):
            return name, times
    return None, []


def _time(text: str, unit: str | None) -> str | None:
    """Return the time in a cell: `1 hour`, `0 s (after programming)`, `after 1 day`; a number in the column's unit."""
    bare = re.sub(r"\([^()]*\)", "", text).strip()
    bare = re.sub(r"(?i)^(?:after|t\s*=|~)\s*", "", bare)
    found = re.fullmatch(r"([\d.,]+(?:[eE][-+]?\d+)?)\s*([A-Za-z]*)", bare)
    if found is None:
        return None
    own = _UNITS.get(found[2].casefold()) if found[2] else unit
    written = None if own is None else f"{found[1]} {own}"
    return written if written is not None and is_of(written, "time") else None


def _bare(column: str) -> str:
    return re.sub(r"[(\[]\s*%\s*[)\]]", "", column).strip()


def _score(row: ResultRow, roles: Roles, name: str, where: str) -> RawScore | None:
    cell = cell_of(row.cells.get(name, ""))
    if cell is None:
        return None
    metric = row.cells.get(roles.metric or "", "") or _bare(name)
    beside = cell_of(row.cells.get(roles.spreads.get(name, ""), ""))
    spread = beside.text.removesuffix("%").strip() if beside is not None else cell.spread
    text = f"{cell.text} %" if percent_column(name) and not cell.text.endswith("%") else cell.text
    return RawScore("all", metric, cell.number, text, where, spread=spread)
