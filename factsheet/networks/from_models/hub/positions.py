"""Find how many tokens a model has learned positions for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.networks.from_models.imports import need
from factsheet.networks.position_tables import is_position_table

if TYPE_CHECKING:
    from torch import nn

_SOUND = ("input_values", "input_features", "pixel_values")


class PositionLimit(NamedTuple):
    """The table that holds one vector for each position of a token."""

    name: str
    tokens: int


def position_limit(module: nn.Module) -> PositionLimit | None:
    """Return the smallest table of positions of tokens; `None` where positions are worked out, as by rotation.

    Some tables begin with rows that no token has: for padding, or as many as `offset`.
    """
    torch = need("torch", "hf", "reading a Hugging Face config")
    listens = getattr(module, "main_input_name", "") in _SOUND
    found: list[PositionLimit] = []
    for name, part in module.named_modules():
        if not isinstance(part, torch.nn.Embedding) or not is_position_table(name):
            continue
        if listens and "encoder" in name.split("."):
            continue
        offset = getattr(part, "offset", 0)
        unused = offset if isinstance(offset, int) else 0
        if not unused and part.padding_idx is not None:
            unused = part.padding_idx + 1
        found.append(PositionLimit(name, max(0, part.num_embeddings - unused)))
    return min(found, key=lambda limit: limit.tokens, default=None)
