"""Digital profiles: refused with the place, and never taken for an analog chip, nor the other way round."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factsheet.cli.app import main
from factsheet.errors import BrokenProfileError, ProfileError, UsageError
from factsheet.hardware.checking import check_profile
from factsheet.hardware.chip import profile_from
from factsheet.hardware.digital.profile import DigitalProfile, hardware_from
from factsheet.hardware.profile import DIGITAL_FOLDER, Profile, digital_names, profile_names

CARD = "v100-fp16-onnxruntime"
TEXT = (
    (DIGITAL_FOLDER / f"{CARD}.yaml").read_text(encoding="utf-8").replace(f"name: {CARD}", "name: own-card")
)


def own(tmp_path: Path, before: str = "", after: str = "") -> str:
    """The path of a profile of one's own, with one change."""
    assert before in TEXT
    path = tmp_path / "own.yaml"
    path.write_text(TEXT.replace(before, after, 1) if before else TEXT, encoding="utf-8")
    return str(path)


def test_both_kinds_are_found_by_name_and_names_are_unique(tmp_path: Path) -> None:
    assert isinstance(hardware_from(CARD), DigitalProfile)
    assert isinstance(hardware_from("ibm-2022"), Profile)
    assert isinstance(hardware_from(own(tmp_path)), DigitalProfile)
    assert not set(digital_names()) & set(profile_names())


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("utilisation: {value: 47.1", "utilisation: {value: 147.1", "more than the device can do"),
        ("dtype: fp16", "dtype: fp12", "fp12"),
        ("kind: digital", "kind: digtal", "digital"),
        ("peak: {value: 112, unit: TOPS", "peak: {value: 112, unit: GB/s", "data rate"),
        ("bandwidth: {value: 897.0, unit: GB/s", "bandwidth: {value: 897.0, unit: GB", "GB"),
        ("kernel_time: {value: 7.89", "kernel_time: {value: -7.89", "not above zero"),
        ("  idle: {", "  idel: {", "`idel` is not a key"),
        ("device: ", "devise: ", "`devise` is not a key of the profile"),
        ("name: own-card", f"name: {CARD}", "is the name of a profile that comes with the program"),
        ("standing: fitted, fitted_to:", "standing: published, fitted_to:", "`fitted_to` is given"),
        (
            "fit:\n",
            "wall:\n  full: {value: 3, unit: W, standing: secondary, source: A page}\nfit:\n",
            "both the power",
        ),
    ],
)
def test_what_no_profile_can_say_is_refused_with_its_place(
    before: str, after: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(BrokenProfileError) as caught:
        hardware_from(own(tmp_path, before, after))
    first = caught.value.problems[0]
    assert message in f"{first.message} {first.help}"
    assert first.why
    assert first.span.line > 1


def test_power_needs_both_ends(tmp_path: Path) -> None:
    lines = [line for line in TEXT.split("\n") if "per_operation" not in line]
    path = tmp_path / "own.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BrokenProfileError, match="`idle` is given without `per_operation`"):
        hardware_from(str(path))


def test_where_an_analog_chip_is_asked_for_a_device_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="of a digital device"):
        profile_from(CARD)
    with pytest.raises(BrokenProfileError, match="of a digital device"):
        profile_from(own(tmp_path))


@pytest.mark.parametrize(
    "command",
    [
        ["new", "--from", "config.json", "--hardware", CARD],
        ["fill", "sheet.yaml", "--hardware", CARD],
        ["derive", "sheet.yaml", "--hardware", CARD, "--chips", "2"],
        ["derive", "sheet.yaml", "--hardware", CARD, "--sensitivity"],
        ["derive", "sheet.yaml", "--hardware", CARD, "--structure", "sequential"],
    ],
)
def test_what_is_for_chips_alone_says_so(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "sheet.yaml").write_text("factsheet: 1\noverview: {name: A, model: A}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="digital device"):
        main(command)


def test_list_show_and_compare_have_both_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hardware", "list", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {one["name"] for one in listed["digital"]} == set(digital_names())
    assert {one["name"] for one in listed["profiles"]} == set(profile_names())
    assert main(["hardware", "show", CARD]) == 0
    text = capsys.readouterr().out
    assert "fitted to BERT-base at sequence lengths 8, 32, 128, 512" in " ".join(text.split())
    assert main(["hardware", "show", CARD, "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {figure["path"] for figure in shown["figures"]} >= {"peak", "utilisation", "power.idle"}
    assert main(["hardware", "compare", CARD, "ibm-2022", "--format", "json"]) == 0
    compared = json.loads(capsys.readouterr().out)
    assert [one["profile"] for one in compared["profiles"]] == ["ibm-2022"]
    (device,) = compared["digital"]
    # onnxruntime/python/tools/transformers/README.md @ 00b595e3: fp16, batch 4, s=64
    (kept,) = (one for one in device["kept"] if (one["seq_len"], one["batch"]) == (64, 4))
    assert kept["published"] == pytest.approx(1.83e-3)
    assert kept["error"] == pytest.approx(kept["model"] / 1.83e-3 - 1)


def test_a_device_of_ones_own_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names no published times"):
        main(["hardware", "compare", own(tmp_path)])


def findings(path: str) -> dict[str, str]:
    return {one.id: one.problem.message for one in check_profile(lambda: hardware_from(path)).findings}


@pytest.mark.parametrize(
    ("before", "after", "id_", "message"),
    [
        ("value: 112, unit: TOPS", "value: 112, unit: EOPS", "HW201", "112 EOPS is beyond"),
        ("value: 897.0, unit: GB/s", "value: 897.0, unit: B/s", "HW201", "897.0 B/s is beyond"),
        ("value: 86.4, unit: W", "value: 864, unit: W", "HW202", "more idle than its limit"),
        ("batch: [1, 4]", "batch: [4, 1]", "HW202", "`batch` ends before it begins"),
        ("within_quarter: 6", "within_quarter: 7", "HW202", "more points are met than were checked"),
        ("checked: 6\n  within_quarter: 6", "checked: 0", "HW302", "no published point was kept"),
        ("", "", "HW303", "3 figures are secondary"),
    ],
)
def test_what_checks_find(before: str, after: str, id_: str, message: str, tmp_path: Path) -> None:
    assert message in findings(own(tmp_path, before, after))[id_]


def test_no_bundled_profile_has_an_error_or_a_warning() -> None:
    assert {id_ for name in digital_names() for id_ in findings(name)} <= {"HW303"}


def test_a_title_is_shown_as_it_is_and_figures_that_cannot_be_right_are_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = own(tmp_path, "peak: {value: 112, unit: TOPS", "peak: {value: 112, unit: EOPS")
    text = Path(path).read_text(encoding="utf-8").replace("title: ", 'title: "[red]a[/red] [x](y)" # ', 1)
    Path(path).write_text(text, encoding="utf-8")
    bert = Path(__file__).parents[2] / "sheets" / "bert.yaml"
    assert main(["derive", str(bert), "--hardware", path]) == 0
    shown = capsys.readouterr()
    assert "On hardware profile own-card: [red]a[/red] [x](y)" in shown.out
    assert "112 EOPS is beyond what a device can have" in shown.err
