"""Counting conventions: their names and their arithmetic."""

from __future__ import annotations

import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.errors import WorkloadError
from factsheet.networks.counting import CONVENTIONS, convention_named, count_ops, work_of
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.networks.operators import ELEMENT_KINDS, ElementKind
from factsheet.quantities.quantity import parse_quantity
from factsheet.sheet import parameters

BASE = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True)
BLOCKS_ONLY = EncoderShape(12, 768, 12, 3072)


def test_the_names_are_those_that_a_sheet_may_state() -> None:
    assert tuple(CONVENTIONS) == parameters.CONVENTIONS == typing.get_args(parameters.Convention)


@pytest.mark.parametrize("name", CONVENTIONS)
def test_every_convention_says_what_every_kind_is_worth_and_who_counts_so(name: str) -> None:
    convention = convention_named(name)
    assert convention.name == name
    assert set(convention.ops_per_element) == set(ELEMENT_KINDS) == set(typing.get_args(ElementKind))
    assert convention.title
    assert convention.source


def test_an_unknown_convention_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(WorkloadError) as raised:
        convention_named("matmul_only")
    assert "did you mean `matmul-only`?" in raised.value.help


@pytest.mark.parametrize("name", [name for name in CONVENTIONS if name != "mult-adds"])
def test_analog_ops_of_bert_are_the_published_ones(name: str) -> None:
    # 84,934,656 weights, 4 · 32 tokens, 2 ops a MAC; the published FactSheet of BERT has 21.74B.
    count = count_ops(work_of(ENCODER.network(BASE, 32)), 4, convention_named(name))
    assert count.analog == 21_743_271_936
    assert parse_quantity("21.74 G ops", "ops").interval.contains(count.analog)


def test_matmul_only_is_two_ops_for_each_mac() -> None:
    # MACs by the closed forms of a traced model, without the head: see test_encoder.
    count = count_ops(work_of(ENCODER.network(BASE, 32)), 4, convention_named("matmul-only"))
    assert count.total == 2 * (6144 * (55296 * 32 + 384) + 75_497_472)


def test_one_op_a_mac_of_attention_gives_96_million_digital_ops_in_the_blocks() -> None:
    # By hand, 12 blocks of 128 tokens: 75,497,472 MACs of attention; 6912 biases, 2 · 768 residuals, 2 · 768
    # normalised elements and 3072 GELUs a token; 589,824 scores. 21.84G - 2 · 84,934,656 · 128 lies between
    # 91.7 and 101.7 million.
    count = count_ops(
        work_of(ENCODER.network(BLOCKS_ONLY, 32)), 4, convention_named("attention-mac-is-one-op")
    )
    assert count.digital == 75_497_472 + 12 * 128 * (6912 + 1536 + 1536 + 3072) + 589_824 == 96_141_312


def test_electra_factors_give_the_block_ops_of_electras_script() -> None:
    # google-research/electra, flops_computation.py, get_block_flops, per token at length s: without dropout
    # and the attention scale; its first layer normalisation lacks the factor h, which is put back here.
    h, i, heads, s = 768, 3072, 12, 32
    per_token = (
        (3 * 2 * h * h + 3 * h)
        + (2 * h * s + 5 * s * heads + 2 * h * s)
        + (2 * h * h + h + h + 5 * h)
        + (2 * h * i + 8 * i + i)
        + (2 * h * i + h + h + 5 * h)
    )
    count = count_ops(work_of(ENCODER.network(BLOCKS_ONLY, s)), 1, convention_named("electra-factors"))
    assert count.total == 12 * s * per_token


def test_consistent_itemises_softmax_and_normalisation() -> None:
    factors = convention_named("consistent").ops_per_element
    # max, subtract, exp, sum, divide; mean, subtract, square, variance, scale, gain, offset.
    assert (factors["softmax"], factors["layer_norm"]) == (5, 7)
    assert {factors[kind] for kind in ("bias", "residual", "embedding", "activation")} == {1}


@given(st.integers(1, 512), st.integers(1, 32))
def test_every_mac_costs_the_same_but_under_the_one_that_says_otherwise(seq_len: int, batch: int) -> None:
    work = work_of(ENCODER.network(EncoderShape(1, 16, 2, 32), seq_len))
    for name, convention in CONVENTIONS.items():
        count = count_ops(work, batch, convention)
        per_mac = (count.analog / work.analog_macs / batch, count.dynamic / work.dynamic_macs / batch)
        assert (per_mac[0] == per_mac[1]) is (name != "attention-mac-is-one-op")
