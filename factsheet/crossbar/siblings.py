"""Matrices that take the same input: they can be stored side by side as one, and work at the same time.

Operators do not say what they read, so siblings are known by name: the projections of one attention layer, and the
gate of a feed-forward block beside the matrix that it gates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.workload import Network, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.workload import Operator

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
_CROSS = ("cross", "encdecattention", "encoder_attn")
"""Attention to another sequence, whose queries are not computed from what keys and values are."""


def sibling_key(matrix: StaticMatmul) -> tuple[object, ...] | None:
    """What a matrix has in common with its siblings; `None` where it can have none."""
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
    """Whether a name speaks of attention to another sequence."""
    lower = name.lower()
    return any(word in lower for word in _CROSS)


def fuse_siblings(network: Network) -> Network:
    """The network with siblings stored as one matrix, their columns side by side.

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
    return Network(network.name, tuple(_replaced(network, fused)), network.omitted, network.assumed)


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
