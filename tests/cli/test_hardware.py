"""`factsheet hardware`: its lists, its checks, its exit statuses; as a process where the process is what counts."""

from __future__ import annotations

import json
from subprocess import CompletedProcess
from typing import TYPE_CHECKING

import pytest

from factsheet.cli.app import main
from factsheet.cli.exits import screen, status_of
from factsheet.cli.terminal import complain
from factsheet.errors import FactsheetError
from factsheet.hardware.profile import profile_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., CompletedProcess[bytes]]

PROFILE = """profile: 1
name: own
title: A chip of one's own
rows: {value: 100, unit: weights, standing: published, source: A paper}
cols: {value: 50, unit: weights, standing: published, source: A paper}
devices_per_weight: {value: 2, unit: devices, standing: published, source: A paper}
times:
  mvm: {value: 10, unit: ns, standing: published, source: A paper}
tile:
  efficiency: {value: 20, unit: TOPS/W, standing: secondary, source: Notes on a paper}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(PROFILE, encoding="utf-8")
    return path


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`factsheet` within this process, in an empty directory."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> CompletedProcess[bytes]:
        try:
            code = main(list(arguments))
        except FactsheetError as error:
            complain(screen(error))
            code = status_of(error)
        told = capsys.readouterr()
        return CompletedProcess(arguments, code, told.out.encode(), told.err.encode())

    return run


def test_list_names_every_profile(factsheet: Run, command: Run) -> None:
    done = factsheet("hardware", "list")
    assert done.returncode == 0
    for name in profile_names():
        assert name.encode() in done.stdout
    data = json.loads(command("hardware", "list", "--format", "json").stdout)
    assert data["schema"] == "factsheet.hardware.list/1"
    (ibm,) = (one for one in data["profiles"] if one["name"] == "ibm-2022")
    assert {"rows": 512, "cols": 512, "devices_per_weight": 2}.items() <= ibm.items()


def test_show_gives_each_figure_its_standing_in_a_word(command: Run) -> None:
    done = command("hardware", "show", "ibm-2022")
    assert done.returncode == 0
    text = done.stdout.decode()
    slot = next(line for line in text.splitlines() if line.startswith("times.slot"))
    # AnalogNAS, table IV: the time of ResNet32 that the slot was fitted to.
    assert slot.split()[1:4] == ["123.75", "ns", "fitted"]
    assert "fitted to the time of ResNet32" in slot
    assert "Digital energy is part of `ports` and is not charged again." in text
    assert "\x1b" not in text


def test_show_as_json_has_figures_constants_and_what_checks_them(command: Run) -> None:
    data = json.loads(command("hardware", "show", "hermes-64", "--format", "json").stdout)
    assert data["schema"] == "factsheet.hardware.show/1"
    density = next(figure for figure in data["figures"] if figure["path"] == "tile.density")
    # The title of doi:10.1109/jssc.2022.3140414.
    assert density["text"] == "1.59 TOPS/mm²"
    assert density["value"] == pytest.approx(1.59e18)
    assert density["unit"] == "ops/s/m²"
    assert data["constants"]["chip_power"] is None
    assert data["constants"]["cell_energy"]["formula"] == "2 ops / (10.5 TOPS/W)"
    rates = [result["value"] for result in data["validation"] if result["what"] == "rate"]
    assert rates == pytest.approx([63.1e12, 16.1e12])


def test_show_takes_a_file_and_writes_one(own: Path, command: Run, tmp_path: Path) -> None:
    done = command("hardware", "show", str(own), "-o", "shown.txt")
    assert (done.returncode, done.stdout) == (0, b"")
    assert "cell_energy" in (tmp_path / "shown.txt").read_text(encoding="utf-8")


def test_check_of_a_sound_profile_is_clean(own: Path, command: Run) -> None:
    done = command("hardware", "check", str(own), "ibm-2022")
    assert done.returncode == 0
    assert b"2 profiles checked: 0 errors, 0 warnings, " in done.stdout


def test_check_points_at_the_line(own: Path, factsheet: Run, command: Run) -> None:
    own.write_text(PROFILE.replace("value: 10,", "value: 10, standing: fitted,"), encoding="utf-8")
    done = factsheet("hardware", "check", "own.yaml")
    assert done.returncode == 1
    assert b"own.yaml:8:" in done.stdout
    own.write_text(PROFILE.replace("ns", "TOPS"), encoding="utf-8")
    done = command("hardware", "check", "own.yaml", "--format", "json")
    assert done.returncode == 1
    (profile,) = json.loads(done.stdout)["profiles"]
    (finding,) = profile["findings"]
    assert (finding["id"], finding["line"], finding["column"]) == ("HW101", 8, 26)
    assert finding["path"] == "times.mvm.unit"


def test_a_warning_makes_the_status_1(own: Path, command: Run) -> None:
    own.write_text(PROFILE[: PROFILE.index("tile:")], encoding="utf-8")
    done = command("hardware", "check", "own.yaml")
    assert done.returncode == 1
    assert b"warning HW301" in done.stdout


@pytest.mark.parametrize("verb", ["show", "check"])
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ibm-2021", b"did you mean `ibm-2022`?"),
        ("nowhere.yaml", b"No such file"),
        ("folder.yaml", b"directory"),
    ],
)
def test_what_can_not_be_read(verb: str, name: str, told: bytes, command: Run, tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    done = command("hardware", verb, name)
    assert done.returncode == 2
    assert told in done.stdout + done.stderr


def test_show_of_a_broken_profile_says_where(own: Path, command: Run) -> None:
    own.write_text(PROFILE.replace("value: 20", "value: 0"), encoding="utf-8")
    done = command("hardware", "show", "own.yaml")
    assert done.returncode == 1
    assert b"own.yaml:10:23: error HW101 wrong-figure: `0 TOPS/W` is not above zero" in done.stderr
    assert done.stdout == b""


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe\x00", b"\x00" * 100, b"profile: 1\n" * 3, b"[" * 10_000, b"a: " + b"9" * 5000, b"{{{{"],
)
def test_whatever_is_in_the_file_ends_in_a_message(raw: bytes, own: Path, command: Run) -> None:
    own.write_bytes(raw)
    for verb in ("check", "show"):
        done = command("hardware", verb, "own.yaml")
        assert done.returncode == 1
        assert b"own.yaml" in done.stdout + done.stderr


def test_a_sheet_can_not_have_a_path_read(own: Path, factsheet: Run, tmp_path: Path) -> None:
    sheet = "factsheet: 1\noverview: {name: A, model: B}\nhardware: {inference: {profile: own.yaml}}\n"
    (tmp_path / "sheet.yaml").write_text(sheet, encoding="utf-8")
    done = factsheet("validate", "sheet.yaml", "--select", "FS213")
    assert done.returncode == 1
    assert b"there is no hardware profile `own.yaml`" in done.stdout


def test_compare_as_text_says_what_was_fitted(command: Run) -> None:
    done = command("hardware", "compare", "ibm-2022", "puma")
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    # Fitted on the 480 tiles of BERT, so that its small error says nothing.
    assert any(line.startswith("area of bert-base") and "fitted on it" in line for line in lines)
    assert "  density of chip: the profile gives no tile area" in lines


def test_compare_as_json_has_errors_relative_to_what_is_published(command: Run) -> None:
    shape = json.loads(command("hardware", "compare", "--format", "json", "hermes-64").stdout)
    assert shape["schema"] == "factsheet.hardware.compare/1"
    (profile,) = shape["profiles"]
    rate = profile["results"][0]
    # 64 cores of 1.008 TOPS, beside the 63.1 TOPS of the abstract.
    assert (rate["what"], rate["value"], rate["unit"]) == ("rate", 63.1e12, "ops/s")
    assert rate["error"] == pytest.approx(64 * 1.008 / 63.1 - 1)


def test_compare_says_where_nothing_is_published(command: Run, own: Path) -> None:
    assert "nothing is published of it" in command("hardware", "compare", str(own)).stdout.decode()


def test_list_as_json_has_the_tile_of_each(command: Run) -> None:
    listed = json.loads(command("hardware", "list", "--format", "json").stdout)["profiles"]
    tiles = {profile["name"]: (profile["rows"], profile["cols"]) for profile in listed}
    assert tiles["neurram"] == (256, 128)
