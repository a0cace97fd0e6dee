"""The stored tensors of a graph: their sizes, their few numbers where these are shapes, and what they cannot be."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from factsheet.networks.from_models.graph.folding import quantised_type, stored_type
from factsheet.networks.from_models.graph.values import FLOATS, Value
from factsheet.networks.from_models.graph.views import whole
from factsheet.networks.limits import MOST_STORED

if TYPE_CHECKING:
    from onnx import SparseTensorProto, TensorProto

    from factsheet.networks.from_models.graph.views import TensorView

_MOST_INTEGERS, _MOST_FLOATS = 32_768, 1024
"""Tensors up to these sizes keep their numbers."""
_BITS = {
    1: 32,
    2: 8,
    3: 8,
    4: 16,
    5: 16,
    6: 32,
    7: 64,
    9: 8,
    10: 16,
    11: 64,
    12: 32,
    13: 64,
    14: 64,
    15: 128,
    16: 16,
}
_BITS |= {17: 8, 18: 8, 19: 8, 20: 8, 21: 4, 22: 4, 23: 4, 24: 8, 25: 2, 26: 2}
_EXTERNAL = 1
_MASKED = -1e4
"""Numbers that scores are lowered by where attention must not look; no bias is as low."""


class BrokenTensorError(Exception):
    """A stored tensor is not one: its message says why."""


class StoredTensors:
    """Takes the stored tensors of a graph and of its subgraphs, by names that are unique."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._protos: dict[str, TensorProto] = {}
        self.used: set[str] = set()
        """Names of those that some node reads."""

    def numbers(self, name: str) -> int:
        """Return how many numbers a tensor stores."""
        return self._numbers[name]

    def learnable(self) -> dict[str, int]:
        """Return the tensors of more than one number whose type weights have, and how many they store."""
        return {name: count for name, count in self._numbers.items() if count > 1 and self._weight_like(name)}

    def add(self, name: str, shape: tuple[int, ...]) -> TensorView:
        """Take a tensor of which nothing but its shape is known."""
        self._numbers[name] = prod(shape)
        return whole(name, shape)

    def value(self, tensor: TensorProto, name: str) -> Value:
        """Return the value of a stored tensor.

        Args:
            tensor: the tensor.
            name: a name that no other tensor has.

        Raises:
            BrokenTensorError: its sizes and its numbers do not fit.
        """
        shape = tuple(tensor.dims)
        count = prod(shape)
        if any(size < 0 for size in shape) or count > MOST_STORED:
            raise BrokenTensorError(f"the tensor {tensor.name[:60]!r} has the sizes {list(shape)[:8]}")
        held = _held(tensor)
        if held is not None and held != count and not _packed(tensor, held, count):
            raise BrokenTensorError(
                f"the tensor {tensor.name[:60]!r} should hold {count:,} numbers by its sizes, and holds {held:,}"
            )
        kind = tensor.data_type
        data = _data(tensor, count, held)
        if not stored_type(kind) or not count:
            return Value(shape, kind, data, constant=True)
        self._numbers[name] = count
        self._protos[name] = tensor
        return Value(
            shape, kind, data, constant=True, view=whole(name, shape, quantised=quantised_type(kind))
        )

    def sparse(self, tensor: SparseTensorProto, name: str) -> Value:
        """Return the value of a sparse tensor, which stores fewer numbers than its matrix has.

        Raises:
            BrokenTensorError: its sizes are none.
        """
        shape = tuple(tensor.dims)
        if any(size < 0 for size in shape) or prod(shape) > MOST_STORED:
            raise BrokenTensorError(f"the tensor {name[:60]!r} has the sizes {list(shape)[:8]}")
        self._numbers[name] = prod(tensor.values.dims)
        return Value(shape, tensor.values.data_type, constant=True, view=whole(name, shape))

    def masks(self, view: TensorView) -> bool:
        """Return whether a tensor that is added hides scores: it holds numbers too low for anything else."""
        array = self._array(view)
        return array is not None and bool((array <= _MASKED).any())

    def waves(self, view: TensorView) -> bool:
        """Return whether a table holds sines and cosines of its rows' numbers: worked out, not learned.

        cos 0 = 1 and sin 0 = 0, and of each column cos 2x = 2 cos² x - 1 or sin 2x = 2 sin x cos x.
        """
        array = self._array(view)
        if array is None:
            return False
        import numpy as np  # a dependency of onnx

        rows = array.reshape(-1, array.shape[-1])
        if rows.shape[0] < 4 or rows.shape[1] < 2:  # noqa: PLR2004 - of fewer, nothing can be told
            return False
        zero, one, two = (rows[place].astype(np.float64) for place in range(3))
        if not one.any() or np.abs(one).max() > 1:
            return False
        cosine = (np.abs(zero - 1) < 1e-3) & (np.abs(two - (2 * one**2 - 1)) < 1e-2)  # noqa: PLR2004 - half precision
        other = np.sqrt(np.maximum(0, 1 - one**2))
        sine = (np.abs(zero) < 1e-3) & (np.abs(np.abs(two) - np.abs(2 * one * other)) < 1e-2)  # noqa: PLR2004
        return bool((cosine | sine).all())

    def _array(self, view: TensorView) -> Any:
        name = view.source.name
        proto = self._protos.get(name)
        if proto is None or proto.data_type not in FLOATS or _held(proto) is None:
            return None
        from onnx import numpy_helper

        array = numpy_helper.to_array(proto)
        return array if array.ndim else array.reshape(1)

    def _weight_like(self, name: str) -> bool:
        proto = self._protos.get(name)
        return proto is None or proto.data_type in FLOATS or proto.data_type in {3, 17, 18, 19, 20, 22, 23}


def _held(tensor: TensorProto) -> int | None:
    """Return how many numbers the data of a tensor are; `None` where they are elsewhere or left out."""
    bits = _BITS.get(tensor.data_type)
    if tensor.data_location == _EXTERNAL or bits is None:
        return None
    if tensor.raw_data:
        return len(tensor.raw_data) * 8 // bits
    fields = (tensor.float_data, tensor.int32_data, tensor.int64_data, tensor.double_data, tensor.uint64_data)
    held = max(len(field) for field in fields)
    return held or None


def _packed(tensor: TensorProto, held: int, count: int) -> bool:
    """Return whether the numbers are several to a byte, or complex ones in pairs."""
    bits = _BITS[tensor.data_type]
    if bits < 8:  # noqa: PLR2004 - a byte
        share = 8 // bits
        return held in {-(-count // share), share * -(-count // share)}
    return tensor.data_type in {14, 15} and held == 2 * count


def _data(tensor: TensorProto, count: int, held: int | None) -> Any:
    limit = _MOST_FLOATS if tensor.data_type in FLOATS else _MOST_INTEGERS
    if held is None or count > limit or _BITS[tensor.data_type] < 8:  # noqa: PLR2004 - a byte
        return None
    from onnx import numpy_helper

    try:
        return numpy_helper.to_array(tensor)
    except Exception as error:  # noqa: BLE001 - protobuf and numpy raise kinds of their own
        raise BrokenTensorError(
            f"the tensor {tensor.name[:60]!r} cannot be read: {str(error)[:100]}"
        ) from None
