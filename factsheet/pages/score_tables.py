"""Choose the result table that a page opens with, and say what its scores are and on which split they were taken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from factsheet.pages.key_figure import stated
from factsheet.recompute.comparisons.score_gaps import pair
from factsheet.recompute.comparisons.score_scales import scale_of, table_scale

if TYPE_CHECKING:
    from factsheet.pages.inputs import PageInputs
    from factsheet.readers.roles import ViewName
    from factsheet.sheet.performance import ResultTable

Side = Literal["analog", "digital"]
SIDES: tuple[Side, Side] = ("analog", "digital")
_TRAINED = "hwa_training.accuracy"
_BASELINE = "hwa_training.baseline_accuracy"
_SHORT = 48
_LAYMEN: tuple[ViewName, ...] = ("business-expert", "software-developer")
"""Readers to whom the name of a split says nothing."""


def tables_of(inputs: PageInputs) -> tuple[ResultTable, ...]:
    """Return the sheet's result tables."""
    performance = inputs.sheet.performance
    return () if performance is None else tuple(performance.results or ())


def main_table(inputs: PageInputs) -> ResultTable | None:
    """Return the table that compares an analog with a digital system best: on average, on any task, else the first."""
    tables = tables_of(inputs)
    compared = tuple(table for table in tables if pair(table) is not None)
    averaged = tuple(table for table in compared if table.averages)
    return next(iter((*averaged, *compared, *tables)), None)


def score_label(table: ResultTable) -> str:
    """Return what the scores of a table are called: accuracy, unless they are of a metric of another kind."""
    scale = table_scale(table)
    if scale is None or len(_metrics(table)) > 1:
        return "Score"
    if scale.metric:
        return f"{scale.metric[:1].upper()}{scale.metric[1:]}"
    return "Accuracy" if scale.share and scale.higher_is_better else "Score"


def _metrics(table: ResultTable) -> dict[str, None]:
    """Return the metrics of a table's tasks; its own label would be that of most of them, and wrong for the others."""
    return dict.fromkeys(scale_of(table, task).metric for task in table.tasks)


def average_words(inputs: PageInputs, table: ResultTable, tasks: int) -> str:
    """Return what an average is of: `average of 8 tasks in 4 metrics`, to who knows what a metric is."""
    if inputs.view.name in _LAYMEN:
        return f"average of {tasks} tasks"
    metrics = len(_metrics(table))
    return f"average of {tasks} tasks" + (f" in {metrics} metrics" if metrics > 1 else "")


def task_name(table: ResultTable, task: str) -> str:
    """Return a table and its task, once where both have one name."""
    return task if table.name == task else f"{table.name}, {task}"


def split_words(inputs: PageInputs, table: ResultTable, *sides: Side) -> str:
    """Return on which split scores of these sides were taken, to go behind the name of the table."""
    if table.evaluation is not None and table.evaluation.words:
        return f", {table.evaluation.words}"
    fact = stated(inputs, "test_data.split")
    if fact is not None:
        words = " ".join(fact.shown().split()).removesuffix(".")
        return f", {words} split" if len(words) <= _SHORT and " " not in words else ""
    noted = {side: split_in_a_note(inputs, side) for side in sides}
    if inputs.view.name in _LAYMEN and any(noted.values()):
        return ", each side on test data of its own" if len(set(noted.values())) > 1 else ""
    if len(set(noted.values())) == 1:
        split = noted[sides[0]]
        return ", split not stated" if split is None else f", {split} split"
    said = (
        f"{side}: {'split not stated' if split is None else f'{split} split'}"
        for side, split in noted.items()
    )
    return f"; {'; '.join(said)}"


def split_in_a_note(inputs: PageInputs, side: Side) -> str | None:
    """Return the split that notes on the scores of a side name, where the sheet has no answer for it: `validation`.

    `None` where no note names one, or where they name several.
    """
    table = main_table(inputs)
    systems = None if table is None else pair(table)
    trained = inputs.fact(_TRAINED if side == "analog" else _BASELINE)
    notes = [] if trained is None or trained.note is None else [trained.note]
    if table is not None:
        notes += [] if table.note is None else [table.note]
        of_side = None if systems is None else systems[0 if side == "analog" else 1].id
        rows = (table.averages or {}, *(task.scores for task in table.tasks))
        scores = (score for row in rows for system, score in row.items() if system == of_side)
        notes += [score.note for score in scores if score.note is not None]
    named = {_SPLITS[found.casefold()] for note in notes for found in _SPLIT.findall(note)}
    return named.pop() if len(named) == 1 else None


_SPLITS = {
    "validation": "validation",
    "dev": "development",
    "development": "development",
    "test": "test",
    "held-out": "held-out",
    "training": "training",
}
_SPLIT = re.compile(
    rf"(?<![\w-])(?:{'|'.join(_SPLITS)})(?=[.,;:]?$|[ -](?:set|split|data|part|score|accuracy))",
    re.IGNORECASE,
)
"""The name of a split as notes have it: `Validation.`, `on the test set`."""
