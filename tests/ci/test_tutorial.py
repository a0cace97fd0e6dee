"""docs/tutorial.md from its first line to its last, in a scratch repository: files, commands, hook, action, pages."""

from __future__ import annotations

import importlib.util
import os
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
    from pathlib import Path

PAGE = ROOT / "docs" / "tutorial.md"
STEP = re.compile(
    r"^<!-- file: (?P<file>\S+) -->\n```\w+\n(?P<text>.*?)^```$|^```console\n(?P<console>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
LEFT_OUT = "…\n"
IDENTITY = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def shim(file: Path, command: str) -> None:
    put(file, f"#!/bin/sh\n{command}\n")
    file.chmod(0o755)


def agrees(shown: str, printed: str) -> bool:
    """Whether a page shows what is printed, with `…` for any lines that it leaves out."""
    pattern = "".join(
        "(?:.*\n)*" if line == LEFT_OUT else re.escape(line) for line in shown.splitlines(keepends=True)
    )
    return re.fullmatch(pattern, printed) is not None


@dataclass(frozen=True, slots=True)
class Scratch:
    """A model repository, its remote, and this project as a repository of hooks."""

    repository: Path
    remote: Path
    hooks: Path
    environment: dict[str, str]

    def run(self, *command: str, where: Path | None = None) -> str:
        """What a terminal shows."""
        done = subprocess.run(
            command,
            cwd=where or self.repository,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.stdout.decode("utf-8")


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    git = program("git")
    temp = tmp_path / "temp"
    ours = f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m factsheet "$@"'
    shim(tmp_path / "bin" / "factsheet", ours)
    shim(tmp_path / "bin" / "pre-commit", f'exec "{sys.executable}" -m pre_commit "$@"')
    shim(temp / "factsheet" / "bin" / "factsheet", ours)  # where the workflow installs it
    environment = clean_environment() | IDENTITY
    environment |= {
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{environment['PATH']}",
        "PRE_COMMIT_HOME": str(tmp_path / "store"),
        "RUNNER_TEMP": str(temp),
        "GITHUB_SHA": "0123456",
        "NO_COLOR": "1",
    }
    made = Scratch(tmp_path / "model", tmp_path / "remote.git", tmp_path / "factsheet", environment)
    made.repository.mkdir()
    copy_project(made.hooks)
    made.run(git, "init", "--quiet", where=made.hooks)
    made.run(git, "add", "--all", where=made.hooks)
    made.run(git, "commit", "--quiet", "--message", "All of it", where=made.hooks)
    made.run(git, "init", "--quiet", "--bare", str(made.remote))
    return made


def follow(scratch: Scratch, page: str) -> list[tuple[str, str]]:
    """Do what the page says, in its order; what it shows of each block of commands, with what is printed now."""
    git = program("git")
    commit = scratch.run(git, "rev-parse", "HEAD", where=scratch.hooks).strip()
    shown = []
    for step in STEP.finditer(page):
        if step["file"]:
            text = step["text"].replace("https://github.com/OWNER/factsheet", scratch.hooks.as_posix())
            put(scratch.repository / step["file"], text.replace("COMMIT", commit))
            continue
        printed = ""
        for command in re.findall(r"^\$ (.*)$", step["console"], re.MULTILINE):
            here = command.replace("git@github.com:TEAM/bert-tiny.git", str(scratch.remote))
            printed += f"$ {command}\n{scratch.run('/bin/sh', '-c', here)}"
        shown.append((step["console"], printed))
    return shown


def test_the_tutorial_does_what_it_shows(scratch: Scratch, request: pytest.FixtureRequest) -> None:
    page = PAGE.read_text(encoding="utf-8")
    steps = follow(scratch, page)
    if request.config.getoption("--update-golden"):
        for shown, printed in steps:
            page = page if LEFT_OUT in shown else page.replace(shown, printed, 1)
        PAGE.write_text(page, encoding="utf-8")
        return
    wrong = [f"shown:\n{shown}printed:\n{printed}" for shown, printed in steps if not agrees(shown, printed)]
    assert not wrong, "\n".join(wrong)

    file = scratch.repository / ".github" / "workflows" / "factsheet.yml"
    jobs = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]
    inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    assert set(jobs["check"]["steps"][1]["with"]) <= set(inputs)
    git = program("git")
    said = scratch.run("/bin/bash", "-eo", "pipefail", "-c", jobs["publish"]["steps"][-1]["run"])
    served = scratch.run(git, "ls-tree", "--name-only", "gh-pages", where=scratch.remote).split()
    assert {"index.html", "bert-tiny-business-expert.html"} <= set(served), said
    first = scratch.run(git, "show", "gh-pages:index.html", where=scratch.remote)
    assert first.lower().startswith("<!doctype html>")
    pushed = scratch.run(git, "ls-tree", "-r", "--name-only", "main", where=scratch.remote).split()
    assert "sheets/bert-tiny.yaml" in pushed


def test_what_the_tutorial_needs_is_installed_with_the_tests() -> None:
    assert importlib.util.find_spec("transformers")
    assert importlib.util.find_spec("pre_commit")
