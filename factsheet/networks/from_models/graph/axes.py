"""Decide what the axes of a graph's inputs are, and how long: by their names, by what reads them, never by rank alone.

An axis is a batch, a position in a sequence, the height or width of an image, or tokens of a cache. Its name in the
file says so, or the first node with an opinion that its input reaches: a convolution, a recurrent cell, an embedding.
What neither says is taken as something, and said.
"""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.networks.from_models.graph.values import FLOATS, INT32, INT64
from factsheet.networks.from_models.stored.header import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from onnx import GraphProto, NodeProto, ValueInfoProto

    Readers = Mapping[str, list[NodeProto]]
    Shapes = Mapping[str, tuple[int, ...]]

Role = Literal["batch", "sequence", "height", "width", "past", "total", "channels", "unknown"]

_WORDS: Mapping[Role, frozenset[str]] = {
    "total": frozenset({"total"}),
    "past": frozenset({"past", "cache", "cached", "history"}),
    "batch": frozenset({"batch", "batches", "batchsize", "bs", "bsz", "n", "b"}),
    "height": frozenset({"height", "h", "rows", "imgh"}),
    "width": frozenset({"width", "w", "cols", "columns", "imgw"}),
    "channels": frozenset({"channel", "channels", "c"}),
    "sequence": frozenset(
        {
            "sequence",
            "seq",
            "seqlen",
            "seqlength",
            "length",
            "len",
            "tokens",
            "token",
            "time",
            "steps",
            "step",
            "t",
        }
        | {
            "frames",
            "frame",
            "samples",
            "sample",
            "timesteps",
            "audio",
            "text",
            "words",
            "l",
            "s",
            "phonemes",
        }
    ),
}
_SAMPLES = frozenset({"samples", "sample", "audio"})
_OPAQUE = re.compile(
    r"(unk|dim|dynamic|axis|unknown|dyn|none|s)?[\s_.?]*\d*|.*dynamicdimension.*|\?|-1", re.IGNORECASE
)
_NAMELESS = re.compile(r"\s*(\?|-1|none)?\s*", re.IGNORECASE)
"""What exporters write where they have no name: two axes of it are two axes."""
_LONGEST_LETTERS = 2
"""Names that are no longer are letters, such as `d1`: they say nothing."""
_MOST_AXES = 16
_MOST_STEPS = 2000
"""Nodes that are looked at between an input and the first that says what its axes are."""
_ELEMENTWISE = frozenset(
    {
        "Cast",
        "Identity",
        "Sub",
        "Div",
        "Mul",
        "Add",
        "Pad",
        "QuantizeLinear",
        "DequantizeLinear",
        "Clip",
        "Relu",
    }
    | {
        "BatchNormalization",
        "DynamicQuantizeLinear",
        "LayerNormalization",
        "Dropout",
        "Sigmoid",
        "Tanh",
        "Abs",
        "Log",
    }
    | {"InstanceNormalization", "Pow", "Sqrt", "Max", "Min", "Neg", "Exp"}
)
_CONVOLUTIONS: Mapping[str, int] = {
    "Conv": 1,
    "FusedConv": 1,
    "ConvInteger": 1,
    "QLinearConv": 3,
    "MaxPool": 0,
    "AveragePool": 0,
    "GlobalAveragePool": 0,
    "ConvTranspose": 1,
}
_CELLS = frozenset({"LSTM", "GRU", "RNN"})
_IMAGE, _SIGNAL, _VECTORS = 4, 3, 3
"""Axes of what a convolution of images or of signals takes, and of a batch of sequences of vectors."""


class InputAxis(NamedTuple):
    """One axis of one input."""

    input: str
    place: int
    name: str
    """Its name in the file; empty where it has none."""
    fixed: int | None
    """Its size in the file; `None` where that is left open."""
    role: Role
    known: int | None = None
    """The size that the nodes which read it ask for, such as channels of a convolution."""

    @property
    def called(self) -> str:
        """What a user can call it: its name, or input and place."""
        return self.name or f"{self.input}[{self.place}]"

    @property
    def samples(self) -> bool:
        """Whether it counts samples of a signal."""
        return bool(_SAMPLES & set(words(self.name)))


