"""`factsheet simulate hf:NAME --task TASK`: a checkpoint of the Hub and the data that it is scored on."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

    from factsheet.cli.simulate.simulate_setup import SimulateRequest

PREFIX = "hf:"
"""What stands before the name of a checkpoint: a folder, or a name on the Hub."""


class ScoredModel(NamedTuple):
    """What makes a model, and what scores it; both can be sent to another process."""

    model: Callable[[], nn.Module]
    evaluate: Callable[[nn.Module], float]


def with_task(request: SimulateRequest) -> SimulateRequest:
    """Return the request with the task's data found, its metric and its number of examples; others as they are.

    Raises:
        FactsheetError: options do not go together, or model or data are not on this machine.
    """
    if not request.source.startswith(PREFIX):
        for option, given in (("--task", request.task is not None), ("--download", request.download)):
            if given:
                raise UsageError(
                    f"{option} goes with a checkpoint of the Hub",
                    "the task's sentences are cut by the tokenizer that is saved with it",
                    "give hf:FOLDER or hf:NAME as the source",
                    place=request.source,
                )
        return request
    if request.task is None:
        raise UsageError(
            "a checkpoint of the Hub goes with --task",
            "it says which data set and which metric the scores are of",
            "add for example --task glue/rte",
            place=request.source,
        )
    if request.metric is not None or request.better is not None:
        raise UsageError(
            "--metric and --better go with --data of your own",
            "the task says what its scores are",
            "leave them out",
            place=f"--task {request.task}",
        )
    if not request.download:
        os.environ["HF_HUB_OFFLINE"] = "1"  # before anything of the Hub is imported, here and in every worker
    from factsheet.crossbar.functional.hub_tasks.hub_evaluation import HubEvaluation  # loads torch
    from factsheet.crossbar.functional.hub_tasks.stored_files import dataset_folder, download, model_folder
    from factsheet.crossbar.functional.hub_tasks.task_definitions import task_named

    task, name = task_named(request.task), request.source.removeprefix(PREFIX)
    if request.download:
        download(name, "model")
        if request.data is None:
            download(task.dataset, "dataset", task)
    model_folder(name)
    found = HubEvaluation(name, dataset_folder(task, request.data), task)
    examples = len(found.rows.labels)
    return replace(
        request,
        data=f"{task.name} ({examples} examples of {task.split}, {found.digest})",
        metric=task.metric,
        test_examples=request.test_examples or (examples if task.metric == "accuracy" else None),
        evaluation=found,
    )


def scored_model(request: SimulateRequest) -> ScoredModel:
    """Return the model and the evaluation that a request names.

    Raises:
        FactsheetError: the evaluation cannot be used, which is better said now than by every worker.
    """
    from factsheet.crossbar.functional.hub_tasks.hub_evaluation import HubModel
    from factsheet.crossbar.functional.studies.named_sources import NamedEvaluation, NamedModel

    if request.evaluation is not None:
        return ScoredModel(HubModel(request.evaluation.name), request.evaluation)
    assert request.data is not None  # noqa: S101  the caller has checked it
    evaluate = NamedEvaluation(request.data)
    evaluate.function()
    return ScoredModel(NamedModel(request.source), evaluate)
