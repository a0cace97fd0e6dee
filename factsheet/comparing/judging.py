"""Judge the cells of a row against the first: by digits, ranges and tolerances, then by which end is the better one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from factsheet.comparing.changes import effect_of
from factsheet.comparing.wording import amount, moved_by
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.claims import CHIP, Claim
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
    """

    words: str = ""
    effect: Effect | None = None
    verdict: VerdictKind | None = None
    ratio: float | None = None


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
    ratio = cell.value / first.value if first.value else None
    unlike = _other_boundary(first, cell) or _other_score(first, cell)
    if unlike:
        return CellJudgement(words=f"not compared: {unlike}")
    if (first.text, first.value) == (cell.text, cell.value):
        return CellJudgement(words="the same", verdict="agrees", ratio=ratio)
    verdict = judge(_claim(first, dimension), cell.value, reach=cell.reach)
    if verdict.kind != "differs":
        return CellJudgement(words=_SAME.get(verdict.kind, "the same"), verdict=verdict.kind, ratio=ratio)
    moved = _moved(first, cell)
    if cell.leaf is not None and first.leaf is not None and cell.leaf.scale is not None:
        effect = effect_of(first.leaf, cell.leaf, cell.value - first.value)
    else:
        effect = None if higher is None else "better" if (cell.value > first.value) == higher else "worse"
    words = ", ".join(filter(None, (moved, effect)))
    return CellJudgement(words=words, effect=effect, verdict=verdict.kind, ratio=ratio)


def _other_boundary(first: ComparedCell, cell: ComparedCell) -> str:
    """Say why two energies are not of the same thing; a chip and a digital device are what they are, and say it."""
    if first.claim is not None and cell.claim is not None and first.claim.of_part != cell.claim.of_part:
        return "an inference is another thing in each"
    both = {first.boundary, cell.boundary}
    if "" in both or len(both) == 1:
        return ""
    if (first.on_device or cell.on_device) and "tile" not in both and CHIP in both:
        return ""
    return f"{first.text} is of the {first.boundary}, and {cell.text} of the {cell.boundary}"


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
    return moved_by(first.value, cell.value)


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
