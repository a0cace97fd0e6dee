"""A multilayer perceptron, by the widths of its layers."""

from __future__ import annotations

from typing import Annotated

from factsheet.sheet.base import Record, ask
from factsheet.sheet.fact import Fact
from factsheet.sheet.kinds import Flag, Wholes


class Mlp(Record):
    """Dense layers one after the other, with an activation function between them."""

    sizes: Annotated[Fact, Wholes(200)] = ask(
        "Width of the input, of each hidden layer and of the output, in this order.",
        "How wide are its layers?",
        [784, 256, 10],
        default=...,
    )
    biases: Annotated[Fact, Flag()] | None = ask(
        "Whether the layers add biases; they do by default.", "Are there biases?", example=True
    )
