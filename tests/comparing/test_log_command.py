"""`factsheet log` over a real repository: renames, rows, facts that went, revisions that are no sheets."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from git_repository import Repository

from factsheet.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

SHEET = """\
factsheet: 1
overview: {name: A sheet, model: A model}
parameters:
  power: 3.00 W
performance:
  results:
    - name: GLUE
      metric: accuracy
      systems: [{id: chip, name: Chip, kind: analog}]
      tasks:
        - {task: RTE, scores: {chip: 64.0 %}}
        - {task: MNLI, scores: {chip: 82.0 %}}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = Repository(tmp_path_factory.mktemp("history"))
    repository.commit("begun", old=SHEET)
    repository.commit("comments alone", old=f"# A comment.\n{SHEET}")
    repository.git("mv", "old.yaml", "sheet.yaml")
    repository.git("commit", "-q", "-m", "renamed")
    repository.commit("broken", sheet="factsheet: [")
    better = SHEET.replace("64.0 %", "65.0 %")
    repository.commit("better", sheet=better)
    repository.commit("without power", sheet=better.replace("parameters:\n  power: 3.00 W\n", ""))
    return repository


@pytest.fixture
def history(made: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.chdir(made.folder)
    return made


def entries(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, list[tuple[str, str]]]]:
    assert run(["log", *arguments, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["revisions"] == 6
    return [
        (entry["subject"], [(change["place"], change["words"]) for change in entry["changes"]])
        for entry in found["entries"]
        if not entry["problem"]
    ]


def test_a_fact_that_went_is_followed(history: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert entries(capsys, "parameters.power", "sheet.yaml") == [
        ("without power", [("parameters.power", "gone")]),
        ("begun", [("parameters.power", "first stated")]),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "performance.results[name=GLUE].tasks[task=RTE]",
        "performance.results[0].tasks[0].scores",
        "performance.results[*].tasks[task=RTE]",
    ],
)
def test_a_row_is_followed_by_its_name(
    history: Repository, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    place = "performance.results[name=GLUE].tasks[task=RTE].scores.chip"
    assert entries(capsys, path, "sheet.yaml") == [
        ("better", [(place, "+1 percentage points, better")]),
        ("begun", [(place, "first stated")]),
    ]


def test_the_fields_other_words_are_understood(
    history: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["log", "performance.accuracy", "sheet.yaml"]) == 0
    told = capsys.readouterr()
    assert "64.0 % → 65.0 % (+1 percentage points, better)" in told.out
    assert "(as old.yaml)" in told.out
    assert "not compared: " in told.out  # the broken one
    assert (
        "a sheet has no `performance.accuracy`; shown is performance.results[*].tasks[*].scores" in told.err
    )


def test_what_is_not_committed_yet_comes_first(
    history: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    (history.folder / "sheet.yaml").write_text(SHEET.replace("64.0 %", "63.0 %"), encoding="utf-8")
    assert run(["log", "sheet.yaml"]) == 0
    history.git("checkout", "-q", "sheet.yaml")
    assert capsys.readouterr().out.startswith("not committed yet\n")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["parameters.colour", "sheet.yaml"], 1, "no revision on this branch states parameters.colour"),
        (["parameters.area", "sheet.yaml"], 1, "no revision on this branch states parameters.area"),
        (["a.yaml", "b.yaml"], 2, "one sheet has a history, and 2 are named"),
        (["parameters.power", "missing.yaml"], 2, "missing.yaml"),
    ],
)
def test_what_has_no_history_is_said(
    history: Repository, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    assert run(["log", *arguments]) == status
    assert said in capsys.readouterr().err


def test_a_field_is_found_by_its_own_name(history: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["log", "power", "sheet.yaml"]) == 0
    told = capsys.readouterr()
    assert "3.00 W" in told.out
    assert "shown is " in told.err
    assert "parameters.power" in told.err


def test_a_first_version_takes_one_line(history: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["log", "sheet.yaml"]) == 0
    begun = capsys.readouterr().out.partition(" begun")[2]
    assert "a new sheet with " in begun
    assert "64.0 %" not in begun


def test_all_revisions_are_read_with_one_git(
    history: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    popen = subprocess.Popen

    def counted(command: list[str], **rest: Any) -> subprocess.Popen[bytes]:
        started.append(next(word for word in command if word in {"log", "rev-parse", "cat-file"}))
        return popen(command, **rest)

    monkeypatch.setattr(subprocess, "Popen", counted)
    assert len(entries(capsys, "parameters.power", "sheet.yaml")) == 2
    assert sorted(started) == ["cat-file", "log", "rev-parse"]


def test_a_sheet_of_another_repository_has_a_history(
    made: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(entries(capsys, "parameters.power", str(made.folder / "sheet.yaml"))) == 2
