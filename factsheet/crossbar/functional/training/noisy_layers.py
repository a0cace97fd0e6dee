"""Layers that compute as crossbars do while they are trained, and as ordinary layers when they are evaluated.

Each is a subclass of the layer that it takes the place of and holds the same parameters under the same names: weights
shared between layers stay shared, and a trained state loads into the model that it came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from factsheet.crossbar.functional.draws import Draws
from factsheet.crossbar.functional.training.weight_noise import largest_for, largest_weights, noisy_weights

if TYPE_CHECKING:
    from torch import Tensor

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.training.recipe import HwaRecipe, Strength


def converted(values: Tensor, bound: Tensor | float | None, bits: int | None) -> Tensor:
    """Values as they come out of a converter with steps symmetric about 0, as `Converter` describes.

    Args:
        values: what goes in.
        bound: largest value, broadcast; `None` for none, which takes infinite bits.
        bits: of the converter; `None` for infinitely many.
    """
    if bound is None:
        return values
    limit = torch.as_tensor(bound, dtype=values.dtype, device=values.device)
    if bits is None:
        return torch.minimum(torch.maximum(values, -limit), limit)
    levels = 2 ** (bits - 1) - 1
    scaled = (values / limit * levels).clamp(-levels, levels)
    return (scaled + (scaled.round() - scaled).detach()) * (limit / levels)


_MOMENTUM = 0.05
_TINY = 1e-12


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
        # What drift took from a current is given back behind the converter, whose noise and steps grow with it.
        gain = 1.0 / kept if hardware.compensation != "none" else 1.0
        total: Tensor | None = None
        for part, rows in enumerate(hardware.row_parts(weight.shape[1])):
            product = _Product.apply(
                inputs[..., rows], weight[:, rows], noisy[:, rows], kept, recipe.noise_in_backward
            )
            full = largest[:, rows][:, 0] * (1.0 if limit is None else limit)
            noisy_unit = full
            if recipe.adc_noise is not None and recipe.adc_noise.per:
                own = largest_for(recipe.adc_noise, weight, largest, hardware)[:, rows][:, 0]
                noisy_unit = own * (1.0 if limit is None else limit)
            partial = gain * self._read_out(
                product, full.detach(), key=f"{key}/{part}", noise_unit=noisy_unit.detach()
            )
            total = partial if total is None else total + partial
        assert total is not None  # noqa: S101  a matrix has at least one row
        return total

    def _input_limit(self, inputs: Tensor, learnt: nn.Parameter | None) -> Tensor | float | None:
        """Return where inputs are clipped."""
        recipe, hardware = self.injection.recipe, self.injection.hardware
        first = not bool(self.input_std)
        with torch.no_grad():
            std = inputs.detach().std()
            self.input_std.copy_(std if first else torch.lerp(self.input_std, std, _MOMENTUM))
        given = recipe.input_bound
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
            shrinks: Tensor = _Shrinking.apply(
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

    def _read_out(self, product: Tensor, unit: Tensor, *, key: str, noise_unit: Tensor) -> Tensor:
        """Output noise and the converter at the foot of one tile's columns.

        Args:
            product: of one tile.
            unit: what a cell with the largest weight adds at the largest input, for each output.
            key: names the draw.
            noise_unit: the same, of the largest weight that output noise is relative to.
        """
        recipe, hardware = self.injection.recipe, self.injection.hardware
        bound: Tensor | None = None
        if recipe.output_bound is not None:
            bound = _output(recipe.output_bound, product, unit, None)
        elif isinstance(hardware.adc.bound, float | int):
            bound = unit * float(hardware.adc.bound)
        elif hardware.adc.bound is not None:
            bound = product.detach().abs().amax(dim=-1, keepdim=True).clamp(min=_TINY)
        if recipe.adc_noise is not None:
            product = product + _normal(product, key) * _output(recipe.adc_noise, product, noise_unit, bound)
        bits = recipe.adc_bits or hardware.adc.bits
        return converted(product, bound, bits if bound is not None else None)


class HwaLinear(nn.Linear):
    """A linear layer on tiles while it is trained; bias is added digitally."""

    hwa: HwaCore
    input_bound: nn.Parameter | None

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002  the name that torch gives it
        """Compute the outputs."""
        if not self.training:
            return super().forward(input)
        outputs: Tensor = self.hwa(input, self.weight, self.input_bound)
        return outputs if self.bias is None else outputs + self.bias


class HwaConv2d(nn.Conv2d):
    """A convolution on tiles while it is trained, as products of its unfolded inputs."""

    hwa: HwaCore
    input_bound: nn.Parameter | None

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002  see HwaLinear
        """Compute the outputs."""
        if not self.training:
            return super().forward(input)
        return _convolved(self, input, (self.kernel_size[0], self.kernel_size[1]))


class HwaConv1d(nn.Conv1d):
    """A convolution over one dimension on tiles: that over an image of height 1."""

    hwa: HwaCore
    input_bound: nn.Parameter | None

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002  see HwaLinear
        """Compute the outputs."""
        if not self.training:
            return super().forward(input)
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
            columns.chunk(layer.groups, dim=-1), layer.weight.chunk(layer.groups), strict=True
        )
    ]
    outputs = torch.cat(parts, dim=-1).transpose(1, 2)
    if not flat:
        width = (inputs.shape[3] - dilation[1] * (kernel[1] - 1) - 1) // stride[1] + 1
        outputs = outputs.unflatten(2, (-1, width))
    shape = (-1,) + (1,) * (outputs.dim() - 2)
    return outputs if layer.bias is None else outputs + layer.bias.view(shape)


class _Product(torch.autograd.Function):
    """A product with noisy weights whose gradients are those of the product without noise, or with it."""

    @staticmethod
    def forward(ctx, inputs, weight, noisy, kept, through_noise):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN205, PLR0917  torch passes them by position
        ctx.save_for_backward(inputs, noisy if through_noise else weight * kept)
        ctx.kept = kept
        return functional.linear(inputs, noisy)

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN205  torch
        inputs, weight = ctx.saved_tensors
        to_inputs = gradient @ weight if ctx.needs_input_grad[0] else None
        to_weight = None
        if ctx.needs_input_grad[1]:
            to_weight = _rows(gradient).T @ _rows(inputs) * ctx.kept
        return to_inputs, to_weight, None, None, None


class _Shrinking(torch.autograd.Function):
    """A bound with a pull towards 0 beside its gradient: decay · bound, as aihwkit-lightning adds it."""

    @staticmethod
    def forward(ctx, bound, decay):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN205  torch
        ctx.save_for_backward(bound)
        ctx.decay = decay
        return bound.clone()

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN205  torch
        (bound,) = ctx.saved_tensors
        return gradient + ctx.decay * bound, None


def _rows(vectors: Tensor) -> Tensor:
    return vectors.reshape(-1, vectors.shape[-1])


def _output(strength: Strength, product: Tensor, unit: Tensor, bound: Tensor | None) -> Tensor:
    """Return a strength in the unit of a tile's outputs."""
    match strength.relative_to:
        case "w_max":
            scale = unit
        case "output_std":
            scale = product.detach().std()
        case "output_bound" if bound is not None:
            scale = bound
        case _:
            scale = torch.ones((), dtype=product.dtype, device=product.device)
    return scale * strength.value


def _normal(like: Tensor, key: str) -> Tensor:
    flat = (like.numel() // max(like.shape[-1], 1), like.shape[-1])
    return Draws(key, flat, like.device).normal("net").view(like.shape).to(like.dtype)
