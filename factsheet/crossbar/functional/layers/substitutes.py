"""What stands in for a layer of torch on crossbars: which kinds there are, and how each is built from its layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import Tensor, nn
from torch.nn.utils import parametrize, prune
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm

from factsheet.crossbar.functional.layers.analog_layers import (
    AnalogConv1d,
    AnalogConv2d,
    AnalogConv3d,
    AnalogConvTranspose,
    AnalogLayer,
    AnalogLinear,
)
from factsheet.crossbar.functional.layers.composite_layers import (
    AnalogAttention,
    AnalogCell,
    AnalogRecurrent,
    CompositeLayer,
)
from factsheet.crossbar.functional.tiles.analog_matrix import AnalogMatrix
from factsheet.errors import AnalogError

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware

TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d, *TRANSPOSED)
_MAKES_WEIGHTS = (prune.BasePruningMethod, SpectralNorm, WeightNorm)
_BOUNDS = ("input_bound", "output_bound", "matrix_bounds")


def can_convert(module: nn.Module) -> bool:
    """Return whether a layer of this kind can be put on crossbars."""
    return isinstance(module, (nn.Linear, *CONVOLUTIONS)) or is_transposed_linear(module)


def is_transposed_linear(module: nn.Module) -> bool:
    """Return whether it is the dense layer of GPT-2, which transformers keeps with inputs first and calls Conv1D."""
    return type(module).__name__ == "Conv1D" and type(module).__module__.startswith("transformers.")


def makes_weights(hook: object) -> bool:
    """Return whether a hook of torch does nothing but make the weights that its layer then uses."""
    return isinstance(hook, _MAKES_WEIGHTS)


def has_made_weights(layer: nn.Module) -> bool:
    """Return whether weights are computed from other parameters: normalised, pruned or parametrised."""
    return parametrize.is_parametrized(layer) or any(map(makes_weights, layer._forward_pre_hooks.values()))  # noqa: SLF001  has no public name


def parameter_of(layer: nn.Module, name: str) -> nn.Parameter | None:
    """Return the weights or the bias that a layer computes with now: its own, or a copy of what they are made of."""
    if name == "weight":
        training, layer.training = layer.training, False  # evaluation makes weights and changes nothing
        for hook in layer._forward_pre_hooks.values():  # noqa: SLF001  has no public name
            if makes_weights(hook):
                hook(layer, ())
        layer.training = training
    value = getattr(layer, name)
    if value is None or isinstance(value, nn.Parameter):
        return value
    return nn.Parameter(value.detach().clone(), requires_grad=False)


def matrix_of(
    layer: nn.Module,
    hardware: AnalogHardware,
    name: str,
    known: dict[tuple[int, int, bool], AnalogMatrix],
    *,
    bounded: bool = True,
) -> AnalogMatrix:
    """Return the matrix of a layer; layers with the same weights in the same shape have the same one.

    Args:
        layer: of a kind that can be converted.
        hardware: of the network; the layer's own is that of its name.
        name: of the layer.
        known: matrices so far, by what tells them.
        bounded: whether it takes the bounds that the layer has learnt, which are of the tiles that it was trained for.

    Raises:
        AnalogError: a weight is NaN or infinite, or there are none.
    """
    weight = parameter_of(layer, "weight")
    assert weight is not None  # noqa: S101  every kind of layer here has weights
    groups = layer.groups if isinstance(layer, CONVOLUTIONS) else 1
    transposed = is_transposed_linear(layer) or isinstance(layer, TRANSPOSED)
    key = (id(weight), groups, transposed)
    own_hardware = hardware.of(name)
    if key in known:
        check_shared(known[key], own_hardware, name)
        return known[key]
    if isinstance(layer, TRANSPOSED) and groups > 1:
        # Inputs of all groups are below each other; a matrix for each group has outputs first.
        each = weight.detach().flatten(1).unflatten(0, (groups, -1)).transpose(1, 2).flatten(0, 1)
        own = nn.Parameter(each.contiguous(), requires_grad=False)
        matrix = AnalogMatrix(own, own_hardware, name, groups=groups)
        matrix.source = (
            weight  # so that no other tensor takes its place, and its identity, while this is there
        )
    else:
        matrix = AnalogMatrix(weight, own_hardware, name, groups=groups, transposed=transposed)
    known[key] = matrix
    if bounded:
        take_bounds(matrix, getattr(layer, "input_bound", None), getattr(layer, "output_bound", None))
    return matrix


def take_bounds(matrix: AnalogMatrix, of_inputs: Any, of_output: Any) -> None:
    """Give a matrix the bounds that its layer has learnt; `None` for none.

    Raises:
        AnalogError: there are others than rows of tiles.
    """
    if of_inputs is not None:
        matrix.take_input_bounds(of_inputs.detach() if isinstance(of_inputs, Tensor) else of_inputs)
    if of_output is not None:
        matrix.output_bound.fill_(float(of_output))


def check_shared(matrix: AnalogMatrix, hardware: AnalogHardware, name: str) -> None:
    """Refuse other hardware for a layer that shares the conductances of another one.

    Raises:
        AnalogError: naming both.
    """
    if matrix.hardware != hardware:
        raise AnalogError(
            f"{name} has the weights of {matrix.title}, and hardware of its own",
            "weights that are shared are on one tile",
            "give both the same hardware, by a pattern that fits both names",
        )


def substitute(layer: nn.Module, matrix: AnalogMatrix) -> AnalogLayer:
    """Return the layer on crossbars that stands in for one of torch."""
    bias = parameter_of(layer, "bias")
    new: AnalogLayer
    if isinstance(layer, TRANSPOSED):
        new = AnalogConvTranspose(matrix, layer, bias)
    elif isinstance(layer, nn.Conv3d):
        new = AnalogConv3d(matrix, layer, bias)
    elif isinstance(layer, nn.Conv2d):
        new = AnalogConv2d(matrix, layer, bias)
    elif isinstance(layer, nn.Conv1d):
        new = AnalogConv1d(matrix, layer, bias)
    else:
        new = AnalogLinear(matrix, bias)
    _carry(layer, new, new.register_parameter)
    new.train(layer.training)
    return new


def composed(layer: nn.Module, products: dict[str, nn.Module]) -> CompositeLayer:
    """Return what stands in for a layer of several matrices, each of which is a layer of its own."""
    new: CompositeLayer
    if isinstance(layer, nn.MultiheadAttention):
        new = AnalogAttention(products, layer)
    elif isinstance(layer, nn.RNNBase):
        new = AnalogRecurrent(products, layer)
    else:
        new = AnalogCell(products, layer)
    _carry(layer, new, None)
    new.train(layer.training)
    return new


def _carry(
    layer: nn.Module, new: nn.Module, register: Callable[[str, nn.Parameter | None], None] | None
) -> None:
    """Keep what other modules may look for on a layer: its sizes, and tensors besides its weights."""
    taken = {*dir(new), "weight", "bias", *_BOUNDS}
    for name, value in vars(layer).items():
        if not name.startswith("_") and name not in taken:
            setattr(new, name, value)
    if has_made_weights(layer):
        return
    for name, value in layer.named_buffers(recurse=False):
        if name not in taken:
            new.register_buffer(name, value, persistent=name in layer.state_dict())
    for name, value in layer.named_parameters(recurse=False) if register is not None else ():
        if name not in taken and register is not None:
            register(name, value)
