"""The operating point: which one is taken, and which of the sheet's figures hold there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.errors import DeriveError
from factsheet.networks.operators import Network, Size
from factsheet.recompute.engine import recompute
from factsheet.recompute.points import ChosenPoint
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields

    Build = Callable[..., SheetFields]

POINTS = [
    {"seq_len": 32, "batch": 4, "analog_ops": "21.74 G ops"},
    {"seq_len": 32, "batch": 1, "analog_ops": "5.436 G ops"},
    {"seq_len": 128, "batch": "not stated", "analog_ops": "21.74 G ops"},
]


def chosen(sheet: SheetFields, **asked: Any) -> tuple[int | None, int | None, int | None]:
    point = recompute(sheet, Request(**asked)).point
    return point.seq_len, point.batch, point.index


@pytest.mark.parametrize(
    ("asked", "point"),
    [
        ({}, (32, 4, 0)),
        ({"seq_len": 32}, (32, 4, 0)),
        ({"batch": 1}, (32, 1, 1)),
        ({"seq_len": 32, "batch": 1}, (32, 1, 1)),
        ({"seq_len": 32, "batch": 2}, (32, 2, None)),
        ({"seq_len": 128}, (128, None, 2)),
        ({"seq_len": 128, "batch": 3}, (128, 3, 2)),
        ({"seq_len": 64}, (64, 4, None)),
        # The third row is open about its batch, so that it agrees with a batch that no other row has.
        ({"batch": 8}, (128, 8, 2)),
    ],
)
def test_what_is_asked_for_comes_first_then_the_row_that_agrees_then_the_first(
    sheet_with: Build, asked: dict[str, int], point: tuple[int, int | None, int | None]
) -> None:
    assert chosen(sheet_with(parameters={"operating_points": POINTS}), **asked) == point


def test_a_row_with_the_batch_comes_before_one_that_leaves_it_open(sheet_with: Build) -> None:
    rows = [
        {"seq_len": 32, "batch": "not stated", "analog_ops": "1 G ops"},
        {"seq_len": 32, "batch": 4, "analog_ops": "21.74 G ops"},
    ]
    sheet = sheet_with(parameters={"operating_points": rows})
    assert chosen(sheet, batch=4) == (32, 4, 1)
    assert chosen(sheet, seq_len=32, batch=4) == (32, 4, 1)
    assert chosen(sheet, seq_len=32, batch=2) == (32, 2, 0)
    facts = {fact.name: fact for fact in recompute(sheet, Request(batch=4)).facts}
    # 84,934,656 weights for 128 tokens, 2 operations each: 21,743,271,936.
    assert facts["analog_ops"].verdict.kind == "rounds_to"


def test_a_row_is_compared_at_its_own_point(sheet_with: Build) -> None:
    # 84,934,656 · 32 · 2 = 5,435,817,984.
    facts = recompute(sheet_with(parameters={"operating_points": POINTS}), Request(batch=1)).facts
    fact = next(fact for fact in facts if fact.name == "analog_ops")
    assert fact.path == "parameters.operating_points[1].analog_ops"
    assert (fact.derived, fact.verdict.kind) == (5_435_817_984, "rounds_to")


def test_a_claim_elsewhere_is_not_compared(sheet_with: Build) -> None:
    facts = recompute(sheet_with(parameters={"operating_points": POINTS}), Request(seq_len=64)).facts
    fact = next(fact for fact in facts if fact.name == "analog_ops")
    assert (fact.path, fact.claimed, fact.verdict.kind) == ("derived.analog_ops", None, "unclaimed")


def test_a_batch_that_is_not_stated_leaves_operations_open(sheet_with: Build) -> None:
    derivation = recompute(sheet_with(parameters={"operating_points": POINTS[2:]}))
    fact = next(fact for fact in derivation.facts if fact.name == "total_ops")
    assert (fact.verdict.kind, fact.derived) == ("not_comparable", None)
    assert fact.note == "no batch is stated or given"
    assert derivation.totals.parameters == 109_482_240  # needs no operating point
    assert derivation.totals.analog_ops is None
    assert {layer.ops for layer in derivation.layers} == {None}


def test_a_sheet_without_an_operating_point_still_has_sizes(sheet_with: Build) -> None:
    derivation = recompute(sheet_with(parameters={"tile": {"rows": 512, "cols": 512}}))
    assert derivation.totals.tiles == 480
    assert {layer.reuse for layer in derivation.layers} == {None}
    fact = next(fact for fact in derivation.facts if fact.name == "analog_ops")
    assert fact.note == "no sequence length and no batch is stated or given"


def test_figures_without_a_point_are_read_at_the_first_one_only(sheet_with: Build) -> None:
    sheet = sheet_with(
        parameters={"operating_points": POINTS, "power": "2 W"},
        performance={"classification_time": "2 ms", "energy_efficiency": "1000 inferences/s/W"},
    )
    first = {fact.name: fact for fact in recompute(sheet).facts}
    assert first["energy"].derived == pytest.approx(4e-3)
    assert "parameters.power" in first["energy"].note
    second = {fact.name: fact for fact in recompute(sheet, Request(batch=1)).facts}
    assert second["energy"].verdict.kind == "not_comparable"
    assert second["energy"].note == (
        "the sheet states no power and no execution time at sequence length 32 and batch 1"
    )


def test_a_figure_that_states_its_point_holds_there(sheet_with: Build) -> None:
    power = {"value": "2 W", "at": {"seq_len": 32, "batch": 1}}
    time = {"value": "2 ms", "at": {"seq_len": 32, "batch": 1}}
    sheet = sheet_with(
        parameters={"operating_points": POINTS, "power": power}, performance={"classification_time": time}
    )
    energy = {fact.name: fact for fact in recompute(sheet, Request(batch=1)).facts}["energy"]
    assert energy.derived == pytest.approx(4e-3)
    assert energy.note == ""
    assert {fact.name: fact for fact in recompute(sheet).facts}["energy"].verdict.kind == "not_comparable"


def test_where_no_point_is_stated_figures_are_read_at_the_one_given(sheet_with: Build) -> None:
    sheet = sheet_with(parameters={"power": "2 W"}, performance={"classification_time": "2 ms"})
    facts = {fact.name: fact for fact in recompute(sheet, Request(seq_len=8, batch=2)).facts}
    assert facts["throughput"].derived == pytest.approx(1000)


@pytest.mark.parametrize(
    "asked", [{"seq_len": 0}, {"batch": -1}, {"seq_len": 10**15 + 1}, {"batch": 10**400}]
)
def test_a_point_out_of_range_is_refused(sheet_with: Build, asked: dict[str, Any]) -> None:
    with pytest.raises(DeriveError, match="out of range"):
        recompute(sheet_with(), Request(**asked))


def test_an_unknown_convention_is_refused(sheet_with: Build) -> None:
    with pytest.raises(DeriveError) as raised:
        recompute(sheet_with(), Request(convention="consistant"))
    assert "did you mean `consistent`?" in raised.value.help
    assert raised.value.help in raised.value.diagnostics()


def test_a_sequence_that_is_too_long_spoils_operations_and_not_sizes(sheet_with: Build) -> None:
    derivation = recompute(
        sheet_with(parameters={"tile": {"rows": 512, "cols": 512}}), Request(seq_len=513, batch=1)
    )
    assert derivation.problem is not None
    assert derivation.problem.place == "model_architecture.transformer_encoder.positions"
    assert (derivation.totals.tiles, derivation.totals.total_ops) == (480, None)
    assert {layer.reuse for layer in derivation.layers} == {None}


def test_a_length_that_no_row_states_is_not_named_where_no_network_is_declared(sheet_with: Build) -> None:
    sheet = sheet_with(model_architecture=None, parameters={"operating_points": [{"batch": 1}]})
    point = recompute(sheet).point
    assert point.without_length
    assert point.words == "batch 1"
    stated = sheet_with(
        model_architecture=None, parameters={"operating_points": [{"seq_len": 1, "batch": 1}]}
    )
    assert recompute(stated).point.words == "sequence length 1 and batch 1"


@pytest.mark.parametrize(
    ("point", "usual", "words"),
    [
        (ChosenPoint(32, 4), "sequence", "sequence length 32 and batch 4"),
        (ChosenPoint(None, 4), "inference", "an unknown sequence length and batch 4"),
        (ChosenPoint(32, 4, without_length=True), "inference", "batch 4"),
        (ChosenPoint(None, None, without_length=True), "inference", "an unknown batch"),
    ],
)
def test_what_an_inference_is_at_a_point(point: ChosenPoint, usual: str, words: str) -> None:
    assert (point.usual_inference, point.words) == (usual, words)


SIZES = (
    Size("sequence length", "128", "assumed"),
    Size("batch", "2", "declared"),
    Size("height", "8", "declared"),
)


@pytest.mark.parametrize(
    ("point", "network", "names"),
    [
        (ChosenPoint(128, 4), True, ["sequence length", "batch of the source", "height", "batch"]),
        # Sizes of weights need no length: one that was taken for them alone is not named.
        (ChosenPoint(None, 4), True, ["batch of the source", "height", "batch"]),
        (ChosenPoint(128, None), True, ["sequence length", "batch of the source", "height"]),
        (ChosenPoint(128, 4), False, ["sequence length", "batch"]),
        (ChosenPoint(None, 4), False, ["batch"]),
        (ChosenPoint(128, 4, without_length=True), False, ["batch"]),
    ],
)
def test_what_a_network_was_worked_out_for(point: ChosenPoint, network: bool, names: list[str]) -> None:
    found = point.sizes(Network("n", (), sizes=SIZES) if network else None)
    assert [size.name for size in found] == names
