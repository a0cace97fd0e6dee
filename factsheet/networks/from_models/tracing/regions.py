"""Say which cells of a stored tensor a view of it holds, whatever it was sliced, transposed or copied through.

A region is a first cell and steps from it. Two views hold the same cells where their regions are equal; of regions that
share some of their cells, `shared_parts` finds the parts that are common.
"""

from __future__ import annotations

from math import gcd, prod
from typing import TYPE_CHECKING, NamedTuple

from factsheet.networks.from_models.imports import need

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

Axis = tuple[int, int]
"""Cells along an axis, and the step from one to the next."""
_MOST_UNITS = 2**26
"""Cells, or runs of cells, that are compared one by one; larger tensors are not."""


class CellRegion(NamedTuple):
    """Cells of a flat storage."""

    offset: int
    axes: tuple[Axis, ...]
    """The longest step first; axes that follow each other without a gap are one."""

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return prod(size for size, _ in self.axes)


class CopyLayout(NamedTuple):
    """How the cells of a copy, which is contiguous, follow from those of the storage that it was copied from."""

    offset: int
    axes: tuple[tuple[int, int], ...]
    """Size of each axis of the copy, and the step in what was copied; 0 along an axis that repeats it."""


def region(offset: int, axes: Sequence[Axis]) -> CellRegion:
    """Return the region of a view, in its only form."""
    steps = sorted(((size, step) for size, step in axes if size != 1 and step), key=lambda axis: -axis[1])
    merged: list[Axis] = []
    for size, step in steps:
        if merged and merged[-1][1] == size * step:
            merged[-1] = (merged[-1][0] * size, step)
        else:
            merged.append((size, step))
    return CellRegion(offset, tuple(merged))


