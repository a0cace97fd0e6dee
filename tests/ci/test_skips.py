"""Tests that lack a program skip with the package that has it; where README.md's packages are installed, they fail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from project_files import ROOT
from system_tools import DRIVER, PANGO, TOOLS

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """\
import pytest
from system_tools import program

def test_with_git():
    assert program("git")

@pytest.mark.accelerator
@pytest.mark.skipif(True, reason="no GPU")
def test_on_a_gpu():
    pass

def test_of_nothing():
    pass
"""


def outcome(folder: Path, source: str, path: str, *, everything_is_there: bool) -> str:
    file = folder / "test_tried.py"
    file.write_text(source, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {
        "PATH": path,
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests", ROOT / "tests" / "shared"))),
    }
    environment["FACTSHEET_NO_SKIPS"] = "1" if everything_is_there else ""
    command = [sys.executable, "-m", "pytest", "-rsf", "-p", "conftest", "-p", "no:cacheprovider", str(file)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    ).stdout


@pytest.mark.parametrize("everything_is_there", [False, True])
def test_a_missing_program_is_a_skip_or_a_failure(tmp_path: Path, *, everything_is_there: bool) -> None:
    (tmp_path / "bin").mkdir()
    found = outcome(tmp_path, SOURCE, str(tmp_path / "bin"), everything_is_there=everything_is_there)
    assert "none of git is on the PATH; on Debian: apt-get install git" in found
    counts = "1 failed, 1 passed, 1 skipped" if everything_is_there else "1 passed, 2 skipped"
    assert counts in found.splitlines()[-1]


@pytest.mark.parametrize("everything_is_there", [False, True])
def test_a_module_that_is_left_out_is_a_skip_or_a_failure(
    tmp_path: Path, *, everything_is_there: bool
) -> None:
    source = 'import pytest\npytest.importorskip("no_such_module")\n'
    found = outcome(tmp_path, source, os.environ["PATH"], everything_is_there=everything_is_there)
    assert ("1 error" if everything_is_there else "1 skipped") in found.splitlines()[-1]


def test_readme_installs_the_packages_that_tests_ask_for() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"^<!-- system -->\n```sh\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    assert block is not None
    asked = {*DRIVER, *PANGO, *(package for tool in TOOLS.values() for package in tool.packages)}
    assert asked <= set(block[1].split())
