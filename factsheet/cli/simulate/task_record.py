"""Scores on a task of the Hub as a row of a sheet's results, digital and on the simulated tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.authoring.recording import referenced
from factsheet.cli.simulate.simulate_results import score
from factsheet.crossbar.functional.studies.durations import written
from factsheet.source.editing import put_item, value_at
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.crossbar.functional.hub_tasks.hub_evaluation import HubEvaluation
    from factsheet.crossbar.functional.studies.drift_study import DriftStudy
    from factsheet.source.dumping import Data

_RESULTS = ("performance", "results")


def with_task_scores(
    text: str, study: DriftStudy, evaluation: HubEvaluation, reference: dict[str, Data]
) -> str:
    """Put a task's scores into a table of their own, which has the other tasks of its benchmark as well.

    Args:
        text: of the sheet.
        study: scores in floating point and over time; the first time is the one in the table.
        evaluation: what the scores are of.
        reference: what the scores can be reproduced from.

    Raises:
        NoPlaceError: the text is no sheet, or its results are no list.
    """
    task, rows = evaluation.task, evaluation.rows
    name = f"{task.benchmark or task.title}, simulated"
    identifier = "simulation-" + "-".join(task.name.lower().split("/"))
    first = study.series.points[0]
    row: dict[str, Data] = {"task": task.title, "size": len(rows.labels)}
    row |= {"type": "regression"} if task.regression else {"type": "classification"}
    if len(rows.classes) > 1:
        row["classes"] = len(rows.classes)
    row["metric"] = task.metric
    row["scores"] = {
        "digital": {"value": score(study.digital, study), "source": "measured", "evidence": identifier},
        "analog": {
            "value": score(first.mean, study),
            "source": "simulated",
            "evidence": identifier,
            "note": f"{written(first.seconds)} after programming; mean of {len(first.scores)} chips.",
        },
    }
    place: dict[str, Data] = {"dataset": task.dataset, "split": task.split}
    row["evaluation"] = {**place, "configuration": task.config} if task.config else place
    document = load_bytes(text.encode(), "sheet").document
    tables = value_at(None if document is None else document.data, _RESULTS)
    before = next((one for one in tables or () if value_at(one, ("name",)) == name), None)
    others = [one for one in value_at(before, ("tasks",)) or () if value_at(one, ("task",)) != task.title]
    table: dict[str, Data] = {
        "name": name,
        "systems": [
            {"id": "digital", "name": "In floating point", "kind": "digital"},
            {"id": "analog", "name": "On simulated tiles", "kind": "analog"},
        ],
        "tasks": [*others, row],
    }
    text = put_item(text, _RESULTS, table, same=lambda one: value_at(one, ("name",)) == name)
    return referenced(text, identifier, reference)
