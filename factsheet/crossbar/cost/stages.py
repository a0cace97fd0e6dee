"""Cut a network into stages.

A stage is a run of layers that follow each other vector by vector; matrices that share an input are side by side in it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from factsheet.networks.operators import DynamicMatmul, Elementwise, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import Network, Operator

_PARTS: dict[str, tuple[str, bool]] = {
    **dict.fromkeys(("query", "query_proj", "q_proj", "q_lin", "q"), ("attention", True)),
    **dict.fromkeys(("key", "key_proj", "k_proj", "k_lin", "k"), ("attention", False)),
    **dict.fromkeys(("value", "value_proj", "v_proj", "v_lin", "v"), ("attention", False)),
    "cross_query": ("cross", True),
    **dict.fromkeys(("cross_key", "cross_value"), ("cross", False)),
    **dict.fromkeys(("gate", "intermediate", "gate_proj", "up_proj"), ("gated", False)),
    **dict.fromkeys(("w1", "w3", "wi_0", "wi_1"), ("gated", False)),
}
"""What the last part of a name says: the layer's family, and whether the matrix gives queries."""
_WAYS = re.compile(r"(?:(?P<layer>.*)\.)?(?P<way>forward|backward)\.\w+")
_OF_TORCH = re.compile(r"(?P<layer>(?:.*\.)?)(?:weight|bias)_[ih][hr]_l(?P<place>\d+)(?P<way>_reverse)?")
"""How the matrices of a recurrent layer are called: `layer.0.backward.state`, `rnn.weight_hh_l0_reverse`."""
_CROSS = ("cross", "encdecattention", "encoder_attn")
"""Attention to another sequence, whose queries are not computed from what keys and values are."""


def sibling_key(matrix: StaticMatmul) -> tuple[object, ...] | None:
    """Return what a matrix has in common with its siblings; `None` where it can have none."""
    parent, _, numbered = matrix.name.rpartition(".")
    last, _, repeat = numbered.partition("@")
    known = _PARTS.get(last)
    if known is None:
        return None
    family, queries = known
    if queries and is_cross(matrix.name):
        return None
    return (parent, family, repeat, matrix.rows, matrix.calls, matrix.matrices, matrix.active)


def is_cross(name: str) -> bool:
    """Return whether a name is that of attention to another sequence."""
    lower = name.lower()
    return any(word in lower for word in _CROSS)


def fuse_siblings(network: Network) -> Network:
    """Store siblings as one matrix, their columns side by side.

    Query, key and value of BERT-base, 768 x 768 each, become one matrix of 768 x 2304, which takes fewer tiles where
    a matrix does not end at the edge of one. Siblings whose weights are shared with other nodes stay shared.
    """
    groups: dict[tuple[object, ...], list[StaticMatmul]] = {}
    for matrix in network.analog:
        key = sibling_key(matrix)
        if key is not None:
            groups.setdefault(key, []).append(matrix)
    fused: dict[str, StaticMatmul | None] = {}
    for members in groups.values():
        if len(members) > 1:
            fused.update(dict.fromkeys((matrix.name for matrix in members[1:]), None))
            fused[members[0].name] = _side_by_side(members)
    if not fused:
        return network
    return replace(network, operators=tuple(_replaced(network, fused)))


def _side_by_side(members: list[StaticMatmul]) -> StaticMatmul:
    first = members[0]
    parent = first.name.rpartition(".")[0]
    lasts = "+".join(matrix.name.rpartition(".")[2] for matrix in members)
    shared = any(matrix.stored_as for matrix in members)
    return first._replace(
        name=f"{parent}.{lasts}".lstrip("."),
        cols=sum(matrix.cols for matrix in members),
        bias=any(matrix.bias for matrix in members),
        stored_as="+".join(matrix.storage for matrix in members) if shared else "",
    )


