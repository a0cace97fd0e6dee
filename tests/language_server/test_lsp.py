"""`factsheet lsp` as an editor meets it: a process that speaks the protocol about text that is not saved."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from editor_client import OURS, EditorClient, edited, place_of
from project_sheets import BERT, EXAMPLES

# Half the batch and a misspelt key, as README.md shows them with what `validate` says.
CHANGED = BERT.replace("      batch: 4\n", "      batch: 2\n", 1).replace(
    "refresh_interval:", "refresh_intervall:"
)
SMALL = """\
factsheet: 1
overview:
  name: Small
  model: Small
references:
  - {id: devlin-2019, title: BERT, year: 2019}
"""


def validated(folder: Path, name: str) -> list[tuple[str, str, int, int]]:
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", "validate", name, "--output-format", "json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout)["sheets"][0]["diagnostics"]
    return [(one["rule"], one["severity"], one["start"]["line"], one["start"]["column"]) for one in found]


def as_validated(found: list[dict[str, Any]]) -> list[tuple[str, str, int, int]]:
    names = {1: "error", 2: "warning", 3: "info"}
    return [
        (
            one["code"],
            names[one["severity"]],
            one["range"]["start"]["line"] + 1,
            one["range"]["start"]["character"] + 1,
        )
        for one in found
    ]


def labels(found: dict[str, Any]) -> list[str]:
    return [item["label"] for item in found["items"]]


def typed(editor: EditorClient, name: str, text: str, **more: Any) -> list[str]:
    """What is offered at the `|` of a text."""
    place, text = place_of(text, "|"), text.replace("|", "", 1)
    editor.open(name, text)
    return labels(editor.at("completion", name, place, **more))


def test_findings_are_those_of_validate_at_the_same_places(shared_editor: EditorClient) -> None:
    (shared_editor.folder / "findings.yaml").write_text(CHANGED, encoding="utf-8")
    shared_editor.open("findings.yaml", CHANGED)
    found = shared_editor.diagnostics("findings.yaml")
    expected = validated(shared_editor.folder, "findings.yaml")
    assert as_validated(found) == expected
    assert {rule for rule, *_ in expected} == {"FS207", "FS302", "FS152"}  # as README.md shows
    assert all(one["source"] == "factsheet" for one in found)


def test_the_page_of_a_rule_is_there_to_be_opened_and_gone_at_the_end(
    editor: EditorClient, tmp_path: Path
) -> None:
    editor.open("sheet.yaml", CHANGED)
    address = editor.diagnostics("sheet.yaml")[0]["codeDescription"]["href"]
    page = Path(address.removeprefix("file://"))
    assert page.read_text(encoding="utf-8").startswith("# FS207")
    assert editor.leave() == 0
    assert not page.exists()


def test_unsaved_text_is_what_is_checked_and_a_closed_sheet_keeps_no_findings(
    shared_editor: EditorClient,
) -> None:
    shared_editor.open("unsaved.yaml", BERT)
    assert shared_editor.diagnostics("unsaved.yaml", version=1) == []
    shared_editor.change("unsaved.yaml", CHANGED, 2)
    assert len(shared_editor.diagnostics("unsaved.yaml", version=2)) == 4
    shared_editor.change("unsaved.yaml", BERT, 3)
    assert shared_editor.diagnostics("unsaved.yaml", version=3) == []
    shared_editor.change("unsaved.yaml", CHANGED, 4)
    shared_editor.diagnostics("unsaved.yaml", version=4)
    shared_editor.notify(
        "textDocument/didClose", {"textDocument": {"uri": shared_editor.uri("unsaved.yaml")}}
    )
    assert shared_editor.diagnostics("unsaved.yaml") == []


def test_of_many_changes_the_last_is_checked(shared_editor: EditorClient) -> None:
    shared_editor.open("changes.yaml", BERT)
    for version in range(2, 40):
        shared_editor.change("changes.yaml", CHANGED if version % 2 else BERT, version)
    assert len(shared_editor.diagnostics("changes.yaml", version=39)) == 4


def test_another_yaml_file_is_left_alone(shared_editor: EditorClient) -> None:
    shared_editor.open("compose.yaml", "services:\n  web: {image: nginx}\n")
    assert shared_editor.at("hover", "compose.yaml", (1, 3)) is None
    assert shared_editor.at("completion", "compose.yaml", (1, 3))["items"] == []
    assert not [one for one in shared_editor.notifications if "compose" in str(one)]


def test_settings_of_the_open_folder_hold(tmp_path: Path) -> None:
    settings = tmp_path / "pyproject.toml"
    settings.write_text('[tool.factsheet]\nignore = ["FS2"]\nseverity = {FS302 = "info"}\n', encoding="utf-8")
    (tmp_path / "sheets").mkdir()
    with EditorClient(OURS, folder=tmp_path) as editor:
        editor.initialize()
        editor.open("sheets/sheet.yaml", CHANGED)
        found = editor.diagnostics("sheets/sheet.yaml", version=1)
        assert {(one["code"], one["severity"]) for one in found} == {("FS302", 3), ("FS152", 1)}
        # Changed settings hold from the next look on, without a new start.
        settings.write_text('[tool.factsheet]\nselect = ["FS152"]\n', encoding="utf-8")
        editor.change("sheets/sheet.yaml", CHANGED + "\n", 2)
        assert [one["code"] for one in editor.diagnostics("sheets/sheet.yaml", version=2)] == ["FS152"]
        settings.write_text("[tool.factsheet]\nselct = []\n", encoding="utf-8")
        editor.change("sheets/sheet.yaml", CHANGED + "\n\n", 3)
        (fault,) = editor.diagnostics("sheets/sheet.yaml", version=3)
        assert fault["code"] == "settings"
        assert "no setting `selct`; did you mean `select`?" in fault["message"]


def test_settings_behind_a_link_out_of_the_folder_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text("[tool.factsheet]\ntoken-of-mine = 1\n", encoding="utf-8")
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "pyproject.toml").symlink_to(tmp_path / "secret.toml")
    with EditorClient(OURS, folder=folder) as editor:
        editor.initialize()
        editor.open("sheet.yaml", CHANGED)
        (fault,) = editor.diagnostics("sheet.yaml")
    assert "a link leads out" in fault["message"]
    assert "token-of-mine" not in fault["message"]


def test_a_baseline_hides_what_was_known(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.factsheet]\nbaseline = "known.json"\n', encoding="utf-8")
    (tmp_path / "sheet.yaml").write_text(CHANGED, encoding="utf-8")
    env = {key: value for key, value in os.environ.items() if key != "CI"}
    command = [sys.executable, "-m", "factsheet", "validate", "sheet.yaml"]
    subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True)
    with EditorClient(OURS, folder=tmp_path) as editor:
        editor.initialize()
        editor.open("sheet.yaml", CHANGED)
        assert editor.diagnostics("sheet.yaml") == []
        editor.change("sheet.yaml", CHANGED.replace("21.74 G ops", "21.75 G ops"), 2)
        assert [one["code"] for one in editor.diagnostics("sheet.yaml", version=2)] == ["FS302"]


def test_hover_has_the_question_and_what_recomputation_says(shared_editor: EditorClient) -> None:
    shared_editor.open("hover.yaml", CHANGED)
    shown = shared_editor.at("hover", "hover.yaml", place_of(CHANGED, "total_ops", 3))
    words = shown["contents"]["value"]
    assert "How many operations does one run of a batch take in total" in words
    assert "number of operations" in words
    # The figures that README.md shows, from `validate`.
    assert "claimed approx. 21.84 G ops, recomputed **10.969 G ops**: ✗ differs" in words
    assert "formula: analog ops + digital ops" in words
    start = place_of(CHANGED, "total_ops")
    assert shown["range"]["start"] == {"line": start[0], "character": start[1]}
    on_value = shared_editor.at("hover", "hover.yaml", place_of(CHANGED, "21.84 G ops", 4))
    assert on_value["contents"] == shown["contents"]


def test_hover_over_an_id_has_the_reference_and_over_a_rule_its_page(shared_editor: EditorClient) -> None:
    text = BERT.replace("  tiles: {not", "  # factsheet: ignore[FS204] a reason\n  tiles: {not", 1)
    shared_editor.open("ids.yaml", text)
    cited = shared_editor.at("hover", "ids.yaml", place_of(text, "evidence: devlin-2019", 12))
    assert "Pre-training of Deep Bidirectional Transformers" in cited["contents"]["value"]
    rule = shared_editor.at("hover", "ids.yaml", place_of(text, "FS204", 2))
    assert "How to fix" in rule["contents"]["value"]


@pytest.mark.parametrize(
    ("text", "some", "none"),
    [
        (SMALL.replace("  model:", "  |\n  model:"), {"status", "summary", "version"}, {"name", "model"}),
        (SMALL + "parameters:\n  |", {"power", "tiles", "parameters"}, {"name"}),
        (SMALL + "parameters:\n  power: {value: 3 W, |}\n", {"source", "evidence", "at"}, {"value", "power"}),
        (SMALL + "parameters:\n  power: {value: 3 W, source: |}\n", {"measured", "simulated"}, {"power"}),
        (SMALL + "parameters:\n  power: {value: 3 W, evidence: |}\n", {"devlin-2019"}, {"measured"}),
        (SMALL + "parameters:\n  power: {value: 3 W, evidence: [dev|\n", {"devlin-2019"}, set()),
        (SMALL + "parameters:\n  power: 3.1 |\n", {"W", "mW", "kW"}, {"s", "J"}),
        (SMALL + "parameters:\n  power: approx. 3.1 m|\n", {"mW"}, {"J"}),
        (SMALL + "reviews:\n  - by: me\n    role: |\n", {"data-scientist", "ai-engineer"}, {"full"}),
        (SMALL + "hardware:\n  inference:\n    profile: |\n", {"ibm-2022", "hermes-64"}, set()),
        (SMALL + "performance:\n  results:\n    - metric: |\n", {"accuracy", "F1"}, set()),
        (SMALL.replace("  model:", "  status: |\n  model:"), {"draft", "review", "published"}, {"name"}),
        (SMALL + "template: |\n", {"analog-ai", "digital-accelerator"}, set()),
        (SMALL + "|\n", {"parameters", "performance", "purpose"}, {"overview", "references"}),
        (SMALL + "# factsheet: ignore[FS30|", {"FS301", "FS302"}, {"overview"}),
        (SMALL + "broken: [\npurpose:\n  |", {"summary", "applications"}, {"name"}),
        (SMALL + "  # power: |\n", set(), {"W", "overview", "id"}),
        (
            SMALL + "performance:\n  results:\n    - systems: [{id: digital, name: D}]\n      tasks:\n"
            "        - {task: MNLI, scores: {|}}\n",
            {"digital"},
            {"task"},
        ),
    ],
)
def test_completion_offers_what_fits_there(
    shared_editor: EditorClient, text: str, some: set[str], none: set[str], request: pytest.FixtureRequest
) -> None:
    name = f"typed-{abs(hash(request.node.name))}.yaml"
    offered = set(typed(shared_editor, name, text))
    assert some <= offered
    assert not none & offered


def test_what_is_chosen_is_written_where_it_was_typed(shared_editor: EditorClient) -> None:
    text = SMALL + "parameters:\n  power: {value: 3 W, sou}\n"
    shared_editor.open("chosen.yaml", text)
    offered = shared_editor.at("completion", "chosen.yaml", place_of(text, "sou}", 3))["items"]
    chosen = next(item for item in offered if item["label"] == "source")
    assert edited(text, [chosen["textEdit"]]) == text.replace("sou}", "source: }")
    assert "How was this" in str(chosen["documentation"]) or chosen["detail"]


def test_definition_and_references_of_an_id(shared_editor: EditorClient) -> None:
    shared_editor.open("jump.yaml", BERT)
    there = shared_editor.at("definition", "jump.yaml", place_of(BERT, "evidence: devlin-2019", 12))
    line, character = place_of(BERT, "- id: devlin-2019", 6)
    assert there["range"]["start"] == {"line": line, "character": character}
    context = {"includeDeclaration": True}
    cited = shared_editor.at("references", "jump.yaml", (line, character + 2), context=context)
    # Every place where the text has the id by itself, and no prose.
    assert len(cited) == sum(
        line.count("devlin-2019") for line in BERT.splitlines() if "http" not in line and "doi" not in line
    )


def test_symbols_are_the_sections_with_what_is_in_them(shared_editor: EditorClient) -> None:
    shared_editor.open("outline.yaml", BERT)
    outline = shared_editor.request(
        "textDocument/documentSymbol", {"textDocument": {"uri": shared_editor.uri("outline.yaml")}}
    )
    top = [line.partition(":")[0] for line in BERT.splitlines() if line[:1].isalpha()]
    assert [symbol["name"] for symbol in outline] == top
    parameters = next(symbol for symbol in outline if symbol["name"] == "parameters")
    power = next(symbol for symbol in parameters["children"] if symbol["name"] == "power")
    assert power["detail"] == "3.13 W"


def test_fixes_are_those_of_validate(shared_editor: EditorClient) -> None:
    text = (EXAMPLES / "FS506/fail/example.yaml").read_text(encoding="utf-8")
    (shared_editor.folder / "fixes.yaml").write_text(text, encoding="utf-8")
    shared_editor.open("fixes.yaml", text)
    found = shared_editor.diagnostics("fixes.yaml")
    actions = [one for finding in found for one in shared_editor.actions("fixes.yaml", finding["range"])]
    fixes = [one for one in actions if one["title"].startswith("Fix ")]
    # The example has an address that begins twice, which takes a person's eye, and a full stop behind a DOI.
    assert {one.get("isPreferred", False) for one in fixes} == {True, False}
    assert all("look at it" in one["title"] for one in fixes if not one.get("isPreferred"))
    whole = shared_editor.actions("fixes.yaml", found[0]["range"], only=["source.fixAll"])
    (change,) = whole[0]["edit"]["documentChanges"]
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", "validate", "--fix", "fixes.yaml"],
        cwd=shared_editor.folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode in {0, 1}
    assert edited(text, change["edits"]) == (shared_editor.folder / "fixes.yaml").read_text(encoding="utf-8")


def test_a_finding_is_accepted_only_with_the_reason_that_a_person_writes(shared_editor: EditorClient) -> None:
    shared_editor.open("accepted.yaml", CHANGED)
    found = next(one for one in shared_editor.diagnostics("accepted.yaml") if one["code"] == "FS302")
    actions = {one["title"]: one for one in shared_editor.actions("accepted.yaml", found["range"])}
    accept = next(one for title, one in actions.items() if title.startswith("Accept FS302 here"))
    text = edited(CHANGED, accept["edit"]["documentChanges"][0]["edits"])
    shared_editor.change("accepted.yaml", text, 2)
    codes = [one["code"] for one in shared_editor.diagnostics("accepted.yaml", version=2)]
    assert codes.count("FS302") == 2
    assert "FS701" in codes  # a suppression without a reason
    shared_editor.change(
        "accepted.yaml", text.replace("ignore[FS302] ", "ignore[FS302] measured anew in May"), 3
    )
    codes = [one["code"] for one in shared_editor.diagnostics("accepted.yaml", version=3)]
    assert codes.count("FS302") == 1
    assert "FS701" not in codes


def test_a_tolerance_is_stated_only_with_a_reason(shared_editor: EditorClient) -> None:
    shared_editor.open("tolerance.yaml", CHANGED)
    wrong = next(one for one in shared_editor.diagnostics("tolerance.yaml") if one["code"] == "FS302")
    actions = shared_editor.actions("tolerance.yaml", wrong["range"])
    state = next(one for one in actions if one["title"].startswith("State a tolerance"))
    # 10.969 G ops are 49.78 % less than 21.84 G ops.
    assert "of 50 % for FS302" in state["title"]
    text = edited(CHANGED, state["edit"]["documentChanges"][0]["edits"])
    shared_editor.change("tolerance.yaml", text, 2)
    found = shared_editor.diagnostics("tolerance.yaml", version=2)
    (asked,) = (
        one for one in found if one["code"] == "FS151"
    )  # wrong-shape: a reason has at least one character
    line, character = place_of(text, 'reason: ""', len("reason: "))
    assert asked["range"]["start"] == {"line": line, "character": character}
    shared_editor.change(
        "tolerance.yaml", text.replace('reason: ""', "reason: two runs are counted as one"), 3
    )
    left = [one["code"] for one in shared_editor.diagnostics("tolerance.yaml", version=3)]
    assert left.count("FS302") == 1
