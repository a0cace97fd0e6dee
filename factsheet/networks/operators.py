"""The operators of a network as plain data.

Every count is for one sequence (one inference); a batch multiplies it. The unit of work is the multiply-accumulate
(MAC) for matrix products and the element for everything else; what each is worth, a counting convention decides.

Operators are named tuples, for checks load them: these are defined in a seventh of a frozen dataclass's time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from factsheet.errors import WorkloadError
from factsheet.networks.limits import excess
from factsheet.networks.regions import holders
from factsheet.networks.sizes import Size as Size  # noqa: PLC0414, TC001 - a part of a network, imported from here
from factsheet.networks.sizes import SizeOrigin as SizeOrigin  # noqa: PLC0414

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from factsheet.networks.sizes import Interface, StoredSize

Side = Literal["analog", "digital"]
MatrixKind = Literal["linear", "convolution", "experts", "recurrent", "embedding"]
"""What a stored matrix is in the network: a dense layer, a convolution laid out as a matrix, one of several experts,
weights of a recurrent cell, or a table that is read by products with one-hot vectors."""
ElementKind = Literal[
    "bias",
    "residual",
    "embedding",
    "activation",
    "softmax",
    "layer_norm",
    "rms_norm",
    "batch_norm",
    "rotary",
    "product",
    "pooling",
    "routing",
    "scan",
    "other",
]
ELEMENT_KINDS: tuple[ElementKind, ...] = get_args(ElementKind)
"""Kinds of elementwise work: adding a bias, a residual, or one embedding to another; an activation function;
softmax; layer normalisation, the same by the root mean square alone, and normalisation with stored statistics;
rotating a position in; one multiplication or addition, as in a gate or a recurrent cell; an element of a pooling
window; a score that a router compares; an element of a state that a scan updates; anything else, once an element."""


class StaticMatmul(NamedTuple):
    """A product with a matrix of stored weights: what a crossbar array computes.

    A convolution is laid out by im2col: rows are kernel height x kernel width x input channels of a group, columns
    output channels of a group, and there is one call for each output position. Its groups, and the experts of a
    mixture, are several matrices of one shape in one node.

    A bias is added digitally, one element per output and call, also where the matrix is on analog tiles.
    """

    name: str
    block: str
    """The group that it belongs to, such as `layer.0`."""
    rows: int
    """Inputs of the matrix (in_features)."""
    cols: int
    """Outputs of the matrix (out_features)."""
    calls: int
    """Input vectors per sequence: the sequence length for a layer that sees every token."""
    bias: bool = False
    """Whether a vector of `cols` biases is added to the outputs."""
    on: Side = "analog"
    """Whether the weights are on analog tiles or in digital memory."""
    stored_as: str = ""
    """Name of the stored weights; nodes of the same name share one physical matrix. Empty: the node's own."""
    matrices: int = 1
    """Matrices of this shape that the node holds: groups of a convolution, experts."""
    active: int = 0
    """How many of them one input vector is multiplied by; 0 for all. Of a mixture of experts, a few."""
    kind: MatrixKind = "linear"
    lookahead: int = 0
    """Positions that the windows of a convolution reach ahead, in calls; see `windows.lookahead`."""
    idle: bool = False
    """Whether this run does not use it, as a step of a decoder does not use the encoder: its calls are 0."""

    @property
    def weights(self) -> int:
        """Cells of the matrices, without the biases."""
        return self.matrices * self.rows * self.cols

    @property
    def parameters(self) -> int:
        """Stored numbers: weights, and biases if there are any."""
        return self.matrices * (self.rows + self.bias) * self.cols

    @property
    def products(self) -> int:
        """Products of a vector and one matrix, per sequence."""
        return self.calls * (self.active or self.matrices)

    @property
    def macs(self) -> int:
        """Multiply-accumulates per sequence."""
        return self.rows * self.cols * self.products

    @property
    def factors(self) -> tuple[int, ...]:
        """The numbers that `macs` is the product of; the matrices in use only where there are several."""
        several = (self.active or self.matrices,) if self.matrices > 1 else ()
        return (*several, self.rows, self.cols, self.calls)

    @property
    def stored_factors(self) -> tuple[int, ...]:
        """The numbers that `weights` is the product of."""
        return (*((self.matrices,) if self.matrices > 1 else ()), self.rows, self.cols)

    @property
    def bias_elements(self) -> int:
        """Additions of a bias per sequence."""
        return self.cols * self.products if self.bias else 0

    @property
    def uses(self) -> Fraction:
        """Uses of one stored weight by this node per sequence; of an expert, as if routing were uniform."""
        from fractions import Fraction  # start-up: only where uses are shown

        return Fraction(self.products, self.matrices)

    @property
    def storage(self) -> str:
        """Name of the stored weights."""
        return self.stored_as or self.name


