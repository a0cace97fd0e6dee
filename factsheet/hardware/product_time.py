"""How long one product of a vector with a tile takes: from the coding of inputs, the converters, or the throughput."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from factsheet.hardware.constants import Constant, weakest

if TYPE_CHECKING:
    from factsheet.hardware.description import Description
    from factsheet.hardware.quoted import Quoted


class Span(NamedTuple):
    """A stretch of time: how long in s, how that comes about, and the figures that it follows from."""

    seconds: float
    formula: str
    figures: tuple[Quoted, ...]


def product_time(chip: Description, ops: float) -> Constant | None:
    """The time of one product; `None` where the figures do not give it.

    Args:
        chip: its figures.
        ops: operations of one product with the whole tile.
    """
    times, tile = chip.times, chip.tile
    if times and times.mvm:
        return _constant(Span(times.mvm.si, "", (times.mvm,)))
    if tile and tile.rate:
        formula = f"2 × {chip.rows.value} × {chip.cols.value} / ({tile.rate.text})"
        return _constant(Span(ops / tile.rate.si, formula, (tile.rate,)))
    span = _bit_by_bit(chip) if chip.input and chip.input.coding == "bit-serial" else _pulse(chip)
    phases = chip.input.phases if chip.input else None
    if span is not None and phases is not None and phases.si != 1:
        span = Span(phases.si * span.seconds, f"{phases.value} × ({span.formula})", (*span.figures, phases))
    return None if span is None else _constant(span)


def _constant(span: Span) -> Constant:
    """A figure by itself keeps the formula of its own, if it has one."""
    first = span.figures[0]
    alone = len(span.figures) == 1 and span.seconds == first.si
    sources = dict.fromkeys(figure.source for figure in span.figures)
    return Constant(
        span.seconds,
        weakest(figure.standing for figure in span.figures),
        "; ".join(sources),
        (first.formula or "") if alone else span.formula,
    )


def _pulse(chip: Description) -> Span | None:
    """One pulse as long as the largest value, and the conversion of what it leaves on the columns."""
    integration = chip.times.integration if chip.times else None
    if integration is None:
        return None
    converted = _conversion(chip)
    if converted is None:
        return Span(integration.si, integration.text, (integration,))
    return Span(
        integration.si + converted.seconds,
        f"{integration.text} + {converted.formula}",
        (integration, *converted.figures),
    )


def _bit_by_bit(chip: Description) -> Span | None:
    """One cycle for each group of bits that the rows take at once."""
    coding = chip.input
    if coding is None or coding.bits is None or coding.dac_bits is None:
        return None
    cycle = chip.times.cycle if chip.times else None
    if cycle is not None:
        step: Span | None = Span(cycle.si, cycle.text, (cycle,))
    else:
        # Where the cycle itself is not given, the converters set its pace.
        step = _pulse(chip) or _conversion(chip)
    if step is None:
        return None
    cycles = math.ceil(coding.bits.si / coding.dac_bits.si)
    inner = step.formula if cycle is not None else f"({step.formula})"
    return Span(
        cycles * step.seconds,
        f"{cycles} cycles ({coding.bits.text} by {coding.dac_bits.value}) × {inner}",
        (*step.figures, coding.bits, coding.dac_bits),
    )


def _conversion(chip: Description) -> Span | None:
    """Of all columns that share one converter, one after another."""
    converter = chip.converter
    one = (converter.conversion_time or converter.rate) if converter else None
    if converter is None or one is None:
        return None
    is_rate = one is converter.rate
    seconds, shown = (1 / one.si, f"1 / ({one.text})") if is_rate else (one.si, one.text)
    each = converter.columns_each
    if each is None:
        return Span(seconds, shown, (one,))
    shown = f"{each.value} × {shown}" if each.si != 1 else shown
    return Span(each.si * seconds, shown, (one, each))
