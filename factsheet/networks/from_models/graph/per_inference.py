"""Divide out a batch that a file fixes: counts are for one inference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.networks.operators import DynamicMatmul, Elementwise, Lookup, StaticMatmul, Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.networks.operators import Operator


def per_inference(operators: Sequence[Operator], batch: int) -> tuple[tuple[Operator, ...], tuple[str, ...]]:
    """Return the operators of one inference, and what is to be said of it.

    Args:
        operators: those of the whole batch.
        batch: how many inferences the file works on together.
    """
    if batch == 1:
        return tuple(operators), ()
    shares = [_share(one, batch) for one in operators]
    divided = tuple(one for one in shares if one is not None)
    if len(divided) < len(operators):
        return tuple(operators), (
            f"the file fixes a batch of {batch:,}, which does not divide all of the work: counts are for all of it",
        )
    return divided, (f"the file fixes a batch of {batch:,}: counts are for one of its inferences",)


def _share(one: Operator, batch: int) -> Operator | None:
    if isinstance(one, StaticMatmul):
        return one._replace(calls=one.calls // batch) if one.calls % batch == 0 else None
    if isinstance(one, DynamicMatmul):
        if one.count % batch == 0:
            return one._replace(count=one.count // batch)
        return one._replace(m=one.m // batch) if one.m % batch == 0 else None
    if isinstance(one, Lookup):
        return one._replace(lookups=one.lookups // batch) if one.lookups % batch == 0 else None
    if isinstance(one, Elementwise | Unknown):
        return one._replace(elements=-(-one.elements // batch))
    return one
