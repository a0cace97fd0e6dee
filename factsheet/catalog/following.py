"""Figures that follow from others of the same sheet, so that those of one row never contradict each other.

What a sheet states comes first, then what follows from that by the identities of `recompute`, and an estimate of the
chip's model last. A figure follows only from figures of one operating point, of one kind of inference, and with the
same parts of the hardware.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypedDict

from factsheet.catalog.entry import ListedFigure
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import format_value
from factsheet.recompute import claims
from factsheet.recompute.identities import (
    BATCH,
    DIMENSIONS,
    LEAST,
    SOLVED,
    WORDS,
    Factor,
    exact_factor,
    solve,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.catalog.entry import QuantityKind
    from factsheet.recompute.identities import Identity

UNSTATED = "not stated"
_DIGITS = 4
_FIELDS = {
    "throughput": "throughput",
    "latency": "execution_time",
    "energy": "energy_per_inference",
    "efficiency": "energy_efficiency",
    "power": "power",
    "tops_per_watt": "tops_per_watt",
    "ops": "total_ops",
}
"""What the identities between figures call those of a catalogue."""
_NAMES = {field: name for name, field in _FIELDS.items()}
_ORDER = tuple(_NAMES[field] for field in SOLVED)
PER_INFERENCE = frozenset({"throughput", "latency", "energy", "efficiency"})
"""Figures that count inferences, whatever one is."""
ENERGIES = frozenset(name for name, field in _FIELDS.items() if field in claims.ENERGIES)
"""Figures that include a tile, a chip, a board or all that is drawn from the wall."""


class FigureBasis(TypedDict):
    """What a figure counts and includes, and the same in words."""

    inference: str
    boundary: str
    basis: str


def basis_of(inference: str, boundary: str) -> FigureBasis:
    """Return what a figure counts and includes, each empty where it does neither."""
    words = (f"per {inference}" if inference else "", boundary)
    return FigureBasis(inference=inference, boundary=boundary, basis=", ".join(filter(None, words)))


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
    for identity in SOLVED[_FIELDS[target]]:
        names = [_NAMES[field] for field in (*identity.above, *identity.below) if field != BATCH]
        # Of what the model alone says, it says the rest, too.
        if any(name not in found for name in names) or all(name in pure for name in names):
            continue
        figure = _worked_out(target, identity, [found[name] for name in names])
        if figure is not None:
            return figure
    return None


def _worked_out(target: str, identity: Identity, parts: Sequence[ListedFigure]) -> ListedFigure | None:
    points = {part.point for part in parts}
    counted = {part.inference for part in parts if part.inference}
    including = {part.boundary for part in parts if part.boundary}
    batch = next((part.batch for part in parts if part.batch is not None), None)
    if any(len(different) > 1 for different in (points, counted, including)):
        return None
    if any(not part.value > 0 for part in parts) or (
        BATCH in (*identity.above, *identity.below) and not batch
    ):
        return None
    fields = [field for field in (*identity.above, *identity.below) if field != BATCH]
    known = {field: [_factor(field, part)] for field, part in zip(fields, parts, strict=True)}
    outcome = solve(_FIELDS[target], identity, {**known, BATCH: [exact_factor(BATCH, batch or 0, "")]})
    if outcome is None:
        return None
    low, high = outcome.reach.low, outcome.reach.high
    if low <= 0 and math.isinf(high):
        return None
    kind: QuantityKind = "bound" if low <= 0 or math.isinf(high) else "point"
    if kind == "point" and any(part.kind != "point" for part in parts):
        kind = "range"
    value = outcome.value if kind != "bound" else high if low <= 0 else low
    point = next(iter(points))
    assumed = len(parts) > 1 and UNSTATED in point
    least = "a run takes at least " if _FIELDS[target] in LEAST else ""
    also = "; assumes that all hold at one operating point, which the sheet does not say" if assumed else ""
    return ListedFigure(
        path=parts[0].path,
        text=written_figure(value, (low, high), kind, DIMENSIONS[_FIELDS[target]]),
        value=value,
        kind=kind,
        low=low,
        high=high,
        origin="estimated" if any(part.origin == "estimated" for part in parts) else "worked out",
        point=point,
        batch=batch,
        note=f"{least}{identity.formula}{also}",
        **basis_of(
            next(iter(counted), "") if target in PER_INFERENCE else "",
            next(iter(including), "") if target in ENERGIES else "",
        ),
    )


def _factor(field: str, part: ListedFigure) -> Factor:
    return Factor(WORDS[field], part.text, part.value, Interval(max(part.low, 0.0), part.high), part.path)


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
