"""Configurations of standard transformers become the family of their dimensions, and not a list of operators."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.authoring.network_section import section_of
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("torch")
pytest.importorskip("transformers")

_ENCODER = {
    "hidden_size": 64,
    "num_attention_heads": 4,
    "num_hidden_layers": 3,
    "intermediate_size": 160,
    "vocab_size": 500,
    "max_position_embeddings": 48,
    "type_vocab_size": 2,
}
_DECODER = {
    "hidden_size": 64,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "num_hidden_layers": 3,
    "intermediate_size": 160,
    "vocab_size": 500,
}
_SIZES = {"layers": 3, "hidden_size": 64, "heads": 4, "intermediate_size": 160, "vocabulary": 500}
_TABLES = {"positions": 48, "token_types": 2}
# Which parts a class adds to its base is what transformers documents of it: a pooler, a layer on the first or every
# position.
_CASES: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "BertModel": (
        {"model_type": "bert", **_ENCODER},
        "transformer_encoder",
        {**_SIZES, **_TABLES, "pooler": True},
    ),
    "BertForSequenceClassification": (
        {"model_type": "bert", **_ENCODER, "id2label": {"0": "a", "1": "b", "2": "c"}},
        "transformer_encoder",
        {**_SIZES, **_TABLES, "pooler": True, "classes": 3},
    ),
    "BertForTokenClassification": (
        {"model_type": "bert", **_ENCODER, "id2label": {"0": "a", "1": "b", "2": "c"}},
        "transformer_encoder",
        {**_SIZES, **_TABLES, "pooler": False, "classes": 3, "head_positions": "every"},
    ),
    "BertForQuestionAnswering": (
        {"model_type": "bert", **_ENCODER},
        "transformer_encoder",
        {**_SIZES, **_TABLES, "pooler": False, "classes": 2, "head_positions": "every"},
    ),
    "RobertaForSequenceClassification": (
        {"model_type": "roberta", **_ENCODER},
        "transformer_encoder",
        {**_SIZES, **_TABLES, "pooler": True, "classes": 2},
    ),
    "DistilBertModel": (
        {
            "model_type": "distilbert",
            "dim": 64,
            "n_heads": 4,
            "n_layers": 3,
            "hidden_dim": 160,
            "vocab_size": 500,
            "max_position_embeddings": 48,
        },
        "transformer_encoder",
        {**_SIZES, "positions": 48, "token_types": {"not_applicable": "The network has none."}},
    ),
    "AlbertModel": (
        {"model_type": "albert", **_ENCODER, "embedding_size": 16},
        "transformer_encoder",
        {**_SIZES, **_TABLES, "pooler": True, "embedding_size": 16, "shared_layers": True},
    ),
    "ElectraModel": (
        {"model_type": "electra", **_ENCODER, "embedding_size": 16},
        "transformer_encoder",
        {**_SIZES, **_TABLES, "pooler": False, "embedding_size": 16},
    ),
    "GPT2LMHeadModel": (
        {"model_type": "gpt2", "n_embd": 64, "n_head": 4, "n_layer": 3, "n_inner": 160, "vocab_size": 500},
        "transformer_decoder",
        {**_SIZES, "positions": 1024, "fused_qkv": True, "tied_head": True, "position_encoding": "learned"},
    ),
    "LlamaForCausalLM": (
        {"model_type": "llama", **_DECODER, "tie_word_embeddings": False},
        "transformer_decoder",
        {**_SIZES, "kv_heads": 2, "gated_mlp": True, "tied_head": False, "position_encoding": "rotary"},
    ),
    "Qwen2ForCausalLM": (
        {"model_type": "qwen2", **_DECODER, "tie_word_embeddings": True},
        "transformer_decoder",
        {**_SIZES, "kv_heads": 2, "biases": "qkv", "tied_head": True, "normalisation": "rms_norm"},
    ),
    "T5ForConditionalGeneration": (
        {
            "model_type": "t5",
            "d_model": 64,
            "d_kv": 16,
            "d_ff": 160,
            "num_layers": 3,
            "num_decoder_layers": 2,
            "num_heads": 4,
            "vocab_size": 500,
            "relative_attention_num_buckets": 20,
        },
        "encoder_decoder",
        {
            "encoder_layers": 3,
            "decoder_layers": 2,
            "hidden_size": 64,
            "heads": 4,
            "intermediate_size": 160,
            "vocabulary": 500,
            "relative_buckets": 20,
            "final_norm": True,
            "normalisation": "rms_norm",
        },
    ),
    "ViTForImageClassification": (
        {
            "model_type": "vit",
            "hidden_size": 64,
            "num_attention_heads": 4,
            "num_hidden_layers": 3,
            "intermediate_size": 160,
            "image_size": 32,
            "patch_size": 8,
        },
        "vision_transformer",
        {"layers": 3, "hidden_size": 64, "heads": 4, "intermediate_size": 160, "patch_size": 8, "classes": 2},
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_a_standard_configuration_is_declared_by_its_dimensions(tmp_path: Path, name: str) -> None:
    config, family, dimensions = _CASES[name]
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"architectures": [name], **config}), encoding="utf-8")
    section = section_of(str(path), Request(seq_len=24))
    assert section.key == family
    assert {key: section.declared.get(key) for key in dimensions} == dimensions


@pytest.mark.parametrize("name", ["BertForMaskedLM", "BartForConditionalGeneration"])
def test_work_that_no_dimension_says_is_listed(tmp_path: Path, name: str) -> None:
    # A transform in front of the output layer; a constant that is added to every score of the vocabulary.
    shared = {"vocab_size": 500, "max_position_embeddings": 48}
    sizes = (
        {"model_type": "bert", **_ENCODER}
        if name.startswith("Bert")
        else {"model_type": "bart", "d_model": 64, "encoder_layers": 1, "decoder_layers": 1, **shared}
    )
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"architectures": [name], **sizes}), encoding="utf-8")
    assert section_of(str(path), Request(seq_len=24)).key == "operators"
