"""Sheets of drafts, and in other spellings, brought up to date; what nobody but the author can is left and said."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from factsheet.cli.run import run
from factsheet.comparing.migration import migrate
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.source.loader import Loaded

DRAFT = """\
# My sheet.
factsheet: 1
overview:
  name: A sheet   # its name
  model: A model
  license: MIT
parameters:
  power: {value: 3 W, on: 2022-11-14, source: measured}  # measured on a day
reviews:
  - by: P7
    role: data-scientist
    on: 2022-06-01
"""
NOW = DRAFT.replace("license", "licence").replace(" on: 2022", " date: 2022")


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "sheet.yaml"


def test_names_of_drafts_become_those_of_today(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet.write_text(DRAFT, encoding="utf-8")
    assert run(["migrate", "sheet.yaml", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "+    date: 2022-06-01" in shown
    assert "would be renamed: overview.license → licence" in shown
    assert sheet.read_text("utf-8") == DRAFT
    assert run(["migrate", "sheet.yaml"]) == 0
    assert sheet.read_text("utf-8") == NOW
    capsys.readouterr()
    assert run(["migrate", "sheet.yaml"]) == 0
    assert "the only one there is; nothing to do" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        (NOW.replace("factsheet: 1", "factsheet: 2"), 1, "it states version 2 of the schema"),
        (NOW.replace("factsheet: 1", "factsheet: true"), 1, "it states version true of the schema"),
        (NOW + "performance: {tile_efficiency: 20 TOPS/W}\n", 1, "`tops_per_watt` is of the whole chip"),
        (NOW + "colour: red\n", 1, "line 13: colour"),
        # Both names at once: which of the two counts is not for a program to say.
        (NOW.replace("{value: 3 W, date", "{value: 3 W, on: 2020-01-01, date"), 1, "power.on"),
        ("factsheet: [", 2, "is no sheet that could be read"),
    ],
)
def test_what_is_not_a_matter_of_names_is_left(
    sheet: Path, capsys: pytest.CaptureFixture[str], text: str, status: int, said: str
) -> None:
    sheet.write_text(text, encoding="utf-8")
    assert run(["migrate", "sheet.yaml"]) == status
    told = capsys.readouterr()
    assert said in told.out + told.err
    assert sheet.read_text("utf-8") == text


def test_a_sheet_that_cannot_be_read_keeps_no_other_from_it(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet.write_text(DRAFT, encoding="utf-8")
    broken = sheet.with_name("broken.yaml")
    broken.write_text("factsheet: [", encoding="utf-8")
    assert run(["migrate", "broken.yaml", "sheet.yaml"]) == 2
    assert sheet.read_text("utf-8") == NOW
    assert "broken.yaml is no sheet" in capsys.readouterr().err


def test_of_standard_input_the_change_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DRAFT.encode())))
    assert run(["migrate", "-"]) == 0
    shown = capsys.readouterr().out
    assert "+    date: 2022-06-01" in shown
    assert "would be renamed: overview.license → licence" in shown


def test_many_keys_are_renamed_with_few_checks(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checking takes time with each row, so that a check for each row would take its square."""
    checks = []

    def counted(raw: bytes, name: str) -> Loaded:
        checks.append(name)
        return load_bytes(raw, name)

    monkeypatch.setattr("factsheet.comparing.migration.load_bytes", counted)
    # More than a report lists of one kind.
    rows = "".join(f"  - {{by: P{number}, role: data-scientist, on: 2022-06-01}}\n" for number in range(140))
    bad = "  - {by: P999, role: data-scientist, on: some day}\n" * 3
    text = f"factsheet: 1\noverview: {{name: A, model: B, license: MIT}}\nreviews:\n{rows}{bad}"
    done = migrate(load_bytes(text.encode(), "sheet"), "sheet")
    assert done.text == text.replace("license", "licence").replace(", on: 2022", ", date: 2022")
    assert len(done.renamed) == 141
    assert len(checks) < 15
    assert done.left
