"""Templates: the shipped ones, those of the user's own, and what is refused of a stranger's."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import factsheet
from factsheet.authoring.field_catalogue import catalogue
from factsheet.authoring.field_reference import fields_markdown
from factsheet.authoring.todo import owed_facts, todo_markdown
from factsheet.checks.engine import check_document
from factsheet.cli import run as cli
from factsheet.cli.sheet_templates.template_reference import described, template_markdown
from factsheet.errors import ConfigurationError, InvalidSheetError, UsageError
from factsheet.quantities.quantity import Quantity
from factsheet.readers.audience import STUDY
from factsheet.sheet.json_schema import build_schema
from factsheet.sheet.model import SheetFields
from factsheet.sheet_templates.beginning_template import begun_template
from factsheet.sheet_templates.form_problems import form_of
from factsheet.sheet_templates.known_templates import template_named
from factsheet.sheet_templates.template import SheetTemplate, check_template, shipped_names
from factsheet.sheet_templates.user_templates import using_templates
from factsheet.source.loader import load_bytes
from factsheet.source.problems import TEMPLATE

BEGUN = begun_template("edge-board")
SHEET = """\
factsheet: 1
template: edge-board
overview: {name: Camera at the gate, model: MobileNet}
board: {device: Coral Dev Board Mini, idle_power: 1.2 W, enclosure: metal, sensors: [{name: camera, rate: 30 frames/s}]}
"""


@pytest.fixture
def edge_board(tmp_path: Path) -> Path:
    file = tmp_path / "edge-board.yaml"
    file.write_text(BEGUN, encoding="utf-8")
    return file


def faults(text: str) -> list[tuple[int, str]]:
    loaded = load_bytes(text.encode(), "t.yaml", kind=TEMPLATE)
    assert loaded.document is not None
    assert not loaded.problems
    return [(problem.span.line, problem.message) for problem in form_of(loaded.document)[1]]


def template(name: str) -> SheetTemplate:
    found = template_named(name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", [name for name in shipped_names() if name != STUDY.template])
def test_a_shipped_template_is_whole_and_its_schema_valid(name: str) -> None:
    known = template(name)
    assert known.name == name
    schema = build_schema(known.model(SheetFields))
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == known.form.title
    # In the template's order, between what every sheet begins and ends with.
    assert list(schema["properties"])[:2] == ["factsheet", "template"]
    keys = [key for key in schema["properties"] if key in known.form.sections]
    assert keys == list(known.form.sections)
    for role in known.audience.role_names:
        assert known.audience.needs_of(role), role


@pytest.mark.parametrize("name", [name for name in shipped_names() if name != STUDY.template])
def test_every_example_of_a_template_is_an_answer(name: str) -> None:
    model = template(name).model(SheetFields)
    for section, field in model.model_fields.items():
        if field.examples and section not in ("factsheet", "template"):
            model.model_validate(
                {"factsheet": 1, "template": name, "overview": {"name": "a", "model": "b"}}
                | {section: field.examples[0]}
            )


def test_a_begun_template_reads_a_sheet(edge_board: Path) -> None:
    assert check_template(edge_board).problems == ()
    with using_templates(edge_board):
        sheet = factsheet.loads(SHEET)
        board: Any = sheet.board  # type: ignore[attr-defined]  # a section of the template's own
        assert isinstance(board.idle_power.value, Quantity)
        assert board.idle_power.value.value == 1.2
        assert board.sensors[0].rate.quantity.dimension == "throughput"
        assert sheet.hwa_training is None  # no section of this template
        assert sheet.to_yaml() == SHEET
        assert factsheet.FactSheet.from_data(sheet.model_dump(exclude_none=True)) == sheet
        assert "fanless" in sheet.updated("board.enclosure", {"not_disclosed": "fanless"}).to_yaml()
        schema = Draft202012Validator(build_schema(type(sheet)))
        assert list(schema.iter_errors(sheet.model_dump(mode="json", exclude_none=True))) == []
        wrong = {"factsheet": 1, "template": "edge-board", "overview": {"name": "a", "model": "b"}}
        assert list(schema.iter_errors({**wrong, "board": {"idle_power": "3 V"}}))
        assert list(schema.iter_errors({**wrong, "hwa_training": {}}))


@pytest.mark.parametrize(
    ("before", "after", "rule", "line"),
    [
        ("enclosure: metal", "enclosure: wood", "FS150", 4),
        ("idle_power: 1.2 W", "idle_power: 1.2 V", "FS150", 4),
        ("idle_power: 1.2 W", "idle_power: 900 W", "FS150", 4),
        ("idle_power: 1.2 W", "idle_pwer: 1.2 W", "FS152", 4),
        ("rate: 30 frames/s", "rate: often", "FS150", 4),
        ("board: {", "hwa_training: {summary: x}\nboard: {", "FS152", 4),
        ("template: edge-board", "template: edge-bord", "FS150", 2),
        ("template: edge-board", "template: {a: 1}", "FS151", 2),
        ("template: edge-board", "template: ../../edge-board", "FS150", 2),
    ],
)
def test_what_does_not_fit_is_found_in_its_place(
    edge_board: Path, before: str, after: str, rule: str, line: int
) -> None:
    with using_templates(edge_board):
        found = check_document(load_bytes(SHEET.replace(before, after).encode(), "s"), "s").diagnostics
    places = [(one.rule_id, None if one.span is None else one.span.line) for one in found]
    assert (rule, line) in places


def test_a_template_is_never_read_because_a_sheet_names_it(
    edge_board: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(edge_board.parent)
    Path("s.yaml").write_text(SHEET, encoding="utf-8")
    for name in ("edge-board", "edge-board.yaml", str(edge_board), "./edge-board.yaml"):
        with pytest.raises(InvalidSheetError, match="there is no template"):
            factsheet.loads(SHEET.replace("template: edge-board", f"template: {name}"))
    assert cli.run(["validate", "s.yaml"]) == 1
    assert "--template FILE" in capsys.readouterr().out
    assert cli.run(["validate", "s.yaml", "--template", "edge-board.yaml"]) == 0
    assert cli.run(["validate", "s.yaml"]) == 1  # it held for that call alone
    Path("pyproject.toml").write_text('[tool.factsheet]\nsheet-templates = ["edge-board.yaml"]\n')
    assert cli.run(["validate", "s.yaml"]) == 0
    assert cli.run(["validate", "s.yaml", "--no-config"]) == 1
    Path("pyproject.toml").write_text('[tool.factsheet]\nsheet-templates = ["../edge-board.yaml"]\n')
    assert cli.run(["validate", "s.yaml"]) == 2


TYPE = "        type: line\n        description: Maker"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("factsheet_template: 1", "factsheet_template: 2", "not one of the words"),
        ("name: edge-board", "name: Edge board", "does not have the form"),
        ("title: FactSheet of a model on our boards\n", "", "has no `title`"),
        ("  field-engineer:\n    title: Field engineer\n", "  field-engineer:\n", "has no `title`"),
        ("  data-scientist:\n", "  data-scientist:\n  driver:\n", "no title and no description"),
        (
            "  data-scientist:\n",
            "  data-scientist:\n  full: {title: a, description: b}\n",
            "no name for a role",
        ),
        (
            "asked_by: [field-engineer]\n    facts",
            "asked_by: [field-enginer]\n    facts",
            "no role `field-enginer`",
        ),
        ("supplied_by: field-engineer\n    asked", "supplied_by: nobody\n    asked", "no role `nobody`"),
        ("      summary:\n", "      sumary:\n", "no field `performance.sumary`"),
        ("  board:\n", "  references:\n", "every sheet has `references`"),
        ("  board:\n", "  model_dump:\n", "no name for a section"),
        ("  board:\n", "  hwa_training:\n", "nothing is said of what is taken"),
        ("      device:\n", "      value:\n", "no name for a fact"),
        ("      device:\n", "      model_copy:\n", "no name for a fact"),
        ("      device:\n", "      Device:\n", "does not have the form"),
        ("unit: W\n", "unit: zorks\n", "no quantity of a sheet has"),
        ("        unit: W\n", "", "with no `unit`"),
        ("least: 0 W\n", "least: 200 W\n", "larger than the largest"),
        ("least: 0 W\n", "least: none\n", "no number in"),
        (
            "        because: a board that draws more",
            "        title: a board that draws more",
            "limits without `because`",
        ),
        ("example: 1.2 W", "example: 1.2 V", "the example does not fit"),
        ("example: 1.2 W", "example: 900 W", "the example does not fit"),
        ("example: [{name: camera", "example: [{nam: camera", "no list of such rows"),
        ("        choices: [none, plastic, metal]\n", "", "`choices` go with"),
        ("choices: [none, plastic, metal]", "choices: [metal, metal]", "a word is there twice"),
        ("choices: [none, plastic, metal]", 'choices: ["a/b", metal]', "does not have the form"),
        (TYPE, TYPE.replace("line", "rows"), "`facts` go with"),
        (TYPE, TYPE.replace("line", "lime"), "not one of the words"),
        (TYPE, TYPE.replace("line", "line\n        unit: W"), "only a `quantity`"),
        (TYPE, TYPE.replace("line", "line\n        least: 2\n        because: x"), "has no limits"),
        ("        stage: draft\n", "        stage: later\n", "not one of the words"),
        ("        stage: draft\n", "        run: os.system\n", "`run` is not a key"),
    ],
)
def test_a_strangers_template_is_refused_where_it_is_wrong(before: str, after: str, message: str) -> None:
    assert before in BEGUN
    changed = BEGUN.replace(before, after, 1)
    found = faults(changed)
    assert any(message in said for _, said in found), found
    # Where it was changed, or at the key that it is below: nobody looks for it at the top of the file.
    pairs = enumerate(zip(BEGUN.split("\n"), changed.split("\n"), strict=False), 1)
    changed_at = next(number for number, (old, new) in pairs if old != new)
    assert message == "has no `title`" or any(line >= changed_at - 12 for line, _ in found)


EVIL = "<script>alert(1)</script> [a](javascript:alert(1)) | ```<img src=x>`"


def test_words_of_a_strangers_template_are_words_everywhere(tmp_path: Path) -> None:
    from markdown_it import MarkdownIt

    file = tmp_path / "evil.yaml"
    # Titles, questions, descriptions and reasons: whatever pages, lists and references of fields repeat.
    text = re.sub(r"(?m)^( +(?:title|question|description|reason): ).*$", rf"\g<1>{json.dumps(EVIL)}", BEGUN)
    text = re.sub(r"(?m)^((?:title|description): ).*$", rf"\g<1>{json.dumps(EVIL)}", text)
    file.write_text(text, encoding="utf-8")
    assert check_template(file).problems == ()
    with using_templates(file):
        sheet = factsheet.loads(SHEET)
        html = sheet.render("html")
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        model = type(sheet)
        pages = [sheet.render("md", role=view) for view in sheet.audience.view_names] + [
            fields_markdown(catalogue(model)),
            todo_markdown("s.yaml", owed_facts(sheet), "published"),
            template_markdown(described(str(file))),
        ]
    for page in pages:
        made = MarkdownIt("commonmark").enable("table").render(page)
        assert "<script>alert" not in made
        assert "<img src=x" not in made
        assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', made))


def test_what_a_template_can_ask_for_is_bounded() -> None:
    many = "".join(f"  s{number}: {{title: t, question: q, facts: {{}}}}\n" for number in range(41))
    head = "factsheet_template: 1\nname: a\ntitle: t\ndescription: d\nroles: {data-scientist: }\nsections:\n"
    assert any("too long" in said for _, said in faults(head + many))
    roles = "".join(f"  r{number}: {{title: t, description: d}}\n" for number in range(13))
    crowded = BEGUN.replace("  data-scientist:\n", f"  data-scientist:\n{roles}", 1)
    assert any("too long" in said for _, said in faults(crowded))


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(BEGUN.replace("name: edge-board", "name: digital-accelerator"), encoding="utf-8")
    with using_templates(file), pytest.raises(ConfigurationError, match="comes with the program"):
        factsheet.loads(SHEET)
    for name in ("analog-ai", "digital-accelerator", "Edge", "../x"):
        with pytest.raises(UsageError):
            begun_template(name)


def test_a_copy_of_a_template_is_one_of_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["template", "new", "mine", "--like", "digital-accelerator", "-o", "mine.yaml"]) == 0
    assert cli.run(["template", "check", "mine.yaml"]) == 0
    assert cli.run(["template", "show", "mine.yaml", "--format", "json"]) == 0
    Path("mine.yaml").write_text("factsheet_template: 1\nname: [\n", encoding="utf-8")
    capsys.readouterr()
    assert cli.run(["template", "check", "mine.yaml"]) == 1
    assert "mine.yaml:" in capsys.readouterr().out
    assert cli.run(["template", "check", "none.yaml"]) == 2
    Path("sheet.yaml").write_text(SHEET, encoding="utf-8")
    assert cli.run(["template", "check", "sheet.yaml"]) == 1
    assert "this is a sheet" in capsys.readouterr().out
    assert cli.run(["template", "show", "analog-ai"]) == 0
    assert "hwa_training" in capsys.readouterr().out
    assert cli.run(["template", "show", "analog-ai", "--format", "yaml"]) == 2
    assert cli.run(["template", "list"]) == 0
