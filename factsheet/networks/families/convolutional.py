"""A convolutional network: its list of layers on a sheet, and the operators that follow from it."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, NamedTuple

from factsheet.errors import WorkloadError
from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Wholes
from factsheet.facts.plain_kinds import Sides
from factsheet.facts.section import Name, Record, Rows, ask
from factsheet.networks.answers import Answers
from factsheet.networks.dimension_kinds import SIDES, Channels
from factsheet.networks.family import Family, Run
from factsheet.networks.limits import LONGEST_AXIS
from factsheet.networks.operators import Elementwise, Operator, StaticMatmul
from factsheet.networks.windows import lookahead, lookahead_transposed

LayerKind = Literal["conv", "transposed_conv", "max_pool", "average_pool", "global_pool", "linear"]
Pair = tuple[int, int]
StatedPair = Annotated[Pair, Sides()]
_SHAPES_WHY = "the size of every later layer follows from it"


class ConvolutionalLayer(Record):
    """One layer; it takes the output of the layer before it, or of the one that `input` names."""

    kind: LayerKind = ask(
        "What the layer does; a linear layer takes all values of its input.",
        "Of which kind is this layer of the convolutional network?",
        "conv",
        default=...,
    )
    name: Name | None = ask(
        "Its name, by which other layers find it.",
        "By which name do other layers find this layer of the convolutional network?",
        "layer1.conv1",
    )
    channels: int | None = ask(
        "Channels of its output; of a linear layer, its outputs.",
        "How many channels has the output of this layer?",
        64,
        ge=1,
        le=LONGEST_AXIS,
    )
    kernel: StatedPair | None = ask(
        "Height and width of the window.", "How high and wide is the window of this layer?", 3
    )
    stride: StatedPair | None = ask(
        "Steps of the window; 1 by default, a pool's own size.",
        "By how many steps does the window of this layer move?",
        2,
    )
    padding: Annotated[Pair, Sides(0)] | None = ask(
        "Rows and columns of zeros on each side; none by default.",
        "How many rows and columns of zeros are added on each side of this layer's input?",
        1,
    )
    output_padding: Annotated[Pair, Sides(0)] | None = ask(
        "Rows and columns that a transposed convolution adds on one side.",
        "How many rows and columns does this transposed convolution add on one side?",
        1,
    )
    dilation: StatedPair | None = ask(
        "Distance between the window's elements; 1 by default.",
        "How far apart are the elements of this layer's window?",
        1,
    )
    groups: int | None = ask(
        "Groups that channels are split into; as many as channels in a depthwise convolution.",
        "Into how many groups are the channels of this layer split?",
        1,
        ge=1,
        le=LONGEST_AXIS,
    )
    bias: bool | None = ask(
        "Whether it adds a bias; not by default.",
        "Does this layer of the convolutional network add a bias?",
        example=False,
    )
    normalisation: Literal["batch_norm", "none"] | None = ask(
        "Normalisation of its output.", "Which normalisation follows this layer?", "batch_norm"
    )
    activation: bool | None = ask(
        "Whether an activation function follows.",
        "Does an activation function follow this layer?",
        example=True,
    )
    input: Name | None = ask(
        "The layer whose output it takes.", "Which layer's output does this layer take?", "stem"
    )
    adds: Name | None = ask(
        "The layer whose output is added to its own: a residual connection.",
        "Which layer's output is added to the output of this layer?",
        "stem",
    )


class Convolutional(Record):
    """A convolutional network. Every layer is written out, in order of execution."""

    image_size: Annotated[Fact, Wholes(2, within=SIDES)] = ask(
        "Height and width of the input in pixels; one number where it is square.",
        "How high and wide is the input of the convolutional network, in pixels?",
        224,
        default=...,
    )
    channels: Channels | None = ask(
        "Channels of the input.", "How many channels has the input of the convolutional network?", 3
    )
    layers: Rows[ConvolutionalLayer] = ask(
        "The layers, in order of execution.",
        "Which layers has the convolutional network, in order of execution?",
        [{"kind": "conv", "channels": 64, "kernel": 3, "padding": 1}],
        default=...,
        min_length=1,
        max_length=2000,
    )


class ConvolutionalLayerShape(NamedTuple):
    """One layer of a convolutional network."""

    kind: LayerKind
    channels: int = 0
    """Channels of the output; of a linear layer, its outputs."""
    kernel: Pair = (1, 1)
    stride: Pair | None = None
    """`None` for 1, and for a pool's own size."""
    padding: Pair = (0, 0)
    output_padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    bias: bool = False
    batch_norm: bool = False
    activation: bool = False
    name: str = ""
    input: str = ""
    """Name of the layer whose output it takes; empty for the layer before."""
    adds: str = ""
    """Name of the layer whose output is added to its own."""


