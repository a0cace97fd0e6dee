"""The arithmetic of an estimate, line by line, with the numbers put in by hand."""

from __future__ import annotations

from chips import IBM

from factsheet.crossbar.cost.estimate import estimate
from factsheet.crossbar.cost.explanation import terms_of
from factsheet.networks.operators import Network, StaticMatmul
from factsheet.networks.reference_networks import bert_base as bert


def test_an_interval_is_that_of_the_busiest_tile_where_sequences_follow_each_other() -> None:
    # Each tile of a layer takes one vector for each of 64 tokens, 123.75 ns each: 7.92 µs.
    lines = terms_of(estimate(bert(64), IBM, batch=4, structure="sequence-pipelined"), "interval")
    assert "interval: the busiest tile works on 64 vectors of a sequence · 123.75 ns = 7.92 µs" in lines
    assert lines[-1] == "the longer: 7.92 µs"
    assert not any("digital units" in line for line in lines)  # the profile has no rate of theirs


def test_an_interval_is_a_share_of_the_run_otherwise() -> None:
    # 12 layers · 4 sequences · 64 tokens · 123.75 ns = 380.16 µs, for four.
    lines = terms_of(estimate(bert(64), IBM, batch=4), "interval")
    assert "latency / batch = 0.38016 ms / 4 = 95.04 µs" in lines


def test_time_and_energy_of_a_layer_are_products_of_counts_and_constants() -> None:
    # 1,000 vectors of 123.75 ns. 400 · 100 weights for each take 20 fJ, 400 + 100 values 7.34 pJ: 0.8 and 3.67 µJ.
    found = estimate(Network("one layer", (StaticMatmul("m", "b", 400, 100, 1000),)), IBM)
    latency, energy = terms_of(found, "latency"), terms_of(found, "energy")
    assert "b: 1,000 vectors · 123.75 ns = 0.12375 ms" in latency
    assert latency[-1] == "sum: 0.12375 ms"
    assert "40,000,000 weights used · 20 fJ = 800 nJ" in energy
    assert "500,000 values in and out · 7.34 pJ = 3.67 µJ" in energy
    assert energy[-1] == "sum: 4.47 µJ for one inference"
