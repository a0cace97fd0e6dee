"""The operators of a convolutional network, from its list of layers.

A convolution is laid out by im2col (Chellapilla et al. 2006): its kernel is a matrix of kernel height x kernel width x
input channels of a group by output channels of a group, which every output position multiplies once. A transposed
convolution multiplies once for each position of its input instead, and adds overlapping outputs. Sizes follow
Dumoulin and Visin 2016.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.workload.errors import WorkloadError
from factsheet.workload.operators import Elementwise, StaticMatmul
from factsheet.workload.windows import lookahead, lookahead_transposed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.workload.operators import Operator

LayerKind = Literal["conv", "transposed_conv", "max_pool", "average_pool", "global_pool", "linear"]
Pair = tuple[int, int]
_SHAPES_WHY = "the size of every later layer follows from it"


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
    """The operators of a convolutional network, in order of execution.

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
        block = name.rpartition(".")[0] or name
        yield from _operators(layer, name, block, taken, given_out)
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


def _operators(
    layer: ConvolutionalLayerShape, name: str, block: str, taken: Map, given: Map
) -> Iterator[Operator]:
    window = layer.kernel[0] * layer.kernel[1]
    if layer.kind == "linear":
        yield StaticMatmul(name, block, taken.elements, given.channels, 1, layer.bias)
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
            inputs if transposed else window * inputs,
            window * outputs if transposed else outputs,
            taken.positions if transposed else given.positions,
            layer.bias and not transposed,
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
                window * given.channels * taken.positions - given.elements,
            )
            if layer.bias:
                yield Elementwise(f"{name}.bias", block, "bias", given.elements, given.channels)
    if layer.batch_norm:
        yield Elementwise(f"{name}.batch_norm", block, "batch_norm", given.elements, 2 * given.channels)


def _output(layer: ConvolutionalLayerShape, taken: Map, index: int) -> Map:
    """The shape of a layer's output."""
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
    """Positions of the output along one axis."""
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
            "name a layer that stands before this one, or `input` for the image",
        )
    return maps[name]


def _written(shape: Map) -> str:
    return f"{shape.channels} x {shape.height} x {shape.width}"


def _misfit(index: int, field: str, message: str, help_: str) -> WorkloadError:
    return WorkloadError(f"layer {index + 1}: {message}", _SHAPES_WHY, help_, f"layers[{index}].{field}")
