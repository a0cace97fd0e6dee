"""`factsheet set`, `get` and `unset`: what they say changes, and nothing else; what does not fit is not written."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hand_formatted import hand_formatted

from factsheet.authoring.assignment import (
    Assignment,
    get_fact,
    read_assignment,
    resolve,
    set_fact,
    unset_fact,
)
from factsheet.authoring.typed_values import read_value
from factsheet.cli.run import run
from factsheet.errors import UsageError
from factsheet.source.loader import load_bytes

BERT = Path(__file__).parents[2] / "sheets" / "bert.yaml"
SHEET = """\
# A comment at the top.
factsheet: 1
overview: {name: Example, model: "BERT-base"}   # a flow mapping

parameters:
  power: 3.13 W          # the chip
  area:
    value: 780.4 mm²
    source: cited
    evidence: one
  # A comment in between.
  tiles: {not_disclosed: The maker does not say.}
performance:
  summary: >-
    A folded text
    of two lines.
  results:
    - name: GLUE
      systems: [{id: a, name: A}, {id: d, name: D}]
      tasks:
        - {task: RTE, scores: {a: 64 %, d: 66 %}}   # a row
        - task: CoLA
          scores:
            a: 55 %
            d: 52 %
references:
  - {id: one, title: "A title: with a colon", url: https://example.org/}
"""


def data_of(text: str) -> Any:
    document = load_bytes(text.encode(), "sheet").document
    assert document is not None
    return document.data


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are in one text only, by difflib."""
    from difflib import ndiff

    lines = list(ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True)))
    return [one[2:] for one in lines if one[0] == "-"], [one[2:] for one in lines if one[0] == "+"]