class ConvolutionalShape(NamedTuple):
    """Dimensions of a convolutional network."""

    layers: tuple[ConvolutionalLayerShape, ...]
    channels: int
    """Channels of the input."""
    image_size: Pair
    """Height and width of the input."""


class Map(NamedTuple):
    """The output of a layer: channels, and rows and columns of positions."""

    channels: int
    height: int
    width: int

    @property
    def positions(self) -> int:
        """Positions of one channel."""
        return self.height * self.width

    @property
    def elements(self) -> int:
        """Values in all."""
        return self.channels * self.positions


def convolutional_operators(
    layers: Sequence[ConvolutionalLayerShape], channels: int, image_size: Pair
) -> tuple[Operator, ...]:
    """Return the operators of a convolutional network, in order of execution.

    Args:
        layers: its layers.
        channels: of the input.
        image_size: height and width of the input.

    Raises:
        WorkloadError: a layer does not fit what it takes; `path` is the field at fault, such as `layers[3].groups`.
    """
    return tuple(_layers(layers, Map(channels, *image_size)))


def _layers(layers: Sequence[ConvolutionalLayerShape], given: Map) -> Iterator[Operator]:
    maps = {"input": given}
    current = given
    for index, layer in enumerate(layers):
        name = layer.name or f"{layer.kind}.{index}"
        if name in maps:
            raise _misfit(index, "name", f"`{name}` is the name of two layers", "give each a name of its own")
        taken = _named(maps, layer.input, index, "input") if layer.input else current
        given_out = _output(layer, taken, index)
        block = _block(name)
        yield from _operators(layer, name, taken=taken, given=given_out)
        if layer.adds:
            added = _named(maps, layer.adds, index, "adds")
            if added != given_out:
                raise _misfit(
                    index,
                    "adds",
                    f"`{layer.adds}` gives {_written(added)}, and this layer {_written(given_out)}",
                    "add the output of a layer of the same shape, of the one that projects it perhaps",
                )
            yield Elementwise(f"{name}.residual", block, "residual", given_out.elements)
        if layer.activation:
            yield Elementwise(f"{name}.activation", block, "activation", given_out.elements)
        maps[name] = current = given_out


def _operators(layer: ConvolutionalLayerShape, name: str, *, taken: Map, given: Map) -> Iterator[Operator]:
    block = _block(name)
    window = layer.kernel[0] * layer.kernel[1]
    if layer.kind == "linear":
        yield StaticMatmul(name, block, rows=taken.elements, cols=given.channels, calls=1, bias=layer.bias)
    elif layer.kind == "global_pool":
        yield Elementwise(name, block, "pooling", taken.elements)
    elif layer.kind in ("max_pool", "average_pool"):
        yield Elementwise(name, block, "pooling", given.elements * window)
    else:
        inputs, outputs = taken.channels // layer.groups, given.channels // layer.groups
        transposed = layer.kind == "transposed_conv"
        ahead, over = (lookahead_transposed, taken) if transposed else (lookahead, given)
        yield StaticMatmul(
            name,
            block,
            rows=inputs if transposed else window * inputs,
            cols=window * outputs if transposed else outputs,
            calls=taken.positions if transposed else given.positions,
            bias=layer.bias and not transposed,
            matrices=layer.groups,
            kind="convolution",
            lookahead=ahead(layer.kernel, (over.height, over.width), layer.stride or (1, 1), layer.dilation),
        )
        if transposed:
            # Each input position writes a whole window, and where windows overlap they are added.
            yield Elementwise(
                f"{name}.overlap",
                block,
                "product",
                max(0, window * given.channels * taken.positions - given.elements),
            )
            if layer.bias:
                yield Elementwise(f"{name}.bias", block, "bias", given.elements, parameters=given.channels)
    if layer.batch_norm:
        yield Elementwise(
            f"{name}.batch_norm", block, "batch_norm", given.elements, parameters=2 * given.channels
        )


