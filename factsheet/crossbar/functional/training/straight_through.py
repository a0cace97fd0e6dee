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
    found: Tensor = _Converted.apply(values, limit, None if bits is None else 2 ** (bits - 1) - 1)
    return found


class ReadOut(Protocol):
    """What is at the foot of one tile's columns."""

    def show(self, product: Tensor) -> Tensor | None:
        """Make of currents what is shown of them, in place; return where gradients pass, `None` for everywhere."""


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
            total, passed = rows.new_zeros(()), []
            for part, read_out in zip(tiles.inputs, tiles.read_outs, strict=True):
                product = rows[:, part] @ tiles.noisy[:, part].t()
                passed.append(read_out.show(product))
                total = total.add_(product) if total.dim() else product
            if tiles.gain != 1.0:
                total.mul_(tiles.gain)
        ctx.save_for_backward(rows, tiles.noisy if tiles.noise_in_backward else weight, *passed)
        ctx.parts, ctx.shape, ctx.dtype = tiles.inputs, inputs.shape, inputs.dtype
        ctx.of_weight = tiles.gain * tiles.kept
        ctx.of_inputs = tiles.gain if tiles.noise_in_backward else ctx.of_weight
        return total.view(*inputs.shape[:-1], len(weight))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        """Pass gradients on."""
        rows, weight, *passed = ctx.saved_tensors
        gradient = gradient.reshape(len(rows), -1)
        parts = zip(ctx.parts, passed, strict=True)
        if all(one is None for one in passed):
            parts = zip([slice(None)], [None], strict=True)  # nothing was clipped: tiles do not matter
        wants_inputs, wants_weight, _ = ctx.needs_input_grad
        to_inputs = torch.empty_like(rows) if wants_inputs else None
        to_weight = torch.empty_like(weight) if wants_weight else None
        # Factors go to the vectors, which are fewer than the weights.
        scaled = rows if ctx.of_weight == 1.0 else rows * ctx.of_weight
        for part, passes in parts:
            own = gradient if passes is None else gradient * passes
            if to_inputs is not None:
                torch.mm(own, weight[:, part], out=to_inputs[:, part])
            if to_weight is not None:
                torch.mm(own.t(), scaled[:, part], out=to_weight[:, part])
        if to_inputs is not None:
            if ctx.of_inputs != 1.0:
                to_inputs.mul_(ctx.of_inputs)
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


class _Converted(torch.autograd.Function):
    """Clip to a limit, and round to so many levels on each side of 0; `None` rounds to none."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, limit: Tensor, levels: int | None) -> Tensor:
        last = 1 if levels is None else levels
        scaled = values * (last / limit)
        passes = scaled.abs() <= last
        codes = scaled.clamp(-last, last)
        if levels is not None:
            codes.round_()
        # By the bound: how far a value was moved where it was rounded, ±1 where it was clipped.
        moved = codes.sub(scaled.mul_(passes)).div_(last) if ctx.needs_input_grad[1] else None
        ctx.save_for_backward(passes, moved)
        ctx.limit_shape = limit.shape
        if levels is None:  # what is inside stays as it is, to the bit
            return torch.where(passes, values, codes.mul_(limit))
        return codes.mul_(limit / last)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        passes, moved = ctx.saved_tensors
        to_values = gradient * passes if ctx.needs_input_grad[0] else None
        to_limit = None if moved is None else (gradient * moved).sum_to_size(ctx.limit_shape)
        return to_values, to_limit, None