@pytest.mark.parametrize(
    ("assignment", "old", "new"),
    [
        (
            "parameters.power=3.3 W",
            "  power: 3.13 W          # the chip\n",
            "  power: 3.3 W          # the chip\n",
        ),
        ("parameters.area=800 mm²", "    value: 780.4 mm²\n", "    value: 800 mm²\n"),
        (
            "performance.results[0].tasks[task=RTE].scores.a=65 %",
            "        - {task: RTE, scores: {a: 64 %, d: 66 %}}   # a row\n",
            "        - {task: RTE, scores: {a: 65 %, d: 66 %}}   # a row\n",
        ),
        (
            "performance.results[name=GLUE].tasks[1].scores.a=56 %",
            "            a: 55 %\n",
            "            a: 56 %\n",
        ),
        (
            "parameters.tiles=480",
            "  tiles: {not_disclosed: The maker does not say.}\n",
            "  tiles: 480\n",
        ),
        ("references[id=one].year=2019", None, None),
    ],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_only_the_line_that_is_meant_changes(
    assignment: str, old: str | None, new: str | None, line_break: str
) -> None:
    before = SHEET.replace("\n", line_break)
    after = set_fact(before, "sheet.yaml", read_assignment(assignment)).text
    gone, come = changed_lines(before, after)
    if old is not None and new is not None:
        assert (gone, come) == ([old.replace("\n", line_break)], [new.replace("\n", line_break)])
    assert len(gone) == len(come) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.13 W", "3.13 W"),
        ("[a, b]", ["a", "b"]),
        ("{not_disclosed: a reason}", {"not_disclosed": "a reason"}),
        ("true", True),
        ("12", 12),
        ("yes", "yes"),
        ("012", "012"),
        ("BERT: pre-training", "BERT: pre-training"),
        ("a # b", "a # b"),
        ("12 # of them", "12 # of them"),
        ("[BERT](https://example.org/bert) and others", "[BERT](https://example.org/bert) and others"),
        ("'a # b'", "a # b"),
        ("!!python/object:os.system {}", "!!python/object:os.system {}"),
        ("*alias", "*alias"),
        ("", ""),
    ],
)
def test_a_value_is_what_would_follow_the_key(text: str, value: object) -> None:
    assert read_value(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "{not_disclosed: Not cleared: ask legal}",
        "{not_disclosed: secret",
        "{not_disclosed: yes}",
        "not_disclosed: secret",
        "not_applicable:  no tiles",
        "not_applicable",
        "Not disclosed: secret",
        "not-evaluated",
        "NOT EVALUATED:",
        "null",
        "~",
        "[NER, no]",
        "[x, y]",
        "[on, off]",
        "[a, , b]",
        "[a",
        "{a: b}}",
    ],
)
def test_what_begins_as_a_structure_and_is_none_never_becomes_text(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_value(text)
    assert caught.value.help


@pytest.mark.parametrize(
    ("assignment", "line"),
    [
        ("overview.version=1.10", '  version: "1.10"'),
        ("overview.version=12e3", '  version: "12e3"'),
        ("overview.version=+5", '  version: "+5"'),
        ("parameters.power=3.10 W", "  power: 3.10 W"),
    ],
)
def test_text_keeps_its_digits(assignment: str, line: str) -> None:
    text = "factsheet: 1\noverview:\n  name: A\n  model: B\n"
    after = set_fact(text, "sheet.yaml", read_assignment(assignment)).text
    assert line in after.splitlines()
    path, _, typed = assignment.partition("=")
    data = load_bytes(after.encode(), "sheet.yaml").document
    assert data is not None
    assert get_fact(data.data, path) == typed


@pytest.mark.parametrize(
    "layout", ["  known:\n  - a\n  - b\n", "  known: [a, b]\n", "  known:\n    - a\n    - b\n"]
)
def test_a_text_is_appended_to_a_list_of_texts(layout: str) -> None:
    text = f"factsheet: 1\noverview:\n  name: A\n  model: B\nlimitations:\n{layout}"
    after = set_fact(text, "sheet.yaml", read_assignment("limitations.known[+]=four: the last")).text
    data = load_bytes(after.encode(), "sheet.yaml").document
    assert data is not None
    assert get_fact(data.data, "limitations.known") == ["a", "b", "four: the last"]


@pytest.mark.parametrize(
    ("rows", "path", "rest"),
    [
        (
            "references:\n- {id: a, title: A}\n-\n  id: b\n  title: B\n",
            "references[1]",
            "references:\n- {id: a, title: A}\n",
        ),
        (
            "references:\n-\n  id: a\n  title: A\n- {id: b, title: B}\n",
            "references[0]",
            "references:\n- {id: b, title: B}\n",
        ),
        ("parameters:\n  tiles: 4\n  devices:\n", "parameters.devices", "parameters:\n  tiles: 4\n"),
        (
            "parameters:\n  devices:   # asked\n  tiles: 4\n",
            "parameters.devices",
            "parameters:\n  tiles: 4\n",
        ),
    ],
)
def test_layouts_that_people_write_can_be_removed(rows: str, path: str, rest: str) -> None:
    head = "factsheet: 1\noverview:\n  name: A\n  model: B\n"
    assert unset_fact(head + rows, "sheet.yaml", path).text == head + rest


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "a..b",
        "a.",
        ".a",
        "a[",
        "a]",
        "a[0",
        "a[0]b",
        "parameters.power[0]",
        "performance.results[-1]",
        "performance.results[2]",
        "performance.results[99999999999999999999]",
        "performance.results[name=SuperGLUE]",
        "performance.results[=]",
        "performance.results[+].name",
        "a b",
        "a\x1b[31m",
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(UsageError):
        resolve(data_of(SHEET), path)


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("parameters.power=3 V", "a power is asked for"),
        ("parameters.powr=3 W", "`powr` is not a field"),
        ("parameters.power=", "power"),
        ("overview.status=finished", "finished"),
        ("performance.results[+]=text", "is a mapping"),
        ("performance.results[+]={name: B}", "has no"),
        ("parameters=3", "mapping"),
    ],
)
def test_what_does_not_fit_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], assignment: str, message: str
) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET)
    assert run(["set", str(sheet), assignment]) == 2
    assert message in capsys.readouterr().err
    assert sheet.read_text() == SHEET


