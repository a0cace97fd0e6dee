"""Exports that are for other programs alone: whoever begins a sheet from one is told what to give instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from factsheet.cli.run import run

BERT = str(Path(__file__).parents[2] / "sheets" / "bert.yaml")


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("command", [("new", "--from"), ("fill", BERT, "--from")])
def test_an_export_for_programs_is_refused_by_name(
    form: str, command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / f"made.{form}"
    assert run(["export", BERT, "--to", form, "-o", str(made)]) == 0
    made.write_bytes(b"\xef\xbb\xbf" + made.read_bytes())  # as a spreadsheet saves it
    capsys.readouterr()
    assert run([*command, str(made)]) == 2
    message = capsys.readouterr().err
    assert "is an export for other programs" in message
    assert "--to cyclonedx" in message


def test_one_in_a_folder_of_results_is_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n# A model\n\nText.\n", encoding="utf-8")
    assert run(["export", BERT, "--to", "csv", "-o", str(tmp_path / "bert.csv")]) == 0
    assert run(["new", "--from", str(tmp_path), "-o", str(tmp_path / "begun.yaml")]) == 0
    assert "bert.csv" not in capsys.readouterr().err
