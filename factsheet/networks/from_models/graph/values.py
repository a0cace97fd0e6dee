"""The values between the nodes of a graph: shape, type, small constants, and the stored numbers that they hold."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.networks.from_models.graph.views import TensorView

Shape = tuple[int, ...]
Dims = tuple[int | None, ...]
"""A shape some of whose sizes may be unknown."""

FLOAT, INT32, INT64, BOOL = 1, 6, 7, 9
"""Types of elements, by their numbers in TensorProto."""
FLOATS = frozenset({1, 10, 11, 16})
"""FLOAT, FLOAT16, DOUBLE, BFLOAT16."""
SMALL = frozenset({2, 3, 17, 18, 19, 20, 21, 22, 23})
"""UINT8, INT8, four floats of 8 bits, UINT4, INT4 and FLOAT4: what weights are quantised to."""
WIDE = frozenset({4, 5, 12})
"""UINT16, INT16 and UINT32: weights of 16 bits, or several in one number."""
LEARNABLE = FLOATS | SMALL | WIDE | {INT32}
"""Types that weights are stored as; biases of quantised layers are INT32."""


class UnknownShapeError(Exception):
    """The shape of a value that a count depends on is not known: caught where the node is classified."""


class Weighted(NamedTuple):
    """Computed numbers times stored ones, element by element."""

    weight: TensorView
    where: str
    """The node that multiplies."""
    sizes: Shape
    """Along each axis."""
    by_weight: tuple[bool, ...]
    """Along which axes the stored numbers vary."""
    by_given: tuple[bool, ...]
    """Along which the computed ones do."""


class Value(NamedTuple):
    """What is known of one value."""

    dims: Dims | None = None
    """Its sizes; `None` where not even their number is known."""
    type: int = 0
    """Type of its elements, as in TensorProto; 0 where it is not known."""
    data: Any = None
    """Its numbers as an array, where they follow from the file and the sizes of the inputs, and are few."""
    constant: bool = False
    """Whether it depends on no input."""
    view: TensorView | None = None
    """The stored numbers that it holds."""
    items: tuple[Value, ...] | None = None
    """Of a sequence, its tensors."""
    weighted: Weighted | None = None
    """What it is the product of, element by element, where a sum of it would be a product with a matrix."""

    @property
    def shape(self) -> Shape:
        """Its sizes.

        Raises:
            UnknownShapeError: one is unknown.
        """
        if self.dims is None or None in self.dims:
            raise UnknownShapeError
        return tuple(size for size in self.dims if size is not None)

    @property
    def elements(self) -> int:
        """How many numbers it holds.

        Raises:
            UnknownShapeError: a size is unknown.
        """
        return prod(self.shape)

    @property
    def stored(self) -> bool:
        """Whether it holds stored numbers."""
        return self.view is not None


NOTHING = Value()


class OnnxNode(NamedTuple):
    """One node of a graph, with its values."""

    kind: str
    """Its ONNX operator, such as `MatMul`."""
    domain: str
    where: str
    """The name that its work is listed under."""
    inputs: tuple[Value | None, ...]
    """`None` where an optional one is left out."""
    outputs: tuple[Value, ...]
    attributes: Mapping[str, object]
    angle: bool = False
    """Whether nothing but sines and cosines are taken of what it computes, as of positions times frequencies."""
    read_once: bool = False
    """Whether no more than one node reads what it computes."""

    def given(self, place: int) -> Value | None:
        """Return an input; `None` where it is left out."""
        return self.inputs[place] if len(self.inputs) > place else None

    def input(self, place: int) -> Value:
        """Return an input that the operator cannot do without.

        Raises:
            UnknownShapeError: it is left out.
        """
        value = self.given(place)
        if value is None:
            raise UnknownShapeError
        return value

    def whole(self, name: str, default: int) -> int:
        """Return an attribute that is a whole number."""
        value = self.attributes.get(name, default)
        return value if isinstance(value, int) else default

    def wholes(self, name: str) -> tuple[int, ...]:
        """Return an attribute that lists whole numbers; empty where it is left out."""
        value = self.attributes.get(name)
        return (
            tuple(value) if isinstance(value, list | tuple) and all(isinstance(n, int) for n in value) else ()
        )
