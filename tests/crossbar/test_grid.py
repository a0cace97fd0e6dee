"""A grid against single estimates: the same floating-point numbers at every point, in one piece or in many."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from chips import FULL, HERMES, IBM, NOTHING, constant
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.crossbar.cost.estimate import estimate
from factsheet.crossbar.cost.figures import FIGURES
from factsheet.crossbar.cost.formula import STRUCTURES
from factsheet.crossbar.cost.grid import estimate_grid, grid_pieces
from factsheet.crossbar.cost.grid_arrays import GridAxes
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import CostError
from factsheet.hardware.constants import ChipConstants
from factsheet.networks.families.convolutional import ConvolutionalLayerShape, convolutional_operators
from factsheet.networks.families.decoder import DecoderShape, decoder_operators
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.networks.families.recurrent import RecurrentShape, recurrent_operators
from factsheet.networks.family import Run
from factsheet.networks.operators import Network
from factsheet.networks.reference_networks import bert_base as bert
from factsheet.networks.reference_networks import resnet32

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from factsheet.crossbar.cost.formula import Structure

SHARED = EncoderShape(3, 32, 4, 80, embedding_size=16, shared_layers=True, pooler=True, pooler_on_tiles=True)
MIXTURE = DecoderShape(2, 24, 4, 56, experts=4, active_experts=2, gated_mlp=True, vocabulary=100)


def grid_axes(
    seq_lens: Sequence[int],
    batches: Sequence[int],
    tiles: Sequence[TileShape | None],
    chips: Sequence[ChipConstants],
) -> GridAxes:
    return GridAxes(tuple(seq_lens), tuple(batches), tuple(tiles), tuple(chips))


def image(size: int) -> Network:
    """Convolutions whose image is as large as the sequence is long."""
    layers = [
        ConvolutionalLayerShape("conv", 24, (3, 3), (2, 2), (1, 1), batch_norm=True),
        ConvolutionalLayerShape("conv", 24, (3, 3), groups=24),
        ConvolutionalLayerShape("linear", 10),
    ]
    return Network("image", convolutional_operators(layers, 3, (size + 5, size + 7)))


FAMILIES: dict[str, Callable[[int], Network]] = {
    "encoder": lambda n: ENCODER.network(SHARED, n),
    "decode step": lambda n: Network("decoder", decoder_operators(MIXTURE, Run(cache_length=n))),
    "prefill": lambda n: Network("decoder", decoder_operators(MIXTURE, Run(n))),
    "recurrent": lambda n: Network("lstm", recurrent_operators(RecurrentShape("lstm", 40, 70, 2), n)),
    "image": image,
}
positive = st.floats(1e-16, 1e6)
constants = st.none() | positive.map(constant)
chips = st.builds(
    ChipConstants,
    st.just("a drawn chip"),
    st.integers(1, 600),
    st.integers(1, 600),
    st.just(2),
    *[constants] * 13,
    st.none() | st.integers(1, 50),
    st.just(value=False),
    uncharged=st.just(()),
    untimed=st.just(()),
    charged_whole=st.booleans(),
    others=st.just(()),
)
tiles = st.none() | st.builds(TileShape, st.integers(1, 300), st.integers(1, 300))


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(FAMILIES)),
    st.lists(st.integers(1, 70), min_size=1, max_size=3),
    st.lists(st.integers(1, 10**6), min_size=1, max_size=3),
    st.lists(tiles, min_size=1, max_size=2),
    st.lists(chips | st.sampled_from((IBM, HERMES, FULL, NOTHING)), min_size=1, max_size=3),
    st.sampled_from(STRUCTURES),
)
def test_every_point_is_the_single_estimate(
    family: str,
    lengths: list[int],
    batches: list[int],
    shapes: list[TileShape | None],
    several: list[ChipConstants],
    structure: Structure,
) -> None:
    network_at = FAMILIES[family]
    grid = estimate_grid(network_at, grid_axes(lengths, batches, shapes, several), structure=structure)
    for place in np.ndindex(*grid.axes.shape):
        n, b, t, k = place
        one = estimate(
            network_at(lengths[n]), several[k], batch=batches[b], tile=shapes[t], structure=structure
        )
        for name in FIGURES:
            alone, found = getattr(one.figures, name), grid.figures[name][place]
            assert np.isnan(found) if alone is None else found == alone, name
            assert bool(grid.missing(name, k)) == (alone is None)
            if alone is not None:
                assert grid.standing(name, t, k) == one.totals[name].standing
        assert grid.tiles[place] == one.tiles
        assert grid.chips[place] == one.chips
        if one.latency_range is not None:
            assert grid.latency_low[place] == one.latency_range[0]
            assert grid.latency_high[place] == one.latency_range[1]


@pytest.mark.parametrize("most", [1, 5, 12, 30, 10**6])
def test_pieces_are_bounded_and_make_up_the_grid(most: int) -> None:
    axes = ([1, 2, 3, 4, 5], [1, 2, 3], [None, TileShape(64, 64)], [IBM, FULL])
    whole = estimate_grid(FAMILIES["encoder"], grid_axes(*axes))
    pieces = list(grid_pieces(FAMILIES["encoder"], grid_axes(*axes), most_points=most))
    points = [piece.figures["energy"].size for piece in pieces]
    assert sum(points) == 5 * 3 * 2 * 2
    assert max(points) <= max(most, 4)  # tiles and chips stay together
    rows = [piece.figures["latency"].reshape(-1, 2, 2) for piece in pieces]
    assert (np.concatenate(rows).reshape(5, 3, 2, 2) == whole.figures["latency"]).all()


def test_a_grid_larger_than_a_piece_is_put_together_in_order() -> None:
    axes = (list(range(1, 8)), [1, 2, 3], [None, TileShape(9, 9)], [IBM, FULL])
    whole = estimate_grid(FAMILIES["encoder"], grid_axes(*axes))
    for most in (4, 20):
        grid = estimate_grid(FAMILIES["encoder"], grid_axes(*axes), most_points=most)
        for name, values in grid.figures.items():
            assert np.array_equal(values, whole.figures[name], equal_nan=True), name
        assert np.array_equal(grid.tiles, whole.tiles)


def test_networks_can_be_given_as_they_are() -> None:
    grid = estimate_grid({32: bert(32), 0: resnet32()}, grid_axes([32, 0], [4, 1], [None], [IBM]))
    # 12 · 4 · 32 slots of BERT, and 3507 of ResNet32.
    assert grid.figures["latency"][0, 0, 0, 0] == pytest.approx(12 * 4 * 32 * 123.75e-9)
    assert grid.figures["latency"][1, 1, 0, 0] == pytest.approx(3507 * 123.75e-9)
    assert grid.tiles[:, 0, 0, 0].tolist() == [480, 43]


def test_a_grid_of_nothing_is_refused() -> None:
    for axes, words in (
        (([], [1], [None], [IBM]), "no sequence lengths"),
        (([1], [], [None], [IBM]), "no batches"),
        (([1], [1], [], [IBM]), "no tiles"),
        (([1], [1], [None], []), "no chips"),
        (([1], [4, 0], [None], [IBM]), "a batch of 0"),
    ):
        with pytest.raises(CostError, match=words):
            estimate_grid(bert, grid_axes(*axes))


def test_numbers_beyond_floating_point_are_refused() -> None:
    cell = IBM._replace(cell_energy=constant(1e300))
    with pytest.raises(CostError, match="beyond every number"):
        estimate_grid(bert, grid_axes([32], [1], [None], [cell]))


def test_a_grid_without_numpy_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(CostError, match="NumPy, which is not installed"):
        estimate_grid(bert, grid_axes([32], [1], [None], [IBM]))
