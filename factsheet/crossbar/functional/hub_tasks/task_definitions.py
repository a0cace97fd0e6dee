"""The tasks that a model of the Hub can be scored on: which data set, which columns, which metric.

GLUE (Wang et al. 2018, table 1) is known by its tasks; where it has two metrics for one, it is the one that the
published FactSheet of BERT gives its scores in. Of any other data set the columns say what they are for, and
classification is scored by accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from factsheet.errors import UsageError

MetricName = Literal["accuracy", "F1", "Matthews correlation", "Spearman correlation"]
_GLUE = "nyu-mll/glue"


@dataclass(frozen=True, slots=True)
class HubTask:
    """A task of a data set."""

    name: str
    """As it was asked for: `glue/rte`."""
    dataset: str
    """Name of the data set on the Hub."""
    config: str = ""
    """Its configuration; empty for the only one."""
    split: str = "validation"
    columns: tuple[str, ...] = ()
    """Columns of the text, one or two; empty where the columns themselves have to say."""
    metric: MetricName = "accuracy"
    regression: bool = False
    """Whether labels are numbers and not classes."""
    classes: tuple[str, ...] = ()
    """Names of the classes in the order of their numbers, where the data set's files do not hold them."""
    title: str = ""
    """What the task is called in a sheet."""
    benchmark: str = ""
    """What the tasks are called together; empty for a task by itself."""


_PAIR = ("sentence1", "sentence2")
_ENTAILED = ("entailment", "not_entailment")
_THREE = ("entailment", "neutral", "contradiction")


def _glue(
    config: str,
    title: str,
    columns: tuple[str, ...],
    classes: tuple[str, ...],
    *,
    metric: MetricName = "accuracy",
    split: str = "validation",
) -> HubTask:
    return HubTask(
        f"glue/{config}",
        _GLUE,
        config,
        split,
        columns,
        metric,
        regression=not classes,
        classes=classes,
        title=title,
        benchmark="GLUE",
    )


_KNOWN = {
    task.name: task
    for task in (
        _glue("rte", "RTE", _PAIR, _ENTAILED),
        _glue("mrpc", "MRPC", _PAIR, ("not_equivalent", "equivalent"), metric="F1"),
        _glue("stsb", "STS-B", _PAIR, (), metric="Spearman correlation"),
        _glue("cola", "CoLA", ("sentence",), ("unacceptable", "acceptable"), metric="Matthews correlation"),
        _glue("sst2", "SST-2", ("sentence",), ("negative", "positive")),
        _glue("qnli", "QNLI", ("question", "sentence"), _ENTAILED),
        _glue("qqp", "QQP", ("question1", "question2"), ("not_duplicate", "duplicate")),
        _glue("mnli", "MNLI", ("premise", "hypothesis"), _THREE, split="validation_matched"),
        _glue("wnli", "WNLI", _PAIR, ("not_entailment", "entailment")),
    )
}


def task_named(name: str) -> HubTask:
    """Return a task: one of GLUE's, or a data set of the Hub with or without a configuration after a second slash.

    Args:
        name: `glue/rte`, `owner/data-set`, `owner/data-set/configuration`, or the name of a data set alone.

    Raises:
        UsageError: it is none of these.
    """
    asked = name.strip().strip("/")
    plain = asked.lower().removeprefix("nyu-mll/").replace("-", "")
    if plain in _KNOWN:
        return _KNOWN[plain]
    parts = asked.split("/")
    legal = all(
        part.strip(".") and part.isprintable() and not set(part) & set('\\:*?"<>| ') for part in parts
    )
    if plain.partition("/")[0] == "glue" or not legal or len(parts) > 3:  # noqa: PLR2004  owner, name, configuration
        raise UsageError(
            "no task has this name" if legal else "no task and no data set can have this name",
            help=f"give one of {', '.join(_KNOWN)}, or a data set of the Hub: owner/name or owner/name/configuration",
            place=f"--task {name[:80]}",
            candidates=tuple(_KNOWN),
        )
    return HubTask(asked, "/".join(parts[:2]), "".join(parts[2:]), title=parts[-1])
