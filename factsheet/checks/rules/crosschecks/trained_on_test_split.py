"""The model was trained on a split that is called test.

What it does: reports `training_data.split` where it names a test split and no other. A split that is described in a
sentence with several of them is ignored, and so are two data sets of different names. FS214 reports scores from the
training split.

Why it matters: a model that has seen its test data is tested for its memory.

Fails:
    training_data: {name: GLUE, split: test}

Passes:
    training_data: {name: GLUE, split: training}

How to fix: state the split that is meant; if it is this one, say so among the limitations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact

_KINDS = {
    "training": {"train", "training", "trainset"},
    "validation": {"validation", "valid", "val", "dev", "development"},
    "test": {"test", "testing", "evaluation", "eval", "heldout", "held"},
}
_UNCLEAR = {"no", "not", "never", "without", "outside", "part", "of", "from", "cross", "fold", "folds"}


def _check(context: RuleContext) -> Iterator[Finding]:
    trained, tested = context.sheet.training_data, context.sheet.test_data
    if trained is None or _kinds(trained.split) != {"test"}:
        return
    names = [_text(data.name).casefold() if data is not None else "" for data in (trained, tested)]
    if all(names) and names[0] != names[1]:
        return  # any split of data that it is not tested on will do
    yield Finding(
        ("training_data", "split"),
        f"the model was trained on the split that is called {_text(trained.split)}",
        "state the split that is meant; if it is this one, say so among the limitations",
    )


def _text(fact: Fact | None) -> str:
    return (fact.text or "") if fact is not None else ""


def _kinds(split: Fact | None) -> set[str]:
    """Return the kinds of splits that a line names; none where it says more than that."""
    words = set("".join(sign if sign.isalnum() else " " for sign in _text(split).casefold()).split())
    if words & _UNCLEAR:
        return set()
    return {kind for kind, names in _KINDS.items() if names & words}


RULE = Rule(
    "FS225",
    "trained-on-test-split",
    "warning",
    "a model that has seen its test data is tested for its memory",
    _check,
)
