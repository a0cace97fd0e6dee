"""`factsheet simulate` as a process: what it writes, what it says to bad input, and what is left when it is stopped."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from factsheet.cli.exits import screen, status_of
from factsheet.cli.simulate.simulate_command import simulate
from factsheet.cli.simulate.simulate_record import _interval as interval_of
from factsheet.cli.simulate.simulate_setup import SimulateRequest
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import FactsheetError, WriteError
from factsheet.jobs.journal import Journal
from factsheet.networks.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import CompletedProcess

    from factsheet.jobs.journal import JournalEntry

    Run = Callable[..., CompletedProcess[bytes]]

pytest.importorskip("torch")

from factsheet.crossbar.functional.studies.refresh_interval import Refresh
from factsheet.crossbar.functional.studies.trial import Experiment, Trial

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "tests" / "functional"
SHEET = """\
factsheet: 1  # the version
overview: {name: Small, model: small}

robustness:
  # what we know
  drift: It drifts.   # of course
performance: {refresh_interval: 4 weeks}
"""


def asked(**changed: Any) -> SimulateRequest:
    usual = SimulateRequest(
        source="study_models:model",
        times=["1h,1w"],
        repeats=2,
        data="study_models:data",
        seed=3,
        hardware="pcm",
        tile=TileShape(8, 8),
        compensation=None,
        accepted_loss=None,
        reference="first",
        confidence=0.9,
        workers=1,
        scheduler=None,
        output=None,
        write=None,
        chart=None,
    )
    return replace(usual, **changed)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory, with the tests' models within reach."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(MODELS))
    return tmp_path


def said(here: Path, **changed: Any) -> str:
    with pytest.raises(FactsheetError) as caught:
        simulate(asked(**changed))
    assert status_of(caught.value) == 2
    return screen(caught.value)


def test_scores_go_into_a_file_with_what_they_can_be_reproduced_from(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(asked(output=here / "r.json", accepted_loss="1 %")) == 0
    text = capsys.readouterr().out
    assert "digital: 100.00 %" in text
    found = json.loads((here / "r.json").read_text())
    assert found["schema"] == "factsheet.simulation/1"
    assert (found["seed"], found["repeats"], found["digital"]) == (3, 2, 1.0)
    assert [point["seconds"] for point in found["over_time"]] == [3600.0, 604800.0]
    assert all(len(point["scores"]) == 2 for point in found["over_time"])
    assert found["refresh"]["accepted_loss"] == 0.01
    assert found["refresh"]["counted_from"] == "first time point"
    assert found["refresh"]["chips"] == "mean"
    assert set(found["refresh_by_reference"]) == {"first time point", "digital model"}
    assert found["refresh_by_reference"]["digital model"]["reference"] == found["digital"]
    assert "counted from the digital model (100.00 %)" in text
    assert "--test-examples N adds it" in text
    assert found["hardware"]["tile"] == {"rows": 8, "cols": 8}
    assert set(found["versions"]) == {"factsheet", "torch", "python"}
    assert not (here / "r.json.journal").exists()
    # The same again, and one repeat more: what is known is kept.
    simulate(asked(output=here / "r.json", repeats=3))
    more = json.loads((here / "r.json").read_text())
    for before, after in zip(found["over_time"], more["over_time"], strict=True):
        assert after["scores"][:2] == before["scores"]
    assert more["configuration"] == found["configuration"]


@pytest.mark.parametrize("damage", [("1.0", "0.5"), ('"seed"', '"Seed"'), ("}\n", "")])
def test_results_that_were_damaged_on_the_disk_are_said_to_be_and_not_believed(
    here: Path, capsys: pytest.CaptureFixture[str], damage: tuple[str, str]
) -> None:
    simulate(asked(output=here / "r.json"))
    whole = (here / "r.json").read_text()
    before, _, after = whole.rpartition(damage[0])
    (here / "r.json").write_text(before + damage[1] + after)
    capsys.readouterr()
    simulate(asked(output=here / "r.json"))
    assert "its results are not as they were written" in capsys.readouterr().err
    assert (here / "r.json").read_text() == whole
    simulate(asked(output=here / "r.json"))
    assert "not as they were written" not in capsys.readouterr().err


def test_a_sheet_keeps_its_comments_and_gets_the_facts(here: Path) -> None:
    sheet = here / "sheet.yaml"
    sheet.write_text(SHEET)
    simulate(asked(write=sheet, accepted_loss="90 %", replace=["performance.refresh_interval"]))
    text = sheet.read_text()
    for line in ("factsheet: 1  # the version", "  # what we know", "  drift: It drifts.   # of course"):
        assert line in text.splitlines()
    assert "accepted_loss: 90.00 %" in text
    assert (
        'refresh_interval: {value: "at least 1 week"' in text
        or "refresh_interval: {value: at least 1 week" in text
    )
    assert text.count("source: simulated") == 9
    for fact in ("refresh_chips", "refresh_reference", "refresh_from_first", "refresh_from_digital"):
        assert f"{fact}: {{value: " in text
    assert text.count("id: simulation") == 1
    simulate(asked(write=sheet, accepted_loss="90 %"))
    assert sheet.read_text() == text


def test_the_basis_of_a_refresh_interval_is_in_text_json_and_sheet(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = here / "sheet.yaml"
    sheet.write_text(SHEET)
    options: dict[str, Any] = {
        "accepted_loss": "90 %",
        "reference": "digital",
        "chips": "80 %",
        "test_examples": 400,
        "replace": ["performance.refresh_interval"],
    }
    simulate(asked(write=sheet, output=here / "r.json", **options))
    text = capsys.readouterr().out
    assert "(all but 20 % of chips)" in text
    assert text.index("counted from the digital model") < text.index("counted from the first time point")
    assert (
        "On 400 test examples, a loss of this size has a standard error of 1.50 % or more" in text
    )  # √(.9·.1/400)
    found = json.loads((here / "r.json").read_text())
    assert (found["refresh"]["counted_from"], found["refresh"]["chips"]) == ("digital model", 0.8)
    assert found["test_set"]["examples"] == 400
    assert found["test_set"]["accepted_loss_error"] == pytest.approx(0.015)
    written = sheet.read_text()
    assert "value: digital model, source: simulated" in " ".join(written.split())
    assert "value: 80 %" in " ".join(written.split())
    assert "value: 1.50 %" in " ".join(written.split())


def test_what_somebody_stated_stays_unless_it_is_named(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = here / "sheet.yaml"
    sheet.write_text(SHEET)
    simulate(asked(write=sheet, accepted_loss="90 %", output=here / "r.json"))
    text = sheet.read_text()
    # The accepted loss goes with the interval: that of the simulation would say something else of the stated one.
    assert "performance: {refresh_interval: 4 weeks}" in text
    assert "accepted_loss" not in text
    assert text.count("source: simulated") == 2
    assert "performance.refresh_interval stays as the sheet states it" in capsys.readouterr().err
    measured = SHEET.replace("  drift:", "  over_time: [{after: 1 h, score: 97 %}]\n  drift:")
    sheet.write_text(measured)
    simulate(asked(write=sheet, output=here / "r.json"))
    assert sheet.read_text() == measured
    assert "robustness.over_time stays" in capsys.readouterr().err
    simulate(asked(write=sheet, output=here / "r.json", replace=["robustness.over_time"]))
    assert sheet.read_text().count("source: simulated") == 2


@pytest.mark.parametrize(
    ("weeks", "expected"), [(2.97, "2.9 weeks"), (3.0, "3 weeks"), (3.02, "3 weeks"), (11.7, "11 weeks")]
)
def test_a_refresh_interval_is_rounded_down_by_no_more_than_its_digits(weeks: float, expected: str) -> None:
    refresh = Refresh(0.01, None, weeks * 604800.0, None, None, 0.9, 3600.0, 31536000.0)
    assert interval_of(refresh) == expected


def test_without_matplotlib_a_png_is_refused_before_anything_is_simulated(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    message = said(here, chart=here / "c.png", output=here / "r.json")
    assert '".[plot]"' in message
    assert "nothing was simulated" in message
    assert not list(here.iterdir())


def test_layers_that_stay_digital_are_said_so(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(results(here, source="study_models:with_a_norm", data=None, output=here / "r.json"))
    reason = "no layer of this kind is simulated"
    assert found["left_digital"] == [{"name": "1", "kind": "LayerNorm", "reason": reason}]
    assert f"left digital: 1 LayerNorm ({reason})\n" in capsys.readouterr().out


def results(here: Path, **changed: Any) -> str:
    assert simulate(asked(**changed)) == 0
    return (here / "r.json").read_text()


def test_a_sheet_that_does_not_fit_is_left_as_it_is(here: Path) -> None:
    sheet = here / "sheet.yaml"
    sheet.write_text(SHEET.replace("robustness:", "robustness: &a"))
    before = sheet.read_bytes()
    with pytest.raises(FactsheetError):
        simulate(asked(write=sheet))
    assert sheet.read_bytes() == before


def test_a_chart_has_a_title_and_a_description(here: Path) -> None:
    simulate(asked(chart=here / "c.svg", accepted_loss="1 %"))
    root = ET.parse(here / "c.svg").getroot()  # noqa: S314  our own file
    first, second = list(root)[:2]
    assert first.tag.endswith("title")
    assert "study_models:model" in (first.text or "")
    assert second.tag.endswith("desc")
    assert "1 week" in (second.text or "")
    simulate(asked(chart=here / "d.svg", accepted_loss="1 %"))
    assert (here / "c.svg").read_bytes() == (here / "d.svg").read_bytes()
    pytest.importorskip("matplotlib")
    simulate(asked(chart=here / "c.png"))
    assert (here / "c.png").read_bytes().startswith(b"\x89PNG")


def test_without_data_the_error_of_products_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    simulate(asked(data=None, output=here / "e.json"))
    assert "bits" in capsys.readouterr().out
    found = json.loads((here / "e.json").read_text())
    assert [one["name"] for one in found["matrices"]] == ["0", "2"]
    assert all(0 < point["mean"] < 1 for one in found["matrices"] for point in one["over_time"])


def test_a_sheet_s_matrices_are_simulated_without_its_weights(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = here / "sheet.yaml"
    sheet.write_text(
        "factsheet: 1\noverview: {name: Small, model: small}\nmodel_architecture: {mlp: {sizes: [20, 12, 12, 12]}}\n"
    )
    simulate(asked(source=str(sheet), data=None, output=here / "e.json", tile=None))
    found = json.loads((here / "e.json").read_text())
    assert [(one["rows"], one["cols"], one["count"]) for one in found["matrices"]] == [
        (20, 12, 1),
        (12, 12, 2),
    ]
    capsys.readouterr()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"repeats": 0}, "0 repeats"),
        ({"times": [","]}, "no time"),
        ({"times": ["-1h"]}, "before the weights are programmed"),
        ({"times": ["soon"]}, "no time"),
        ({"data": "study_models:number"}, "cannot be called"),
        ({"data": "study_models:nothing"}, "no attribute"),
        ({"data": "nowhere:data"}, "nowhere"),
        ({"data": "study_models:failing_to_load"}, "no such data"),
        ({"data": "study_models:nan"}, "no score"),
        ({"data": "study_models:text"}, "no score"),
        ({"data": "study_models:raising"}, "the data is gone"),
        ({"source": "study_models:number"}, "not a torch.nn.Module"),
        ({"source": "nothing at all"}, "is not a source that a network can be read from"),
        ({"source": "model.onnx"}, "cannot be simulated"),
        ({"hardware": "pcx"}, "did you mean `pcm`"),
        ({"hardware": "none.yaml"}, "No such file"),
        ({"policy": Policy(digital=("nothing",))}, "nothing"),
        ({"accepted_loss": "a lot"}, "accepted-loss"),
        ({"accepted_loss": "-1 %"}, "accepted-loss"),
        ({"confidence": 1.5}, "confidence"),
        ({"data": None, "accepted_loss": "1 %"}, "goes with --data"),
        ({"chips": "95 %"}, "goes with --accepted-loss"),
        ({"chips": "100 %", "accepted_loss": "1 %"}, "no share of chips"),
        ({"chips": "most", "accepted_loss": "1 %"}, "--chips most"),
        ({"test_examples": 100, "metric": "mean absolute error"}, "no shares of examples"),
        ({"chart": Path("c.gif")}, ".svg"),
        ({"output": Path("none/r.json")}, "cannot be written"),
        ({"write": Path("none.yaml")}, "No such file"),
        ({"scheduler": "nonsense"}, "scheduler"),
    ],
)
def test_bad_input_is_named(here: Path, changed: dict[str, Any], expected: str) -> None:
    assert expected in said(here, **changed)
    assert not list(here.glob("*.journal"))


def test_hardware_values_come_from_a_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = here / "h.yaml"
    file.write_text("device: ideal\ndac: {bits: null}\nadc: {bits: null}\n")
    simulate(asked(hardware=str(file)))
    assert "1 week  100.00 %" in capsys.readouterr().out
    file.write_text("device: ideal\ndac: {bits: 1}\n")
    assert "1 bits" in said(here, hardware=str(file))
    file.write_text("devise: ideal\n")
    assert "devise" in said(here, hardware=str(file))


def test_a_disk_that_is_full_at_the_end_costs_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = here / "r.json"

    def full(path: Path, text: str) -> None:
        raise WriteError(path, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("factsheet.cli.sheets.write_atomic", full)
        assert "No space left" in said(here, output=output)
    journal = here / "r.json.journal"
    assert journal.read_bytes().count(b'"result"') == 5
    calls: list[Trial] = []
    patched_call = Experiment.__call__

    def counted(self: Experiment, trial: Trial) -> float:
        calls.append(trial)
        return patched_call(self, trial)

    monkeypatch.setattr(Experiment, "__call__", counted)
    assert simulate(asked(output=output)) == 0
    assert not calls
    assert not journal.exists()


def test_a_disk_that_fills_up_midway_keeps_what_was_finished(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, written = here / "r.json", 0
    add = Journal.add

    def full(self: Journal, entry: JournalEntry) -> None:
        nonlocal written
        written += 1
        if written > 3:
            raise WriteError(self.path, os.strerror(errno.ENOSPC))
        add(self, entry)

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "add", full)
        message = said(here, output=output)
    assert "No space left" in message
    assert "3 results are in" in message
    assert simulate(asked(output=output)) == 0
    assert json.loads(output.read_text())["digital"] == 1.0


def test_a_result_that_the_disk_damaged_is_said_and_worked_out_again(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_stopping(here)
    output, journal = here / "r.json", here / "r.json.journal"
    assert "kept in" in said(here, data="stopping:data", output=output)
    content = journal.read_bytes()
    place = content.index(b'"result": ') + len(b'"result": ')
    journal.write_bytes(content[:place] + b"9" + content[place + 1 :])
    capsys.readouterr()
    assert simulate(asked(data="stopping:data", output=output)) == 0
    assert "a result was damaged on the disk; what is missing is worked out again" in capsys.readouterr().err
    straight = here / "s.json"
    simulate(asked(data="stopping:data", output=straight))
    assert output.read_bytes() == straight.read_bytes()


def test_another_configuration_does_not_mix_with_what_was_begun(here: Path) -> None:
    write_stopping(here)
    output = here / "r.json"
    message = said(here, data="stopping:data", output=output)
    assert "stopped" in message
    assert "kept in" in message
    assert (here / "r.json.journal").exists()
    assert "seed was 3 and is now 4" in said(here, data="stopping:data", output=output, seed=4)
    assert simulate(asked(data="stopping:data", output=output)) == 0
    straight = here / "s.json"
    simulate(asked(data="stopping:data", output=straight))
    assert output.read_bytes() == straight.read_bytes()


def write_stopping(here: Path) -> None:
    """An evaluation that fails at its third call, in the first run only."""
    sys.modules.pop("stopping", None)  # of another test
    (here / "stopping.py").write_text(
        "from pathlib import Path\n"
        "from study_models import agreement\n"
        "calls = 0\n"
        "def evaluate(network):\n"
        "    global calls\n"
        "    calls += 1\n"
        "    if calls == 3 and not Path('again').exists():\n"
        "        Path('again').touch()\n"
        "        raise RuntimeError('stopped')\n"
        "    return agreement(network)\n"
        "def data():\n"
        "    return evaluate\n"
    )


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX alone has the signal")
@pytest.mark.parametrize("signalled", ["SIGINT", "SIGKILL"])
def test_a_run_that_is_stopped_goes_on_where_it_was(tmp_path: Path, signalled: str) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(MODELS)]),
        "OMP_NUM_THREADS": "1",
    }
    options = ["--times", "1h,1w", "--repeats", "30", "--tile", "8", "-o", "r.json"]
    command = [
        sys.executable,
        "-m",
        "factsheet",
        "simulate",
        "study_models:model",
        "--data",
        "study_models:slow",
    ]
    process = subprocess.Popen([*command, *options], cwd=tmp_path, env=environment, stderr=subprocess.PIPE)
    journal = tmp_path / "r.json.journal"
    deadline = time.monotonic() + 300
    while (
        not (journal.exists() and journal.read_bytes().count(b'"result"') >= 3)
        and time.monotonic() < deadline
    ):
        time.sleep(0.02)
    process.send_signal(getattr(signal, signalled))
    _, error = process.communicate(timeout=60)
    done = journal.read_bytes().count(b'"result"')
    assert 3 <= done < 61
    if signalled == "SIGINT":
        assert process.returncode == 130, error
        counted = re.search(r"(\d+) of 61 results are in r.json.journal", error.decode())
        assert counted is not None, error
        # The signal may come between a result's way to the disk and its being counted.
        assert done - int(counted[1]) in {0, 1}
        assert "Traceback" not in error.decode()
        return  # going on takes another process, and is the same
    short = ["--times", "1h", "--repeats", "1", "--tile", "8", "-o", "r.json"]
    again = subprocess.run(
        [*command, *short], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert again.returncode == 0, again.stderr
    found = json.loads((tmp_path / "r.json").read_text())
    assert len(found["over_time"]) == 1
    assert not journal.exists()


def test_the_metric_decides_what_is_a_loss_and_how_scores_are_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = here / "sheet.yaml"
    sheet.write_text(SHEET, encoding="utf-8")
    simulate(asked(metric="MAE", accepted_loss="0.5", output=here / "r.json", write=sheet))
    assert "(MAE; lower is better)" in capsys.readouterr().out
    assert json.loads((here / "r.json").read_text(encoding="utf-8"))["higher_is_better"] is False
    text = sheet.read_text(encoding="utf-8")
    assert "metric: MAE" in text
    scores = re.findall(r"score: \{value: ([^,]*),", text)
    assert scores
    assert not any("%" in score for score in scores)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"metric": "a measure of our own"}, "nothing says whether more or less is better"),
        ({"metric": "perplexity", "better": "higher"}, "of perplexity, lower is better"),
    ],
)
def test_a_metric_without_a_direction_or_with_two_is_refused(
    here: Path, changed: dict[str, Any], expected: str
) -> None:
    assert here.is_dir()
    with pytest.raises(FactsheetError, match=expected):
        simulate(asked(**changed))
