"""Converters and tiles as gradients see them: rounding and noise pass them on, clipping does not.

Each is one function of autograd. What it takes to compute the outputs is done in place and forgotten; a graph of the
single steps would keep a tensor of the size of the outputs for each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import torch
from torch.autograd.function import once_differentiable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def converted(values: Tensor, bound: Tensor | float | None, bits: int | None) -> Tensor:
    """Values as they come out of a converter with steps symmetric about 0, as `Converter` describes.

    A bound gets the gradient of S. K. Esser et al., "Learned step size quantization", ICLR 2020, eq. 3.

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


class Shown(NamedTuple):
    """What gradients need to know of the converters at the foot of a tile's columns."""

    bound: Tensor
    """Of each output, broadcast over the vectors, or of each vector too."""
    levels: int | None
    """Of the converters on each side of 0; `None` for infinitely many."""
    inside: Tensor | None
    """Where nothing was clipped; `None` for everywhere."""

    def backward(self, gradient: Tensor) -> Tensor:
        """Return the gradient before the converters.

        Scaled back and forth as the values are on their way, for the rounding of that: a seed trains the same network
        as a graph of the single steps would, to the bit.
        """
        found = gradient if self.levels is None else gradient * (self.bound / self.levels)
        if self.inside is not None:
            found = found * self.inside
        return found if self.levels is None else found.mul_(self.levels).div_(self.bound)


class ReadOut(Protocol):
    """What is at the foot of one tile's columns."""

    def show(self, product: Tensor) -> Shown | None:
        """Make of currents what is shown of them, in place; return how gradients pass, `None` for unchanged."""


class TrainedTiles(NamedTuple):
    """A matrix on tiles in one run of a layer."""

    noisy: Tensor
    """The weights that are multiplied by."""
    kept: float
    """What drift leaves of them on the whole: the derivative of the noisy weights by the weights."""
    gain: float
    """What outputs are multiplied by behind the converters."""
    inputs: Sequence[slice]
    """Of each tile below another one."""
    read_outs: Sequence[ReadOut]
    """Of these tiles."""
    noise_in_backward: bool
    """Whether gradients of inputs are those of the noisy weights."""


class TiledProduct(torch.autograd.Function):
    """A product with noisy weights, whose gradients are those of the product without noise, or with it."""

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, weight: Tensor, tiles: TrainedTiles) -> Tensor:
        """Multiply vectors, the last dimension, with the noisy weights, and add up what is shown of each tile."""
        # Under autocast the products would be rounded to bfloat16, which no hardware asked for.
        with torch.autocast(inputs.device.type, enabled=False):
            rows = inputs.reshape(-1, inputs.shape[-1]).to(weight.dtype)
            total, ctx.shown = rows.new_zeros(()), []
            for part, read_out in zip(tiles.inputs, tiles.read_outs, strict=True):
                product = rows[:, part] @ tiles.noisy[:, part].t()
                ctx.shown.append(read_out.show(product))
                if tiles.gain != 1.0:
                    product.mul_(tiles.gain)
                total = total.add_(product) if total.dim() else product
        ctx.save_for_backward(rows, tiles.noisy if tiles.noise_in_backward else weight)
        ctx.parts, ctx.shape, ctx.dtype, ctx.gain = tiles.inputs, inputs.shape, inputs.dtype, tiles.gain
        ctx.of_weight, ctx.of_inputs = tiles.kept, 1.0 if tiles.noise_in_backward else tiles.kept
        return total.view(*inputs.shape[:-1], len(weight))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        """Pass gradients on."""
        rows, weight = ctx.saved_tensors
        gradient = gradient.reshape(len(rows), -1)
        if ctx.gain != 1.0:
            gradient = gradient * ctx.gain
        wants_inputs, wants_weight, _ = ctx.needs_input_grad
        to_inputs = torch.empty_like(rows) if wants_inputs else None
        to_weight = torch.empty_like(weight, memory_format=torch.contiguous_format) if wants_weight else None
        for part, shown in zip(ctx.parts, ctx.shown, strict=True):
            own = gradient if shown is None else shown.backward(gradient)
            if to_inputs is not None:
                through = weight[:, part]
                torch.mm(
                    own, through if ctx.of_inputs == 1.0 else through * ctx.of_inputs, out=to_inputs[:, part]
                )
            if to_weight is not None:
                torch.mm(own.t(), rows[:, part], out=to_weight[:, part])
        if to_weight is not None and ctx.of_weight != 1.0:
            to_weight.mul_(ctx.of_weight)
        if to_inputs is not None:
            to_inputs = to_inputs.view(ctx.shape).to(ctx.dtype)
        return to_inputs, to_weight, None


class Shrinking(torch.autograd.Function):
    """A bound with a pull towards 0 beside its gradient: decay · bound, as aihwkit-lightning adds it."""

    @staticmethod
    def forward(ctx: Any, bound: Tensor, decay: float) -> Tensor:
        """Return the bound."""
        ctx.save_for_backward(bound)
        ctx.decay = decay
        return bound.clone()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        """Pull."""
        (bound,) = ctx.saved_tensors
        return gradient + ctx.decay * bound, None
