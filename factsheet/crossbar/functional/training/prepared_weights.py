"""Round weights to so many bits, and leave some of them out, on every run of a layer that is trained.

Both are aihwkit's (`rpucuda/weight_modifier.cpp` of 1.1.0: `Discretize`, `dropConnections`). Gradients are those of the
weights themselves, as of all that is done to them in training.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from factsheet.crossbar.functional.draws import Draws


def rounded(weight: Tensor, largest: Tensor, bits: int) -> Tensor:
    """Return weights on the steps that so many bits give, symmetric about 0: 2ᵇ − 2 from end to end.

    Args:
        weight: outputs by inputs.
        largest: the largest weight of each one's tile or column, broadcast, which the last step is.
        bits: a recipe's `weight_bits`.
    """
    levels = 2 ** (bits - 1) - 1
    return (weight / largest).clamp_(-1.0, 1.0).mul_(levels).round_().mul_(largest / levels)


def without_dropped(weight: Tensor, share: float, draws: Draws) -> Tensor:
    """Return weights of which a share is 0; the others are not scaled up for it.

    Args:
        weight: outputs by inputs, noise included.
        share: a recipe's `drop_connect`.
        draws: of these weights.
    """
    return weight * (draws.part("drop").uniform("connect") >= share)
