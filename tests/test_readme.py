"""README.md and the pages of docs/ show what the commands print today; the sheet in README.md is one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from factsheet.checks.engine import check_document
from factsheet.cli.app import COMMANDS, GROUPS
from factsheet.cli.doctor.checkup import EXTRAS
from factsheet.readers.roles import ROLE_NAMES
from factsheet.source.loader import load_bytes

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


DOCS = ROOT / "docs"
TUTORIAL = DOCS / "tutorial.md"
"""One story from its first block to its last: tests/test_tutorial.py runs it as a whole."""
PAGES = (README, *sorted({*DOCS.glob("*.md"), *DOCS.glob("how-to/*.md")} - {TUTORIAL}))
LEFT_OUT = "…\n"
FILE = re.compile(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
"""A file that the commands of a page read."""


HOW_TO = {page.stem for page in DOCS.glob("how-to/*.md")}


def blocks(language: str, page: Path = README) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


CONSOLE = [
    pytest.param(page, block, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, block in enumerate(blocks("console", page))
]


CORE_ALONE = f"""\
import sys

EXTRAS = {sorted({module for extra in EXTRAS.values() for _, module in extra.packages})}


class Absent:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in EXTRAS:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)


sys.meta_path.insert(0, Absent)
"""
"""For Python's start: what extras bring is not there, as after the one installation that the README names."""


def transcript(block: str, folder: Path, *, core_alone: bool = False) -> str:
    """The block with what its commands print now, run in a folder that holds `sheets/`."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    program = programs / "factsheet"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m factsheet "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {
        **os.environ,
        "FACTSHEET_FOLLOW_LINKS": "1",  # the files that the commands name are links to those of the repository
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    if core_alone:
        (programs / "sitecustomize.py").write_text(CORE_ALONE, encoding="utf-8")
        environment["PYTHONPATH"] = f"{programs}{os.pathsep}{ROOT}"
    lines = []
    for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE):
        done = subprocess.run(  # noqa: S602  the commands are our own README's
            command, shell=True, capture_output=True, text=True, check=False, cwd=folder, env=environment
        )
        assert not core_alone or done.returncode in (0, 1), f"{command}\n{done.stderr}"
        lines.append(f"$ {command}\n{done.stdout}")
    return "".join(lines)


def agrees(shown: str, printed: str) -> bool:
    """Whether a page shows what is printed, with `…` for any lines that it leaves out."""
    pattern = "".join(
        "(?:.*\n)*" if line == LEFT_OUT else re.escape(line) for line in shown.splitlines(keepends=True)
    )
    return re.fullmatch(pattern, printed) is not None


@pytest.mark.parametrize(("page", "block"), CONSOLE)
def test_transcripts_are_those_of_today(
    page: Path, block: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for name in ("examples", "sheets"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name, text in FILE.findall(page.read_text(encoding="utf-8")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    printed = transcript(block, tmp_path, core_alone=page == README)
    if request.config.getoption("--update-golden") and LEFT_OUT not in block:
        page.write_text(page.read_text(encoding="utf-8").replace(block, printed, 1), encoding="utf-8")
        return
    if LEFT_OUT in block:
        assert agrees(block, printed), printed
    else:
        assert printed == block


def test_every_role_has_a_page_of_its_own() -> None:
    assert set(ROLE_NAMES) <= HOW_TO


def test_every_page_of_the_documentation_is_on_its_map() -> None:
    text = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = {*DOCS.glob("*.md"), *DOCS.glob("how-to/*.md")} - {DOCS / "README.md"}
    assert not [page for page in pages if f"]({page.relative_to(DOCS).as_posix()})" not in text]


def test_every_command_that_a_page_names_is_there() -> None:
    """In running text and tables too, where nothing runs it."""
    pages = {
        page.name: page.read_text(encoding="utf-8")
        for page in DOCS.rglob("*.md")
        if "decisions" not in page.parts
    }
    pages["README.md of the project"] = README.read_text(encoding="utf-8")
    named = {
        (name, command)
        for name, text in pages.items()
        for command in re.findall(r"`(?:\$ )?factsheet ([a-z][a-z-]*)\b", text)
    }
    assert len(named) > 40
    assert not [one for one in named if one[1] not in {*COMMANDS, *GROUPS}]


def test_a_transcript_that_leaves_lines_out_has_to_show_the_others() -> None:
    assert agrees("$ a\n…\nlast\n", "$ a\none\ntwo\nlast\n")
    assert not agrees("$ a\n…\nlast\n", "$ a\none\n")
    assert not agrees("$ a\nlast\n", "$ a\none\nlast\n")


def test_the_sheet_of_the_first_page_to_read_is_valid() -> None:
    (sheet,) = blocks("yaml", DOCS / "first-sheet.md")
    assert check_document(load_bytes(sheet.encode(), "sheet.yaml"), "sheet.yaml").diagnostics == ()


def test_the_readme_is_a_screen_and_a_half_with_small_pictures() -> None:
    before, _, _ = README.read_text(encoding="utf-8").partition("## Licence")
    assert len(before.splitlines()) <= 76
    pictures = re.findall(r"!\[[^]]+\]\((docs/pictures/[^)]+)\)", before)
    assert len(pictures) == 2
    assert sum((ROOT / picture).stat().st_size for picture in pictures) <= 150_000
