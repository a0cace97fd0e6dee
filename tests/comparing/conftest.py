"""A real repository in git for tests of revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from git_repository import NOBODY, Repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """An empty repository, which is the working directory."""
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return Repository(tmp_path)
