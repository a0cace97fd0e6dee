"""Sentences that repeat a field: the same number is right in each, and another one is found and quoted."""

from __future__ import annotations

import pytest
from finding_places import hold_places

from factsheet.checks.engine import check_document
from factsheet.source.loader import load_bytes

START = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"
ENCODER = (
    "model_architecture: {transformer_encoder: {layers: 12, hidden_size: 768, heads: 16, intermediate_size: 3072,"
    " vocabulary: 30522, positions: 512}}\n"
)
MLP = "model_architecture: {mlp: {sizes: [784, 128, 64, 10]}}\n"
TABLE = (
    "  results:\n    - name: T\n      metric: accuracy\n      systems: [{id: c, name: Chip}]\n      tasks:\n"
    "        - {task: A, classes: 7, scores: {c: 90 %}}\n        - {task: B, classes: 7, scores: {c: 90 %}}\n"
    "        - {task: C, classes: 7, scores: {c: 90 %}}\n"
)
WITH_TABLE = "performance:\n" + TABLE


def said(text: str) -> list[str]:
    """Messages on figures in prose that differ from fields."""
    whole = START + text
    found = check_document(load_bytes(whole.encode(), "x"), "x").diagnostics
    broken = [item.message for item in found if item.rule_id.startswith("FS1")]
    assert not broken, broken
    hold_places(whole, found)
    return [item.message for item in found if item.rule_id == "FS607"]


@pytest.mark.parametrize(
    ("fields", "sentence", "right", "wrong"),
    [
        (ENCODER, "The network has {} layers.", "12", "24"),
        (ENCODER, "The network has {} layers.", "twelve", "two dozen"),
        (ENCODER, "It is a {}-layer network.", "12", "13"),
        (ENCODER, "It has {} encoder layers.", "12", "6"),
        (ENCODER, "It has {} encoder blocks.", "12", "6"),
        (ENCODER, "The encoder has {} blocks.", "12", "6"),
        (ENCODER, "It has {} attention heads.", "16", "12"),
        (ENCODER, "It has {} attention heads.", "192", "144"),  # 12 layers of 16
        (ENCODER, "The network has {} heads.", "16", "12"),
        (ENCODER, "It has a vocabulary of {}.", "30,522", "30,000"),
        (ENCODER, "It has a vocabulary size of {}.", "30522", "32000"),
        (ENCODER, "It has a hidden size of {}.", "768", "1024"),
        (ENCODER, "It has a hidden dimension of {}.", "768", "1024"),
        (ENCODER, "It has an intermediate size of {}.", "3072", "4096"),
        (ENCODER, "It has a feed-forward width of {}.", "3,072", "4,096"),
        (ENCODER, "Its feed-forward width is {} times the hidden size.", "4", "3"),
        (ENCODER, "It has a context of {} tokens.", "512", "1024"),
        (MLP, "It has {} dense layers.", "3", "4"),
        (MLP, "The network has {} fully connected layers.", "three", "four"),
        (MLP, "The network has {} layers.", "3", "5"),
        (MLP, "The network has {} layers.", "2", "5"),  # hidden ones
        (MLP, "The network has {} inputs.", "784", "1024"),
        (MLP, "The network has {} outputs.", "10", "12"),
        (
            "parameters: {parameters: 110 million}\n",
            "The model has {} parameters.",
            "110 million",
            "340 million",
        ),
        ("parameters: {parameters: 110 million}\n", "The model has {} trainable parameters.", "110M", "340M"),
        (
            "parameters: {analog_weights: 85 million}\n",
            "It has {} analog weights.",
            "85 million",
            "110 million",
        ),
        ("parameters: {devices: 34 million}\n", "It has {} PCM devices.", "34 million", "17 million"),
        ("parameters: {tiles: 480}\n", "The chip has {} tiles.", "480", "512"),
        (
            "parameters: {tile: {rows: 512, cols: 512, devices_per_weight: 4}}\n",
            "There are {} devices per weight.",
            "4",
            "two",
        ),
        (
            "parameters: {tile: {rows: 512, cols: 512}}\n",
            "It has tiles of {}.",
            "512 x 512",
            "256 x 256",
        ),
        ("hwa_training: {adc_bits: 8}\n", "It has {}-bit ADCs.", "8", "6"),
        ("hwa_training: {dac_bits: 8}\n", "It has {}-bit DACs.", "8", "6"),
        ("hwa_training: {seeds: 5}\n", "The scores are means of {} seeds.", "5", "3"),
        ("hwa_training: {seeds: 5}\n", "The scores are means of {} random seeds.", "five", "three"),
        (WITH_TABLE, "The model was tested on all {} tasks.", "3", "4"),
        ("test_data: {name: D, size: 10000}\n", "There are {} test images.", "10,000", "60,000"),
        ("test_data: {name: D, size: 10000}\n", "It has {} images for testing.", "10,000", "60,000"),
        ("training_data: {name: D, size: 60000}\n", "There are {} training images.", "60,000", "10,000"),
        ("training_data: {name: D, size: 60000}\n", "It has {} images to train on.", "60,000", "10,000"),
        (
            "hardware: {inference: {chip: A chip, node: 14 nm}}\n",
            "The chip is made in {} technology.",
            "14 nm",
            "22 nm",
        ),
    ],
)
def test_a_number_in_a_sentence(fields: str, sentence: str, right: str, wrong: str) -> None:
    for number, found in ((right, False), (wrong, True)):
        place = f"purpose: {{summary: '{sentence.format(number)}'}}\n"
        messages = said(fields + place)
        assert bool(messages) is found, number
        assert not found or wrong in messages[0]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (ENCODER, "Other networks have 24 layers."),
        (ENCODER, "Of its layers, 6 are frozen."),
        (ENCODER, "The first 6 layers are frozen."),
        (ENCODER, "| model | 24 layers |"),
        (ENCODER, "BERT-large has 24 layers."),
        (ENCODER, "With 24 layers it would be slower."),
        ("parameters: {parameters: 110 million}\n", "A head of 1,538 parameters is added."),
        ("hwa_training: {adc_bits: 8}\n", "A 6-bit DAC would do."),
    ],
)
def test_a_number_that_is_of_something_else(fields: str, sentence: str) -> None:
    assert said(f"{fields}purpose: {{summary: '{sentence}'}}\n") == []
