"""Arithmetic over a network's operators, written out block by block."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Term(NamedTuple):
    """One operator's share of a sum."""

    block: str
    label: str
    """Name within the block."""
    product: str
    """The factors, such as `2 · 768 · 768`; empty for a number that is no product."""
    value: int


def term(block: str, name: str, *factors: int) -> Term:
    """The product of factors as one operator's share; factors of 1 in front are kept, they carry meaning."""
    value = 1
    for factor in factors:
        value *= factor
    product = " · ".join([f"{factor:,}" for factor in factors]) if len(factors) > 1 else ""
    return Term(block, name.removeprefix(f"{block}."), product, value)


def written_out(terms: Iterable[Term]) -> Iterator[str]:
    """One line a term, a sum for each block, and the sum over all; blocks that are alike are written once."""
    total = 0
    blocks = [(block, tuple(group)) for block, group in groupby(terms, key=lambda term: term.block)]
    for alike, run in groupby(
        blocks, key=lambda named: tuple((t.label, t.product, t.value) for t in named[1])
    ):
        names = [block for block, _ in run]
        together = sum(value for _, _, value in alike)
        yield names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}, {len(names)} alike, each:"
        for label, product, value in alike:
            yield f"  {label}: {product} = {value:,}" if product else f"  {label}: {value:,}"
        if len(names) > 1:
            yield f"  together {together:,}; {len(names)} · {together:,} = {len(names) * together:,}"
        elif len(alike) > 1:
            yield f"  together {together:,}"
        total += len(names) * together
    yield f"sum: {total:,}"
