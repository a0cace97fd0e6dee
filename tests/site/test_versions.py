"""Several versions of the site beside each other, as the theme finds them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import versions

if TYPE_CHECKING:
    from pathlib import Path


def site(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "index.html").write_text(text, encoding="utf-8")
    return folder


def test_the_newest_version_is_the_latest_whatever_was_built_last(tmp_path: Path) -> None:
    published = tmp_path / "published"
    for version in ("0.9.0", "0.10.0", "0.10.0rc1", "0.2.1"):
        versions.publish(site(tmp_path / version, version), published, version)
    # The form of mike's list, https://github.com/jimporter/mike: version, title, aliases, the newest first.
    assert json.loads((published / "versions.json").read_text("utf-8")) == [
        {"version": "0.10.0", "title": "0.10.0", "aliases": ["latest"]},
        {"version": "0.10.0rc1", "title": "0.10.0rc1", "aliases": []},
        {"version": "0.9.0", "title": "0.9.0", "aliases": []},
        {"version": "0.2.1", "title": "0.2.1", "aliases": []},
    ]
    assert (published / "latest" / "index.html").read_text("utf-8") == "0.10.0"
    assert (published / "0.2.1" / "index.html").read_text("utf-8") == "0.2.1"
    assert "url=latest/" in (published / "index.html").read_text("utf-8")


def test_a_version_that_is_built_anew_takes_the_place_of_its_earlier_site(tmp_path: Path) -> None:
    published = tmp_path / "published"
    first = site(tmp_path / "first", "first")
    (first / "gone.html").write_text("", encoding="utf-8")
    versions.publish(first, published, "0.2.0")
    assert versions.publish(site(tmp_path / "second", "second"), published, "0.2.0") == ("0.2.0",)
    assert (published / "latest" / "index.html").read_text("utf-8") == "second"
    assert not list(published.rglob("gone.html"))


@pytest.mark.parametrize("version", ["../0.2.0", "latest", "", "0.2.0/x", "v0.2.0"])
def test_what_is_no_version_is_refused_and_nothing_is_written(tmp_path: Path, version: str) -> None:
    with pytest.raises(ValueError, match="no version"):
        versions.publish(site(tmp_path / "site", ""), tmp_path / "published", version)
    assert not (tmp_path / "published").exists()


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no site"):
        versions.publish(tmp_path, tmp_path / "published", "0.2.0")
