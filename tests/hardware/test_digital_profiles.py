"""Digital profiles: refused with the place, and never taken for an analog chip, nor the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.cli.app import main
from factsheet.errors import BrokenProfileError, ProfileError, UsageError
from factsheet.hardware.chip import profile_from
from factsheet.hardware.digital.profile import DigitalProfile, hardware_from
from factsheet.hardware.profile import DIGITAL_FOLDER, Profile, digital_names, profile_names

if TYPE_CHECKING:
    from pathlib import Path

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
