"""What the tests of bills of materials share: sheets in, bills out, facts back."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.kinds import recognise
from factsheet.authoring.importing.merging import merge
from factsheet.exchange.formats import export_sheet
from factsheet.exchange.request import ExportRequest
from factsheet.readers.audience import STUDY
from factsheet.sheet.digest import plain_data
from factsheet.sheet_templates.known_templates import read_any_sheet
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from factsheet.authoring.importing.imported import Imported
    from factsheet.sheet.model import SheetFields

ROOT = Path(__file__).parents[2]
SHEETS = sorted(file for file in (ROOT / "sheets").rglob("*.yaml") if not file.name.endswith(".review.yaml"))
GENERATED = int(os.environ.get("FACTSHEET_GENERATED_SHEETS", "8"))
"""Generated sheets that go through each validator; `nox -s exchange` takes 1,000."""
ONLY_A_NAME = {"factsheet": 1, "overview": {"name": "A", "model": "B"}}


def sheet_of(data: object) -> SheetFields:
    sheet, misfits = read_any_sheet(data)
    assert sheet is not None, misfits
    return sheet


def sheet_in(file: Path) -> SheetFields:
    document = read_sheet(file).document
    assert document is not None
    return sheet_of(document.data)


def written(sheet: SheetFields, form: str, **options: str) -> str:
    request = ExportRequest(
        sheet=sheet, name="sheet.yaml", moment=datetime(2026, 11, 30, tzinfo=UTC), options=options
    )
    exported = export_sheet(request, form)
    assert not exported.unsaid
    assert not exported.approximated
    (file,) = exported.files
    return file.text


def read_back(text: str, folder: Path, kind: str) -> tuple[Imported, SheetFields]:
    file = folder / "bill.json"
    file.write_text(text, encoding="utf-8")
    found = recognise(file)
    assert found is not None
    assert found.name == kind
    imported = found.read(str(file), ImportOptions())
    assert not imported.unclear
    return imported, sheet_of(
        {"factsheet": 1, "template": imported.template or None, **merge([imported]).data}
    )


def said_by(sheet: SheetFields) -> dict[str, Any]:
    """Return what a sheet says; an empty section says nothing, and one that names no template is of the study."""
    said: dict[str, Any] = _without_empty(plain_data(sheet))
    return {key: value for key, value in said.items() if (key, value) != ("template", STUDY.template)}


def _without_empty(data: Any) -> Any:
    if isinstance(data, dict):
        inner = {key: _without_empty(value) for key, value in data.items() if value is not None}
        return {key: value for key, value in inner.items() if value != {}}
    return [_without_empty(one) for one in data] if isinstance(data, list | tuple) else data
