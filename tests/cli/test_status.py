"""`factsheet status`: the lists for each role, in three forms, and what it says of sheets that it can not tell."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from factsheet.readers.needs import needs_of
from factsheet.readers.roles import ROLE_NAMES, ROLES

if TYPE_CHECKING:
    from factsheet.readers.roles import RoleName

ROOT = Path(__file__).parents[2]
BERT = ROOT / "sheets" / "bert.yaml"
# Business experts have four needs; this sheet answers the core of the second, part of that of the first, and of the
# others it says why there is nothing; a throughput is no part of the core of any.
SHEET = """
factsheet: 1
overview: {name: Example, model: BERT-base, licence: {not_disclosed: It is being chosen.}}
purpose:
  summary: Classifies sentences.
  applications: [sentiment]
  out_of_scope: [speech]
  intended_users: [developers]
performance:
  energy_baseline: {not_evaluated: "The GPU | is measured <b>in May</b>."}
  throughput: 10 inferences/s
"""
MISFIT = "factsheet: 1\noverview: {name: Example, modle: BERT-base}\n"


def factsheet(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", "status", *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "factsheet.yaml").write_text(SHEET, encoding="utf-8")
    return tmp_path


def needs(folder: Path, role: RoleName) -> list[dict[str, object]]:
    done = factsheet("--role", role, "--format", "json", cwd=folder)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["schema"] == "factsheet.status/1"
    ((only,),) = [sheet["roles"] for sheet in data["sheets"]]
    found: list[dict[str, object]] = only["needs"]
    return found


def test_each_need_stands_where_its_fields_put_it(folder: Path) -> None:
    standing = {need["need"]: need["standing"] for need in needs(folder, "business-expert")}
    assert standing == {
        "applications": "answered",
        "effect": "answered in part",
        "benefits": "said why not",
        "cost": "said why not",
    }


def test_a_need_lists_what_is_answered_what_is_not_and_why(folder: Path) -> None:
    (benefits,) = [need for need in needs(folder, "business-expert") if need["need"] == "benefits"]
    reason = "The GPU | is measured <b>in May</b>."
    assert benefits["answered"] == []
    assert benefits["why_not"] == [
        {"path": "performance.energy_baseline", "kind": "not_evaluated", "reason": reason}
    ]
    assert benefits["missing"] == ["performance.summary", "performance.energy_efficiency"]


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_every_need_of_a_role_is_told(folder: Path, role: RoleName) -> None:
    assert [need["need"] for need in needs(folder, role)] == [asked.need.key for asked in needs_of(role)]


def test_the_text_counts_beside_its_lists(folder: Path) -> None:
    lines = factsheet("--role", "business-expert", cwd=folder).stdout.splitlines()
    assert lines[0] == "factsheet.yaml, for: Business expert"
    headings = [line.strip() for line in lines if line.startswith("  ") and line[2] != " "]
    assert headings == [
        "answered (1 of 4)",
        "answered in part (1 of 4)",
        "said why not (2 of 4)",
        "said why not, by kind: 1 not disclosed, 1 not evaluated",
    ]
    assert sum(line.startswith("    ") and line[4] != " " for line in lines) == 4


def test_the_markdown_shows_a_sheets_words_and_obeys_none(folder: Path) -> None:
    page = factsheet("--role", "business-expert", "--format", "markdown", cwd=folder).stdout
    shown = MarkdownIt("commonmark").enable("table").render(page)
    assert (
        "<td>performance.energy_baseline: not evaluated (The GPU | is measured &lt;b&gt;in May&lt;/b&gt;.)</td>"
        in shown
    )
    assert "<b>" not in page


def test_without_a_role_all_six_are_told_and_folded(folder: Path) -> None:
    page = factsheet("--format", "markdown", cwd=folder).stdout
    assert page.count("<details><summary>") == page.count("</details>") == 6
    assert [role.title for role in ROLES.values() if f"<summary>{role.title}: " not in page] == []


def test_roles_of_pyproject_are_meant_where_none_is_named(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.factsheet]\nroles = ['data-scientist']\n", encoding="utf-8")
    done = factsheet(cwd=folder)
    assert [line for line in done.stdout.splitlines() if ", for: " in line] == [
        "factsheet.yaml, for: Data scientist"
    ]
    named = factsheet("--role", "ai-engineer,business-expert", cwd=folder)
    assert named.stdout.count(", for: ") == 2


def test_all_in_pyproject_means_every_role(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.factsheet]\nroles = ['all']\n", encoding="utf-8")
    done = factsheet(cwd=folder)
    assert done.stdout.count(", for: ") == len(ROLE_NAMES)


def test_a_sheet_that_does_not_fit_is_named_and_the_others_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(MISFIT, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(SHEET, encoding="utf-8")
    done = factsheet(".", "--role", "business-expert", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("factsheet: a.yaml does not fit the schema")
    assert done.stdout.startswith("b.yaml, for: ")
    assert "a.yaml" not in done.stdout


def test_a_suppression_does_not_keep_a_sheet_from_being_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"# factsheet: ignore[FS204] for the test\n{SHEET}", encoding="utf-8")
    assert factsheet("a.yaml", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "arguments", [["--role", "data-scientst"], ["no-such.yaml"], ["--format", "yaml"], []]
)
def test_wrong_usage_exits_2(tmp_path: Path, arguments: list[str]) -> None:
    done = factsheet(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip()


def test_the_published_sheet_leaves_nothing_of_a_data_scientists_needs_unsaid() -> None:
    # The sheet answers, or gives a reason for, each core field of the needs that Table 3 has for data scientists.
    data = json.loads(factsheet(str(BERT), "--role", "data-scientist", "--format", "json", cwd=ROOT).stdout)
    ((role,),) = [sheet["roles"] for sheet in data["sheets"]]
    assert [need["missing"] for need in role["needs"]] == [[]] * len(needs_of("data-scientist"))