def spread(
    shape: Sequence[int], offset: int, axes: Sequence[Axis]
) -> list[list[tuple[int, int, int]]] | None:
    """Return, for each axis of a contiguous tensor, the runs of a view along it: cells, step and the view's axis.

    The first entry of each list holds the start along that axis, as `(start, 0, -1)`. `None` where the view crosses
    from one row into the next.
    """
    steps = [prod(shape[place + 1 :]) for place in range(len(shape))]
    starts = [offset // step % size if size else 0 for size, step in zip(shape, steps, strict=True)]
    found: list[list[tuple[int, int, int]]] = [[(start, 0, -1)] for start in starts]
    reach = list(starts)
    for own, (size, step) in enumerate(axes):
        if size == 1 or not step:
            continue
        left, stride = size, step
        while left > 1:
            place = next(
                (
                    p
                    for p in range(len(shape) - 1, -1, -1)
                    if shape[p] > 1 and steps[p] <= stride < steps[p] * shape[p]
                ),
                -1,
            )
            if place < 0 or stride % steps[place]:
                return None
            each = stride // steps[place]
            here = left
            if reach[place] + each * (left - 1) >= shape[place]:  # goes on along the axis before
                here = shape[place] // each
                if reach[place] or shape[place] % each or left % here or here == 1:
                    return None
            found[place].append((here, each, own))
            reach[place] += each * (here - 1)
            left //= here
            stride = steps[place] * shape[place]
    return found


def through(layout: CopyLayout, offset: int, axes: Sequence[Axis]) -> tuple[int, list[Axis]] | None:
    """Return where a view of a copy is in what was copied; `None` where that is no view."""
    found = spread([size for size, _ in layout.axes], offset, axes)
    if found is None:
        return None
    start, steps = layout.offset, []
    for (_, step), runs in zip(layout.axes, found, strict=True):
        start += runs[0][0] * step
        steps += [(size, each * step) for size, each, _ in runs[1:]]
    return start, steps


def text(shape: Sequence[int], part: CellRegion) -> str:
    """Write a region of a tensor in Python's way, such as `[0:64]` or `[:, ::2]`; empty for all of it."""
    if part.cells == prod(shape):
        return ""
    found = spread(shape, part.offset, part.axes)
    if found is None or any(len(runs) > 2 for runs in found):  # noqa: PLR2004 - a start and one run
        return f"[{part.cells} cells from {part.offset}]"
    words = []
    for size, runs in zip(shape, found, strict=True):
        start, (count, step) = runs[0][0], runs[1][:2] if len(runs) > 1 else (1, 1)
        if count == size:
            words.append(":")
        elif len(runs) == 1:
            words.append(str(start))
        else:
            stop = start + step * (count - 1) + 1
            ends = (
                f"{start or ''}:{stop if stop + step <= size else ''}:{step}"
                if step > 1
                else f"{start}:{stop}"
            )
            words.append(ends)
    while words and words[-1] == ":":
        words.pop()
    return f"[{', '.join(words)}]"


class Part(NamedTuple):
    """A part of a matrix whose cells other matrices share, or do not."""

    shared: int
    """Number of the part, the same in every matrix that has it."""
    rows: int
    cols: int


class PlacedMatrix(NamedTuple):
    """A matrix in a storage."""

    offset: int
    rows: Axis
    cols: Axis

    @property
    def region(self) -> CellRegion:
        """Its cells."""
        return region(self.offset, (self.rows, self.cols))


def shared_parts(matrices: Sequence[PlacedMatrix], cells: int) -> list[list[Part]] | None:
    """Return the parts of each matrix, so that matrices overlap in whole parts only.

    Args:
        matrices: matrices in one storage, no two of the same region.
        cells: cells of the storage.

    Returns:
        For each matrix its parts; all of it in one part where none overlap. `None` where the parts are no
        matrices, or cannot be told.
    """
    torch = need("torch", "torch", "reading a module")
    unit = _unit([one.region for one in matrices])
    if -(-cells // unit) > _MOST_UNITS:
        return None
    met = torch.zeros(-(-cells // unit), dtype=torch.int32)
    for one in matrices:
        _window(met, one.region, unit).add_(1)
    if int(met.max()) < 2:  # noqa: PLR2004
        return [[Part(place, one.rows[0], one.cols[0])] for place, one in enumerate(matrices)]
    if sum(one.rows[0] * one.cols[0] for one in matrices) > _MOST_UNITS:
        return None
    labels = torch.zeros(len(met), dtype=torch.int64)
    for one in matrices:
        inside = torch.zeros(len(met), dtype=torch.int64)
        _window(inside, one.region, unit).fill_(1)
        labels = torch.unique(labels * 2 + inside, return_inverse=True)[1]
    return _parts(matrices, labels, unit)


def _parts(matrices: Sequence[PlacedMatrix], labels: Tensor, unit: int) -> list[list[Part]] | None:
    torch = need("torch", "torch", "reading a module")
    found: list[list[Part]] = []
    for one in matrices:
        rows = torch.arange(one.rows[0]) * one.rows[1]
        cols = torch.arange(one.cols[0]) * one.cols[1]
        seen = labels[(one.offset + rows[:, None] + cols[None, :]) // unit]
        parts = []
        for label in torch.unique(seen).tolist():
            inside = seen == label
            high, wide = int(inside.any(1).sum()), int(inside.any(0).sum())
            if high * wide != int(inside.sum()):
                return None
            parts.append(Part(label, high, wide))
        found.append(parts)
    return found


def _unit(regions: Sequence[CellRegion]) -> int:
    """Return the longest run of cells that no region cuts."""
    unit = 0
    for one in regions:
        unit = gcd(unit, one.offset)
        for size, step in one.axes:
            unit = gcd(unit, size if step == 1 else step)
        if not one.axes or one.axes[-1][1] != 1:
            return 1
    return unit or 1


def _window(flat: Tensor, part: CellRegion, unit: int) -> Tensor:
    axes = [(size // unit, 1) if step == 1 else (size, step // unit) for size, step in part.axes] or [(1, 1)]
    return flat.as_strided([size for size, _ in axes], [step for _, step in axes], part.offset // unit)
