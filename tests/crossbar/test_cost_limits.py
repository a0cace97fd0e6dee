"""What holds of any estimate: sums, limits, and how results move with what goes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chips import FULL, HERMES, IBM, NOTHING, constant
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.crossbar.cost.budget import balance
from factsheet.crossbar.cost.estimate import estimate
from factsheet.crossbar.cost.explanation import notes_of, terms_of
from factsheet.crossbar.cost.formula import STRUCTURES
from factsheet.crossbar.cost.layers import layers_of
from factsheet.crossbar.mapping import TileShape
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.networks.operators import Network, StaticMatmul
from factsheet.networks.reference_networks import bert_base as bert
from factsheet.networks.reference_networks import resnet32

if TYPE_CHECKING:
    from factsheet.crossbar.cost.formula import Structure
    from factsheet.hardware.constants import ChipConstants

SMALL = EncoderShape(3, 48, 4, 96)
structures = st.sampled_from(STRUCTURES)
lengths = st.integers(1, 300)
batches = st.integers(1, 40)
chips = st.sampled_from((IBM, HERMES, FULL))
networks = st.lists(
    st.tuples(st.integers(1, 300), st.integers(1, 300), st.integers(1, 50), st.booleans(), st.integers(1, 4)),
    min_size=1,
    max_size=5,
).map(
    lambda drawn: Network(
        "drawn",
        tuple(
            StaticMatmul(f"{i}.m", f"{i}", rows, cols, calls, bias, matrices=many)
            for i, (rows, cols, calls, bias, many) in enumerate(drawn)
        ),
    )
)


@settings(max_examples=40)
@given(networks, chips, batches, structures, st.booleans())
def test_energy_is_the_sum_over_layers(
    network: Network, chip: ChipConstants, batch: int, structure: Structure, whole: bool
) -> None:
    found = estimate(
        network,
        chip._replace(chip_power=None, charged_whole=whole),
        batch=batch,
        structure=structure,
    )
    by_layer = [layer.energy for layer in layers_of(found)]
    assert sum(one for one in by_layer if one is not None) == pytest.approx(
        found.totals["energy"].value, rel=1e-9
    )
    assert None not in by_layer
    assert sum(layer.tiles for layer in layers_of(found)) == found.tiles
    assert sum(layer.digital_ops for layer in layers_of(found)) == found.demand.digital_ops


def test_every_layer_belongs_to_the_stage_of_its_block() -> None:
    found = estimate(bert(32), FULL)
    stages = {layer.block: layer.stage for layer in layers_of(found)}
    assert stages == {
        "embeddings": 0,
        **{f"layer.{block}": block for block in range(12)},
        "pooler": 11,
    }
    assert sum(layer.digital_ops for layer in layers_of(found)) == found.demand.digital_ops


@settings(max_examples=40)
@given(lengths, st.integers(1, 50), batches, structures, chips)
def test_latency_never_falls_with_sequence_length(
    length: int, more: int, batch: int, structure: Structure, chip: ChipConstants
) -> None:
    short, long = (
        estimate(ENCODER.network(SMALL, tokens), chip, batch=batch, structure=structure)
        for tokens in (length, length + more)
    )
    assert short.totals["latency"].value <= long.totals["latency"].value


@settings(max_examples=40)
@given(networks, batches, st.integers(1, 40), structures, chips)
def test_latency_grows_with_the_batch(
    network: Network, batch: int, more: int, structure: Structure, chip: ChipConstants
) -> None:
    few, many = (
        estimate(network, chip, batch=size, structure=structure).totals["latency"].value
        for size in (batch, batch + more)
    )
    assert few < many


@settings(max_examples=40)
@given(networks, batches, chips)
def test_going_on_with_the_next_sequence_never_takes_longer(
    network: Network, batch: int, chip: ChipConstants
) -> None:
    found = estimate(network, chip, batch=batch).latencies
    assert found["sequence-pipelined"] <= found["batch-synchronous"] * (1 + 1e-12)


@pytest.mark.parametrize("batch", [1, 3, 10])
def test_the_structures_of_an_encoder(batch: int) -> None:
    # Layers · batch · SL slots; (layers + batch - 1) · SL slots; 6 matrices of each layer · batch · SL slots.
    found = estimate(bert(64), IBM, batch=batch).latencies
    slots = (12 * batch * 64, (12 + batch - 1) * 64, 12 * 6 * batch * 64)
    assert list(found) == list(STRUCTURES)
    assert list(found.values()) == pytest.approx([n * 123.75e-9 for n in slots], rel=1e-12)
    assert estimate(bert(64), IBM, batch=batch).latency_range == (min(found.values()), max(found.values()))


def test_twice_the_tiles_of_a_layer_halve_its_stage() -> None:
    network = Network("one layer", (StaticMatmul("m", "b", 400, 100, 1000),))
    once = estimate(network, IBM)
    twice = estimate(network, IBM, copies={"m": 2})
    assert (once.tiles, twice.tiles) == (1, 2)
    assert twice.totals["latency"].value == pytest.approx(once.totals["latency"].value / 2, rel=1e-12)
    assert layers_of(twice)[0].time == pytest.approx(500 * 123.75e-9, rel=1e-12)
    assert twice.totals["energy"].value == once.totals["energy"].value


def test_copies_of_early_convolutions_speed_a_whole_pipeline() -> None:
    # With 2 copies of the 11 layers of 1024 positions, none takes more than 512 slots, and windows fill twice as fast.
    network, tile = resnet32(), TileShape(512, 512)
    copies = balance(network, tile, tiles=43 + 11)
    found = estimate(network, IBM, copies=copies)
    assert found.tiles == 54
    assert found.totals["latency"].value == pytest.approx(3507 / 2 * 123.75e-9, rel=1e-12)


@settings(max_examples=40)
@given(st.floats(0.1, 10), st.floats(0.1, 10), batches, structures)
def test_a_constant_moves_the_result_as_its_formula_says(
    slower: float, dearer: float, batch: int, structure: Structure
) -> None:
    slot, port = 123.75e-9, 7.34e-12
    before = estimate(bert(32), IBM._replace(mvm_time=None), batch=batch, structure=structure)
    chip = IBM._replace(mvm_time=None, slot=constant(slot * slower), port_energy=constant(port * dearer))
    after = estimate(bert(32), chip, batch=batch, structure=structure)
    assert after.totals["latency"].value == pytest.approx(slower * before.totals["latency"].value, rel=1e-12)
    # 12,976,128 values: 33,792 a block and token.
    moved = before.totals["energy"].value + 33792 * 12 * 32 * port * (dearer - 1)
    assert after.totals["energy"].value == pytest.approx(moved, rel=1e-9)


def test_sensitivity_is_what_a_new_estimate_gives() -> None:
    found = estimate(bert(32), IBM, batch=4).sensitivity(0.1)
    # Time is proportional to the slot, and power falls with it; the time of a product is hidden in the slot.
    assert found["slot"]["latency"] == pytest.approx(0.1)
    assert found["slot"]["power"] == pytest.approx(1 / 1.1 - 1)
    assert found["slot"]["energy"] == 0
    assert found["mvm_time"]["latency"] == 0
    # 95.24 of 149.60 µJ go through ports, the rest into cells.
    assert found["port_energy"]["energy"] == pytest.approx(0.1 * 95.24 / 149.60, rel=1e-3)
    assert found["cell_energy"]["energy"] == pytest.approx(0.1 * 54.36 / 149.60, rel=1e-3)
    assert found["tile_overhead_area"]["area"] == pytest.approx(0.1 * 0.4233 / (1.2025 + 0.4233), rel=1e-3)
    assert found["tile_overhead_area"]["area_tiles"] == 0
    assert set(found) == {
        "mvm_time", "slot", "cell_energy", "port_energy", "tile_area", "tile_overhead_area",
    }  # fmt: skip


def test_a_figure_is_no_better_founded_than_its_weakest_constant() -> None:
    totals = estimate(bert(32), IBM).totals
    assert totals["energy"].standing == "fitted"
    assert totals["energy"].constants == ("cell_energy", "port_energy")
    better = IBM._replace(port_energy=None, slot=constant(1e-7, "inferred"), mvm_time=None)
    totals = estimate(bert(32), better).totals
    assert (totals["energy"].standing, totals["latency"].standing) == ("secondary", "inferred")
    assert totals["power"].standing == "inferred"


def test_what_a_profile_leaves_open_is_missing_with_a_reason() -> None:
    found = estimate(bert(32), NOTHING)
    assert not found.totals
    assert "time from vector to vector" in found.missing["latency"]
    assert "energy of a product" in found.missing["energy"]
    assert "area of a tile" in found.missing["area"]
    assert found.latency_range is None
    assert found.tiles == 480
    assert terms_of(found, "latency") == ()
    assert all(layer.energy is None for layer in layers_of(found))
    energy_only = estimate(bert(32), NOTHING._replace(cell_energy=constant(1e-14)))
    assert set(energy_only.totals) == {"energy", "efficiency", "tops_per_watt"}


def test_a_product_that_costs_the_whole_tile_is_charged_by_tiles() -> None:
    # 600 x 100 weights on two tiles of 512 x 512, and 3 vectors: 2 · 3 · 512 · 512 weights are charged, not 3 · 60,000.
    layer = StaticMatmul("a", "a", rows=600, cols=100, calls=3)
    chip = NOTHING._replace(slot=constant(1e-7), cell_energy=constant(1e-13))
    used, whole = (
        estimate(Network("two tiles", (layer,)), chip._replace(charged_whole=flag)).totals["energy"].value
        for flag in (False, True)
    )
    assert used == pytest.approx(3 * 600 * 100 * 1e-13)
    assert whole == pytest.approx(2 * 3 * 512 * 512 * 1e-13)


def test_constant_power_is_power_times_time() -> None:
    chip = NOTHING._replace(
        slot=constant(1e-6), tile_power=constant(2e-3), chip_power=constant(0.25), tiles_per_chip=100
    )
    found = estimate(bert(32), chip, batch=4)
    assert found.chips == 5  # 480 tiles on chips of 100
    assert found.totals["power"].value == pytest.approx(480 * 2e-3 + 5 * 0.25, rel=1e-12)
    assert found.totals["energy"].value == pytest.approx(
        found.totals["power"].value * 12 * 4 * 32 * 1e-6 / 4, rel=1e-12
    )
    assert "slot" in found.totals["energy"].constants


def test_efficiency_is_inferences_for_a_joule() -> None:
    totals = estimate(bert(32), IBM, batch=4).totals
    assert totals["efficiency"].value * totals["energy"].value == pytest.approx(1)
    assert totals["throughput"].value == pytest.approx(4 / totals["latency"].value)
    assert totals["efficiency"].value == pytest.approx(totals["throughput"].value / totals["power"].value)


def test_areas_of_whole_chips_count_their_spare_tiles() -> None:
    network = Network("one tile", (StaticMatmul("m", "b", 64, 48, 1),))
    totals = estimate(network, FULL).totals
    assert totals["area_tiles"].value == pytest.approx(0.3e-6)
    assert totals["area"].value == pytest.approx(0.3e-6 + 0.1e-6 + 4e-6)
    assert totals["area_chips"].value == pytest.approx(100 * (0.3e-6 + 0.1e-6) + 4e-6)
    several = estimate(Network("three chips", (StaticMatmul("m", "b", 64, 250 * 48, 1),)), FULL).totals
    assert several["area"].value == pytest.approx(250 * (0.3e-6 + 0.1e-6) + 3 * 4e-6)


def test_a_tile_of_another_size_takes_area_for_its_cells() -> None:
    totals = estimate(bert(32), IBM, tile=TileShape(256, 256))
    # ⌈768/256⌉² = 9 tiles four times, 3 · 12 twice, in 12 blocks; each a quarter of the area.
    assert totals.tiles == 12 * (4 * 9 + 2 * 36)
    assert totals.totals["area_tiles"].value == pytest.approx(1296 / 4 * 1.2025e-6, rel=1e-4)
    assert totals.totals["area_tiles"].standing == "inferred"
    assert estimate(bert(32), FULL).totals["area_tiles"].standing == "published"
    assert estimate(bert(32), FULL, tile=TileShape(9, 9)).totals["area_tiles"].standing == "inferred"
    assert any("not the profile's own" in note for note in notes_of(totals))
