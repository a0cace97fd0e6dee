"""Parts of a figure do not make the whole that is stated beside them.

What it does: compares the sizes of `datasets` with the `size` of the data, the examples in a step with the batch, the
batches that are summed and the accelerators, the energies of processors, accelerators and memory with that of all, and
emissions with the energy times the intensity of the grid, with or without the overhead of the data centre. Digits,
ranges and "approx." count in favour of the sheet, and a sum may be off by 2 %, as sums of rounded figures are. What is
left out of a sum is not known, so that parts may stay below the whole where not all of them are stated.

Why it matters: one of the figures is wrong, and readers scale their own estimates by them.

Fails:
    training: {batch_size: 32, gradient_accumulation: 4, total_batch_size: 96}

Passes:
    training: {batch_size: 32, gradient_accumulation: 4, total_batch_size: 128}

How to fix: correct the figure that is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.checks.rules.plausibility.stated import figure_of, stated
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.checks.rule import RuleContext
    from factsheet.checks.rules.plausibility.stated import StatedFigure
    from factsheet.sheet.model import SheetFields

_SLACK = 0.02
_KWH = 3.6e6
_ONE = Interval(1, 1)


class _Whole(NamedTuple):
    """A figure and what its parts make."""

    whole: StatedFigure
    made: Interval
    parts: Sequence[StatedFigure]
    how: str
    dimension: str
    at_least: bool = False
    """Whether parts that are not stated may add to it."""


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    for known in (*_data(sheet), *_batch(sheet), *_energy(sheet), *_carbon(sheet)):
        meant = known.whole.meant
        low, high = known.made.low * (1 - _SLACK), known.made.high * (1 + _SLACK)
        fits = low <= meant.high and (known.at_least or meant.low <= high)
        if fits:
            continue
        yield Finding(
            known.whole.path,
            f"{known.whole.words} is stated, and {known.how} {_words(known.made, known.dimension)}",
            "correct the figure that is wrong",
            related=tuple((part.path, f"`{part.path[-1]}` is {part.words}") for part in known.parts),
        )


def _words(made: Interval, dimension: str) -> str:
    low, high = (format_value(end, dimension) for end in (made.low, made.high))
    return low if low == high else f"{low} to {high}"


def _data(sheet: SheetFields) -> Iterator[_Whole]:
    for section in ("training_data", "test_data"):
        whole = stated(sheet, f"{section}.size")
        rows = getattr(getattr(sheet, section), "datasets", None) or ()
        if whole is None or not rows:
            continue
        sizes = [
            found
            for index, row in enumerate(rows)
            if (found := figure_of((section, "datasets", index, "size"), row.size)) is not None
        ]
        # A range over tasks, such as `2.5k to 393k`, is no sum.
        if sizes and "to" not in whole.words.split():
            some = len(sizes) < len(rows)
            yield _Whole(whole, _sum(sizes), sizes, "its data sets add up to", "count", some)


def _batch(sheet: SheetFields) -> Iterator[_Whole]:
    whole, batch = stated(sheet, "training.total_batch_size"), stated(sheet, "training.batch_size")
    summed = stated(sheet, "training.gradient_accumulation")
    accelerators = stated(sheet, "hardware.training.accelerator_count")
    factors = [found for found in (batch, summed, accelerators) if found is not None]
    if whole is None or batch is None or len(factors) == 1:
        return
    step = batch.meant if summed is None else batch.meant * summed.meant
    # The batch may be that of all accelerators already.
    if accelerators is None or not whole.meant.overlaps(step):
        made = step if accelerators is None else step * accelerators.meant
        unknown = summed is None or accelerators is None
        yield _Whole(whole, made, factors, "batch, summed batches and accelerators make", "count", unknown)


def _energy(sheet: SheetFields) -> Iterator[_Whole]:
    above = "hardware.training"
    whole = stated(sheet, f"{above}.energy")
    names = ("energy_cpu", "energy_gpu", "energy_memory")
    parts = [found for name in names if (found := stated(sheet, f"{above}.{name}")) is not None]
    if whole is not None and len(parts) > 1:
        some = len(parts) < len(names)
        yield _Whole(whole, _sum(parts), parts, "its parts add up to", "energy", some)


def _carbon(sheet: SheetFields) -> Iterator[_Whole]:
    above = "hardware.training"
    whole, energy, intensity, overhead = (
        stated(sheet, f"{above}.{name}")
        for name in ("carbon", "energy", "carbon_intensity", "usage_effectiveness")
    )
    if whole is None or energy is None or intensity is None:
        return
    made = energy.meant.scaled(1 / _KWH) * intensity.meant
    parts = [energy, intensity]
    if overhead is not None:
        made = Interval(made.low, made.high * overhead.meant.high)
        parts.append(overhead)
    yield _Whole(whole, made, parts, "energy and intensity of the grid make", "carbon")


def _sum(parts: Sequence[StatedFigure]) -> Interval:
    return Interval(sum(part.meant.low for part in parts), sum(part.meant.high for part in parts))


RULE = Rule(
    "FS256",
    "parts-against-whole",
    "warning",
    "one of the figures is wrong, and readers scale their own estimates by them",
    _check,
)
