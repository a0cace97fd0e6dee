"""Tell the routers of mixtures of experts: digital beside the experts that they choose from.

A router's few outputs decide which weights a vector meets at all, so that noise on them costs whole experts; its matrix
would leave most of a tile empty. Declared networks, models that are read and simulations leave it digital alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.networks.policy import with_digital

if TYPE_CHECKING:
    from torch import nn

    from factsheet.networks.operators import Network

_EXPERTS = "expert"
WHY = "a router chooses digitally which experts a vector meets"


def routers_in(module: nn.Module) -> list[str]:
    """Return the names of dense layers beside a list of experts that have an output for each of them."""
    mixtures: dict[str, set[int]] = {}
    for name, one in module.named_modules(remove_duplicate=False):
        holder, _, last = name.rpartition(".")
        if _EXPERTS in last.lower() and hasattr(one, "__len__"):
            mixtures.setdefault(holder, set()).add(len(one))
    return [
        name
        for name, one in module.named_modules(remove_duplicate=False)
        if mixtures and _is_router(name, getattr(one, "out_features", 0), mixtures)
    ]


def with_digital_routers(network: Network) -> Network:
    """Return the network with its routers digital, and a note on how many there are.

    Args:
        network: the network, whose matrices are named after the modules that hold them.
    """
    mixtures: dict[str, set[int]] = {}
    for matrix in network.static:
        parts = matrix.name.split(".")
        place = next((n for n, part in enumerate(parts) if _EXPERTS in part.lower()), None)
        if matrix.kind == "experts" and matrix.matrices > 1 and place is not None:
            mixtures.setdefault(".".join(parts[:place]), set()).add(matrix.matrices)
    moved = {
        matrix.storage
        for matrix in network.analog
        if mixtures and matrix.kind == "linear" and _is_router(matrix.name, matrix.cols, mixtures)
    }
    count = f"{len(moved):,} routers are" if len(moved) > 1 else "1 router is"
    return with_digital(network, moved, f"{count} counted as digital, beside the experts")


def _is_router(name: str, outputs: int, mixtures: dict[str, set[int]]) -> bool:
    """Return whether a layer has an output for each expert of the mixture that is nearest above it."""
    parts = name.split(".")
    if any(_EXPERTS in part.lower() for part in parts):
        return False
    above = (".".join(parts[:end]) for end in range(len(parts) - 1, -1, -1))
    return outputs in next((mixtures[one] for one in above if one in mixtures), ())
