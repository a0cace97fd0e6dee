"""Converters that gradients pass: values are rounded and clipped on the way forward, and not on the way back.

Inside the bound the gradient of rounding is taken to be one (the straight-through estimator of Bengio et al.,
arXiv:1308.3432), beyond it that of clipping, which is none. A bound that is trained gets the gradient of Esser et al.,
Learned Step Size Quantization (arXiv:1902.08153, eq. 3): what is clipped pulls it up, what is rounded down or up to
the next step tells it whether finer steps would serve.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


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
