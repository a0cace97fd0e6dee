"""The operators of a recurrent network, from its dimensions.

Each cell is two matrices, one for the input and one for the state, with the columns of its gates side by side and a
bias each, as cuDNN and PyTorch store them. Both have one call a step. What joins the gates is digital.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from factsheet.workload.limits import check_layers
from factsheet.workload.operators import Elementwise, Lookup, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.workload.operators import Operator

Cell = Literal["lstm", "gru"]
_GATES: dict[Cell, int] = {"lstm": 4, "gru": 3}
_ACTIVATIONS: dict[Cell, int] = {"lstm": 5, "gru": 3}
"""Activation functions of a state element and step: the gates', and the one on an LSTM's cell state."""
_STEPS: dict[Cell, int] = {"lstm": 4 + 4, "gru": 3 + 5}
"""Products and sums of a state element and step.

Sums of what the two matrices give, one a gate; then f·c + i·g and o·tanh(c) of an LSTM, and r·(...), 1 - z, (1 - z)·n
and z·h with their sum of a GRU.
"""


@dataclass(frozen=True, slots=True)
class RecurrentShape:
    """Dimensions of a recurrent network.

    Raises:
        WorkloadError: there are more layers than can be written out.
    """

    cell: Cell
    input_size: int
    hidden_size: int
    layers: int
    bidirectional: bool = False
    vocabulary: int = 0
    """Rows of an embedding; 0 leaves it out."""
    outputs: int = 0
    """Outputs of a dense layer at the end; 0 leaves it out."""
    every_step: bool = False
    """Whether that layer runs at every step instead of once."""

    def __post_init__(self) -> None:
        check_layers(self.layers)


def recurrent_operators(shape: RecurrentShape, steps: int) -> tuple[Operator, ...]:
    """The operators of a recurrent network that runs for a number of steps."""
    return tuple(_operators(shape, steps))


def _operators(shape: RecurrentShape, steps: int) -> Iterator[Operator]:
    if shape.vocabulary:
        yield Lookup("embeddings.word", "embeddings", shape.vocabulary, shape.input_size, steps)
    directions = ("forward", "backward") if shape.bidirectional else ("forward",)
    width, hidden = shape.input_size, shape.hidden_size
    gates = _GATES[shape.cell] * hidden
    for layer in range(shape.layers):
        block = f"layer.{layer}"
        for direction in directions:
            at = f"{block}.{direction}"
            yield StaticMatmul(f"{at}.input", block, width, gates, steps, bias=True, kind="recurrent")
            yield StaticMatmul(f"{at}.state", block, hidden, gates, steps, bias=True, kind="recurrent")
            yield Elementwise(f"{at}.gates", block, "activation", _ACTIVATIONS[shape.cell] * hidden * steps)
            yield Elementwise(f"{at}.update", block, "product", _STEPS[shape.cell] * hidden * steps)
        width = len(directions) * hidden
    if shape.outputs:
        yield StaticMatmul(
            "head.dense", "head", width, shape.outputs, steps if shape.every_step else 1, bias=True
        )
