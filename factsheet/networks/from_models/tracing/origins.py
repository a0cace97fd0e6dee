"""Follow where tensors come from: which part of which stored tensor they hold, or what they were worked out from.

A product with stored weights and one of two activations look the same to an operator; the difference is whether a
factor goes back to stored values alone. What it goes back to is also what decides which products share a matrix.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from factsheet.networks.from_models.tracing.known_values import storage_key
from factsheet.networks.from_models.tracing.regions import CellRegion, CopyLayout, region, text, through

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from torch import Tensor, nn

_WEIGHT_NAMES = (
    "weight",
    "weight_raw",
    "weight_orig",
    "weight_v",
    "weight_g",
    "original",
    "original0",
    "original1",
)
_LONGEST_LABEL = 80


@dataclass(eq=False)
class Base:
    """A stored tensor, or one worked out from stored ones: matrices are parts of it."""

    label: str
    """Its name, or how it was worked out."""
    node: str
    """The name of the nodes that use it."""
    shape: tuple[int, ...]
    sources: frozenset[str]
    """Stored tensors that went into it, by name."""
    computed: bool = False
    """Whether anything but copying was done to them."""
    filled: bool = False
    """Whether parameters alone give each of its cells a number, so that what else went in is a factor or a mask."""
    pieces: tuple[tuple[Base, CellRegion], ...] = ()
    """What it was put together from, where it was."""
    parts: dict[CellRegion, str] = field(default_factory=dict)
    """Names of the parts that are used as matrices."""

    @property
    def cells(self) -> int:
        """Numbers in it."""
        return prod(self.shape)


class StoredValues(NamedTuple):
    """A stored tensor of the module."""

    name: str
    numbers: int
    learned: bool
    integer: bool
    boolean: bool
    width: int = 4
    """Bytes of one number."""


class Origin(NamedTuple):
    """What is known of the contents of a storage."""

    constant: bool
    """Whether it is the same for every input."""
    base: Base | None = None
    """What it holds, or of which the input chose a part."""
    layout: CopyLayout | None = None
    """How a copy follows from its base; `None` where they have the same cells."""
    selected: bool = False
    """Whether the input chose which of the cells it holds: rows of a table, or matrices of experts."""
    looked_up: bool = False
    """Whether it is a sum of entries of tables, as at the bottom of a transformer."""
    rotating: bool = False
    """Whether it is an activation times a constant tensor, one half of a rotary embedding."""
    sources: frozenset[str] = frozenset()
    """Every stored tensor that went into it."""


class HeldValues(NamedTuple):
    """What a view holds of stored values."""

    base: Base
    offset: int
    axes: tuple[tuple[int, int], ...]
    """Cells and steps of the view's axes, in their order, where they are known; of a chosen part, none."""
    region: CellRegion


