"""Networks that a chip treats in a special way, with times and energies worked out by hand; and what is refused."""

from __future__ import annotations

import math

import pytest
from chips import FULL, HERMES, IBM, NOTHING, constant

from factsheet.crossbar.cost.estimate import estimate
from factsheet.crossbar.cost.explanation import notes_of, terms_of
from factsheet.crossbar.cost.layers import layers_of
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import CostError, DoesNotFitError
from factsheet.networks.counting import convention_named
from factsheet.networks.families.decoder import DecoderShape, decoder_operators
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.networks.families.recurrent import RecurrentShape, recurrent_operators
from factsheet.networks.family import Run
from factsheet.networks.operators import DynamicMatmul, Elementwise, Network, Operator, StaticMatmul
from factsheet.networks.reference_networks import bert_base as bert

SLOT = 100e-9
CHIP = NOTHING._replace(slot=constant(SLOT), cell_energy=constant(1e-14))
ALBERT = EncoderShape(12, 768, 12, 3072, embedding_size=128, shared_layers=True)  # Lan et al. 2020, base
MIXTURE = DecoderShape(2, 64, 4, 96, gated_mlp=True, experts=8, active_experts=2)


def time_of(network: Network, batch: int = 1) -> dict[str, float]:
    """Slots under each structure."""
    return {name: time / SLOT for name, time in estimate(network, CHIP, batch=batch).latencies.items()}


def test_tiles_that_all_layers_share_can_not_work_on_two_sequences() -> None:
    # One set of tiles serves 12 layers: each sequence occupies it for 12 · SL slots, so nothing is gained.
    slots = time_of(ENCODER.network(ALBERT, 128), batch=5)
    assert slots["batch-synchronous"] == pytest.approx(12 * 5 * 128)
    assert slots["sequence-pipelined"] == pytest.approx(12 * 5 * 128)
    found = estimate(ENCODER.network(ALBERT, 128), CHIP, batch=5, structure="sequence-pipelined")
    assert any("two sequences at once" in note for note in notes_of(found))
    # Four of 768 x 768 on 2 x 2 tiles, two of 768 x 3072 on 2 x 6, one of 128 x 768 on 1 x 2, once.
    assert found.tiles == 4 * 4 + 2 * 12 + 2


def test_a_matrix_used_twice_in_one_stage_is_occupied_twice() -> None:
    nodes = (StaticMatmul("a", "x", 8, 8, 10, stored_as="w"), StaticMatmul("b", "x", 8, 8, 10, stored_as="w"))
    assert time_of(Network("tied", nodes))["batch-synchronous"] == pytest.approx(20)


def test_a_decode_step_passes_one_vector_through_every_matrix() -> None:
    # One token: query, key and value at once, output, up, down; 4 products one after the other in each of 3 blocks.
    shape = DecoderShape(3, 64, 4, 256)
    network = Network("decoder", decoder_operators(shape, Run(cache_length=100)))
    slots = time_of(network, batch=2)
    assert slots["batch-synchronous"] == pytest.approx(3 * (4 + 1))
    assert slots["sequence-pipelined"] == pytest.approx(3 * 4 + 1)
    assert slots["sequential"] == pytest.approx(3 * 6 * 2)
    found = estimate(network, CHIP)
    assert found.totals["energy"].value == pytest.approx(3 * (4 * 64 * 64 + 2 * 64 * 256) * 1e-14)
    assert any("one after the other" in note for note in notes_of(found))


def test_a_longer_cache_costs_digital_work_alone() -> None:
    chip = CHIP._replace(digital_energy=constant(1e-13))
    short, long = (
        estimate(
            Network("decoder", decoder_operators(DecoderShape(3, 64, 4, 256), Run(cache_length=n))), chip
        )
        for n in (100, 1000)
    )
    assert (long.figures.split or math.nan).cells == (short.figures.split or math.nan).cells  # type: ignore[union-attr]
    # 900 keys more: two products of 64 MACs at 2 ops, and a softmax of 5 ops for each of 4 heads, in 3 layers.
    more = 3 * 900 * (2 * 64 * 2 + 4 * 5)
    assert long.totals["energy"].value - short.totals["energy"].value == pytest.approx(more * 1e-13, rel=1e-6)


