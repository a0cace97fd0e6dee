"""A multilayer perceptron: the widths of its layers on a sheet, and the operators that follow from them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, NamedTuple

from factsheet.errors import WorkloadError
from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Flag, Wholes
from factsheet.facts.section import Record, ask
from factsheet.networks.answers import Answers
from factsheet.networks.dimension_kinds import WIDTHS
from factsheet.networks.family import YES_OR_NO, Family, Run
from factsheet.networks.operators import Elementwise, Operator, StaticMatmul


class Mlp(Record):
    """Dense layers one after the other, with an activation function between them."""

    sizes: Annotated[Fact, Wholes(200, within=WIDTHS)] = ask(
        "Width of the input, of each hidden layer and of the output, in this order.",
        "How wide are the input, each hidden layer and the output of the multilayer perceptron?",
        [784, 256, 10],
        default=...,
    )
    biases: Annotated[Fact, Flag()] | None = ask(
        "Whether the layers add biases; they do by default.",
        "Do the layers of the multilayer perceptron add biases?",
        example=True,
    )


class PerceptronShape(NamedTuple):
    """Dimensions of a multilayer perceptron."""

    sizes: tuple[int, ...]
    """Width of the input, of each hidden layer, of the output."""
    biases: bool = True


def perceptron_operators(sizes: Sequence[int], *, biases: bool = True) -> tuple[Operator, ...]:
    """Return the operators of dense layers one after the other, with an activation function between them.

    Args:
        sizes: width of the input, of each hidden layer, of the output.
        biases: whether each layer adds one.

    Raises:
        WorkloadError: there are fewer than two widths.
    """
    if len(sizes) < 2:  # noqa: PLR2004  an input and an output
        raise WorkloadError(
            "one width makes no layer",
            "a layer is between two widths",
            "give the width of the input first and that of the output last",
            place="sizes",
        )
    return tuple(_operators(sizes, biases=biases))


def _operators(sizes: Sequence[int], *, biases: bool) -> Iterator[Operator]:
    last = len(sizes) - 2
    for layer, (rows, cols) in enumerate(pairwise(sizes)):
        block = f"layer.{layer}"
        yield StaticMatmul(f"{block}.dense", block, rows=rows, cols=cols, calls=1, bias=biases)
        if layer < last:
            yield Elementwise(f"{block}.activation", block, "activation", cols)


def _read(known: Answers) -> PerceptronShape:
    biases = known.flag("biases", "every layer is counted with a bias", default=True)
    return PerceptronShape(known.wholes("sizes"), biases)


def _network_operators(shape: PerceptronShape, _run: Run) -> tuple[Operator, ...]:
    return perceptron_operators(shape.sizes, biases=shape.biases)


FAMILY = Family(
    key="mlp",
    name="multilayer perceptron",
    meaning="Widths of a multilayer perceptron.",
    question="How wide are the layers of the multilayer perceptron?",
    example={"sizes": [784, 256, 10]},
    read=_read,
    operators=_network_operators,
    left_open={"biases": YES_OR_NO},
)
