"""Sizes that follow from the structure alone: parameters, weights on tiles, reuse, bytes on disk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from factsheet.networks.operators import DynamicMatmul, StaticMatmul
from factsheet.quantities.quantity import format_value
from factsheet.recompute.facts import Arithmetic, GivenNumber, Key, derived, term, underivable
from factsheet.recompute.registry import Registry
from factsheet.recompute.verdict import compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.networks.operators import Network
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact, Summand

SIZES = Registry()
BYTES_PER_PARAMETER = {"fp32": 4, "fp16": 2, "int8": 1}
"""Precisions that weights are stored in: IEEE 754 binary32 and binary16, and a byte."""


@SIZES.derives("parameters")
def _parameters(context: PointContext) -> Iterable[DerivedFact]:
    key, formula = Key("parameters", "parameters.parameters", "count"), "Σ stored numbers, each counted once"
    claimed, network = context.claim("parameters", "parameters"), context.network
    if network is None:
        yield underivable(key, context.no_network, formula=formula, claimed=claimed)
    elif network.omitted:
        reason = f"{', '.join(network.omitted)}; the declared rest makes {network.parameters:,}"
        yield underivable(key, reason, formula=formula, claimed=claimed)
    else:
        arithmetic = Arithmetic(formula, _declared(context, network), terms=partial(_stored, network))
        yield derived(
            key, network.parameters, arithmetic, claimed=claimed, note=network.assumed.get("pooler", "")
        )


def _stored(network: Network) -> Iterator[Summand]:
    """Every stored tensor once; a matrix and its bias are two."""
    seen: set[str] = set()
    for operator in network.operators:
        if isinstance(operator, DynamicMatmul) or not operator.parameters or operator.storage in seen:
            continue
        seen.add(operator.storage)
        if isinstance(operator, StaticMatmul):
            yield term(operator.block, operator.name, *operator.stored_factors)
            if operator.bias:
                yield term(operator.block, f"{operator.name} bias", operator.matrices * operator.cols)
        else:
            yield term(operator.block, operator.name, operator.parameters)


def _declared(context: PointContext, network: Network) -> tuple[GivenNumber, ...]:
    return (GivenNumber("dimensions", network.name, context.structure),)


@SIZES.derives("analog_weights")
def _analog_weights(context: PointContext) -> Iterable[DerivedFact]:
    key = Key("analog_weights", "parameters.analog_weights", "count")
    formula = "Σ rows · cols over the stored matrices on tiles"
    claimed, network = context.claim("parameters", "analog_weights"), context.network
    if network is None:
        yield underivable(key, context.no_network, formula=formula, claimed=claimed)
        return
    arithmetic = Arithmetic(formula, _declared(context, network), terms=partial(_on_tiles, network))
    note = "biases are added digitally and embeddings are looked up, so that neither is on tiles"
    yield derived(key, network.analog_weights, arithmetic, claimed=claimed, note=note)


def _on_tiles(network: Network) -> Iterator[Summand]:
    """Every matrix on tiles once."""
    return (term(m.block, m.name, *m.stored_factors) for m in network.analog_stored)


@SIZES.derives("reuse_factor")
def _reuse_factor(context: PointContext) -> Iterable[DerivedFact]:
    key = Key("reuse_factor", "parameters.reuse_factor", "count")
    formula = "nodes of the network that multiply by one stored matrix, at most"
    claimed, network = context.claim("parameters", "reuse_factor"), context.network
    if network is None:
        yield underivable(key, context.no_network, formula=formula, claimed=claimed)
        return
    nodes = network.sharing
    most = max((nodes[matrix.storage] for matrix in network.analog_stored), default=1)
    arithmetic = Arithmetic(
        formula,
        _declared(context, network),
        (f"{len(network.analog):,} nodes on {len(network.analog_stored):,} stored matrices",),
    )
    note = "this counts nodes; one node uses its weights once for each token of a sequence"
    yield derived(key, most, arithmetic, claimed=claimed, note=note)


@SIZES.derives("size_on_disk")
def _size_on_disk(context: PointContext) -> Iterable[DerivedFact]:
    key, formula = (
        Key("size_on_disk", "performance.size_on_disk", "data_size"),
        "parameters · bytes a parameter",
    )
    claimed, network = context.claim("performance", "size_on_disk"), context.network
    if network is None or network.omitted:
        reason = context.no_network or "the number of parameters is not derivable"
        yield underivable(key, reason, formula=formula, claimed=claimed)
        return
    sizes = {name: network.parameters * width for name, width in BYTES_PER_PARAMETER.items()}
    steps = tuple(
        f"{name}: {network.parameters:,} · {BYTES_PER_PARAMETER[name]} = {size:,} bytes"
        for name, size in sizes.items()
    )
    fitting = [
        name for name, size in sizes.items() if compare(size, claimed) not in ("differs_by", "unclaimed")
    ]
    stored_as = fitting[0] if fitting else "fp32"
    others = ", ".join(f"{format_value(sizes[n], 'data_size')} in {n}" for n in sizes if n != stored_as)
    explained = f"{' or '.join(fitting)} explains the claim" if fitting else f"in {stored_as}"
    arithmetic = Arithmetic(
        formula,
        (GivenNumber("parameters", f"{network.parameters:,}", "parameters.parameters (derived)"),),
        steps,
    )
    note = f"{explained}; {others}; without the file's own header"
    yield derived(key, sizes[stored_as], arithmetic, claimed=claimed, note=note)
