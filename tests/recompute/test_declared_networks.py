"""What is said of the networks that a declaration allows, and beside a network's totals: numbers by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.networks.operators import Network, Size, StaticMatmul
from factsheet.networks.policy import Policy
from factsheet.recompute import interpretations as allowed
from factsheet.recompute.derivation import network_notes
from factsheet.recompute.engine import recompute
from factsheet.recompute.explanation import explain
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.networks.declared import Declaration
    from factsheet.networks.family import Run
    from factsheet.sheet.model import SheetFields

    SheetWith = Callable[..., SheetFields]

ENCODER = {
    "layers": 1,
    "hidden_size": 8,
    "heads": 2,
    "intermediate_size": 16,
    "vocabulary": 20,
    "positions": 16,
}


def declaration(sheet_with: SheetWith, **shape: Any) -> tuple[Declaration, SheetFields]:
    table = {
        "name": "T",
        "metric": "accuracy",
        "systems": [{"id": "c", "name": "Chip"}],
        "tasks": [{"task": "A", "type": "regression", "scores": {"c": "90 %"}}],
    }
    sheet = sheet_with(
        model_architecture={"transformer_encoder": {**ENCODER, **shape}}, performance={"results": [table]}
    )
    known = allowed.declared(sheet)
    assert known is not None
    return known, sheet


def test_each_network_is_said_with_what_completes_the_declaration(sheet_with: SheetWith) -> None:
    known, sheet = declaration(sheet_with, pooler=False, fused_qkv=False)
    words = [one.words for one in allowed.interpretations(known, sheet)]
    assert words[0] == ""
    assert "an output layer of 1 value counts" in words
    assert "an output layer of 2 values counts" in words
    known, _ = declaration(sheet_with, fused_qkv=False, classes=2)
    words = [one.words for one in allowed.interpretations(known)]
    assert [word for word in words if "output layer" in word] == []
    assert {"`pooler: true`", "`pooler: true` and `pooler_on_tiles: true`"} & set(words)
    assert not any("True" in word or "False" in word for word in words)


def test_networks_that_are_not_tried_are_counted(
    sheet_with: SheetWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, _ = declaration(sheet_with, classes=2)
    total = len(list(allowed.interpretations(known)))
    operators = len(allowed.network_of(known.structure, 1).operators)
    assert total > 3
    assert allowed.untried(known, None) == ""
    for tried, words in (
        (total, ""),
        (total - 1, "the one interpretation of this large network that is not tried fits"),
        (total - 2, "one of the 2 interpretations of this large network that are not tried fits"),
        (0, f"one of the {total - 1} interpretations of this large network that are not tried fits"),
    ):
        monkeypatch.setattr(allowed, "MOST_OPERATORS", tried * operators)
        assert allowed.untried(known, None) == words
        assert allowed.affordable(known) == max(1, tried)
        monkeypatch.setattr(allowed, "MOST_OPERATORS", tried * operators * 3)
        assert allowed.untried(known, None, 3) == words


def test_a_network_is_large_beyond_a_number_of_operators(
    sheet_with: SheetWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, _ = declaration(sheet_with)
    operators = len(allowed.network_of(known.structure, 1).operators)
    for most, large in ((operators - 1, True), (operators, False)):
        monkeypatch.setattr(allowed, "_LARGE", most)
        assert allowed.is_large(known) is large


def matrix(name: str, **others: Any) -> StaticMatmul:
    return StaticMatmul(name, "", 4, 3, 1, **others)


def test_a_matrix_counts_as_often_as_it_is_used_at_most() -> None:
    # Twice through one matrix of 4 x 3, once through another: 24 weights stored, 12 of them used twice.
    twice = (matrix("a", stored_as="w"), matrix("b", stored_as="w"), matrix("c"))
    found = allowed.sizes_of(Network("n", twice))
    assert (found.analog_weights, found.matrix_weights, found.reuse_factor) == (24, 24, 2)
    assert allowed.sizes_of(Network("n", twice[2:])).reuse_factor == 1
    assert allowed.sizes_of(Network("n", (matrix("d", on="digital"),))).reuse_factor == 1


def notes(network: Network, **asked: Any) -> list[str]:
    return list(network_notes(network, Request(**asked)))


def test_tensors_without_use_are_named_up_to_five_with_what_they_store() -> None:
    def said(count: int) -> str:
        unreached = {f"u{n}": 1000 for n in range(count)}
        tensors = {"a": 12, **unreached}
        (line,) = [
            line
            for line in notes(Network("n", (matrix("a"),), tensors=tensors, unreached=unreached))
            if "nothing in this run uses" in line
        ]
        return line

    five = "nothing in this run uses u0, u1, u2, u3, u4"
    assert said(5).startswith(f"{five} (5,000 stored numbers): parameters include")
    assert said(6).startswith(f"{five} and 1 more (6,000 stored numbers)")
    assert said(1).startswith("nothing in this run uses u0 (1,000 stored numbers)")


def test_notes_of_a_network_stand_beside_its_totals() -> None:
    assert "the other branch was counted" in notes(
        Network("n", (matrix("a"),), notes=("the other branch was counted",))
    )
    assert "biases are assumed" in notes(
        Network("n", (matrix("a"),), assumed={"biases": "biases are assumed"})
    )


def test_a_length_that_changes_nothing_is_said_to() -> None:
    words = "the sequence length that was asked for changes nothing"

    def said(network: Network, seq_len: int | None) -> bool:
        return any(line.startswith(words) for line in notes(network, seq_len=seq_len))

    image = Network("n", (matrix("a"),), sizes=(Size("image", "8 x 8", "declared"),))
    assert said(image, 4)
    assert not said(image, None)
    assert not said(Network("n", (matrix("a"),)), 4)


def test_a_decode_step_says_how_many_tokens_are_cached(sheet_with: SheetWith) -> None:
    decoder = {
        "layers": 1,
        "hidden_size": 8,
        "heads": 2,
        "intermediate_size": 16,
        "vocabulary": 20,
        "positions": 4000,
    }
    sheet = sheet_with(model_architecture={"transformer_decoder": decoder})

    def said(**asked: Any) -> list[str]:
        return [note for note in recompute(sheet, Request(**asked)).notes if "decode step" in note]

    assert said(cache_length=1500) == [
        "one decode step on 1,500 cached tokens; it meets their keys and its own"
    ]
    assert said(decode=True, seq_len=32) == [
        "one decode step on 32 cached tokens; it meets their keys and its own"
    ]
    assert said(seq_len=32) == []


def test_a_request_says_what_of_it_was_asked_for() -> None:
    def asked(**given: Any) -> Run:
        return Request(**given).run(7)

    assert asked().cache_length is None
    assert asked(decode=True).cache_length == 7
    assert asked(cache_length=3).cache_length == 3
    assert asked(decode=True, cache_length=3).cache_length == 3
    assert asked(seq_len=7, batch=2).asked == {"seq_len", "batch"}
    for elsewhere in ({"decode": True}, {"cache_length": 0}, {"image_size": (8, 8)}, {"dims": (("n", 2),)}):
        assert Request(**elsewhere).elsewhere
        assert not Request(**elsewhere).own_network
    assert not Request(seq_len=7, batch=2).elsewhere
    assert Request(seq_len=7, batch=2).own_network
    assert not Request(model="config.json").own_network
    assert not Request(policy=Policy(digital=("head",))).own_network


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        # 40 x 30 and 30 x 10 weights.
        ("1500", "the sheet claims 1500: the same"),
        ("1.5k", "the sheet claims 1.5k: the same"),
        ("1600", "the sheet claims 1600: they differ (relative difference -6.25%)"),
        (
            {"value": "1600", "tolerance": {"within": "10 %", "reason": "Spare."}},
            "the sheet claims 1600: inside the tolerance that the sheet states (Spare.) (relative difference -6.25%)",
        ),
    ],
)
def test_a_claim_is_compared_in_words(sheet_with: SheetWith, claim: Any, words: str) -> None:
    sheet = sheet_with(
        model_architecture={"mlp": {"sizes": [40, 30, 10], "biases": False}},
        parameters={"analog_weights": claim},
    )
    (line,) = [line for line in explain(recompute(sheet), "analog_weights") if line.startswith("the sheet")]
    assert line == words
