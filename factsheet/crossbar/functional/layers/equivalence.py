"""Tell whether a layer on ideal crossbars would compute what it computes now; if not, it is to stay digital.

Code that a conversion would lose is looked for: a `forward` of one's own, hooks. What passes is run on a probe input,
as it is and as it would be converted, without converters and noise; both have to agree to the precision of numbers.
"""

from __future__ import annotations

import copy
import warnings
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.parameter import is_lazy
from torch.nn.utils import parametrize

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.layers.analog_layers import AnalogLinear
from factsheet.crossbar.functional.layers.composite_layers import HeldMatrix, held_matrices, is_composite
from factsheet.crossbar.functional.layers.substitutes import (
    CONVOLUTIONS,
    composed,
    has_made_weights,
    is_transposed_linear,
    makes_weights,
    matrix_of,
    substitute,
)
from factsheet.crossbar.functional.tiles.analog_matrix import AnalogMatrix
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.networks.from_models.adapters import adapters_in
from factsheet.networks.from_models.routers import WHY, routers_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HARMLESS = {"reset_parameters", "extra_repr", "_get_name"}
"""What a class may have of its own without computing anything else."""
_CALLED = {"__call__", "__getattr__", "__getattribute__", "__setattr__"}
_FORWARD = {"forward", *_CALLED}
_SINGLE = 1e-4
"""Relative deviation that single precision may have: the order of sums differs."""


def why_digital(layer: nn.Module, *, of_memory: bool = False) -> str:
    """Return why a layer has to stay digital, empty if on ideal hardware it computes the same.

    Args:
        layer: a layer of a kind that can be converted.
        of_memory: of attention, whether queries come from elsewhere than keys and values.
    """
    if any(is_lazy(parameter) for parameter in layer.parameters()):
        return "its sizes are not known before it has run once"
    parts = list(layer.modules()) if is_composite(layer) else [layer]
    for part in parts:
        reason = _own_code(part)
        if reason:
            return reason
    if is_composite(layer) and any(map(has_made_weights, parts)):
        return "its weights are made from others each time that it runs"
    tensors = list(layer.parameters())
    if any(one.is_meta or not bool(torch.isfinite(one).all()) for one in tensors):
        return ""  # the conversion says what is wrong
    if any(not one.dtype.is_floating_point for one in tensors):
        return "its weights are no real numbers"
    deviation: str = _differs(layer, of_memory=of_memory)
    return deviation


def plain_copy(module: nn.Module) -> nn.Module:
    """Return a deep copy; computed ones, such as pruned weights, come without their history."""
    computed = {
        id(value): value.detach().clone()
        for one in module.modules()
        for value in vars(one).values()
        if isinstance(value, torch.Tensor) and value.grad_fn is not None
    }
    return copy.deepcopy(module, dict(computed))


def _own_code(layer: nn.Module) -> str:
    """Return what of a layer's code would be lost, in words."""
    kind = type(layer)
    if parametrize.is_parametrized(layer):
        kind = kind.__bases__[0]  # what torch made of the class only reads the parametrised weights
    names = [] if is_transposed_linear(layer) else list(_defined(kind))
    called = [name for name in names if name in _FORWARD or name.startswith("_")]
    if called or names:
        return f"its class {kind.__name__} has a `{(called or names)[0]}` of its own, which would be lost"
    if "forward" in vars(layer):
        return "its `forward` was replaced, which would be lost"
    hooks = [*layer._forward_hooks.values(), *layer._forward_pre_hooks.values()]  # noqa: SLF001  has no public name
    if not all(map(makes_weights, hooks)):
        return "it has a forward hook, which would be lost"
    return ""


def _defined(kind: type) -> Iterator[str]:
    """Yield functions and properties that a class has beyond the one of torch that it is derived from."""
    for one in kind.__mro__:
        if one.__module__.startswith("torch.nn.modules."):
            return
        for name, value in vars(one).items():
            special = name.startswith("__") and name.endswith("__") and name not in _CALLED
            if not special and name not in _HARMLESS and hasattr(value, "__get__"):
                yield name


