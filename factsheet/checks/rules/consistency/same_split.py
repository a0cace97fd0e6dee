"""Training and test data are the same split of the same data set.

What it does: compares `split` of `training_data` and `test_data` where both have the same `name`, ignoring case. A
split whose description may name several (`official splits`, `cross-validation`, `train and validation`) is ignored.

Why it matters: a model tested on its training data is tested for its memory.

Fails:
    training_data: {name: GLUE, split: train}
    test_data: {name: GLUE, split: Train}

Passes:
    training_data: {name: GLUE, split: train}
    test_data: {name: GLUE, split: validation}

How to fix: state the split that the scores are from; if it is the training split, say so among the limitations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact

_SEVERAL = ("splits", "fold", "folds", "cross", "official", "standard", "default", "published", "usual")
_KINDS = (
    {"train", "training"},
    {"validation", "valid", "val", "dev", "development"},
    {"test", "testing", "evaluation", "eval", "held"},
)


def _check(context: RuleContext) -> Iterator[Finding]:
    training, test = context.sheet.training_data, context.sheet.test_data
    if training is None or test is None or not _words(training.name):
        return
    split = _words(test.split)
    if split and _words(training.split) == split and _words(training.name) == _words(test.name):
        if any(word in _SEVERAL for word in split) or sum(bool(kind & set(split)) for kind in _KINDS) > 1:
            return
        shown, name = (fact.words() if fact else "" for fact in (test.split, test.name))
        yield Finding(
            ("test_data", "split"),
            f"the model was trained and tested on the same split of {name}: {shown}",
            "state the split that the scores are from; if it is this one, say so among the limitations",
            related=((("training_data", "split"), "the split that it was trained on"),),
        )


def _words(fact: Fact | None) -> list[str]:
    """Return the words of a line, without regard to case and to signs between them."""
    text = (fact.text or "") if fact is not None else ""
    return "".join(sign if sign.isalnum() else " " for sign in text.casefold()).split()


RULE = Rule(
    "FS214",
    "same-split",
    "error",
    "a model tested on its training data is tested for its memory",
    _check,
)
