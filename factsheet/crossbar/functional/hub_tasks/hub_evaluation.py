"""A checkpoint of the Hub and a task as a simulation takes them: what makes the model, and what scores it."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from factsheet.crossbar.functional.hub_tasks.stored_files import model_folder
from factsheet.crossbar.functional.hub_tasks.task_rows import read_rows
from factsheet.crossbar.functional.hub_tasks.task_scores import score_of
from factsheet.errors import WorkloadError
from factsheet.networks.from_models.hub.building import load_transformers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from torch import Tensor, nn

    from factsheet.crossbar.functional.hub_tasks.task_definitions import HubTask
    from factsheet.crossbar.functional.hub_tasks.task_rows import TaskRows

_LONGEST = 128
"""Tokens that are read of an example, as GLUE is usually run."""
_BATCH = 32


@dataclass(frozen=True, slots=True)
class HubModel:
    """What loads a classifier from a folder in the Hub's form, weights from .safetensors only."""

    name: str

    def __call__(self) -> nn.Module:
        """Return the model, with its weights.

        Raises:
            WorkloadError: it is not there, no classifier, or lacks weights.
        """
        folder, transformers = model_folder(self.name), load_transformers()
        with _loading(folder, transformers):
            model, found = transformers.AutoModelForSequenceClassification.from_pretrained(
                folder,
                local_files_only=True,
                use_safetensors=True,
                trust_remote_code=False,
                output_loading_info=True,
            )
        lacking = sorted(map(str, [*found["missing_keys"], *found.get("mismatched_keys", ())]))
        if lacking:
            raise WorkloadError(
                f"{folder} has no weights for {', '.join(lacking[:5])}",
                "they would be drawn at random, and the scores with them",
                "give a checkpoint that was trained on the task, not the one that it started from",
            )
        network: nn.Module = model.float().eval()
        return network


@dataclass(slots=True)
class HubEvaluation:
    """What scores a classifier on a task. Each process reads the data itself."""

    name: str
    """Of the model, whose tokenizer cuts the sentences."""
    folder: Path
    """Of the data set."""
    task: HubTask
    _rows: TaskRows | None = field(default=None, repr=False)
    _batches: list[tuple[Any, list[int]]] | None = field(default=None, repr=False)

    def __reduce__(self) -> tuple[type[HubEvaluation], tuple[str, Path, HubTask]]:
        return type(self), (self.name, self.folder, self.task)

    @property
    def rows(self) -> TaskRows:
        """The examples.

        Raises:
            WorkloadError: they cannot be read.
        """
        if self._rows is None:
            self._rows = read_rows(self.folder, self.task)
        return self._rows

    @property
    def digest(self) -> str:
        """A hash of all examples: 16 hexadecimal digits."""
        return hashlib.sha256(repr((self.rows.texts, self.rows.labels)).encode()).hexdigest()[:16]

    def __call__(self, module: nn.Module) -> float:
        """Score a model.

        Raises:
            WorkloadError: its classes are not those of the task.
        """
        rows, predicted = self.rows, [0.0] * len(self.rows.labels)
        order = class_order(module.config, rows, self.task)
        for inputs, places in self._inputs():
            logits: Tensor = module(**inputs).logits.float()
            found = logits.squeeze(-1) if self.task.regression else logits.argmax(dim=-1)
            for place, value in zip(places, found.tolist(), strict=True):
                predicted[place] = float(value) if order is None else float(order[int(value)])
        return score_of(self.task.metric, rows.labels, predicted)

    def _inputs(self) -> list[tuple[Any, list[int]]]:
        """Return the examples as the model takes them, from the shortest to the longest, cut once for all trials."""
        if self._batches is None:
            folder, transformers = model_folder(self.name), load_transformers()
            with _loading(folder, transformers):
                cut = transformers.AutoTokenizer.from_pretrained(
                    folder, local_files_only=True, trust_remote_code=False
                )
            texts = self.rows.texts
            order = sorted(range(len(texts)), key=lambda one: sum(map(len, texts[one])))
            longest = min(_LONGEST, cut.model_max_length)
            self._batches = []
            for start in range(0, len(order), _BATCH):
                places = order[start : start + _BATCH]
                columns = [list(column) for column in zip(*(texts[one] for one in places), strict=True)]
                inputs = cut(*columns, truncation=True, max_length=longest, padding=True, return_tensors="pt")
                self._batches.append((dict(inputs), places))
        return self._batches


def class_order(config: Any, rows: TaskRows, task: HubTask) -> tuple[int, ...] | None:
    """Return the task's number of each class of a model, by their names; `None` where the numbers are the same.

    Raises:
        WorkloadError: the model has other classes, or outputs that are none.
    """
    outputs = int(config.num_labels)
    if task.regression != (outputs == 1):
        kind = "one value" if task.regression else "classes"
        raise WorkloadError(
            f"the model has {outputs} {'output' if outputs == 1 else 'outputs'}; {task.name} asks for {kind}",
            "it was trained on another task",
            "give a checkpoint that was trained on this one",
        )
    if task.regression:
        return None
    needed = max(len(rows.classes), int(max(rows.labels)) + 1)
    if outputs < needed:
        raise WorkloadError(
            f"the model has {outputs} classes, {task.name} has {needed}",
            "it was trained on another task",
            "give a checkpoint that was trained on this one",
        )
    own = [_plain(str(config.id2label[number])) for number in range(outputs)]
    theirs = [_plain(name) for name in rows.classes]
    if not theirs or all(name == f"label_{number}" or name == str(number) for number, name in enumerate(own)):
        return None
    if not set(theirs) <= set(own):
        raise WorkloadError(
            f"the model calls its classes {', '.join(own)[:200]}; those of {task.name} are {', '.join(theirs)[:200]}",
            "which of them is which cannot be told from the names, and a guess may turn every answer round",
            "give a checkpoint that was trained on this task, or correct `id2label` in its config.json",
        )
    others = iter(range(len(theirs), len(theirs) + outputs))  # a class that the task has not is never right
    return tuple(theirs.index(name) if name in theirs else next(others) for name in own)


def _plain(name: str) -> str:
    return "_".join(name.lower().replace("-", " ").replace("_", " ").split())


@contextmanager
def _loading(folder: Path, transformers: Any) -> Iterator[None]:
    """Load without bars and notes of transformers' own, and name the folder in what goes wrong.

    Raises:
        WorkloadError: what is within raises.
    """
    logging = transformers.utils.logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    except Exception as error:  # transformers, tokenizers and safetensors each raise their own
        raise WorkloadError(
            f"{folder} cannot be loaded by transformers: {type(error).__name__}: {str(error)[:300]}",
            "a model and its tokenizer are read as `save_pretrained` writes them, without code that comes with them",
            "save both with `save_pretrained` of transformers into one folder",
        ) from error
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
