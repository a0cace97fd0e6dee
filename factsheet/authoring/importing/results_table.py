"""Read a table of results, CSV or TSV: a row for each score, or a column for each metric or system.

What the columns are follows from their names, or is asked: nothing in a file of numbers says whether its columns are
systems or metrics.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import ImportKind
from factsheet.authoring.importing.reading import SourceText, line_of, number_of, read_text
from factsheet.authoring.importing.scores import RawScore, add_tables, table_of
from factsheet.errors import UsageError
from factsheet.quantities.metrics import metric_named, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported, ImportOptions

_TASKS = frozenset({"task", "tasks", "dataset", "data set", "benchmark", "subset", "task name"})
_SYSTEMS = frozenset(
    {"system", "model", "method", "variant", "configuration", "model name", "approach", "run"}
)
_METRICS = frozenset({"metric", "metric name", "measure"})
_SCORES = frozenset({"score", "value", "result", "metric value"})
_SPLITS = frozenset({"split", "partition"})
_KINDS = frozenset(
    {
        "analog",
        "digital",
        "baseline",
        "float",
        "fp32",
        "fp16",
        "int8",
        "quantized",
        "quantised",
        "floating point",
    }
)
"""Words that name a system and never a metric."""
_FIGURES = frozenset(
    {
        "parameters",
        "params",
        "weights",
        "ops",
        "macs",
        "flops",
        "latency",
        "time",
        "runtime",
        "duration",
        "seconds",
        "ms",
        "energy",
        "power",
        "area",
        "size",
        "memory",
        "throughput",
        "layers",
        "tiles",
        "seed",
        "seeds",
        "epoch",
        "epochs",
        "step",
        "steps",
        "samples",
        "examples",
        "rows",
        "cols",
        "noise",
        "sigma",
        "temperature",
        "fold",
        "run",
        "id",
        "index",
        "drift",
        "runs",
        "count",
    }
)
"""Words of columns that hold no scores: figures that have fields of their own, and what tells rows apart."""
_SPREADS = frozenset({"std", "sd", "stddev", "stdev", "standard deviation", "deviation"})
_OTHER_SPREADS = frozenset(
    {"stderr", "sem", "se", "ci", "ci95", "error", "err", "var", "variance", "min", "max"}
)
_TOTALS = frozenset(
    {"average", "avg", "mean", "overall", "total", "macro average", "macro avg", "all tasks", "glue average"}
)
"""Names of rows that are means over the others."""
_GROUPED = re.compile(r"[-+]?\d[\d.,' \u00a0\u202f]*%?")
"""A number as people write it who part thousands, or have a comma before decimals."""
_MOST_ROWS = 5_000
_SEPARATORS = ",\t;"


class _ResultRow(NamedTuple):
    cells: dict[str, str]
    line: int


class _Roles(NamedTuple):
    """The columns that say what a row is about."""

    task: str | None
    system: str | None
    metric: str | None
    score: str | None
    split: str | None
    numbers: tuple[str, ...]
    """Other columns that hold numbers, each of which could be a system or a metric."""
    spreads: dict[str, str]
    """Columns of standard deviations, by the column that they belong to."""
    others: tuple[str, ...]
    """Columns of numbers that are no scores."""


def _recognises(path: Path, head: bytes) -> bool:
    if path.suffix.lower() not in {".csv", ".tsv"} or not head:
        return False
    first = head.lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    return any(sign.encode() in first for sign in _SEPARATORS)


def read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  every reader is called alike
    """Return the scores of a table, or questions where its columns could mean several things.

    Raises:
        UsageError: it cannot be read, or has no column of scores.
    """
    text = read_text(source)
    collected = Collected(text.name, KIND.words, text.left_out)
    rows = _rows(collected, text)
    roles = _roles(rows)
    if roles.others:
        why = "no scores: what tells rows apart, other spreads, or figures that have fields of their own and a unit"
        collected.leave(text.name, ", ".join(roles.others), why)
    looked = {roles.task, roles.system, roles.metric, roles.score, roles.split, *roles.numbers, *roles.others}
    for name in set(rows[0].cells) - looked - set(roles.spreads.values()):
        cells = [row.cells.get(name, "") for row in rows]
        if sum(_GROUPED.fullmatch(cell) is not None for cell in cells) * 2 > len(cells):
            why = "its cells are no plain numbers: write 1234.5, nothing between thousands, a point before decimals"
            collected.leave(text.name, f"{name}: {cells[0]}", why)
    if roles.score is None and not roles.numbers:
        raise UsageError(
            f"{text.name} has no column of scores",
            "none of its columns holds numbers in most rows",
            "name the columns: task, metric, score; or task and a column for each system",
        )
    title = text.name.rpartition(".")[0] or text.name
    if roles.score is not None:
        _long(collected, rows, roles, title)
    else:
        _wide(collected, rows, roles, title)
    return collected.imported()


def _rows(collected: Collected, text: SourceText) -> list[_ResultRow]:
    first = text.text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text.text), delimiter=separator)
    rows: list[_ResultRow] = []
    try:
        names = [line_of(name) or f"column {index}" for index, name in enumerate(next(reader, []), start=1)]
        if len(names) != len(set(names)):
            raise UsageError(
                f"{text.name} has two columns of one name", "their values cannot be told apart", "rename one"
            )
        for cells in reader:
            if len(rows) >= _MOST_ROWS:
                collected.leave(
                    f"{text.name}:{reader.line_num}", "further rows", f"only {_MOST_ROWS:,} are read"
                )
                break
            if any(cell.strip() for cell in cells):
                rows.append(
                    _ResultRow(
                        {name: cell.strip() for name, cell in zip(names, cells, strict=False)},
                        reader.line_num,
                    )
                )
    except csv.Error as error:
        raise UsageError(
            f"{text.name} is no table that can be read", str(error), "write it anew as CSV"
        ) from None
    if not rows:
        raise UsageError(f"{text.name} has no row", "there are no scores in it", "give another file")
    return rows


def _roles(rows: Sequence[_ResultRow]) -> _Roles:
    names = list(rows[0].cells)
    found: dict[str, str | None] = {}
    for role, known in (
        ("task", _TASKS),
        ("system", _SYSTEMS),
        ("metric", _METRICS),
        ("score", _SCORES),
        ("split", _SPLITS),
    ):
        found[role] = next((name for name in names if plain(name) in known), None)
    taken = set(found.values())
    numeric = [name for name in names if name not in taken and _is_numeric(rows, name)]
    spreads = {
        base: name
        for name in numeric
        if (base := _base_of(name, numeric, found["score"])) is not None and _ending(name) in _SPREADS
    }
    others = [name for name in numeric if name not in spreads.values() and _is_no_score(name)]
    numbers = [name for name in numeric if name not in spreads.values() and name not in others]
    return _Roles(**found, numbers=tuple(numbers), spreads=spreads, others=tuple(others))


def _ending(name: str) -> str:
    words = plain(name).split()
    return " ".join(words[-2:]) if " ".join(words[-2:]) in _SPREADS else words[-1] if words else ""


def _base_of(name: str, names: Sequence[str], score: str | None) -> str | None:
    """Return the column whose spread a column is by its name: `analog std` of `analog`; `std` alone of the scores."""
    stem = plain(name).removesuffix(_ending(name)).strip()
    if not stem:
        return score
    return next((other for other in names if plain(other) == stem), None)


def _is_no_score(name: str) -> bool:
    words = set(plain(name).split())
    return bool(words & _FIGURES) or _ending(name) in _SPREADS | _OTHER_SPREADS


def _is_numeric(rows: Sequence[_ResultRow], name: str) -> bool:
    cells = [row.cells.get(name, "") for row in rows]
    filled = [cell for cell in cells if line_of(cell) is not None]
    return bool(filled) and sum(_number(cell) is not None for cell in filled) * 2 > len(filled)


def _number(cell: str) -> float | None:
    return number_of(cell.removesuffix("%").strip())


def _long(collected: Collected, rows: Sequence[_ResultRow], roles: _Roles, title: str) -> None:
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
    add_tables(collected, title, _of_known_kind(collected, scores))


def _of_known_kind(collected: Collected, scores: list[RawScore]) -> list[RawScore]:
    """Return the scores without figures that have fields of their own: times, energies, sizes."""
    kept = []
    for score in scores:
        if set(plain(score.metric).split()) & _FIGURES:
            why = "no score: times, energies and sizes have fields of their own, each with its unit"
            collected.leave(score.where, f"{score.metric} {score.text}", why)
        else:
            kept.append(score)
    return kept


def _wide(collected: Collected, rows: Sequence[_ResultRow], roles: _Roles, title: str) -> None:
    metrics = [name for name in roles.numbers if metric_named(name) is not None]
    systems = [name for name in roles.numbers if set(plain(name).split()) & _KINDS]
    if roles.system is not None or len(metrics) == len(roles.numbers) or (metrics and not systems):
        columns = _of_metrics(collected, rows, roles, title)
        others = [name for name in roles.numbers if name not in columns]
        if others:
            collected.leave(collected.name, ", ".join(others), "no metrics that are known")
    elif len(systems) == len(roles.numbers) or (systems and roles.metric is not None):
        _of_systems(collected, rows, roles, title)
    else:
        systems_read = [one._replace(system=one.metric) for one in _cells(collected, rows, roles)]
        metrics_read = [
            one._replace(row=(("metric", one.metric), *one.row)) for one in _cells(collected, rows, roles)
        ]
        readings = [
            ("each column is a system", table_of(title, None, systems_read)),
            ("each column is a metric", table_of(title, None, metrics_read)),
        ]
        what = f"the columns {', '.join(roles.numbers[:6])}"
        collected.ask("performance.results[]", collected.name, what, readings)
        why = "they could be systems or metrics; name the columns `analog …`, `digital …`, or by their metric"
        collected.leave(collected.name, ", ".join(roles.numbers), why)


def _cells(collected: Collected, rows: Sequence[_ResultRow], roles: _Roles) -> list[RawScore]:
    """Return every number with the name of its column as its metric."""
    found = (
        _score(collected, row, roles, column=column, metric=column)
        for row in rows
        for column in roles.numbers
    )
    return [one for one in found if one is not None]


def _of_metrics(collected: Collected, rows: Sequence[_ResultRow], roles: _Roles, title: str) -> list[str]:
    """Take the columns that are metrics, all of them where none is known; return their names."""
    columns = [name for name in roles.numbers if metric_named(name) is not None] or list(roles.numbers)
    scores = [
        score
        for column in columns
        for row in rows
        if (score := _score(collected, row, roles, column=column, metric=column)) is not None
    ]
    add_tables(collected, title, scores)
    return columns


def _of_systems(collected: Collected, rows: Sequence[_ResultRow], roles: _Roles, title: str) -> None:
    scores = []
    for row in rows:
        metric = row.cells.get(roles.metric or "", "") or "score"
        for column in roles.numbers:
            score = _score(collected, row, roles, column=column, metric=metric)
            if score is not None:
                scores.append(score._replace(system=column))
    add_tables(collected, title, _of_known_kind(collected, scores))


def _score(
    collected: Collected, row: _ResultRow, roles: _Roles, *, column: str, metric: str
) -> RawScore | None:
    where = f"{collected.name}:{row.line} {column}"
    text = row.cells.get(column, "")
    number = _number(text)
    if number is None:
        if text:
            collected.leave(where, text, "it is no score")
        return None
    numbers = {*roles.numbers, *roles.others, *roles.spreads.values()}
    first = next((cell for name, cell in row.cells.items() if name not in {roles.system, *numbers}), "")
    task = line_of(row.cells.get(roles.task or "", "")) or (line_of(first) if roles.score is None else None)
    if plain(task or "") in _TOTALS:
        collected.leave(
            where, f"{task} {text}", "a mean over the other rows: state it as `averages` of the table"
        )
        return None
    system = line_of(row.cells.get(roles.system or "", "")) or "model"
    spread = _number(row.cells.get(roles.spreads.get(column, ""), ""))
    split = line_of(row.cells.get(roles.split or "", ""))
    how = {
        **({"split": split} if split else {}),
        **({"spread": "standard deviation"} if spread is not None else {}),
    }
    about = (("evaluation", how),) if how else ()
    return RawScore(
        task or "all", " ".join(metric.split()), number, text, where, system, about, spread=spread
    )


KIND = ImportKind("results", "a table of results in CSV", _recognises, read)
