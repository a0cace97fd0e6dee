"""Follow where tensors come from: which storages hold stored weights, or what follows from them without any input.

A product with stored weights and one of two activations look the same to an operator; the difference is
whether a factor's storage goes back to a parameter.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor, nn

_WEIGHT_NAMES = ("weight", "weight_raw", "original0", "original1")


class Origin(NamedTuple):
    """What is known of the contents of a storage."""

    constant: bool
    """Whether it is the same for every input."""
    weights: str = ""
    """Name of the stored weights that it is a copy of; empty if there are none."""
    stored: int = 0
    """Numbers of those weights."""
    computed: bool = False
    """Whether anything but copying was done to them."""
    selected: bool = False
    """Whether the input chose which of them it holds: rows of a table, or matrices of experts."""
    looked_up: bool = False
    """Whether it is a sum of entries of tables, as at the bottom of a transformer."""
    rotating: bool = False
    """Whether it is an activation times a constant tensor, one half of a rotary embedding."""
    sources: frozenset[str] = frozenset()
    """Every parameter that went into it."""


class Origins:
    """The origin of each storage that is more than an activation."""

    def __init__(self, module: nn.Module) -> None:
        self._known: dict[int, tuple[Origin, object]] = {}
        self._aliases: dict[str, tuple[str, ...]] = {}
        self.parameters: dict[str, int] = {}
        """Numbers in each parameter, by the node that its canonical name belongs to."""
        first: dict[int, str] = {}
        aliases: dict[str, list[str]] = {}
        tensors: list[tuple[str, Tensor, bool]] = [
            (name, tensor, True) for name, tensor in module.named_parameters(remove_duplicate=False)
        ]
        tensors += [(name, tensor, False) for name, tensor in module.named_buffers(remove_duplicate=False)]
        for full, tensor, trained in tensors:
            name = node_of(full)
            key = _key(tensor)
            aliases.setdefault(first.setdefault(key, name), []).append(name)
            if key in self._known:
                continue
            sources = frozenset((name,)) if trained else frozenset()
            self._set(tensor, Origin(constant=True, weights=name, stored=tensor.numel(), sources=sources))
            if trained:
                self.parameters[name] = tensor.numel()
        self._aliases = {name: tuple(names) for name, names in aliases.items()}

    def of(self, tensor: Tensor) -> Origin | None:
        """Return the origin of a tensor; `None` for an activation."""
        known = self._known.get(_key(tensor))
        return None if known is None else known[0]

    def names_of(self, weights: str) -> tuple[str, ...]:
        """Return every name of tied weights, the canonical one first."""
        return self._aliases.get(weights, (weights,))

    def is_constant(self, tensor: Tensor) -> bool:
        """Return whether the tensor is the same for every input."""
        origin = self.of(tensor)
        return origin is not None and origin.constant

    def set(self, tensor: Tensor, origin: Origin) -> None:
        """Note the origin of an operator's new output."""
        self._set(tensor, origin)

    def forget(self, tensor: Tensor) -> None:
        """Note that an input was written into the tensor: it is an activation from here on."""
        self._known.pop(_key(tensor), None)

    def matrices_of(self, tensor: Tensor, matrix: int) -> tuple[str, int] | None:
        """Return the stored matrices of `matrix` cells that a factor holds: their name, and how many they are.

        `None` where the factor is no copy of stored weights.
        """
        origin = self.of(tensor)
        if origin is None or not origin.weights or origin.computed:
            return None
        if origin.selected:
            return (origin.weights, origin.stored // matrix) if origin.stored > matrix else None
        if not origin.constant:
            return None
        name, distinct = self.part_of(tensor, origin)
        return name, max(1, min(distinct, origin.stored) // matrix)

    def part_of(self, tensor: Tensor, origin: Origin) -> tuple[str, int]:
        """Name of the part of the stored weights that a view shows, and how many numbers are in it."""
        distinct = prod(size for size, step in zip(tensor.shape, tensor.stride(), strict=True) if step)
        held = tensor.untyped_storage().nbytes() // max(1, tensor.element_size())
        if distinct < held and distinct < origin.stored:
            return f"{origin.weights}[{tensor.storage_offset() // max(1, distinct)}]", distinct
        return origin.weights, distinct

    def _set(self, tensor: Tensor, origin: Origin) -> None:
        # The storage is kept, so that its address is not given to another; on the meta device it has no memory.
        self._known[_key(tensor)] = (origin, tensor.untyped_storage())


def node_of(parameter: str) -> str:
    """Return the node that a parameter gives its name to: its module, or for another name the parameter itself."""
    parts = parameter.split(".")
    if parts[-1] in _WEIGHT_NAMES and len(parts) > 1:
        kept = [part for part in parts[:-1] if part not in {"parametrizations", "weight"}]
        return ".".join(kept) + (".gain" if parts[-1] == "original0" else "")
    return parameter


def joined(origins: Iterable[Origin]) -> frozenset[str]:
    """Return every parameter that went into several tensors."""
    return frozenset().union(*(origin.sources for origin in origins))


def _key(tensor: Tensor) -> int:
    return int(tensor.untyped_storage()._cdata)  # noqa: SLF001 - the storage's identity has no public name
