"""Cuts a network into stages: runs of layers that follow each other vector by vector.

Attention is a barrier within a sequence: no output of it is ready before the last key is. So a stage holds one block
with attention, and what stands between two such blocks; a network without attention is one stage. Operators do not
say what they read, so a block is what its declaration or the module's name groups.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.siblings import is_cross, sibling_key
from factsheet.workload import DynamicMatmul, Elementwise, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.workload import CountingConvention, Network, Operator


class Stage(NamedTuple):
    """Layers that follow each other vector by vector."""

    first: str
    """Name of its first block."""
    last: str
    matrices: tuple[StaticMatmul, ...]
    """On tiles, and used in this run."""
    digital_ops: int
    """Operations of its digital units, for one sequence."""
    depth: int
    """Matrices that one vector passes one after the other; siblings that share an input count once."""
    recurrent: bool
    """Whether each vector has to wait for the one before."""
    operators: int
    """How many of the network's operators belong to it; stages take them in order."""


class _Block(NamedTuple):
    """Operators of one block."""

    name: str
    matrices: list[StaticMatmul]
    digital_ops: int
    attends: bool
    """Whether there is attention within the sequence."""
    operators: int


def stages_of(network: Network, convention: CountingConvention) -> tuple[Stage, ...]:
    """The stages of a network, in order of execution; digital operations as the convention counts them."""
    found: list[Stage] = []
    opened: list[_Block] = []
    attended = False
    for name, operators in _blocks(network):
        block = _block(name, tuple(operators), convention)
        if block.attends and attended:
            found.append(_stage(opened))
            opened = []
        attended = attended or block.attends
        opened.append(block)
    return (*found, *((_stage(opened),) if opened else ()))


def _blocks(network: Network) -> Iterator[tuple[str, Iterable[Operator]]]:
    """Runs of operators of one block; one that holds several blocks with attention is taken apart by its names."""
    products = Counter(product.block for product in network.dynamic)
    crowded = {block for block, many in products.items() if many > 2}  # noqa: PLR2004  scores and context
    for block, operators in groupby(network.operators, key=attrgetter("block")):
        if block in crowded:
            yield from _apart(block, tuple(operators))
        else:
            yield block, operators


def _apart(block: str, operators: tuple[Operator, ...]) -> Iterator[tuple[str, Iterable[Operator]]]:
    """The blocks within a block; the block itself where attention is in one of them alone."""
    attending = {
        _numbered(one.name) for one in operators if isinstance(one, DynamicMatmul) and not is_cross(one.name)
    }
    if len(attending) > 1:
        yield from groupby(operators, key=lambda one: _numbered(one.name))
    else:
        yield block, operators


def _numbered(name: str) -> str:
    """A name up to its last number: the innermost of the blocks that it belongs to."""
    parts = name.split(".")
    numbers = [place for place, part in enumerate(parts) if part.isdigit()]
    return ".".join(parts[: numbers[-1] + 1]) if numbers else ""


def _block(name: str, operators: tuple[Operator, ...], convention: CountingConvention) -> _Block:
    matrices: list[StaticMatmul] = []
    digital, attends = 0, False
    factors = convention.ops_per_element
    bias = factors["bias"]
    for operator in operators:
        if isinstance(operator, StaticMatmul):
            if operator.on == "digital":
                digital += convention.ops_per_static_mac * operator.macs
            elif operator.calls:
                matrices.append(operator)
            if operator.bias:
                digital += bias * operator.bias_elements
        elif isinstance(operator, Elementwise):
            digital += factors[operator.kind] * operator.elements
        elif isinstance(operator, DynamicMatmul):
            digital += convention.ops_per_dynamic_mac * operator.macs
            attends = attends or not is_cross(operator.name)
    return _Block(name, matrices, digital, attends, len(operators))


def _stage(blocks: list[_Block]) -> Stage:
    matrices = tuple(matrix for block in blocks for matrix in block.matrices)
    return Stage(
        blocks[0].name,
        blocks[-1].name,
        matrices,
        sum(block.digital_ops for block in blocks),
        len({_level(matrix) for matrix in matrices}),
        any(matrix.kind == "recurrent" for matrix in matrices),
        sum(block.operators for block in blocks),
    )


def _level(matrix: StaticMatmul) -> object:
    """What matrices that work side by side have in common; the parts of a recurrent layer do, for one."""
    if matrix.kind == "recurrent":
        return matrix.block
    return sibling_key(matrix) or matrix.name
