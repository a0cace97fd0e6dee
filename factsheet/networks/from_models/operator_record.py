"""The operators that a trace has recorded so far, under unique names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from factsheet.errors import WorkloadError
from factsheet.networks.limits import MOST_OPERATORS
from factsheet.networks.operators import DynamicMatmul, Elementwise, Lookup, StaticMatmul, Unknown

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from factsheet.networks.operators import ElementKind, MatrixKind, Operator


@dataclass
class OperatorRecord:
    """Operators in the order of their first call; work of one call of a module is added up."""

    _kept: dict[Hashable, Operator] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    groups: dict[str, object] = field(default_factory=dict)
    """What vectors were sent to a matrix by, by the operator's name; from `operators`."""
    _groups: dict[Hashable, object] = field(default_factory=dict)
    _products: dict[Hashable, Hashable] = field(default_factory=dict)
    """The product of activations that each call of a module was the last to add."""

    def static(
        self,
        call: Hashable,
        name: str,
        *,
        stored_as: str,
        shape: tuple[int, int],
        products: int,
        bias: bool = False,
        matrices: int = 1,
        active: int = 0,
        kind: MatrixKind = "linear",
        lookahead: int = 0,
        group: object = None,
    ) -> None:
        """Add products of input vectors with stored matrices.

        Args:
            call: the call of the module that they happen in.
            name: the node.
            stored_as: name of the stored weights.
            shape: rows and columns of one matrix.
            products: products of one vector with one matrix.
            bias: whether a bias follows.
            matrices: matrices of this shape.
            active: how many of them one input vector meets; 0 for all.
            kind: what the matrix is in the network.
            lookahead: how far the windows of a convolution reach ahead.
            group: what the vectors were sent to this matrix by; kept beside the operator.
        """
        used = active or matrices
        if products % used:  # not every vector meets as many
            active = used = 1
        key = ("static", call, name, stored_as, shape, active)
        if group is not None:
            self._groups[key] = group
        known = self._kept.get(key)
        before = known.calls if isinstance(known, StaticMatmul) else 0
        self._keep(
            key,
            StaticMatmul(
                name,
                block_of(name),
                *shape,
                before + products // used,
                bias=bias,
                stored_as=stored_as,
                matrices=matrices,
                active=active if matrices > 1 else 0,
                kind=kind,
                lookahead=lookahead,
            ),
        )

    def dynamic(self, call: Hashable, name: str, count: int, shape: tuple[int, int, int]) -> None:
        """Add `count` products of two activations, [m, k] by [k, n]."""
        key = ("dynamic", call, name, shape)
        known = self._kept.get(key)
        if isinstance(known, DynamicMatmul):  # under the name that it has by now
            self._keep(key, known._replace(count=known.count + count))
        else:
            self._products[call] = key
            self._keep(key, DynamicMatmul(name, block_of(name), count, *shape))

    def elements(
        self,
        call: Hashable,
        module: str,
        kind: ElementKind,
        count: int,
        *,
        parameters: int = 0,
        stored_as: str = "",
    ) -> None:
        """Add elementwise work."""
        key = ("elements", call, module, kind, stored_as)
        known = self._kept.get(key)
        before = known.elements if isinstance(known, Elementwise) else 0
        name = f"{module}.{kind}" if module else kind
        self._keep(
            key,
            Elementwise(
                name,
                block_of(f"{module}." if module else name),
                kind,
                before + count,
                parameters=parameters,
                stored_as=stored_as,
            ),
        )

    def take_back(
        self, call: Hashable, module: str, kind: ElementKind, count: int, *, stored_as: str
    ) -> None:
        """Take away elementwise work that `elements` added, because it turned out to be part of other work."""
        key = ("elements", call, module, kind, stored_as)
        known = self._kept.get(key)
        if isinstance(known, Elementwise):
            left = max(0, known.elements - count)
            self._kept[key] = known._replace(elements=left, parameters=known.parameters if left else 0)

    def lookup(
        self, call: Hashable, name: str, *, stored_as: str, shape: tuple[int, int], lookups: int
    ) -> None:
        """Add rows read from a table of `shape`."""
        key = ("lookup", call, name, stored_as)
        known = self._kept.get(key)
        before = known.lookups if isinstance(known, Lookup) else 0
        self._keep(key, Lookup(name, block_of(name), *shape, before + lookups, stored_as))

    def unknown(
        self,
        call: Hashable,
        module: str,
        what: str,
        elements: int,
        *,
        parameters: int = 0,
        packed: bool = False,
        stored_as: str = "",
    ) -> None:
        """Add work that is not understood, and the stored numbers that it uses."""
        key = ("unknown", call, module, what)
        known = self._kept.get(key)
        before = known.elements if isinstance(known, Unknown) else 0
        name = f"{module}.{what.rpartition('::')[2]}".lstrip(".")
        one = Unknown(name, block_of(name), what, before + elements, parameters, stored_as, packed)
        self._keep(key, one)

    def include(self, other: OperatorRecord, times: int) -> None:
        """Add what another record holds, so many times: the body of a loop, or a branch that is not counted."""
        for key, operator in other._kept.items():
            known = self._kept.get(key)
            added = _times(operator, times)
            self._keep(key, added if known is None else _sum(known, added))
        self.notes.update(other.notes)
        self._groups |= other._groups

    def work(self) -> tuple[int, int, int]:
        """Return MACs, elements and stored weights: what is larger, in this order."""
        operators = self.operators()
        products = [one for one in operators if isinstance(one, StaticMatmul | DynamicMatmul)]
        elements = [one for one in operators if isinstance(one, Elementwise)]
        weights = sum(one.weights for one in products if isinstance(one, StaticMatmul))
        return sum(one.macs for one in products), sum(one.elements for one in elements), weights

    def attends(self, call: Hashable, module: str) -> bool:
        """Note a softmax in this call of the module: its last product of activations gave attention scores.

        Returns:
            Whether there is such a product.
        """
        key = self._products.get(call)
        known = self._kept.get(key)
        if not isinstance(known, DynamicMatmul):
            return False
        if known.name == f"{module}.matmul".lstrip("."):
            self._kept[key] = known._replace(name=f"{module}.scores".lstrip("."))
        return True

    def operators(self) -> tuple[Operator, ...]:
        """Return the operators under names of their own: the second use of a name ends in `@2`, and so on."""
        seen: Counter[str] = Counter()
        named: list[Operator] = []
        for key, operator in self._kept.items():
            if isinstance(operator, Elementwise) and not (operator.elements or operator.parameters):
                continue
            seen[operator.name] += 1
            times = seen[operator.name]
            name = operator.name if times == 1 else f"{operator.name}@{times}"
            if not isinstance(operator, DynamicMatmul):
                stored = operator.stored_as
                operator = operator._replace(stored_as="" if stored == name else stored)  # noqa: PLW2901
            named.append(operator._replace(name=name))
            if key in self._groups:
                self.groups[name] = self._groups[key]
        return tuple(named)

    def _keep(self, key: Hashable, operator: Operator) -> None:
        self._kept[key] = operator
        if len(self._kept) > MOST_OPERATORS:
            raise WorkloadError(
                f"the network has more than {MOST_OPERATORS:,} operators",
                "each is written out, and a loop over a long input writes very many",
                "trace it at a shorter sequence length, or declare its structure",
            )


