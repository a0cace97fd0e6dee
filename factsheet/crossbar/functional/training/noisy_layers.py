"""Layers that compute as crossbars do while they are trained, and as ordinary layers when they are evaluated.

Each is a subclass of the layer that it takes the place of and holds the same parameters under the same names: weights
shared between layers stay shared, and a trained state loads into the model that it came from.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from factsheet.crossbar.functional.draws import Draws, portions
from factsheet.crossbar.functional.training.straight_through import (
    Shrinking,
    TiledProduct,
    TrainedTiles,
    converted,
)
from factsheet.crossbar.functional.training.weight_noise import largest_for, largest_weights, noisy_weights

if TYPE_CHECKING:
    from torch import Tensor

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.training.recipe import HwaRecipe, Strength


_MOMENTUM = 0.05
_TINY = 1e-12
_SQRT_2 = math.sqrt(2.0)


class Injection(NamedTuple):
    """The noise and converters of one layer while it is trained."""

    recipe: HwaRecipe
    hardware: AnalogHardware
    name: str
    seed: int


class HwaCore(nn.Module):
    """The products of one layer's matrix with its noise and its converters. It holds no parameters."""

    input_std: Tensor

    def __init__(self, injection: Injection, like: Tensor) -> None:
        super().__init__()
        self.injection = injection
        self.steps = 0
        self.register_buffer("input_std", like.new_zeros(()), persistent=False)

    def forward(self, inputs: Tensor, weight: Tensor, learnt: nn.Parameter | None) -> Tensor:
        """Multiply input vectors, the last dimension, with a matrix of outputs by inputs.

        Args:
            inputs: any number of vectors.
            weight: the matrix; gradients arrive at it as if there were no noise, unless the recipe says otherwise.
            learnt: the bound of the inputs, where it is trained.
        """
        recipe, hardware, name, seed = self.injection
        self.steps += 1
        key = f"hwa/{seed}/{name}/{self.steps}"
        limit = self._input_limit(inputs, learnt)
        inputs = self._with_input_noise(inputs, limit, key)
        bits = recipe.dac_bits or hardware.dac.bits
        inputs = converted(inputs, limit, bits if limit is not None else None)
        largest = largest_weights(weight, hardware)
        noisy, kept = noisy_weights(weight, largest, recipe, hardware=hardware, key=key)
        of_noise = largest
        if recipe.adc_noise is not None:
            of_noise = largest_for(recipe.adc_noise, weight, largest, hardware)
        limits = limit.detach().reshape(-1, 1) if isinstance(limit, torch.Tensor) else limit
        parts = hardware.row_parts(weight.shape[1])
        read_outs = [
            _ReadOut(self.injection, _Units(largest[:, part], of_noise[:, part], limits), f"{key}/{part}")
            for part in range(len(parts))
        ]
        # What drift took from a current is given back behind the converter, whose noise and steps grow with it.
        gain = 1.0 / kept if hardware.compensation != "none" else 1.0
        tiles = TrainedTiles(noisy, kept, gain, parts, read_outs, recipe.noise_in_backward)
        outputs: Tensor = TiledProduct.apply(inputs, weight, tiles)
        return outputs

    def _input_limit(self, inputs: Tensor, learnt: nn.Parameter | None) -> Tensor | float | None:
        """Return where inputs are clipped."""
        recipe, hardware = self.injection.recipe, self.injection.hardware
        given = recipe.input_bound
        if any(one.relative_to == "input_std" for one in (given, recipe.input_noise) if one is not None):
            first = not bool(self.input_std)
            with torch.no_grad():
                std = inputs.detach().std()
                self.input_std.copy_(std if first else torch.lerp(self.input_std, std, _MOMENTUM))
        fixed: Tensor | float | None = None
        if given is not None:
            fixed = given.value * (self.input_std if given.relative_to == "input_std" else 1.0)
        elif isinstance(hardware.dac.bound, float | int):
            fixed = float(hardware.dac.bound)
        elif hardware.dac.bound == "dynamic" and learnt is None:
            return inputs.detach().abs().amax(dim=-1, keepdim=True).clamp(min=_TINY)
        if learnt is None:
            return fixed
        learning = recipe.input_range
        if learning is not None and self.steps <= learning.batches and fixed is not None:
            # The mean over batches so far, as lightning's `apply_input_range` has it.
            alpha = given.value if given is not None and given.relative_to == "input_std" else None
            own = alpha * std if alpha is not None else torch.as_tensor(fixed)
            with torch.no_grad():
                learnt.copy_((learnt * (self.steps - 1) + own.to(learnt)) / self.steps)
        if not bool(learnt > 0):
            # The first run, or a step too far: below 0 it would turn inputs round.
            with torch.no_grad():
                learnt.copy_(torch.as_tensor(inputs.detach().abs().max() if fixed is None else fixed))
        if learning is not None and learning.decay:
            clipped = float((inputs.detach().abs() >= learnt.detach()).float().mean())
            shrinks: Tensor = Shrinking.apply(
                learnt, learning.decay if clipped < learning.clipped_share else 0.0
            )
            return shrinks
        return learnt

    def _with_input_noise(self, inputs: Tensor, limit: Tensor | float | None, key: str) -> Tensor:
        strength = self.injection.recipe.input_noise
        if strength is None:
            return inputs
        unit: Tensor | float = 1.0
        if strength.relative_to == "input_bound":
            unit = 1.0 if limit is None else limit.detach() if isinstance(limit, torch.Tensor) else limit
        elif strength.relative_to == "input_std":
            unit = self.input_std
        return inputs + _normal(inputs, f"{key}/input") * unit * strength.value


