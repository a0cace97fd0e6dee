"""What a mapping can be asked for: siblings as one matrix, shared tiles, copies, and a budget of tiles."""

from __future__ import annotations

import pytest
from chips import FULL, NOTHING, constant
from hypothesis import given
from hypothesis import strategies as st

from factsheet.crossbar.cost.budget import balance, fit, left_digital, placements
from factsheet.crossbar.cost.estimate import estimate
from factsheet.crossbar.cost.explanation import notes_of
from factsheet.crossbar.cost.layout import Small, lay_out, pack
from factsheet.crossbar.cost.stages import fuse_siblings
from factsheet.crossbar.mapping import TileShape, map_network
from factsheet.errors import CostError, DoesNotFitError
from factsheet.networks.families.decoder import DecoderShape, decoder_operators
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.networks.families.encoder_decoder import EncoderDecoderShape, encoder_decoder_operators
from factsheet.networks.family import Run
from factsheet.networks.operators import Network, StaticMatmul
from factsheet.networks.reference_networks import bert_base as bert
from factsheet.networks.reference_networks import resnet32

TILE = TileShape(512, 512)
smalls = st.lists(
    st.tuples(st.integers(1, 24), st.integers(1, 16), st.integers(1, 40)), min_size=1, max_size=8
).map(lambda drawn: [Small(f"m{i}", *sides) for i, sides in enumerate(drawn)])


def test_fusing_siblings_is_declaring_them_fused() -> None:
    declared = ENCODER.network(EncoderShape(12, 768, 12, 3072, fused_qkv=True), 32)
    fused = fuse_siblings(ENCODER.network(EncoderShape(12, 768, 12, 3072), 32))
    assert map_network(fused, TILE).tiles == map_network(declared, TILE).tiles == 456
    assert fused.analog_weights == declared.analog_weights
    assert [m.macs for m in fused.analog] == [m.macs for m in declared.analog]
    assert fused.parameters == declared.parameters


def test_fusing_keeps_shared_weights_shared() -> None:
    shared = ENCODER.network(EncoderShape(12, 768, 12, 3072, shared_layers=True), 32)
    fused = fuse_siblings(shared)
    assert map_network(fused, TILE).tiles == 456 // 12
    assert {m.nodes for m in map_network(fused, TILE).matrices} == {12}


def test_a_gate_is_fused_with_what_it_gates_and_key_with_value_of_fewer_heads() -> None:
    network = Network("llama", decoder_operators(DecoderShape(1, 64, 8, 96, 2, gated_mlp=True), Run(5)))
    fused = fuse_siblings(network)
    assert [(m.rows, m.cols) for m in fused.analog] == [(64, 64 + 2 * 16), (64, 64), (64, 192), (96, 64)]


def test_queries_of_attention_to_another_sequence_stay_apart() -> None:
    # They are computed from the decoder's tokens, keys and values from the encoder's.
    shape = EncoderDecoderShape(1, 1, 32, 4, 64)
    fused = fuse_siblings(Network("t5", encoder_decoder_operators(shape, Run(7), 7)))
    names = [m.name for m in fused.analog if "cross" in m.name]
    assert names == [
        "decoder.layer.0.cross_query",
        "decoder.layer.0.cross_key+cross_value",
        "decoder.layer.0.cross_attention_output",
    ]


def test_a_network_without_siblings_stays_as_it_is() -> None:
    network = resnet32()
    assert fuse_siblings(network) is network


@given(smalls, st.sampled_from(["diagonal", "dense", "none"]))
def test_packing_places_every_matrix_once_and_overfills_nothing(all_: list[Small], packing: str) -> None:
    tile = TileShape(24, 16)
    packed = pack(all_, tile, packing)  # type: ignore[arg-type]
    sides = {small.storage: small for small in all_}
    placed = dict.fromkeys(sides, 0)
    for tiles in packed:
        for storage, many in tiles.held:
            placed[storage] += tiles.tiles * many
        held = [(sides[storage], many) for storage, many in tiles.held]
        assert sum(one.rows * one.cols * many for one, many in held) <= tile.cells
        if packing == "diagonal":
            assert sum(one.rows * many for one, many in held) <= tile.rows
            assert sum(one.cols * many for one, many in held) <= tile.cols
    assert placed == {small.storage: small.matrices for small in all_}
    assert sum(tiles.tiles for tiles in packed) <= sum(small.matrices for small in all_)


def test_packing_by_hand() -> None:
    # On the diagonal of 24 x 16, 2 of 9 x 4 beside each other: rows run out first. Densely, 2 shelves of 4.
    nine = [Small("m", 9, 4, 16)]
    assert sum(tiles.tiles for tiles in pack(nine, TileShape(24, 16), "diagonal")) == 8
    assert sum(tiles.tiles for tiles in pack(nine, TileShape(24, 16), "dense")) == 2
    assert sum(tiles.tiles for tiles in pack(nine, TileShape(24, 16), "none")) == 16


