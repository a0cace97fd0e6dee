"""Every answer of a sheet is accounted for in an export: carried, less exact, or unsaid with the reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import factsheet
from factsheet.cli import run as cli
from factsheet.errors import UsageError
from factsheet.exchange.exported import ExportedFile
from factsheet.exchange.formats import FORMATS, export_sheet
from factsheet.exchange.ledger import FactLedger, answers_of
from factsheet.exchange.request import ExportRequest

ROOT = Path(__file__).parents[2]
SHEETS = sorted(file for file in (ROOT / "sheets").rglob("*.yaml") if not file.name.endswith(".review.yaml"))
MOMENT = datetime(2026, 11, 30, tzinfo=UTC)
SMALL = """\
factsheet: 1
overview: {name: A, model: B}
parameters: {power: {value: 3.13 W, source: measured, at: {batch: 4}}}
purpose: {applications: [p, q]}
"""


def request_of(sheet: factsheet.FactSheet, **options: Any) -> ExportRequest:
    return ExportRequest(sheet=sheet, name="some/sheet.yaml", moment=MOMENT, **options)


def test_answers_are_the_leaves_of_the_text() -> None:
    data = {"a": {"value": 1, "source": "x"}, "b": ["p", "q"], "c": [{"d": 1}, {}], "e": {}, "f": None}
    assert dict(answers_of(data)) == {
        ("a", "value"): 1,
        ("a", "source"): "x",
        ("b",): ["p", "q"],
        ("c", 0, "d"): 1,
        ("c", 1): {},
        ("e",): {},
    }


def test_what_nobody_carried_is_unsaid_with_its_reason() -> None:
    ledger = FactLedger(factsheet.loads(SMALL))
    ledger.carry(("parameters", "power"))
    ledger.carry(("overview", "name"), lost="its capitals")
    made = ledger.exported([], "no place", {("purpose",): "nobody reads them"})
    assert {(one.path, one.value, one.reason) for one in made.unsaid} == {
        (("factsheet",), "1", "no place"),
        (("overview", "model"), "B", "no place"),
        (("parameters", "power", "source"), "measured", "no place"),
        (("parameters", "power", "at", "batch"), "4", "no place"),
        (("purpose", "applications"), "p, q", "nobody reads them"),
    }
    assert [(one.path, one.reason) for one in made.approximated] == [(("overview", "name"), "its capitals")]
    assert made.answers == 7


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_every_answer_of_every_sheet_is_accounted_for_once(file: Path, name: str) -> None:
    sheet = factsheet.load(file)
    try:
        made = export_sheet(request_of(sheet), name)
    except UsageError as error:
        assert name == "rpu-config"
        assert "hwa_training" in error.help or "hwa_training" in error.message  # noqa: PT017
        return
    answers = dict(answers_of(FactLedger(sheet).data))
    assert made.answers == len(answers)
    unsaid = [one.path for one in made.unsaid]
    assert len(set(unsaid)) == len(unsaid)
    assert set(unsaid) <= set(answers)
    assert not set(unsaid) & {one.path for one in made.approximated}
    assert all(one.reason for one in (*made.unsaid, *made.approximated))
    for written in made.files:
        parts = Path(written.name).parts
        assert ".." not in parts
        assert not Path(written.name).is_absolute()


def test_a_figure_is_in_si_units_with_the_interval_of_its_digits() -> None:
    sheet = factsheet.loads(SMALL.replace("3.13 W", "approx. 3131 mW"))
    (file,) = export_sheet(request_of(sheet), "json").files
    found = {entry["path"]: entry for entry in json.loads(file.content)["answers"]}
    power = found["parameters.power"]
    # 1 mW is the last digit that is written: 3.131 W ± 0.5 mW (SI Brochure, prefixes).
    assert power["value"] == pytest.approx(3.131)
    assert power["unit"] == "W"
    assert [power["low"], power["high"]] == pytest.approx([3.1305, 3.1315])
    assert power["text"] == "approx. 3131 mW"
    assert power["approximate"] is True
    assert (power["source"], power["at"]) == ("measured", {"batch": 4})
    assert "inherited" not in power
    assert found["purpose.applications"]["value"] == ["p", "q"]


def test_inherited_provenance_is_named_as_such() -> None:
    sheet = factsheet.loads(
        SMALL + "provenance: {source: cited, evidence: r}\nreferences: [{id: r, title: T}]\n"
    )
    (file,) = export_sheet(request_of(sheet), "json").files
    found = {entry["path"]: entry for entry in json.loads(file.content)["answers"]}
    assert found["overview.name"]["source"] == "cited"
    assert found["overview.name"]["inherited"] == ["source", "evidence"]
    assert found["parameters.power"]["source"] == "measured"
    # A fact with a source of its own takes no evidence over: that of the sheet is for another source.
    assert "inherited" not in found["parameters.power"]


def test_an_unknown_option_or_format_is_refused() -> None:
    sheet = factsheet.loads(SMALL)
    with pytest.raises(UsageError, match="there is no format `jsn`"):
        export_sheet(request_of(sheet), "jsn")
    with pytest.raises(UsageError, match="there is no option `x` of the format json"):
        export_sheet(request_of(sheet, options={"x": "1"}), "json")
    with pytest.raises(UsageError, match="is not put into a file that exists"):
        export_sheet(request_of(sheet, existing="{}"), "json")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


def test_the_command_writes_to_a_file_a_folder_or_standard_output(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["export", "s.yaml", "--to", "json"]) == 0
    shown = capsys.readouterr().out
    assert cli.run(["export", "s.yaml", "--to", "json", "-o", "out.json"]) == 0
    assert capsys.readouterr().out == "out.json: written as json\nevery answer of the sheet is in it\n"
    assert (folder / "out.json").read_text(encoding="utf-8") == shown
    (folder / "sub").mkdir()
    assert cli.run(["export", "s.yaml", "--to", "json", "-o", "sub", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["files"] == [
        {"name": "s.facts.json", "bytes": len(shown.encode()), "path": str(Path("sub", "s.facts.json"))}
    ]
    assert (folder / "sub" / "s.facts.json").read_text(encoding="utf-8") == shown
    assert cli.run(["export", "s.yaml", "--to", "json", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["content"] == shown


@pytest.mark.parametrize("text", ["", "x"])
def test_no_file_is_completed_in_a_format_that_is_not_put_into_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    sheet, page = tmp_path / "s.yaml", tmp_path / "page.md"
    sheet.write_text(SMALL, "utf-8")
    page.write_text(text, "utf-8")
    assert cli.run(["export", str(sheet), "--to", "json", "--into", str(page)]) == 2
    assert "`json` is not put into a file that exists" in capsys.readouterr().err
    assert page.read_text("utf-8") == text


def test_an_option_with_two_values_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "s.yaml"
    sheet.write_text(SMALL, "utf-8")
    command = ["export", str(sheet), "--to", "cyclonedx", "--option", "version=1.7", "--option"]
    assert cli.run([*command, "version=1.6"]) == 2
    assert "`version` is given twice, as `1.7` and as `1.6`" in capsys.readouterr().err
    assert cli.run([*command, "version=1.7"]) == 0


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_section_breaks_no_format(name: str) -> None:
    empty: dict[str, Any] = {"training_data": {}, "hwa_training": {}}
    sheet = factsheet.FactSheet.from_data(
        {"factsheet": 1, "overview": {"name": "A", "model": "B"}, **empty}, "sheet.yaml"
    )
    exported = export_sheet(request_of(sheet), name)
    assert all(file.content for file in exported.files)


def test_files_with_unsafe_names_give_safe_ones() -> None:
    sheet = factsheet.loads(SMALL)
    request = ExportRequest(sheet=sheet, name="../CON.yaml", moment=MOMENT)
    assert [file.name for file in export_sheet(request, "json").files] == ["sheet-CON.facts.json"]
    assert ExportedFile("x", b"\xff").text == "\N{REPLACEMENT CHARACTER}"


def test_the_page_has_every_format_in_its_own_words() -> None:
    page = (ROOT / "docs" / "exchange.md").read_text(encoding="utf-8")
    for form in FORMATS.values():
        assert f"| `{form.name}` | {form.title} | {form.checked_by} |" in page


@pytest.mark.parametrize(("form", "version"), [("cyclonedx", "1.6"), ("cyclonedx", "1.7"), ("spdx", "")])
def test_a_metric_of_the_model_is_its_own(form: str, version: str) -> None:
    sheet = factsheet.loads(
        """\
