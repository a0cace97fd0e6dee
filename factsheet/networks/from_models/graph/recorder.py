"""Record what nodes of a graph do as operators, and which stored tensors they take part in."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from factsheet.networks.from_models.graph.values import UnknownShapeError
from factsheet.networks.from_models.operator_record import OperatorRecord
from factsheet.networks.from_models.stored.header import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.networks.from_models.graph.stored import StoredTensors
    from factsheet.networks.from_models.graph.values import Value
    from factsheet.networks.from_models.graph.views import TensorView
    from factsheet.networks.operators import ElementKind, MatrixKind


class Recorder:
    """Operators under the names of nodes and weights.

    Attributes:
        record: the operators so far.
        learned: how many numbers each stored tensor that is a parameter holds, by its name.
    """

    def __init__(self, stored: StoredTensors) -> None:
        self.record = OperatorRecord()
        self.learned: dict[str, int] = {}
        self.stored = stored
        self._unpacked: dict[str, dict[str, int]] = {}
        """Of whole numbers that hold several weights each, the weights by the matrices that were taken out."""

    def learn(self, view: TensorView, numbers: int | None = None) -> None:
        """Note that numbers of a view are parameters of the network.

        Args:
            view: the stored numbers.
            numbers: how many weights they are, where they are packed.
        """
        if view.source.unpacked:
            stored = sum(self.stored.numbers(name) for name in view.tensors)
            for name in view.tensors:
                share = prod(view.source.shape) * self.stored.numbers(name) // max(1, stored)
                self._unpacked.setdefault(name, {})[view.source.name] = share
                self.learned[name] = sum(self._unpacked[name].values())
            return
        for name in view.tensors:
            self.learned[name] = numbers or self.stored.numbers(name)

    def static(
        self,
        where: str,
        weight: TensorView,
        shape: tuple[int, int],
        products: int,
        *,
        bias: Value | None = None,
        matrices: int = 1,
        active: int = 0,
        kind: MatrixKind = "linear",
        lookahead: int = 0,
        numbers: int | None = None,
    ) -> None:
        """Add products of input vectors with stored matrices; see `OperatorRecord.static`.

        Args:
            where: the node.
            weight: the stored matrix.
            shape: rows and columns of one matrix.
            products: products of one vector with one matrix.
            bias: what is added to the outputs; a bias where it is stored and has a number for each column.
            matrices: matrices of this shape.
            active: how many of them one input vector meets; 0 for all.
            kind: what the matrix is in the network.
            lookahead: how far the windows of a convolution reach ahead.
            numbers: how many weights the tensor holds, where they are packed.
        """
        self.learn(weight, numbers)
        offset = bias.view if bias is not None else None
        biased = offset is not None and offset.numbers == shape[1] * matrices
        if biased and offset is not None:
            self.learn(offset)
        self.record.static(
            where,
            self.named(where, weight),
            stored_as=_node(weight),
            shape=shape,
            products=products,
            bias=biased,
            matrices=matrices,
            active=active,
            kind=kind,
            lookahead=lookahead,
        )
        if offset is not None and not biased:
            self.elements("bias", where, products * shape[1], [offset])

    def elements(self, kind: ElementKind, where: str, count: int, stored: Iterable[TensorView] = ()) -> None:
        """Add elementwise work, and the stored numbers that it takes."""
        views = list(stored)
        for view in views:
            self.learn(view)
        self.record.elements(
            where,
            where,
            kind,
            count,
            parameters=sum(view.numbers for view in views),
            stored_as=views[0].name if views else "",
        )

    def dynamic(self, where: str, name: str, count: int, shape: tuple[int, int, int]) -> None:
        """Add `count` products of two activations, [m, k] by [k, n]."""
        self.record.dynamic(where, name, count, shape)

    def lookup(
        self,
        where: str,
        table: TensorView,
        lookups: int,
        shape: tuple[int, int],
        *,
        numbers: int | None = None,
    ) -> None:
        """Add rows read from a table of `shape`, which stores so many numbers where they are packed."""
        self.learn(table, numbers)
        name = _node(table)
        self.record.lookup(where, name, stored_as=name, shape=shape, lookups=lookups)

    def unknown(
        self, where: str, what: str, outputs: Iterable[Value], stored: Iterable[TensorView] = ()
    ) -> None:
        """Add work that is not understood, with the stored numbers that it takes."""
        views = [view for view in stored if view.numbers > 1]
        for view in views:
            self.learn(view)
        first = next(iter(outputs), None)
        try:
            elements = first.elements if first is not None else 0
        except UnknownShapeError:
            elements = 0
        self.record.unknown(
            where,
            where,
            f"onnx::{shown(what)}",
            elements,
            parameters=sum(view.numbers for view in views),
            packed=any(view.source.quantised for view in views),
            stored_as=views[0].name if views else "",
        )

    def named(self, where: str, weight: TensorView) -> str:
        """Return the name of a node: that of its weights, unless an exporter made that up (`onnx::MatMul_42`)."""
        plain = weight.source.tensors == {weight.source.name}
        name = weight.source.name
        return _node(weight) if plain and "::" not in name and "/" not in name else where


def parent(where: str) -> str:
    """Return the module that a node is in."""
    return where.rpartition(".")[0]


def _node(stored: TensorView) -> str:
    name = stored.source.name
    return stored.called(name.removesuffix(".weight").removesuffix("/MatMul").removesuffix(".MatMul"))
