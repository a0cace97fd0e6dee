"""The averages of a table are over different tasks.

What it does: reports an average of a system that lacks a score in a row where another system with an average has one.

Why it matters: an average over the two easy tasks beside one over all three compares nothing.

Fails:
    performance:
      results:
        - name: Results
          systems: [{id: digital, name: GPU, kind: digital}, {id: analog, name: Chip, kind: analog}]
          tasks:
            - {task: RTE, scores: {digital: 66.40 %, analog: {not_evaluated: No time.}}}
            - {task: MNLI, scores: {digital: 83.40 %, analog: 82.12 %}}
          averages: {digital: 74.90 %, analog: 82.12 %}

Passes:
    performance:
      results:
        - name: Results
          systems: [{id: digital, name: GPU, kind: digital}, {id: analog, name: Chip, kind: analog}]
          tasks:
            - {task: RTE, scores: {digital: 66.40 %, analog: {not_evaluated: No time.}}}
            - {task: MNLI, scores: {digital: 83.40 %, analog: 82.12 %}}
          averages: {digital: 83.40 %, analog: 82.12 %}
          note: Averages are over the tasks that both were evaluated on.

How to fix: average over the tasks that all systems have, or say over which ones in the table's `note`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.comparisons.score_means import rows_of, scores_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.performance import ResultTable

_SAID = r"(?i)\b(?:average\w*|mean)\b"


def _check(context: RuleContext) -> Iterator[Finding]:
    performance = context.sheet.performance
    for index, table in enumerate((performance.results or ()) if performance is not None else ()):
        if not re.search(_SAID, table.note or ""):
            yield from _of_table(table, index)


def _of_table(table: ResultTable, index: int) -> Iterator[Finding]:
    averages = {system: fact for system, fact in (table.averages or {}).items() if fact.quantity is not None}
    rows = {system: set(scores_of(table, system)) for system in averages}
    scored = {system: known for system, known in rows.items() if known}
    if not scored:
        return
    most = max(scored, key=lambda system: len(scored[system]))
    path = ("performance", "results", index)
    for system, known in scored.items():
        # FS203 reports a row that leaves the system out altogether.
        lacking = [row for row in sorted(scored[most] - known) if system in table.tasks[row].scores]
        if lacking and not averages[system].note:
            yield Finding(
                (*path, "averages", system),
                f"the average of `{system}` is over {len(known)} of the {len(rows_of(table))} tasks, that of "
                f"`{most}` over {len(scored[most])}",
                "average both over the same tasks, or say in the table's `note` over which",
                related=tuple(
                    ((*path, "tasks", row, "scores"), f"{table.tasks[row].task}: no score of `{system}`")
                    for row in lacking[:3]
                ),
            )


RULE = Rule(
    "FS243",
    "averages-over-other-tasks",
    "warning",
    "an average over some of the tasks beside one over all of them compares nothing",
    _check,
)