def words(name: str) -> list[str]:
    """Return the words of an axis's name: `pastSequence_length` is past, sequence and length."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[^a-z]+", spaced.lower()) if word]


def role_of(name: str) -> Role:
    """Return what an axis of this name is."""
    found = words(name)
    if not found or _OPAQUE.fullmatch(name.strip()):
        return "batch" if name.strip() == "N" else "unknown"
    for role, known in _WORDS.items():
        single = {word for word in known if len(word) == 1}
        if any(word in known and (word not in single or len(found) == 1) for word in found):
            return role
    return "unknown"


def _tells(name: str) -> bool:
    """Return whether a name says what an axis is, in words that are not known here."""
    return not _OPAQUE.fullmatch(name.strip()) and any(len(word) > _LONGEST_LETTERS for word in words(name))


def axes_of(graph: GraphProto, stored: Mapping[str, tuple[int, ...]]) -> list[InputAxis]:
    """Return the axes of the inputs of a graph that are no stored tensors.

    Args:
        graph: the main graph of a model.
        stored: shapes of its stored tensors.
    """
    readers: dict[str, list[NodeProto]] = {}
    _collect(graph, readers)
    numbers = dict(_few_numbers(graph))
    axes: list[InputAxis] = []
    for value in graph.input:
        if value.name in stored or not value.type.HasField("tensor_type"):
            continue
        dims = value.type.tensor_type.shape.dim
        read = _read_as(value, readers, stored, numbers)
        for place, dim in enumerate(dims):
            fixed = dim.dim_value if dim.HasField("dim_value") and dim.dim_value > 0 else None
            role = role_of(dim.dim_param)
            evident, known = read.get(place, ("unknown", None))
            if evident == "sequence" and value.type.tensor_type.elem_type in FLOATS and _tells(dim.dim_param):
                evident = "unknown"  # points, nodes or boxes are no tokens, though the same nodes read them
            axes.append(
                InputAxis(
                    value.name,
                    place,
                    "" if _NAMELESS.fullmatch(dim.dim_param) else shown(dim.dim_param),
                    fixed,
                    evident if role == "unknown" else role,
                    known,
                )
            )
    return axes


def _collect(graph: GraphProto, readers: dict[str, list[NodeProto]]) -> None:
    """Note which nodes read each value, those of subgraphs too."""
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
        for one in node.attribute:
            if one.HasField("g"):
                _collect(one.g, readers)
                for inner, outer in zip(
                    one.g.output, node.output if node.op_type == "If" else (), strict=False
                ):
                    passed = type(node)(op_type="Identity", input=[inner.name], output=[outer])
                    readers.setdefault(inner.name, []).append(passed)


Order = tuple[int | None, ...]
"""Which axis of an input each axis of a value is; `None` for one that is new."""
Reading = dict[int, tuple[Role, int | None]]
"""What some axes of an input are, by their place."""


def _read_as(
    value: ValueInfoProto, readers: Readers, stored: Shapes, numbers: Mapping[str, list[int]]
) -> Reading:
    """Follow an input through nodes that keep or move its axes to one that says what they are."""
    name, kind = value.name, value.type.tensor_type.elem_type
    rank = len(value.type.tensor_type.shape.dim)
    waiting: list[tuple[str, Order]] = [(name, tuple(range(rank)))]
    met = {name}
    for _ in range(_MOST_STEPS):
        if not waiting:
            break
        given, order = waiting.pop(0)
        for node in readers.get(given, ()):
            first = bool(node.input) and node.input[0] == given
            said = _says(node, order, kind, stored) if first else _looked_up(node, given, order)
            if said and (first or kind in {INT32, INT64} or node.op_type in _CELLS):
                return said
            moved = _moved(node, order, numbers)
            if moved is None:
                continue
            for output in node.output[:1]:
                if output not in met:
                    met.add(output)
                    waiting.append((output, moved))
    # Whole numbers in two axes are tokens, or a mask of them.
    tokens = kind in {INT32, INT64} and rank == 2  # noqa: PLR2004
    return _placed(tuple(range(rank)), ("batch", "sequence")) if tokens else {}


def _looked_up(node: NodeProto, value: str, order: Order) -> Reading:
    """Return the axes of tokens whose rows a table is read for, or of the first states of a recurrent cell."""
    if node.op_type in _CELLS and value in node.input[5:7]:
        return _placed(order[-2:], ("batch", "unknown"))
    table = node.op_type == "Gather" and len(node.input) > 1 and node.input[1] == value
    return _placed(order, ("batch", "sequence")) if table and len(order) == 2 else {}  # noqa: PLR2004


def _says(node: NodeProto, order: Order, kind: int, stored: Shapes) -> Reading:
    """Return what a node takes the axes of its first input for."""
    attributes = {one.name: one for one in node.attribute}
    if node.op_type in _CONVOLUTIONS and len(order) in {_SIGNAL, _IMAGE}:
        place = _CONVOLUTIONS[node.op_type]
        weight = stored.get(node.input[place]) if place and len(node.input) > place else None
        groups = attributes["group"].i if "group" in attributes else 1
        inward = node.op_type == "ConvTranspose"
        channels = (
            None
            if weight is None or len(weight) != len(order)
            else weight[0]
            if inward
            else weight[1] * groups
        )
        roles: tuple[Role, ...] = ("batch", "channels", "height", "width")
        spread = roles if len(order) == _IMAGE else ("batch", "channels", "sequence")
        return _placed(order, spread, {1: channels})
    if node.op_type in _CELLS and len(order) == _VECTORS:
        layout = attributes["layout"].i if "layout" in attributes else 0
        return _placed(
            order, ("batch", "sequence", "unknown") if layout else ("sequence", "batch", "unknown")
        )
    vectors = node.op_type in {"MatMul", "FusedMatMul", "MatMulNBits", "Attention", "MatMulInteger"}
    if vectors and len(order) == _VECTORS and kind in FLOATS and len(node.input) > 1:
        weight = stored.get(node.input[1])
        if weight is not None:
            return _placed(order, ("unknown", "sequence", "unknown"))
    return {}


def _placed(order: Order, roles: Iterable[Role], known: Mapping[int, int | None] | None = None) -> Reading:
    return {
        axis: (role, (known or {}).get(place))
        for place, (axis, role) in enumerate(zip(order, roles, strict=False))
        if axis is not None and role != "unknown"
    }


def _moved(node: NodeProto, order: Order, numbers: Mapping[str, list[int]]) -> Order | None:
    """Return where the axes of an input are in the first output; `None` where they are lost."""
    if node.op_type in _ELEMENTWISE:
        return order
    attributes = {one.name: one for one in node.attribute}
    if node.op_type == "Transpose":
        perm = list(attributes["perm"].ints) if "perm" in attributes else list(range(len(order)))[::-1]
        return tuple(order[axis] for axis in perm) if sorted(perm) == list(range(len(order))) else None
    if node.op_type in {"Unsqueeze", "Squeeze"}:
        written = list(attributes["axes"].ints) if "axes" in attributes else numbers.get(_second(node), [])
        if not written:
            return None
        rank = len(order) + (len(written) if node.op_type == "Unsqueeze" else 0)
        axes = sorted(axis % max(1, rank) for axis in written)
        if node.op_type == "Squeeze":
            return tuple(one for place, one in enumerate(order) if place not in axes)
        moved = list(order)
        for axis in axes:
            moved.insert(axis, None)
        return tuple(moved)
    if node.op_type == "Gather" and len(numbers.get(_second(node), [])) == 1:
        axis = (attributes["axis"].i if "axis" in attributes else 0) % max(1, len(order))
        return (*order[:axis], *order[axis + 1 :])
    return order if node.op_type == "Concat" else None


def _second(node: NodeProto) -> str:
    return str(node.input[1]) if len(node.input) > 1 else ""


def _few_numbers(graph: GraphProto) -> Iterator[tuple[str, list[int]]]:
    """Yield the stored whole numbers of a graph and its subgraphs that are axes or places, by their names."""
    from onnx import numpy_helper

    tensors = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        for one in node.attribute:
            if node.op_type == "Constant" and one.name == "value" and node.output:
                tensors[node.output[0]] = one.t
            elif one.HasField("g"):
                yield from _few_numbers(one.g)
    for name, tensor in tensors.items():
        if tensor.data_type in {INT32, INT64} and len(tensor.dims) < 2 and prod(tensor.dims) <= _MOST_AXES:  # noqa: PLR2004
            try:
                yield name, [int(number) for number in numpy_helper.to_array(tensor).reshape(-1)]
            except (ValueError, TypeError, RuntimeError):
                continue