factsheet: 1
overview: {name: A, model: B}
provenance: {source: declared}
performance:
  throughput: 10 inferences/s
  throughput_gpu: 71 inferences/s
  throughput_cpu: 72 inferences/s
  energy_baseline: 73 inferences/s/W
  results:
    - name: T
      metric: accuracy
      systems: [{id: d, name: Digital, kind: digital}, {id: a, name: Analog, kind: analog}]
      tasks: [{task: RTE, scores: {d: 74 %, a: 64 %}}]
    - name: U
      metric: accuracy
      systems: [{id: e, name: One}, {id: f, name: Other}]
      tasks: [{task: CoLA, scores: {e: 55 %, f: 56 %}}]
"""
    )
    (file,) = sheet.export(form, options={"version": version} if version else {}).files
    data = json.loads(file.content)
    if form == "cyclonedx":
        metrics = data["metadata"]["component"]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"]
        values = [one["value"] for one in metrics]
    else:
        (package,) = (node for node in data["@graph"] if node["type"] == "ai_AIPackage")
        values = [one["value"] for one in package["ai_metric"]]
    # Nothing says which of the two systems of the second table is the model.
    assert values == ["64 %", "55 %", "56 %", *(["10 inferences/s"] if form == "cyclonedx" else [])]
    assert all(f"{value}" in file.text for value in ("71 inferences/s", "73 inferences/s/W", "74 %"))


@pytest.mark.parametrize("form", ["model-card", "eval-results", "cyclonedx", "spdx"])
def test_a_digital_system_is_never_taken_for_the_model(form: str) -> None:
    sheet = factsheet.loads(
        """\
