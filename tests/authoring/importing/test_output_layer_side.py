"""The output layer over a vocabulary is the largest matrix of many networks: whether it is on tiles is asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from factsheet.api.fact_sheet import FactSheet, loads
from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.network import read
from factsheet.authoring.todo import owed_facts
from factsheet.networks.declared import declared_network
from factsheet.networks.policy import Policy, after_blocks, undecided
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from pathlib import Path

LAYERS, WIDTH, WIDE, WORDS = 2, 64, 128, 1000
BLOCKS = LAYERS * (4 * WIDTH**2 + 2 * WIDTH * WIDE)
"""Weights of an encoder's blocks, after Devlin et al. 2019: queries, keys, values, outputs and both of feed-forward."""
DECODER = "factsheet: 1\noverview: {name: A, model: A}\nmodel_architecture:\n"


def decoder(text: str) -> FactSheet:
    dimensions = "layers: 2, hidden_size: 64, heads: 2, intermediate_size: 128, vocabulary: 1000"
    return loads(f"{DECODER}  transformer_decoder: {{{dimensions}, tied_head: true}}\n{text}")


def test_an_output_layer_of_a_decoder_is_named_with_the_table_that_it_is() -> None:
    network = declared_network(decoder("").model_architecture, 8)
    ((head, words),) = undecided(network, Policy())
    assert (head.name, head.rows, head.cols) == ("lm_head", WIDTH, WORDS)
    assert words == "the output layer lm_head (64 x 1,000, the weights of embeddings.word)"
    assert [one.name for one in after_blocks(network)] == ["lm_head"]
    assert not list(undecided(network, Policy(analog=("lm_head",))))  # somebody has put it there


def test_a_layout_settles_it() -> None:
    assert not list(
        undecided(
            declared_network(decoder("  layout: {digital: [lm_head]}\n").model_architecture, 8), Policy()
        )
    )


def test_a_masked_language_model_is_asked_about_with_what_each_side_takes(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    config = {
        "model_type": "bert",
        "architectures": ["BertForMaskedLM"],
        "hidden_size": WIDTH,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": 2,
        "intermediate_size": WIDE,
        "vocab_size": WORDS,
    }
    file = tmp_path / "config.json"
    # As Windows PowerShell writes it, with a key that is there twice.
    file.write_bytes(json.dumps(config).replace("{", '{"vocab_size": 999, ', 1).encode("utf-16"))
    found = read(str(file), ImportOptions(request=Request(seq_len=8)))
    assert [(one.where, one.what) for one in found.left_out] == [("config.json vocab_size", "999")]
    assert ("purpose", "task_ids") in {fact.path for fact in found.facts}  # the file is in UTF-16
    (unclear,) = found.unclear
    assert "the weights of bert.embeddings.word_embeddings" in unclear.what
    head, transform = "cls.predictions.decoder", "cls.predictions.transform.dense"
    assert [(words.rpartition(": ")[2], value) for words, value in unclear.readings] == [
        (f"{BLOCKS + WIDTH**2 + WIDTH * WORDS:,} weights on tiles", {"analog": ["*"]}),
        (f"{BLOCKS + WIDTH**2:,} weights on tiles", {"digital": [head]}),
        (f"{BLOCKS:,} weights on tiles", {"digital": [transform, head]}),
    ]


def test_a_key_without_a_value_is_a_question() -> None:
    (owed,) = [one for one in owed_facts(decoder("  layout:\n")) if one.path == "model_architecture.layout"]
    assert owed.asked_by == ("the sheet, whose key has no value",)
    assert not [one for one in owed_facts(decoder("")) if one.path == "model_architecture.layout"]
