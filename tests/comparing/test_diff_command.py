"""`factsheet diff` as a person, a pull request and git call it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factsheet.cli.run import run
from factsheet.comparing.difference_report import MARKER

if TYPE_CHECKING:
    from git_repository import Repository

OLD = """\
factsheet: 1
overview: {name: A sheet, model: A model}
performance:
  energy_efficiency: 6589 inferences/s/W  # published
  refresh_interval: 4 weeks
"""
WORSE = OLD.replace("6589", "6391")
BETTER = OLD.replace("6589", "6787")
LAID_OUT = OLD.replace("# published", "# as published").replace(
    "{name: A sheet, model: A model}", "\n  model: A model\n  name: A sheet"
)


@pytest.fixture
def committed(repository: Repository) -> Repository:
    repository.commit("first", sheet=OLD)
    repository.commit("second", sheet=WORSE)
    return repository


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["HEAD~1:sheet.yaml", "sheet.yaml"], "−3.0 %, worse"),
        (["HEAD~1", "sheet.yaml"], "−3.0 %, worse"),
        (["HEAD:sheet.yaml", "HEAD~1:sheet.yaml"], "+3.1 %, better"),
        (["sheet.yaml"], "nothing changed"),
    ],
)
def test_versions_are_files_and_revisions(
    committed: Repository, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(["diff", *arguments]) == 0
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("new", "fail_on", "status"),
    [
        (WORSE, "regression", 1), (WORSE, "change", 1), (WORSE, "never", 0),
        (BETTER, "regression", 0), (BETTER, "change", 1), (LAID_OUT, "change", 0),
    ],
)  # fmt: skip
def test_the_exit_status_is_for_ci(committed: Repository, new: str, fail_on: str, status: int) -> None:
    (committed.folder / "sheet.yaml").write_text(new, encoding="utf-8")
    assert run(["diff", "HEAD~1", "sheet.yaml", "--fail-on", fail_on]) == status


def test_a_comment_and_json_have_what_changed(
    committed: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", "HEAD~1", "sheet.yaml", "--format", "markdown", "-o", "comment.md"]) == 0
    comment = Path("comment.md").read_text("utf-8")
    assert comment.startswith(MARKER)
    assert (
        "| `performance.energy_efficiency` | 6,589 inferences/s/W | 6,391 inferences/s/W | ▼ worse: −3.0 % |"
        in comment
    )
    assert run(["diff", "HEAD~1", "sheet.yaml", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "factsheet.diff/1"
    assert found["regressions"] == 1
    (change,) = found["changes"]
    assert change["difference"] == pytest.approx(6391 / 6589 - 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sheet.yaml", "b", "c"], "two versions are compared, and 3 are named"),
        (["HEAD:sheet.yaml"], "is compared with nothing"),
        (["no-such-thing", "sheet.yaml"], "no such file, and no revision of that name"),
        (["HEAD~9:sheet.yaml", "sheet.yaml"], "there is no revision `HEAD~9`"),
        (["HEAD:shet.yaml", "sheet.yaml"], "did you mean `sheet.yaml`?"),
        (["broken.yaml", "sheet.yaml"], "is no sheet that could be compared"),
        (["--git-driver", "x", "y"], "is for git"),
    ],
)
def test_what_cannot_be_compared_is_said(
    committed: Repository, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (committed.folder / "broken.yaml").write_text("factsheet: [", encoding="utf-8")
    assert run(["diff", *arguments]) in {1, 2}
    assert said in capsys.readouterr().err


def test_git_shows_differences_by_their_meaning(committed: Repository) -> None:
    """The driver that the documentation sets up, with a real git: a sheet that was renamed, and a broken one."""
    command = f"{shlex.quote(sys.executable)} -m factsheet diff --git-driver"
    committed.git("config", "diff.factsheet.command", command)
    (committed.folder / ".gitattributes").write_text("*.yaml diff=factsheet\n", encoding="utf-8")
    committed.git("mv", "sheet.yaml", "renamed.yaml")
    (committed.folder / "renamed.yaml").write_text(WORSE.replace("4 weeks", "1 week"), encoding="utf-8")
    (committed.folder / "broken.yaml").write_text("factsheet: [", encoding="utf-8")
    committed.git("add", "-A")
    shown = committed.git("diff", "--cached")
    assert "a/sheet.yaml → b/renamed.yaml" in shown
    assert "4 weeks → 1 week (−75.0 %, worse)" in shown
    assert "is no sheet that could be compared" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["s.yaml", "/dev/null", "0", "0", "old.yaml", "0", "100644"], "a new sheet with 4 answers"),
        (["s.yaml", "old.yaml", "0", "100644", "/dev/null", "0", "0"], "the sheet is gone"),
        (
            ["s.yaml", "old.yaml", "0", "1", "laid_out.yaml", "0", "1"],
            "`git diff --no-ext-diff` shows the lines",
        ),
        (["s.yaml", "old.yaml", "0", "1", "missing.yaml", "0", "1"], "cannot be read"),
        (["s.yaml"], "not merged yet"),
    ],
)
def test_what_git_gives_is_always_shown(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {"old": OLD, "laid_out": LAID_OUT}.items():
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    assert run(["diff", "--git-driver", *arguments]) == 0
    assert said in capsys.readouterr().out


def test_several_sheets_and_those_that_came_and_went(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository.folder / "sheets").mkdir()
    folder = repository.folder / "sheets"
    for name in ("same", "worse", "gone"):
        (folder / f"{name}.yaml").write_text(OLD, encoding="utf-8")
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "begun")
    (folder / "gone.yaml").unlink()
    (folder / "came.yaml").write_text(OLD, encoding="utf-8")
    (folder / "worse.yaml").write_text(WORSE, encoding="utf-8")
    assert run(["diff", "HEAD", "sheets", "--fail-on", "regression"]) == 1
    shown = capsys.readouterr().out
    assert "−3.0 %, worse" in shown
    assert "the sheet is gone" in shown
    assert "a new sheet with 4 answers" in shown
    assert "4 sheets compared; nothing changed in sheets/same.yaml." in shown
    assert run(["diff", "HEAD", "sheets/", "--format", "markdown"]) == 0
    assert capsys.readouterr().out.count(MARKER) == 1
    (folder / "worse.yaml").write_text("factsheet: [", encoding="utf-8")
    paths = ["sheets/worse.yaml", "sheets/same.yaml"]
    assert run(["diff", "HEAD", *paths, "--format", "json", "--fail-on", "regression"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [len(sheet["changes"]) for sheet in found["sheets"]] == [1, 0]  # the broken one hides no other
    assert run(["diff", "HEAD", "sheets/came.yaml", "--fail-on", "regression"]) == 0
    assert "a new sheet" in capsys.readouterr().out


def test_a_shallow_copy_is_said(
    committed: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy = tmp_path / "copy"
    committed.git("clone", "-q", "--depth", "1", committed.folder.as_uri(), str(copy))
    monkeypatch.chdir(copy)
    for arguments in (["origin/other", "sheet.yaml"], ["HEAD~1:sheet.yaml", "sheet.yaml"]):
        assert run(["diff", *arguments]) == 2
        said = capsys.readouterr().err
        assert "shallow" in said
        assert "fetch-depth: 0" in said


def test_a_sheet_is_found_under_the_name_that_it_had(
    committed: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    committed.git("mv", "sheet.yaml", "renamed.yaml")
    committed.git("commit", "-q", "-m", "renamed")
    for named in ("renamed.yaml", "."):
        assert run(["diff", "HEAD~2", named]) == 0
        told = capsys.readouterr().out
        assert "HEAD~2:./sheet.yaml → renamed.yaml" in told
        assert "−3.0 %, worse" in told
        assert "the sheet is gone" not in told
        assert "a new sheet" not in told
    # One that was begun as a copy of another is new.
    committed.commit("copied", copy=WORSE)
    assert run(["diff", "HEAD~1", "copy.yaml"]) == 0
    assert "a new sheet" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["diff", "pipe.yaml", "sheet.yaml"], ["diff", "sheet.yaml", "pipe.yaml"],
        ["compare", "sheet.yaml", "pipe.yaml"], ["migrate", "pipe.yaml"], ["find", "A", "pipe.yaml"],
    ],
)  # fmt: skip
def test_nobody_waits_for_a_named_pipe(
    committed: Repository, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    os.mkfifo("pipe.yaml")
    assert run(arguments) == 2
    assert "it is a named pipe" in capsys.readouterr().err


def test_a_revision_alone_means_all_sheets_in_the_usual_places(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path("sheets")
    folder.mkdir()
    (folder / "gone.yaml").write_text(OLD, "utf-8")
    repository.commit("first", sheet=OLD)
    (folder / "gone.yaml").unlink()
    folder.rmdir()
    Path("factsheet.yaml").write_text(WORSE, "utf-8")
    assert run(["diff", "HEAD", "--format", "json"]) == 0
    told = {
        sheet["new"]: sheet["changes"][0]["words"] for sheet in json.loads(capsys.readouterr().out)["sheets"]
    }
    assert told.keys() == {"factsheet.yaml", "sheets/gone.yaml"}
    assert told["sheets/gone.yaml"] == "the sheet is gone"


def test_a_revision_alone_means_the_configured_sheet(
    committed: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("pyproject.toml").write_text('[tool.factsheet]\nsheet = "sheet.yaml"\n', "utf-8")
    assert run(["diff", "HEAD~1", "--fail-on", "regression"]) == 1
    assert "−3.0 %, worse" in capsys.readouterr().out


def test_a_revision_without_sheets_anywhere_says_where_they_were_looked_for(
    committed: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", "HEAD~1"]) == 2
    assert "factsheets" in capsys.readouterr().err


@pytest.mark.parametrize(
    "named", [["HEAD", "sheet.yaml"], ["sheet.yaml"], ["HEAD", "sheet.yaml", "other.yaml"]]
)
def test_a_named_sheet_that_is_gone_is_a_regression(
    committed: Repository, capsys: pytest.CaptureFixture[str], named: list[str]
) -> None:
    committed.commit("third", other=OLD)
    Path("sheet.yaml").unlink()
    assert run(["diff", *named, "--fail-on", "regression"]) == 1
    assert "the sheet is gone" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (["HEAD", "nowhere.yaml"], "nowhere.yaml: cannot be read: there is no such file, and was none at `HEAD`"),
        (["nowhere"], "nowhere: cannot be read: there is no such file, and no revision of that name"),
        (["0" * 40], f"{'0' * 40}: cannot be read: there is no such file, and no revision"),
        ([""], "the name of a version is empty"),
        (["HEAD", ""], "the name of a version is empty"),
        (["HEAD", "HEAD~1:sheet.yaml"], "`HEAD` is a revision, and no text at one"),
        (["HEAD:sheet.yaml", "."], "`HEAD:sheet.yaml` is one text, and `.` is a folder"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_names_is_said_of_the_right_one(
    committed: Repository, capsys: pytest.CaptureFixture[str], named: list[str], said: str
) -> None:
    del committed
    assert run(["diff", *named]) == 2
    assert said in capsys.readouterr().err


def test_a_revision_alone_that_a_shallow_copy_lacks_is_said(
    committed: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy = tmp_path / "copy"
    committed.git("clone", "-q", "--depth", "1", committed.folder.as_uri(), str(copy))
    monkeypatch.chdir(copy)
    assert run(["diff", "origin/other"]) == 2
    assert "fetch-depth: 0" in capsys.readouterr().err


def test_what_is_gone_and_was_no_sheet_hides_no_sheet(
    committed: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    within = committed.folder / "within.yaml"
    committed.git("init", "-q", str(within))
    committed.git("-C", str(within), "commit", "-q", "--allow-empty", "-m", "other")
    committed.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module.yaml")
    committed.commit("third", large="factsheet: 1\n" + "# x\n" * 300_000, sheet=OLD)
    shutil.rmtree(within)
    Path("large.yaml").unlink()
    Path("sheet.yaml").write_text(WORSE, "utf-8")
    assert run(["diff", "HEAD", ".", "--fail-on", "regression"]) == 1
    assert "−3.0 %, worse" in capsys.readouterr().out
