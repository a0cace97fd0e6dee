"""The program finds its own folders, in a wheel and in a checkout, and nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from factsheet.errors import ResourceMissingError
from factsheet.resources import resource_directory


def test_in_a_checkout_they_lie_beside_the_package() -> None:
    top = Path(__file__).parents[2]
    assert resource_directory("templates", top / "factsheet") == top / "templates"


def test_wherever_the_package_is_they_hold_what_belongs_there() -> None:
    assert (resource_directory("templates") / "markdown" / "page.md.j2").is_file()
    assert list(resource_directory("schemas").glob("*.schema.json"))


def test_in_a_wheel_they_lie_inside_the_package(tmp_path: Path) -> None:
    packaged = tmp_path / "factsheet" / "_data" / "templates"
    packaged.mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert resource_directory("templates", tmp_path / "factsheet") == packaged


def test_a_folder_beside_an_installed_package_is_somebody_elses(tmp_path: Path) -> None:
    (tmp_path / "factsheet").mkdir()
    (tmp_path / "templates").mkdir()
    with pytest.raises(ResourceMissingError) as caught:
        resource_directory("templates", tmp_path / "factsheet")
    assert "the folder `templates`" in str(caught.value)
    assert "install factsheet again" in str(caught.value)


def test_the_current_directory_decides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = resource_directory("templates")
    (tmp_path / "templates" / "markdown").mkdir(parents=True)
    (tmp_path / "templates" / "markdown" / "page.md.j2").write_text("somebody else's", encoding="utf-8")
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    assert resource_directory("templates") == before
