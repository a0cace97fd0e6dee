"""A sheet of another template from its beginning to its pages: what follows the template, and what stays away."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import factsheet
from factsheet.authoring.beginning import begin_from
from factsheet.authoring.questions import questions_for
from factsheet.authoring.todo import owed_facts
from factsheet.checks.completeness import completeness
from factsheet.cli import run as cli
from factsheet.cli.sheets import open_analog_sheet
from factsheet.errors import UsageError
from factsheet.pages.rendering import PageSet
from factsheet.readers.roles import ROLE_NAMES
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from factsheet.api.fact_sheet import FactSheet

ROOT = Path(__file__).parents[2]
A100 = ROOT / "sheets" / "accelerators" / "bert-a100.yaml"
OWN_ROLE = "operations-engineer"


@pytest.fixture(scope="module")
def a100() -> FactSheet:
    return factsheet.load(A100)


def test_the_sheet_of_an_accelerator_is_checked_like_any_other(a100: FactSheet) -> None:
    assert a100.check(factsheet.Settings(stage="published")) == ()
    # NVIDIA's README at 9973b2f4: 15.15 ms for 128 sequences; 128 / 15.15 ms = 8,448.8 in a second.
    wrong = a100.updated("performance.throughput.value", "9450 inferences/s")
    assert any("9450" in found.message or "9,450" in found.message for found in wrong.check())
    # The BERT paper gives 110 million parameters for 12 layers of 768.
    doubled = a100.updated("model_architecture.transformer_encoder.layers", 24)
    assert "FS301" in {found.rule_id for found in doubled.check()}


def test_roles_are_those_of_the_template(a100: FactSheet) -> None:
    roles = a100.audience.role_names
    assert OWN_ROLE in roles
    assert "algorithm-designer" not in roles
    standing = completeness(a100, roles[-1])
    assert standing.title == "Operations engineer"
    asked = {field for need in standing.needs for field in need.asked.need.core}
    assert "execution.driver" in asked
    assert not any(field.startswith(("hwa_training", "inference_methodology")) for field in asked)


def test_what_is_missing_is_asked_of_who_knows_it(a100: FactSheet) -> None:
    bare = a100.updated("execution.stack", None).updated("accelerator.memory", None)
    owed = {fact.path: fact for fact in owed_facts(bare)}
    assert owed["execution.stack"].owed_by == "an AI engineer"
    assert "operations engineers" in " ".join(owed["accelerator.memory"].asked_by)
    data = bare.model_dump(exclude_none=True)
    asked = {question.path for question in questions_for(bare, data, roles=("ai-engineer",))}
    assert "execution.stack" in asked
    assert "accelerator.memory" not in asked


def test_pages_are_those_of_the_template(a100: FactSheet) -> None:
    pages = PageSet(a100)
    for view in a100.audience.view_names:
        page = pages.page(view)
        keys = [section.key for section in page.sections]
        assert not {"size", "inference", "upkeep", "lifecycle"} & set(keys)
        assert page.view_title
    operations = a100.render(role=a100.audience.role_names[-1])
    assert "For the operations engineer, who keeps services up" in operations
    assert "| Memory bandwidth    | 1,555 GB/s " in operations
    # But for where the template itself has its needs from.
    shown = operations.replace(" and what a comparison with analog hardware needs of them", "")
    for word in ("analog", "tiles", "programmed"):
        assert not re.search(rf"\b{word}\b", shown, re.IGNORECASE), word
    html = a100.render("html")
    assert "Operations engineer" in html
    assert "Algorithm designer" not in html
    with pytest.raises(factsheet.errors.UsageError):
        pages.page("algorithm-designer")


def test_pages_of_the_study_have_their_views() -> None:
    views = PageSet(factsheet.load(ROOT / "sheets" / "digits.yaml")).page("full").views
    assert [name for name, _ in views] == [*ROLE_NAMES, "full"]


def test_the_wizard_and_set_write_by_the_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    made = ["--template", "digital-accelerator", "--name", "BERT-base", "-o", "n.yaml"]
    assert cli.run(["new", *made]) == 0
    text = Path("n.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=digital-accelerator-1.schema.json\n")
    assert text.index("\naccelerator:") < text.index("\nperformance:")
    assert "hwa_training" not in text
    assert "analog" not in text.lower()
    served = "parameters.served[+]={scenario: server, throughput: 3 inferences/s}"
    assert cli.run(["set", "n.yaml", "accelerator.rated_power=400 W", served]) == 0
    assert cli.run(["set", "n.yaml", "accelerator.rated_power=400 V"]) == 2
    assert cli.run(["set", "n.yaml", "hwa_training.summary=x"]) == 2
    capsys.readouterr()
    assert cli.run(["fields", "execution.driver", "--template", "digital-accelerator"]) == 0
    assert "an operations engineer" in capsys.readouterr().out
    assert cli.run(["explain", "execution.driver", "--template", "digital-accelerator"]) == 0
    assert cli.run(["todo", "n.yaml", "--role", OWN_ROLE]) == 0
    assert "execution.driver" in capsys.readouterr().out
    assert cli.run(["todo", "n.yaml", "--role", "algorithm-designer"]) == 2
    assert cli.run(["status", "n.yaml", "--role", OWN_ROLE]) == 0
    assert cli.run(["validate", "n.yaml", "--role", OWN_ROLE]) in (0, 1)
    sheet = read_sheet(Path("n.yaml")).document
    assert sheet is not None
    assert isinstance(sheet.data, dict)
    assert sheet.data["parameters"]["served"] == [{"scenario": "server", "throughput": "3 inferences/s"}]


NPU = """\
factsheet: 1
template: digital-accelerator
overview: {name: ResNet-50 on an NPU, model: ResNet-50}
execution: {number_format: INT8}
performance: {tops_per_watt: 5 TOPS/W, energy_boundary: chip}
"""


def test_an_efficiency_is_placed_among_designs_of_its_own_kind() -> None:
    (placed,) = factsheet.loads(NPU).derive().in_field
    # 8-bit inputs and 8-bit weights: 64 operations of 1 bit for each (Shanbhag and Roy, CICC 2022, section II).
    assert placed.claim.one_bit.low == placed.claim.one_bit.high == pytest.approx(5e12 * 64)
    assert "digital accelerators" in placed.standings[0].words
    # Floating point has no bits that could be counted so.
    assert factsheet.loads(NPU.replace("INT8", "FP16")).derive().in_field == ()
    beyond = factsheet.loads(NPU.replace("5 TOPS", "50000 TOPS")).check()
    assert "FS259" in {found.rule_id for found in beyond}


ANSWERS = """\
accelerator: {device: NVIDIA A100, rated_power: 400 W}
execution.number_format: FP16
parameters:
  served: [{scenario: server, throughput: 30 inferences/s}]
