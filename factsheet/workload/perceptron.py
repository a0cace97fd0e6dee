"""The operators of a multilayer perceptron, from the widths of its layers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from factsheet.workload.errors import WorkloadError
from factsheet.workload.operators import Elementwise, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.workload.operators import Operator


def perceptron_operators(sizes: Sequence[int], *, biases: bool = True) -> tuple[Operator, ...]:
    """The operators of dense layers one after the other, with an activation function between them.

    Args:
        sizes: width of the input, of each hidden layer, of the output.
        biases: whether each layer adds one.

    Raises:
        WorkloadError: there are fewer than two widths.
    """
    if len(sizes) < 2:  # noqa: PLR2004  an input and an output
        raise WorkloadError(
            "one width makes no layer",
            "a layer lies between two widths",
            "give the width of the input first and that of the output last",
            "sizes",
        )
    return tuple(_operators(sizes, biases=biases))


def _operators(sizes: Sequence[int], *, biases: bool) -> Iterator[Operator]:
    last = len(sizes) - 2
    for layer, (rows, cols) in enumerate(pairwise(sizes)):
        block = f"layer.{layer}"
        yield StaticMatmul(f"{block}.dense", block, rows, cols, 1, biases)
        if layer < last:
            yield Elementwise(f"{block}.activation", block, "activation", cols)
