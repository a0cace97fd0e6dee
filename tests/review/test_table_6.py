"""The published review of BERT: `review summary --table` says what Table 6 of the study says, cell by cell."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.cli.run import run

if TYPE_CHECKING:
    import pytest

BERT = "sheets/bert.yaml"

# Table 6 of Dominique, El Maghraoui, Piorkowski, Herger, "FactSheets for Hardware-Aware AI Models: A Case Study of
# Analog In Memory Computing AI Models", as published; a bar is between two cells.
TABLE_6 = """\
Fact|Understandability||||Relevance||||Presentability||||Completeness|||
|P1-hw|P5-hw|P7-data|P11-eng|P1-hw|P5-hw|P7-data|P11-eng|P1-hw|P5-hw|P7-data|P11-eng|P1-hw|P5-hw|P7-data|P11-eng
Overview||med||||med||||||med||med|med|med
Purpose||med||||||||med||||||
Model Architecture||||med||||med|||||med|||med
Parameters and Inference Attributes||||med|||low|||med||med|med|||med
Training Methodology||||med|||low|||||||med|low|med
Inference Methodology|||low|med|||low|med|||low|med|med|med|low|med
Training Data||||low||||med||||low||med|low|low
Hardware Characteristics||||low||||low||||low|med||med|low
Test Data||||low||||med||||low||med|low|low
Performance Metrics||||low||||||med||low|med||med|low
"""
ROWS = [line.split("|") for line in TABLE_6.splitlines()]


def lines_of(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    assert run(["review", "summary", BERT, *options]) == 0
    return capsys.readouterr().out.splitlines()


def test_the_table_in_markdown_is_table_6(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(capsys, "--table", "--format", "markdown")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]

    assert [rows[0], *rows[2:]] == ROWS


def test_the_table_for_a_terminal_is_table_6(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(capsys, "--table")
    # Each column begins where the name of its reviewer does.
    starts = [
        0,
        *(place for place in range(1, len(lines[1])) if lines[1][place - 1 : place + 1].strip() == "P"),
        None,
    ]
    cut = [[line[one:end].strip() for one, end in itertools.pairwise(starts)] for line in lines[:12]]

    assert cut[1:] == ROWS[1:]
    assert lines[0].split() == [cell for cell in ROWS[0] if cell]


def test_the_table_in_json_is_table_6(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads("\n".join(lines_of(capsys, "--table", "--format", "json")))
    short = {"low": "low", "medium": "med", "high": ""}
    rows = [
        [
            row["title"],
            *(short[grade] for dimension in data["dimensions"] for grade in row["cells"][dimension]),
        ]
        for row in data["rows"]
    ]

    assert rows == ROWS[2:]
    assert [who["by"] for who in data["reviewers"]] == ROWS[1][1:5]
    assert [one.capitalize() for one in data["dimensions"]] == [cell for cell in ROWS[0][1:] if cell]


def test_the_summary_counts_what_table_6_has(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\n".join(lines_of(capsys))
    for dimension, start in (
        ("Understandability", 1),
        ("Relevance", 5),
        ("Presentability", 9),
        ("Completeness", 13),
    ):
        cells = [cell for row in ROWS[2:] for cell in row[start : start + 4]]
        counts = [str(cells.count(grade)) for grade in ("low", "med", "")]
        line = next(line for line in text.splitlines() if line.startswith(dimension))
        assert line.split()[1:] == counts

    # Section 5.3: all the participants found it incomplete, P11-eng was dissatisfied on all four dimensions. No digest
    # of that sheet is known: it was a page.
    assert "of another version: the BERT FactSheet in the appendix of the study" in text
    assert "nobody can say which facts have changed since" in text


def test_what_falls_short_most_is_first(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads("\n".join(lines_of(capsys, "--format", "json")))
    expected = []
    for row in ROWS[2:]:
        for start, dimension in zip(range(1, 17, 4), ROWS[0][1::4], strict=True):
            cells = row[start : start + 4]
            short = 2 * cells.count("low") + cells.count("med")
            expected += [(-short, -cells.count("low"), row[0], dimension.lower())] if short else []

    found = [(one["title"], one["dimension"]) for one in data["improve_first"]]
    assert found == [tuple(one[2:]) for one in sorted(expected, key=lambda one: one[:2])]
    assert {one["changed_since"] for one in data["improve_first"]} == {None}


def test_a_review_is_never_taken_for_a_sheet(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = Path("sheets/bert.review.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.review.yaml").write_text(text, encoding="utf-8")
    # Whatever it holds: the name says what it is.
    (tmp_path / "b.review.yml").write_text("factsheet: 1\noverview: {name: B, model: M}\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text("factsheet: 1\noverview: {name: C, model: M}\n", encoding="utf-8")
    (tmp_path / "d.yaml").write_text(text, encoding="utf-8")

    run(["status", str(tmp_path), "--format", "json"])
    assert [Path(one["file"]).name for one in json.loads(capsys.readouterr().out)["sheets"]] == ["c.yaml"]
    for name in ("a.review.yaml", "b.review.yml", "d.yaml"):
        for command in (["validate"], ["derive"], ["render"], ["todo"]):
            assert run([*command, str(tmp_path / name)]) == 2
            assert "it holds reviews of a sheet, and is no sheet" in capsys.readouterr().err


def test_no_title_is_cut_in_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = max(len(line) for line in lines_of(capsys, "--table"))
    for columns in (wide, wide - 1, 80, 40):
        monkeypatch.setattr("factsheet.cli.review.summary.terminal_width", lambda columns=columns: columns)
        lines = lines_of(capsys, "--table")
        text = "\n".join(lines)
        assert all(len(line) <= columns for line in lines[:-1])
        for dimension in ("Understandability", "Relevance", "Presentability", "Completeness"):
            assert text.count(dimension) >= 1
        assert text.count("P11-eng") == 4
        # As many grades below high as Table 6 has, however they are laid out.
        assert [text.count(" low"), text.count(" med")] == [
            sum(row.count(g) for row in ROWS) for g in ("low", "med")
        ]


def test_a_single_reviewer_leaves_titles_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    review = "{by: P, role: ai-engineer, scores: {overview: {relevance: low}}}"
    file = tmp_path / "one.review.yaml"
    file.write_text(f"review: 1\nrounds: [{{of: {{version: V}}, reviews: [{review}]}}]\n", encoding="utf-8")
    lines = lines_of(capsys, "--table", "--reviews", str(file))
    assert lines[0].split() == ["Fact", "Understandability", "Relevance", "Presentability", "Completeness"]
    assert lines[2].index("low") + 3 == lines[0].index("Relevance") + len("Relevance")
