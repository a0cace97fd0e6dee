"""Sizes: parameters, reuse, bytes and devices, and what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.recompute.facts import DerivedFact

    Facts = Callable[..., dict[str, DerivedFact]]


@pytest.mark.parametrize(
    ("claimed", "verdict", "derived", "words"),
    [
        # 109,482,240 parameters at 4, 2 and 1 bytes.
        ("438 MB", "rounds_to", 437_928_960, "fp32 explains the claim"),
        ("440 MB", "rounds_to", 437_928_960, "fp32 explains the claim"),
        ("219 MB", "rounds_to", 218_964_480, "fp16 explains the claim"),
        ("109.5 MB", "rounds_to", 109_482_240, "int8 explains the claim"),
        # The same in units of 1024²: 437,928,960 / 1,048,576 = 417.6.
        ("418 MiB", "rounds_to", 437_928_960, "fp32 explains the claim"),
        # Nearest to fp16.
        ("300 MB", "differs", 218_964_480, "in fp16"),
    ],
)
def test_the_size_on_disk_tells_the_precision(
    facts_of: Facts, claimed: str, verdict: str, derived: int, words: str
) -> None:
    fact = facts_of(performance={"size_on_disk": claimed})["performance.size_on_disk"]
    assert (fact.verdict.kind, fact.derived) == (verdict, derived)
    assert fact.note.startswith(words)


def test_an_open_embedding_leaves_parameters_and_bytes_open(facts_of: Facts) -> None:
    encoder = {"layers": 12, "hidden_size": 768, "heads": 12, "intermediate_size": 3072, "positions": 512}
    facts = facts_of(
        model_architecture={"transformer_encoder": encoder}, parameters={"parameters": "110 million"}
    )
    parameters = facts["parameters.parameters"]
    assert parameters.verdict.kind == "not_comparable"
    assert "the word embedding (`vocabulary` is not given)" in parameters.note
    assert facts["performance.size_on_disk"].verdict.kind == "not_comparable"
    assert facts["parameters.analog_weights"].derived == 84_934_656


def test_devices_need_to_know_how_many_hold_a_weight(facts_of: Facts) -> None:
    tile: dict[str, Any] = {"rows": 512, "cols": 512}
    facts = facts_of(parameters={"tile": tile, "devices": "170 million"})
    assert facts["parameters.devices"].note == "the sheet does not say how many devices hold a weight"
    # Two pairs of conductances a weight.
    four = facts_of(parameters={"tile": {**tile, "devices_per_weight": 4}, "devices": "340 million"})
    assert (four["parameters.devices"].derived, four["parameters.devices"].verdict.kind) == (
        339_738_624,
        "rounds_to",
    )


def test_a_chip_area_is_not_compared_with_tiles(facts_of: Facts) -> None:
    facts = facts_of(
        parameters={"tile": {"rows": 512, "cols": 512}}, performance={"size_on_chip": "780.4 mm²"}
    )
    fact = facts["performance.size_on_chip"]
    assert fact.verdict.kind == "not_comparable"
    assert fact.note.startswith("an area is claimed")


@pytest.mark.parametrize(("claimed", "verdict"), [("480 tiles", "agrees"), ("481 tiles", "differs")])
def test_a_number_of_tiles_is(facts_of: Facts, claimed: str, verdict: str) -> None:
    facts = facts_of(parameters={"tile": {"rows": 512, "cols": 512}}, performance={"size_on_chip": claimed})
    assert facts["performance.size_on_chip"].verdict.kind == verdict


def test_what_was_assumed_is_said_where_it_matters(facts_of: Facts) -> None:
    encoder = {"layers": 1, "hidden_size": 8, "heads": 2, "intermediate_size": 16}
    tables = {"vocabulary": 10, "positions": 4, "token_types": 0}
    facts = facts_of(
        model_architecture={"transformer_encoder": {**encoder, **tables}},
        parameters={"tile": {"rows": 4, "cols": 4}},
    )
    assert "pooler" in facts["parameters.parameters"].note
    assert "query, key and value" in facts["parameters.tiles"].note
    # By hand: 10 · 8 + 4 · 8 + 16, then 4 · (64 + 8) + (128 + 16) + (128 + 8) + 2 · 16.
    assert facts["parameters.parameters"].derived == 128 + 288 + 144 + 136 + 32
