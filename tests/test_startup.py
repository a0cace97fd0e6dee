"""What a command loads before it answers: start-up time follows from it, and unlike a time it is the same anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

import factsheet
from factsheet.facts.section import Record
from factsheet.sheet.model import SheetFields

PACKAGE_HOME = Path(factsheet.__file__).parent.parent
SHEET = Path(__file__).parent.parent / "sheets" / "bert.yaml"


def interpreter(*arguments: str, cwd: Path) -> tuple[subprocess.CompletedProcess[str], set[str]]:
    """A fresh interpreter's run, with the name of every module that it imported.

    `-X importtime` has Python itself report each import on standard error, so that nothing of ours has to run in
    the process that is watched.
    """
    path = os.pathsep.join([str(PACKAGE_HOME), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return done, {line.rpartition("|")[2].strip() for line in lines}


def top_level(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def test_the_watch_sees_what_is_imported(tmp_path: Path) -> None:
    _, modules = interpreter("-c", "import yaml.error, json", cwd=tmp_path)
    assert {"yaml", "yaml.error", "json"} <= modules


def test_checking_a_sheet_loads_no_heavy_library(tmp_path: Path) -> None:
    done, modules = interpreter("-m", "factsheet", "validate", str(SHEET), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "factsheet.checks.engine" in modules
    heavy = {"torch", "numpy", "matplotlib", "weasyprint", "jinja2", "rich", "typer", "click", "markdown_it"}
    assert not heavy & top_level(modules)


def test_options_load_the_option_parser_and_nothing_heavier(tmp_path: Path) -> None:
    done, modules = interpreter(
        "-m", "factsheet", "validate", "--fail-on", "warning", str(SHEET), cwd=tmp_path
    )
    assert done.returncode in {0, 1}, done.stderr
    assert "typer" in modules
    assert not {"torch", "numpy", "matplotlib", "weasyprint", "jinja2"} & top_level(modules)


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_told_by_the_standard_library_alone(option: str, tmp_path: Path) -> None:
    # What the environment itself imports at start, through its .pth files, is not ours to count.
    _, bare = interpreter("-c", "pass", cwd=tmp_path)
    done, modules = interpreter("-m", "factsheet", option, cwd=tmp_path)
    assert done.stdout == f"factsheet {factsheet.__version__}\n"
    assert top_level(modules - bare) <= sys.stdlib_module_names | {"factsheet"}
    assert {module for module in modules if module.startswith("factsheet")} == {
        "factsheet",
        "factsheet._version",
    }


def test_checking_a_sheet_loads_only_what_a_check_needs(tmp_path: Path) -> None:
    _, modules = interpreter("-m", "factsheet", "validate", str(SHEET), cwd=tmp_path)
    others = {
        "factsheet.api",
        "factsheet.authoring",
        "factsheet.checks.documentation",
        "factsheet.checks.rules.evidence.link_check",
        "factsheet.cli.app",
        "factsheet.crossbar.functional",
        "factsheet.hardware.description",
        "factsheet.jobs",
        "factsheet.networks.from_models",
        "factsheet.pages",
        "factsheet.recompute.inspection",
        "factsheet.sweeps",
        "difflib",
        "subprocess",
        "urllib.request",
    }
    assert not others & modules


COUNTING = """
import re, sys
compiling, original = set(), re.compile
def compile(*given, **options):
    compiling.add(sys._getframe(1).f_globals["__name__"])
    return original(*given, **options)
re.compile = compile
import factsheet.checks.engine
print(*sorted(name for name in compiling if name.startswith("factsheet.")))
"""


def test_patterns_are_compiled_where_a_sheet_needs_them_not_when_rules_are_loaded(tmp_path: Path) -> None:
    done, _ = interpreter("-c", COUNTING, cwd=tmp_path)
    compiling = set(done.stdout.split())
    assert "factsheet.source.scalars" in compiling, done.stderr  # every sheet has scalars
    assert not {
        name for name in compiling if name.split(".")[1] in {"checks", "readers", "recompute", "sheet"}
    }


def test_annotations_of_the_schema_are_no_text_that_each_start_would_compile() -> None:
    sections = [SheetFields, *(field.annotation for field in SheetFields.model_fields.values())]
    models = {
        model
        for annotation in sections
        for model in (annotation, *get_args(annotation))
        if isinstance(model, type) and issubclass(model, Record)
    }
    assert len(models) > 10
    assert not [
        (model.__name__, name)
        for model in models
        for name, annotation in vars(model).get("__annotations__", {}).items()
        if isinstance(annotation, str)
    ]
