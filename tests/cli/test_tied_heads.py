"""A tied output layer takes the same tiles and weights in `inspect`, `derive` and `sweep`.

A table that is looked up is read digitally and takes no tile; the output layer that shares its weights is multiplied
by, and takes tiles. Its numbers are stored once. The expected numbers are worked out by hand beside each source.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from factsheet.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Printed = Callable[..., dict[str, Any]]

DECODER = {
    "layers": 1,
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
GPT_2 = {
    "model_type": "gpt2",
    "architectures": ["GPT2LMHeadModel"],
    "n_embd": 768,
    "n_layer": 1,
    "n_head": 12,
    "vocab_size": 50257,
    "n_positions": 1024,
}
BERT = {
    "model_type": "bert",
    "architectures": ["BertForMaskedLM"],
    "hidden_size": 256,
    "num_hidden_layers": 1,
    "num_attention_heads": 4,
    "intermediate_size": 512,
    "vocab_size": 28672,
    "max_position_embeddings": 128,
    "type_vocab_size": 2,
}
MODULE = """
from torch import nn


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(28672, 256)
        self.hidden = nn.Linear(256, 256)
        self.head = nn.Linear(256, 28672, bias=False)
        self.head.weight = self.table.weight

    def forward(self, tokens):
        return self.head(self.hidden(self.table(tokens)))


def make():
    import torch

    return Tied(), (torch.zeros(1, 8, dtype=torch.long),)
"""
TILES = ("512x512", "256x256")
# Of the head, then of all matrices, on tiles of 512 by 512 and of 256 by 256. A block of GPT-2's size has matrices of
# 768 x 2304, 768 x 768, 768 x 3072 and 3072 x 768: 2 · 5 + 2 · 2 + 2 · 6 + 6 · 2 = 38 tiles, and 3 · 9 + 3 · 3 +
# 3 · 12 + 12 · 3 = 108. Its head of 768 x 50257 takes 2 · 99 = 198, and 3 · 197 = 591.
GPT_2_TILES = {"512x512": (198, 38 + 198), "256x256": (591, 108 + 591)}
GPT_2_WEIGHTS = 768 * (2304 + 768 + 3072 + 3072) + 768 * 50257
# Weights and biases of the block, gains and offsets of three normalisations, both tables; the head adds nothing.
GPT_2_PARAMETERS = (
    768 * (2304 + 768 + 3072 + 3072) + (2304 + 768 + 3072 + 768) + 3 * 2 * 768 + (50257 + 1024) * 768
)
# BERT's block: four of 256 x 256, one of 256 x 512 and one of 512 x 256, and the 256 x 256 before the head: 7 tiles of
# 512 by 512, and 4 + 2 + 2 + 1 = 9 of 256 by 256. The head of 256 x 28672: 1 · 56 tiles, and 1 · 112.
BERT_TILES = {"512x512": (56, 7 + 56), "256x256": (112, 9 + 112)}
BERT_WEIGHTS = 5 * 256**2 + 2 * 256 * 512 + 256 * 28672
# The head adds its biases; three normalisations follow the embeddings and the block's parts, one is before the head.
BERT_PARAMETERS = BERT_WEIGHTS + (5 * 256 + 512 + 256) + 28672 + (128 + 2) * 256 + 4 * 2 * 256
MODULE_TILES = {"512x512": (56, 1 + 56), "256x256": (112, 1 + 112)}


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    """A command's JSON form."""

    def run(*arguments: str) -> dict[str, Any]:
        assert main([*arguments, "--format", "json"]) == 0
        shape: dict[str, Any] = json.loads(capsys.readouterr().out)
        return shape

    return run


def write_sheet(folder: Path, decoder: dict[str, object]) -> str:
    sheet = {
        "factsheet": 1,
        "overview": {"name": "Example", "model": "GPT-2"},
        "model_architecture": {"transformer_decoder": decoder},
    }
    file = folder / "sheet.yaml"
    file.write_text(yaml.safe_dump(sheet), "utf-8")
    return str(file)


