"""A user's program passes the strictest type check, and runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import factsheet

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).parent / "programs" / "whole_face.py"
# The types of torch take mypy a minute to read, and only `simulate` and `sensitivity` name one.
CONFIG = "[mypy]\nstrict = True\n[mypy-torch.*]\nfollow_imports = skip\nignore_missing_imports = True\n"


def test_the_program_uses_the_whole_face() -> None:
    text = PROGRAM.read_text(encoding="utf-8")
    needs_torch = {"sensitivity", "simulate"}
    assert [name for name in factsheet.__all__ if f"factsheet.{name}" not in text] == sorted(needs_torch)


def test_the_program_passes_strict_type_checking(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    (tmp_path / "mypy.ini").write_text(CONFIG, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--follow-imports=silent", str(PROGRAM)],
        cwd=tmp_path,
        env=os.environ | {"MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_program_runs(tmp_path: Path) -> None:
    shutil.copy(ROOT / "sheets" / "bert.yaml", tmp_path)
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("<sheet>: ")