def test_experts_lie_on_tiles_all_and_work_a_few() -> None:
    network = Network("mixture", decoder_operators(MIXTURE, Run(16)))
    found = estimate(network, CHIP._replace(port_energy=constant(1e-12)))
    attention, expert = 4 * 64 * 64, 3 * 64 * 96
    assert found.tiles == 2 * (4 + 8 * 3)
    assert found.demand.macs == 2 * 16 * (attention + 2 * expert)
    # In and out of each matrix once, since each fits into one tile: 128 values of a square one, 160 of an expert's.
    assert found.demand.inputs + found.demand.outputs == 2 * 16 * (4 * 128 + 2 * 3 * 160)
    assert any("experts" in note for note in notes_of(found))


def test_digital_work_hides_behind_tiles_until_it_takes_longer() -> None:
    # 1000 operations a sequence against 10 slots of 100 ns.
    network = Network("both", (StaticMatmul("m", "b", 8, 8, 10), Elementwise("e", "b", "other", 1000)))
    fast, slow = (CHIP._replace(digital_rate=constant(rate)) for rate in (2e9, 0.5e9))
    hidden = estimate(network, fast, batch=3)
    assert hidden.totals["latency"].value == pytest.approx(3 * 10 * SLOT)
    shown = estimate(network, slow, batch=3)
    assert shown.totals["latency"].value == pytest.approx(3 * 1000 / 0.5e9)
    free = estimate(network, slow._replace(digital_rate=None), batch=3)
    assert free.totals["latency"].value == pytest.approx(3 * 10 * SLOT)
    assert "digital_rate" in shown.totals["latency"].constants
    alone = estimate(network, fast, batch=3, structure="sequential")
    assert alone.totals["latency"].value == pytest.approx(3 * (10 * SLOT + 1000 / 2e9))


def test_digital_units_of_several_stages_are_the_same_units() -> None:
    # Two blocks with attention, each 10 slots of tiles and 8 of digital work: while both are at work, digital units
    # have 16 slots of work for every sequence.
    blocks = tuple(
        operator
        for i in range(2)
        for operator in (
            StaticMatmul(f"{i}.m", f"{i}", 8, 8, 10),
            DynamicMatmul(f"{i}.scores", f"{i}", 1, 20, 1, 20),
        )
    )
    chip = CHIP._replace(digital_rate=constant(800 / (8 * SLOT)))
    found = estimate(Network("two", blocks), chip, batch=5).latencies
    assert found["batch-synchronous"] == pytest.approx(2 * 5 * 10 * SLOT)
    assert found["sequence-pipelined"] == pytest.approx((2 * 10 + 4 * 16) * SLOT)


def test_digital_operations_are_charged_as_the_convention_counts_them() -> None:
    network = Network("both", (StaticMatmul("m", "b", 8, 8, 10), Elementwise("e", "b", "softmax", 1000)))
    chip = CHIP._replace(digital_energy=constant(1e-12))
    for name, ops in (("consistent", 5000), ("one-op-per-element", 1000), ("matmul-only", 0)):
        found = estimate(network, chip, convention=convention_named(name))
        assert found.demand.digital_ops == ops
        assert found.figures.split is not None
        assert found.figures.split.digital == pytest.approx(ops * 1e-12)


