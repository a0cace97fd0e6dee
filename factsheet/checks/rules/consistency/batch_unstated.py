"""A time, power or efficiency does not say which batch it holds at.

What it does: requires `at.batch` of `performance.classification_time`, `performance.energy_efficiency`,
`performance.energy_per_inference`, `performance.throughput` and `parameters.power`, unless the sheet says that its
source leaves it out (`not stated`).

Why it matters: the same chip is four times as fast or as slow per inference, depending on the batch.

Fails:
    classification_time: {value: 0.19 ms, at: {seq_len: 32}}

Passes:
    classification_time: {value: 0.19 ms, at: {seq_len: 32, batch: 4}}

How to fix: add `at: {seq_len: …, batch: …}`; if the source does not say, `batch: not stated`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.networks.declared import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.sheet.model import SheetFields

_FIGURES = (
    ("parameters", "power"),
    ("performance", "classification_time"),
    ("performance", "energy_efficiency"),
    ("performance", "energy_per_inference"),
    ("performance", "throughput"),
)


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    at = "{seq_len: …, batch: …}" if _has_length(sheet) else "{batch: …}"
    for section, field in _FIGURES:
        holder = getattr(sheet, section)
        fact: Fact | None = getattr(holder, field) if holder is not None else None
        quantity = fact.quantity if fact is not None else None
        if fact is not None and quantity is not None and (fact.at is None or fact.at.batch is None):
            yield Finding(
                (section, field),
                f"{quantity.text} is given without the batch that it holds at",
                f"write `{field}: {{value: {quantity.text}, at: {at}}}`, "
                "with `batch: not stated` if the source leaves it out",
            )


def _has_length(sheet: SheetFields) -> bool:
    """Return whether inputs may be sequences; those of a network of images, or of a perceptron, have no length."""
    declared = [
        family for key, family in FAMILIES.items() if getattr(sheet.model_architecture, key, None) is not None
    ]
    return not declared or any(family.tokens for family in declared)


RULE = Rule(
    "FS208",
    "batch-unstated",
    "warning",
    "time, power and efficiency only mean something at a sequence length and a batch",
    _check,
)