@torch.no_grad()
def _differs(layer: nn.Module, *, of_memory: bool) -> str:
    made = has_made_weights(layer)
    if made:
        layer = plain_copy(layer)  # each run may change what weights are made of
    modes = [(part, part.training) for part in layer.modules()] if is_composite(layer) else []
    weight = next(iter(layer.parameters()))
    inputs = tuple(_probes(layer, weight.dtype, weight.device))
    try:
        for part, _ in modes:
            part.training = False  # dropout is drawn, and no part of what is compared
        with (
            warnings.catch_warnings(action="ignore"),
            torch.random.fork_rng(devices=[]),
            torch.autocast(weight.device.type, enabled=False),
        ):
            expected = _flat(layer(*inputs))
            if made and not torch.equal(expected, _flat(layer(*inputs))):
                return "its weights are made anew each time that it runs, and differ"
            found = _flat(_ideal(layer, of_memory=of_memory)(*inputs))
    except Exception as error:  # noqa: BLE001  whatever a layer raises, it was not shown to be the same
        return f"it was not shown to compute the same on tiles ({type(error).__name__} on a probe input)"
    finally:
        for part, training in modes:
            part.training = training
    if found.shape != expected.shape:
        return "on tiles its result would have another shape"
    largest = float(expected.abs().max())
    allowed = max(_SINGLE, 8 * torch.finfo(weight.dtype).eps) * largest
    deviation = float((found - expected).abs().max())
    if deviation <= allowed:
        return ""
    return f"on ideal tiles its result would be another one (off by {deviation:.2g} of {largest:.2g} on a probe input)"


def _ideal(layer: nn.Module, *, of_memory: bool) -> nn.Module:
    """Return the layer on crossbars as it is while bounds are learnt: tile by tile, and exact."""
    hardware = AnalogHardware(device=IdealDevice(), dac=Converter(None), adc=Converter(None))
    matrices: list[AnalogMatrix] = []

    def product(held: HeldMatrix) -> nn.Module:
        matrices.append(AnalogMatrix(held.weight, hardware, held.name))
        return AnalogLinear(matrices[-1], held.bias)

    new: nn.Module
    if is_composite(layer):
        new = composed(layer, {one.name: product(one) for one in held_matrices(layer, of_memory=of_memory)})
    else:
        matrices.append(matrix_of(layer, hardware, "", {}, bounded=False))
        new = substitute(layer, matrices[-1])
    for matrix in matrices:
        matrix.observe(True)
    return new


def _probes(layer: nn.Module, dtype: torch.dtype, device: torch.device) -> Iterator[torch.Tensor]:
    """Yield inputs of the smallest size that shows all of a layer."""
    shapes: list[tuple[int, ...]]
    if isinstance(layer, nn.MultiheadAttention):
        shapes = [(2, 2, layer.embed_dim), (2, 2, layer.kdim), (2, 2, layer.vdim)]
    elif isinstance(layer, nn.RNNBase):
        shapes = [(2, 2, layer.input_size)]
    elif isinstance(layer, CONVOLUTIONS):
        pads = [0, *layer._reversed_padding_repeated_twice]  # noqa: SLF001  has no public name
        sides = [
            max(dilation * (size - 1) + 1 + stride, max(pads) + 1)
            for size, stride, dilation in zip(layer.kernel_size, layer.stride, layer.dilation, strict=True)
        ]
        shapes = [(1, layer.in_channels, *sides)]
    elif isinstance(layer, nn.RNNCellBase):
        shapes = [(2, layer.input_size)]
    else:
        shapes = [(2, layer.weight.shape[0] if is_transposed_linear(layer) else layer.weight.shape[1])]
    generator = torch.Generator().manual_seed(0)
    for shape in shapes:
        yield torch.randn(shape, generator=generator, dtype=torch.float32).to(device, dtype)


def _flat(result: object) -> torch.Tensor:
    """Return all numbers of a result in one row."""
    if isinstance(result, torch.Tensor):
        return result.to(torch.float64).flatten()
    parts: Iterable[object] = result if isinstance(result, tuple | list) else ()
    rows = [_flat(one) for one in parts if one is not None]
    return torch.cat(rows) if rows else torch.zeros(0, dtype=torch.float64)


def why_beside(module: nn.Module) -> dict[str, str]:
    """Return why layers stay digital that are there beside those on tiles, by name."""
    adapters = tuple(f"{name}." for name in adapters_in(module))
    names = (name for name, _ in module.named_modules(remove_duplicate=False))
    found = dict.fromkeys(routers_in(module), WHY)
    why = "an adapter beside analog weights stays digital"
    return found | {name: why for name in names if name.startswith(adapters)}