def _block(name: str) -> str:
    return name.rpartition(".")[0] or name


def _output(layer: ConvolutionalLayerShape, taken: Map, index: int) -> Map:
    """Return the shape of a layer's output."""
    if layer.kind == "global_pool":
        return Map(taken.channels, 1, 1)
    pooling = layer.kind in ("max_pool", "average_pool")
    if not layer.channels and not pooling:
        raise _misfit(index, "channels", "it is not stated how many channels it gives", "give `channels`")
    if layer.kind == "linear":
        return Map(layer.channels, 1, 1)
    for side, count in (("inputs", taken.channels), ("outputs", layer.channels)):
        if not pooling and count % layer.groups:
            help_ = "correct `groups` or `channels`"
            raise _misfit(index, "groups", f"{layer.groups} groups do not divide {count} {side}", help_)
    height, width = (_side(layer, size, axis) for axis, size in enumerate((taken.height, taken.width)))
    if height < 1 or width < 1:
        raise _misfit(
            index,
            "kernel",
            f"a window of {layer.kernel[0]} x {layer.kernel[1]} does not fit into {_written(taken)}",
            "correct `kernel`, `padding` or `dilation`, or the size of the image",
        )
    return Map(taken.channels if pooling else layer.channels, height, width)


def _side(layer: ConvolutionalLayerShape, size: int, axis: int) -> int:
    """Return the positions of the output along one axis."""
    pooling = layer.kind in ("max_pool", "average_pool")
    stride = (layer.stride or (layer.kernel if pooling else (1, 1)))[axis]
    reach = layer.dilation[axis] * (layer.kernel[axis] - 1) + 1
    padded = 2 * layer.padding[axis]
    if layer.kind == "transposed_conv":
        return (size - 1) * stride - padded + reach + layer.output_padding[axis]
    return (size + padded - reach) // stride + 1


def _named(maps: dict[str, Map], name: str, index: int, field: str) -> Map:
    if name not in maps:
        raise _misfit(
            index,
            field,
            f"no earlier layer is called `{name}`",
            "name a layer that comes before this one, or `input` for the image",
        )
    return maps[name]


def _written(shape: Map) -> str:
    return f"{shape.channels} x {shape.height} x {shape.width}"


def _misfit(index: int, field: str, message: str, help_: str) -> WorkloadError:
    return WorkloadError(
        f"layer {index + 1}: {message}", _SHAPES_WHY, help_, place=f"layers[{index}].{field}"
    )


def _read(known: Answers) -> ConvolutionalShape:
    declared: Convolutional = known.declared
    return ConvolutionalShape(
        layers=tuple(_layer_shape(layer) for layer in declared.layers),
        channels=known.number("channels", 3, "three channels of the input are counted"),
        image_size=known.pair("image_size"),
    )


def _layer_shape(layer: ConvolutionalLayer) -> ConvolutionalLayerShape:
    return ConvolutionalLayerShape(
        kind=layer.kind,
        channels=layer.channels or 0,
        kernel=layer.kernel or (1, 1),
        stride=layer.stride,
        padding=layer.padding or (0, 0),
        output_padding=layer.output_padding or (0, 0),
        dilation=layer.dilation or (1, 1),
        groups=layer.groups or 1,
        bias=layer.bias or False,
        batch_norm=layer.normalisation == "batch_norm",
        activation=layer.activation or False,
        name=layer.name or "",
        input=layer.input or "",
        adds=layer.adds or "",
    )


def _network_operators(shape: ConvolutionalShape, run: Run) -> tuple[Operator, ...]:
    return convolutional_operators(shape.layers, shape.channels, run.image_size or shape.image_size)


FAMILY = Family(
    key="convolutional",
    name="convolutional network",
    meaning="The layers of a convolutional network.",
    question="Of which layers is the convolutional network made?",
    example={"image_size": 32, "layers": [{"kind": "conv", "channels": 16, "kernel": 3, "padding": 1}]},
    images=True,
    read=_read,
    operators=_network_operators,
)
