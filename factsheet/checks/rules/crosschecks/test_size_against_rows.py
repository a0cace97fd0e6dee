"""The size of the test data is that of no row of the result tables.

What it does: where `test_data.size` is one number and every row of the result tables has a `size`, looks for a row with
it, or for rows of a table, or of all tables, that add up to it. Rows of the size of the training data are left out.

Why it matters: how far a score can be trusted depends on how many examples it is from.

Fails:
    test_data: {name: Digits, size: 405}
    performance:
      results: [{name: Digits, systems: [{id: a, name: Analog}], tasks: [{task: digits, size: 450, scores: {a: 91 %}}]}]

Passes:
    test_data: {name: Digits, size: 450}
    performance:
      results: [{name: Digits, systems: [{id: a, name: Analog}], tasks: [{task: digits, size: 450, scores: {a: 91 %}}]}]

How to fix: correct the size that was mistyped, or that of a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.quantities.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.datasets import Dataset
    from factsheet.sheet.performance import ResultTable
    from factsheet.source.document import KeyPath

_FEWEST = 2
"""Rows from which on one that differs is remarkable."""
_MOST_NAMED = 20
"""Rows that a finding names."""


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    tested, trained = _size(sheet.test_data), _size(sheet.training_data)
    tables = (sheet.performance.results or ()) if sheet.performance else ()
    if tested is None or tested.kind != "point" or not tables:
        return
    yield from _outliers(tables, tested)
    others: list[tuple[KeyPath, Quantity]] = []
    every = [_sizes(table) for table in tables]
    if _add_up(tested, [size for sizes in every for size in sizes]):
        return
    for index, sizes in enumerate(every):
        if not sizes or _add_up(tested, sizes):
            return
        for row, size in enumerate(sizes):
            if tested.meant.overlaps(size.meant):
                return
            if trained is None or not trained.meant.overlaps(size.meant):
                others.append((("performance", "results", index, "tasks", row, "size"), size))
    if others:
        texts = list(dict.fromkeys(size.text for _, size in others))
        shown = (
            texts[0]
            if len(texts) == 1
            else f"{', '.join(texts[:3])}{' and others' if len(texts) > len(texts[:3]) else ''}"
        )
        yield Finding(
            ("test_data", "size"),
            f"the test data has {tested.text} examples here, and {shown} in the result tables",
            "correct the one that was mistyped",
            related=tuple((path, size.text) for path, size in others[:_MOST_NAMED]),
            confidence="medium",
        )


def _outliers(tables: tuple[ResultTable, ...], tested: Quantity) -> Iterator[Finding]:
    """Report the one row of another size where all others are of the size of the test data."""
    rows = [
        (("performance", "results", index, "tasks", row, "size"), task.task, size)
        for index, table in enumerate(tables)
        for row, task in enumerate(table.tasks)
        if task.size is not None and (size := task.size.quantity) is not None
    ]
    strange = [entry for entry in rows if not entry[2].meant.overlaps(tested.meant)]
    if len(strange) == 1 and len(rows) > _FEWEST:
        path, task, size = strange[0]
        yield Finding(
            path,
            f"{task} has {size.text} examples here, and all other rows have those of the test data: {tested.text}",
            "correct the one that was mistyped",
            related=((("test_data", "size"), tested.text),),
            confidence="medium",
        )


def _add_up(tested: Quantity, sizes: list[Quantity]) -> bool:
    """Return whether sizes add up to that of the test data."""
    total = Interval(sum(size.meant.low for size in sizes), sum(size.meant.high for size in sizes))
    return tested.meant.overlaps(total)


def _size(data: Dataset | None) -> Quantity | None:
    return data.size.quantity if data is not None and data.size is not None else None


def _sizes(table: ResultTable) -> list[Quantity]:
    """Return the sizes of a table's rows; none where one of them has none."""
    sizes = [size for task in table.tasks if task.size and (size := task.size.quantity) is not None]
    return sizes if len(sizes) == len(table.tasks) else []


RULE = Rule(
    "FS226",
    "test-size-against-rows",
    "warning",
    "how far a score can be trusted depends on how many examples it is from",
    _check,
)
