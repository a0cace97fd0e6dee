"""An editor with `factsheet lsp` at work."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from editor_client import EditorClient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = (sys.executable, "-m", "factsheet", "lsp", "--stdio")


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[EditorClient]:
    with EditorClient(COMMAND, folder=tmp_path) as client:
        client.initialize()
        yield client


@pytest.fixture(scope="module")
def shared_editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EditorClient]:
    """One server for tests that each have a document of their own."""
    with EditorClient(COMMAND, folder=tmp_path_factory.mktemp("editor")) as client:
        client.initialize()
        yield client
