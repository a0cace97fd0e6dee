"""JSON of every answer in SI units, with its provenance: a shape of its own, with all that the sheet says.

The shape is frozen: a key is added to it, and none changes its meaning, while it is `factsheet.export/1`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from factsheet.exchange.entries import entries_of_sheet
from factsheet.exchange.exported import Exported, ExportedFile
from factsheet.exchange.ledger import FactLedger

if TYPE_CHECKING:
    from factsheet.exchange.request import ExportRequest

SCHEMA: Final = "factsheet.export/1"


def export(request: ExportRequest) -> Exported:
    """Return a sheet as JSON of its answers."""
    sheet, ledger = request.sheet, FactLedger(request.sheet)
    answers = list(entries_of_sheet(sheet))
    ledger.carry_below(())
    head = {
        "schema": SCHEMA,
        "sheet": {
            "name": sheet.overview.name.words(),
            "model": sheet.overview.model.words(),
            "digest": request.digest,
        },
    }
    text = json_text(head)[: -len("\n}\n")]
    rows = ",\n".join("    " + json_line(answer) for answer in answers)
    file = ExportedFile(f"{request.stem}.facts.json", f'{text},\n  "answers": [\n{rows}\n  ]\n}}\n'.encode())
    return ledger.exported([file], "")


def json_text(data: Any) -> str:
    """Return data as JSON on several lines, in which nothing drives a terminal or turns the reading direction."""
    return json.dumps(data, indent=2, allow_nan=False).replace("\x7f", "\\u007f") + "\n"


def json_line(data: Any) -> str:
    """Do the same on one line."""
    return json.dumps(data, allow_nan=False).replace("\x7f", "\\u007f")
