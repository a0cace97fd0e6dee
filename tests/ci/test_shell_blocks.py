"""The shell blocks of docs/ are run, in a repository like the one that they speak of; what cannot be run is named."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from git_repository import Repository
from project_files import ROOT
from system_tools import program, require_pango

from factsheet.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = re.compile(r"^```sh\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
ELSEWHERE = {"cli.md", "install.md"}
"""A generated page, whose examples tests/cli runs, and one whose commands install."""
NOT_RUN = {
    "pip install": "installs",
    "dask ": "listens, and waits for machines",
    "factsheet sweep sheets/ --hardware all --scheduler": "asks a machine that is not there",
    "factsheet simulate mypackage": "is of the reader's own package; tests/functional runs such",
    "factsheet simulate hf:": "needs a model that is downloaded, or of the reader's own",
    "factsheet new --from recipe.py": "is of the reader's own script; tests/authoring runs such",
    "factsheet rpu-config hardware.yaml": "is of the reader's own files; tests/functional runs such",
    "factsheet preview": "serves until it is interrupted; tests/pages does",
    "factsheet review score": "asks a person; tests/review answers",
    "factsheet hardware check my-chip": "is of the reader's own file; tests/hardware runs such",
    "factsheet sweep models/": "is of the reader's own models; tests/sweeps runs such",
}
"""Beginnings of commands, and why nothing here runs them."""
LINES = [
    pytest.param(line, id=f"{page.stem}-{line.partition('  #')[0].strip()}")
    for page in sorted((ROOT / "docs").rglob("*.md"))
    if page.name not in ELSEWHERE
    for block in BLOCK.finditer(page.read_text(encoding="utf-8"))
    for line in block["text"].replace("\\\n", "").splitlines()
    if line and not line.startswith(("#", *NOT_RUN))
]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of five commits with the sheets, in which a power was changed, and a baseline."""
    made = Repository(tmp_path)
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    for name in ("bert.yaml", "albert.yaml", "bert.review.yaml"):
        shutil.copy(ROOT / "sheets" / name, sheets / name)
    text = (sheets / "bert.yaml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.factsheet]\nsheet = "sheets/bert.yaml"\n', encoding="utf-8"
    )
    for power in ("3.12 W", "3.10 W", "3.11 W", "3.13 W"):
        assert "3.13 W" in text
        (sheets / "bert.yaml").write_text(text.replace("3.13 W", power), encoding="utf-8")
        made.commit(f"Measure {power}")
    made.git("update-ref", "refs/remotes/origin/main", "HEAD~1")
    monkeypatch.chdir(tmp_path)
    assert run(["validate", "--baseline", "factsheet-baseline.json", "--update-baseline"]) == 0
    return tmp_path


@pytest.mark.parametrize("line", LINES)
def test_a_command_that_is_shown_does_what_it_is_shown_for(
    line: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "--format all" in line:
        require_pango()
    if "--into README.md" in line:  # a card that exists; elsewhere none may be in the way
        (repository / "README.md").write_text("# A model\n\nWords of a person.\n", encoding="utf-8")
    words = shlex.split(line, comments=True)
    if words[0] == "factsheet":
        assert run(words[1:]) == 0, capsys.readouterr().err
        for output in re.findall(r"(?:^|\s)(?:-o|\S+=(?=report\.)) ?(\S+)", line):
            assert (repository / output).exists(), output
    else:
        subprocess.run([program("bash"), "-euc", line], cwd=repository, check=True)


def test_every_command_that_is_left_out_is_shown_somewhere() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md"))
    assert [start for start in NOT_RUN if f"\n{start}" not in text] == []
    assert len(LINES) > 30
