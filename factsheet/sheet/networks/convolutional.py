"""A convolutional network, as a list of its layers."""

from __future__ import annotations

from typing import Annotated, Literal

from factsheet.sheet.base import Name, Record, Rows, ask
from factsheet.sheet.fact import Fact
from factsheet.sheet.kinds import Wholes
from factsheet.sheet.networks.encoder import Dimension
from factsheet.sheet.plain_kinds import Sides

Pair = Annotated[tuple[int, int], Sides()]
_MOST = 10**9


class ConvolutionalLayer(Record):
    """One layer; it takes the output of the layer before it, or of the one that `input` names."""

    kind: Literal["conv", "transposed_conv", "max_pool", "average_pool", "global_pool", "linear"] = ask(
        "What the layer does; a linear layer takes all values of its input.",
        "Which kind of layer?",
        "conv",
        default=...,
    )
    name: Name | None = ask("Its name, by which other layers find it.", "What is it called?", "layer1.conv1")
    channels: int | None = ask(
        "Channels of its output; of a linear layer, its outputs.",
        "How many channels does it give?",
        64,
        ge=1,
        le=_MOST,
    )
    kernel: Pair | None = ask("Height and width of the window.", "How large is the window?", 3)
    stride: Pair | None = ask(
        "Steps of the window; 1 by default, a pool's own size.", "How far does it move?", 2
    )
    padding: Annotated[tuple[int, int], Sides(0)] | None = ask(
        "Rows and columns of zeros on each side; none by default.", "How much padding?", 1
    )
    output_padding: Annotated[tuple[int, int], Sides(0)] | None = ask(
        "Rows and columns that a transposed convolution adds on one side.", "How much output padding?", 1
    )
    dilation: Pair | None = ask("Distance between the window's elements; 1 by default.", "Is it dilated?", 1)
    groups: int | None = ask(
        "Groups that channels are split into; as many as channels in a depthwise convolution.",
        "Is it in groups?",
        1,
        ge=1,
        le=_MOST,
    )
    bias: bool | None = ask("Whether it adds a bias; not by default.", "Is there a bias?", example=False)
    normalisation: Literal["batch_norm", "none"] | None = ask(
        "Normalisation of its output.", "Is its output normalised?", "batch_norm"
    )
    activation: bool | None = ask(
        "Whether an activation function follows.", "Is there an activation function?", example=True
    )
    input: Name | None = ask("The layer whose output it takes.", "What does it read?", "stem")
    adds: Name | None = ask(
        "The layer whose output is added to its own: a residual connection.", "What is added?", "stem"
    )


class Convolutional(Record):
    """A convolutional network. Every layer is written out, in order of execution."""

    image_size: Annotated[Fact, Wholes(2)] = ask(
        "Height and width of the input in pixels; one number where it is square.",
        "How large is the image?",
        224,
        default=...,
    )
    channels: Dimension | None = ask("Channels of the input.", "How many colours has a pixel?", 3)
    layers: Rows[ConvolutionalLayer] = ask(
        "The layers, in order of execution.",
        "Which layers has it?",
        [{"kind": "conv", "channels": 64, "kernel": 3, "padding": 1}],
        default=...,
        min_length=1,
        max_length=2000,
    )
