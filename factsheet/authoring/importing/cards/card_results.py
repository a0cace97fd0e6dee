"""Read the results of a model card, its `model-index`: what was evaluated, on which data, how, with which score."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.cards.labelled import hub_address
from factsheet.authoring.importing.cards.own_block import identifier_of, short_digest, slug
from factsheet.authoring.importing.reading import line_of
from factsheet.authoring.importing.tables.columns import cell_of
from factsheet.authoring.importing.tables.raw_score import RawScore
from factsheet.quantities.metrics import metric_named, plain
from factsheet.source.scalars import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.authoring.importing.collected import Collected
    from factsheet.authoring.importing.reading import SourceText


def listed(value: object) -> list[Any]:
    """Return a list as it is, nothing as none, and one value as a list of it."""
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def read_model_index(
    collected: Collected, text: SourceText, data: dict[str, Any], written: frozenset[str] = frozenset()
) -> list[RawScore]:
    """Return the scores of a card's `model-index`, with the name of the model and what it was tested on as facts.

    Args:
        collected: what is taken goes here.
        text: the card.
        data: its front matter.
        written: digests of the results that an export of a sheet wrote, which name metric and system in its way.
    """
    key = next((one for one in INDEX_KEYS if data.get(one) is not None), None)
    if key is None:
        return []
    found: list[tuple[RawScore, str | None]] = []
    models = listed(data[key])
    first = next((one for one in models if isinstance(one, dict)), None)
    if first is None:
        collected.leave(text.place(key), data[key], "it is no list of models with results")
        return []
    for other in models:
        if other is not first:
            named = other.get("name", other) if isinstance(other, dict) else other
            collected.leave(
                text.place(key), named, "a second model of the card; its results are of another one"
            )
    if (name := line_of(first.get("name"))) is not None:
        collected.add("overview.model", name, f"{text.name} {key}[0].name", source=None)
    nested = _Nested(collected)
    nested.leave(first, _OF_MODEL, f"{text.name} {key}[0]")
    for number, result in enumerate(listed(first.get("results"))):
        where = f"{text.name} {key}[0].results[{number}]"
        if not isinstance(result, dict):
            collected.leave(where, result, "a result is a mapping")
            continue
        scores = _scores(collected, result, where, nested)
        found += map(_as_exported, scores) if written and short_digest(result) in written else scores
    nested.finish()
    named = _named_apart(collected, found)
    if named:
        _tested_on(collected, named)
        _trained_on(collected, named)
        if data.get("pipeline_tag") is None:
            _task_of(collected, first)
    return named


def _as_exported(scored: tuple[RawScore, str | None]) -> tuple[RawScore, str | None]:
    """Return a score that an export of a sheet wrote: `accuracy, On arrays` names the metric and the system.

    A type of the data that is made of the row's name stands for none, as the Hub asks for one in any case.
    """
    score, said = scored
    parts = (said or score.metric).split(", ")
    for end in range(1, len(parts) + 1):
        metric, system = ", ".join(parts[:end]), ", ".join(parts[end:])
        if identifier_of(metric) == score.metric:
            score = score._replace(metric=metric, system=system or score.system)
            break
    row = dict(score.row)
    evaluation = dict(row.get("evaluation", {}))
    if evaluation.get("dataset") == slug(score.task):
        del evaluation["dataset"]
        row = {
            **({"evaluation": evaluation} if evaluation else {}),
            **{k: v for k, v in row.items() if k != "evaluation"},
        }
    return score._replace(row=tuple(row.items())), None


INDEX_KEYS = ("model-index", "model_index")
"""What the results are called; transformers wrote the second until 4.9."""
_OF_MODEL = frozenset({"name", "results"})
_OF_RESULT = frozenset({"task", "dataset", "metrics", "metric", "source"})
_OF_DATA = frozenset({"name", "type", "config", "split", "revision", "args", "task_id"})
_OF_METRIC = frozenset({"type", "name", "value", "config", "args"})


class _Nested:
    """Collects keys within results that no field holds, each listed once with the number of its places."""

    def __init__(self, collected: Collected) -> None:
        self._collected = collected
        self._found: dict[str, list[tuple[str, object]]] = {}

    def leave(self, data: dict[str, Any], known: frozenset[str], where: str) -> None:
        """Note what a mapping holds besides what is known."""
        for key, value in data.items():
            if key not in known and value not in (None, False):
                self._found.setdefault(str(key), []).append((where, value))

    def finish(self) -> None:
        """List what was noted."""
        for key, places in self._found.items():
            where, value = places[0]
            more = f", and {len(places) - 1} more" if len(places) > 1 else ""
            self._collected.leave(
                f"{where} {key}", f"{value}{more}", "no field of a sheet is known to be meant"
            )


def _tested_on(collected: Collected, scores: list[RawScore]) -> None:
    """Say what the model was tested on, where every result says the same: `GLUE SST2`, or `glue, sst2`."""
    rows = [dict(score.row).get("evaluation", {}) for score in scores]
    addresses = {row.get("dataset") for row in rows}
    address = addresses.pop() if len(addresses) == 1 else None
    names = {_data_named(score, row) for score, row in zip(scores, rows, strict=True)}
    name = names.pop() if len(names) == 1 else address
    if name is not None and address is not None:
        collected.add("test_data.name", name, scores[0].where, source=None)
    source = None if address is None else hub_address(address, "datasets/")
    if source is not None:
        collected.add("test_data.source", source, scores[0].where, source=None)
    splits = {row.get("split") for row in rows}
    if len(splits) == 1 and (split := splits.pop()) is not None:
        collected.add("test_data.split", split, scores[0].where, source=None)


def _data_named(score: RawScore, row: dict[str, Any]) -> str:
    """Return what the data of a score are called, with the part of them where the name does not say it."""
    name = score.task.partition(": ")[0]
    part = row.get("configuration")
    told = part is None or part in _WHOLE or set(plain(part).split()) <= set(plain(name).split())
    joined = plain(name).replace(" ", "").endswith(plain(part or "").replace(" ", ""))
    return name if told or joined else f"{name}, {part}"


_WHOLE = frozenset({"default", "plain_text", "all"})
"""Configurations that are no part of a data set."""


def _trained_on(collected: Collected, scores: list[RawScore]) -> None:
    """Say with the data set that training is stated to have used which part of it the results are of."""
    rows = [dict(score.row).get("evaluation", {}) for score in scores]
    parts = {(row.get("dataset"), row.get("configuration")) for row in rows}
    path = ("training_data", "name")
    for number, fact in enumerate(collected.facts):
        for dataset, configuration in parts if len(parts) == 1 else ():
            if fact.path == path and fact.value == dataset and configuration not in {None, "default"}:
                note = f"The results of the card are of its configuration {configuration}."
                collected.facts[number] = replace(fact, note=note)


def _task_of(collected: Collected, model: dict[str, Any]) -> None:
    """Take the task of all results as the model's, where the front matter has no `pipeline_tag`."""
    tasks = {
        line_of(task.get("type"))
        for result in listed(model.get("results"))
        if isinstance(result, dict) and isinstance(task := result.get("task"), dict)
    }
    where = f"{collected.name} results' task.type"
    if len(tasks) == 1 and (task := tasks.pop()) not in {None, "other"}:
        collected.add("purpose.task_ids", [task], where, source=None)
        collected.add("purpose.trained_for", [task.replace("-", " ")], where, source=None)