def assert_same_everywhere(
    printed: Printed,
    source: str,
    sheet: str,
    *,
    head: str,
    expected: dict[str, tuple[int, int]],
    weights: int,
    parameters: int,
) -> None:
    """Hold `inspect`, `derive` and `sweep` of one source to the numbers worked out by hand."""
    model = () if source == sheet else ("--model", source)
    swept = printed("sweep", source, "--tile", ",".join(TILES), "--hardware", "ibm-2022", "--seq-len", "8")
    on_chip = {f"{row['tile_rows']}x{row['tile_cols']}": row["tiles"] for row in swept["rows"]}
    for tile in TILES:
        of_head, of_all = expected[tile]
        shown = printed("inspect", source, "--tile", tile, "--seq-len", "8")
        rows = {row["name"]: row for row in shown["operators"]}
        assert rows[head]["tiles"] == of_head
        assert sum(row["tiles"] or 0 for row in shown["operators"]) == of_all
        assert sum(row["parameters"] for row in shown["operators"]) == shown["parameters"] == parameters
        assert shown["analog_weights"] == weights
        derived = printed("derive", sheet, *model, "--tile", tile, "--seq-len", "8", "--batch", "1")
        layers = {layer["name"]: layer for layer in derived["layers"]}
        assert layers[head]["tiles"] == of_head
        assert (derived["totals"]["tiles"], derived["totals"]["analog_weights"]) == (of_all, weights)
        assert derived["totals"]["parameters"] == parameters
        assert on_chip[tile] == of_all


def test_a_declared_decoder(printed: Printed, tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path, DECODER)
    assert_same_everywhere(
        printed,
        sheet,
        sheet,
        head="lm_head",
        expected=GPT_2_TILES,
        weights=GPT_2_WEIGHTS,
        parameters=GPT_2_PARAMETERS,
    )


def test_a_head_of_its_own_is_stored_beside_the_table(printed: Printed, tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path, {**DECODER, "tied_head": False})
    parameters = GPT_2_PARAMETERS + 768 * 50257
    assert_same_everywhere(
        printed,
        sheet,
        sheet,
        head="lm_head",
        expected=GPT_2_TILES,
        weights=GPT_2_WEIGHTS,
        parameters=parameters,
    )


@pytest.mark.parametrize(
    ("config", "head", "expected", "weights", "parameters"),
    [
        pytest.param(GPT_2, "lm_head", GPT_2_TILES, GPT_2_WEIGHTS, GPT_2_PARAMETERS, id="GPT-2"),
        pytest.param(BERT, "cls.predictions.decoder", BERT_TILES, BERT_WEIGHTS, BERT_PARAMETERS, id="BERT"),
    ],
)
def test_a_hugging_face_config(
    printed: Printed,
    config: dict[str, object],
    head: str,
    expected: dict[str, tuple[int, int]],
    weights: int,
    parameters: int,
    tmp_path: Path,
) -> None:
    pytest.importorskip("transformers")
    file = tmp_path / "config.json"
    file.write_text(json.dumps(config), "utf-8")
    sheet = write_sheet(tmp_path, DECODER)
    assert_same_everywhere(
        printed, str(file), sheet, head=head, expected=expected, weights=weights, parameters=parameters
    )


def test_a_torch_module(printed: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    (tmp_path / "tied_module.py").write_text(MODULE, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    sheet = write_sheet(tmp_path, DECODER)
    weights = 256 * 28672 + 256**2
    assert_same_everywhere(
        printed,
        "tied_module:make",
        sheet,
        head="head",
        expected=MODULE_TILES,
        weights=weights,
        parameters=weights + 256,
    )


def test_a_table_on_tiles_and_its_head_are_one_matrix(printed: Printed, tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path, DECODER)
    shown = printed("inspect", sheet, "--tile", "512x512", "--seq-len", "8", "--analog", "embeddings.word")
    tiles = {row["name"]: row["tiles"] for row in shown["operators"]}
    # 50257 x 768 read from its rows and, by the head, from its columns: ⌈50257/512⌉ · ⌈768/512⌉ = 99 · 2, once.
    assert (tiles["embeddings.word"], tiles["lm_head"]) == (198, 0)
