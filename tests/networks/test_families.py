"""Declared families against published parameter counts and against counts by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.errors import WorkloadError
from factsheet.networks.counting import work_of
from factsheet.networks.declared import declared_network
from factsheet.networks.family import Run
from factsheet.sheet.model import SheetFields

if TYPE_CHECKING:
    from factsheet.networks.operators import Network

LLAMA = {
    "gated_mlp": True,
    "tied_head": False,
    "normalisation": "rms_norm",
    "position_encoding": "rotary",
    "biases": "none",
    "fused_qkv": False,
    "head_positions": "every",
}
LLAMA_2_7B = {
    **LLAMA,
    "layers": 32,
    "hidden_size": 4096,
    "heads": 32,
    "kv_heads": 32,
    "intermediate_size": 11008,
    "vocabulary": 32000,
}
MISTRAL_7B = {**LLAMA_2_7B, "kv_heads": 8, "intermediate_size": 14336}
GPT_2 = {
    "layers": 12,
    "hidden_size": 768,
    "heads": 12,
    "kv_heads": 12,
    "intermediate_size": 3072,
    "vocabulary": 50257,
    "positions": 1024,
    "position_encoding": "learned",
    "tied_head": True,
    "gated_mlp": False,
    "normalisation": "layer_norm",
    "biases": "all",
    "fused_qkv": True,
    "head_positions": "every",
}
T5_SMALL = {
    "encoder_layers": 6,
    "decoder_layers": 6,
    "hidden_size": 512,
    "heads": 8,
    "intermediate_size": 2048,
    "vocabulary": 32128,
    "tied_head": True,
    "gated_mlp": False,
    "normalisation": "rms_norm",
    "final_norm": True,
    "positions": 0,
    "relative_buckets": 32,
    "biases": "none",
    "target_length": 8,
}
VIT_B_16 = {
    "image_size": 224,
    "patch_size": 16,
    "layers": 12,
    "hidden_size": 768,
    "heads": 12,
    "intermediate_size": 3072,
    "channels": 3,
    "classes": 1000,
    "class_token": True,
    "fused_qkv": False,
}


def declared(family: str, dimensions: object, run: Run | int = 1) -> Network:
    sheet = SheetFields.model_validate(
        {
            "factsheet": 1,
            "overview": {"name": "a sheet", "model": "a model"},
            "model_architecture": {family: dimensions},
        }
    )
    return declared_network(sheet.model_architecture, run)


# Numbers of parameters of the Hugging Face models' own modules, as `num_parameters()` gives them and as the sizes of
# the published checkpoints confirm; of torchvision where it is named.
@pytest.mark.parametrize(
    ("family", "dimensions", "parameters"),
    [
        pytest.param("transformer_decoder", LLAMA_2_7B, 6_738_415_616, id="meta-llama/Llama-2-7b-hf"),
        pytest.param(
            "transformer_decoder",
            {**LLAMA_2_7B, "kv_heads": 8, "intermediate_size": 14336, "vocabulary": 128256},
            8_030_261_248,
            id="meta-llama/Meta-Llama-3-8B",
        ),
        pytest.param("transformer_decoder", MISTRAL_7B, 7_241_732_096, id="mistralai/Mistral-7B-v0.1"),
        pytest.param(
            "transformer_decoder",
            {**MISTRAL_7B, "experts": 8, "active_experts": 2},
            46_702_792_704,
            id="mistralai/Mixtral-8x7B-v0.1",
        ),
        pytest.param("transformer_decoder", GPT_2, 124_439_808, id="openai-community/gpt2"),
        pytest.param(
            "transformer_decoder",
            {
                **LLAMA_2_7B,
                "layers": 24,
                "hidden_size": 896,
                "heads": 14,
                "kv_heads": 2,
                "intermediate_size": 4864,
                "vocabulary": 151936,
                "tied_head": True,
                "biases": "qkv",
            },
            494_032_768,
            id="Qwen/Qwen2-0.5B",
        ),
        pytest.param("encoder_decoder", T5_SMALL, 60_506_624, id="google-t5/t5-small"),
        pytest.param(
            "encoder_decoder",
            {
                **T5_SMALL,
                "hidden_size": 768,
                "heads": 12,
                "intermediate_size": 3072,
                "vocabulary": 50265,
                "positions": 1026,  # 1024, and two rows that its offset leaves unused
                "relative_buckets": 0,
                "normalisation": "layer_norm",
                "embedding_norm": True,
                "final_norm": False,
                "biases": "all",
            },
            139_420_416,
            id="facebook/bart-base",
        ),
        pytest.param("vision_transformer", VIT_B_16, 86_567_656, id="torchvision vit_b_16"),
        pytest.param(
            "transformer_encoder",
            {
                "layers": 12,
                "hidden_size": 768,
                "heads": 12,
                "intermediate_size": 3072,
                "vocabulary": 30000,
                "positions": 512,
                "token_types": 2,
                "pooler": True,
                "embedding_size": 128,
                "shared_layers": True,
            },
            11_683_584,
            id="albert/albert-base-v2",
        ),
    ],
)
def test_parameters_are_the_published_ones(family: str, dimensions: dict[str, Any], parameters: int) -> None:
    network = declared(family, dimensions, 8)
    assert network.omitted == ()
    assert network.parameters == parameters


def test_the_shared_layers_of_albert_are_stored_once_and_used_twelve_times() -> None:
    shape = {"layers": 12, "hidden_size": 768, "heads": 12, "intermediate_size": 3072, "shared_layers": True}
    network = declared("transformer_encoder", shape, 32)
    # Lan et al. 2020: one block of 4 · 768² + 2 · 768 · 3072 weights, run twelve times.
    assert network.analog_weights == 4 * 768**2 + 2 * 768 * 3072 == 7_077_888
    assert network.logical_weights == 12 * 7_077_888
    assert set(network.sharing.values()) == {12}


def test_a_token_of_mixtral_goes_through_the_published_active_parameters() -> None:
    # Jiang et al. 2024: 47 billion parameters, of which a token uses 13 billion.
    network = declared("transformer_decoder", {**MISTRAL_7B, "experts": 8, "active_experts": 2})
    macs = work_of(network).analog_macs
    assert 12.5e9 < macs < 13.5e9
    # By hand: two of eight experts of three matrices, attention, the output layer; the router is digital.
    attention = 2 * 4096 * 4096 + 2 * 4096 * 1024
    assert macs == 32 * (2 * 3 * 4096 * 14336 + attention) + 4096 * 32000
    expert = next(matrix for matrix in network.analog if matrix.kind == "experts")
    assert expert.uses * 8 == 2


def test_a_decode_step_meets_the_cached_keys_and_its_own() -> None:
    step = work_of(declared("transformer_decoder", LLAMA_2_7B, Run(32, cache_length=127)))
    prefill = work_of(declared("transformer_decoder", LLAMA_2_7B, Run(128)))
    # Scores and context: 2 products of 32 heads, 128 wide, in 32 layers, over 127 + 1 keys.
    assert step.dynamic_macs == 32 * 2 * 32 * 128 * 128
    assert step.analog_macs * 128 == prefill.analog_macs
    assert step.dynamic_macs * 128 == prefill.dynamic_macs


def test_a_decode_step_of_an_encoder_decoder_runs_no_encoder_but_stores_it() -> None:
    step = declared("encoder_decoder", T5_SMALL, Run(16, cache_length=7))
    assert step.parameters == 60_506_624
    assert {matrix.calls for matrix in step.static if matrix.name.startswith("encoder.")} == {0}
    # By hand: per layer self-attention's four matrices, cross-attention's query and output, the feed-forward two.
    assert work_of(step).analog_macs == 6 * (6 * 512**2 + 2 * 512 * 2048) + 512 * 32128
    assert work_of(step).dynamic_macs == 6 * 2 * 512 * (8 + 16)


def test_grouped_queries_share_their_keys() -> None:
    network = declared("transformer_decoder", MISTRAL_7B, 4)
    shapes = {m.name.rpartition(".")[2]: (m.rows, m.cols) for m in network.static if m.block == "layer.0"}
    assert shapes["query"] == (4096, 4096)
    assert shapes["key"] == shapes["value"] == (4096, 1024)


def test_the_output_layer_runs_where_it_is_said_to() -> None:
    every = declared("transformer_decoder", GPT_2, 10)
    last = declared("transformer_decoder", {**GPT_2, "head_positions": "last"}, 10)
    assert [network.static[-1].calls for network in (every, last)] == [10, 1]
    assert every.static[-1].stored_as == "embeddings.word"


def test_an_image_of_another_size_has_other_patches() -> None:
    network = declared("vision_transformer", VIT_B_16, Run(image_size=(384, 256)))
    assert network.static[0].calls == (384 // 16) * (256 // 16)


def test_a_perceptron_is_its_widths() -> None:
    # LeCun et al. 1998, section III.C: 28x28-300-10 has 784 · 300 + 300 + 300 · 10 + 10 = 238,510 parameters.
    network = declared("mlp", {"sizes": [784, 300, 10], "biases": True})
    assert network.parameters == 238_510
    assert work_of(network).analog_macs == 784 * 300 + 300 * 10


def test_listed_operators_are_taken_as_they_are() -> None:
    network = declared(
        "operators",
        [
            {"name": "a.up", "rows": 4, "cols": 6, "calls": 2, "each": "token", "bias": True},
            {"name": "b.up", "rows": 4, "cols": 6, "calls": 1, "stored_as": "a.up", "bias": True},
            {"name": "experts", "rows": 3, "cols": 5, "matrices": 8, "active": 2, "side": "digital"},
            {"name": "scores", "does": "product", "rows": 7, "cols": 9, "calls": 3, "matrices": 2},
        ],
        10,
    )
    work = work_of(network)
    assert work.analog_macs == 4 * 6 * (2 * 10 + 1)
    assert work.digital_macs == 3 * 5 * 2
    assert work.dynamic_macs == 2 * 3 * 7 * 9
    assert network.parameters == 4 * 6 + 6 + 8 * 3 * 5


@pytest.mark.parametrize(
    "table",
    [
        {"name": "decoder.embed_positions", "does": "lookup", "rows": 448, "cols": 512},
        # 229,376 numbers are 448 rows of 512; Whisper adds them without looking them up.
        {
            "name": "decoder.embedding",
            "does": "elementwise",
            "kind": "embedding",
            "elements": 512,
            "parameters": 229_376,
            "stored_as": "decoder.embed_positions",
        },
    ],
)
def test_listed_operators_take_no_more_tokens_than_their_table_of_positions(table: dict[str, Any]) -> None:
    up = {"name": "decoder.up", "rows": 512, "cols": 512, "each": "token"}
    rows = [{**table, "each": "token"}, up]
    assert declared("operators", rows, 448).static[0].calls == 448
    with pytest.raises(WorkloadError, match="longer than the 448 positions"):
        declared("operators", rows, 449)
    # A table that every inference reads whole, as of frames, limits no tokens.
    assert declared("operators", [table, up], 449).static[0].calls == 449


@pytest.mark.parametrize(
    ("family", "dimensions", "run", "path"),
    [
        ("transformer_decoder", {**GPT_2, "kv_heads": 5}, Run(4), "kv_heads"),
        ("transformer_decoder", {**GPT_2, "experts": 4}, Run(4), "active_experts"),
        ("transformer_decoder", {**GPT_2, "experts": 4, "active_experts": 5}, Run(4), "active_experts"),
        ("transformer_decoder", GPT_2, Run(1025), "positions"),
        ("transformer_decoder", GPT_2, Run(1, cache_length=1024), "positions"),
        ("transformer_decoder", {**GPT_2, "layers": 10**6}, Run(4), "layers"),
        ("transformer_decoder", {**GPT_2, "heads": 7}, Run(4), "heads"),
        ("encoder_decoder", {**T5_SMALL, "decoder_layers": 10**6}, Run(4), "decoder_layers"),
        ("vision_transformer", {**VIT_B_16, "patch_size": 225}, Run(1), "patch_size"),
        ("mlp", {"sizes": [10]}, Run(1), "sizes"),
        ("mlp", {"sizes": {"not_disclosed": "Secret."}}, Run(1), "sizes"),
    ],
)
def test_what_can_not_be_is_refused_at_its_place(
    family: str, dimensions: dict[str, Any], run: Run, path: str
) -> None:
    with pytest.raises(WorkloadError) as raised:
        declared(family, dimensions, run)
    assert raised.value.place == f"model_architecture.{family}.{path}"


@pytest.mark.parametrize(
    ("family", "dimensions", "run"),
    [
        ("vision_transformer", VIT_B_16, Run(1, cache_length=3)),
        ("transformer_decoder", GPT_2, Run(1, image_size=(224, 224))),
    ],
)
def test_a_run_that_the_family_does_not_know_is_refused(
    family: str, dimensions: dict[str, Any], run: Run
) -> None:
    with pytest.raises(WorkloadError, match=f"`{family}`"):
        declared(family, dimensions, run)


def test_two_declarations_contradict_each_other() -> None:
    sheet = SheetFields.model_validate(
        {
            "factsheet": 1,
            "overview": {"name": "a sheet", "model": "a model"},
            "model_architecture": {"mlp": {"sizes": [2, 3]}, "transformer_decoder": GPT_2},
        }
    )
    with pytest.raises(WorkloadError, match="both declare a network") as raised:
        declared_network(sheet.model_architecture, 1)
    assert raised.value.place == "model_architecture.mlp"


def test_what_a_declaration_leaves_open_is_noted() -> None:
    bare = {"layers": 2, "hidden_size": 8, "heads": 2, "intermediate_size": 16}
    network = declared("transformer_decoder", bare, 4)
    assert [part.partition(" (")[0] for part in network.omitted] == [
        "the token embedding and the output layer"
    ]
    assert set(network.assumed) == {
        "kv_heads",
        "gated_mlp",
        "normalisation",
        "position_encoding",
        "biases",
        "fused_qkv",
        "attention",
        "head_positions",
    }