class Origins:
    """The origin of each storage that is more than an activation."""

    def __init__(self, module: nn.Module | None = None) -> None:
        self._known: dict[int, Origin] = {}
        self._kept: dict[int, object] = {}
        self._aliases: dict[str, list[str]] = {}
        self._derived: dict[Hashable, Base] = {}
        self._labels: dict[str, Base] = {}
        self._module = module
        self.stored: dict[str, StoredValues] = {}
        """Every stored tensor that is known of, by its first name."""

    def add(self, name: str, tensor: Tensor, *, learned: bool) -> None:
        """Note a stored tensor of the module; a further name of one that is known is an alias."""
        key = storage_key(tensor)
        known = self._known.get(key)
        node = node_of(name)
        if known is not None and known.base is not None:
            self._aliases[known.base.node].append(node)
            return
        base = Base(self._free(node), node, self._whole_shape(tensor), frozenset((name,)))
        self._aliases[node] = [node]
        self._labels[base.label] = base
        kind = tensor.dtype
        self.stored[name] = StoredValues(
            name,
            tensor.numel(),
            learned,
            not (kind.is_floating_point or kind.is_complex),
            str(kind) == "torch.bool",
            tensor.element_size(),
        )
        self._set(tensor, Origin(constant=True, base=base, sources=base.sources))

    def of(self, tensor: Tensor) -> Origin | None:
        """Return the origin of a tensor; `None` for an activation."""
        return self._known.get(storage_key(tensor))

    def is_seen(self, tensor: Tensor) -> bool:
        """Return whether the tensor is an input, a result of the run, or stored."""
        return storage_key(tensor) in self._kept

    def see(self, tensor: Tensor) -> None:
        """Note an activation."""
        self._kept[storage_key(tensor)] = _storage(tensor)

    def names_of(self, node: str) -> Sequence[str]:
        """Return every name of tied weights, the canonical one first."""
        return self._aliases.get(node, [node])

    def is_constant(self, tensor: Tensor) -> bool:
        """Return whether the tensor is the same for every input."""
        origin = self.of(tensor)
        return origin is not None and origin.constant

    def has_stored(self, tensor: Tensor) -> bool:
        """Return whether the tensor was worked out from stored values alone."""
        origin = self.of(tensor)
        return origin is not None and origin.constant and bool(origin.sources)

    def is_learned(self, tensor: Tensor) -> bool:
        """Return whether parameters went into the tensor."""
        origin = self.of(tensor)
        return origin is not None and any(self.stored[name].learned for name in origin.sources)

    def set(self, tensor: Tensor, origin: Origin) -> None:
        """Note the origin of an operator's new output."""
        self._set(tensor, origin)

    def forget(self, tensor: Tensor) -> None:
        """Note that an input was written into the tensor: it is an activation from here on."""
        self._known.pop(storage_key(tensor), None)

    def held(self, tensor: Tensor) -> HeldValues | None:
        """Return what a tensor holds of stored values; `None` where it is computed from the input.

        Of a part that the input chose, the region is all that it chose from.
        """
        origin = self.of(tensor)
        if origin is None or origin.base is None:
            return None
        base = origin.base
        if origin.selected:
            return HeldValues(base, 0, (), region(0, ((base.cells, 1),)))
        axes = tuple(zip(tuple(tensor.shape), tensor.stride(), strict=True))
        first = int(tensor.storage_offset())
        if origin.layout is None:
            return HeldValues(base, first, axes, region(first, axes))
        found = through(origin.layout, first, axes)
        if found is None:  # no plain part of what was copied: a matrix of its own
            base = self.derived(
                ("copy", id(base), origin.layout, first, axes),
                f"part of {base.label}",
                (tuple(tensor.shape)),
                (origin,),
            )
            return HeldValues(base, 0, (), region(0, ((base.cells, 1),)))
        offset, steps = found
        kept = tuple(steps) if len(steps) == sum(size > 1 and step > 0 for size, step in axes) else ()
        return HeldValues(base, offset, kept, region(offset, steps))

    def derived(
        self,
        key: Hashable,
        label: str,
        shape: tuple[int, ...],
        known: Iterable[Origin],
        *,
        computed: bool = True,
    ) -> Base:
        """Return what equal work on equal stored values gives; twice the same is one matrix."""
        if key in self._derived:
            return self._derived[key]
        bases = [origin.base for origin in known if origin.base is not None]
        largest = max(bases, key=lambda base: (bool(base.sources), base.cells), default=None)
        node = largest.node if largest is not None and largest.sources else "constant"
        label = label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
        sources = frozenset[str]().union(*(base.sources for base in bases))
        base = Base(self._free(label), node, shape, sources, computed=computed)
        self._labels[base.label] = base
        self._derived[key] = base
        return base

    def name_of(self, base: Base, part: CellRegion) -> tuple[str, str]:
        """Return the name of a part of a stored tensor, and that of a node that uses it."""
        if part not in base.parts:
            written = text(base.shape, part)
            taken = f"{base.label}{written}" in {f"{base.label}{one}" for one in base.parts.values()}
            base.parts[part] = f"{written}@{len(base.parts) + 1}" if taken else written
        return f"{base.label}{base.parts[part]}", f"{base.node}{base.parts[part]}"

    def outside(self, tensor: Tensor) -> None:
        """Note a tensor that is neither an input nor registered with the module nor a result of its work."""
        name = self._attribute(tensor) or f"tensor {' x '.join(map(str, tensor.shape))}"
        self.add(self._free(name), tensor, learned=False)

    def _attribute(self, tensor: Tensor) -> str:
        """Return the plain attribute of the module, or of what is in it, that holds a tensor."""
        if self._module is None:
            return ""
        import torch  # it runs already: a tensor was given

        key = storage_key(tensor)
        for path, module in self._module.named_modules():
            for name, value in vars(module).items():
                for place, item in _items(value):
                    if isinstance(item, torch.Tensor) and self._same(item, key):
                        return ".".join(filter(None, (path, name, place)))
        return ""

    def _same(self, tensor: Tensor, key: int) -> bool:
        return storage_key(self.twin(tensor)) == key

    def twin(self, tensor: Tensor) -> Tensor:
        """Return the tensor without data for one with data; set by the trace."""
        return tensor

    def _free(self, label: str) -> str:
        if label not in self._labels:
            return label
        return next(name for count in range(2, 10**9) if (name := f"{label}@{count}") not in self._labels)

    def _whole_shape(self, tensor: Tensor) -> tuple[int, ...]:
        held = tensor.numel()
        if hasattr(tensor, "untyped_storage") and tensor.layout.__str__() == "torch.strided":
            held = tensor.untyped_storage().nbytes() // max(1, tensor.element_size())
        whole = held == tensor.numel() and tensor.is_contiguous()
        return tuple(tensor.shape) if whole else (held,)

    def _set(self, tensor: Tensor, origin: Origin) -> None:
        # The storage is kept, so that its address is not given to another; on the meta device it has no memory.
        self._known[storage_key(tensor)] = origin
        self._kept[storage_key(tensor)] = _storage(tensor)


