"""`factsheet simulate --sensitivity`: its table, file, chart and facts, and what is left when it is stopped."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import factsheet
from factsheet.cli.exits import screen, status_of
from factsheet.cli.simulate.simulate_command import simulate
from factsheet.cli.simulate.simulate_setup import SimulateRequest
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import FactsheetError
from factsheet.networks.policy import Policy

pytest.importorskip("torch")

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "tests" / "functional"
SHEET = """\
factsheet: 1  # the version
overview: {name: Small, model: small}
model_architecture:
  operators:
    - {name: "0", rows: 16, cols: 12, calls: 1}
    - {name: "2", rows: 12, cols: 4, calls: 1}
"""
PROFILE = """\
profile: 1
name: own
title: A chip of one's own
rows: {value: 100, unit: weights, standing: published, source: A paper}
cols: {value: 50, unit: weights, standing: published, source: A paper}
devices_per_weight: {value: 2, unit: devices, standing: published, source: A paper}
times: {slot: {value: 10, unit: ns, standing: published, source: A paper}}
tile: {efficiency: {value: 20, unit: TOPS/W, standing: published, source: A paper}}
digital: {efficiency: {value: 5, unit: TOPS/W, standing: published, source: A paper}}
"""
# Of its two layers, the outputs of the second hardly count.
BRANCHES = """\
import torch
from torch import nn


class Sum(nn.Module):
    def __init__(self):
        super().__init__()
        generator = torch.Generator().manual_seed(1)
        self.loud, self.quiet = nn.Linear(16, 8), nn.Linear(16, 8)
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(torch.randn(parameter.shape, generator=generator))

    def forward(self, inputs):
        return self.loud(inputs) + 1e-6 * self.quiet(inputs)


def inputs():
    return torch.randn(64, 16, generator=torch.Generator().manual_seed(2))


def evaluate(network):
    with torch.no_grad():
        return -float((network(inputs()) - Sum()(inputs())).abs().mean())


def data():
    return evaluate
