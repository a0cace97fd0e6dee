"""Which of many points are worth a look: those that no other point beats in one respect and equals in the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLANE = 2


def front(points: Sequence[tuple[float, ...]]) -> list[int]:
    """The positions of the points that none dominates, in their order.

    A point dominates another if it is no larger in any coordinate and smaller in at least one. Of equal points that
    none dominates, all are on the front.

    Args:
        points: all of one dimension, smaller is better, and none of them not a number.
    """
    # In this order a point can only be dominated by one before it.
    order = sorted(range(len(points)), key=points.__getitem__)
    if points and len(points[0]) == _PLANE:
        return sorted(_plane(points, order))
    kept: list[int] = []
    vectors: list[tuple[float, ...]] = []
    for position in order:
        point = points[position]
        if vectors and point == vectors[-1]:
            kept.append(position)
        elif not any(all(map(_no_larger, other, point)) for other in vectors):
            kept.append(position)
            vectors.append(point)
    return sorted(kept)


def _no_larger(left: float, right: float) -> bool:
    return left <= right


def _plane(points: Sequence[tuple[float, ...]], order: list[int]) -> list[int]:
    """In two dimensions the front goes down: a point is on it if it is lower than all before it, or equals the last."""
    kept: list[int] = []
    last: tuple[float, ...] | None = None
    for position in order:
        point = points[position]
        if last is None or point[1] < last[1] or point == last:
            kept.append(position)
            last = point
    return kept