class _Units(NamedTuple):
    """What a cell with the largest weight adds to each output of a tile at the largest input."""

    full: Tensor
    """The largest weights."""
    of_noise: Tensor
    """Those that output noise is relative to."""
    limits: Tensor | float | None
    """The largest inputs: of all vectors, or of each in a row of its own."""

    def at(self, rows: slice) -> tuple[Tensor, Tensor]:
        """Return both units for some vectors, broadcast over them where they are the same."""
        limits = 1.0 if self.limits is None else self.limits
        if isinstance(limits, torch.Tensor) and len(limits) > 1:
            limits = limits[rows]
        return self.full * limits, self.of_noise * limits


class _ReadOut:
    """Output noise and the converters at the foot of one tile's columns.

    Args:
        injection: has both.
        units: of the tile.
        key: names the draw.
    """

    def __init__(self, injection: Injection, units: _Units, key: str) -> None:
        self.injection, self.units, self.key = injection, units, key

    def show(self, product: Tensor) -> Tensor | None:
        """Make of currents what is shown of them, in place; return where gradients pass, `None` for everywhere."""
        recipe, hardware = self.injection.recipe, self.injection.hardware
        bits = recipe.adc_bits or hardware.adc.bits
        levels = None if bits is None else 2 ** (bits - 1) - 1
        given, noise = recipe.output_bound, recipe.adc_noise
        relative = {one.relative_to for one in (given, noise) if one is not None}
        std = product.std() if "output_std" in relative else product.new_ones(())
        draws = Draws(self.key, (product.shape[0], product.shape[1]), product.device, passing=True)
        passes: Tensor | None = None
        for rows in portions(product.shape[0], product.shape[1], product.device):
            own = product[rows]
            unit, noise_unit = self.units.at(rows)
            bound: Tensor | None = None
            if given is not None:
                bound = _output(given, unit, std, None)
            elif isinstance(hardware.adc.bound, float | int):
                bound = unit * float(hardware.adc.bound)
            elif hardware.adc.bound is not None:
                bound = own.abs().amax(dim=-1, keepdim=True).clamp_(min=_TINY)
            if noise is not None:
                spread = _output(noise, noise_unit, std, bound) * _SQRT_2
                own.addcmul_(draws.at(rows).half_normal("net").to(own.dtype), spread)
            if bound is None:
                continue
            last = 1 if levels is None else levels
            own.mul_(last / bound)
            size = own.abs()
            if bool(size.amax() > last):  # seldom: a bound is where outputs do not come
                if passes is None:
                    passes = torch.ones_like(product, dtype=torch.bool)
                torch.le(size, last, out=passes[rows])
                own.clamp_(-last, last)
            if levels is not None:
                own.round_()
            own.mul_(bound / last)
        return passes


