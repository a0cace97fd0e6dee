"""The operators of an encoder against closed forms and counts published by others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.errors import WorkloadError
from factsheet.networks.counting import work_of
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.networks.operators import DynamicMatmul, Elementwise, Lookup, Network, Operator, StaticMatmul

# Devlin et al. 2019, section 3: L, H, A; the feed-forward size is 4H; 30,522 is the uncased vocabulary.
BASE = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True)
LARGE = EncoderShape(24, 1024, 16, 4096, 30522, 512, 2, pooler=True)

small = st.builds(
    lambda layers, head, heads, wide, fused: EncoderShape(layers, head * heads, heads, wide, fused_qkv=fused),
    st.integers(1, 4),
    st.integers(1, 40),
    st.integers(1, 8),
    st.integers(1, 300),
    st.booleans(),
)
lengths = st.integers(1, 600)


# Sum of p.numel() over Hugging Face's BertModel: bert-base-uncased and bert-large-uncased.
@pytest.mark.parametrize(("shape", "published"), [(BASE, 109_482_240), (LARGE, 335_141_888)])
def test_parameters_are_those_of_the_published_models(shape: EncoderShape, published: int) -> None:
    assert ENCODER.network(shape, 1).parameters == published


def test_encoder_weights_are_those_that_ibms_simulator_prints() -> None:
    # IBM/3D-CiM-LLM-Inference-Simulator on BERT-base: "84,934,656 parameters and requires 480 tiles".
    assert ENCODER.network(BASE, 32).analog_weights == 84_934_656


@given(st.integers(1, 512), st.integers(1, 64))
def test_macs_follow_the_closed_forms_of_a_traced_model(seq_len: int, batch: int) -> None:
    # torch.export of BertForSequenceClassification (2 labels) with dynamic shapes: static products, pooler
    # and head included, and attention, in multiply-accumulates.
    shape = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True, classes=2)
    work = work_of(ENCODER.network(shape, seq_len))
    assert batch * (work.analog_macs + work.digital_macs) == 1536 * batch * (55296 * seq_len + 385)
    assert batch * work.dynamic_macs == 18432 * batch * seq_len**2


def test_macs_of_a_batch_of_four_short_sentences() -> None:
    # The same closed forms at L = 32, B = 4, worked out by hand: 6144 · 1,769,857 + 18432 · 4 · 1024.
    shape = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True, classes=2)
    work = work_of(ENCODER.network(shape, 32))
    assert 4 * work.dynamic_macs == 75_497_472
    assert 4 * (work.analog_macs + work.digital_macs + work.dynamic_macs) == 10_949_498_880


@given(small, lengths)
def test_block_weights_follow_vaswani(shape: EncoderShape, seq_len: int) -> None:
    # Vaswani et al. 2017, section 3: four d·d projections and two d·d_ff matrices a block.
    d, wide = shape.hidden_size, shape.intermediate_size
    network = ENCODER.network(shape, seq_len)
    assert network.analog_weights == shape.layers * (4 * d * d + 2 * d * wide)
    assert work_of(network).analog_macs == network.analog_weights * seq_len


@given(small, lengths)
def test_fusing_query_key_and_value_moves_no_work(shape: EncoderShape, seq_len: int) -> None:
    fused = EncoderShape(
        shape.layers, shape.hidden_size, shape.heads, shape.intermediate_size, fused_qkv=True
    )
    apart = EncoderShape(shape.layers, shape.hidden_size, shape.heads, shape.intermediate_size)
    one, three = ENCODER.network(fused, seq_len), ENCODER.network(apart, seq_len)
    assert work_of(one) == work_of(three)
    assert one.parameters == three.parameters
    assert len(three.analog) - len(one.analog) == 2 * shape.layers


def test_elements_of_base_at_one_token() -> None:
    # By hand from the structure: per block 768 · 5 + 3072 biases, 2 · 768 residuals and normalised elements,
    # 3072 through GELU, 12 scores; outside, the pooler's 768 biases and tanh, one normalisation and two sums.
    elements = work_of(ENCODER.network(BASE, 1)).elements
    assert {kind: count for kind, count in elements.items() if count} == {
        "bias": 12 * 6912 + 768,
        "residual": 12 * 1536,
        "embedding": 2 * 768,
        "activation": 12 * 3072 + 768,
        "softmax": 12 * 12,
        "layer_norm": 12 * 1536 + 768,
    }


def test_the_pooler_is_digital_unless_said_otherwise() -> None:
    assert work_of(ENCODER.network(BASE, 32)).digital_macs == 768 * 768
    tiled = EncoderShape(12, 768, 12, 3072, pooler=True, pooler_on_tiles=True)
    assert work_of(ENCODER.network(tiled, 32)).digital_macs == 0
    assert ENCODER.network(tiled, 32).analog_weights == 84_934_656 + 768 * 768


def test_the_widening_of_embeddings_is_analog_unless_said_otherwise() -> None:
    # ALBERT-base: 128 · 768 weights, at each of 32 tokens.
    widened = EncoderShape(12, 768, 12, 3072, embedding_size=128, shared_layers=True)
    assert ENCODER.network(widened, 32).analog_weights == 7_077_888 + 128 * 768
    digital = replace(widened, projection_on_tiles=False)
    assert ENCODER.network(digital, 32).analog_weights == 7_077_888
    assert work_of(ENCODER.network(digital, 32)).digital_macs == 128 * 768 * 32


def test_a_model_without_embeddings_normalises_none() -> None:
    network = ENCODER.network(EncoderShape(1, 8, 2, 16), 4)
    assert not [o for o in network.operators if isinstance(o, Lookup) or o.block == "embeddings"]


def test_one_table_alone_is_added_to_nothing() -> None:
    network = ENCODER.network(EncoderShape(1, 8, 2, 16, vocabulary=100), 4)
    assert work_of(network).elements["embedding"] == 0
    assert [o.name for o in network.operators if o.block == "embeddings"] == [
        "embeddings.word",
        "embeddings.layer_norm",
    ]


@pytest.mark.parametrize(
    ("dimensions", "field"), [((12, 770, 12, 3072), "heads"), ((10**15, 768, 12, 3072), "layers")]
)
def test_dimensions_that_do_not_fit_are_refused(dimensions: tuple[int, int, int, int], field: str) -> None:
    with pytest.raises(WorkloadError) as raised:
        EncoderShape(*dimensions)
    assert raised.value.place == field
    assert raised.value.why
    assert raised.value.help in raised.value.diagnostics()


def test_shared_weights_are_stored_once() -> None:
    # ALBERT (Lan et al. 2020): every block uses the weights of the first.
    blocks = tuple(
        StaticMatmul(f"layer.{i}.query", f"layer.{i}", 64, 64, 10, bias=True, stored_as="query")
        for i in range(12)
    )
    norms = tuple(
        Elementwise(f"layer.{i}.norm", f"layer.{i}", "layer_norm", 640, 128, stored_as="norm")
        for i in range(12)
    )
    network = Network("shared", (*blocks, *norms, DynamicMatmul("scores", "layer.0", 1, 10, 64, 10)))
    assert network.parameters == 64 * 64 + 64 + 128
    assert network.analog_weights == 64 * 64
    assert network.sharing == {"query": 12}
    assert work_of(network).analog_macs == 12 * 64 * 64 * 10


def test_two_operators_of_one_name_are_refused() -> None:
    matrix = StaticMatmul("dense", "head", 4, 4, 1)
    with pytest.raises(WorkloadError, match="dense is the name of two operators"):
        Network("twice", (matrix, matrix))


@pytest.mark.parametrize(
    "operator",
    [
        Elementwise("gate", "layer.0", "product", -1_920),
        StaticMatmul("dense", "layer.0", 4, 4, -1),
        DynamicMatmul("scores", "layer.0", -2, 4, 4, 4),
    ],
)
def test_work_cannot_be_taken_away(operator: Operator) -> None:
    with pytest.raises(WorkloadError, match=f"{operator.name} works on -"):
        Network("net", (operator,))


@pytest.mark.parametrize(
    "other",
    [
        StaticMatmul("b", "head", 4, 5, 1, stored_as="w"),
        StaticMatmul("b", "head", 4, 4, 1, on="digital", stored_as="w"),
    ],
)
def test_shared_weights_have_one_shape_and_one_side(other: StaticMatmul) -> None:
    with pytest.raises(WorkloadError, match="b differs from the other uses of the weights w"):
        Network("unlike", (StaticMatmul("a", "head", 4, 4, 1, stored_as="w"), other))
