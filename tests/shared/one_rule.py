"""One rule alone on a sheet: what it says, without the others' time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.rule import RuleContext
from factsheet.recompute.comparisons.sheet_comparisons import SheetComparisons
from factsheet.sheet.model import SheetFields
from factsheet.sheet_templates.known_templates import read_sheet_as
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Finding
    from factsheet.checks.rule import Rule

START = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"


def sheet_of(text: str) -> SheetFields:
    """Return the sheet with these sections, which must fit the schema; with a name unless the text begins with one."""
    loaded = load_bytes((text if text.startswith("factsheet:") else f"{START}{text}").encode(), "x")
    assert loaded.document is not None, loaded.problems
    sheet, misfits = read_sheet_as(SheetFields, loaded.document.data)
    assert sheet is not None
    assert not misfits
    assert not loaded.problems
    return sheet


def findings(rule: Rule, text: str) -> list[Finding]:
    """Return what a rule finds in the sheet with these sections."""
    sheet = sheet_of(text)
    return list(rule.check(RuleContext(sheet, SheetComparisons(sheet), dict(rule.options))))


def messages(rule: Rule, text: str) -> list[str]:
    """Return what a rule says of the sheet with these sections."""
    return [finding.message for finding in findings(rule, text)]