def test_several_are_written_together_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET)
    assert run(["set", "--sheet", str(sheet), "parameters.power=3 W", "parameters.area=3 V"]) == 2
    assert sheet.read_text() == SHEET
    assert run(["set", "--sheet", str(sheet), "parameters.power=3 W", "hwa_training.seeds=5"]) == 0
    assert data_of(sheet.read_text())["hwa_training"] == {"seeds": 5}
    assert run(["get", str(sheet), "parameters.power", "hwa_training.seeds"]) == 0
    assert capsys.readouterr().out == "3 W\n5\n"


def test_provenance_stays_and_is_said_and_is_replaced_on_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET)
    assert run(["set", str(sheet), "parameters.area=800 mm²"]) == 0
    assert "keeps its provenance (source: cited, evidence: one)" in capsys.readouterr().err
    assert run(["set", str(sheet), "parameters.area=810 mm²", "--source", "measured"]) == 0
    assert data_of(sheet.read_text())["parameters"]["area"] == {
        "value": "810 mm²",
        "source": "measured",
        "evidence": "one",
    }
    assert run(["set", str(sheet), "parameters.power=3 W", "--source", "guessed"]) == 2


def test_a_dry_run_shows_the_change_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET)
    assert run(["set", str(sheet), "parameters.power=3 W", "--dry-run"]) == 0
    assert "+  power: 3 W          # the chip" in capsys.readouterr().out
    assert sheet.read_text() == SHEET


def test_new_findings_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "bert.yaml"
    sheet.write_bytes(BERT.read_bytes())
    assert run(["set", str(sheet), "performance.results[0].tasks[task=RTE].scores.analog=60.00 %"]) == 0
    assert "FS201" in capsys.readouterr().err


def test_a_mapping_that_is_wanted_is_shown_as_it_would_be_typed() -> None:
    text = "factsheet: 1\noverview: {name: A, model: B}\n"
    with pytest.raises(UsageError) as caught:
        set_fact(text, "sheet", read_assignment("model_architecture.layout=digital"))
    typed = caught.value.help.partition('"')[2].rpartition('"')[0]
    assert set_fact(text, "sheet", read_assignment(typed)).path == ("model_architecture", "layout")


def test_every_value_that_does_not_fit_is_named_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET)
    assert run(["set", str(sheet), "parameters.power=3 kg", "overview.licence=MIT", "nothing=1"]) == 2
    said = capsys.readouterr().err
    assert "parameters.power" in said
    assert "`nothing` is not a field" in said
    assert "nothing was written; set the others without these" in said
    assert sheet.read_text() == SHEET


def test_an_address_for_examples_is_said_to_reach_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET)
    assert run(["set", str(sheet), "overview.contact=me@example.com"]) == 0
    assert "nobody is reached by it" in capsys.readouterr().err


def test_values_that_only_fit_together_are_set_together(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text("factsheet: 1\noverview: {name: A, model: B}\n")
    assert run(["set", str(sheet), "parameters.tile.rows=256", "parameters.tile.cols=128"]) == 0
    assert sheet.read_text().endswith("parameters:\n  tile: {rows: 256, cols: 128}\n")


@pytest.mark.parametrize("arguments", [["get"], ["unset"]])
def test_without_a_path_there_is_nothing_to_do(tmp_path: Path, arguments: list[str]) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET)
    assert run([*arguments, str(sheet)]) == 2


def test_one_empty_line_is_left_where_a_section_was() -> None:
    text = (
        "factsheet: 1\noverview: {name: A, model: B}\n\nhwa_training:\n  seeds: 3\n\nsetup:\n  framework: C\n"
    )
    after = unset_fact(text, "sheet", "hwa_training").text
    assert after == "factsheet: 1\noverview: {name: A, model: B}\n\nsetup:\n  framework: C\n"


