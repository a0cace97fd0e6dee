"""A rule is one file and one line: it then runs, can be set, is explained and is listed without further edits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import factsheet

RULE = '''\
"""The sheet is called a draft in its name.

What it does: looks for the word "draft" in the name.

Why it matters: the status is given by `overview.status`.

Fails:
    overview: {name: Draft of a sheet}

Passes:
    overview: {name: Example}

How to fix: give the status under `overview.status`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    if str(context.options["word"]) in (context.sheet.overview.name.text or ""):
        yield Finding(("overview", "name"), "the name says `Draft`", "give the status instead")


RULE = Rule(
    "FS698", "draft-in-name", "warning", "the status has its own key", _check, options={"word": "Draft"}
)
'''
LAST = '    "wording.prose_figure_against_field",\n'
SHEET = "factsheet: 1\noverview: {name: Draft of a sheet, model: BERT-base}\n"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with one rule more."""
    folder = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__", "functional")
    shutil.copytree(Path(factsheet.__file__).parent, folder / "factsheet", ignore=ignored)
    checks = folder / "factsheet" / "checks"
    (checks / "rules" / "wording" / "draft_in_name.py").write_text(RULE, encoding="utf-8")
    registry = (checks / "registry.py").read_text(encoding="utf-8")
    assert registry.count(LAST) == 1
    registry = registry.replace(LAST, LAST + '    "wording.draft_in_name",\n')
    (checks / "registry.py").write_text(registry, encoding="utf-8")
    (folder / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    return folder


def run(package: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=package,
        env={**os.environ, "PYTHONPATH": str(package)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


def test_it_runs_and_is_reported(package: Path) -> None:
    assert "sheet.yaml:2:18: warning FS698 draft-in-name: the name says `Draft`" in run(
        package, "factsheet", "validate", "sheet.yaml"
    )


def test_it_can_be_selected_ignored_and_set(package: Path) -> None:
    assert "FS698" in run(package, "factsheet", "validate", "--select", "FS698", "sheet.yaml")
    assert "FS698" not in run(package, "factsheet", "validate", "--ignore", "FS698", "sheet.yaml")
    settings = package / "pyproject.toml"
    settings.write_text('[tool.factsheet.rules.FS698]\nword = "Sketch"\n', encoding="utf-8")
    assert "FS698" not in run(package, "factsheet", "validate", "sheet.yaml")
    settings.unlink()


def test_it_is_explained_listed_and_has_its_page(package: Path) -> None:
    assert "looks for the word" in run(package, "factsheet", "explain", "FS698").lower()
    assert "FS698  draft-in-name" in run(package, "factsheet", "explain")
    run(package, "factsheet.checks.rule_pages", "pages")
    assert "# FS698: draft-in-name" in (package / "pages" / "FS698.md").read_text(encoding="utf-8")
    assert "[FS698](FS698.md)" in (package / "pages" / "README.md").read_text(encoding="utf-8")


def test_reports_for_machines_describe_it(package: Path) -> None:
    assert '"id": "FS698"' in run(package, "factsheet", "validate", "--output-format", "sarif", "sheet.yaml")
