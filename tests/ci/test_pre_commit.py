"""The pre-commit hooks, for real: pre-commit installs them from a repository of this project and guards a commit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import yaml
from project_files import ROOT, clean_environment, copy_project
from system_tools import program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CLEAN = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"
BROKEN = "factsheet: 1\noverview: {name: Example, modle: BERT-base}\n"
# A comment that silences nothing is the simplest thing that can be mended safely.
MENDABLE = (
    "factsheet: 1\noverview: {name: Example, model: BERT-base}  # factsheet: ignore[FS204] no longer so\n"
)
CONFIG = """
repos:
  - repo: {hooks}
    rev: {rev}
    hooks:
      - id: {hook}
        args: {args}
"""
IDENTITY = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository, and where pre-commit keeps what it installs."""

    folder: Path
    store: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = clean_environment() | IDENTITY | {"PRE_COMMIT_HOME": str(self.store), "NO_COLOR": "1"}
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def git(self, *arguments: str) -> str:
        done = self.run(program("git"), *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def put(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def commit(self) -> subprocess.CompletedProcess[str]:
        self.git("add", "--all")
        return self.run(program("git"), "commit", "--message", "Change the sheet")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared, so that the hooks' environment is installed once."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory, store: Path) -> tuple[Path, str]:
    """A repository that holds this project as it is now, and its last commit."""
    folder = tmp_path_factory.mktemp("hooks") / "factsheet"
    copy_project(folder)
    repository = Repository(folder, store)
    repository.git("init", "--quiet")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "All of it")
    return folder, repository.git("rev-parse", "HEAD")


def guarded(
    folder: Path, store: Path, hooks: tuple[Path, str], hook: str, args: Sequence[str] = ()
) -> Repository:
    """A model repository in which the hook guards every commit."""
    repository = Repository(folder, store)
    repository.git("init", "--quiet")
    where, rev = hooks
    repository.put(
        ".pre-commit-config.yaml",
        CONFIG.format(hooks=where.as_posix(), rev=rev, hook=hook, args=json.dumps(list(args))),
    )
    done = repository.run(sys.executable, "-m", "pre_commit", "install")
    assert done.returncode == 0, done.stderr
    return repository


def test_a_bad_sheet_is_refused_and_the_mended_one_accepted(
    tmp_path: Path, store: Path, hooks: tuple[Path, str]
) -> None:
    repository = guarded(tmp_path, store, hooks, "factsheet-validate")
    repository.put("sheets/my model.yaml", BROKEN)
    refused = repository.commit()
    assert refused.returncode == 1
    said = refused.stdout + refused.stderr
    assert "sheets/my model.yaml:2:27: error FS152 unknown-key" in said
    assert not repository.run(program("git"), "rev-parse", "--verify", "HEAD").stdout

    repository.put("sheets/my model.yaml", CLEAN)
    accepted = repository.commit()
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert repository.git("show", "HEAD:sheets/my model.yaml") == CLEAN.strip()


def test_what_is_no_sheet_is_left_alone(tmp_path: Path, store: Path, hooks: tuple[Path, str]) -> None:
    repository = guarded(tmp_path, store, hooks, "factsheet-validate")
    repository.put("config/training.yaml", "learning_rate: [\n")
    repository.put("sheets.yaml", "not: a sheet\n")
    repository.put("sheets/README.md", "# Sheets\n")
    done = repository.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no files to check" in done.stdout + done.stderr


@pytest.mark.parametrize(
    "name", ["factsheet.yml", "docs/factsheet.yaml", "factsheets/a.yml", "bert.factsheet.yaml"]
)
def test_sheets_are_found_by_their_usual_names(
    tmp_path: Path, store: Path, hooks: tuple[Path, str], name: str
) -> None:
    repository = guarded(tmp_path, store, hooks, "factsheet-validate")
    repository.put(name, BROKEN)
    refused = repository.commit()
    assert refused.returncode == 1
    assert f"{name}:2:27: error FS152" in refused.stdout + refused.stderr


def test_what_can_be_mended_safely_is_mended_and_the_commit_waits(
    tmp_path: Path, store: Path, hooks: tuple[Path, str]
) -> None:
    repository = guarded(tmp_path, store, hooks, "factsheet-fix")
    sheet = repository.put("factsheet.yaml", MENDABLE)
    stopped = repository.commit()
    assert stopped.returncode == 1
    assert "files were modified by this hook" in stopped.stdout + stopped.stderr
    assert sheet.read_text(encoding="utf-8") == CLEAN

    accepted = repository.commit()
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr


def test_mending_leaves_judgement_to_the_other_hook(
    tmp_path: Path, store: Path, hooks: tuple[Path, str]
) -> None:
    repository = guarded(tmp_path, store, hooks, "factsheet-fix")
    sheet = repository.put("factsheet.yaml", BROKEN)
    assert repository.commit().returncode == 0
    assert sheet.read_text(encoding="utf-8") == BROKEN


# 64 x 32 and 32 x 10 weights, with 42 biases: 2,410 parameters.
DERIVED = (
    "factsheet: 1\noverview: {name: Example, modle: a typing error}\n"
    "model_architecture: {mlp: {sizes: [64, 32, 10], biases: true}}\n"
    "parameters: {parameters: {value: 2410, source: derived}}\n"
)


def test_a_derived_figure_that_is_stale_is_refused_and_nothing_else(
    tmp_path: Path, store: Path, hooks: tuple[Path, str]
) -> None:
    repository = guarded(tmp_path, store, hooks, "factsheet-derived")
    repository.put("factsheet.yaml", DERIVED.replace("modle: a typing error", "model: digits"))
    accepted = repository.commit()
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    repository.put(
        "factsheet.yaml", DERIVED.replace("modle: a typing error", "model: digits").replace("32", "48")
    )
    refused = repository.commit()
    assert refused.returncode == 1
    assert "factsheet.yaml:4:" in refused.stdout + refused.stderr
    assert "FS310" in refused.stdout + refused.stderr


def test_a_stale_page_is_refused_until_it_is_written_anew(
    tmp_path: Path, store: Path, hooks: tuple[Path, str]
) -> None:
    args = ["factsheet.yaml", "--output", "docs/sheet.html"]
    repository = guarded(tmp_path, store, hooks, "factsheet-pages", args)
    repository.put("factsheet.yaml", CLEAN)
    refused = repository.commit()
    assert refused.returncode == 1
    assert "docs/sheet.html: it is not there" in refused.stdout + refused.stderr
    (program_,) = store.glob("repo*/py_env-*/bin/factsheet")
    (tmp_path / "docs").mkdir()
    assert repository.run(str(program_), "render", *args).returncode == 0
    accepted = repository.commit()
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    repository.put("factsheet.yaml", CLEAN.replace("Example", "Another"))
    stale = repository.commit()
    assert stale.returncode == 1
    assert "docs/sheet.html: it is not what the sheet gives now" in stale.stdout + stale.stderr


@pytest.mark.parametrize(
    "name", ["--baseline=x.factsheet.yaml", "--output-format=json=../factsheet.yaml", "-h.factsheet.yaml"]
)
def test_no_hook_is_given_a_name_that_is_an_option(name: str) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    given = [hook for hook in hooks if hook.get("pass_filenames", True)]
    assert len(given) == 3
    for hook in given:
        # As pre-commit looks for both, from the beginning of the path on.
        assert re.search(hook["files"], name)
        assert re.search(hook["exclude"], name)
        assert re.search(hook["files"], f"sheets/{name}.yaml")
        assert not re.search(hook["exclude"], f"sheets/{name}.yaml")
