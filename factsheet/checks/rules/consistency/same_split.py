"""Training and test data are the same split of the same data set.

What it does: compares `split` of `training_data` and `test_data` where both have the same `name`, ignoring case. A
split whose description may name several (`official splits`, `cross-validation`, `train and validation`) is ignored.
Warns of a test split, or of one that scores were taken on, that is called the training split and nothing else, unless
the model was trained on other data.

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
from factsheet.quantities.metrics import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.sheet.datasets import Dataset
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_SEVERAL = ("splits", "fold", "folds", "cross", "official", "standard", "default", "published", "usual")
_TRAINING = {"train", "training", "split", "set", "data", "part", "the"}
_KINDS = (
    {"train", "training"},
    {"validation", "valid", "val", "dev", "development"},
    {"test", "testing", "evaluation", "eval", "held"},
)


def _check(context: RuleContext) -> Iterator[Finding]:
    training, test = context.sheet.training_data, context.sheet.test_data
    if training is not None and test is not None and _words(training.name):
        found = list(_same(training, test))
        yield from found
        if found:
            return
    yield from _another(context.sheet)
    names = [_words(data.name) for data in (training, test) if data is not None]
    if len(names) < len(("training", "test")) or not all(names) or names[0] == names[1]:
        yield from _on_training(context.sheet)


def _another(sheet: SheetFields) -> Iterator[Finding]:
    """Warn of scores from a split of another kind than the test data's."""
    stated = sheet.test_data.split if sheet.test_data is not None else None
    words = set(_words(stated))
    kinds = [kind for kind in _KINDS if kind & words]
    if len(kinds) != 1:
        return
    for index, table in enumerate((sheet.performance.results or ()) if sheet.performance else ()):
        text = table.evaluation.split if table.evaluation is not None else None
        other = [kind for kind in _KINDS if kind & set(plain(text or "").split())]
        data = table.evaluation.dataset if table.evaluation is not None else None
        if len(other) == 1 and other != kinds and data is None:
            yield Finding(
                ("performance", "results", index, "evaluation", "split"),
                f"scores are from the split `{text}`, the test data are `{stated.words() if stated else ''}`",
                "correct whichever of the two is wrong",
                related=((("test_data", "split"), "the split of the test data"),),
                severity="warning",
            )


def _on_training(sheet: SheetFields) -> Iterator[Finding]:
    """Warn of splits that are called the training split, where scores are from."""
    places: list[tuple[KeyPath, str]] = []
    test = sheet.test_data
    if test is not None and test.split is not None:
        places.append((("test_data", "split"), test.split.text or ""))
    for index, table in enumerate((sheet.performance.results or ()) if sheet.performance else ()):
        path = ("performance", "results", index)
        if table.evaluation is not None:
            places.append(((*path, "evaluation", "split"), table.evaluation.split or ""))
        places += [
            ((*path, "tasks", row, "evaluation", "split"), task.evaluation.split or "")
            for row, task in enumerate(table.tasks)
            if task.evaluation is not None
        ]
    for place, text in places:
        words = set(plain(text).split())
        if words and words <= _TRAINING and words & _KINDS[0]:
            yield Finding(
                place,
                f"scores are from the split that is called {text}",
                "state the split that the scores are from; if it is this one, say so among the limitations",
                severity="warning",
            )


def _same(training: Dataset, test: Dataset) -> Iterator[Finding]:
    """Report a split that the model was trained and tested on."""
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
    return plain((fact.text or "") if fact is not None else "").split()


RULE = Rule(
    "FS214",
    "same-split",
    "error",
    "a model tested on its training data is tested for its memory",
    _check,
)
