"""`factsheet status` at a stage: what it asks of every sheet, and which needs of a role are not met."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from factsheet.cli.run import run
from factsheet.readers.stages import DEMANDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHEET = "factsheet: 1\noverview: {name: Example, model: BERT-base, summary: An encoder., status: draft}\n"


@pytest.fixture
def status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "factsheet.yaml").write_text(SHEET)

    def shown(*options: str) -> str:
        assert run(["status", "--role", "data-scientist", *options]) == 0
        return capsys.readouterr().out

    return shown


def test_the_stage_is_the_sheet_s_own_unless_another_is_asked_for(status: Callable[..., str]) -> None:
    own, asked = status(), status("--stage", "published")
    assert "as a draft, for every reader" in own
    assert "  missing: purpose.summary (it says what the model is for)" in own
    assert "as a published sheet, for every reader" in asked
    assert asked.count("  missing: ") > own.count("  missing: ")


def test_a_role_s_paragraph_ends_with_what_the_stage_asks_for(status: Callable[..., str]) -> None:
    last = status("--stage", "published").rstrip().splitlines()[-1]
    assert last.startswith("  as a published sheet: ")
    assert "core fields are missing" in last


def test_json_has_the_core_of_each_need_and_what_is_missing(status: Callable[..., str]) -> None:
    (sheet,) = json.loads(status("--stage", "published", "--format", "json"))["sheets"]
    assert sheet["stage"]["stage"] == "published"
    assert {"any_of", "section", "reason"} == set(sheet["stage"]["missing"][0])
    assert {missing["reason"] for missing in sheet["stage"]["missing"]} <= {one.reason for one in DEMANDS}
    (role,) = sheet["roles"]
    unmet = [need["need"] for need in role["needs"] if set(need["core"]) - set(need["answered"])]
    assert role["unmet_at_stage"] == unmet


def test_markdown_lists_what_the_stage_asks_for(status: Callable[..., str]) -> None:
    page = status("--stage", "review", "--format", "markdown")
    assert "As a sheet under review, it lacks:\n\n- purpose.summary: it says what the model is for\n" in page
    assert "needs are not met." in page


def test_a_stage_that_does_not_exist_is_a_wrong_usage(status: Callable[..., str]) -> None:
    assert run(["status", "--stage", "finished"]) == 2


def test_a_sheet_that_does_not_fit_the_schema_is_said_to_be_unmeasured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET + "parameters: {power: 3 V}\n")
    assert run(["validate", "--role", "all", str(sheet)]) == 1
    assert "can only be said when it fits the schema" in capsys.readouterr().err
    sheet.write_text(SHEET)
    run(["validate", "--role", "all", str(sheet)])
    assert "fits the schema" not in capsys.readouterr().err
