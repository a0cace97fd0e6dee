"""`factsheet todo`: the list is that of the checks, and answering what it lists empties it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from factsheet.api.fact_sheet import load, loads
from factsheet.authoring.assignment import Assignment, set_fact
from factsheet.authoring.todo import owed_facts
from factsheet.checks.engine import check_sheet
from factsheet.checks.settings import Settings
from factsheet.cli.run import run
from factsheet.readers.roles import ROLE_NAMES
from factsheet.readers.stages import STAGES
from factsheet.readers.suppliers import SUPPLIERS

if TYPE_CHECKING:
    from factsheet.readers.stages import StageName

SHEETS = Path(__file__).parents[2] / "sheets"
MINIMAL = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", ["bert", "albert", "digits"])
def test_a_sheet_owes_what_the_gate_of_a_stage_finds(name: str, stage: StageName) -> None:
    sheet = load(SHEETS / f"{name}.yaml")
    settings = Settings(select=("FS401", "FS402"), roles=ROLE_NAMES, stage=stage)
    assert bool(owed_facts(sheet, stage=stage)) == bool(check_sheet(sheet, settings))


def test_a_reason_for_each_fact_empties_the_list() -> None:
    text = MINIMAL
    for _ in range(3):  # an answer can uncover that another field of the same section is missing
        for fact in owed_facts(loads(text)):
            path = fact.path.partition(" or ")[0]
            if "[…]" in path or path in {"references", "provenance.source", "performance.results"}:
                continue
            if path.startswith("parameters.tile."):
                text = set_fact(text, "sheet", Assignment("parameters.tile", "{rows: 512, cols: 512}")).text
            else:
                text = set_fact(text, "sheet", Assignment(path, "{not_disclosed: A reason.}")).text
    left = {fact.path for fact in owed_facts(loads(text))}
    assert left <= {
        "references",
        "provenance.source",
        "performance.results",
        "parameters.operating_points[…].total_ops",
        "parameters.operating_points[…].execution_time",
        "parameters.operating_points[…].total_ops or parameters.ops_depend_on or parameters.tiles",
        "performance.results or performance.summary",
    }


def test_what_the_sheet_implies_is_given_with_the_command() -> None:
    # 85 million weights are 480 tiles of 512 x 512: the number that IBM's simulator prints for BERT-base.
    text = (SHEETS / "bert.yaml").read_text()
    text = text.replace(
        "  tiles: {not_disclosed: The published sheet does not give the number of tiles.}\n", ""
    )
    owed = {fact.path: fact.how for fact in owed_facts(loads(text), name="sheets/bert.yaml")}
    points = owed_facts(loads(text.replace("      total_ops: approx. 21.84 G ops\n", "")), name="b.yaml")
    assert owed == {"parameters.tiles": "`factsheet derive sheets/bert.yaml` gives 480"}
    how = next(fact.how for fact in points if "total_ops" in fact.path)
    given = re.fullmatch(r"`factsheet derive b.yaml` gives ([\d.]+) G ops", how)
    assert given is not None
    # 84,934,656 weights of the encoder, used by 4 x 32 tokens at 2 ops a MAC, are 21.743 G ops; the rest is digital.
    assert 84_934_656 * 128 * 2 / 1e9 < float(given[1]) < 1.02 * 84_934_656 * 128 * 2 / 1e9


def test_nobody_is_named_twice_and_each_field_that_a_role_needs_is_its_own(sheet: str) -> None:
    facts = owed_facts(load(sheet))
    paths = [fact.path for fact in facts]
    assert len(set(paths)) == len(paths)
    assert {"training_data.name", "training_data.summary"} <= set(paths)
    for fact in facts:
        for asker in fact.asked_by:
            readers = asker.partition(" (")[0].split(", ")
            assert len(set(readers)) == len(readers)


def test_who_owes_is_the_producer_that_the_sheet_names() -> None:
    text = MINIMAL + "producers: [{name: The chip team, sections: [parameters]}]\n"
    owners = {fact.path: fact.owed_by for fact in owed_facts(loads(text))}
    assert owners["parameters.power"].startswith("The chip team")
    assert SUPPLIERS["hwa_training"] == "algorithm-designer"
    assert owners["hwa_training.summary"] == "an AI-hardware algorithm designer"


@pytest.fixture
def sheet(tmp_path: Path) -> str:
    path = tmp_path / "sheet.yaml"
    path.write_text(MINIMAL + "producers: [{name: '*The* <b>team</b> [x](y)', sections: [parameters]}]\n")
    return str(path)


def test_the_text_groups_by_who_could_answer(sheet: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["todo", sheet]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("missing for the stage `published`")
    heads = [line for line in lines if line.endswith(")") and not line.startswith(" ")]
    counts = [int(line.rpartition("(")[2][:-1]) for line in heads]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == int(lines[0].partition(": ")[2].split()[0])


def test_the_checklist_is_one_and_shows_a_sheets_words(
    sheet: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["todo", sheet, "--format", "markdown"]) == 0
    text = capsys.readouterr().out
    shown = MarkdownIt("commonmark").render(text)
    assert "<b>team" not in shown
    assert "<em>The" not in shown
    assert "href" not in shown
    assert text.count("- [ ] `") == shown.count("<li>")


def test_issues_have_a_title_and_a_body_for_each_owner(
    sheet: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["todo", sheet, "--format", "issues"]) == 0
    issues = json.loads(capsys.readouterr().out)
    assert run(["todo", sheet, "--format", "json"]) == 0
    facts = json.loads(capsys.readouterr().out)["facts"]
    assert len(issues) == len({fact["owed_by"] for fact in facts})
    assert sum(issue["body"].count("- [ ] ") for issue in issues) == len(facts)
    assert all(set(issue) == {"title", "body"} for issue in issues)


def test_one_owner_and_one_role_narrow_the_list(sheet: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["todo", sheet, "--owner", "algorithm-designer", "--role", "data-scientist", "--format", "json"])
        == 0
    )
    facts = json.loads(capsys.readouterr().out)["facts"]
    assert facts
    assert {fact["owed_by"] for fact in facts} == {"an AI-hardware algorithm designer"}


def test_a_complete_sheet_owes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["todo", str(SHEETS / "bert.yaml")]) == 0
    assert "nothing is missing for the stage `published`" in capsys.readouterr().out


def test_an_empty_mapping_is_asked_for_by_its_fields_alone() -> None:
    """`factsheet new` writes `tile:`, and `todo` counted it beside the two numbers that it is to hold."""
    sheet = loads(
        "factsheet: 1\noverview: {name: A, model: B}\nparameters: {tile: , operating_points: , devices: }\n"
    )
    paths = [fact.path for fact in owed_facts(sheet)]
    assert {"parameters.tile.rows", "parameters.tile.cols", "parameters.devices"} <= set(paths)
    assert not {"parameters.tile", "parameters.operating_points"} & set(paths)
    assert len(set(paths)) == len(paths)