def _storage(tensor: Tensor) -> object:
    try:
        return tensor.untyped_storage()
    except (NotImplementedError, RuntimeError):
        return tensor


def _items(value: object) -> Iterable[tuple[str, object]]:
    if isinstance(value, (list, tuple)):
        return ((str(place), item) for place, item in enumerate(value))
    if isinstance(value, dict):
        return ((str(key), item) for key, item in value.items())
    return (("", value),)


def node_of(tensor: str) -> str:
    """Return the node that a tensor gives its name to: its module, or for another name the tensor itself."""
    parts = tensor.split(".")
    if parts[-1] in _WEIGHT_NAMES and len(parts) > 1:
        kept = [part for part in parts[:-1] if part not in {"parametrizations", "weight"}]
        return ".".join(kept) + (".gain" if parts[-1] in {"original0", "weight_g"} else "")
    return tensor


def joined(origins: Iterable[Origin]) -> frozenset[str]:
    """Return every stored tensor that went into several."""
    return frozenset[str]().union(*(origin.sources for origin in origins))


def weight_tensors(base: Base, cells: int, stored: Mapping[str, StoredValues]) -> dict[str, int]:
    """Return which tensors beside parameters hold a matrix's weights, and how many weights.

    Of a matrix that was worked out, they are those of its size, however its numbers were scaled or looked up; or else
    the integers that several of its numbers are packed in.

    Args:
        base: the matrix.
        cells: its numbers.
        stored: all stored tensors.
    """
    if base.filled:
        return {}
    sources = [stored[name] for name in sorted(base.sources)]
    numeric = [one for one in sources if not one.boolean]
    same = [one for one in numeric if one.numbers == base.cells]
    if any(one.learned for one in same):
        return {}
    if same:
        return {max(same, key=lambda one: one.integer).name: base.cells}
    packed = [one for one in numeric if one.integer and one.numbers and not base.cells % one.numbers]
    largest = max(packed, key=lambda one: one.numbers, default=None)
    if largest is not None and base.computed:
        return {largest.name: base.cells}
    if any(one.learned for one in numeric) or not numeric:
        return {}
    largest = max(numeric, key=lambda one: one.numbers)
    return {largest.name: max(largest.numbers, cells) if largest.integer else largest.numbers}
