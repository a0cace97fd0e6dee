"""Sheets of the repository."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent.parent
EXAMPLES = TESTS / "examples"
BERT = (TESTS.parent / "sheets" / "bert.yaml").read_text(encoding="utf-8")
