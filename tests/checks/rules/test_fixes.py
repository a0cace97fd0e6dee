"""The fixes that rules offer in their failing examples: carried out, the sheet still reads and the finding is gone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from factsheet.checks.engine import check_document
from factsheet.checks.fixing import apply_fixes
from factsheet.source.loader import load_bytes

EXAMPLES = Path(__file__).parents[2] / "examples"
FAILING = sorted(EXAMPLES.glob("FS[2-6]*/fail/*.yaml"))
ROUNDS = 4
"""Fixes that overlap follow one another."""


@cache
def fixed(text: str) -> tuple[str, set[str]]:
    """The text with all fixes carried out, and the rules that offered one at first."""
    offered: set[str] = set()
    for _ in range(ROUNDS):
        found = check_document(load_bytes(text.encode(), "x"), "x").diagnostics
        fixes = [item.fix for item in found if item.fix is not None]
        offered = offered or {item.rule_id for item in found if item.fix is not None}
        if not fixes:
            break
        text, _ = apply_fixes(text, fixes)
    return text, offered


@pytest.mark.parametrize("path", FAILING, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_fix_removes_its_finding(path: Path) -> None:
    text, offered = fixed(path.read_text(encoding="utf-8"))
    after = check_document(load_bytes(text.encode(), "x"), "x").diagnostics
    assert not [item for item in after if item.fix is not None]
    assert not [item.rule_id for item in after if item.rule_id.startswith("FS1")]
    if not offered:
        assert text == path.read_text(encoding="utf-8")


def test_some_fixes_are_tried() -> None:
    rules = {rule for path in FAILING for rule in fixed(path.read_text(encoding="utf-8"))[1]}
    assert {"FS205", "FS213", "FS217"} <= rules
