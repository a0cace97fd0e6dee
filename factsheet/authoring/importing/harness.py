"""Read the results of the Language Model Evaluation Harness (`lm_eval --output_path`): scores with their errors."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import ImportKind
from factsheet.authoring.importing.reading import line_of, number_of, read_json
from factsheet.authoring.importing.tables.raw_score import RawScore
from factsheet.authoring.importing.tables.scores import add_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported, ImportOptions


def _recognises(path: Path, head: bytes) -> bool:
    if path.suffix.lower() != ".json" or b'"results"' not in head:
        return False
    return (
        b'"n-shot"' in head
        or b'"lm_eval_version"' in head
        or (b"_stderr" in head and b'"results"' in head[:200])
    )


def read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  every reader is called alike
    """Return the scores of a run; of a group of tasks its own score, and its tasks are listed.

    Raises:
        UsageError: it cannot be read.
    """
    data, text = read_json(source)
    collected = Collected(text.name, KIND.words, text.left_out)
    if (name := line_of(data.get("model_name"))) is not None:
        collected.add("overview.model", name, text.place("model_name"), source=None)
    results = _mapping(data.get("results"))
    parts = {
        part: group
        for group, tasks in _mapping(data.get("group_subtasks")).items()
        if isinstance(tasks, list) and group in results
        for part in map(str, tasks)
    }
    scores = []
    for task, figures in results.items():
        found = list(_scores(collected, str(task), _mapping(figures), _how(data, str(task))))
        if task in parts:
            texts = ", ".join(f"{one.metric} {one.text}" for one in found)
            collected.leave(
                f"{text.name} results.{task}", texts, f"a part of {parts[task]}, whose score was taken"
            )
        else:
            scores += found
    add_tables(collected, "Evaluation harness", scores)
    rest = sorted(str(key) for key in data if key not in _READ)
    if rest:
        collected.leave(text.name, ", ".join(rest), "how the harness was run; no field of a sheet holds it")
    return collected.imported()


_READ = frozenset({"results", "n-shot", "versions", "model_name", "group_subtasks"})


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _how(data: dict[str, Any], task: str) -> dict[str, Any]:
    """Return how a task was evaluated: examples in the prompt, and the version of the task."""
    shots = _mapping(data.get("n-shot")).get(task)
    version = number_of(_mapping(data.get("versions")).get(task))
    stated = {"shots": shots} if type(shots) is int else {}
    return stated if version is None else {**stated, "revision": f"{version:g}"}


def _scores(
    collected: Collected, task: str, figures: dict[str, Any], evaluated: dict[str, Any]
) -> Iterator[RawScore]:
    """Yield the scores of a task. A key is `metric,filter`, its standard error `metric_stderr,filter`."""
    for key, value in figures.items():
        metric, _, rule = str(key).partition(",")
        if metric == "alias" or metric.endswith("_stderr"):
            continue
        where = f"{collected.name} results.{task}.{key}"
        number = number_of(value)
        if number is None:
            collected.leave(where, value, "it is no number")
            continue
        error = number_of(figures.get(f"{metric}_stderr,{rule}" if rule else f"{metric}_stderr"))
        how = {**evaluated, "spread": "standard error"} if error else evaluated
        named = line_of(task) or "task"
        row = (("evaluation", how),) if how else ()
        yield RawScore(
            named if rule in {"", "none"} else f"{named}, {rule}",
            metric.replace("_", " "),
            number,
            str(value),
            where,
            row=row,
            spread=f"{Decimal(f'{error:.1e}'):f}" if error else None,
        )


KIND = ImportKind("lm-eval", "results of the Language Model Evaluation Harness", _recognises, read)
