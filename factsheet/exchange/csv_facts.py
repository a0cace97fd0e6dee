"""A table of every answer as CSV, one in a row, in which no cell is a formula to a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, Final

from factsheet.exchange.entries import entries_of_sheet
from factsheet.exchange.exported import Exported, ExportedFile
from factsheet.exchange.ledger import FactLedger, answers_of, words_of
from factsheet.reports.text import readable

if TYPE_CHECKING:
    from factsheet.exchange.request import ExportRequest

COLUMNS: Final = (
    *("path", "value", "unit", "low", "high", "text", "absent", "reason", "source", "evidence", "inherited"),
    *(
        "by",
        "date",
        "note",
        "at",
        "relative_to",
        "per",
        "applied_in",
        "tolerance",
        "evaluation",
        "approximate",
    ),
)
_FORMULA: Final = re.compile(r"\s*(?:[=+@\t\r|%]|-(?!\d+(?:\.\d+)?(?:e[+-]?\d+)?$))", re.IGNORECASE)
"""What a spreadsheet takes for a formula; a negative number is none (OWASP, CSV injection)."""
_ESCAPED: Final = re.compile(r"'+(?=\s*[=+@\t\r|%-])")


def export(request: ExportRequest) -> Exported:
    """Return a sheet as CSV of its answers; texts that would be formulas have an apostrophe before them."""
    ledger = FactLedger(request.sheet)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries_of_sheet(request.sheet):
        writer.writerow([cell_of(entry.get(column)) for column in COLUMNS])
    ledger.carry_below(())
    for path, answer in answers_of(ledger.data):
        if _is_cleaned(words_of(answer)):
            ledger.carry_below(path, lost="characters that drive terminals are replaced")
    return ledger.exported([ExportedFile(f"{request.stem}.facts.csv", buffer.getvalue().encode())], "")


def _is_cleaned(text: str) -> bool:
    return readable(text) != text


def cell_of(value: Any) -> str:
    """Return a value as a cell: lists and mappings as JSON, texts cleaned, and none a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = readable(text)
    return f"'{text}" if _FORMULA.match(text) or _ESCAPED.match(text) else text
