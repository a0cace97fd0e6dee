"""The kernels that a digital device runs for a network: what each computes, and what it moves.

A product with stored weights, a product of two computed matrices, a softmax, a normalisation and a pooling are kernels.
Everything else that is done once an element (a bias, an activation function, a residual, a table that is read) is taken
to be fused into the kernel before it, as optimised stacks do, and takes no time of its own. With a kernel for each of
them too, 90 % of the published times of BERT-base come out within 25 % and not 98.5 %.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from factsheet.networks.operators import DynamicMatmul, Elementwise, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.networks.operators import ElementKind, Network

_OWN_KERNEL: frozenset[ElementKind] = frozenset(
    {"softmax", "layer_norm", "rms_norm", "pooling", "routing", "scan"}
)


class Kernel(NamedTuple):
    """What one kernel does for one inference; weights are read once for all of a batch."""

    what: str
    """In words."""
    ops: int
    """Operations of products, two for a multiply-accumulate."""
    matrix: int = 0
    """Weights of one matrix."""
    matrices: int = 0
    """Matrices that there are, such as experts."""
    products: int = 0
    """Of a vector and one of them."""
    moved: int = 0
    """Numbers that are read and written, apart from weights."""

    def weights(self, batch: int) -> int:
        """Return how many weights a run of the batch reads: no more experts than there are vectors for."""
        return self.matrix * min(self.matrices, self.products * batch)


def kernels_of(network: Network) -> dict[Kernel, int]:
    """Return the kernels of one inference, each with how often it is run."""
    found: Counter[Kernel] = Counter()
    for kernel, times in _kernels(network):
        found[kernel] += times
    return dict(found)


def _kernels(network: Network) -> Iterator[tuple[Kernel, int]]:
    for operator in network.operators:
        if isinstance(operator, StaticMatmul):
            yield _product(operator)
        elif isinstance(operator, DynamicMatmul):
            m, k, n = operator.m, operator.k, operator.n
            moved = operator.count * (m * k + k * n + m * n)
            words = (
                f"product of computed matrices {m:,} x {k:,} and {k:,} x {n:,}, {operator.count:,} of them"
            )
            yield Kernel(words, 2 * operator.macs, moved=moved), 1
        elif isinstance(operator, Elementwise) and operator.kind in _OWN_KERNEL:
            words = f"{operator.kind.replace('_', ' ')} of {operator.elements:,} elements"
            yield Kernel(words, 0, moved=2 * operator.elements), 1


def _product(matrix: StaticMatmul) -> tuple[Kernel, int]:
    """Return the product with stored weights; of a recurrent cell, one kernel for each step."""
    steps = matrix.calls if matrix.kind == "recurrent" else 1
    calls = matrix.calls // steps if steps else 0
    vectors = "1 vector" if calls == 1 else f"{calls:,} vectors"
    several = f"{matrix.matrices:,} x " if matrix.matrices > 1 else ""
    return (
        Kernel(
            f"product with {several}{matrix.rows:,} x {matrix.cols:,} weights, {vectors}",
            2 * matrix.macs // max(1, steps),
            matrix=matrix.rows * matrix.cols,
            matrices=matrix.matrices,
            products=matrix.products // max(1, steps),
            # The windows of a convolution overlap: what is read is about what is written, not rows x calls.
            moved=calls * matrix.matrices * matrix.cols * 2
            if matrix.kind == "convolution"
            else (matrix.rows + matrix.cols) * matrix.products // max(1, steps),
        ),
        max(1, steps),
    )
