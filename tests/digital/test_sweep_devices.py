"""Digital devices among the points of a sweep: rows beside those of chips, without tiles, and what is extrapolated."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import factsheet
from factsheet.cli.app import main
from factsheet.digital.roofline import estimate_digital
from factsheet.hardware.digital.profile import digital_profile_of
from factsheet.networks.declared import declared_network

BERT = str(Path(__file__).parents[2] / "sheets" / "bert.yaml")
CARD = "a100-int8-tensorrt"


def test_rows_are_the_estimates(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["sweep", BERT, "--hardware", f"ibm-2022,{CARD}", "--seq-len", "32,128", "--batch", "1,4"]
    assert main([*command, "--format", "csv"]) == 0
    shown = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    assert len(rows) == 8
    network = declared_network(factsheet.load(BERT).model_architecture, 128)
    found = estimate_digital(network, digital_profile_of(CARD), batch=4, seq_len=128)
    point = ("128", "4")
    (row,) = (one for one in rows if (one["seq_len"], one["batch"]) == point and one["hardware"] == CARD)
    assert found.energy is not None
    assert float(row["latency_s"]) == pytest.approx(found.latency)
    assert float(row["energy_per_inference_j"]) == pytest.approx(found.energy)
    assert float(row["latency_low_s"]) < found.latency < float(row["latency_high_s"])
    assert float(row["power_w"]) * float(row["latency_s"]) / 4 == pytest.approx(found.energy)
    assert row["structure"] == "digital"
    assert row["tiles"] == row["area_mm2"] == ""
    (short,) = (
        one for one in rows if (one["seq_len"], one["batch"]) == ("32", "4") and one["hardware"] == CARD
    )
    assert short["latency_low_s"] == ""
    assert "beyond what was timed are extrapolations" in shown.err


def test_devices_alone_need_no_chip_of_the_sheet(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sheet = tmp_path / "s.yaml"
    sheet.write_text(
        "factsheet: 1\noverview: {name: A, model: B}\nmodel_architecture: {mlp: {sizes: [784, 256, 10]}}\n",
        encoding="utf-8",
    )
    assert main(["sweep", str(sheet), "--hardware", CARD, "--batch", "1"]) == 0
    assert "tiles" not in capsys.readouterr().out
    table = factsheet.sweep(str(sheet), batch=[1, 2], hardware=[CARD, "ibm-2022"], workers=1)
    hardware = [value for chunk in table.chunks for value in chunk.columns["hardware"]]
    assert sorted(map(str, hardware)) == [CARD, CARD, "ibm-2022", "ibm-2022"]


def test_a_front_of_devices_is_apart_as_that_of_each_execution_structure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["sweep", BERT, "--hardware", f"ibm-2022,{CARD}", "--seq-len", "128", "--batch", "1,128"]
    assert main([*command, "--pareto", "energy", "--format", "csv"]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert [row["batch"] for row in rows if row["hardware"] == CARD] == ["128"]
