"""A recurrent network, by its dimensions."""

from __future__ import annotations

from typing import Annotated

from factsheet.sheet.base import Record, ask
from factsheet.sheet.fact import Fact
from factsheet.sheet.kinds import Choice, Flag
from factsheet.sheet.networks.encoder import Dimension


class Recurrent(Record):
    """Layers of recurrent cells: LSTM (Hochreiter and Schmidhuber 1997) or GRU (Cho et al. 2014)."""

    cell: Annotated[Fact, Choice("lstm", "gru")] = ask("Kind of cell.", "Which cell?", "lstm", default=...)
    input_size: Dimension = ask("Numbers in one input vector.", "How wide is its input?", 40, default=...)
    hidden_size: Dimension = ask(
        "Width of the state, of each direction.", "How wide is it?", 256, default=...
    )
    layers: Dimension = ask("Layers of cells.", "How many layers?", 2, default=...)
    bidirectional: Annotated[Fact, Flag()] | None = ask(
        "Whether each layer also runs from the end, with weights of its own.",
        "Does it run in both directions?",
        example=False,
    )
    vocabulary: Dimension | None = ask(
        "Rows of a token embedding before the first layer, if there is one.",
        "How many tokens does it know?",
        10000,
    )
    outputs: Dimension | None = ask("Outputs of a dense layer after the last.", "How many outputs?", 35)
    output_positions: Annotated[Fact, Choice("every", "last")] | None = ask(
        "Whether that layer runs at every step or after the last one.",
        "When does the output layer run?",
        "last",
    )