factsheet: 1
overview: {name: A, model: B}
provenance: {source: declared}
performance:
  results:
    - name: T
      metric: accuracy
      evaluation: {dataset: nyu-mll/glue}
      systems: [{id: d, name: Baseline on a GPU, kind: digital}]
      tasks: [{task: wnli, scores: {d: 65.1 %}}]
"""
    )
    made = sheet.export(form)
    text = "".join(file.text for file in made.files)
    if form == "model-card":
        text = text.split("---\n")[1]
    assert "model-index" not in text
    assert "performanceMetrics" not in text
    assert "ai_metric" not in text
    assert form != "eval-results" or not made.files


def test_energy_of_training_is_what_the_sheet_calls_so() -> None:
    sheet = factsheet.loads(
        """\
factsheet: 1
overview: {name: A, model: B}
provenance: {source: declared}
hardware:
  training:
    energy: 120 kWh
    activities:
      - {activity: evaluation of the trained model, energy: 3 kWh}
      - {activity: inference of the pretrained teacher, energy: 5 kWh}
      - {activity: Fine-tuning, energy: 2 kWh}
"""
    )
    (file,) = sheet.export("spdx").files
    (package,) = (node for node in json.loads(file.content)["@graph"] if node["type"] == "ai_AIPackage")
    kinds = package["ai_energyConsumption"]
    (kind,) = [kinds] if isinstance(kinds, dict) else kinds
    found = {key: [one["ai_energyQuantity"] for one in value] for key, value in kind.items() if key != "type"}
    assert found == {
        "ai_trainingEnergyConsumption": ["120.0"],
        "ai_finetuningEnergyConsumption": ["2.0"],
    }
