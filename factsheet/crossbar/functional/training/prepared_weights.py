"""Round weights to so many bits, and leave some of them out, on every run of a layer that is trained.

Both are aihwkit's (`rpucuda/weight_modifier.cpp` of 1.1.0: `Discretize`, `dropConnections`). Gradients are those of the
weights themselves, as of all that is done to them in training.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.crossbar.functional.draws import Draws

if TYPE_CHECKING:
    from torch import Tensor

    from factsheet.crossbar.functional.training.recipe import HwaRecipe


def rounded(weight: Tensor, largest: Tensor, recipe: HwaRecipe) -> Tensor:
    """Return weights on the steps that a recipe's bits give, symmetric about 0: 2ᵇ − 2 from end to end.

    Args:
        weight: outputs by inputs.
        largest: the largest weight of each one's tile or column, which the last step is.
        recipe: whose `weight_bits` they are; without, weights stay.
    """
    if recipe.weight_bits is None:
        return weight
    levels = 2 ** (recipe.weight_bits - 1) - 1
    return (weight / largest).clamp(-1.0, 1.0).mul_(levels).round_().mul_(largest / levels)


def without_dropped(weight: Tensor, recipe: HwaRecipe, key: str) -> Tensor:
    """Return weights of which a recipe's share is 0, drawn anew for each key; the others are not scaled up for it.

    Args:
        weight: outputs by inputs, noise included.
        recipe: whose `drop_connect` it is; without, all weights stay.
        key: names the draw.
    """
    if not recipe.drop_connect:
        return weight
    drawn = Draws(f"{key}/drop", (weight.shape[0], weight.shape[1]), weight.device).uniform("connect")
    return weight * (drawn >= recipe.drop_connect)
