"""A sheet in formats of other tools, as programs ask for it: what the command writes, and its refusals."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import factsheet
from factsheet.cli import run as cli
from factsheet.exchange.formats import FORMATS

SHEET = Path(__file__).parents[2] / "sheets" / "bert.yaml"
DIGITS = SHEET.with_name("digits.yaml")
MOMENT = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if not form.has_files])
def test_programs_get_what_the_command_writes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(MOMENT.timestamp())))
    monkeypatch.chdir(tmp_path)
    sheet = (
        DIGITS if name == "rpu-config" else SHEET
    )  # the recipe of BERT leaves open what its noise is relative to
    (tmp_path / "bert.yaml").write_bytes(sheet.read_bytes())
    (made,) = factsheet.load("bert.yaml").export(name, moment=MOMENT).files
    assert cli.run(["export", "bert.yaml", "--to", name, "-o", "out"]) == 0
    assert (tmp_path / "out").read_bytes() == made.content


def test_a_sheet_without_a_file_is_exported_under_a_name_of_its_own() -> None:
    sheet = factsheet.FactSheet.from_data({"factsheet": 1, "overview": {"name": "A", "model": "B"}})
    (file,) = sheet.export("json").files
    assert file.name == "factsheet.facts.json"
    assert json.loads(file.content)["sheet"]["model"] == "B"


def test_options_and_formats_are_refused_as_on_the_command_line() -> None:
    sheet = factsheet.load(SHEET)
    (file,) = sheet.export("cyclonedx", options={"version": "1.7"}).files
    assert json.loads(file.content)["specVersion"] == "1.7"
    with pytest.raises(factsheet.errors.UsageError, match="there is no format `jsonn`"):
        sheet.export("jsonn")
    with pytest.raises(factsheet.errors.UsageError, match="`9` is no value of version"):
        sheet.export("cyclonedx", options={"version": "9"})
    with pytest.raises(factsheet.errors.InvalidSheetError):
        sheet.model_copy(update={"overview": 3}).export("json")