class DynamicMatmul(NamedTuple):
    """Products of two computed matrices, [m, k] by [k, n], `count` of them per sequence: attention.

    Both factors change with every input, so neither can be in non-volatile memory: it is digital work.
    """

    name: str
    block: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks an operator for
    """Products per sequence: one for each attention head."""
    m: int
    k: int
    n: int

    @property
    def macs(self) -> int:
        """Multiply-accumulates per sequence."""
        return self.count * self.m * self.k * self.n


class Elementwise(NamedTuple):
    """Work that is done once for each element of a tensor, digitally."""

    name: str
    block: str
    kind: ElementKind
    elements: int
    """Elements per sequence."""
    parameters: int = 0
    """Stored numbers: gain and offset of a normalisation."""
    stored_as: str = ""
    """Name of the stored numbers, as for `StaticMatmul`."""

    @property
    def storage(self) -> str:
        """Name of the stored numbers."""
        return self.stored_as or self.name


class Lookup(NamedTuple):
    """A table that rows are read from, digitally: an embedding. Reading one is traffic, no operation."""

    name: str
    block: str
    rows: int
    """Entries of the table."""
    cols: int
    """Width of an entry."""
    lookups: int
    """Rows read per sequence."""
    stored_as: str = ""
    """Name of the stored table, as for `StaticMatmul`."""

    @property
    def parameters(self) -> int:
        """Stored numbers."""
        return self.rows * self.cols

    @property
    def storage(self) -> str:
        """Name of the stored table."""
        return self.stored_as or self.name


class Unknown(NamedTuple):
    """Work that a network does and that is not understood: its operations are missing from every total."""

    name: str
    block: str
    what: str
    """What it is called where it was found, such as `aten::fft_rfft`."""
    elements: int = 0
    """Elements that it writes per sequence, where that is known."""
    parameters: int = 0
    """Stored numbers that it uses, where that is known."""
    stored_as: str = ""
    """Name of the stored numbers, as for `StaticMatmul`."""
    packed: bool = False
    """Whether the stored numbers may hold several weights each."""

    @property
    def storage(self) -> str:
        """Name of the stored numbers."""
        return self.stored_as or self.name


Operator = StaticMatmul | DynamicMatmul | Elementwise | Lookup | Unknown


