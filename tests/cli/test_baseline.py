"""`validate --baseline`: what a repository already had passes, what is new fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

SHEET = """\
factsheet: 1
overview: {name: Example, model: BERT-base}
performance:
  results:
    - name: T
      systems: [{id: a, name: A}]
      tasks:
        - {task: RTE, scores: {b: 1 %}}
        - {task: MNLI, scores: {a: 81 %}}
"""
TYPO = "        - {task: MNLI, scores: {a: 81 %}}\n"
TABLE_ABOVE = "    - name: S\n      systems: [{id: d, name: D}]\n      tasks: [{task: A, scores: {d: 1 %}}]\n"
NEW = "        - {task: SST-2, scores: {c: 90 %}}\n"


@pytest.fixture
def check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run `validate` on a sheet of that text, in a folder of its own."""
    from factsheet.cli.run import run

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)

    def checked(text: str, *options: str, name: str = "sheet.yaml") -> tuple[int, str, str]:
        Path(name).write_text(text)
        status = run(["validate", "--select", "FS203", *options, name])
        out, err = capsys.readouterr()
        return status, out, err

    return checked


Check = Callable[..., tuple[int, str, str]]


def test_the_first_run_writes_it_and_passes_and_says_so(check: Check) -> None:
    status, out, err = check(SHEET, "--baseline", "known.json")
    assert status == 0
    assert "nothing new found (1 known from the baseline)" in out
    assert "known.json: written, with 1 finding;" in err
    data = json.loads(Path("known.json").read_text())
    assert data["schema"] == "factsheet.baseline/1"
    (finding,) = data["sheets"]["sheet.yaml"]
    assert (finding["rule"], finding["path"]) == ("FS203", "performance.results[0].tasks[0].scores.b")


def test_what_was_known_passes_and_what_is_new_fails(check: Check) -> None:
    check(SHEET, "--baseline", "known.json")
    before = Path("known.json").read_text()
    assert check(SHEET, "--baseline", "known.json")[0] == 0
    status, out, _ = check(SHEET + NEW, "--baseline", "known.json")
    assert status == 1
    assert "`c` is not among the systems" in out
    assert "`b` is not among the systems" not in out
    assert "1 error (1 known from the baseline)" in out
    assert Path("known.json").read_text() == before


@pytest.mark.parametrize("form", ["concise", "github", "gitlab", "sarif", "junit"])
def test_a_report_that_has_no_place_for_it_leaves_the_count_to_standard_error(
    check: Check, form: str
) -> None:
    check(SHEET, "--baseline", "known.json")
    _, out, err = check(SHEET, "--baseline", "known.json", "--output-format", form)
    assert "left out" not in out
    assert err == "factsheet: known.json: 1 finding that it lists is left out\n"
    # A report that has the count does not have it twice, and of none nothing is said.
    for option in ("--output-format=full", "--output-format=json", "--output-format=concise --statistics"):
        assert check(SHEET, "--baseline", "known.json", *option.split())[2] == ""
    right = SHEET.replace("b: 1 %", "a: 1 %")
    assert "left out" not in check(right, "--baseline", "known.json", "--output-format", form)[2]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("overview:", "# a comment\n\noverview:"),
        ("      tasks:\n", "      tasks:\n        - {task: WNLI, scores: {a: 60 %}}\n"),
        ("    - name: T\n", f"{TABLE_ABOVE}    - name: T\n"),
    ],
    ids=["lines above", "a row above", "a table above"],
)
def test_it_is_known_again_after_what_is_around_it_has_moved(check: Check, old: str, new: str) -> None:
    check(SHEET, "--baseline", "known.json")
    status, out, _ = check(SHEET.replace(old, new, 1), "--baseline", "known.json")
    assert status == 0
    assert "1 known from the baseline" in out


def test_a_second_finding_like_a_known_one_is_new(check: Check) -> None:
    check(SHEET, "--baseline", "known.json")
    twice = SHEET.replace(TYPO, "        - {task: MNLI, scores: {b: 81 %}}\n")
    assert check(twice, "--baseline", "known.json")[0] == 1