def _named_apart(collected: Collected, scores: list[tuple[RawScore, str | None]]) -> list[RawScore]:
    """Name rows by what their metrics are called where that says more than the type: a baseline, a split, a unit."""
    alike = Counter((score.task, plain(score.metric), repr(score.row)) for score, _ in scores)
    named = []
    for score, said in scores:
        several = alike[score.task, plain(score.metric), repr(score.row)] > 1
        meant, stated = metric_named(said), metric_named(score.metric)
        if said is not None and meant is not None and meant != stated:
            # `{type: precision, name: mAP@0.5(box)}`: a name that is a metric's says which one it is.
            if stated is not None:
                why = f"the result is called `{said}`, which was taken as its metric"
                collected.leave(f"{score.where} type", score.metric, why)
            named.append(score._replace(metric=said))
            continue
        other = said is not None and meant != stated
        own = said is not None and plain(said) != plain(score.metric) and (several or other)
        named.append(score._replace(task=f"{score.task}: {said}"[:300]) if own else score)
    return named


def _scores(
    collected: Collected, result: dict[str, Any], where: str, nested: _Nested
) -> Iterator[tuple[RawScore, str | None]]:
    """Yield the scores of a result, each with what its metric is called."""
    dataset = result.get("dataset")
    dataset = dataset if isinstance(dataset, dict) else {}
    nested.leave(result, _OF_RESULT, where)
    nested.leave(dataset, _OF_DATA, f"{where}.dataset")
    name = line_of(dataset.get("name")) or line_of(dataset.get("type"))
    task = result.get("task")
    task_name = line_of(task.get("name")) or line_of(task.get("type")) if isinstance(task, dict) else None
    row = (*evaluation_of(line_of(dataset.get("type")), dataset), *_source(collected, result, where))
    if rest := {key: value for key, value in _arguments(dataset).items() if key not in _SHOTS}:
        collected.leave(f"{where}.dataset.args", rest, "no field of a sheet is known to be meant")
    for number, metric in enumerate(_metrics(result)):
        place = f"{where}.metrics[{number}]"
        if not isinstance(metric, dict):
            collected.leave(place, metric, "a metric is a mapping with `type` and `value`")
            continue
        nested.leave(metric, _OF_METRIC, place)
        value = metric.get("value")
        shown = cell_of(value if isinstance(value, str) else str(written(value)))
        kind = line_of(metric.get("type")) or line_of(metric.get("name"))
        if shown is None or kind is None or (name or task_name) is None:
            collected.leave(place, value, "a score needs a task, a metric and a number")
            continue
        if re.search(r"±|\+/?-", str(value)) and shown.spread is None:
            collected.leave(place, value, "the score was taken; ± 0 is no spread that a sheet can state")
        label = (name or task_name or "")[:200]
        own = _with_arguments(row, metric)
        score = RawScore(label, kind, shown.number, shown.text, place, row=own, spread=shown.spread)
        yield score, line_of(metric.get("name"))


