"""What sets the time of a stage, and what a chip's every constant adds to a line, on networks of a few layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chips import FULL, NOTHING, constant

from factsheet.crossbar.cost.demand import values_of_matrix
from factsheet.crossbar.cost.estimate import estimate
from factsheet.crossbar.cost.explanation import notes_of, terms_of
from factsheet.crossbar.cost.grid import estimate_grid
from factsheet.crossbar.cost.grid_arrays import GridAxes
from factsheet.crossbar.cost.layers import layers_of
from factsheet.crossbar.mapping import TileShape
from factsheet.networks.operators import Elementwise, Network, StaticMatmul

if TYPE_CHECKING:
    from factsheet.hardware.constants import ChipConstants

TRANSPORTED = FULL._replace(transport_time=constant(70e-9))
WEIGHTS = "1 tile · 64 · 48 weights, used or not"
DEEP = "a stage takes at least the time of the matrices that one vector passes one after the other"


def block(calls: int, matrices: int = 3, rows: int = 40) -> Network:
    """Return a network of one block whose matrices follow each other."""
    return Network(
        "a block", tuple(StaticMatmul(f"b.{name}", "b", rows, 40, calls) for name in "abcdef"[:matrices])
    )


@pytest.mark.parametrize(
    ("network", "chip", "batch", "line", "deep"),
    [
        # Three products of 150 ns for a vector, and two more vectors a slot of 100 ns each: 450 + 200 = 650 ns.
        (
            block(1),
            FULL,
            3,
            "b: 3 matrices one after the other · 150 ns = 450 ns, and 2 · 100 ns: 650 ns",
            True,
        ),
        # 150 + 70 ns until a result is where it is needed.
        (
            block(1),
            TRANSPORTED,
            3,
            "b: 3 matrices one after the other · 220 ns = 660 ns, and 2 · 100 ns: 860 ns",
            True,
        ),
        # Three vectors pass a layer in 3 · 100 + 120 = 420 ns, and one the three matrices in 660 ns.
        (block(3), TRANSPORTED, 1, "b: 3 matrices one after the other · 220 ns = 660 ns", True),
        # Six: 6 · 100 + 120 = 720 ns, which is longer.
        (
            block(6),
            TRANSPORTED,
            1,
            "b: 6 vectors · 100 ns + 1 · 120 ns that a product takes longer = 720 ns",
            False,
        ),
        # A single matrix and vector take 150 ns either way.
        (
            block(1, 1),
            FULL,
            1,
            "b: 1 vectors · 100 ns + 1 · 50 ns that a product takes longer = 150 ns",
            False,
        ),
        (block(1, 1), FULL._replace(mvm_time=constant(100e-9)), 1, "b: 1 vectors · 100 ns = 100 ns", False),
        # 10^6 operations at 10^12 a second take a microsecond, for one and for each further one.
        (
            Network("n", (*block(1, 1).operators, Elementwise("b.r", "b", "activation", 10**6))),
            FULL,
            2,
            "b: 1,000,000 digital operations at their rate = 1 µs, and 1 · 1 µs: 2 µs",
            False,
        ),
    ],
)
def test_what_sets_the_time_of_a_stage(
    network: Network, chip: ChipConstants, batch: int, line: str, deep: bool
) -> None:
    found = estimate(network, chip, batch=batch)
    assert terms_of(found, "latency")[-2] == line
    assert (DEEP in notes_of(found)) is deep


def test_a_value_out_and_a_whole_tile_may_be_charged() -> None:
    chip = FULL._replace(output_energy=constant(5e-12), charged_whole=True)
    lines = terms_of(estimate(Network("n", (StaticMatmul("a", "a", 40, 40, 10),)), chip), "energy")
    # 10 · 64 · 48 · 30 fJ = 921.6 pJ; 10 · 40 · 2 pJ = 800 pJ; 10 · 40 · 5 pJ = 2 nJ. A tile of 1 mW over the 1.05 µs
    # of ten vectors is 1.05 nJ, with the chip's 0.5 W 526.05 nJ.
    assert lines[lines.index("a") :] == (
        "a",
        f"  a: 10 vectors · ({WEIGHTS}, 40 · 1 values in, and 40 · 1 values out) = 3.7216 nJ",
        "  1 tiles, all the time: 1.05 nJ",
        "  together 4.7716 nJ",
        "30,720 weights of tiles that vectors pass, used or not · 30 fJ = 921.6 pJ",
        "400 values in · 2 pJ = 800 pJ",
        "400 values out · 5 pJ = 2 nJ",
        "0 digital operations · 200 fJ = 0 J",
        "1 tile on 1 chip, together 501 mW · 1.05 µs / 1 = 526 nJ",
        "sum: 529.77 nJ for one inference",
    )


def test_chips_are_counted_where_there_are_several() -> None:
    # 640 x 480 weights are 10 · 10 tiles of 64 x 48: two matrices fill two chips of 100, of 0.4 mm² a tile and 4 mm².
    network = Network("n", tuple(StaticMatmul(name, name, 640, 480, 10) for name in ("a", "b")))
    found = estimate(network, FULL)
    assert (
        terms_of(found, "area_chips")[-1]
        == "2 chips · 100 tiles · (tile area + overhead) + 2 chips · area of a chip apart from its tiles = 88 mm²"
    )
    assert "the network is on 2 chips; what links them takes no time and no energy" in notes_of(found)
    one = estimate(Network("n", network.operators[:1]), FULL)
    assert not [note for note in notes_of(one) if note.startswith("the network is on")]


def test_a_digital_layer_has_nothing_of_tiles() -> None:
    network = Network("n", (*block(1, 1).operators, Elementwise("b.r", "b", "activation", 500)))
    (layer,) = (layer for layer in layers_of(estimate(network, FULL)) if layer.on == "digital")
    assert (layer.tiles, layer.copies, layer.macs, layer.vectors, layer.digital_ops) == (0, 0, 0, 0, 500)
    # 500 · 0.2 pJ, and 500 at 10^12 a second.
    assert (layer.cells, layer.ports, layer.standby, layer.fill) == (0.0, 0.0, 0.0, 0.0)
    assert layer.digital == pytest.approx(100e-12)
    assert layer.time == pytest.approx(500e-12)
    # Without any energy in the profile nothing is charged; without a rate there is no time.
    timed = NOTHING._replace(slot=constant(1e-7), mvm_time=constant(1e-7))
    (bare,) = (layer for layer in layers_of(estimate(network, timed)) if layer.on == "digital")
    assert (bare.cells, bare.ports, bare.digital, bare.standby, bare.time) == (None, None, None, None, None)


def test_matrices_as_tall_as_a_tile_share_one() -> None:
    # Two of 64 x 24 fill a tile of 64 x 48; two of 65 rows take two tiles each.
    for rows, tiles in ((64, 1), (65, 4)):
        network = Network("n", tuple(StaticMatmul(name, name, rows, 24, 10) for name in ("a", "b")))
        found = estimate(network, FULL, packing="dense")
        assert found.tiles == tiles
        assert ("matrices that share a tile are read one after the other" in notes_of(found)) is (tiles == 1)


@pytest.mark.parametrize(
    ("copies", "words"), [(("a",), "1 stored matrix has"), (("a", "b"), "2 stored matrices have")]
)
def test_copies_are_said(copies: tuple[str, ...], words: str) -> None:
    network = Network("n", tuple(StaticMatmul(name, name, 40, 24, 10) for name in ("a", "b")))
    found = estimate(network, FULL, copies=dict.fromkeys(copies, 2))
    assert f"{words} copies, which share the vectors" in notes_of(found)


def test_values_of_a_matrix_by_its_tiles() -> None:
    # 65 x 49 on tiles of 64 x 48 are 2 x 2: each value goes into two tiles, and comes out of two.
    assert values_of_matrix(65, 49, TileShape(64, 48)) == (130, 98)
    assert values_of_matrix(64, 48, TileShape(64, 48)) == (64, 48)


def test_two_pieces_make_up_a_grid_as_one_does() -> None:
    axes = GridAxes(seq_lens=(1, 2), batches=(1, 2), tiles=(None, TileShape(32, 32)), chips=(FULL,))
    whole, halves = (estimate_grid(block, axes, most_points=most) for most in (8, 4))
    for name, figures in whole.figures.items():
        assert figures.shape == (2, 2, 2, 1)
        assert (figures == halves.figures[name]).all(), name
    assert halves.constants == whole.constants
    # The time of the second sequence length and batch, on the chip's own tiles: 2 vectors, 450 + 1 · 200 ns.
    assert halves.figures["latency"][1, 1, 0, 0] == pytest.approx(650e-9)