def test_what_is_gone_is_said_and_taken_off_on_request(check: Check) -> None:
    check(SHEET, "--baseline", "known.json")
    right = SHEET.replace("{b: 1 %}", "{a: 1 %}")
    status, _, err = check(right, "--baseline", "known.json")
    assert status == 0
    assert "1 of its findings is gone" in err
    status, _, err = check(right, "--baseline", "known.json", "--update-baseline")
    assert status == 0
    assert json.loads(Path("known.json").read_text())["sheets"] == {}


def test_an_update_leaves_sheets_alone_that_were_not_checked(check: Check) -> None:
    check(SHEET, "--baseline", "known.json", name="one.yaml")
    check(SHEET + NEW, "--baseline", "known.json", "--update-baseline", name="two.yaml")
    sheets = json.loads(Path("known.json").read_text())["sheets"]
    assert {name: len(found) for name, found in sheets.items()} == {"one.yaml": 1, "two.yaml": 2}


def test_the_working_directory_does_not_matter(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("sheets").mkdir()
    check(SHEET, "--baseline", "known.json", name="sheets/sheet.yaml")
    monkeypatch.chdir("sheets")
    assert check(SHEET, "--baseline", "../known.json")[0] == 0


def test_on_a_ci_server_it_is_not_written_unasked(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    status, _, err = check(SHEET, "--baseline", "known.json")
    assert status == 2
    assert "there is no such baseline" in err
    assert not Path("known.json").exists()
    assert check(SHEET, "--baseline", "known.json", "--update-baseline")[0] == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"schema": 1}',
        '{"schema": "factsheet.baseline/1"}',
        '{"schema": "factsheet.baseline/1", "sheets": {"a": 1}}',
        '{"schema": "factsheet.baseline/1", "sheets": {"a": [1]}}',
        '{"schema": "factsheet.baseline/1", "sheets": {"a": [{"rule": "FS1"}]}}',
        "[" * 100_000,
        "\x00",
    ],
)
@pytest.mark.parametrize("option", [[], ["--update-baseline"]])
def test_a_file_that_is_no_baseline_is_refused_and_left_alone(
    check: Check, text: str, option: list[str]
) -> None:
    Path("known.json").write_text(text)
    status, _, err = check(SHEET, "--baseline", "known.json", *option)
    assert status == 2
    assert "cannot be used as a baseline" in err
    assert "Traceback" not in err
    assert Path("known.json").read_text() == text


def test_nothing_is_written_where_a_sheet_could_not_be_read(check: Check) -> None:
    status, _, err = check(SHEET, "--baseline", "known.json", "gone.yaml")
    assert status == 2
    assert "not written" in err
    assert not Path("known.json").exists()


def test_it_can_be_set_once_for_a_repository(check: Check) -> None:
    Path("pyproject.toml").write_text('[tool.factsheet]\nbaseline = "known.json"\n')
    assert check(SHEET)[0] == 0
    assert Path("known.json").exists()
    assert check(SHEET + NEW)[0] == 1


def test_an_update_without_a_file_is_refused(check: Check) -> None:
    status, _, err = check(SHEET, "--update-baseline")
    assert status == 2
    assert "--update-baseline needs to know the file" in err


def test_the_json_report_counts_what_is_known(check: Check) -> None:
    check(SHEET, "--baseline", "known.json")
    out = check(SHEET + NEW, "--baseline", "known.json", "--output-format", "json")[1]
    data = json.loads(out)
    assert (data["summary"]["errors"], data["summary"]["known"]) == (1, 1)


def test_beyond_the_cap_more_slips_than_were_known_are_new(check: Check) -> None:
    many = SHEET + "".join(f"        - {{task: T{row}, scores: {{b: 1 %}}}}\n" for row in range(150))
    check(many, "--baseline", "known.json")
    assert check(many, "--baseline", "known.json")[0] == 0
    assert check(many + NEW, "--baseline", "known.json")[0] == 1
