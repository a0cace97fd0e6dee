"""What lies on tiles, and patterns that say otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.errors import WorkloadError
from factsheet.networks.families.decoder import DecoderShape, decoder_operators
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.networks.family import Run
from factsheet.networks.operators import Lookup, Network, StaticMatmul
from factsheet.networks.policy import Policy, apply, fits

BERT = ENCODER.network(EncoderShape(2, 8, 2, 16, 30, 10, 2, pooler=True), 4)
TIED = Network("decoder", decoder_operators(DecoderShape(1, 8, 2, 16, vocabulary=30, tied_head=True), Run(4)))


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("lm_head", "lm_head", True),
        ("pooler", "pooler.dense", True),
        ("pool", "pooler.dense", False),
        ("query", "layer.11.query", True),
        ("layer.1", "layer.11.query", False),
        ("layer.1", "layer.1.query", True),
        ("layer.*.query", "layer.11.query", True),
        ("*.query", "layer.11.query", True),
        ("Pooler", "pooler.dense", False),
    ],
)
def test_a_pattern_fits_whole_parts_of_a_name(pattern: str, name: str, expected: bool) -> None:
    assert fits(pattern, name) is expected


@given(st.lists(st.text("ab", min_size=1), min_size=1, max_size=4))
def test_every_part_of_a_name_fits_it(parts: list[str]) -> None:
    assert all(fits(part, ".".join(parts)) for part in parts)


def test_without_patterns_nothing_moves() -> None:
    assert apply(Policy(), BERT) is BERT


def test_a_matrix_moves_to_the_side_asked_for() -> None:
    moved = apply(Policy(digital=("layer.0.*",), analog=("pooler",)), BERT)
    sides = {matrix.name: matrix.on for matrix in moved.static}
    assert sides["pooler.dense"] == sides["layer.1.query"] == "analog"
    assert {side for name, side in sides.items() if name.startswith("layer.0.")} == {"digital"}
    assert moved.parameters == BERT.parameters


def test_an_embedding_goes_on_tiles_only_where_it_is_asked_for() -> None:
    assert not [matrix for matrix in BERT.static if matrix.kind == "embedding"]
    moved = apply(Policy(analog=("embeddings.word",)), BERT)
    (table,) = [matrix for matrix in moved.static if matrix.kind == "embedding"]
    # One-hot vectors of 30 tokens, 4 of them in a sequence, by a table of 30 rows of 8.
    assert (table.rows, table.cols, table.calls, table.on) == (30, 8, 4, "analog")
    assert len([o for o in moved.operators if isinstance(o, Lookup)]) == 2
    assert moved.parameters == BERT.parameters


def test_a_table_and_its_tied_output_layer_are_one_matrix_on_tiles() -> None:
    moved = apply(Policy(analog=("embeddings.word",)), TIED)
    assert moved.sharing["embeddings.word"] == 2
    assert [matrix.name for matrix in moved.analog_stored if matrix.storage == "embeddings.word"] == [
        "embeddings.word"
    ]
    assert moved.parameters == TIED.parameters


def test_nodes_that_share_weights_move_together() -> None:
    shared = ENCODER.network(EncoderShape(3, 8, 2, 16, shared_layers=True), 4)
    moved = apply(Policy(digital=("layer.2.query",)), shared)
    assert {m.on for m in moved.static if m.name.endswith("query")} == {"digital"}


@pytest.mark.parametrize("policy", [Policy(digital=("quary",)), Policy(analog=("quary",))])
def test_a_pattern_that_fits_nothing_is_refused_with_what_comes_close(policy: Policy) -> None:
    with pytest.raises(WorkloadError, match="`quary` fits the name of no matrix") as raised:
        apply(policy, BERT)
    assert "`query`" in raised.value.help


def test_both_sides_at_once_are_refused() -> None:
    with pytest.raises(WorkloadError, match="on tiles and digitally"):
        apply(Policy(digital=("layer.0.query",), analog=("query",)), BERT)


def test_the_record_names_the_patterns() -> None:
    words = Policy(("lm_head",), ("pooler",)).words
    assert words.endswith("`lm_head` digital; `pooler` on tiles")


def test_a_matrix_that_is_shared_has_one_shape() -> None:
    with pytest.raises(WorkloadError, match=r"b differs from the other uses of the weights a"):
        Network(
            "a network", (StaticMatmul("a", "x", 2, 3, 1), StaticMatmul("b", "x", 2, 4, 1, stored_as="a"))
        )