def test_a_recurrent_layer_waits_for_each_product() -> None:
    # A step begins when the one before is done, 300 ns later; another sequence can use the tiles in between.
    network = Network("lstm", recurrent_operators(RecurrentShape("lstm", 16, 16, 1), 20))
    chip = CHIP._replace(mvm_time=constant(300e-9))
    assert estimate(network, chip).totals["latency"].value == pytest.approx(20 * 300e-9)
    assert estimate(network, chip, batch=3).totals["latency"].value == pytest.approx(
        20 * 300e-9 + 2 * 20 * SLOT
    )
    # The matrices of input and state work at the same time.
    once = Network("one step", recurrent_operators(RecurrentShape("lstm", 16, 16, 1), 1))
    assert estimate(once, chip).totals["latency"].value == pytest.approx(300e-9)


@pytest.mark.parametrize(("every_step", "head"), [(False, 300e-9), (True, 19 * SLOT + 300e-9)])
def test_layers_that_run_both_ways_wait_for_each_other(every_step: bool, head: float) -> None:
    # Its last vector is the first that the other direction needs (Schuster and Paliwal 1997): 2 layers of 20 steps.
    shape = RecurrentShape("lstm", 16, 16, 2, bidirectional=True, outputs=4, every_step=every_step)
    network = Network("lstm", recurrent_operators(shape, 20))
    chip = CHIP._replace(mvm_time=constant(300e-9))
    found = estimate(network, chip)
    assert found.totals["latency"].value == pytest.approx(2 * 20 * 300e-9 + head)
    assert any("both directions" in note for note in notes_of(found))
    # The same by the names of torch, and with both directions in one node, as in ONNX.
    renamed = {
        "weight_ih_l{}": "layer.{}.forward.input",
        "weight_hh_l{}": "layer.{}.forward.state",
        "weight_ih_l{}_reverse": "layer.{}.backward.input",
        "weight_hh_l{}_reverse": "layer.{}.backward.state",
    }
    of_torch = {
        ours.format(at): f"rnn.{theirs.format(at)}" for theirs, ours in renamed.items() for at in (0, 1)
    }
    as_torch = tuple(
        one._replace(name=of_torch.get(one.name, one.name), block="rnn" if one.name in of_torch else "head")
        for one in network.static
    )
    as_onnx = tuple(
        StaticMatmul(f"rnn.LSTM_{at}{which}", "rnn", rows, 64, 20, matrices=2, kind="recurrent")
        for at in (0, 1)
        for which, rows in (("", 16 * (1 + at)), ("@2", 16))
    )
    for operators in (as_torch, (*as_onnx, network.static[-1])):
        other = estimate(Network("other", operators), chip)
        assert other.totals["latency"].value == found.totals["latency"].value
        assert len(other.stages) == 3


def test_a_perceptron_takes_as_many_products_as_it_has_layers() -> None:
    layers = tuple(StaticMatmul(f"layer.{i}.dense", f"layer.{i}", 100, 100, 1) for i in range(4))
    network = Network("perceptron", layers)
    assert time_of(network)["batch-synchronous"] == pytest.approx(4)
    slow = CHIP._replace(mvm_time=constant(3 * SLOT))
    assert estimate(network, slow).totals["latency"].value == pytest.approx(4 * 3 * SLOT)


def test_a_stage_of_digital_work_alone_waits_for_no_product() -> None:
    chip = CHIP._replace(mvm_time=constant(3 * SLOT))
    alone = Network("alone", (StaticMatmul("0.m", "0", 8, 8, 10), DynamicMatmul("0.s", "0", 1, 9, 9, 9)))
    more = Network("more", (*alone.operators, DynamicMatmul("1.s", "1", 1, 9, 9, 9)))
    assert len(estimate(more, chip).stages) == 2
    assert estimate(more, chip).totals["latency"].value == estimate(alone, chip).totals["latency"].value


