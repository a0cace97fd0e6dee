"""`factsheet derive` with a number of chips, packing, fusion and copies: what fits, what stays out, what it costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from factsheet.cli.app import main
from factsheet.cli.exits import screen, status_of
from factsheet.errors import FactsheetError

ROOT = Path(__file__).parents[2]
BERT = str(ROOT / "sheets" / "bert.yaml")
ALBERT = str(ROOT / "sheets" / "albert.yaml")
PROFILE = """\
profile: 1
name: own
title: A chip of the tests
rows: {value: 512, unit: weights, standing: published, source: a test}
cols: {value: 512, unit: weights, standing: published, source: a test}
devices_per_weight: {value: 2, unit: devices, standing: published, source: a test}
times: {mvm: {value: 100, unit: ns, standing: published, source: a test}}
tile: {mvm_energy: {value: 2, unit: nJ, standing: published, source: a test}}
tiles_per_chip: {value: 60, unit: tiles, standing: published, source: a test}
shares_tiles: {value: true, standing: published, source: a test}
"""
# Layers of 400 x 100 and 100 x 100, one tile each, 1,000 and 250 vectors of one sequence.
PAIR = """\
factsheet: 1
overview: {name: Two layers, model: two}
model_architecture:
  operators:
    - {name: early, rows: 400, cols: 100, calls: 1000}
    - {name: late, rows: 100, cols: 100, calls: 250}
"""


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_text(PROFILE, "utf-8")
    Path("pair.yaml").write_text(PAIR, "utf-8")


def chip_of(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> dict[str, Any]:
    """The chip's part of the JSON form."""
    assert main(["derive", "--format", "json", *arguments]) == status
    found = json.loads(capsys.readouterr().out)["chip"]
    assert isinstance(found, dict)
    return found


