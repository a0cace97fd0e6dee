"""Judge the cells of a row against the first: by digits, ranges and tolerances, then by which end is the better one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from factsheet.comparing.changes import effect_of
from factsheet.comparing.wording import amount, moved_by
from factsheet.facts.fact import Fact
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import parse_quantity, to_digits
from factsheet.recompute.claims import Claim
from factsheet.recompute.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.comparing.changes import Effect
    from factsheet.comparing.columns import ComparedCell
    from factsheet.recompute.verdict import VerdictKind

_SAME = {"within_tolerance": "within the stated tolerance", "within_written": "the same, as far as they go"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellJudgement:
    """How a cell compares with that of the first column that has one.

    Attributes:
        words: `350 times as much, worse`; empty where there is nothing to compare.
        effect: whether it is the better or the worse one.
        verdict: how the two compare by their digits, ranges and tolerances.
        ratio: this one over the first.
        ratio_reach: all that the ratio can be by the ranges of both; `None` where neither has one.
        unjudged: why it is neither better nor worse, though both have a figure.
    """

    words: str = ""
    effect: Effect | None = None
    verdict: VerdictKind | None = None
    ratio: float | None = None
    ratio_reach: Interval | None = None
    unjudged: str = ""


def judge_cells(
    cells: Sequence[ComparedCell], dimension: str, *, higher: bool | None, why_not: str = ""
) -> tuple[CellJudgement | None, ...]:
    """Return how each cell compares with the first that has a value."""
    first = next((cell for cell in cells if cell.value is not None), None)
    return tuple(
        None
        if first is None or cell is first or cell.value is None
        else CellJudgement(words=why_not)
        if why_not
        else compare_cells(first, cell, dimension, higher=higher)
        for cell in cells
    )


def compare_cells(
    first: ComparedCell, cell: ComparedCell, dimension: str, *, higher: bool | None
) -> CellJudgement:
    """Return how a figure compares with that of the first column.

    Args:
        first: that of the first column; it has a value.
        cell: the other; it has one too.
        dimension: of both.
        higher: whether more is better.
    """
    assert first.value is not None  # noqa: S101  the caller has looked
    assert cell.value is not None  # noqa: S101  likewise
    unlike = _counts_another(first, cell) or _other_score(first, cell)
    apart = _other_boundary(first, cell)
    on_device = first.on_device or cell.on_device
    if unlike or (apart and not (on_device and "tile" not in {first.boundary, cell.boundary})):
        return CellJudgement(words=f"not compared: {unlike or apart}")
    unjudged = apart or first.assumed or cell.assumed
    found = CellJudgement(
        ratio=cell.value / first.value if first.value else None,
        ratio_reach=_ratio_reach(first, cell),
        unjudged=unjudged,
    )
    if (first.text, first.value) == (cell.text, cell.value):
        return replace(found, words="the same", verdict="agrees", ratio_reach=None)
    verdict = judge(_claim(first, dimension), cell.value, reach=cell.reach)
    bound = _is_bound(first) or _is_bound(cell)
    if verdict.kind != "differs":
        if bound:
            words = f"cannot be told apart: {_bounds(first, cell)}"
            return CellJudgement(words=words, verdict="not_comparable")
        return replace(found, words=_SAME.get(verdict.kind, "the same"), verdict=verdict.kind)
    found = replace(found, verdict=verdict.kind)
    if bound:
        moved = f"{'more' if cell.value > first.value else 'less'}, by how much is not known"
        found = replace(found, ratio=None)
    else:
        moved = _moved(first, cell)
    if unjudged:
        return replace(found, words=f"{moved}; not judged: {unjudged}")
    effect = _effect(first, cell, higher=higher)
    return replace(found, words=", ".join(filter(None, (moved, effect))), effect=effect)


def _effect(first: ComparedCell, cell: ComparedCell, *, higher: bool | None) -> Effect | None:
    """Return whether a figure that differs is the better or the worse one; `None` where nobody says."""
    assert first.value is not None  # noqa: S101  as in the caller
    assert cell.value is not None  # noqa: S101  likewise
    if cell.leaf is not None and first.leaf is not None and cell.leaf.scale is not None:
        return effect_of(first.leaf, cell.leaf, cell.value - first.value)
    return None if higher is None else "better" if (cell.value > first.value) == higher else "worse"


def _ratio_reach(first: ComparedCell, cell: ComparedCell) -> Interval | None:
    """Return all that the multiple can be by the ranges of both; `None` where neither has one with two ends."""
    one, other = first.reach, cell.reach
    if (one is None and other is None) or first.value is None or cell.value is None:
        return None
    one = one or Interval(first.value, first.value)
    other = other or Interval(cell.value, cell.value)
    if min(one.low, other.low) <= 0 or not math.isfinite(one.high + other.high):
        return None
    return Interval(other.low / one.high, other.high / one.low)


def _other_boundary(first: ComparedCell, cell: ComparedCell) -> str:
    """Say why two energies are not of the same thing; empty where they are."""
    both = {first.boundary, cell.boundary}
    if "" in both or len(both) == 1:
        return ""
    return f"{first.text} is of the {first.boundary}, and {cell.text} of the {cell.boundary}"


def _counts_another(first: ComparedCell, cell: ComparedCell) -> str:
    """Say why two figures do not count the same: another inference, or other tiles."""
    if first.per == cell.per or "" in {first.per, cell.per}:
        return ""
    return f"{first.text} is {first.per}, and {cell.text} {cell.per}"


def _is_bound(cell: ComparedCell) -> bool:
    """Return whether a figure says only how large, or how small, something is at most."""
    if cell.claim is not None and cell.claim.quantity.kind == "bound":
        return True
    quantity = (
        cell.leaf.value.quantity if cell.leaf is not None and isinstance(cell.leaf.value, Fact) else None
    )
    return (quantity is not None and quantity.kind == "bound") or cell.text.startswith(
        ("at least ", "at most ")
    )


def _bounds(first: ComparedCell, cell: ComparedCell) -> str:
    return " and ".join(f"{one.text} is a bound" for one in (first, cell) if _is_bound(one))


def _other_score(first: ComparedCell, cell: ComparedCell) -> str:
    """Say why two scores are not of the same thing, by their metrics; empty where they are, and for other figures."""
    if first.leaf is None or cell.leaf is None or None in (first.leaf.scale, cell.leaf.scale):
        return ""
    one, other = first.leaf.scale, cell.leaf.scale
    assert one is not None  # noqa: S101  looked at above
    assert other is not None  # noqa: S101  likewise
    if not one.like(other) or (
        one.known is not None and other.known is not None and one.known != other.known
    ):
        return "the metrics differ"
    return "" if first.of == cell.of else "what they are scores of differs"


def _moved(first: ComparedCell, cell: ComparedCell) -> str:
    assert first.value is not None  # noqa: S101  as in the caller
    assert cell.value is not None  # noqa: S101  likewise
    if cell.leaf is not None and cell.leaf.scale is not None:
        return amount(first.value, cell.value, cell.leaf)
    if first.on_device or cell.on_device:
        return _factors(first, cell)
    return moved_by(first.value, cell.value)


def _factors(first: ComparedCell, cell: ComparedCell) -> str:
    """Return how many times as much an estimate of a device is, by all that both can be: `170 to 460 times as much`."""
    assert first.value is not None  # noqa: S101  as in the caller
    assert cell.value is not None  # noqa: S101  likewise
    if first.value <= 0 or cell.value <= 0:
        return moved_by(first.value, cell.value)
    ratio = cell.value / first.value
    reach = _ratio_reach(first, cell) or Interval(ratio, ratio)
    ends = (reach.low, reach.high) if ratio > 1 else (1 / reach.high, 1 / reach.low)
    shown = dict.fromkeys(to_digits(end, 2) for end in ends)
    direction = "as much" if cell.value > first.value else "less"
    return f"{' to '.join(shown)} times {direction}{'' if cell.reach is not None else ', ± not known'}"


def _claim(cell: ComparedCell, dimension: str) -> Claim:
    """Return a cell as what another is judged against: the claim, or the figure with the digits that are shown."""
    if cell.claim is not None:
        return cell.claim
    assert cell.value is not None  # noqa: S101  the caller has looked
    quantity = parse_quantity(cell.text.removeprefix("at least ").removeprefix("at most "), dimension)
    reach = cell.reach or Interval(min(quantity.low, cell.value), max(quantity.high, cell.value))
    return Claim(
        path=(), quantity=replace(quantity, value=cell.value, low=reach.low, high=reach.high, kind="range")
    )