def test_a_network_too_large_for_a_chip_takes_several() -> None:
    # 12 · (4 · 9 + 2 · 36) tiles of 256 x 256, on chips of 64.
    found = estimate(bert(32), HERMES)
    assert (found.tiles, found.chips) == (1296, 21)
    assert any("21 chips" in note for note in notes_of(found))
    assert estimate(bert(32), HERMES, chips=21).chips == 21
    # Four times the cells in a tile, a quarter of the tiles on a chip: 480 of 16.
    assert estimate(bert(32), HERMES, tile=TileShape(512, 512)).chips == 30
    assert estimate(bert(32), HERMES, tile=TileShape(4096, 4096)).chips == 72


def test_digital_units_of_several_chips_share_the_work() -> None:
    chip = HERMES._replace(digital_rate=constant(1e9))
    found = estimate(bert(32), chip, structure="sequential")
    products = found.demand.vectors * 64 * 2 * 65536 / 63.1e12
    assert found.totals["latency"].value == pytest.approx(products + found.demand.digital_ops / 21e9)
    digital = [layer for layer in layers_of(found) if layer.on == "digital"]
    assert digital[0].time == pytest.approx(digital[0].digital_ops / 21e9)


def test_what_does_not_fit_says_what_stays_out() -> None:
    with pytest.raises(DoesNotFitError) as error:
        estimate(bert(32), HERMES, chips=1)
    assert (error.value.tiles, error.value.available) == (1296, 64)
    # 9 tiles each for query, key, value and output, and no 36 for what follows; the next block's query to output fit.
    assert error.value.left_out[:2] == ("layer.0.intermediate", "layer.0.output")
    assert "layer.1.query" not in error.value.left_out
    assert "1,296 tiles" in str(error.value)
    assert "allow 21 chips" in error.value.diagnostics()


@pytest.mark.parametrize("batch", [0, -1, 1.5, True, "4"])
def test_a_batch_that_is_none_is_refused(batch: object) -> None:
    with pytest.raises(CostError, match="a batch of") as error:
        estimate(bert(32), IBM, batch=batch)  # type: ignore[arg-type]
    assert error.value.help == "give a whole number from 1 up"


def test_what_can_not_be_estimated_is_refused() -> None:
    matrix = StaticMatmul("m", "b", 8, 8, 10)
    for network, arguments, words in (
        (Network("empty", ()), {}, "nothing of the network is on tiles"),
        (Network("digital", (matrix._replace(on="digital"),)), {}, "nothing of the network is on tiles"),
        (Network("weights", (matrix._replace(calls=0),)), {}, "how many input vectors"),
        (Network("one", (matrix,)), {"structure": "at once"}, "no execution structure `at once`"),
        (Network("one", (matrix,)), {"packing": "dense"}, "cannot share a tile"),
        (Network("one", (matrix,)), {"copies": {"n": 2}}, "n is the name of no weights"),
        (Network("one", (matrix,)), {"copies": {"m": 0}}, "0 copies of m"),
        (Network("rnn", (matrix._replace(kind="recurrent"),)), {"copies": {"m": 2}}, "recurrent layer"),
    ):
        with pytest.raises(CostError, match=words):
            estimate(network, IBM, **arguments)