def scaled_weight(layer: HwaLinear | HwaConv1d | HwaConv2d) -> Tensor:
    """Return the weights of a layer times the learnt scales of its outputs, of each tile below the others its own."""
    if layer.output_scales is None:
        return layer.weight
    inputs = layer.weight[0].numel()
    hardware = layer.hwa.injection.hardware
    scales = layer.output_scales
    if scales.shape[1] < len(layer.weight):  # one for each tile
        groups = getattr(layer, "groups", 1)
        widths = [one.stop - one.start for one in hardware.col_parts(len(layer.weight) // groups)] * groups
        scales = scales.repeat_interleave(torch.tensor(widths, device=scales.device), dim=1)
    heights = [one.stop - one.start for one in hardware.row_parts(inputs)]
    factors = scales.repeat_interleave(torch.tensor(heights, device=scales.device), dim=0).T
    return layer.weight * factors.reshape(layer.weight.shape)


class HwaLinear(nn.Linear):
    """A linear layer on tiles while it is trained; bias is added digitally."""

    hwa: HwaCore
    input_bound: nn.Parameter | None
    output_scales: nn.Parameter | None

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002  the name that torch gives it
        """Compute the outputs."""
        weight = scaled_weight(self)
        if not self.training:
            return functional.linear(input, weight, self.bias)
        outputs: Tensor = self.hwa(input, weight, self.input_bound)
        return outputs if self.bias is None else outputs + self.bias


class HwaConv2d(nn.Conv2d):
    """A convolution on tiles while it is trained, as products of its unfolded inputs."""

    hwa: HwaCore
    input_bound: nn.Parameter | None
    output_scales: nn.Parameter | None

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002  see HwaLinear
        """Compute the outputs."""
        if not self.training:
            return self._conv_forward(input, scaled_weight(self), self.bias)
        return _convolved(self, input, (self.kernel_size[0], self.kernel_size[1]))


class HwaConv1d(nn.Conv1d):
    """A convolution over one dimension on tiles: that over an image of height 1."""

    hwa: HwaCore
    input_bound: nn.Parameter | None
    output_scales: nn.Parameter | None

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002  see HwaLinear
        """Compute the outputs."""
        if not self.training:
            return self._conv_forward(input, scaled_weight(self), self.bias)
        return _convolved(self, input, (1, self.kernel_size[0]))


def _convolved(layer: HwaConv1d | HwaConv2d, inputs: Tensor, kernel: tuple[int, int]) -> Tensor:
    flat = inputs.dim() == 3  # noqa: PLR2004  a batch of sequences; images have four
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    # What `pad` takes, worked out by torch from numbers, `same` or `valid`.
    inputs = functional.pad(inputs, tuple(layer._reversed_padding_repeated_twice), mode)  # noqa: SLF001
    stride, dilation = tuple(layer.stride), tuple(layer.dilation)
    if flat:
        inputs, stride, dilation = inputs.unsqueeze(2), (1, *stride), (1, *dilation)
    columns = functional.unfold(inputs, kernel, dilation, 0, stride).transpose(1, 2)
    parts = [
        layer.hwa(vectors, weight.flatten(1), layer.input_bound)
        for vectors, weight in zip(
            columns.chunk(layer.groups, dim=-1), scaled_weight(layer).chunk(layer.groups), strict=True
        )
    ]
    outputs = torch.cat(parts, dim=-1).transpose(1, 2)
    if not flat:
        width = (inputs.shape[3] - dilation[1] * (kernel[1] - 1) - 1) // stride[1] + 1
        outputs = outputs.unflatten(2, (-1, width))
    shape = (-1,) + (1,) * (outputs.dim() - 2)
    return outputs if layer.bias is None else outputs + layer.bias.view(shape)


def _output(strength: Strength, unit: Tensor, std: Tensor, bound: Tensor | None) -> Tensor:
    """Return a strength in the unit of a tile's outputs.

    Args:
        strength: of noise, or a bound.
        unit: what a cell with the largest weight adds at the largest input, for each output.
        std: of the tile's outputs.
        bound: of its converters.
    """
    match strength.relative_to:
        case "w_max":
            scale = unit
        case "output_std":
            scale = std
        case "output_bound" if bound is not None:
            scale = bound
        case _:
            scale = torch.ones((), dtype=unit.dtype, device=unit.device)
    return scale * strength.value


def _normal(like: Tensor, key: str) -> Tensor:
    count, width = like.numel() // max(like.shape[-1], 1), like.shape[-1]
    draws = Draws(key, (count, width), like.device, passing=True)
    found = torch.empty((count, width), dtype=like.dtype, device=like.device)
    for rows in portions(count, width, like.device):
        found[rows] = draws.at(rows).normal("net")
    return found.view(like.shape)
