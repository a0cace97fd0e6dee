"""Tiles against the counts of IBM's simulator, against cells filled one by one, and against their bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.crossbar.mapping import TileShape, map_network
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.networks.operators import Network, StaticMatmul

BASE = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True)
FUSED = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True, fused_qkv=True)
TILE = TileShape(512, 512)

sides = st.integers(1, 70)
tiles = st.builds(TileShape, st.integers(1, 24), st.integers(1, 24))
matrices = st.lists(st.tuples(sides, sides), min_size=1, max_size=6).map(
    lambda shapes: Network(
        "drawn", tuple(StaticMatmul(f"m{i}", "block", r, c, 1) for i, (r, c) in enumerate(shapes))
    )
)


def test_bert_takes_480_tiles() -> None:
    # IBM/3D-CiM-LLM-Inference-Simulator: "84,934,656 parameters and requires 480 tiles of available 500".
    mapping = map_network(ENCODER.network(BASE, 32), TILE)
    assert (mapping.weights, mapping.tiles) == (84_934_656, 480)


def test_bert_would_fill_324_tiles_to_the_brim() -> None:
    # 84,934,656 / 512² = 324 exactly.
    mapping = map_network(ENCODER.network(BASE, 32), TILE)
    assert mapping.tiles_dense == 324
    assert mapping.utilisation == 324 / 480
    assert mapping.spare_cells == 156 * 512 * 512


def test_fusing_query_key_and_value_saves_24_tiles() -> None:
    # ⌈768/512⌉ · ⌈2304/512⌉ = 2 · 5 tiles in place of 3 · 2 · 2, in each of 12 blocks.
    assert map_network(ENCODER.network(FUSED, 32), TILE).tiles == 480 - 12 * 2 == 456


def test_a_differential_pair_takes_two_devices_a_weight() -> None:
    mapping = map_network(ENCODER.network(BASE, 32), TILE)
    assert (mapping.devices(2), mapping.devices(4)) == (169_869_312, 339_738_624)


def test_the_digital_pooler_takes_no_tile() -> None:
    mapping = map_network(ENCODER.network(BASE, 32), TILE)
    assert not [mapped for mapped in mapping.matrices if mapped.matrix.block == "pooler"]


def test_shared_weights_are_mapped_once() -> None:
    # ALBERT (Lan et al. 2020) stores one block for all twelve.
    nodes = tuple(StaticMatmul(f"{i}.query", f"{i}", 768, 768, 32, stored_as="query") for i in range(12))
    mapping = map_network(Network("albert", nodes), TILE)
    assert mapping.tiles == 4
    assert [(mapped.nodes, mapped.matrix.name) for mapped in mapping.matrices] == [(12, "0.query")]


@given(matrices, tiles)
def test_tiles_are_those_that_hold_at_least_one_weight(network: Network, tile: TileShape) -> None:
    # The definition, cell by cell: weight (r, c) of matrix m lies on tile (m, r // R, c // C).
    touched = {
        (matrix.name, r // tile.rows, c // tile.cols)
        for matrix in network.analog
        for r in range(matrix.rows)
        for c in range(matrix.cols)
    }
    assert map_network(network, tile).tiles == len(touched)


@given(matrices, tiles)
def test_no_packing_beats_the_dense_bound(network: Network, tile: TileShape) -> None:
    mapping = map_network(network, tile)
    assert mapping.tiles_dense <= mapping.tiles
    assert (mapping.tiles_dense - 1) * tile.cells < mapping.weights <= mapping.tiles_dense * tile.cells
    assert mapping.weights + mapping.spare_cells == mapping.cells
    assert 0 < mapping.utilisation <= 1
    assert all(0 < mapped.utilisation <= 1 for mapped in mapping.matrices)


@given(matrices)
def test_tiles_of_one_weight_fit_exactly(network: Network) -> None:
    mapping = map_network(network, TileShape(1, 1))
    assert mapping.tiles == mapping.weights == mapping.tiles_dense
    assert mapping.utilisation == 1


def test_whole_numbers_stay_exact_beyond_what_a_float_holds() -> None:
    each = 10**15 - 1  # as many numbers as one matrix may have, less one
    layers = tuple(StaticMatmul(f"m{number}", "b", each, 1, 1) for number in range(11))
    assert map_network(Network("huge", layers), TileShape(1, 1)).tiles == 11 * each
    assert float(11 * each) != 11 * each


def test_nothing_mapped_uses_nothing() -> None:
    mapping = map_network(Network("empty", ()), TILE)
    assert (mapping.tiles, mapping.tiles_dense, mapping.utilisation) == (0, 0, 0.0)


@pytest.mark.parametrize(("rows", "cols"), [(0, 512), (512, 0), (-1, 1)])
def test_an_array_without_cells_is_refused(rows: int, cols: int) -> None:
    with pytest.raises(ValueError, match="holds nothing"):
        TileShape(rows, cols)
