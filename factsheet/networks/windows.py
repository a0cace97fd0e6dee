"""Work out how far a convolution looks ahead: what a pipeline has to wait for before its first output."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def lookahead(
    kernel: Sequence[int], sizes: Sequence[int], strides: Sequence[int], dilations: Sequence[int]
) -> int:
    """Return by how many positions a window reaches beyond the one that it is centred on, row by row.

    ⌊k/2⌋ rows of the output and ⌊k/2⌋ positions of the next, for a kernel of k x k; of a dilated one, k is the side
    that it spans. Windows that do not overlap reach nowhere: each waits for its own input alone.

    Args:
        kernel: sides of the kernel.
        sizes: positions along each axis, in the order that they are worked on.
        strides: steps between windows, along each axis.
        dilations: steps within a window, along each axis.
    """
    ahead = 0
    for side, size, stride, dilation in zip(kernel, sizes, strides, dilations, strict=True):
        spanned = dilation * (side - 1) + 1
        ahead = ahead * size + (spanned // 2 if spanned > stride else 0)
    return ahead


def lookahead_transposed(
    kernel: Sequence[int], sizes: Sequence[int], strides: Sequence[int], dilations: Sequence[int]
) -> int:
    """Return the same for a transposed convolution, in positions of its input that still add to an output."""
    ahead = 0
    for side, size, stride, dilation in zip(kernel, sizes, strides, dilations, strict=True):
        ahead = ahead * size + (dilation * (side - 1) + 1) // (2 * stride)
    return ahead
