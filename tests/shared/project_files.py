"""What a model repository sees of this project: its files without history, as an action or a hook repository."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = (
    ".pre-commit-hooks.yaml",
    "LICENSE",
    "README.md",
    "action",
    "action.yml",
    "factsheet",
    "pyproject.toml",
    "schemas",
    "templates",
)


def copy_project(target: Path) -> None:
    """The files that installing and running the project takes, as they are now, committed or not."""
    target.mkdir(parents=True)
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy(source, target / name)


def clean_environment() -> dict[str, str]:
    """The variables of this process without those that would lead Python or git to the checkout under test."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "PYTEST", "COV_"))
        and name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    }
