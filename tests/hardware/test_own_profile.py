"""A user's own profile: read from a path that the user gives, and never from one that a sheet gives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from own_profiles import SIDES

import factsheet
from factsheet.errors import BrokenProfileError, SourceUnreadableError, UnknownProfileError
from factsheet.hardware.chip import constants_of, profile_from
from factsheet.hardware.profile import bundled_file, profile_names, profile_of

TEXT = f"{SIDES}times:\n  mvm: {{value: 7, unit: ns, standing: published, source: A paper}}\n"
ROOT = Path(factsheet.__file__).parents[1]


@pytest.mark.parametrize("file", ["mine.yaml", "mine.yml", "MINE.YAML"])
def test_a_path_that_ends_in_yaml_is_read(file: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.write_text(TEXT, encoding="utf-8")
    profile = profile_from(str(path))
    assert profile.name == "own"
    assert [figure.value for figure in profile.geometry.sides] == [100, 50, 2]
    constants = constants_of(profile)
    assert constants.mvm_time is not None
    assert constants.mvm_time.value == pytest.approx(7e-9)


@pytest.mark.parametrize("name", profile_names())
def test_a_name_gives_the_bundled_profile(name: str) -> None:
    assert profile_from(name).geometry == profile_of(name).geometry


def test_a_name_is_no_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "mine").write_text(TEXT, encoding="utf-8")
    # `profile_of` is what a sheet's own word is looked up with.
    for name in ("mine", "mine.yaml", "./mine.yaml", str(tmp_path / "mine.yaml"), "own"):
        with pytest.raises(UnknownProfileError):
            profile_of(name)
    with pytest.raises(UnknownProfileError):
        profile_from("mine")


def test_a_copy_of_a_bundled_profile_needs_a_name_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "ibm-2022.yaml"
    text = bundled_file("ibm-2022").read_text(encoding="utf-8")
    path.write_text(text.replace("value: 100\n", "value: 300\n"), encoding="utf-8")
    with pytest.raises(BrokenProfileError, match="comes with the program"):
        profile_from(str(path))
    path.write_text(text.replace("name: ibm-2022", "name: ibm-2022-changed"), encoding="utf-8")
    assert profile_from(str(path)).name == "ibm-2022-changed"


def test_a_bundled_profile_can_be_named_by_its_file() -> None:
    assert profile_from(str(bundled_file("puma"))).name == "puma"


@pytest.mark.parametrize("path", ["nowhere.yaml", "folder.yaml", "a\0b.yaml"])
def test_a_file_that_can_not_be_read_is_told_apart_from_a_broken_one(path: str, tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(SourceUnreadableError):
        profile_from(str(tmp_path / path))


def test_a_geometry_is_read_without_pydantic_and_numpy() -> None:
    # A check of a sheet that names a profile looks up its tile, and start-up time counts there.
    code = "from factsheet.hardware.profile import profile_of; profile_of('ibm-2022')"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    modules = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "factsheet.hardware.profile" in modules
    heavy = {"pydantic", "pydantic_core", "numpy", "factsheet.sheet", "factsheet.hardware.description"}
    assert not heavy & modules
