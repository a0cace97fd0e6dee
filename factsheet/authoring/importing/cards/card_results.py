"""Read the results of a model card, its `model-index`: what was evaluated, on which data, how, with which score."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.reading import line_of, number_of
from factsheet.authoring.importing.tables.scores import RawScore, add_tables
from factsheet.quantities.metrics import metric_named, plain
from factsheet.source.scalars import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.authoring.importing.collected import Collected
    from factsheet.authoring.importing.reading import SourceText

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def listed(value: object) -> list[Any]:
    """Return a list as it is, nothing as none, and one value as a list of it."""
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def add_model_index(collected: Collected, text: SourceText, data: dict[str, Any]) -> None:
    """Add the results of a card's `model-index`, a table for each metric."""
    index = data.get("model-index")
    if index is None:
        return
    found: list[tuple[RawScore, str | None]] = []
    first = next((one for one in listed(index) if isinstance(one, dict)), None)
    if first is None:
        collected.leave(text.place("model-index"), index, "it is no list of models with results")
        return
    if (name := line_of(first.get("name"))) is not None:
        collected.add("overview.model", name, f"{text.name} model-index[0].name", source=None)
    for number, result in enumerate(listed(first.get("results"))):
        where = f"{text.name} model-index[0].results[{number}]"
        if not isinstance(result, dict):
            collected.leave(where, result, "a result is a mapping")
            continue
        found += _scores(collected, result, where)
    scores = _named_apart(found)
    if scores:
        add_tables(collected, "Model card", scores)
        _tested_on(collected, scores)


def _tested_on(collected: Collected, scores: list[RawScore]) -> None:
    """Say what the model was tested on, where every result says the same."""
    rows = [dict(score.row).get("evaluation", {}) for score in scores]
    for key, path in (("dataset", "test_data.name"), ("split", "test_data.split")):
        stated = {row.get(key) for row in rows}
        if len(stated) == 1 and (value := stated.pop()) is not None:
            collected.add(path, value, scores[0].where, source=None)
            if key == "dataset" and _HUB_ID.fullmatch(value):
                address = f"https://huggingface.co/datasets/{value}"
                collected.add("test_data.source", address, scores[0].where, source=None)


def _named_apart(scores: list[tuple[RawScore, str | None]]) -> list[RawScore]:
    """Name rows by what their metrics are called where that says more than the type: a baseline, a split, a unit."""
    alike = Counter((score.task, plain(score.metric), repr(score.row)) for score, _ in scores)
    named = []
    for score, said in scores:
        several = alike[score.task, plain(score.metric), repr(score.row)] > 1
        other = said is not None and metric_named(said) != metric_named(score.metric)
        own = said is not None and plain(said) != plain(score.metric) and (several or other)
        named.append(score._replace(task=f"{score.task}: {said}"[:300]) if own else score)
    return named


def _scores(
    collected: Collected, result: dict[str, Any], where: str
) -> Iterator[tuple[RawScore, str | None]]:
    """Yield the scores of a result, each with what its metric is called."""
    dataset = result.get("dataset")
    dataset = dataset if isinstance(dataset, dict) else {}
    name = line_of(dataset.get("name")) or line_of(dataset.get("type"))
    task = result.get("task")
    task_name = line_of(task.get("name")) or line_of(task.get("type")) if isinstance(task, dict) else None
    row = evaluation_of(line_of(dataset.get("type")), dataset)
    for number, metric in enumerate(listed(result.get("metrics"))):
        place = f"{where}.metrics[{number}]"
        if not isinstance(metric, dict):
            collected.leave(place, metric, "a metric is a mapping with `type` and `value`")
            continue
        value = metric.get("value")
        figure = number_of(value.strip().removesuffix("%") if isinstance(value, str) else value)
        kind = line_of(metric.get("type")) or line_of(metric.get("name"))
        if figure is None or kind is None or (name or task_name) is None:
            collected.leave(place, value, "a score needs a task, a metric and a number")
            continue
        shown = value if isinstance(value, str) else written(value)
        label = (name or task_name or "")[:200]
        yield RawScore(label, kind, figure, str(shown), place, row=row), line_of(metric.get("name"))


def evaluation_of(name: str | None, dataset: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return how a score was taken, as a row of a table has it."""
    stated = {
        "dataset": name,
        "configuration": line_of(dataset.get("config")) or line_of(dataset.get("task_id")),
        "split": line_of(dataset.get("split")),
        "revision": line_of(dataset.get("revision")),
    }
    found = {key: value for key, value in stated.items() if value is not None}
    return (("evaluation", found),) if found else ()
