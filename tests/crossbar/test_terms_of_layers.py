"""What is written out of an estimate, block by block, on small networks whose every number is worked out beside it."""

from __future__ import annotations

import pytest
from chips import FULL, IBM, NOTHING, constant

from factsheet.crossbar.cost.estimate import Estimate, estimate
from factsheet.crossbar.cost.explanation import notes_of, terms_of
from factsheet.networks.operators import Elementwise, Network, StaticMatmul

BLOCKS = (
    *(StaticMatmul("m.0.a", "m.0", 100, 60, 1000), Elementwise("m.0.r", "m.0", "activation", 6000)),
    *(StaticMatmul("m.1.a", "m.1", 100, 60, 1000), Elementwise("m.1.r", "m.1", "activation", 6000)),
)
LAST = StaticMatmul("c", "c", 40, 40, 10, bias=True)
NETWORK = Network("two blocks and a layer", (*BLOCKS, LAST))
TILES_ALONE = NOTHING._replace(
    slot=constant(1e-7), mvm_time=constant(1e-7), tile_area=constant(1e-6), cell_energy=constant(1e-15)
)


def sequential(chip: object, batch: int = 3) -> Estimate:
    return estimate(NETWORK, chip, batch=batch, structure="sequential")  # type: ignore[arg-type]


def test_layers_that_are_alike_are_written_once_with_all_that_they_take() -> None:
    # On tiles of 64 x 48, 100 x 60 weights are 2 x 2 tiles, so that each input enters two and each output leaves two:
    # 1,000 · (6,000 · 30 fJ + 320 · 2 pJ) = 0.18 + 0.64 µJ. 6,000 operations of 0.2 pJ are 1.2 nJ. 4 tiles of 1 mW over
    # a third of 0.90454 ms take 1.206 µJ. The bias of the last layer is 10 · 40 additions.
    lines = terms_of(sequential(FULL), "energy")
    start = lines.index("m.0 to m.1, 2 alike, each:")
    assert lines[start:] == (
        "m.0 to m.1, 2 alike, each:",
        "  a: 1,000 vectors · (100 · 60 weights, 100 · 2 + 60 · 2 values) = 820 nJ",
        "  digital: 6,000 operations = 1.2 nJ",
        "  4 tiles, all the time: 1.206 µJ",
        "  together 2.0272 µJ",
        "c",
        "  c: 10 vectors · (40 · 40 weights, 40 · 1 + 40 · 1 values) = 2.08 nJ",
        "  digital: 400 operations = 80 pJ",
        "  1 tiles, all the time: 301.51 nJ",
        "  together 303.67 nJ",
        # 2 · 6,000 · 1,000 + 1,600 · 10; 2 · 320 · 1,000 + 80 · 10; 2 · 6,000 + 400.
        "12,016,000 weights used · 30 fJ = 360.48 nJ",
        "640,800 values in and out · 2 pJ = 1.2816 µJ",
        "12,400 digital operations · 200 fJ = 2.48 nJ",
        # 0.5 W + 9 · 1 mW.
        "9 tiles on 1 chip, together 509 mW · 0.90454 ms / 3 = 153.5 µJ",
        "sum: 155.11 µJ for one inference",
    )


def test_time_of_one_layer_after_the_other() -> None:
    # 2 · 1,000 + 10 vectors of 150 ns, and 12,400 operations at 1 TOPS: 301.5124 µJ each, three times.
    lines = terms_of(sequential(FULL), "latency")
    assert lines[:3] == (
        "slot, from vector to vector: 100 ns (published)",
        "time of a product: 150 ns (published)",
        "digital operations of a chip: 1 TOPS (published)",
    )
    assert lines[-1] == "3 · (2,010 · 150 ns + 12.4 ns) = 0.90454 ms"


def test_time_of_a_pipeline() -> None:
    # The first sequence takes 1,000 slots and the 50 ns that a product takes longer; two more follow every 0.1 ms.
    lines = terms_of(estimate(NETWORK, FULL, batch=3, structure="sequence-pipelined"), "latency")
    assert lines[3:] == (
        "sum over stages of the first sequence's time + (batch - 1) · interval",
        "m.0 to c: 1,000 vectors · 100 ns + 1 · 50 ns that a product takes longer = 0.10005 ms",
        "interval: the busiest tile works on 1,000 vectors of a sequence · 100 ns = 0.1 ms",
        "digital units: 12.4 ns a sequence",
        "the longer: 0.1 ms",
        "0.10005 ms + (3 - 1) · 0.1 ms",
        "sum: 0.30005 ms",
    )