"""


def asked(**changed: Any) -> SimulateRequest:
    usual = SimulateRequest(
        source="study_models:model",
        times=["1d"],
        repeats=3,
        data="study_models:data",
        seed=3,
        tile=TileShape(8, 8),
        sensitivity=True,
    )
    return replace(usual, **changed)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory, with the tests' models within reach."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(MODELS))
    sys.modules.pop("branches", None)  # of another test
    (tmp_path / "branches.py").write_text(BRANCHES)
    return tmp_path


def branches(**changed: Any) -> SimulateRequest:
    """The sum of two layers of which one counts: in tiles as published, and no more than a hundredth may be lost."""
    usual: dict[str, Any] = {"source": "branches:Sum", "data": "branches:data", "accepted_loss": "0.01"}
    return asked(**{**usual, **changed})


def test_the_layer_that_counts_is_found_told_and_kept_digital(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(branches(output=here / "r.json", chart=here / "c.svg")) == 0
    text = capsys.readouterr().out
    found = json.loads((here / "r.json").read_text())
    assert found["schema"] == "factsheet.sensitivity/1"
    assert [layer["name"] for layer in found["layers"]] == ["loud", "quiet"]
    assert found["mapping"]["digital"] == ["loud"]
    assert found["mapping"]["on_tiles"] == ["quiet"]
    assert found["mapping"]["checks"][-1]["holds"] is True
    assert found["mapping"]["checks"][-1]["at_most"] <= 0.01
    assert "--digital loud" in text
    assert "check on 3 other chips" in text
    assert "Not shown: that no smaller set" in text
    assert text.index("loud") < text.index("quiet")
    assert not (here / "r.json.journal").exists()
    root = ET.parse(here / "c.svg").getroot()  # noqa: S314  our own file
    words = [element.text or "" for element in root.iter() if element.tag.endswith("text")]
    assert "loud" in words
    assert "drift" in words


def test_the_mapping_does_what_it_says_when_it_is_run(here: Path) -> None:
    simulate(branches(output=here / "r.json"))
    found = json.loads((here / "r.json").read_text())
    patterns = tuple(found["mapping"]["patterns"])
    # The chips of its check are those that follow the ones of the search: 3, 4 and 5.
    again = branches(
        sensitivity=False,
        accepted_loss=None,
        policy=Policy(digital=patterns),
        repeats=6,
        output=here / "d.json",
    )
    simulate(again)
    scores = json.loads((here / "d.json").read_text())["over_time"][0]["scores"]
    run = next(run for run in found["runs"] if run["variant"] == ["digital", "loud"])
    by_chip = dict(zip(run["chips"], run["scores"], strict=True))
    assert [by_chip[chip] for chip in range(6)] == scores


def test_what_the_mapping_costs_is_counted_by_hand(here: Path) -> None:
    (here / "own.yaml").write_text(PROFILE)
    simulate(branches(output=here / "r.json", profile="own.yaml", tile=None))
    cost = json.loads((here / "r.json").read_text())["mapping"]["cost"]
    # Each matrix of 16 x 8 takes one tile of 100 x 50; a product with it is 2 · 16 · 8 operations.
    assert cost["tiles"] == {"all_on_tiles": 2, "mapping": 1}
    assert cost["moved_ops"] == 2 * 16 * 8
    # 256 operations leave the tiles, where 1 J does 20 · 10¹² of them, for digital units, where it does 5 · 10¹².
    energy = cost["figures"]["energy"]
    assert energy["mapping"] - energy["all_on_tiles"] == pytest.approx(256 / 5e12 - 256 / 20e12)
    # The profile has an energy of a digital operation and no time: the one is charged, the other named.
    assert any("no time of a digital operation" in note for note in cost["notes"])
    assert not any("no energy of a digital operation" in note for note in cost["notes"])
    assert energy["bound"] == "at least"
    assert any("lower bound" in note for note in cost["notes"])
    (here / "own.yaml").write_text(PROFILE.partition("digital:")[0])
    simulate(branches(output=here / "r.json", profile="own.yaml", tile=None))
    cost = json.loads((here / "r.json").read_text())["mapping"]["cost"]
    energy = cost["figures"]["energy"]
    assert energy["all_on_tiles"] - energy["mapping"] == pytest.approx(256 / 20e12)
    assert any("no energy and no time of a digital operation" in note for note in cost["notes"])
    # What the tiles save for each operation, which a digital one may take: 1 / (20 TOPS/W).
    assert any("save 50 fJ for each operation" in note for note in cost["notes"])
    simulate(branches(output=here / "r.json"))
    cost = json.loads((here / "r.json").read_text())["mapping"]["cost"]
    assert "--profile" in cost["problem"]


def test_a_sheet_takes_losses_and_the_mapping_and_keeps_the_rest(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = here / "sheet.yaml"
    (here / "own.yaml").write_text(PROFILE)
    text = SHEET.replace('"0"', "loud").replace('"2", rows: 12, cols: 4', "quiet, rows: 16, cols: 8")
    sheet.write_text(text.replace("rows: 16, cols: 12", "rows: 16, cols: 8"))
    simulate(branches(write=sheet, profile="own.yaml"))
    written = sheet.read_text()
    assert written.startswith("factsheet: 1  # the version\n")
    read = factsheet.load(sheet)
    assert not [one for one in read.check() if one.severity == "error"]
    assert read.robustness is not None
    losses = read.robustness.sensitivity
    assert losses is not None
    assert losses.layers is not None
    assert [row.name for row in losses.layers] == ["loud", "quiet"]
    alone = losses.layers[0].alone
    assert alone is not None
    assert (alone.source, alone.evidence) == ("simulated", ("simulation-sensitivity",))
    assert losses.mapping is not None
    assert losses.mapping.energy is not None
    assert losses.mapping.energy.source == "derived"
    assert read.model_architecture is not None
    assert read.model_architecture.layout is not None
    assert read.model_architecture.layout.digital is not None
    assert read.model_architecture.layout.digital.items == ("loud",)
    assert {layer.name: layer.on for layer in read.derive(batch=1).layers} == {
        "loud": "digital",
        "quiet": "analog",
    }
    page = read.render("md")
    robustness = page[page.index("## Robustness") :].partition("\n## ")[0]
    assert "| loud " in robustness
    assert "| drift " in robustness
    assert "Not shown: that no smaller set" in robustness
    assert "origin not stated" not in robustness
    assert "lost with this layer alone on tiles" in read.render("html")  # a word of the drawing
    capsys.readouterr()
    simulate(branches(write=sheet, profile="own.yaml"))
    assert sheet.read_text() == written


def test_a_sheet_is_begun_from_the_results(here: Path) -> None:
    simulate(branches(output=here / "r.json"))
    found = json.loads((here / "r.json").read_text())
    begun = factsheet.loads(factsheet.new(here / "r.json", name="begun").text)
    assert begun.robustness is not None
    losses = begun.robustness.sensitivity
    assert losses is not None
    assert losses.layers is not None
    assert losses.noise_sources is not None
    assert [row.name for row in losses.layers] == ["loud", "quiet"]
    assert [row.name for row in losses.noise_sources] == [one["name"] for one in found["sources"]]
    alone, given = losses.layers[0].alone, found["layers"][0]["alone"]
    assert alone is not None
    assert alone.quantity is not None
    # Written to two digits of a percentage.
    assert (alone.quantity.low, alone.quantity.high) == pytest.approx(tuple(given["interval"]), abs=1.5e-4)
    flags = [found["layers"][1][side]["beyond_noise"] for side in ("alone", "won_back")]
    words = {
        (True, True): "both",
        (True, False): "alone",
        (False, True): "won back",
        (False, False): "neither",
    }
    assert losses.layers[1].beyond_noise is not None
    assert losses.layers[1].beyond_noise.words() == words[flags[0], flags[1]]
    found["layers"][0] = {"name": "loud", "alone": {"mean": "much"}}
    found["sources"] = 3
    (here / "r.json").write_text(json.dumps(found))
    damaged = factsheet.loads(factsheet.new(here / "r.json", name="begun").text)
    assert damaged.robustness is not None
    assert damaged.robustness.sensitivity is not None
    assert [row.name for row in damaged.robustness.sensitivity.layers or ()] == ["quiet"]


def test_what_somebody_stated_stays_unless_it_is_named(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = here / "sheet.yaml"
    stated = (
        "factsheet: 1\noverview: {name: Small, model: small}\n"
        "model_architecture: {layout: {digital: [quiet]}}\n"
        "robustness: {sensitivity: {loss: {value: 3 %, source: measured}}}\n"
    )
    sheet.write_text(stated)
    simulate(branches(write=sheet, output=here / "r.json"))
    assert sheet.read_text() == stated
    said = capsys.readouterr().err
    assert "robustness.sensitivity stays as the sheet states it" in said
    assert "model_architecture.layout stays as the sheet states it" in said
    places = ["robustness.sensitivity", "model_architecture.layout"]
    simulate(branches(write=sheet, output=here / "r.json", replace=places))
    read = factsheet.load(sheet)
    assert read.model_architecture is not None
    assert read.model_architecture.layout is not None
    assert read.model_architecture.layout.digital is not None
    assert read.model_architecture.layout.digital.items == ("loud",)


def test_layers_go_by_the_names_of_the_sheet_where_it_is_certain_which_is_which(here: Path) -> None:
    sheet = here / "sheet.yaml"
    sheet.write_text(
        "factsheet: 1\noverview: {name: Small, model: small}\nmodel_architecture: {mlp: {sizes: [16, 12, 4]}}\n"
    )
    simulate(asked(write=sheet, accepted_loss="9 %", output=here / "r.json"))
    found = json.loads((here / "r.json").read_text())
    read = factsheet.load(sheet)
    declared = [layer.name for layer in read.derive(batch=1).layers]
    # 16 x 12 and 12 x 4 are each there once: `0` is the first, `2` the second.
    own = dict(zip(("0", "2"), declared, strict=True))
    assert read.robustness is not None
    assert read.robustness.sensitivity is not None
    rows = read.robustness.sensitivity.layers
    assert rows is not None
    assert [row.name for row in rows] == [own[layer["name"]] for layer in found["layers"]]
    assert read.model_architecture is not None
    layout = read.model_architecture.layout
    digital = () if layout is None or layout.digital is None else layout.digital.items
    assert digital == tuple(own[name] for name in found["mapping"]["digital"])


def test_a_layout_of_another_network_is_left_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = here / "sheet.yaml"
    sheet.write_text(SHEET)  # its layers are called `0` and `2`
    simulate(branches(write=sheet))
    assert "layout" not in sheet.read_text()
    assert "has no layer `loud`" in capsys.readouterr().err


def test_a_loss_within_the_noise_is_said_to_be_so(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Ideal devices and exact converters lose nothing at all.
    (here / "h.yaml").write_text(
        "device: ideal\ndac: {bits: null}\nadc: {bits: null}\noutput_noise: 1.0e-9\n"
    )
    simulate(asked(hardware="h.yaml", output=here / "r.json"))
    found = json.loads((here / "r.json").read_text())
    assert all(layer["alone"]["beyond_noise"] is False for layer in found["layers"])
    text = capsys.readouterr().out
    assert re.search(r"^0 .* 0\.00 % +noise", text, re.MULTILINE)
    assert "not more than chips differ by chance" in text
    simulate(asked(repeats=1))
    assert "Of a single chip nothing says" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"data": None}, "goes with --data"),
        ({"times": ["1h,1d"]}, "one time"),
        ({"chips": "95 %", "accepted_loss": "1 %"}, "refresh interval"),
        ({"reference": "digital"}, "refresh interval"),
        ({"repeats": 1, "accepted_loss": "1 %"}, "single chip"),
        ({"profile": "ibm-2022"}, "--accept-loss"),
        ({"sensitivity": False, "batch": 2}, "--sensitivity"),
        ({"profile": "nowhere", "accepted_loss": "1 %"}, "nowhere"),
        ({"policy": Policy(digital=("nothing",))}, "nothing"),
        ({"policy": Policy(digital=("*",))}, "no layer"),
        ({"data": "study_models:nan"}, "no score"),
        ({"data": "study_models:raising"}, "the data is gone"),
        ({"chart": Path("c.gif")}, ".svg"),
        ({"test_examples": 10, "metric": "perplexity"}, "no shares of examples"),
        ({"source": "sheet.yaml"}, "no weights that an evaluation could run"),
    ],
)
def test_bad_input_is_named(here: Path, changed: dict[str, Any], expected: str) -> None:
    (here / "sheet.yaml").write_text(SHEET)
    with pytest.raises(FactsheetError) as caught:
        simulate(asked(output=here / "r.json", **changed))
    assert status_of(caught.value) == 2
    assert expected in screen(caught.value)
    assert not list(here.glob("*.journal"))


def test_a_finished_file_is_gone_on_from_and_another_study_does_not_mix_with_it(here: Path) -> None:
    output, straight = here / "r.json", here / "s.json"
    simulate(branches(output=straight, repeats=4, accepted_loss="0.5"))
    simulate(branches(output=output, repeats=2, accepted_loss=None))
    damaged = json.loads(output.read_text())
    damaged["runs"][1]["scores"] = "gone"
    output.write_text(json.dumps(damaged))
    simulate(branches(output=output, repeats=4, accepted_loss="0.5"))
    first, second = (json.loads(file.read_text()) for file in (output, straight))
    assert {**first, "runs": None} == {**second, "runs": None}
    known = {json.dumps(run["variant"]): run["scores"] for run in first["runs"]}
    assert known == {json.dumps(run["variant"]): run["scores"] for run in second["runs"]}
    simulate(branches(sensitivity=False, accepted_loss=None, output=output))
    assert json.loads(output.read_text())["schema"] == "factsheet.simulation/1"


ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(ROOT), str(MODELS)]),
    "OMP_NUM_THREADS": "1",
}


def slow_study(output: str) -> list[str]:
    options = ("--sensitivity", "--accept-loss", "9 %", "--repeats", "2", "--tile", "8", "--seed", "3")
    run = (sys.executable, "-m", "factsheet", "simulate", "study_models:model")
    return [*run, "--data", "study_models:less_slow", *options, "-o", output]


def run_study(folder: Path, output: str) -> Any:
    subprocess.run(
        slow_study(output), cwd=folder, env=ENVIRONMENT, check=True, capture_output=True, timeout=300
    )
    return json.loads((folder / output).read_text())


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a study finds that nobody stops."""
    return run_study(tmp_path_factory.mktemp("straight"), "r.json")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX alone has the signal")
@pytest.mark.parametrize("signalled", ["SIGINT", "SIGKILL"])
def test_a_study_that_is_stopped_goes_on_where_it_was(tmp_path: Path, signalled: str, straight: Any) -> None:
    journal = tmp_path / "r.json.journal"
    process = subprocess.Popen(
        slow_study("r.json"),
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if journal.exists() and journal.read_bytes().count(b'"result"') >= 3:
            break
        time.sleep(0.05)
    process.send_signal(getattr(signal, signalled))
    errors = process.communicate(timeout=60)[1].decode()
    assert "Traceback" not in errors
    if signalled == "SIGINT":
        assert process.returncode == 130
        assert "Run the same command again" in errors
    assert journal.exists()
    assert not (tmp_path / "r.json").exists()
    resumed = run_study(tmp_path, "r.json")
    assert not journal.exists()
    assert {**resumed, "runs": None} == {**straight, "runs": None}
    by_variant = [
        {json.dumps(run["variant"]): (run["chips"], run["scores"]) for run in one["runs"]}
        for one in (resumed, straight)
    ]
    assert by_variant[0] == by_variant[1]
