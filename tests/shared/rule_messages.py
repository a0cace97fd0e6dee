"""Messages of one rule on a short sheet, whose findings are held to what they point at."""

from __future__ import annotations

from finding_places import hold_places

from factsheet.checks.engine import check_document
from factsheet.source.loader import load_bytes


def messages_of(sections: str, rule: str, *, overview: str = "") -> list[str]:
    """What a rule says of a sheet with these sections, which has to fit the schema."""
    text = f"factsheet: 1\noverview: {{name: Example, model: BERT-base{overview}}}\n{sections}"
    found = check_document(load_bytes(text.encode(), "x"), "x").diagnostics
    broken = [item.message for item in found if item.rule_id.startswith("FS1")]
    assert not broken, broken
    hold_places(text, found)
    return [item.message for item in found if item.rule_id == rule]
