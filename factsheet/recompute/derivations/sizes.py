"""Sizes that follow from the structure alone: parameters, weights on tiles, reuse, bytes on disk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from factsheet.networks.operators import DynamicMatmul, StaticMatmul
from factsheet.quantities.quantity import format_value
from factsheet.recompute.comparisons.size_claims import BYTES
from factsheet.recompute.facts import Arithmetic, GivenNumber, Key, derived, term, underivable
from factsheet.recompute.interpretations import sizes_of
from factsheet.recompute.registry import Registry
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.networks.operators import Network
    from factsheet.networks.sizes import StoredSize
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact, Summand

SIZES = Registry()


@SIZES.derives("parameters")
def _parameters(context: PointContext) -> Iterable[DerivedFact]:
    key, formula = Key("parameters", "parameters.parameters", "count"), "Σ stored numbers, each counted once"
    claim, network = context.claim("parameters", "parameters"), context.network
    if network is None:
        yield underivable(key, context.no_network, formula=formula, claim=claim)
    elif network.omitted:
        reason = f"{', '.join(network.omitted)}; the declared rest makes {network.parameters:,}"
        yield underivable(key, reason, formula=formula, claim=claim)
    else:
        arithmetic = Arithmetic(
            formula=formula, inputs=_declared(context, network), terms=partial(_stored, network)
        )
        yield derived(
            key,
            network.parameters,
            arithmetic,
            claim=claim,
            verdict=context.structure_verdict("parameters"),
            note=network.assumed.get("pooler", ""),
            at_least=network.parameters_missing,
        )


def _stored(network: Network) -> Iterator[Summand]:
    """Yield every stored tensor once; a matrix and its bias are two."""
    if network.tensors is not None:
        yield from (term("", name, count) for name, count in network.tensors.items() if count)
        return
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
    claim, network = context.claim("parameters", "analog_weights"), context.network
    if network is None:
        yield underivable(key, context.no_network, formula=formula, claim=claim)
        return
    arithmetic = Arithmetic(
        formula=formula, inputs=_declared(context, network), terms=partial(_on_tiles, network)
    )
    note = "biases are added digitally and embeddings are looked up, so that neither is on tiles"
    verdict = context.structure_verdict("analog_weights")
    yield derived(
        key,
        network.analog_weights,
        arithmetic,
        claim=claim,
        verdict=verdict,
        note=note,
        at_least=network.weights_missing,
    )


def _on_tiles(network: Network) -> Iterator[Summand]:
    """Return every matrix on tiles once."""
    return (term(m.block, m.name, *m.stored_factors) for m in network.analog_stored)


@SIZES.derives("reuse_factor")
def _reuse_factor(context: PointContext) -> Iterable[DerivedFact]:
    key = Key("reuse_factor", "parameters.reuse_factor", "count")
    formula = "nodes of the network that multiply by one stored matrix, at most"
    claim, network = context.claim("parameters", "reuse_factor"), context.network
    if network is None:
        yield underivable(key, context.no_network, formula=formula, claim=claim)
        return
    if not network.uses_known:
        yield underivable(key, context.no_counts, formula=formula, claim=claim)
        return
    most = sizes_of(network).reuse_factor
    arithmetic = Arithmetic(
        formula=formula,
        inputs=_declared(context, network),
        lines=(f"{len(network.analog):,} nodes on {len(network.analog_stored):,} stored matrices",),
    )
    each = "token of a sequence" if network.takes_length else "vector that it is given"
    note = f"this counts nodes; one node uses its weights once for each {each}"
    verdict = context.structure_verdict("reuse_factor")
    yield derived(key, most, arithmetic, claim=claim, verdict=verdict, note=note)


@SIZES.derives("size_on_disk")
def _size_on_disk(context: PointContext) -> Iterable[DerivedFact]:
    key, formula = (
        Key("size_on_disk", "performance.size_on_disk", "data_size"),
        "parameters · bytes a parameter",
    )
    claim, network = context.claim("performance", "size_on_disk"), context.network
    compared = context.comparisons.size_on_disk if context.request.own_network else None
    if network is not None and network.stored_size is not None and compared is None:
        yield _as_stored(key, network.stored_size, network, claim)
        return
    sizes: dict[str, float]
    if network is not None and not network.omitted:
        sizes = {name: network.parameters * width for name, width in BYTES.items()}
        count = GivenNumber("parameters", f"{network.parameters:,}", "parameters.parameters (derived)")
    elif compared is not None:
        sizes = {stored.precision: stored.size for stored in compared.stored}
        count = GivenNumber("parameters", _claimed_parameters(context), dotted(compared.source))
    else:
        reason = context.no_network or "the number of parameters is not derivable"
        yield underivable(key, reason, formula=formula, claim=claim)
        return
    stored_as = "fp32" if compared is None else compared.precision
    value = sizes.get(stored_as, 0.0 if compared is None else compared.value)
    steps = tuple(f"{name}: {count.text} · {BYTES[name]} = {size:,} bytes" for name, size in sizes.items())
    others = ", ".join(f"{format_value(sizes[n], 'data_size')} in {n}" for n in sizes if n != stored_as)
    fits = compared is not None and compared.verdict.fits
    assumed = ", which nothing states" if context.request.model is not None else ""
    explained = f"{stored_as} explains the claim" if fits else f"in {stored_as}{assumed}"
    yield derived(
        key,
        value,
        Arithmetic(formula=formula, inputs=(count,), lines=steps),
        claim=claim,
        verdict=None if compared is None else compared.verdict,
        note=f"{explained}; {others}; without the file's own header",
    )


def _as_stored(key: Key, stored: StoredSize, network: Network, claim: Claim | None) -> DerivedFact:
    """Return the size by the type of numbers that files or a config state."""
    line = f"{network.parameters:,} parameters in {stored.precision}: {stored.size:,} bytes"
    return derived(
        key,
        stored.size,
        Arithmetic(
            formula="bytes of the weights as they are stored",
            inputs=(GivenNumber("type", stored.precision, stored.source),),
            lines=(line,),
        ),
        claim=claim,
        note=f"in {stored.precision}, by {stored.source}",
    )


def _claimed_parameters(context: PointContext) -> str:
    claim = context.claim("parameters", "parameters")
    return "" if claim is None else claim.quantity.text
