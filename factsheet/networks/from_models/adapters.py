"""Tell the adapters of PEFT in a model, such as factors of LoRA: digital beside the layers that they adapt.

Adapters are there to be trained and exchanged beside weights that are programmed once (AHWA-LoRA, C. Li et al.,
arXiv:2411.17367). The simulator leaves them digital as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.networks.policy import with_digital

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import nn

    from factsheet.networks.operators import Network


def adapters_in(module: nn.Module) -> list[str]:
    """Return the names of what PEFT's layers hold beside the layer that they adapt, such as the factors of LoRA."""
    return [
        f"{name}.{part}" if name else part
        for name, one in module.named_modules(remove_duplicate=False)
        if type(one).__module__.startswith("peft.")
        for part in getattr(one, "adapter_layer_names", ())
    ]


def with_digital_adapters(network: Network, adapters: Iterable[str]) -> Network:
    """Return the network with the matrices of adapters digital, and a note on how many there are.

    Args:
        network: the network, whose matrices are named after the modules that hold them.
        adapters: names of modules that hold adapters; all that is within them counts.
    """
    names = tuple(adapters)
    within = tuple(f"{name}." for name in names)
    moved = {
        matrix.storage
        for matrix in network.static
        if matrix.on == "analog" and (matrix.name in names or matrix.name.startswith(within))
    }
    count = f"{len(moved):,} matrices of adapters" if len(moved) > 1 else "1 matrix of an adapter"
    return with_digital(network, moved, f"{count} counted as digital, beside the layers that they adapt")
