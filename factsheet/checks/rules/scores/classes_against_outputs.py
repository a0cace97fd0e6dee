"""A task has another number of classes than the network has outputs, or than the data's text says.

What it does: compares `classes` of a row with the outputs that the declared network has: the last width of an MLP, the
last dense layer of a convolutional or recurrent network, the head of a vision transformer. A network with one output
tells two classes apart. Several tasks with classes of their own are scored by several heads, and ignored. Where no
outputs are declared, the one row is compared with `Classification into 10 classes` in the text of the data.

Why it matters: a network of ten outputs was not scored on nine classes; one of the two is about something else.

Fails:
    model_architecture: {mlp: {sizes: [64, 32, 10]}}
    performance:
      results:
        - name: Digits
          systems: [{id: chip, name: Chip}]
          tasks: [{task: digits, type: classification, classes: 9, scores: {chip: 91.40 %}}]

Passes:
    model_architecture: {mlp: {sizes: [64, 32, 10]}}
    performance:
      results:
        - name: Digits
          systems: [{id: chip, name: Chip}]
          tasks: [{task: digits, type: classification, classes: 10, scores: {chip: 91.40 %}}]

How to fix: correct `classes` or the width of the last layer; if the network has outputs that are not used, say so in
the row's `note`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import Task
    from factsheet.source.document import KeyPath

_TEXT = r"(?i)\b(?:classif\w+|sort\w*)\b[^.\d]{0,30}?(\d[\d,]*)\s+(?:different\s+)?(?:classes|categories)\b"
_TWO = 2
_MOST = 3


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    rows = list(_rows(sheet))
    outputs = _outputs(sheet)
    if outputs is not None:
        width, where = outputs
        right = {width, _TWO} if width == 1 else {width}
        wrong = [entry for entry in rows if entry[2] not in right]
        # Tasks that differ among themselves are scored by heads of their own.
        several = len({task.task for _, task, _ in rows}) > 1 and len(rows) < _MOST * len(wrong)
        for path, task, classes in wrong:
            if not several and not task.note:
                yield Finding(
                    (*path, "classes"),
                    f"{task.task} has {classes} classes, but the network has {width:,} outputs",
                    "correct `classes` or the last layer, or say in the row's `note` which outputs are not used",
                    related=((where, f"{width:,} outputs"),),
                )
    yield from _against_text(sheet, rows) if outputs is None else _text_against(sheet, *outputs)


def _rows(sheet: SheetFields) -> Iterator[tuple[KeyPath, Task, int]]:
    for index, table in enumerate((sheet.performance.results or ()) if sheet.performance else ()):
        for row, task in enumerate(table.tasks):
            classes = task.classes.whole if task.classes is not None else None
            if classes is not None and task.type != "regression":
                yield ("performance", "results", index, "tasks", row), task, classes


def _against_text(sheet: SheetFields, rows: list[tuple[KeyPath, Task, int]]) -> Iterator[Finding]:
    """Compare the one number of classes that the data's text gives with rows, where all of them have the same."""
    for section, data in (("test_data", sheet.test_data), ("training_data", sheet.training_data)):
        fact = data.task_types if data is not None else None
        found = re.findall(_TEXT, (fact.text or "") if fact is not None else "")
        stated = {int(number.replace(",", "")) for number in found}
        counts = {classes for _, _, classes in rows}
        if len(stated) == 1 and len(counts) == 1 and stated != counts and len(rows) == 1:
            path, task, classes = rows[0]
            yield Finding(
                (*path, "classes"),
                f"{task.task} has {classes} classes here, and {stated.pop()} in `{section}.task_types`",
                "correct whichever of the two is wrong",
                related=(((section, "task_types"), "the number of classes is here as well"),),
            )
            return


def _text_against(sheet: SheetFields, width: int, where: KeyPath) -> Iterator[Finding]:
    """Compare the one number of classes that the data's text gives with the network's outputs."""
    for section, data in (("test_data", sheet.test_data), ("training_data", sheet.training_data)):
        fact = data.task_types if data is not None else None
        found = re.findall(_TEXT, (fact.text or "") if fact is not None else "")
        stated = {int(number.replace(",", "")) for number in found}
        if len(stated) == 1 and not stated & ({width, _TWO} if width == 1 else {width}):
            classes = stated.pop()
            yield Finding(
                (section, "task_types"),
                f"the data have {classes} classes, but the network has {width:,} outputs",
                "correct whichever of the two is wrong",
                related=((where, f"{width:,} outputs"),),
            )


def _outputs(sheet: SheetFields) -> tuple[int, KeyPath] | None:
    """Return the width of the network's last layer with its place; `None` where the sheet does not declare one."""
    network = sheet.model_architecture
    if network is None:
        return None
    path: KeyPath = ("model_architecture",)
    if network.mlp is not None and network.mlp.sizes.wholes:
        return network.mlp.sizes.wholes[-1], (*path, "mlp", "sizes")
    convolutional = network.convolutional
    if convolutional is not None and convolutional.layers and convolutional.layers[-1].kind == "linear":
        last = convolutional.layers[-1]
        where = (*path, "convolutional", "layers", len(convolutional.layers) - 1, "channels")
        return None if last.channels is None else (last.channels, where)
    for key, field in (("recurrent", "outputs"), ("vision_transformer", "classes")):
        declared = getattr(network, key, None)
        fact = getattr(declared, field, None) if declared is not None else None
        if fact is not None and fact.whole is not None:
            return fact.whole, (*path, key, field)
    return None


RULE = Rule(
    "FS244",
    "classes-against-outputs",
    "warning",
    "a network of ten outputs was not scored on nine classes; one of the two is about something else",
    _check,
)
