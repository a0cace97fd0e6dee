"""Sizes that no network has are refused before any work, whichever file states them, in one short message."""

from __future__ import annotations

import json
import re
import struct
from typing import TYPE_CHECKING

import pytest

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.hub.configs import config_at
from factsheet.networks.from_models.stored.header import read_header
from factsheet.networks.limits import MOST_LAYERS, MOST_STORED, MOST_WORK, shown_whole
from factsheet.networks.operators import DynamicMatmul, Lookup, Network, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from factsheet.networks.operators import Operator

LONGEST = 400
"""Characters of one message, which says where, what, why and what to do."""


def said(error: WorkloadError) -> str:
    text = error.diagnostics()
    assert len(text) < LONGEST
    assert all((error.message, error.why, error.help))
    return text


@pytest.mark.parametrize(
    ("operator", "what"),
    [
        # A convolution of 4 channels in 2^40 groups has 4 // 2^40 = 0 outputs a group.
        (StaticMatmul("conv", "conv", 36, 0, 64), "has weights of 36 x 0"),
        (StaticMatmul("fc", "fc", 10**12, 10**12, 1), "has weights of 1,000,000,000,000 x"),
        (StaticMatmul("fc", "fc", 8, 8, 10**400), "some 10^40"),
        (DynamicMatmul("scores", "scores", 1, 10**20, 10**20, 10**20), "some 10^60"),
        (Lookup("words", "words", 0, 8, 1), "has weights of 0 x 8"),
    ],
)
def test_an_operator_that_cannot_be_is_refused(operator: Operator, what: str) -> None:
    with pytest.raises(WorkloadError) as refused:
        Network("net", (operator,))
    assert f"{operator.name} " in said(refused.value)
    assert what in said(refused.value)


def test_networks_as_large_as_any_that_was_announced_are_taken() -> None:
    # Llama 3.1 405B: 53,248 x 16,384 in its feed-forward layers, 131,072 tokens (Grattafiori et al. 2024, table 3).
    widest = StaticMatmul("up", "up", 16_384, 53_248, 131_072)
    # BaGuaLu announced 174 trillion parameters (Ma et al., PPoPP 2022), most of them in experts.
    experts = StaticMatmul(
        "experts", "experts", 14_336, 57_344, 1, matrices=174 * 10**12 // (14_336 * 57_344)
    )
    assert Network("large", (widest, experts)).parameters < MOST_STORED
    assert widest.macs < MOST_WORK


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("hidden_size", 10**15),
        ("hidden_size", -5),
        ("num_hidden_layers", 10**12),
        ("image_size", -1),
        ("patch_size", 0),
        ("vocab_size", 10**39),
    ],
)
def test_a_config_with_a_size_that_cannot_be_is_refused(tmp_path: Path, key: str, number: int) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"model_type": "bert", key: number}))
    with pytest.raises(WorkloadError, match=f"`{key}` is {re.escape(shown_whole(number))}, and") as refused:
        config_at(path)
    said(refused.value)


@pytest.mark.parametrize(
    "text", ['{"a":' * 5000 + "1" + "}" * 5000, f'{{"hidden_size": {10**400}}}'], ids=["nesting", "digits"]
)
def test_a_config_is_no_deeper_and_has_no_longer_numbers_than_can_be_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.json"
    path.write_text(text)
    with pytest.raises(WorkloadError, match=r"nested too deeply|401 digits"):
        config_at(path)


def header(tensors: Mapping[str, object]) -> bytes:
    text = json.dumps(tensors).encode()
    return struct.pack("<Q", len(text)) + text


def test_a_place_of_a_tensor_that_no_file_has_is_said_in_a_few_digits(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    tensor = {"dtype": "F32", "shape": [1], "data_offsets": [0, 10**39]}
    path.write_bytes(header({"w": tensor}))
    with pytest.raises(WorkloadError, match=r"its place holds some 10\^39") as refused:
        read_header(path)
    said(refused.value)


def test_names_that_are_the_same_once_they_can_be_printed_are_told_apart_in_one_pass(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    empty = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    path.write_bytes(header({"w" * 1000 + str(n): empty for n in range(3000)} | {"": empty}))
    names = list(read_header(path).tensors)
    assert len(set(names)) == 3001
    assert [names[0][-2:], names[1][-3:], names[2999][-5:], names[3000]] == ["w…", "…@2", "@3000", "tensor@2"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (MOST_LAYERS, "4,096"),
        (-(10**12), "-1,000,000,000,000"),
        (10**400, "some 10^400"),
        pytest.param(-(10**5000), "some -10^5000", id="5,000 digits"),
    ],
)
def test_a_message_quotes_no_number_of_many_digits(number: int, words: str) -> None:
    assert shown_whole(number) == words