def _metrics(result: dict[str, Any]) -> list[Any]:
    """Return the metrics of a result; a mapping of names and values is a list of them."""
    stated = result.get("metrics", result.get("metric"))
    if isinstance(stated, dict) and not {"type", "value", "name"} & set(stated):
        return [{"type": key, "value": value} for key, value in stated.items()]
    return listed(stated)


_SHOTS = frozenset({"num_few_shot", "num_fewshot", "n_shot"})
"""What boards of language models call the examples in a prompt."""


def _arguments(dataset: dict[str, Any]) -> dict[str, Any]:
    stated = dataset.get("args")
    return stated if isinstance(stated, dict) else {"args": stated} if isinstance(stated, list) else {}


def _with_arguments(row: tuple[tuple[str, Any], ...], metric: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return how a score was taken, with the settings that its metric was computed with."""
    stated = metric.get("args") or metric.get("config")
    if isinstance(stated, dict):
        stated = ", ".join(f"{key}={value}" for key, value in stated.items())
    words = line_of(stated)
    if words is None:
        return row
    known = dict(row)
    known["evaluation"] = {**known.get("evaluation", {}), "arguments": words[:200]}
    return tuple(known.items())


def _source(collected: Collected, result: dict[str, Any], where: str) -> tuple[tuple[str, Any], ...]:
    """Return where a result is said to be from, as the provenance of its row."""
    source = result.get("source")
    if source is None:
        return ()
    stated = source if isinstance(source, dict) else {"name": source}
    words = " ".join(filter(None, (line_of(stated.get("name")), line_of(stated.get("url")))))
    if not words:
        collected.leave(f"{where}.source", source, "it names no source")
        return ()
    return (("provenance", {"source": "cited", "note": words}),)


def evaluation_of(name: str | None, dataset: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return how a score was taken, as a row of a table has it."""
    stated = {
        "dataset": name,
        "configuration": line_of(dataset.get("config"))
        or line_of(dataset.get("task_id"))
        or line_of(dataset.get("args")),
        "split": line_of(dataset.get("split")),
        "revision": line_of(dataset.get("revision")),
        "shots": next(
            (value for key, value in _arguments(dataset).items() if key in _SHOTS and type(value) is int),
            None,
        ),
    }
    found = {key: value for key, value in stated.items() if value is not None}
    return (("evaluation", found),) if found else ()