def _times(one: Operator, times: int) -> Operator:
    if isinstance(one, StaticMatmul):
        return one._replace(calls=one.calls * times)
    if isinstance(one, DynamicMatmul):
        return one._replace(count=one.count * times)
    if isinstance(one, Lookup):
        return one._replace(lookups=one.lookups * times)
    return one._replace(elements=one.elements * times)


def _sum(one: Operator, other: Operator) -> Operator:
    if isinstance(one, StaticMatmul) and isinstance(other, StaticMatmul):
        return one._replace(calls=one.calls + other.calls, bias=one.bias or other.bias)
    if isinstance(one, DynamicMatmul) and isinstance(other, DynamicMatmul):
        return one._replace(count=one.count + other.count)
    if isinstance(one, Lookup) and isinstance(other, Lookup):
        return one._replace(lookups=one.lookups + other.lookups)
    if isinstance(one, Elementwise | Unknown) and isinstance(other, Elementwise | Unknown):
        return one._replace(elements=one.elements + other.elements)
    return one


def block_of(name: str) -> str:
    """Return the group that a node belongs to: the repeated block, or else the names before its last."""
    parts = name.split(".")
    for place, part in enumerate(parts):
        if part.isdigit():
            return ".".join(parts[: place + 1])
    return ".".join(parts[:-1]) or name


def addition_kind(shape: Sequence[int | None]) -> ElementKind:
    """Return what adding stored numbers of a shape is: a bias has one axis, a table of positions two."""
    return "embedding" if sum(size != 1 for size in shape) == _AXES_OF_TABLE else "bias"


_AXES_OF_TABLE = 2
"""Positions and width; that of an attention's positions has a third, its heads."""
