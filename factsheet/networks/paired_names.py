"""Pair the layers of a module with those of a declared network, whose names are others."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.networks.operators import Network


class SizedLayer(NamedTuple):
    """A stored matrix with its name."""

    name: str
    rows: int
    """Inputs."""
    cols: int
    """Outputs."""


def paired_names(layers: Sequence[SizedLayer], network: Network) -> dict[str, str] | None:
    """Return the declared name of each layer, or `None` where it is not certain which is which.

    Both have to hold the same sizes in the same order. Where a size is there once, that is enough. Layers of one size
    have to have the same numbers in their names, and all but one of those with the same numbers the same word
    (`encoder.layer.0.attention.self.query`, `layer.0.query`): the last one is what is left.

    Args:
        layers: of the module, each stored matrix once, in order.
        network: the declared one.
    """
    seen: dict[str, SizedLayer] = {}
    for matrix in network.static:
        seen.setdefault(matrix.storage, SizedLayer(matrix.name, matrix.rows, matrix.cols))
    declared = list(seen.values())
    names = {layer.name for layer in layers}
    if names <= {layer.name for layer in declared}:
        return {name: name for name in names}
    if [layer[1:] for layer in layers] != [layer[1:] for layer in declared]:
        return None
    sizes = Counter(layer[1:] for layer in layers)
    open_ones: Counter[tuple[object, ...]] = Counter()
    for own, other in zip(layers, declared, strict=True):
        if sizes[own[1:]] == 1:
            continue
        if _numbers(own.name) != _numbers(other.name):
            return None
        word, alike = other.name.rpartition(".")[2], (*own[1:], _numbers(own.name))
        if word not in own.name.split("."):
            open_ones[alike] += 1
            if any(
                word in layer.name.split(".")
                for layer in layers
                if (*layer[1:], _numbers(layer.name)) == alike
            ):
                return None  # that word is another layer's
    if any(count > 1 for count in open_ones.values()):
        return None
    return {own.name: other.name for own, other in zip(layers, declared, strict=True)}


def _numbers(name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+", name))
