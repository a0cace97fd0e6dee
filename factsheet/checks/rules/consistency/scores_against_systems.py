"""A row of a result table scores a system that is not among the columns, or leaves one out.

What it does: compares the keys of `scores` and `averages` with the ids of `systems`.

Why it matters: a score without a column appears nowhere; a missing score looks like a zero.

Fails:
    performance:
      results:
        - name: GLUE
          systems: [{id: analog, name: Analog AI, kind: analog}]
          tasks: [{task: MNLI, scores: {analgo: 82.12 %}}]

Passes:
    performance:
      results:
        - name: GLUE
          systems: [{id: analog, name: Analog AI, kind: analog}]
          tasks: [{task: MNLI, scores: {analog: 82.12 %}}]

How to fix: use the id of a system; where a score is missing, say why: `{not_evaluated: the reason}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    tables = (sheet.performance.results or ()) if sheet.performance else ()
    for index, table in enumerate(tables):
        path = ("performance", "results", index)
        known = [system.id for system in table.systems]
        rows: list[tuple[tuple[str | int, ...], list[str]]] = [
            ((*path, "tasks", row, "scores"), list(task.scores)) for row, task in enumerate(table.tasks)
        ]
        if table.averages is not None:
            rows.append(((*path, "averages"), list(table.averages)))
        for place, given in rows:
            for system in given:
                if system not in known:
                    from difflib import get_close_matches  # most scores are of a system that is listed

                    close = get_close_matches(system, known, 1)
                    yield Finding(
                        (*place, system),
                        f"`{system}` is not among the systems of this table",
                        f"did you mean `{close[0]}`?" if close else f"the systems are {', '.join(known)}",
                        related=(((*path, "systems"), "the systems are declared here"),),
                        on_key=True,
                    )
            missing = [system for system in known if system not in given]
            if missing and len(given) >= len([system for system in given if system in known]) == len(given):
                yield Finding(
                    place,
                    f"no score for {', '.join(f'`{system}`' for system in missing)}",
                    "add the score, or say why there is none: `{not_evaluated: the reason}`",
                    on_key=True,
                )


RULE = Rule(
    "FS203",
    "scores-against-systems",
    "error",
    "a score without a column appears nowhere, and a missing one goes unnoticed",
    _check,
)
