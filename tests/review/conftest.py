"""A small sheet in a folder of its own, with what is needed to review it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SHEET = """\
factsheet: 1

overview:
  name: A small model  # a comment
  model: M
  summary: It sorts letters.

training_data:
  name: Letters
  split: {not_disclosed: Nobody wrote it down.}

test_data: {name: Letters}
"""


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "small.yaml"
    file.write_text(SHEET, encoding="utf-8")
    return file
