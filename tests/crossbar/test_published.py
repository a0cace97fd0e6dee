"""The cost model against published results, with the arithmetic that leads to them."""

from __future__ import annotations

import pytest
from chips import HERMES, IBM, constant

from factsheet.crossbar.cost.estimate import estimate
from factsheet.networks.operators import Network, StaticMatmul
from factsheet.networks.reference_networks import bert_base as bert
from factsheet.networks.reference_networks import resnet32

SLOT = 123.75e-9


def test_resnet32_takes_what_its_constants_were_fitted_on() -> None:
    # AnalogNAS (arXiv:2305.10459), table IV: 43 tiles, 0.434 ms, 43,956.7 inferences/s/W.
    found = estimate(resnet32(), IBM)
    assert found.tiles == 43
    # The slowest layers see 32 · 32 positions. Filling: half a window is one row and one position; 11 layers of
    # 32 x 32 positions, 10 of 16 x 16, each of which takes 4 of the slowest, 10 of 8 x 8, each of which takes 16.
    slots = 1024 + 11 * (32 + 1) * 1 + 10 * (16 + 1) * 4 + 10 * (8 + 1) * 16
    assert slots == 3507
    assert found.totals["latency"].value == pytest.approx(slots * SLOT, rel=1e-12)
    assert found.totals["latency"].value == pytest.approx(0.434e-3, rel=1e-3)
    assert found.totals["efficiency"].value == pytest.approx(43_956.7, rel=1e-3)


def test_bert_follows_from_what_was_fitted_on_resnet32() -> None:
    found = estimate(bert(32), IBM, batch=4)
    assert found.totals["latency"].value == pytest.approx(12 * 4 * 32 * SLOT, rel=1e-12)
    # 84,934,656 weights and 32 tokens at 2 operations and 100 TOPS/W.
    cells = 84_934_656 * 32 * 2 / 100e12
    # A matrix of 768 x 768 lies on 2 x 2 tiles: 768 inputs go to 2, and 2 give partial sums of each of 768 outputs.
    square, wide = 768 * 2 + 768 * 2, 768 * 6 + 3072 * 2
    ports = (4 * square + 2 * wide) * 12 * 32 * 7.34e-12
    split = found.figures.split
    assert split is not None
    assert (split.cells, split.ports) == pytest.approx((cells, ports), rel=1e-12)
    assert found.totals["energy"].value == pytest.approx(cells + ports, rel=1e-12)
    power = 4 * (cells + ports) / (12 * 4 * 32 * SLOT)
    assert found.totals["power"].value == pytest.approx(power, rel=1e-12)


def test_bert_comes_close_to_its_published_sheet() -> None:
    # BERT FactSheet: 0.19 ms at SL 32, 3.13 W, 6589 inferences/s/W.
    # They agree at batch 4: 4 / (6589 · 3.13 W) = 0.194 ms.
    totals = estimate(bert(32), IBM, batch=4).totals
    assert totals["efficiency"].value == pytest.approx(6589, rel=0.02)
    assert totals["latency"].value == pytest.approx(0.194e-3, rel=0.03)
    assert totals["power"].value == pytest.approx(3.13, rel=0.02)


def test_the_area_of_bert_is_what_was_fitted_and_that_of_tiles_is_not() -> None:
    totals = estimate(bert(32), IBM, batch=4).totals
    assert totals["area"].value == pytest.approx(780.4e-6, rel=1e-4)
    assert totals["area"].standing == "fitted"
    # 480 · 2 · 512 · 512 / 40 ns / 10.9 TOPS/mm²
    assert totals["area_tiles"].value == pytest.approx(577.2e-6, rel=1e-4)
    assert totals["area_tiles"].standing == "inferred"


def test_one_vector_on_one_full_tile_takes_the_time_and_energy_of_a_product() -> None:
    network = Network("one product", (StaticMatmul("m", "b", 256, 256, 1),))
    found = estimate(network, HERMES)
    # One of 64 cores: 63.1 TOPS at 9.76 TOPS/W are 132.9 ns and 13.43 nJ for 2 · 256 · 256 operations.
    assert found.totals["latency"].value == pytest.approx(132.9e-9, rel=1e-3)
    assert found.totals["energy"].value == pytest.approx(13.43e-9, rel=1e-3)
    assert found.tiles == 1
    for time in found.latencies.values():
        assert time == pytest.approx(132.9e-9, rel=1e-3)


def test_a_product_that_takes_longer_than_its_slot_is_waited_for_once() -> None:
    # ISAAC overlaps conversion with the next vector: a result then comes later than one slot.
    slow = HERMES._replace(slot=constant(100e-9), mvm_time=constant(130e-9))
    vectors = Network("products", (StaticMatmul("m", "b", 256, 256, 10),))
    assert estimate(vectors, slow).totals["latency"].value == pytest.approx(9 * 100e-9 + 130e-9)
    assert estimate(vectors, slow, structure="sequential").totals["latency"].value == pytest.approx(
        10 * 130e-9
    )
