"""An editor with `factsheet lsp` at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from editor_client import OURS, EditorClient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[EditorClient]:
    with EditorClient(OURS, folder=tmp_path) as client:
        client.initialize()
        yield client


@pytest.fixture(scope="module")
def shared_editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EditorClient]:
    """One server for tests that each have a document of their own."""
    with EditorClient(OURS, folder=tmp_path_factory.mktemp("editor")) as client:
        client.initialize()
        yield client