def text_of(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert main(["derive", *arguments]) == status
    return capsys.readouterr().out


def test_twice_the_tiles_of_the_slowest_layer_halve_its_stage(capsys: pytest.CaptureFixture[str]) -> None:
    plain = ("pair.yaml", "--hardware", "own.yaml", "--seq-len", "1", "--batch", "1")
    once, twice = (chip_of(capsys, *plain, *more)["estimate"] for more in ((), ("--balance", "3")))
    assert (once["tiles"], twice["tiles"]) == (2, 3)
    assert twice["copies"] == {"early": 2}
    # 1,000 vectors of 100 ns, then 500.
    assert once["totals"]["latency"]["value"] == pytest.approx(1000 * 100e-9)
    assert twice["totals"]["latency"]["value"] == pytest.approx(500 * 100e-9)
    text = text_of(capsys, *plain, "--balance", "3")
    assert "Copies: 2 each of early" in text
    assert "  chip: 1 stored matrix has copies, which share the vectors\n" in text


def test_copies_that_do_not_fit_are_said_to_be_none(capsys: pytest.CaptureFixture[str]) -> None:
    plain = ("pair.yaml", "--hardware", "own.yaml", "--seq-len", "1", "--batch", "1")
    assert "Copies: none; 2 tiles are too few" in text_of(capsys, *plain, "--balance", "2")


def test_how_many_chips_it_takes_is_said_without_being_asked(capsys: pytest.CaptureFixture[str]) -> None:
    # 480 tiles (IBM's 3D-CiM-LLM-Inference-Simulator) on chips of 60.
    assert "480 tiles on 8 chips of 60, 0 to spare" in text_of(capsys, BERT, "--hardware", "own.yaml")


def test_each_chip_says_what_lies_on_it(capsys: pytest.CaptureFixture[str]) -> None:
    # 40 tiles a block: a block and a half on each chip of 60.
    text = text_of(capsys, BERT, "--hardware", "own.yaml", "--chips", "8")
    assert "  chip 1: layer.0.query to layer.1.intermediate\n" in text
    assert "  chip 2: layer.1.intermediate to layer.2.output\n" in text
    found = chip_of(capsys, BERT, "--hardware", "own.yaml")["estimate"]["placements"]
    assert found[0] == {"name": "layer.0.query", "first": 1, "last": 1}
    assert {"name": "layer.1.intermediate", "first": 1, "last": 2} in found
    many = text_of(capsys, BERT, "--hardware", "hermes-64", "--chips", "21")
    assert "  chip 16: " in many
    assert "  and 5 chips more" in many


def test_what_finds_no_place_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (BERT, "--hardware", "own.yaml", "--chips", "7")
    assert main(["derive", *arguments]) == 1
    out, complaint = capsys.readouterr()
    # 420 tiles hold 10 blocks of 40, then 20 are left: 4 matrices of 4, and none of 12.
    assert "the network takes 480 tiles, and there are 420. No place for:" in out
    assert "  layer.10.intermediate, layer.10.output, layer.11.query, " not in out
    assert "allow 8 chips" in out
    assert "layer.10.intermediate" in complaint
    found = chip_of(capsys, *arguments, status=1)
    assert found["estimate"] is None
    assert found["problem"] == "the network takes 480 tiles, and there are 420"
    assert found["left_out"] == [
        "layer.10.intermediate",
        "layer.10.output",
        *(f"layer.11.{name}" for name in ("key", "value", "attention_output", "intermediate", "output")),
    ]


def test_albert_on_its_chip(capsys: pytest.CaptureFixture[str]) -> None:
    # 38 tiles with query, key and value fused, as the sheet declares them; the chip has 34, and FC2 takes 12.
    out = text_of(capsys, ALBERT, "--batch", "1", "--chips", "1", status=1)
    assert "the network takes 38 tiles, and there are 34. No place for:\n  layer.0.output\n" in out
    assert "38 tiles on 2 chips of 34, 30 to spare" in text_of(capsys, ALBERT, "--batch", "1", "--chips", "2")


def test_projections_stored_as_one_take_fewer_tiles(capsys: pytest.CaptureFixture[str]) -> None:
    # 768 x 2,304 takes 10 tiles, three of 768 x 768 take 12: 456 in all.
    assert chip_of(capsys, BERT, "--fuse-qkv")["estimate"]["tiles"] == 480 - 12 * 2
    assert "456 tiles" in text_of(capsys, BERT, "--fuse-qkv")


def test_small_matrices_share_tiles_where_the_chip_allows_it(capsys: pytest.CaptureFixture[str]) -> None:
    plain = ("pair.yaml", "--hardware", "own.yaml", "--seq-len", "1", "--batch", "1")
    # 400 + 100 rows and 100 + 100 columns fit on one diagonal.
    found = chip_of(capsys, *plain, "--pack", "diagonal")["estimate"]
    assert (found["tiles"], found["packing"]) == (1, "diagonal")
    assert found["totals"]["latency"]["value"] == pytest.approx(1000 * 100e-9)
    assert "small matrices packed, dense" in text_of(capsys, *plain, "--pack", "dense")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((BERT, "--pack", "dense"), "matrices cannot share a tile of ibm-2022"),
        ((BERT, "--chips", "3"), "ibm-2022 does not say how many tiles a chip has"),
        (("pair.yaml", "--chips", "3"), "there is no estimate of one: no hardware profile is named"),
    ],
)
def test_a_mapping_that_the_chip_does_not_allow_is_refused(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(FactsheetError) as caught:
        main(["derive", *arguments])
    assert status_of(caught.value) == 2
    assert message in screen(caught.value)


def test_another_chip_is_used_with_its_own_tile(capsys: pytest.CaptureFixture[str]) -> None:
    # 768 / 256 = 3 and 3,072 / 256 = 12: 4 · 9 + 2 · 36 tiles a block, on cores of 256 x 256.
    assert "1,296 tiles on 21 chips of 64" in text_of(capsys, BERT, "--hardware", "hermes-64")
    assert "480 tiles on 30 chips of 16" in text_of(capsys, BERT, "--hardware", "hermes-64", "--tile", "512")


@pytest.mark.parametrize("command", [("derive", BERT), ("sweep", BERT), ("hardware", "show", "own.yaml")])
def test_a_profile_that_no_chip_can_have_does_not_pass_in_silence(
    capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    Path("own.yaml").write_text(PROFILE.replace("value: 100, unit: ns", "value: 1, unit: fs"), "utf-8")
    assert main([*command, *(() if "hardware" in command else ("--hardware", "own.yaml"))]) == 0
    complaint = capsys.readouterr().err
    assert "own.yaml:7:22: `1 fs` is below 100 ps, beyond what any chip can do" in complaint
    assert "`factsheet hardware check own.yaml` says why" in complaint
