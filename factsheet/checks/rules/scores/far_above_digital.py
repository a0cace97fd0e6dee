"""An analog system scores far better than the digital one, or better on every task, and nothing says why.

What it does: compares the analog with the digital system of each result table, by the direction of the metric. Reports
a score that is better by more than 5 points, or by more than a fifth for scores that are no shares, and a table of
three tasks or more where the analog system is ahead on all of them. It is silent where a note of the row, the table or
one of the systems is given, or where the section's text says that the analog system is ahead.

Why it matters: noise costs accuracy. Where it seems to add some, columns may have been exchanged, or a digit mistyped.

Fails:
    performance:
      results:
        - name: GLUE
          systems: [{id: digital, name: GPU, kind: digital}, {id: analog, name: Chip, kind: analog}]
          tasks: [{task: RTE, metric: accuracy, scores: {digital: 66.40 %, analog: 76.40 %}}]

Passes:
    performance:
      results:
        - name: GLUE
          systems: [{id: digital, name: GPU, kind: digital}, {id: analog, name: Chip, kind: analog}]
          tasks: [{task: RTE, metric: accuracy, scores: {digital: 66.40 %, analog: 64.40 %}}]

How to fix: correct the score or the order of the columns; if it is right, say in a `note` what makes the chip better.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.comparisons.score_gaps import pair, standing, task_gap
from factsheet.recompute.comparisons.score_means import scores_of, words_about
from factsheet.recompute.comparisons.score_scales import scale_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable, System
    from factsheet.source.document import KeyPath

_POINTS = 5.0
"""BERT's analog scores on CoLA are 3.55 points above the published digital ones; twice as far was never published."""
_FIFTH = 0.2
_ALL = 2.0
_FEW = 3
_DIRECTION = (
    r"(?i)\b(?:lower|higher|less|more|smaller|larger)(?: values?| scores?)? (?:is|are|means?|=) better\b"
)
_AHEAD = (
    r"(?i)\b(?:ahead|better|above|higher|exceeds?|outperforms?|improves?|beats?|gains?|regulari[sz]\w+)\b"
)


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    for index, table in enumerate((sheet.performance.results or ()) if sheet.performance else ()):
        systems = pair(table)
        if systems is None or re.search(_AHEAD, re.sub(_DIRECTION, " ", _words(sheet, table))):
            continue
        far = list(_far(table, systems, index))
        yield from far
        if not far:
            yield from _everywhere(table, systems, index)


def _far(table: ResultTable, systems: tuple[System, System], index: int) -> Iterator[Finding]:
    analog, digital = systems
    for row, task in enumerate(table.tasks):
        gap, scale = task_gap(table, row), scale_of(table, task)
        facts = [task.scores.get(system.id) for system in systems]
        noted = [task.note, *(fact.note for fact in facts if fact is not None)]
        if gap is None or not gap.better or any(_says_something(note) for note in noted):
            continue
        ours, theirs = (fact.quantity for fact in facts if fact is not None)
        assert ours is not None and theirs is not None  # noqa: S101, PT018  a gap has both
        limit = _POINTS if scale.share else _FIFTH * abs(theirs.value)
        # 75.0 % - 70.0 % is a few bits more than 5 points.
        if round(abs(gap.amount), 9) <= limit or (
            scale.share and max(abs(ours.value), abs(theirs.value)) > _ALL
        ):
            continue  # FS217 reports what lost its percent sign
        path: KeyPath = ("performance", "results", index, "tasks", row, "scores")
        yield Finding(
            (*path, analog.id),
            f"on {task.task} {analog.name} has {ours.text} and {digital.name} {theirs.text}: the analog system is "
            f"better by {gap.size}",
            "correct the score that was mistyped, or say in a `note` what makes the analog system better",
            related=(((*path, digital.id), f"{theirs.text}: {digital.name}"),),
        )


def _says_something(note: str | None) -> bool:
    """Return whether a note says more than which direction is better."""
    return re.search(r"[^\W\d_]{3}", re.sub(_DIRECTION, " ", note or "")) is not None


def _everywhere(table: ResultTable, systems: tuple[System, System], index: int) -> Iterator[Finding]:
    found = standing(table)
    if (
        found is None
        or len(found.better) < max(_FEW, found.tasks)
        or any(_says_something(task.note) for task in table.tasks)
    ):
        return
    scales = [scale_of(table, task) for task in table.tasks]
    scores = [score.value for system in systems for score in scores_of(table, system.id).values()]
    if any(scale.share for scale in scales) and max(map(abs, scores)) > _ALL:
        return
    path: KeyPath = ("performance", "results", index)
    yield Finding(
        (*path, "tasks", 0, "scores", systems[0].id),
        f"{systems[0].name} is better than {systems[1].name} on all {found.tasks} tasks of {table.name}",
        "put the scores into their own columns if they were exchanged, or say in a `note` what makes the chip better",
        related=(
            *(
                ((*path, "tasks", row, "scores"), table.tasks[row].task)
                for row in range(1, min(_FEW, found.tasks))
            ),
            ((*path, "systems"), "the systems are declared here"),
        ),
    )


def _words(sheet: SheetFields, table: ResultTable) -> str:
    overview = sheet.overview.summary
    return f"{words_about(sheet, table)}\n{(overview.text or '') if overview is not None else ''}"


RULE = Rule(
    "FS241",
    "far-above-digital",
    "warning",
    "noise costs accuracy; where it seems to add some, columns may have been exchanged",
    _check,
)
