"""A figure keeps the reference that it was cited with, whatever ids two sheets give to their references."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import factsheet
from factsheet.cli.run import run
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

OWN = """\
factsheet: 1
overview: {name: A, model: B}
references:
  - {id: own-2024, title: Our measurements, doi: 10.1234/own}   # see the wiki
  - {id: joshi-2020, title: Accurate deep neural network inference, doi: 10.1038/s41467-020-16108-9}
"""
OTHER = """\
factsheet: 1
overview: {name: A, model: B}
parameters:
  area: {value: 10 mm², source: cited, evidence: own-2024}
  tiles: {value: 4, source: cited, evidence: [chip-2023, own-2024, joshi]}
  reuse_factor: 1
references:
  - {id: own-2024, title: Another paper, doi: 10.1234/other}
  - {id: joshi, title: Accurate Deep Neural Network Inference., doi: 10.1038/S41467-020-16108-9}
  - {id: chip-2023, title: A chip}
"""


def test_what_is_cited_in_another_sheet_is_cited_in_this_one(tmp_path: Path) -> None:
    sheet, other = tmp_path / "sheet.yaml", tmp_path / "other.yaml"
    sheet.write_text(OWN, encoding="utf-8")
    other.write_text(OTHER, encoding="utf-8")
    assert run(["fill", str(sheet), "--from", str(other), "--yes"]) == 0
    document = load_bytes(sheet.read_bytes(), "sheet").document
    assert document is not None
    assert document.text.startswith(OWN.partition("references")[0])
    data = document.data
    assert isinstance(data, dict)
    assert data["parameters"] == {
        "area": {"value": "10 mm²", "source": "cited", "evidence": "own-2024-2"},
        "tiles": {"value": 4, "source": "cited", "evidence": ["chip-2023", "own-2024-2", "joshi-2020"]},
        "reuse_factor": {
            "value": 1,
            "source": "declared",
            "note": "Read from other.yaml by `factsheet fill`.",
        },
    }
    assert [(row["id"], row.get("doi")) for row in data["references"]] == [
        ("own-2024", "10.1234/own"),
        ("joshi-2020", "10.1038/s41467-020-16108-9"),
        ("own-2024-2", "10.1234/other"),
        ("chip-2023", None),
    ]
    assert run(["fill", str(sheet), "--from", str(other), "--check"]) == 0


def test_one_file_of_a_folder_that_cannot_be_read_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, sheet = tmp_path / "run", tmp_path / "sheet.yaml"
    folder.mkdir()
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# A model\n", encoding="utf-8")
    (folder / "r.csv").write_text("name,words\na,b\n", encoding="utf-8")
    assert run(["new", "--from", str(folder), "-o", str(sheet)]) == 0
    assert "not taken, r.csv: the whole file" in capsys.readouterr().err
    assert "licence: MIT" in sheet.read_text(encoding="utf-8")
    assert run(["new", "--from", str(folder / "r.csv")]) == 2


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "results.csv"
    os.mkfifo(pipe)
    assert run(["new", "--from", str(pipe)]) == 2


TWICE = """\
factsheet: 1
overview: {name: A, model: B}
parameters:
  area: {value: 10 mm², source: cited, evidence: one}
references:
  - {id: one, title: A paper, doi: 10.1234/a}
  - {id: one, title: Another paper, doi: 10.1234/b}
  - {id: one, title: Another paper, doi: 10.1234/b}
"""


def test_references_that_share_an_id_in_their_own_sheet_still_share_one(tmp_path: Path) -> None:
    # Which of them the area cites is not to be told, before or after.
    source, begun = tmp_path / "source.yaml", tmp_path / "begun.yaml"
    source.write_text(TWICE, encoding="utf-8")
    assert run(["new", "--from", str(source), "-o", str(begun)]) == 0
    sheet = factsheet.load(begun)
    assert [(row.id, str(row.doi)) for row in sheet.references or ()] == [
        ("one", "10.1234/a"),
        ("one", "10.1234/b"),
        ("one", "10.1234/b"),
    ]
    assert sheet.parameters is not None
    assert sheet.parameters.area is not None
    assert sheet.parameters.area.evidence == ("one",)


def test_references_that_share_an_id_get_another_one_where_the_sheet_has_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, source = tmp_path / "sheet.yaml", tmp_path / "source.yaml"
    text = "factsheet: 1\noverview: {name: A, model: B}\nreferences: [{id: one, title: X, doi: 10.1234/b}]\n"
    sheet.write_text(text, encoding="utf-8")
    source.write_text(TWICE, encoding="utf-8")
    assert run(["fill", str(sheet), "--from", str(source), "--yes"]) == 0
    filled = factsheet.load(sheet)
    assert [(row.id, str(row.doi)) for row in filled.references or ()] == [
        ("one", "10.1234/b"),
        ("one-2", "10.1234/a"),
    ]
    assert "'id': 'one-2', 'title': 'Another paper'" in capsys.readouterr().err  # left alone, and said so
    assert filled.parameters is not None
    assert filled.parameters.area is not None
    assert filled.parameters.area.evidence == ("one-2",)