@dataclass(frozen=True)  # without slots, so that sums are worked out once
class Network:
    """The operators of a network, in order of execution.

    Raises:
        WorkloadError: two operators bear the same name, or matrices that share stored weights differ in
            shape or in the side that they are on.
    """

    name: str
    operators: tuple[Operator, ...]
    omitted: tuple[str, ...] = ()
    """Parts that the declaration leaves open, and whose parameters are therefore missing."""
    assumed: Mapping[str, str] = field(default_factory=dict)
    """What was assumed where the declaration is silent, by its field."""
    tensors: Mapping[str, int] | None = None
    """Numbers that each distinct tensor of the source stores, by its name; `None` where they follow from operators."""
    unreached: Mapping[str, int] = field(default_factory=dict)
    """Stored tensors that nothing in this run uses, and how many numbers each stores."""
    sizes: tuple[Size, ...] = ()
    """What the operators hold for; none where the work depends on no size."""
    copies: Mapping[str, int] = field(default_factory=dict)
    """How many times a matrix on tiles is stored, by the name of its weights; once where it is not named."""
    notes: tuple[str, ...] = ()
    """What else is to be said beside totals, such as which branch was counted."""
    uses_known: bool = True
    """Whether the source says how often weights are used; where it does not, operators have no calls or elements."""
    stored_size: StoredSize | None = None
    """What the weights take on disk, where files or a config say so."""
    interface: Interface | None = None

    def __post_init__(self) -> None:
        names = Counter(operator.name for operator in self.operators)
        if len(names) < len(self.operators):
            raise WorkloadError(
                f"{names.most_common(1)[0][0]} is the name of two operators",
                "an operator is looked up by its name",
                "give each operator a name of its own",
            )
        for operator in self.operators:
            for what, why, remedy in excess(*_extent(operator)):
                raise WorkloadError(f"{operator.name} {what}", why, remedy)
        stored: dict[str, tuple[int, int, int, Side]] = {}
        for matrix in self.static:
            # A table and an output layer tied to it are one matrix, read from its two sides.
            short, long = sorted((matrix.rows, matrix.cols))
            shape = (short, long, matrix.matrices, matrix.on)
            if stored.setdefault(matrix.storage, shape) != shape:
                raise WorkloadError(
                    f"{matrix.name} differs from the other uses of the weights {matrix.storage}",
                    "nodes that share stored weights multiply by the same matrix",
                    "give it the same rows, columns and side, or weights of its own",
                )

    @cached_property
    def static(self) -> tuple[StaticMatmul, ...]:
        """Products with stored weights."""
        return tuple(operator for operator in self.operators if isinstance(operator, StaticMatmul))

    @cached_property
    def dynamic(self) -> tuple[DynamicMatmul, ...]:
        """Products of computed matrices."""
        return tuple(operator for operator in self.operators if isinstance(operator, DynamicMatmul))

    @cached_property
    def analog(self) -> tuple[StaticMatmul, ...]:
        """Products with weights on analog tiles."""
        return tuple(matrix for matrix in self.static if matrix.on == "analog")

    @cached_property
    def analog_stored(self) -> tuple[StaticMatmul, ...]:
        """Of each matrix on analog tiles, the first node that uses it; a part of another one's is on its tiles."""
        first: dict[str, StaticMatmul] = {}
        for matrix in self.analog:
            first.setdefault(matrix.storage, matrix)
        held = holders(first)
        return tuple(matrix for storage, matrix in first.items() if storage not in held)

    @cached_property
    def tiles_of(self) -> Mapping[str, str]:
        """By the name of a node on analog tiles, the name of the first node that uses the same tiles."""
        first = {matrix.storage: matrix.name for matrix in self.analog_stored}
        held = holders(matrix.storage for matrix in self.analog)
        return {matrix.name: first[held.get(matrix.storage, matrix.storage)] for matrix in self.analog}

    @cached_property
    def unknown(self) -> tuple[Unknown, ...]:
        """Work that is not understood."""
        return tuple(operator for operator in self.operators if isinstance(operator, Unknown))

    @cached_property
    def new_parameters(self) -> Mapping[str, int]:
        """Stored numbers by the name of the operator that is the first to use them."""
        stored: dict[str, int] = {}
        new: dict[str, int] = {}
        storing = [operator for operator in self.operators if not isinstance(operator, DynamicMatmul)]
        held = holders(operator.storage for operator in storing)
        for operator in storing:
            # A part's weights count where the matrix that holds them is used; one of two uses may add a bias.
            count = operator.parameters
            if operator.storage in held:
                count = operator.cols if isinstance(operator, StaticMatmul) and operator.bias else 0
            known = stored.get(operator.storage, 0)
            stored[operator.storage] = max(known, count)
            new[operator.name] = stored[operator.storage] - known
        return new

    @cached_property
    def work_missing(self) -> bool:
        """Whether there is work that no count includes: of unknown operators, of weights without a known use."""
        return bool(self.unknown or self.unreached or self.uses_missing) or not self.uses_known

    @cached_property
    def uses_missing(self) -> tuple[str, ...]:
        """Names of the matrices that the source does not say the use of: those without calls."""
        return tuple(matrix.name for matrix in self.static if not matrix.calls and not matrix.idle)

    @cached_property
    def weights_missing(self) -> bool:
        """Whether there can be matrices that no count of weights on tiles includes."""
        lost = any(one.parameters or one.packed for one in self.unknown)
        return bool(self.unreached) or lost or (bool(self.unknown) and self.tensors is None)

    @cached_property
    def parameters_missing(self) -> bool:
        """Whether unknown work can use stored numbers that are not counted, or are several weights each."""
        return any(one.packed for one in self.unknown) or (bool(self.unknown) and self.tensors is None)

    @property
    def takes_length(self) -> bool:
        """Whether its work depends on a length, as far as `sizes` says so."""
        return any(
            size.name not in {"image", "image height", "image width", "batch"}
            and size.origin != "example inputs"
            for size in self.sizes
        )

    @property
    def parameters(self) -> int:
        """Stored numbers, each counted once however many nodes use it, and those that none uses."""
        return sum((self.new_parameters if self.tensors is None else self.tensors).values())

    @cached_property
    def analog_weights(self) -> int:
        """Stored weights on analog tiles, each counted once; biases are digital."""
        return sum(matrix.weights for matrix in self.analog_stored)

    @cached_property
    def stored_weights(self) -> int:
        """Weights on analog tiles, those of each matrix as often as it is stored."""
        return sum(self.copies.get(matrix.storage, 1) * matrix.weights for matrix in self.analog_stored)

    @cached_property
    def logical_weights(self) -> int:
        """Weights on analog tiles if every node had its own."""
        return sum(matrix.weights for matrix in self.analog)

    @cached_property
    def sharing(self) -> Mapping[str, int]:
        """How many nodes use each stored matrix, by the name of the stored weights."""
        return Counter([matrix.storage for matrix in self.static])


def _extent(operator: Operator) -> tuple[tuple[int, ...], int, int]:
    """Return the sides of what an operator stores, how often it does what it does once, and its work in all."""
    if isinstance(operator, StaticMatmul):
        return operator.stored_factors, operator.calls, operator.macs
    if isinstance(operator, DynamicMatmul):
        return (), operator.count, operator.macs
    if isinstance(operator, Lookup):
        return (operator.rows, operator.cols), operator.lookups, operator.lookups
    return (max(1, operator.parameters),), operator.elements, operator.elements