def _replaced(network: Network, fused: dict[str, StaticMatmul | None]) -> Iterator[Operator]:
    for operator in network.operators:
        if operator.name in fused and isinstance(operator, StaticMatmul):
            replacement = fused[operator.name]
            if replacement is not None:
                yield replacement
        else:
            yield operator


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
    """Cut a network into stages, in order of execution; digital operations as the convention counts them."""
    found: list[Stage] = []
    opened: list[_Block] = []
    attended = False
    both_ways = run_both_ways(network)
    before = ""
    for name, layer, operators in _by_layer(_blocks(network), both_ways):
        block = _block(name, tuple(operators), convention)
        if opened and ((block.attends and attended) or layer != before):
            found.append(_stage(opened))
            opened = []
        before = layer
        attended = attended or block.attends
        opened.append(block)
    return (*found, *((_stage(opened),) if opened else ()))


def run_both_ways(network: Network) -> frozenset[str]:
    """Return the recurrent layers that also run from the end of the sequence, each with weights of its own.

    The end is there after all of the sequence, and so is what they give for its beginning: they wait, and are waited
    for. Operators do not say what they read, so such layers are known by the names of their matrices, or by two
    matrices in one node, as ONNX has them.
    """
    return frozenset(
        layer
        for layer, backwards in (_direction(one) for one in network.analog if one.kind == "recurrent")
        if backwards
    )


def _direction(matrix: StaticMatmul) -> tuple[str, bool]:
    """Return the recurrent layer of a matrix, and whether the matrix is used from the end of the sequence."""
    name = matrix.name.partition("@")[0]
    found = _WAYS.fullmatch(name)
    if found is not None:
        return found["layer"] or "the layer", found["way"] == "backward"
    found = _OF_TORCH.fullmatch(name)
    if found is not None:
        return f"{found['layer']}l{found['place']}", found["way"] is not None
    return name, matrix.matrices > 1


def _by_layer(
    blocks: Iterable[tuple[str, Iterable[Operator]]], both_ways: frozenset[str]
) -> Iterator[tuple[str, str, Iterable[Operator]]]:
    """Yield blocks with the layer that runs both ways and that they are, or with nothing; one with several is cut."""
    layer = ""
    for name, operators in blocks:
        if not both_ways:
            yield name, "", operators
            continue
        cut: list[Operator] = []
        for operator in operators:
            now = layer  # elementwise work belongs to the products before it
            if isinstance(operator, StaticMatmul):
                own = _direction(operator)[0] if operator.kind == "recurrent" else ""
                now = own if own in both_ways else ""
            if now != layer and cut:
                yield name, layer, cut
                cut = []
            layer = now
            cut.append(operator)
        if cut:
            yield name, layer, cut


def _blocks(network: Network) -> Iterator[tuple[str, Iterable[Operator]]]:
    """Yield runs of operators of one block; one with attention in several is cut by its names."""
    products = Counter(product.block for product in network.dynamic)
    crowded = {block for block, many in products.items() if many > 2}  # noqa: PLR2004  scores and context
    for block, operators in groupby(network.operators, key=attrgetter("block")):
        if block in crowded:
            yield from _apart(block, tuple(operators))
        else:
            yield block, operators


def _apart(block: str, operators: tuple[Operator, ...]) -> Iterator[tuple[str, Iterable[Operator]]]:
    """Yield the blocks within a block; the block itself where attention is in one of them alone."""
    attending = {
        _numbered(one.name) for one in operators if isinstance(one, DynamicMatmul) and not is_cross(one.name)
    }
    if len(attending) > 1:
        yield from groupby(operators, key=lambda one: _numbered(one.name))
    else:
        yield block, operators


def _numbered(name: str) -> str:
    """Return a name up to its last number: the innermost of the blocks that it belongs to."""
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
    return _Block(
        name=name, matrices=matrices, digital_ops=digital, attends=attends, operators=len(operators)
    )


def _stage(blocks: list[_Block]) -> Stage:
    matrices = tuple(matrix for block in blocks for matrix in block.matrices)
    return Stage(
        first=blocks[0].name,
        last=blocks[-1].name,
        matrices=matrices,
        digital_ops=sum(block.digital_ops for block in blocks),
        depth=len({_level(matrix) for matrix in matrices}),
        recurrent=any(matrix.kind == "recurrent" for matrix in matrices),
        operators=sum(block.operators for block in blocks),
    )


def _level(matrix: StaticMatmul) -> object:
    """Return what matrices that work side by side have in common; the parts of a recurrent layer do, for one."""
    if matrix.kind == "recurrent":
        return matrix.block
    return sibling_key(matrix) or matrix.name
