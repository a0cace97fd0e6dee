"""An operating point exceeds what the model takes, or what the sheet says it is meant for.

What it does: compares each operating point, and the `at` of power, time, throughput and efficiency, with the model's
positions, with the optimum of the hardware and with the longest sequence of the training and test data; and that with
the positions.

Why it matters: figures at an operating point that cannot be run, or that nobody evaluated, mislead.

Fails:
    parameters: {optimum: {seq_len: up to 128}, operating_points: [{seq_len: 1024, batch: 1}]}

Passes:
    parameters: {optimum: {seq_len: up to 128}, operating_points: [{seq_len: 128, batch: 1}]}

How to fix: correct the operating point, or the range that it is compared with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.claims import points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import At, Fact
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.source.document import KeyPath


_FIGURES = {
    "parameters": ("power",),
    "performance": (
        "classification_time",
        "energy_efficiency",
        "energy_per_inference",
        "throughput",
        "tops_per_watt",
    ),
}


class _AllowedRange(NamedTuple):
    """A fact that limits operating points, with what it is and where."""

    what: str
    fact: Fact | None
    path: KeyPath


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    lengths, batches = _ranges(sheet)
    yield from _longest(sheet)
    stated_points: list[tuple[KeyPath, OperatingPoint | At]] = [*points(sheet), *_stated_at(sheet)]
    for path, point in stated_points:
        for field, stated, ranges in (("seq_len", point.seq_len, lengths), ("batch", point.batch, batches)):
            if isinstance(stated, int):
                for allowed in ranges:
                    yield from _compare(stated, (*path, field), allowed)


def _longest(sheet: SheetFields) -> Iterator[Finding]:
    """Compare the longest sequence of the data with the positions that the model has."""
    architecture = sheet.model_architecture
    encoder = architecture.transformer_encoder if architecture else None
    positions = encoder.positions.whole if encoder and encoder.positions else None
    for section, data in (("training_data", sheet.training_data), ("test_data", sheet.test_data)):
        longest = data.max_seq_len.quantity if data is not None and data.max_seq_len is not None else None
        if longest is not None and positions is not None and longest.value > positions:
            yield Finding(
                (section, "max_seq_len"),
                f"sequences of {longest.text} tokens are longer than the model takes: {positions} positions",
                "correct one of the two; sequences that are cut are as long as they are then",
                related=(
                    (("model_architecture", "transformer_encoder", "positions"), f"{positions} positions"),
                ),
            )


def _stated_at(sheet: SheetFields) -> Iterator[tuple[KeyPath, At]]:
    """Yield the operating points that figures outside the list of points are said to hold at."""
    for section, fields in _FIGURES.items():
        holder = getattr(sheet, section)
        for field in fields if holder is not None else ():
            fact: Fact | None = getattr(holder, field)
            if fact is not None and fact.at is not None:
                yield (section, field, "at"), fact.at


def _ranges(sheet: SheetFields) -> tuple[list[_AllowedRange], list[_AllowedRange]]:
    lengths: list[_AllowedRange] = []
    batches: list[_AllowedRange] = []
    architecture, parameters = sheet.model_architecture, sheet.parameters
    if architecture is not None and architecture.transformer_encoder is not None:
        positions = architecture.transformer_encoder.positions
        where = ("model_architecture", "transformer_encoder", "positions")
        lengths.append(_AllowedRange("the positions that the model has", positions, where))
    if parameters is not None and parameters.optimum is not None:
        optimum = parameters.optimum
        lengths.append(
            _AllowedRange("the hardware's optimum", optimum.seq_len, ("parameters", "optimum", "seq_len"))
        )
        batches.append(
            _AllowedRange("the hardware's optimum", optimum.batch, ("parameters", "optimum", "batch"))
        )
    for section, data in (("training_data", sheet.training_data), ("test_data", sheet.test_data)):
        if data is not None:
            lengths.append(
                _AllowedRange(f"the sequences of {section}", data.max_seq_len, (section, "max_seq_len"))
            )
    return lengths, batches


def _compare(stated: int, path: KeyPath, allowed: _AllowedRange) -> Iterator[Finding]:
    what, fact, where = allowed
    if fact is None:
        return
    if fact.whole is not None:
        low, high, text = 1.0, float(fact.whole), str(fact.whole)
    elif fact.quantity is not None:
        quantity = fact.quantity
        low, high, text = quantity.meant.low, quantity.meant.high, quantity.text
        if quantity.kind == "point":
            low = 1.0  # a longest sequence given as one number is an upper bound
    else:
        return
    if not low <= stated <= high:
        yield Finding(
            path,
            f"{stated} is outside {what}: {text}",
            "correct the operating point, or the range",
            related=((where, f"{text} is stated here"),),
        )


RULE = Rule(
    "FS209",
    "point-out-of-range",
    "warning",
    "figures at an operating point that cannot be run, or that nobody evaluated, mislead",
    _check,
)
