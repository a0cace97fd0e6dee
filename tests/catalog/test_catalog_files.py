"""The files of a catalogue: written once, left alone where nothing changed, and never in the place of another's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.catalog import publishing
from factsheet.catalog.building import describe
from factsheet.catalog.publishing import CatalogRequest, page_names, publish
from factsheet.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

SMALL = "factsheet: 1\noverview: {{name: Sheet {0}, model: M{0}}}\nparameters: {{power: {0} W}}\n"
INVALID = "factsheet: 1\noverview: {name: Broken, modle: M}\n"

FROBS = """
factsheet: 1
overview: {name: Frobber, model: F}
performance:
  results:
    - name: Frobs
      metric: frobs
      systems: [{id: a, name: A, kind: analog}, {id: d, name: D, kind: digital}]
      tasks: [{task: t, scores: {a: 9.0, d: 7.0}}]
"""


@pytest.fixture
def sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "sheets"
    folder.mkdir()
    for number in (1, 2, 3):
        (folder / f"s{number}.yaml").write_text(SMALL.format(number), "utf-8")
    (folder / "broken.yaml").write_text(INVALID, "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def request(sheets: Path, **given: Any) -> CatalogRequest:
    files = [(file, f"sheets/{file.name}") for file in sorted(sheets.glob("*.yaml"))]
    return CatalogRequest(files=files, folder=sheets.parent / "site", title="Ours", **given)


def index(sheets: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((sheets.parent / "site" / "catalog.json").read_text("utf-8"))
    return found


def test_each_sheet_is_listed_valid_or_not(sheets: Path) -> None:
    report = publish(request(sheets, pages=False))
    assert (report.sheets, report.invalid, report.read) == (4, ("sheets/broken.yaml",), 4)
    listed = index(sheets)
    assert listed["schema"] == "factsheet.catalog/1"
    assert [row["name"] for row in listed["sheets"]] == ["Broken", "Sheet 1", "Sheet 2", "Sheet 3"]
    assert [row["valid"] for row in listed["sheets"]] == [False, True, True, True]
    assert [row["figures"]["power"]["value"] for row in listed["sheets"][1:]] == [1, 2, 3]
    page = (sheets.parent / "site" / "index.html").read_text("utf-8")
    assert "Sheet 2" in page
    assert "modle" in page


def test_only_what_changed_is_worked_out_again(sheets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(request(sheets, pages=False))
    before = {file: file.stat().st_mtime_ns for file in (sheets.parent / "site").iterdir()}
    described: list[str] = []

    def noting(raw: bytes, path: str, directions: Any) -> Any:
        described.append(path)
        return describe(raw, path, directions)

    monkeypatch.setattr(publishing, "describe", noting)
    assert publish(request(sheets, pages=False)).read == 0
    assert not described
    assert before == {file: file.stat().st_mtime_ns for file in (sheets.parent / "site").iterdir()}
    (sheets / "s2.yaml").write_text(SMALL.format(2).replace("2 W", "7 W"), "utf-8")
    assert publish(request(sheets, pages=False)).read == 1
    assert described == ["sheets/s2.yaml"]
    assert index(sheets)["sheets"][2]["figures"]["power"]["value"] == 7
    assert publish(request(sheets, pages=False, anew=True)).read == 4


def test_an_incremental_run_gives_what_a_new_one_does(sheets: Path) -> None:
    publish(request(sheets, pages=False))
    (sheets / "s1.yaml").unlink()
    (sheets / "s9.yaml").write_text(SMALL.format(9), "utf-8")
    publish(request(sheets, pages=False))
    site = sheets.parent / "site"
    files = {file.name: file.read_bytes() for file in site.iterdir()}
    publish(request(sheets, pages=False, anew=True))
    assert files == {file.name: file.read_bytes() for file in site.iterdir()}


@pytest.mark.parametrize(
    "damage",
    ["", "[]", "{", "[" * 100_000, '{"schema": "factsheet.catalog/1", "sheets": 3}', "null", "\x00"],
    ids=["empty", "list", "half", "deep", "no-rows", "null", "nul"],
)
def test_a_damaged_index_is_made_anew(sheets: Path, damage: str) -> None:
    publish(request(sheets, pages=False))
    file = sheets.parent / "site" / "catalog.json"
    whole = file.read_bytes()
    file.write_text(damage, "utf-8")
    assert publish(request(sheets, pages=False)).read == 4
    assert file.read_bytes() == whole


def test_pages_are_written_kept_and_taken_away_with_their_sheets(sheets: Path) -> None:
    site = sheets.parent / "site"
    for number in (2, 3):
        (sheets / f"s{number}.yaml").unlink()
    assert publish(request(sheets)).pages == 1
    page = site / "pages" / "s1.html"
    assert index(sheets)["sheets"][1]["page"] == "pages/s1.html"
    assert '<a href="pages/s1.html" dir="auto">Sheet 1</a>' in (site / "index.html").read_text("utf-8")
    time = page.stat().st_mtime_ns
    assert publish(request(sheets)).pages == 0
    assert page.stat().st_mtime_ns == time
    mine = site / "pages" / "mine.html"
    mine.write_text("<p>by hand", "utf-8")
    (sheets / "s1.yaml").rename(sheets / "other.yaml")
    report = publish(request(sheets))
    assert (report.pages, report.removed) == (1, ("pages/s1.html",))
    assert sorted(file.name for file in (site / "pages").iterdir()) == ["mine.html", "other.html"]


@pytest.mark.parametrize(
    "name", ["../../sheets/s1.yaml", "pages/../../kept.html", "/etc/passwd", "pages/mine.html"]
)
def test_an_index_cannot_have_files_of_others_taken_away(sheets: Path, name: str) -> None:
    site = sheets.parent / "site"
    publish(request(sheets, pages=False))
    (site / "pages").mkdir()
    kept = [site / "pages" / "mine.html", sheets.parent / "kept.html"]
    for file in kept:
        file.write_text("<p>by hand", "utf-8")
    told = index(sheets)
    told["sheets"][1]["page"] = name
    (site / "catalog.json").write_text(json.dumps(told), "utf-8")
    assert publish(request(sheets, pages=False)).removed == ()
    assert all(file.exists() for file in [*kept, sheets / "s1.yaml"])


def test_pages_have_names_of_their_own() -> None:
    paths = [
        "a/bert.yaml",
        "b/bert.yaml",
        "b/BERT.yml",
        "con.yaml",
        "x/..yaml",
        "ü b.yaml",
        "x/" + "y" * 300 + ".yaml",
    ]
    names = page_names(paths)
    assert names[:3] == ["pages/bert.html", "pages/bert-2.html", "pages/BERT-3.html"]
    assert len({name.casefold() for name in names}) == len(paths)
    assert all(name.startswith("pages/") and ".." not in name and len(name) < 100 for name in names)
    assert "pages/con.html" not in names


def test_the_command_says_what_it_did(sheets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["catalog", "sheets", "-o", "site", "--no-pages"]) == 0
    said = capsys.readouterr().out
    assert "4 sheets, 4 of them new or changed" in said
    assert "listed as not valid: sheets/broken.yaml" in said
    assert "without pages of their own: 3 sheets" in said
    assert run(["catalog", "sheets", "-o", "site", "--no-pages"]) == 0
    assert "4 sheets, 0 of them new or changed" in capsys.readouterr().out


def test_sheets_of_one_name_stay_two(sheets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (4, 5):
        (sheets / f"d{number}").mkdir()
        (sheets / f"d{number}" / "same.yaml").write_text(SMALL.format(number), "utf-8")
    monkeypatch.chdir("/")
    site = sheets.parent / "site"
    both = [str(sheets / f"d{number}" / "same.yaml") for number in (4, 5)]
    assert run(["catalog", *both, both[0], "-o", str(site), "--no-pages"]) == 0
    rows = index(sheets)["sheets"]
    assert [(row["path"], row["name"]) for row in rows] == [
        ("same.yaml", "Sheet 4"),
        ("d5/same.yaml", "Sheet 5"),
    ]


def test_settings_that_pages_show_have_them_made_anew(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (sheets / "s1.yaml").write_text(FROBS, "utf-8")
    arguments = ["catalog", "sheets/s1.yaml", "-o", "site", "--no-pages"]
    assert run(arguments) == 0
    assert "loss" not in index(sheets)["sheets"][0]["figures"]
    (sheets.parent / "pyproject.toml").write_text(
        "[tool.factsheet.higher_is_better]\nfrobs = false\n", "utf-8"
    )
    assert run(arguments) == 0
    assert "1 of them new or changed" in capsys.readouterr().out.splitlines()[-2]
    # 9 frobs are 2 worse than 7.
    assert index(sheets)["sheets"][0]["figures"]["loss"]["value"] == pytest.approx(2)
    assert run(arguments) == 0
    assert "0 of them new or changed" in capsys.readouterr().out.splitlines()[-2]


def test_a_path_of_this_machine_is_not_published(sheets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    site = sheets.parent / "site"
    assert run(["catalog", str(sheets), "-o", str(site), "--no-pages"]) == 0
    for file in site.iterdir():
        assert sheets.parent.name not in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sheets"], "no folder to write into"),
        (["missing", "-o", "site"], "missing"),
        (["-", "-o", "site"], "made of files"),
        (["sheets", "-o", "sheets/s1.yaml"], "sheets/s1.yaml"),
        (["empty", "-o", "site"], "no sheet to list"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    sheets: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (sheets.parent / "empty").mkdir()
    assert run(["catalog", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert not (sheets.parent / "site").exists()


def test_a_file_of_another_is_not_replaced(sheets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = sheets.parent / "site"
    site.mkdir()
    (site / "index.html").write_text("<p>by hand", "utf-8")
    assert run(["catalog", "sheets", "-o", "site", "--no-pages"]) == 2
    assert "was not written by factsheet" in capsys.readouterr().err
    assert (site / "index.html").read_text("utf-8") == "<p>by hand"
    assert run(["catalog", "sheets", "-o", "site", "--no-pages", "--force"]) == 0