hwa_training: {summary: Of another template.}
"""


def test_answers_to_a_templates_own_questions_are_taken(tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text(ANSWERS, encoding="utf-8")
    made = begin_from(
        (), answers=answers, name="BERT", today=date(2026, 11, 30), template="digital-accelerator"
    )
    data = made.sheet.model_dump(exclude_none=True)
    assert data["accelerator"]["rated_power"] == "400 W"
    assert data["execution"]["number_format"] == "FP16"
    assert list(data["parameters"]["served"]) == [{"scenario": "server", "throughput": "30 inferences/s"}]
    # What the template has no field for is said to be left out, and leaves nothing behind.
    assert [left.what for _, left in made.left_out] == ["hwa_training.summary"]


@pytest.mark.parametrize("form", ["yaml", "cyclonedx"])
def test_a_sheet_begun_from_one_of_a_template_is_of_that_template(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_bytes(A100.read_bytes())
    source = "a.yaml" if form == "yaml" else "a.cdx.json"
    if form != "yaml":
        assert cli.run(["export", "a.yaml", "--to", form, "-o", source]) == 0
    assert cli.run(["new", "--from", source, "-o", "b.yaml"]) == 0
    assert "not taken" not in capsys.readouterr().err
    first, second = (factsheet.load(file).model_dump(exclude_none=True) for file in ("a.yaml", "b.yaml"))
    assert second["template"] == "digital-accelerator"
    for section in ("accelerator", "execution", "references"):
        assert first[section] == second[section]
    # Roles are those of the sheet's template, which is known once the source has been read.
    assert cli.run(["new", "--from", source, "--role", "algorithm-designer"]) == 2
    assert "`algorithm-designer` is no role of the template digital-accelerator" in capsys.readouterr().err


def test_sheets_of_all_templates_are_found_compared_and_reviewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_bytes(A100.read_bytes())
    Path("b.yaml").write_text(
        A100.read_text(encoding="utf-8").replace("312 TFLOPS", "624 TFLOPS"), encoding="utf-8"
    )
    assert cli.run(["find", "accelerator.peak_rate > 400 TOPS", "."]) == 0
    found = capsys.readouterr().out
    assert "b.yaml" in found
    assert "a.yaml" not in found
    assert cli.run(["diff", "a.yaml", "b.yaml"]) == 0
    assert "accelerator.peak_rate" in capsys.readouterr().out
    assert cli.run(["compare", "a.yaml", str(ROOT / "sheets" / "digits.yaml")]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("Weights on tiles"))
    # The card has no tiles, whatever could be worked out for its network.
    assert row.split()[3] == "-"
    assert cli.run(["review", "form", "a.yaml", "--role", OWN_ROLE]) == 0
    assert "accelerator:" in capsys.readouterr().out


def test_commands_about_analog_hardware_say_whose_sheet_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["derive", str(A100)]) == 0
    shown = capsys.readouterr()
    assert "tiles" not in shown.out.replace("no tile size", "")
    assert "digital-accelerator" in shown.err
    # The network itself is the same anywhere: on an analog chip, and on the card, by the profile of the same table.
    assert cli.run(["derive", str(A100), "--hardware", "ibm-2022"]) == 0
    assert cli.run(["derive", str(A100), "--hardware", "a100-fp16-tensorrt"]) == 0
    capsys.readouterr()
    # Before hours of a simulation whose results the sheet could not take.
    with pytest.raises(UsageError, match="template `digital-accelerator`"):
        open_analog_sheet(str(A100))
