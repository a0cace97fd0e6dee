"""README.md shows what the commands print today, and its sheet is one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from factsheet.checks.engine import check_document
from factsheet.source.loader import load_bytes

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def transcript(block: str, folder: Path) -> str:
    """The block with what its commands print now, run in a folder that holds `sheets/`."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    program = programs / "factsheet"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m factsheet "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    lines = []
    for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE):
        done = subprocess.run(  # noqa: S602  the commands are our own README's
            command, shell=True, capture_output=True, text=True, check=False, cwd=folder, env=environment
        )
        lines.append(f"$ {command}\n{done.stdout}")
    return "".join(lines)


@pytest.mark.parametrize("number", range(len(blocks("console"))))
def test_transcripts_are_those_of_today(number: int, tmp_path: Path) -> None:
    (tmp_path / "sheets").symlink_to(ROOT / "sheets")
    block = blocks("console")[number]
    assert transcript(block, tmp_path) == block


def test_the_sheet_in_the_readme_is_valid() -> None:
    (sheet,) = blocks("yaml")
    assert check_document(load_bytes(sheet.encode(), "README.md"), "README.md").diagnostics == ()
