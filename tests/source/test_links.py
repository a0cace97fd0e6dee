"""Links of what is checked lead nowhere out of the working directory, and nothing of what they point at is shown."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from factsheet.cli.run import run
from factsheet.source.links import ALLOWANCE, leads_out

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI"  # noqa: S105  no real one
SHEET = "factsheet: 1\noverview: {name: A sheet, model: A model}\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory, and beside it secrets: in a file that looks like a sheet, and in one that does not."""
    (tmp_path / "secret.yaml").write_text(f"factsheet: 1\n{SECRET}: [\n", "utf-8")
    (tmp_path / "credentials").write_text(f"[default]\n{SECRET}\n", "utf-8")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "page.md.j2").write_text(SECRET, "utf-8")
    here = tmp_path / "here"
    (here / ".git").mkdir(parents=True)
    (here / ".git" / "config").write_text(f"[http]\n{SECRET}\n", "utf-8")
    (here / "real.yaml").write_text(SHEET, "utf-8")
    monkeypatch.chdir(here)
    return here


COMMANDS = (
    ("validate", "link.yaml"),
    ("validate", "link.yaml", "--output-format", "github"),
    ("validate", "link.yaml", "--output-format", "sarif"),
    ("validate", "--fix", "link.yaml"),
    ("validate", "real.yaml", "--baseline", "link.yaml"),
    ("derive", "link.yaml"),
    ("todo", "link.yaml"),
    ("get", "link.yaml", "overview.name"),
    ("set", "link.yaml", "overview.name=x"),
    ("render", "link.yaml"),
    ("inspect", "link.yaml"),
    ("sweep", "link.yaml"),
    ("fill", "link.yaml", "--diff"),
    ("fill", "real.yaml", "--from", "link.yaml", "--diff"),
    ("new", "--from", "link.yaml"),
    ("new", "--from", "card=link.yaml"),
    ("new", "--answers", "link.yaml"),
    ("hardware", "check", "link.yaml"),
    ("derive", "real.yaml", "--hardware", "link.yaml"),
)


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        *((arguments, "../secret.yaml") for arguments in COMMANDS),
        (COMMANDS[1], "../credentials"),
        (COMMANDS[1], ".git/config"),
    ],
)
def test_a_link_out_is_refused_and_nothing_of_it_is_shown(
    arguments: tuple[str, ...], target: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "link.yaml").symlink_to(target)
    status = run(arguments)
    out, err = capsys.readouterr()
    assert status == 2
    assert "a link leads out of the working directory" in err + out
    assert ALLOWANCE in err + out
    assert "AWS" not in err + out


def test_a_link_in_a_folder_that_is_checked_fails_the_check(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "link.yaml").symlink_to("../secret.yaml")
    (here / "folder").symlink_to("../outside")
    assert run(["validate", "."]) == 2
    said = "".join(capsys.readouterr())
    assert "link.yaml" in said
    assert "AWS" not in said


def test_no_settings_of_a_repository_in_what_is_checked_are_run(here: Path) -> None:
    """A folder that is a repository without a working tree, as a change to another repository can bring one along."""
    folder = here / "sheets"
    shutil.rmtree(here / ".git")
    for place, kind in ((folder, "--bare"), (here, "--quiet")):
        subprocess.run(["git", "init", "-q", kind, str(place)], check=True)  # noqa: S607  the user's own
    for config in (folder / "config", here / ".git" / "config"):
        with config.open("a", encoding="utf-8") as stream:
            stream.write(
                f'[core]\n\tbare = false\n\tworktree = {here}\n\tfsmonitor = "touch {here}/ran; false"\n'
            )
    (folder / "a.yaml").write_text(SHEET, "utf-8")
    tracked = ["git", "-C", str(folder), "ls-files"]  # which reads the index, as `check-ignore` does
    subprocess.run(tracked, check=False, capture_output=True)
    assert (here / "ran").exists()  # git does run it
    (here / "ran").unlink()
    run(["validate", "sheets"])
    run(["validate", "."])
    assert not (here / "ran").exists()


def test_the_allowance_and_names_out_of_the_folder_are_the_callers(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = here / "link.yaml"
    link.symlink_to("../secret.yaml")
    assert leads_out("link.yaml")
    assert leads_out(link)
    monkeypatch.setenv(ALLOWANCE, "1")
    assert not leads_out(link)
    monkeypatch.delenv(ALLOWANCE)
    (here.parent / "link.yaml").symlink_to("secret.yaml")
    assert not leads_out("../link.yaml")
    assert not leads_out("real.yaml")
    (here / "near.yaml").symlink_to("real.yaml")
    assert not leads_out("near.yaml")
    (here / "loop.yaml").symlink_to("loop.yaml")
    assert not leads_out("loop.yaml")  # whoever opens it says so
    assert not leads_out("nul\0.yaml")


def test_the_cache_of_the_hub_is_made_of_links(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "blobs").mkdir()
    (here / "blobs" / "4f2a").write_text("{}", "utf-8")
    snapshot = here / "snapshots" / "main"
    snapshot.mkdir(parents=True)
    (snapshot / "README.md").symlink_to("../../blobs/4f2a")
    (snapshot / "bad.md").symlink_to("../../../credentials")
    monkeypatch.chdir(snapshot)
    assert not leads_out("README.md")
    assert leads_out("bad.md")


@pytest.mark.parametrize(
    "arguments", [("derive", "real.yaml", "-o", "out.txt"), ("render", "real.yaml", "-o", "out.md")]
)
def test_no_output_goes_through_a_link_out(arguments: tuple[str, ...], here: Path) -> None:
    (here / arguments[-1]).symlink_to("../credentials")
    before = (here.parent / "credentials").read_text("utf-8")
    assert run(arguments) == 2
    assert (here.parent / "credentials").read_text("utf-8") == before


@pytest.mark.parametrize("name", ["sheet", "baseline", "logo", "templates"])
@pytest.mark.parametrize(
    "place", ["../secret.yaml", "link.yaml", "sub/../../secret.yaml", "{above}/secret.yaml"]
)
def test_settings_name_nothing_out_of_their_folder(
    name: str, place: str, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "link.yaml").symlink_to("../secret.yaml")
    place = place.format(above=here.parent)
    (here / "pyproject.toml").write_text(f'[tool.factsheet]\n{name} = "{place}"\n', "utf-8")
    (here / "sub").mkdir()
    for folder in (here, here / "sub"):
        monkeypatch.chdir(folder)
        assert run(["validate"]) == 2
        said = "".join(capsys.readouterr())
        assert f"[tool.factsheet] {name}" in said
        assert "AWS" not in said


def test_a_template_that_is_a_link_shows_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "mine" / "markdown").mkdir(parents=True)
    (here / "mine" / "markdown" / "page.md.j2").symlink_to("../../../outside/page.md.j2")
    (here / "pyproject.toml").write_text('[tool.factsheet]\ntemplates = "mine"\n', "utf-8")
    assert run(["render", "real.yaml", "--format", "markdown"]) == 2
    assert "AWS" not in "".join(capsys.readouterr())


def test_settings_that_are_a_link_are_not_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "pyproject.toml").symlink_to("../credentials")
    assert run(["validate", "real.yaml"]) == 2
    assert "AWS" not in "".join(capsys.readouterr())
    assert os.path.islink("pyproject.toml")  # noqa: PTH114
