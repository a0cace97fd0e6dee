"""Regions of stored tensors as strided views: what slices, transposes and reshapes leave of a weight.

A view names the numbers that it holds, whatever order they are in: a matrix and its transpose are one region, and
two reads of `w[0:64]` are one matrix on tiles.
"""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import NamedTuple

_LONGEST_NAME = 120


class Source(NamedTuple):
    """Stored numbers: a tensor of the file, or a matrix that is worked out from some before inference."""

    name: str
    shape: tuple[int, ...]
    tensors: frozenset[str]
    """Names of the stored tensors that it is worked out from; of a tensor of the file, its own."""
    quantised: bool = False
    """Whether these are integers that scales and zero points have still to be applied to."""
    unpacked: bool = False
    """Whether they were taken out of whole numbers that hold several each."""


class TensorView(NamedTuple):
    """A region of a source as numpy would stride over it: offset, shape and strides in numbers."""

    source: Source
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def tensors(self) -> frozenset[str]:
        """Names of the stored tensors that it holds numbers of."""
        return self.source.tensors

    @property
    def numbers(self) -> int:
        """How many different numbers it holds; those that are repeated count once."""
        return prod(
            size for size, stride in zip(self.shape, self.strides, strict=True) if stride or size == 0
        )

    @property
    def name(self) -> str:
        """The name of the source and the region in Python's way, such as `w[0:64]`."""
        return self.called(self.source.name)

    def called(self, source: str) -> str:
        """Return its name where the source is called otherwise."""
        bounds = self.bounds
        if bounds is None:
            axes = _canonical(self.shape, self.strides)
            sizes, strides = [size for size, _ in axes], [stride for _, stride in axes]
            return f"{source}.as_strided({sizes}, {strides}, {self.offset})"
        parts = [
            ":"
            if count == size
            else f"{start}"
            if count == 1
            else f"{start}:{start + (count - 1) * step + 1}{f':{step}' if step > 1 else ''}"
            for (start, count, step), size in zip(bounds, self.source.shape, strict=True)
        ]
        while parts and parts[-1] == ":":
            parts.pop()
        return f"{source}[{', '.join(parts)}]" if parts else source

    @property
    def bounds(self) -> tuple[tuple[int, int, int], ...] | None:
        """Start, count and step along each axis of the source; `None` where the region is no such block."""
        shape = self.source.shape
        own = _contiguous(shape)
        left, starts = self.offset, []
        for stride in own:
            starts.append(left // stride)
            left %= stride
        counts, steps = [1] * len(shape), [1] * len(shape)
        taken = [False] * len(shape)
        for size, stride in _canonical(self.shape, self.strides):
            axis = next((place for place, one in enumerate(own) if one <= stride), None)
            while size > 1 and axis is not None:
                step, uneven = divmod(stride, own[axis])
                if uneven or taken[axis]:
                    return None
                taken[axis] = True
                if starts[axis] + (size - 1) * step < shape[axis]:
                    counts[axis], steps[axis], size = size, step, 1  # noqa: PLW2901 - what is left of the axis
                elif starts[axis] == 0 and step == 1 and size % shape[axis] == 0:
                    counts[axis] = shape[axis]
                    stride, size = stride * shape[axis], size // shape[axis]  # noqa: PLW2901 - as above
                    axis = next((place for place in range(axis - 1, -1, -1) if shape[place] > 1), None)
                else:
                    return None
            if size > 1:
                return None
        return tuple(zip(starts, counts, steps, strict=True))

    def within(self, other: TensorView) -> bool:
        """Return whether its numbers are all in another region of the same source."""
        if self.source != other.source:
            return False
        mine, others = self.bounds, other.bounds
        if mine is None or others is None:
            return others is not None and other.numbers == prod(other.source.shape)
        return all(
            a_start >= b_start
            and (a_start - b_start) % b_step == 0
            and (a_step % b_step == 0 or a_count == 1)
            and a_start + (a_count - 1) * a_step <= b_start + (b_count - 1) * b_step
            for (a_start, a_count, a_step), (b_start, b_count, b_step) in zip(mine, others, strict=True)
        )

    def transposed(self, order: tuple[int, ...]) -> TensorView:
        """Return it with its axes in another order."""
        shape, strides = (tuple(sizes[axis] for axis in order) for sizes in (self.shape, self.strides))
        return self._replace(shape=shape, strides=strides)

    def sliced(self, axis: int, start: int, count: int, step: int = 1) -> TensorView:
        """Return `count` entries along an axis."""
        shape, strides = list(self.shape), list(self.strides)
        offset = self.offset + start * strides[axis]
        shape[axis], strides[axis] = count, strides[axis] * step
        if strides[axis] < 0:  # the same numbers, from the other end
            offset += (count - 1) * strides[axis]
            strides[axis] = -strides[axis]
        return TensorView(self.source, offset, tuple(shape), tuple(strides))

    def expanded(self, shape: tuple[int, ...]) -> TensorView:
        """Return it broadcast to a shape: axes are repeated, and no numbers are new."""
        added = len(shape) - len(self.shape)
        strides = [0] * added + [
            stride if size == wanted else 0
            for size, stride, wanted in zip(self.shape, self.strides, shape[added:], strict=True)
        ]
        return self._replace(shape=shape, strides=tuple(strides))

    def reshaped(self, shape: tuple[int, ...]) -> TensorView | None:
        """Return it in another shape; `None` where the numbers would have to be moved for that."""
        blocks = _merged([one for one in zip(self.shape, self.strides, strict=True) if one[0] != 1])
        left, stride = 1, 0
        strides = []
        for size in reversed(shape):
            if left == 1 and blocks and size != 1:
                left, stride = blocks.pop()
            if size != 1 and (left % size or left < size):
                return None
            strides.append(stride if size != 1 else 0)
            if size != 1:
                left, stride = left // size, stride * size
        return (
            self._replace(shape=shape, strides=tuple(reversed(strides))) if left == 1 and not blocks else None
        )


def whole(name: str, shape: tuple[int, ...], *, quantised: bool = False) -> TensorView:
    """Return the view of a whole stored tensor."""
    return TensorView(Source(name, shape, frozenset({name}), quantised), 0, shape, _contiguous(shape))


def worked_out(
    name: str, shape: tuple[int, ...], views: list[TensorView], *, quantised: bool = False
) -> TensorView:
    """Return the view of a matrix that is worked out from others before inference."""
    tensors = frozenset().union(*(view.tensors for view in views))
    if len(name) > _LONGEST_NAME:
        from hashlib import blake2s  # long sums are rare

        digest = blake2s(name.encode(), digest_size=4).hexdigest()
        name = f"{name[: _LONGEST_NAME - 30]}… ({len(tensors)} tensors, {digest})"
    return TensorView(Source(name, shape, tensors, quantised), 0, shape, _contiguous(shape))


def _contiguous(shape: tuple[int, ...]) -> tuple[int, ...]:
    strides = [1]
    for size in reversed(shape[1:]):
        strides.append(strides[-1] * max(size, 1))
    return tuple(reversed(strides[: len(shape)])) if shape else ()


def _merged(axes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return axes with those joined that one stride runs through."""
    joined: list[tuple[int, int]] = []
    for size, stride in axes:
        if joined and joined[-1][1] == size * stride:
            joined[-1] = (joined[-1][0] * size, stride)
        else:
            joined.append((size, stride))
    return joined


def _canonical(shape: tuple[int, ...], strides: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return sizes and strides of the numbers of a region, in an order that does not depend on how it is laid out."""
    axes = [one for one in zip(shape, strides, strict=True) if one[0] != 1 and one[1]]
    axes.sort(key=lambda one: -one[1])
    if any(outer[1] < inner[0] * inner[1] for outer, inner in pairwise(axes)):
        return axes  # they overlap
    return _merged(axes)
