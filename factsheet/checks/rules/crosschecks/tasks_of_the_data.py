"""The tasks of training and test data do not go together.

What it does: reports a `smallest` or `largest` task that is not among the `tasks` of its section, and tasks that are
tested and not trained on where both sections have the same name and list their tasks.

Why it matters: scores on a task that the model was not trained for are read as if it had been.

Fails:
    test_data: {name: GLUE, tasks: [RTE, MNLI], smallest: WNLI}

Passes:
    test_data: {name: GLUE, tasks: [RTE, MNLI], smallest: RTE}

How to fix: correct the name, or complete the list. Tasks that are tested without training are no fault: say so in a
`note`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact


def _check(context: RuleContext) -> Iterator[Finding]:
    trained, tested = context.sheet.training_data, context.sheet.test_data
    for section, data in (("training_data", trained), ("test_data", tested)):
        tasks = data.tasks.items if data is not None and data.tasks is not None else ()
        for field in ("smallest", "largest") if tasks else ():
            fact: Fact | None = getattr(data, field)
            if fact is not None and fact.text and fact.text not in tasks:
                yield Finding(
                    (section, field),
                    f"{fact.text} is named as the {field} task, and is none of the tasks listed",
                    "correct the name, or complete the list",
                    related=(((section, "tasks"), ", ".join(tasks)),),
                )
    if trained is None or tested is None or not trained.tasks or not tested.tasks:
        return
    untrained = [task for task in tested.tasks.items if task not in trained.tasks.items]
    same = trained.name is not None and tested.name is not None and trained.name.text == tested.name.text
    if same and untrained and trained.tasks.items:
        yield Finding(
            ("test_data", "tasks"),
            f"{', '.join(untrained)} is tested, and not among the tasks of the training data",
            "complete the list, or say in a `note` that it is tested without training",
            related=((("training_data", "tasks"), ", ".join(trained.tasks.items)),),
            confidence="medium",
        )


RULE = Rule(
    "FS229",
    "tasks-of-the-data",
    "warning",
    "scores on a task that the model was not trained for are read as if it had been",
    _check,
)
