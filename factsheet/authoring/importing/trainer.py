"""Read what the Trainer of transformers leaves behind: `all_results.json` and its parts, `trainer_state.json`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import ImportKind
from factsheet.authoring.importing.reading import SourceText, line_of, number_of, read_json
from factsheet.authoring.importing.tables.raw_score import RawScore
from factsheet.authoring.importing.tables.scores import add_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported, ImportOptions

_SPLITS = {"eval": "evaluation", "test": "test", "predict": "prediction"}
NO_SCORES = frozenset(
    {
        "loss",
        "runtime",
        "samples",
        "samples_per_second",
        "steps_per_second",
        "gen_len",
        "model_preparation_time",
        "jit_compilation_time",
        "num_tokens",
        "mem_cpu_alloc_delta",
        "mem_cpu_peaked_delta",
        "mem_gpu_alloc_delta",
        "mem_gpu_peaked_delta",
        "epoch",
        "step",
    }
)
"""What the Trainer writes beside its scores, with the same beginnings."""
_MARKS = (
    b'"train_runtime"',
    b'"eval_runtime"',
    b'"eval_samples_per_second"',
    b'"train_samples_per_second"',
    b'"eval_loss"',
)
_STATE = (b'"log_history"', b'"global_step"', b'"is_world_process_zero"', b'"best_model_checkpoint"')
_ALONE = re.compile(
    rb'\{\s*(?:"epoch"\s*:\s*[-\d.eE+]+\s*,\s*)?"(?:eval|test|predict)_\w+"\s*:\s*(?:[-\d.]|NaN)'
)
"""How a file of scores begins that holds nothing else, as `run_glue.py --do_eval` can leave it."""
_LONGEST_RUN = 10**9
"""Epochs: streamed data has 9223372036854775807 of them, which is no number of epochs."""


def _recognises(path: Path, head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if path.suffix.lower() != ".json" or not start.startswith(b"{"):
        return False
    marked = any(mark in head for mark in _MARKS) or sum(mark in head for mark in _STATE) > 1
    return marked or _ALONE.match(start) is not None


def read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  every reader is called alike
    """Return time, data, epochs and scores of a training.

    Raises:
        UsageError: it cannot be read.
    """
    data, text = read_json(source)
    collected = Collected(text.name, KIND.words, text.left_out)
    history = data.get("log_history")
    if isinstance(history, list):
        _state(collected, data, text)
        rows = [row for row in history if isinstance(row, dict)]
        last = _of_the_model(collected, data, rows, text)
        trained = next((row for row in reversed(rows) if "train_runtime" in row), {})
        _results(collected, {**last, **trained}, text, f"log_history, step {last.get('step', 'not stated')}")
    else:
        _results(collected, data, text, "")
    return collected.imported()


def _leave_no_numbers(
    collected: Collected, data: Mapping[str, Any], text: SourceText, keys: Iterable[str]
) -> None:
    """List what is no number where the Trainer writes one."""
    for key in keys:
        if data.get(key) is not None and number_of(data[key]) is None:
            collected.leave(text.place(key), data[key], "it is no number")


def _state(collected: Collected, data: Mapping[str, Any], text: SourceText) -> None:
    _leave_no_numbers(collected, data, text, ("global_step", "train_batch_size", "epoch"))
    steps = number_of(data.get("global_step"))
    if steps:
        collected.add("training.steps", int(steps), text.place("global_step"))
    batch = number_of(data.get("train_batch_size"))
    if batch:
        note = "The batch of the data loader of one process."
        collected.add("training.batch_size", int(batch), text.place("train_batch_size"), note=note)
    collected.leave(
        text.place("log_history"),
        "learning rates and losses of the log",
        "rates over time are not the rate that was set",
    )
    if number_of(data.get("best_metric")) is not None and not _is_told(data):
        collected.leave(
            text.place("best_metric"),
            data["best_metric"],
            "the file does not say of which metric; it may be a loss",
        )
    if line_of(data.get("best_model_checkpoint")):
        collected.leave(
            text.place("best_model_checkpoint"), "a path", "it is one of the machine that trained"
        )
    if number_of(data.get("num_train_epochs")) is not None:
        collected.leave(
            text.place("num_train_epochs"),
            data["num_train_epochs"],
            "epochs that were planned, not those that were trained",
        )


def _best_step(data: Mapping[str, Any]) -> int | None:
    """Return the step of the best checkpoint; `None` where the Trainer was not asked to look for one."""
    step = number_of(data.get("best_global_step"))
    named = _CHECKPOINT.search(line_of(data.get("best_model_checkpoint")) or "")
    if step:
        return int(step)
    return int(named[1]) if named is not None else None


_CHECKPOINT = re.compile(r"checkpoint-(\d{1,12})/?$")


def _evaluations(rows: Iterable[Any], step: int | None = None) -> list[dict[str, Any]]:
    return [
        row
        for row in rows
        if isinstance(row, dict)
        and any(_is_score(key) for key in row)
        and (step is None or number_of(row.get("step")) == step)
    ]


def _is_told(data: Mapping[str, Any]) -> bool:
    """Return whether the best value of a metric is among the scores of the step that it is of."""
    step, best = _best_step(data), number_of(data.get("best_metric"))
    rows = _evaluations(data.get("log_history") or [], step) if step is not None else []
    return any(number_of(value) == best for row in rows for key, value in row.items() if _is_score(key))


def _of_the_model(
    collected: Collected, data: Mapping[str, Any], rows: Sequence[dict[str, Any]], text: SourceText
) -> dict[str, Any]:
    """Return the evaluation of the model that is kept: that at the best step where one was looked for, or the last.

    A Trainer that looks for the best checkpoint loads it at the end, and throws the last one away.
    """
    scored = _evaluations(rows)
    last = scored[-1] if scored else {}
    step = _best_step(data)
    at_best = [] if step is None else _evaluations(rows, step)
    if step is None or not last or last in at_best or not any(key.startswith("eval_") for key in last):
        return last
    where = f"{text.place('log_history')} (log_history, step {last.get('step', 'not stated')})"
    scores = ", ".join(f"{key} {value}" for key, value in last.items() if _is_score(key))
    same = {key: value for key, value in last.items() if _is_score(key)}
    if at_best and all(at_best[-1].get(key) == value for key, value in same.items()):
        return at_best[-1]
    instead = "the scores of that step were taken" if at_best else "the log has no scores of that step"
    why = f"the last evaluation, and the best checkpoint is that of step {step:,}; {instead}"
    collected.leave(where, scores, why)
    return at_best[-1] if at_best else {}


def _results(collected: Collected, data: Mapping[str, Any], text: SourceText, within: str) -> None:
    _leave_no_numbers(collected, data, text, ("train_runtime", "epoch"))
    runtime = number_of(data.get("train_runtime"))
    if runtime is not None and runtime > 0:
        note = "The Trainer's wall-clock time of training, evaluations in between included."
        collected.add(
            "hardware.training.duration",
            f"{data['train_runtime']} s",
            text.place("train_runtime"),
            note=note,
        )
    for key, path in (("train_samples", "training_data.size"), ("eval_samples", "test_data.size")):
        size = number_of(data.get(key))
        if size is not None and size > 0:
            collected.add(path, int(size), text.place(key))
        elif key in data:
            collected.leave(text.place(key), data[key], "it is no number of examples")
    epochs = number_of(data.get("epoch"))
    if epochs is not None and 0 < epochs < _LONGEST_RUN and "train_runtime" in data:
        collected.add("training.epochs", epochs, text.place("epoch"))
    elif epochs is None and data.get("epoch") is not None:
        collected.leave(text.place("epoch"), data["epoch"], "it is no number of epochs")
    if any(_is_score(key) or key.startswith(("train_", "eval_")) for key in data):
        collected.add("training.toolkit", "transformers (Trainer)", text.name)
    scores = tuple(_scores(collected, data, text, within))
    add_tables(collected, "Evaluation by the Trainer", scores)
    unused = sorted(key for key in data if not _is_taken(key))
    if unused:
        collected.leave(text.name, ", ".join(map(str, unused[:20])), "no field of a sheet holds it")


def _scores(
    collected: Collected, data: Mapping[str, Any], text: SourceText, within: str
) -> Iterator[RawScore]:
    for key, value in data.items():
        if not _is_score(key):
            continue
        split, _, metric = key.partition("_")
        number = number_of(value)
        where = f"{text.place(key)}{f' ({within})' if within else ''}"
        if number is None:
            collected.leave(where, value, "it is no number")
            continue
        name = _SPLITS[split]
        row = (("evaluation", {"split": name}),)
        yield RawScore(name, metric.replace("_", " "), number, str(value), where, row=row)


def _is_score(key: object) -> bool:
    split, _, metric = str(key).partition("_")
    return split in _SPLITS and bool(metric) and metric not in NO_SCORES and "per_second" not in metric


def _is_taken(key: str) -> bool:
    return _is_score(key) or key in {"train_runtime", "train_samples", "eval_samples", "epoch", "step"}


KIND = ImportKind("trainer", "results of the Trainer of transformers", _recognises, read)