def test_groups_of_a_convolution_share_tiles_where_the_chip_allows_it() -> None:
    # 512 groups of 9 x 1: 512 tiles of their own, or 56 on each diagonal of 512 x 512.
    network = Network("depthwise", (StaticMatmul("m", "b", 9, 1, 100, matrices=512, kind="convolution"),))
    chip = NOTHING._replace(slot=constant(1e-7), shares_tiles=True)
    alone, diagonal, dense = (
        estimate(network, chip, packing=packing) for packing in ("none", "diagonal", "dense")
    )
    assert (alone.tiles, diagonal.tiles, dense.tiles) == (512, -(-512 // 56), 1)
    # Groups on a diagonal are read at once, those of a dense tile one after the other.
    assert diagonal.totals["latency"].value == alone.totals["latency"].value == pytest.approx(100 * 1e-7)
    assert dense.totals["latency"].value == pytest.approx(512 * 100 * 1e-7)
    assert any("one after the other" in note for note in notes_of(dense))


def test_packing_saves_tiles_and_no_energy() -> None:
    network = resnet32()
    chip = FULL._replace(rows=512, cols=512, tile_power=None, chip_power=None)
    alone, packed = (estimate(network, chip, packing=packing) for packing in ("none", "dense"))
    assert packed.tiles < alone.tiles == 43
    assert packed.totals["energy"].value == alone.totals["energy"].value
    assert packed.totals["latency"].value > alone.totals["latency"].value


def test_copies_that_a_number_of_slots_takes() -> None:
    # 1024 positions in 512 slots take two copies, 256 or 64 take one.
    copies = balance(resnet32(), TILE, slots=512)
    assert set(copies.values()) == {2}
    assert len(copies) == 11
    assert lay_out(resnet32(), TILE, copies=copies).tiles == 43 + 11


@given(st.integers(43, 400))
def test_copies_use_a_budget_of_tiles_as_well_as_any_number_of_slots_does(tiles: int) -> None:
    network = resnet32()
    copies = balance(network, TILE, tiles=tiles)
    layout = lay_out(network, TILE, copies=copies)
    assert layout.tiles <= tiles
    slots = max(-(-matrix.calls // copies.get(matrix.storage, 1)) for matrix in network.analog)
    # One slot less would take more tiles than there are.
    assert slots == 1 or lay_out(network, TILE, copies=balance(network, TILE, slots=slots - 1)).tiles > tiles


def test_copies_that_can_not_be() -> None:
    with pytest.raises(DoesNotFitError):
        balance(resnet32(), TILE, tiles=42)
    for arguments in ({}, {"tiles": 50, "slots": 50}, {"slots": 0}):
        with pytest.raises(CostError, match="copies follow from"):
            balance(resnet32(), TILE, **arguments)


def test_a_recurrent_layer_gets_no_copies() -> None:
    nodes = (StaticMatmul("a", "x", 8, 8, 100, kind="recurrent"), StaticMatmul("b", "y", 8, 8, 100))
    assert balance(Network("mixed", nodes), TILE, slots=50) == {"b": 2}


def test_what_fits_into_a_number_of_tiles() -> None:
    layout = lay_out(bert(32), TILE)
    everything = fit(layout, 480)
    assert everything.fits
    assert len(everything.kept) == 72
    short = fit(layout, 479)
    assert [mapped.matrix.name for mapped in short.left_out] == ["layer.11.output"]
    assert sum(mapped.tiles for mapped in short.kept) == 468
    assert not fit(layout, 0).kept


def test_shared_tiles_are_given_away_first() -> None:
    # On one diagonal of 512 x 512 lie 400 x 100 and 100 x 100; the large one takes 2 x 2 tiles.
    nodes = (
        StaticMatmul("large", "a", 600, 600, 1),
        StaticMatmul("tall", "a", 400, 100, 1),
        StaticMatmul("small", "a", 100, 100, 1),
    )
    layout = lay_out(Network("three", nodes), TILE, packing="diagonal")
    assert layout.tiles == 5
    assert fit(layout, 5).fits
    assert [mapped.matrix.name for mapped in fit(layout, 4).left_out] == ["large"]
    assert [mapped.matrix.name for mapped in fit(layout, 1).kept] == ["tall", "small"]
    assert not fit(layout, 0).kept


def test_what_finds_no_place_can_stay_digital() -> None:
    network = bert(32)
    found = fit(lay_out(network, TILE), 45)
    rest = left_digital(network, found)
    assert lay_out(rest, TILE).tiles == sum(mapped.tiles for mapped in found.kept) <= 45
    # What leaves the tiles is still computed: 2 operations a MAC.
    chip = NOTHING._replace(cell_energy=constant(1e-14), digital_energy=constant(1e-12))
    before, after = estimate(network, chip), estimate(rest, chip)
    assert after.demand.ops == before.demand.ops
    moved = before.demand.macs - after.demand.macs
    assert after.demand.digital_ops - before.demand.digital_ops == 2 * moved > 0


def test_shared_weights_leave_together() -> None:
    shared = ENCODER.network(EncoderShape(12, 768, 12, 3072, shared_layers=True), 32)
    rest = left_digital(shared, fit(lay_out(shared, TILE), 16))
    assert {matrix.name.rpartition(".")[2] for matrix in rest.analog} == {
        "query", "key", "value", "attention_output",
    }  # fmt: skip
    assert len(rest.analog) == 4 * 12


def test_chips_are_filled_one_after_the_other() -> None:
    # 4 tiles each for query, key, value and output, 12 each for up and down: 40 a block.
    placed = list(placements(lay_out(bert(32), TILE), 40))
    assert [(one.first, one.last) for one in placed] == [
        (block, block) for block in range(12) for _ in range(6)
    ]
    across = list(placements(lay_out(bert(32), TILE), 35))
    assert (across[5].first, across[5].last) == (0, 1)
    assert across[-1].last == 480 // 35
