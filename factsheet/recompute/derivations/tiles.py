"""Facts of the mapping: tiles, how full they are, and the devices that hold the weights."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from factsheet.recompute.facts import DERIVED, Arithmetic, GivenNumber, Key, Summand, derived, underivable
from factsheet.recompute.points import tile_left_open
from factsheet.recompute.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.crossbar.mapping import TileMapping, TileShape
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact

TILES = Registry()
_TILES = "Σ ⌈rows / tile rows⌉ · ⌈columns / tile columns⌉ over the stored matrices on tiles"


@TILES.derives("tiles")
def _tiles(context: PointContext) -> Iterable[DerivedFact]:
    yield _counted(context, Key("tiles", "parameters.tiles", "count"), context.claim("parameters", "tiles"))


@TILES.derives("size_on_chip")
def _size_on_chip(context: PointContext) -> Iterable[DerivedFact]:
    key, claim = (
        Key("size_on_chip", "performance.size_on_chip", "count"),
        context.claim("performance", "size_on_chip"),
    )
    if claim is not None and claim.quantity.dimension != "count":
        reason = "an area is claimed; the structure gives a number of tiles only"
        yield underivable(key, reason, formula=_TILES, claim=claim)
    else:
        yield _counted(context, key, claim)


def _counted(context: PointContext, key: Key, claim: Claim | None) -> DerivedFact:
    mapping = context.mapping
    if mapping is None:
        return underivable(key, _no_mapping(context), formula=_TILES, claim=claim)
    notes = [f"{mapping.utilisation:.1%} of their cells hold a weight", *_assumed(context)]
    if context.stated_tile not in (None, context.tile):
        claim = None
        notes.append("the sheet's claims are for its own tile and are not compared")
    arithmetic = Arithmetic(formula=_TILES, inputs=_tile_inputs(context), terms=partial(_terms, mapping))
    verdict = None if claim is None else context.structure_verdict(key.name)
    note = "; ".join(notes)
    return derived(
        key, mapping.tiles, arithmetic, claim=claim, verdict=verdict, note=note, at_least=_missing(context)
    )


def _missing(context: PointContext) -> bool:
    """Return whether there can be matrices that no count includes."""
    return context.network is not None and context.network.weights_missing


def _assumed(context: PointContext) -> Iterator[str]:
    """Yield what was assumed of how matrices are stored."""
    assumed = {} if context.network is None else context.network.assumed
    yield from (text for field, text in assumed.items() if field == "fused_qkv")


def _terms(mapping: TileMapping) -> Iterator[Summand]:
    shape: TileShape = mapping.tile
    for mapped in mapping.matrices:
        matrix = mapped.matrix
        several = f"{mapped.copies:,} copies · " if mapped.copies > 1 else ""
        several += f"{matrix.matrices:,} · " if matrix.matrices > 1 else ""
        product = f"{several}⌈{matrix.rows:,}/{shape.rows:,}⌉ · ⌈{matrix.cols:,}/{shape.cols:,}⌉"
        product += f" = {several}{mapped.row_tiles:,} · {mapped.col_tiles:,}"
        yield Summand(matrix.block, matrix.name.removeprefix(f"{matrix.block}."), product, mapped.tiles)


def _tile_inputs(context: PointContext) -> tuple[GivenNumber, ...]:
    source = "parameters.tile" if context.stated_tile == context.tile else "given"
    shape = context.tile
    return (
        ()
        if shape is None
        else (GivenNumber("tile", f"{shape.rows:,} rows, {shape.cols:,} columns", source),)
    )


def _no_mapping(context: PointContext) -> str:
    return context.no_network or tile_left_open(context.sheet) or "no tile geometry is stated or given"


@TILES.derives("tiles_dense")
def _tiles_dense(context: PointContext) -> Iterable[DerivedFact]:
    key, mapping = Key("tiles_dense", f"{DERIVED}.tiles_dense", "count"), context.mapping
    formula = "⌈weights on tiles / cells of a tile⌉"
    if mapping is None:
        yield underivable(key, _no_mapping(context), formula=formula)
        return
    step = (
        f"⌈{mapping.weights:,} / ({mapping.tile.rows:,} · {mapping.tile.cols:,})⌉ = {mapping.tiles_dense:,}"
    )
    yield derived(
        key,
        mapping.tiles_dense,
        Arithmetic(formula=formula, inputs=_tile_inputs(context), lines=(step,)),
        note="a lower bound for any mapping, without replicated weights",
        at_least=_missing(context),
    )


@TILES.derives("utilisation")
def _utilisation(context: PointContext) -> Iterable[DerivedFact]:
    key, mapping = Key("utilisation", f"{DERIVED}.utilisation", "ratio"), context.mapping
    formula = "weights on tiles / cells of all tiles"
    if mapping is None:
        yield underivable(key, _no_mapping(context), formula=formula)
        return
    steps = (
        f"{mapping.tiles:,} · {mapping.tile.rows:,} · {mapping.tile.cols:,} = {mapping.cells:,} cells",
        f"{mapping.weights:,} / {mapping.cells:,} = {mapping.utilisation:.4f}",
    )
    note = f"{mapping.spare_cells:,} cells are spare"
    yield derived(
        key,
        mapping.utilisation,
        Arithmetic(formula=formula, inputs=_tile_inputs(context), lines=steps),
        note=note,
        digits=4,
    )


@TILES.derives("devices")
def _devices(context: PointContext) -> Iterable[DerivedFact]:
    key, formula = Key("devices", "parameters.devices", "count"), "weights on tiles · devices a weight"
    claim, network, each = (
        context.claim("parameters", "devices"),
        context.network,
        context.devices_per_weight,
    )
    if network is None or each is None:
        reason = context.no_network or "the sheet does not say how many devices hold a weight"
        yield underivable(key, reason, formula=formula, claim=claim)
        return
    weights, stored = network.analog_weights, network.stored_weights
    source = "parameters.analog_weights (derived)"
    if stored != weights:
        source = f"{weights:,}, and copies as model_architecture.layout has them"
        weights = stored
    inputs = (
        GivenNumber("weights on tiles", f"{weights:,}", source),
        GivenNumber("devices a weight", f"{each}", "parameters.tile.devices_per_weight"),
    )
    arithmetic = Arithmetic(
        formula=formula, inputs=inputs, lines=(f"{weights:,} · {each} = {weights * each:,}",)
    )
    note = "devices of cells that hold no weight are not counted"
    verdict = context.structure_verdict("devices")
    yield derived(
        key,
        weights * each,
        arithmetic,
        claim=claim,
        verdict=verdict,
        note=note,
        at_least=network.weights_missing,
    )
