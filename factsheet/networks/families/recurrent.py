"""A recurrent network: its dimensions on a sheet, and the operators that follow from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, cast

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Flag
from factsheet.facts.section import Record, ask
from factsheet.networks.answers import Answers
from factsheet.networks.dimension_kinds import Classes, Layers, Vocabulary, Width
from factsheet.networks.family import YES_OR_NO, Family, Run, check_layers
from factsheet.networks.operators import Elementwise, Lookup, Operator, StaticMatmul


class Recurrent(Record):
    """Layers of recurrent cells: LSTM (Hochreiter and Schmidhuber 1997) or GRU (Cho et al. 2014)."""

    cell: Annotated[Fact, Choice("lstm", "gru")] = ask(
        "Kind of cell.", "Which kind of cell has the recurrent network?", "lstm", default=...
    )
    input_size: Width = ask(
        "Numbers in one input vector.",
        "How many numbers has one input vector of the recurrent network?",
        40,
        default=...,
    )
    hidden_size: Width = ask(
        "Width of the state, of each direction.",
        "How wide is the state of the recurrent network?",
        256,
        default=...,
    )
    layers: Layers = ask(
        "Layers of cells.", "How many layers of cells has the recurrent network?", 2, default=...
    )
    bidirectional: Annotated[Fact, Flag()] | None = ask(
        "Whether each layer also runs from the end, with weights of its own.",
        "Does the recurrent network run in both directions?",
        example=False,
    )
    vocabulary: Vocabulary | None = ask(
        "Rows of a token embedding before the first layer, if there is one.",
        "How many tokens are in the vocabulary of the recurrent network?",
        10000,
    )
    outputs: Classes | None = ask(
        "Outputs of a dense layer after the last.",
        "How many outputs has the dense layer after the recurrent network?",
        35,
    )
    output_positions: Annotated[Fact, Choice("every", "last")] | None = ask(
        "Whether that layer runs at every step or after the last one.",
        "Does the output layer of the recurrent network run at every step or after the last?",
        "last",
    )


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
    """Return the operators of a recurrent network that runs for a number of steps."""
    return tuple(_operators(shape, steps))


def _operators(shape: RecurrentShape, steps: int) -> Iterator[Operator]:
    if shape.vocabulary:
        yield Lookup("embeddings.word", "embeddings", shape.vocabulary, shape.input_size, lookups=steps)
    directions = ("forward", "backward") if shape.bidirectional else ("forward",)
    width, hidden = shape.input_size, shape.hidden_size
    gates = _GATES[shape.cell] * hidden
    for layer in range(shape.layers):
        block = f"layer.{layer}"
        for direction in directions:
            at = f"{block}.{direction}"
            yield StaticMatmul(
                f"{at}.input", block, rows=width, cols=gates, calls=steps, bias=True, kind="recurrent"
            )
            yield StaticMatmul(
                f"{at}.state", block, rows=hidden, cols=gates, calls=steps, bias=True, kind="recurrent"
            )
            yield Elementwise(f"{at}.gates", block, "activation", _ACTIVATIONS[shape.cell] * hidden * steps)
            yield Elementwise(f"{at}.update", block, "product", _STEPS[shape.cell] * hidden * steps)
        width = len(directions) * hidden
    if shape.outputs:
        yield StaticMatmul(
            "head.dense",
            "head",
            rows=width,
            cols=shape.outputs,
            calls=steps if shape.every_step else 1,
            bias=True,
        )


def _read(known: Answers) -> RecurrentShape:
    outputs = known.number("outputs")
    once = "the output layer is counted once, after the last step"
    return RecurrentShape(
        cell=cast("Cell", known.choice("cell", "lstm", "the cell is counted as an LSTM")),
        input_size=known.dimension("input_size"),
        hidden_size=known.dimension("hidden_size"),
        layers=known.dimension("layers"),
        bidirectional=known.flag("bidirectional", "one direction is counted"),
        vocabulary=known.number("vocabulary"),
        outputs=outputs,
        every_step=bool(outputs) and known.choice("output_positions", "last", once) == "every",
    )


def _network_operators(shape: RecurrentShape, run: Run) -> tuple[Operator, ...]:
    return recurrent_operators(shape, run.seq_len)


FAMILY = Family(
    key="recurrent",
    name="recurrent network",
    meaning="Dimensions of a recurrent network.",
    question="What are the dimensions of the recurrent network?",
    example={"cell": "lstm", "input_size": 40, "hidden_size": 256, "layers": 2},
    tokens=True,
    read=_read,
    operators=_network_operators,
    left_open={
        "bidirectional": YES_OR_NO,
        "cell": ("lstm", "gru"),
        "output_positions": ("last", "every"),
    },
)