def test_quotients_and_areas() -> None:
    found = sequential(FULL)
    assert terms_of(found, "throughput") == ("batch / latency = 3 / 0.90454 ms = 3,316.6 inferences/s",)
    # 509 mW all the time, and 1.64456 µJ · 3 / 0.9045372 ms.
    assert terms_of(found, "power") == ("energy · batch / latency = 155.11 µJ · 3 / 0.90454 ms = 514.45 mW",)
    # 9 · 0.4 mm² + 4 mm².
    assert terms_of(found, "area")[-1].endswith("area of a chip apart from its tiles = 7.6 mm²")
    assert terms_of(sequential(TILES_ALONE), "area")[-1] == "3 tiles · tile area = 3 mm²"
    assert terms_of(sequential(IBM), "area")[-1] == "3 tiles · (tile area + overhead) = 4.8774 mm²"


def test_energy_of_a_profile_that_charges_less() -> None:
    # 1,000 · (6,000 · 20 fJ + 160 · 7.34 pJ): one tile of 512 x 512 holds a matrix.
    lines = terms_of(sequential(IBM), "energy")
    assert lines[2:] == (
        "m.0 to m.1, 2 alike, each:",
        "  a: 1,000 vectors · (100 · 60 weights, 100 · 1 + 60 · 1 values) = 1.2944 µJ",
        "  together 1.2944 µJ",
        "c",
        "  c: 10 vectors · (40 · 40 weights, 40 · 1 + 40 · 1 values) = 6.192 nJ",
        "  together 6.192 nJ",
        "12,016,000 weights used · 20 fJ = 240.32 nJ",
        "320,800 values in and out · 7.34 pJ = 2.3547 µJ",
        "sum: 2.595 µJ for one inference",
    )
    alone = terms_of(sequential(TILES_ALONE), "energy")
    assert "  a: 1,000 vectors · 100 · 60 weights = 6 nJ" in alone
    assert "sum: 12.016 nJ for one inference" in alone


def test_several_matrices_are_counted() -> None:
    layer = StaticMatmul("m", "b", 40, 40, 10, matrices=4, active=2)
    lines = terms_of(estimate(Network("n", (layer,)), FULL), "energy")
    # 10 · 2 · (1,600 · 30 fJ + 80 · 2 pJ) = 4.16 nJ.
    assert "  m: 10 vectors · 2 matrices · (40 · 40 weights, 40 · 1 + 40 · 1 values) = 4.16 nJ" in lines


RATE = "digital units are taken to keep up with the tiles: the profile gives no rate of theirs"
CHARGE = "digital operations are not charged apart: the profile gives no energy of theirs"
VALUES = "values into and out of tiles are not charged apart: the profile gives no energy of theirs"
AREA = "the area is that of tiles: the profile gives none of what else there is"


@pytest.mark.parametrize(
    ("chip", "held"),
    [(FULL, ()), (IBM, (RATE, CHARGE)), (TILES_ALONE, (RATE, CHARGE, VALUES, AREA))],
    ids=["full", "ibm", "tiles alone"],
)
def test_notes_say_what_the_profile_leaves_open(chip: object, held: tuple[str, ...]) -> None:
    notes = notes_of(sequential(chip))
    assert notes[0] == ("sequential: one layer works on one vector at a time, and digital units only between")
    assert tuple(note for note in notes if note in {RATE, CHARGE, VALUES, AREA}) == held
    # Not a word of what this network has not.
    assert not [note for note in notes if "experts" in note or "copies" in note or "two sequences" in note]


def test_notes_say_what_the_network_brings() -> None:
    experts = StaticMatmul("m", "b", 40, 40, 10, matrices=4, active=2, kind="experts")
    found = estimate(Network("n", (experts,)), FULL)
    assert (
        "a layer of experts takes one vector a slot, however many it has: routing may not be even"
        in notes_of(found)
    )
