"""Read the examples of a task from files in the Hub's forms: Parquet, Arrow, JSON lines, CSV."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from factsheet.crossbar.functional.hub_tasks.stored_files import split_files
from factsheet.errors import WorkloadError
from factsheet.networks.from_models.imports import need

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from factsheet.crossbar.functional.hub_tasks.task_definitions import HubTask

_LABELS = ("label", "labels")
_EXTRA = "datasets"
_PURPOSE = "reading a data set of the Hub"
_MOST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class TaskRows:
    """The examples of a task."""

    texts: tuple[tuple[str, ...], ...]
    """One or two for each example."""
    labels: tuple[float, ...]
    """Numbers of classes, or values."""
    classes: tuple[str, ...]
    """Names of the classes; empty where the files do not name them."""


def read_rows(folder: Path, task: HubTask) -> TaskRows:
    """Read all examples of the task's split.

    Raises:
        WorkloadError: there are none, or the columns are not those of the task.
    """
    files = split_files(folder, task)
    if not files:
        raise WorkloadError(
            f"{folder} holds no file of the split `{task.split}` of {task.name}",
            "scores are those of this split, which is known by the name of a file or of its folder",
            f"it would be called {task.config or 'data'}/{task.split}-00000-of-00001.parquet, or {task.split}.jsonl",
        )
    need("pyarrow", _EXTRA, _PURPOSE)
    tables = [_table(file) for file in files]
    columns = task.columns or _columns_of(tables[0].schema, files[0])
    label = next((name for name in _LABELS if name in tables[0].column_names), _LABELS[0])
    for table, file in zip(tables, files, strict=True):
        missing = [name for name in (*columns, label) if name not in table.column_names]
        if missing:
            raise WorkloadError(
                f"{file} has no column `{missing[0]}`",
                f"{task.name} is read from the columns {', '.join((*columns, label))}; it has "
                f"{', '.join(table.column_names)[:300]}",
                "give the data set of this task",
            )
    values = [value for table in tables for value in table.column(label).to_pylist()]
    own = [[value for table in tables for value in table.column(name).to_pylist()] for name in columns]
    texts = tuple(tuple(map(_text, row)) for row in zip(*own, strict=True))
    labels, classes = _labels(values, task, files[0])
    return TaskRows(texts, labels, classes or _named(tables[0].schema, label) or task.classes)


def _table(file: Path) -> Any:
    from pyarrow import ArrowException, csv, ipc, parquet
    from pyarrow import json as jsonl

    try:
        match file.suffix:
            case ".parquet":
                return parquet.read_table(file)
            case ".arrow":
                with file.open("rb") as stream:
                    return ipc.open_stream(stream).read_all()
            case ".csv" | ".tsv":
                form = csv.ParseOptions(
                    delimiter="," if file.suffix == ".csv" else "\t", newlines_in_values=True
                )
                return csv.read_csv(file, parse_options=form)
            case _:
                return jsonl.read_json(file)
    except (ArrowException, OSError, ValueError) as error:
        raise WorkloadError(
            f"{file} cannot be read: {str(error)[:300]}",
            "it is no whole file of the form that its ending says",
            "fetch or write it anew",
        ) from error


def _columns_of(schema: Any, file: Path) -> tuple[str, ...]:
    """Return the columns of text: all that hold strings, if these are one or two."""
    from pyarrow import types

    found = tuple(
        field.name
        for field in schema
        if field.name not in _LABELS and (types.is_string(field.type) or types.is_large_string(field.type))
    )
    if not 1 <= len(found) <= _MOST_COLUMNS:
        raise WorkloadError(
            f"{file} has {len(found)} columns of text ({', '.join(found)[:200]})",
            "a sentence or a pair of sentences is what a model is given",
            "give a data set with one or two columns of text and one of labels",
        )
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _labels(values: Sequence[object], task: HubTask, file: Path) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return labels as numbers, and their names where they were written as words."""
    if not values:
        raise WorkloadError(
            f"{file} holds no example", "nothing can be scored on it", "give the whole data set"
        )
    if all(isinstance(value, str) for value in values) and not task.regression:
        words = task.classes or tuple(sorted({str(value) for value in values}))
        if unknown := {str(value) for value in values} - set(words):
            raise WorkloadError(
                f"{file}: `{min(unknown)[:60]}` is no class of {task.name}",
                f"its classes are {', '.join(words)}",
                "give the data set of this task",
            )
        return tuple(float(words.index(str(value))) for value in values), words
    whole = not task.regression
    if any(
        not isinstance(value, int | float) or not isfinite(value) or (whole and value != int(value))
        for value in values
    ):
        raise WorkloadError(
            f"{file} has labels that are no {'classes' if whole else 'numbers'}",
            "classification is scored by accuracy; what else is scored, and by which metric, only GLUE's tasks say",
            "give a data set of classes, or one of GLUE's tasks",
        )
    numbers = tuple(float(value) for value in values if isinstance(value, int | float))
    if whole and min(numbers) < 0:
        raise WorkloadError(
            f"{file} has examples without a label (-1)",
            "the Hub keeps test sets of benchmarks so, to be scored by the benchmark's own server",
            "use a split whose labels are public",
        )
    return numbers, ()


def _named(schema: Any, label: str) -> tuple[str, ...]:
    """Return the names of the classes from what the library `datasets` notes in a file."""
    try:
        noted = json.loads((schema.metadata or {})[b"huggingface"])
        names = noted["info"]["features"][label]["names"]
    except (KeyError, TypeError, ValueError):
        return ()
    return tuple(map(str, names)) if isinstance(names, list) else ()