def test_what_is_required_cannot_be_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET)
    assert run(["unset", str(sheet), "overview.model"]) == 2
    assert "has no `model`" in capsys.readouterr().err
    assert run(["unset", str(sheet), "parameters.nothing"]) == 2
    assert sheet.read_text() == SHEET


def test_the_last_of_a_mapping_takes_the_mapping_with_it() -> None:
    text = "factsheet: 1\noverview: {name: A, model: B}\nhwa_training:\n  seeds: 3\n"
    assert (
        unset_fact(text, "sheet", "hwa_training.seeds").text
        == "factsheet: 1\noverview: {name: A, model: B}\n"
    )


def test_get_says_why_there_is_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET)
    assert run(["get", str(sheet), "parameters.tiles", "parameters.devices", "parameters.area"]) == 1
    shown = capsys.readouterr()
    assert shown.out == "780.4 mm²\n"
    assert "not disclosed: The maker does not say." in shown.err
    assert "parameters.devices: not in the sheet" in shown.err


def test_a_file_that_changed_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET)

    def also_edited(*arguments: Any, **named: Any) -> Any:
        sheet.write_text(SHEET + "# somebody else\n")
        return set_fact(*arguments, **named)

    monkeypatch.setattr("factsheet.authoring.assignment.set_fact", also_edited)
    assert run(["set", str(sheet), "parameters.power=3 W"]) == 2
    assert sheet.read_text() == SHEET + "# somebody else\n"


_TARGETS = (
    "parameters.power=3.2 W",
    "parameters.area=790 mm²",
    "performance.results[name=GLUE].tasks[task=CoLA].scores.a=57 %",
    "performance.results[0].tasks[task=RTE].note=Mean of five: seeds",
    "hwa_training.seeds=5",
    "performance.summary=A new text, with a colon: and # no comment",
    "overview.version=1.0",
    "references[id=one].year=2020",
)


@pytest.mark.parametrize("seed", range(200))
def test_hand_formatted_sheets_keep_what_is_not_meant(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  the layout of a test
    text = hand_formatted(SHEET, rng)
    target = Assignment(*read_assignment(rng.choice(_TARGETS)))
    edited = set_fact(text, "sheet.yaml", target)
    after = data_of(edited.text)
    node = after
    for part in edited.path:
        node = node[part]
    value = node["value"] if isinstance(node, dict) and "value" in node else node
    assert str(value) == target.value
    gone, come = changed_lines(text, edited.text)
    assert len(gone) <= max(3, text.count("\n", text.find("summary"), text.find("results")))
    assert all(comment in edited.text for comment in ("# A comment at the top.", "# A comment in between."))
    again = set_fact(edited.text, "sheet.yaml", target)
    assert again.text == edited.text
    assert come or again.text == text


def test_a_section_is_not_declined_as_a_whole_and_a_row_that_is_not_there_is_added() -> None:
    text = "factsheet: 1\noverview: {name: A, model: B}\n"
    with pytest.raises(UsageError) as whole:
        set_fact(text, "sheet", Assignment("robustness", "{not_evaluated: no chip yet}"))
    assert "for each field" in whole.value.diagnostics()
    assert "did you mean" not in whole.value.diagnostics()
    with pytest.raises(UsageError) as row:
        set_fact(text, "sheet", Assignment("performance.results[0]", "{name: GLUE}"))
    assert "`performance.results[+]` for a new row" in row.value.diagnostics()


@pytest.mark.parametrize(("status", "severity"), [("draft", "info"), ("published", "warning")])
def test_a_reference_that_nothing_cites_yet_is_no_warning_in_a_draft(status: str, severity: str) -> None:
    text = f"factsheet: 1\noverview: {{name: A, model: B, status: {status}}}\n"
    row = "{id: devlin-2019, title: BERT, doi: 10.18653/v1/N19-1423}"
    edited = set_fact(text, "sheet", Assignment("references[+]", row))
    assert [found.severity for found in edited.new if found.rule_id == "FS502"] == [severity]