def test_numbers_beyond_what_whole_numbers_of_64_bits_hold() -> None:
    side, calls = 512 * 10**4, 10**15
    found = estimate(Network("huge", (StaticMatmul("m", "b", side, side, calls),)), IBM, batch=10**15)
    assert found.demand.macs == side * side * calls
    assert found.tiles == (side // 512) ** 2
    assert found.totals["latency"].value == pytest.approx(calls * 1e15 * 123.75e-9)


def test_numbers_beyond_floating_point_are_refused() -> None:
    with pytest.raises(CostError, match="beyond every number"):
        estimate(bert(32), IBM, batch=10**320)


def test_the_terms_of_a_figure_lead_to_it() -> None:
    found = estimate(bert(32), IBM, batch=4)
    lines = terms_of(found, "latency")
    assert any(
        "32 vectors · 123.75 ns = 3.96 µs, and 3 · 3.96 µs: 15.84 µs; 10 · 15.84" in line for line in lines
    )
    assert lines[-1] == "sum: 0.19008 ms"
    assert terms_of(found, "energy")[-3:] == (
        "2,717,908,992 weights used · 20 fJ = 54.358 µJ",
        "12,976,128 values in and out · 7.34 pJ = 95.245 µJ",
        "sum: 149.6 µJ for one inference",
    )
    assert "layer.0 to layer.11, 12 alike, each:" in terms_of(found, "energy")
    # 3072 values at 7.34 pJ and 768² weights at 20 fJ, for each of 32 vectors.
    line = "  query: 32 vectors · (768 · 768 weights, 768 · 2 + 768 · 2 values) = 1.099 µJ"
    query_j = 32 * (768**2 * 20e-15 + 3072 * 7.34e-12)
    assert query_j == pytest.approx(1.099e-6, rel=1e-3)
    assert line in terms_of(found, "energy")
    for name in found.totals:
        assert terms_of(found, name), name
    full = estimate(bert(32), FULL, batch=4, structure="sequence-pipelined", tile=TileShape(64, 64))
    assert all(terms_of(full, name) for name in full.totals)
    assert any("tiles on" in line for line in terms_of(full, "energy"))
    assert terms_of(found, "area_tiles")[-1] == "480 tiles · tile area = 577.2 mm²"


def attending(names: dict[str, bool], block: slice) -> Network:
    """A matrix of each name, of 10 vectors, and attention after those that say so."""
    operators: list[Operator] = []
    for name, attends in names.items():
        operators.append(StaticMatmul(f"{name}.o", name[block], 8, 8, 10))
        if attends:
            operators.append(DynamicMatmul(f"{name}.scores", name[block], 1, 10, 8, 10))
            operators.append(DynamicMatmul(f"{name}.context", name[block], 1, 10, 10, 8))
    return Network("attending", tuple(operators))


def test_blocks_within_a_block_are_stages_of_their_own() -> None:
    # Swin (Liu et al. 2021) numbers the blocks of each of its stages, and merges patches between them.
    names = {
        "layers.0.blocks.0": True,
        "layers.0.blocks.1": True,
        "layers.0.downsample": False,
        "layers.1.blocks.0": True,
    }
    assert time_of(attending(names, slice(8)))["batch-synchronous"] == pytest.approx(3 * 10)


def test_attention_to_another_sequence_is_no_barrier() -> None:
    # A decoder's queries stream past keys that are there already; T5 numbers the parts of a block.
    names = {
        "block.0.layer.0.SelfAttention": True,
        "block.0.layer.1.EncDecAttention": True,
        "block.0.layer.2.wo": False,
        "block.1.layer.0.SelfAttention": True,
        "block.1.layer.1.EncDecAttention": True,
    }
    for block in (slice(7), slice(5)):  # `block.0`, or one `block` for all
        assert time_of(attending(names, block))["batch-synchronous"] == pytest.approx(2 * 10)


def test_the_arithmetic_of_one_vector_at_a_time_names_the_digital_time() -> None:
    # 3 sequences of 6 · 12 · 8 products; each takes 150 ns, and digital units do 1e12 operations a second.
    found = estimate(bert(8), FULL._replace(tiles_per_chip=None), batch=3, structure="sequential")
    line = terms_of(found, "latency")[-1]
    assert line.startswith(f"3 · ({6 * 12 * 8} · 150 ns + ")
    seconds = 3 * (6 * 12 * 8 * 150e-9 + found.demand.digital_ops / 1e12)
    assert found.totals["latency"].value == pytest.approx(seconds)


def test_the_arithmetic_says_where_digital_units_set_the_pace() -> None:
    slow = FULL._replace(digital_rate=constant(1e6), tiles_per_chip=None)
    lines = terms_of(estimate(bert(8), slow, batch=2, structure="sequence-pipelined"), "latency")
    assert any("digital operations at their rate" in line for line in lines)
    assert any(line.startswith("digital units: ") for line in lines)
