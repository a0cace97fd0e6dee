"""Figures that follow from others of the same sheet, so that those of one row never contradict each other.

What a sheet states comes first, then what follows from that, and an estimate of the chip's model last: power is energy
times rate, an efficiency is one over an energy, and a batch takes no less time than the rate leaves it. A figure
follows only from figures of one operating point, of one kind of inference, and with the same parts of the hardware.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.catalog.entry import ListedFigure
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.catalog.entry import QuantityKind

UNSTATED = "not stated"
_DIGITS = 4
_BATCH = re.compile(r"batch ([\d,]+)")


class _FigureRule(NamedTuple):
    """How a figure follows: the product of some figures over that of others, of a batch or not.

    Attributes:
        target: what follows.
        over: figures that are multiplied.
        under: figures that are divided by.
        formula: the same in words.
        batch: the power of the batch's size that it is multiplied by.
        least: whether it is the least that the figure can be.
    """

    target: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    formula: str
    batch: int = 0
    least: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """All figures that it needs."""
        return self.over + self.under


_RULES = (
    _FigureRule("throughput", ("power",), ("energy",), "power / energy per inference"),
    _FigureRule(
        "latency", (), ("throughput",), "a batch takes at least batch / throughput", batch=1, least=True
    ),
    _FigureRule("energy", (), ("efficiency",), "1 / efficiency"),
    _FigureRule("energy", ("power",), ("throughput",), "power / throughput"),
    _FigureRule("efficiency", (), ("energy",), "1 / energy per inference"),
    _FigureRule("power", ("energy", "throughput"), (), "energy per inference · throughput"),
    _FigureRule("tops_per_watt", ("ops", "efficiency"), (), "operations · efficiency / batch", batch=-1),
)
_ORDER = tuple(dict.fromkeys(rule.target for rule in _RULES))
_DIMENSIONS = {
    "throughput": "throughput",
    "latency": "time",
    "energy": "energy",
    "efficiency": "inferences_per_second_per_watt",
    "power": "power",
    "tops_per_watt": "ops_per_second_per_watt",
}
_COUNTED = frozenset({"throughput", "latency", "energy", "efficiency"})
_INCLUDING = frozenset({"energy", "efficiency", "power", "tops_per_watt"})


def completed(
    known: Mapping[str, ListedFigure], modelled: Mapping[str, ListedFigure]
) -> dict[str, ListedFigure]:
    """Return the figures of a sheet with those that follow from them, and estimates only of what does not.

    Args:
        known: figures that are stated, or that were worked out from what is.
        modelled: what the model of the chip estimates, of the same and other figures.
    """
    found = dict(known)
    before = -1
    while len(found) != before:
        before = len(found)
        for target in _ORDER:
            if target not in found and (figure := _following(target, found)) is not None:
                found[target] = figure
    pure = {name for name in modelled if name not in found and name not in _ORDER}
    found.update((name, modelled[name]) for name in pure)
    for target in _ORDER:
        if target in found:
            continue
        figure = _following(target, found, pure)
        if figure is None and target in modelled:
            pure.add(target)
            figure = modelled[target]
        if figure is not None:
            found[target] = figure
    return found


def _following(
    target: str, found: Mapping[str, ListedFigure], pure: set[str] | frozenset[str] = frozenset()
) -> ListedFigure | None:
    """Return what a figure is by others; `None` where all those are the model's, which has the figure itself."""
    for rule in _RULES:
        if rule.target != target or any(part not in found for part in rule.parts):
            continue
        # Of what the model alone says, it says the rest, too.
        if all(part in pure for part in rule.parts):
            continue
        figure = _worked_out(rule, [found[part] for part in rule.parts])
        if figure is not None:
            return figure
    return None


def _worked_out(rule: _FigureRule, parts: Sequence[ListedFigure]) -> ListedFigure | None:
    point = _common([part.point for part in parts])
    counted = _common([words for part in parts for words in _bases(part) if words.startswith("per ")])
    including = _common([words for part in parts for words in _bases(part) if not words.startswith("per ")])
    factor = _batch_factor(point, rule.batch)
    if None in (point, counted, including, factor) or any(not part.value > 0 for part in parts):
        return None
    value, low, high = factor or 1.0, factor or 1.0, factor or 1.0
    for place, part in enumerate(parts):
        if place < len(rule.over):
            value, low, high = value * part.value, low * max(part.low, 0.0), high * part.high
        else:
            value, low = value / part.value, low / part.high
            high = high / part.low if part.low > 0 else math.inf
    if rule.least:
        high = math.inf
    if not (math.isfinite(value) and low <= high) or (low <= 0 and math.isinf(high)):
        return None
    kind: QuantityKind = "bound" if low <= 0 or math.isinf(high) else "point"
    if kind == "point" and any(part.kind != "point" for part in parts):
        kind = "range"
    if kind == "bound":
        value = high if low <= 0 else low
    assumed = len(parts) > 1 and point is not None and UNSTATED in point
    also = "; assumes that all hold at one operating point, which the sheet does not say" if assumed else ""
    basis = [
        counted if rule.target in _COUNTED and counted else "",
        including if rule.target in _INCLUDING and including else "",
    ]
    return ListedFigure(
        path=parts[0].path,
        text=written_figure(value, (low, high), kind, _DIMENSIONS[rule.target]),
        value=value,
        kind=kind,
        low=low,
        high=high,
        origin="estimated" if any(part.origin == "estimated" for part in parts) else "worked out",
        point=point or "",
        basis=", ".join(filter(None, basis)),
        note=f"{rule.formula}{also}",
    )


def _bases(figure: ListedFigure) -> Iterator[str]:
    yield from (words for words in figure.basis.split(", ") if words)


def _common(words: Sequence[str]) -> str | None:
    """Return what all say; empty where none says anything, `None` where two differ."""
    different = set(words)
    return None if len(different) > 1 else next(iter(different), "")


def _batch_factor(point: str | None, power: int) -> float | None:
    """Return the batch's size to a power; `None` where it is needed and not stated."""
    if not power:
        return 1.0
    stated = _BATCH.search(point or "")
    size = 0.0 if stated is None else float(stated[1].replace(",", ""))
    return size**power if size > 0 else None


def written_figure(value: float, ends: tuple[float, float], kind: QuantityKind, dimension: str) -> str:
    """Write a figure that was worked out, with no more digits than its ends allow, and a bound rounded outwards.

    Args:
        value: in the base unit.
        ends: the least and the most that it can be.
        kind: whether it is a single figure, a range or a bound.
        dimension: a name in `DIMENSIONS`.
    """
    low, high = ends
    if kind == "bound":
        least = math.isinf(high)
        end = _rounded(low if least else high, _DIGITS, up=not least)
        return f"at {'least' if least else 'most'} {format_value(end, dimension, _DIGITS)}"
    if kind == "range":
        return " to ".join(format_value(_rounded(end, _DIGITS), dimension, _DIGITS) for end in ends)
    half = (high - low) / 2
    digits = _DIGITS
    if half > 0 and math.isfinite(half):
        digits = math.floor(math.log10(value)) - math.floor(math.log10(half)) + 1
    return format_value(_rounded(value, min(max(digits, 1), _DIGITS)), dimension, _DIGITS)


def _rounded(value: float, digits: int, *, up: bool | None = None) -> float:
    """Round to significant digits: to the nearest, or up or down."""
    near = float(f"{value:.{digits - 1}e}")
    if up is None or value <= 0 or near == value or (near > value) is up:
        return near
    step = 10.0 ** (math.floor(math.log10(value)) - digits + 1)
    return float(f"{near + (step if up else -step):.{digits - 1}e}")
