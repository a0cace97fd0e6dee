"""The snippets of docs/: they parse, and they name inputs, hooks, options and settings that exist."""

from __future__ import annotations

import ast
import re
import textwrap
from typing import TYPE_CHECKING, Any

import pytest
import typer
import yaml
from project_files import ROOT

from factsheet.checks.configuration import find_configuration
from factsheet.checks.engine import check_document
from factsheet.checks.registry import RULES
from factsheet.checks.settings import Settings
from factsheet.cli.app import COMMANDS, GROUPS, app_of
from factsheet.cli.run import run
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = sorted((ROOT / "docs").glob("*.md"))
CI = ROOT / "docs" / "ci.md"
CONFIGURATION = ROOT / "docs" / "configuration.md"
FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


def snippets(page: Path, language: str) -> list[str]:
    found = FENCE.finditer(page.read_text(encoding="utf-8"))
    return [textwrap.dedent(match["text"]) for match in found if match["language"] == language]


YAML = [
    pytest.param(text, id=f"{page.stem}-{n}")
    for page in PAGES
    for n, text in enumerate(snippets(page, "yaml"))
]


def mappings(node: object) -> Iterator[dict[Any, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from mappings(value)
    elif isinstance(node, list):
        for value in node:
            yield from mappings(value)


def all_mappings() -> Iterator[dict[Any, Any]]:
    for text in snippets(CI, "yaml"):
        yield from mappings(yaml.safe_load(text))


@pytest.mark.parametrize("text", YAML)
def test_every_yaml_snippet_parses(text: str) -> None:
    assert isinstance(yaml.safe_load(text), dict)


def test_the_action_is_given_inputs_that_it_has() -> None:
    inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    steps = [step for step in all_mappings() if str(step.get("uses", "")).startswith("OWNER/factsheet@")]
    assert len(steps) == 3
    assert {name for step in steps for name in step["with"]} <= set(inputs)
    table = set(
        re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\| (`.*?) \|", CI.read_text("utf-8"), re.MULTILINE)))
    )
    assert set(inputs) <= table


def test_other_actions_are_those_that_our_own_workflow_pins() -> None:
    ours = (ROOT / "action.yml").read_text(encoding="utf-8") + (
        # Not part of the source archive, from which the tests can be run as well.
        (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
        if (ROOT / ".github").exists()
        else CI.read_text(encoding="utf-8")
    )
    used = {step["uses"] for step in all_mappings() if "uses" in step and "OWNER" not in step["uses"]}
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) and name in ours for name in used)


def test_the_template_of_gitlab_is_given_inputs_that_it_has() -> None:
    spec, _ = yaml.safe_load_all((ROOT / "action" / "gitlab-ci.yml").read_text(encoding="utf-8"))
    (included,) = [found for found in all_mappings() if "remote" in found]
    assert included["remote"].endswith("/action/gitlab-ci.yml")
    assert set(included["inputs"]) <= set(spec["spec"]["inputs"])


def test_the_session_of_nox_runs_in_a_model_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    (text,) = snippets(CI, "python")
    (installing,) = re.findall(r"^ *session\.install\(.*\)$", text, re.MULTILINE)
    assert "factsheet @ git+https://github.com/OWNER/factsheet@COMMIT" in installing
    for line in re.findall(r"^ *session\.run\((.*)\)$", text, re.MULTILINE):
        program, *arguments = ast.literal_eval(f"[{line}]")
        assert program == "factsheet"
        arguments = [str(tmp_path / "sheet") if one == "docs/sheet" else one for one in arguments]
        written = [one for one in arguments if one != "--check"]
        # From the root of this repository, whose sheets the example names.
        assert run(written) == 0
        assert run(arguments) == 0
    ast.parse(text)


def test_pre_commit_is_given_hooks_that_there_are() -> None:
    hooks = {
        hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    }
    (repository,) = [found for found in all_mappings() if "rev" in found]
    assert {hook["id"] for hook in repository["hooks"]} == hooks


def test_commands_are_given_options_that_they_have() -> None:
    group: Any = typer.main.get_command(app_of(*COMMANDS, *GROUPS))
    commands = {name: one for name, one in group.commands.items() if name not in GROUPS}
    for above in GROUPS:
        commands |= {f"{above} {name}": one for name, one in group.commands[above].commands.items()}
    words = "|".join(re.escape(name) for name in sorted(commands, key=len, reverse=True))
    given: set[tuple[str, str]] = set()
    for page in (*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        text = page.read_text(encoding="utf-8").replace("\\\n", " ")
        for called in re.finditer(rf"\bfactsheet\"? ({words})\b((?:[^`|\n]|\n(?=[^`\n]*`))*)", text):
            given |= {(called[1], option) for option in re.findall(r"(?<!\S)--[a-z-]+", called[2])}
    # One of a fence, one behind a line's end, one that a sentence names.
    assert {("sweep", "--pareto"), ("simulate", "--chart"), ("hardware compare", "--format")} <= given
    known = {
        (name, option)
        for name, command in commands.items()
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert given <= known


def test_snippets_of_sheets_are_as_they_should_be() -> None:
    sheets = [text for text in snippets(CI, "yaml") if text.startswith("parameters:")]
    assert len(sheets) == 2
    for text in sheets:
        head = "factsheet: 1\noverview: {name: Example, model: BERT-base}\nprovenance: {source: declared}\n"
        checked = check_document(load_bytes((head + text).encode(), "sheet.yaml"), "sheet.yaml")
        assert [diagnostic.message for diagnostic in checked.diagnostics] == []


def test_the_suppression_that_is_shown_is_needed() -> None:
    (text,) = [text for text in snippets(CI, "yaml") if "ignore[" in text]
    head = "factsheet: 1\noverview: {name: Example, model: BERT-base}\nprovenance: {source: declared}\n"
    bare = re.sub("# factsheet: ignore.*", "", head + text)
    (found,) = check_document(load_bytes(bare.encode(), "sheet.yaml"), "sheet.yaml").diagnostics
    assert found.rule_id in text


def test_the_settings_are_read_as_they_are_shown(tmp_path: Path) -> None:
    (text,) = snippets(CONFIGURATION, "toml")
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    config = find_configuration(tmp_path)
    assert config.sheet == "sheets/my-model.yaml"
    assert config.roles == ("data-scientist", "ai-engineer")
    assert (config.stage, config.fail_on) == ("review", "warning")
    settings = config.settings()
    assert settings.runs("FS501")
    assert not settings.runs("FS508")
    assert not settings.runs("FS601")
    assert (settings.severity("FS502", "warning"), settings.severity("FS208", "warning")) == ("info", "error")
    assert config.rules == {"FS603": {"known": ("MVM", "SNR")}}


def test_the_longest_beginning_decides_as_it_is_told() -> None:
    assert not Settings(select=("FS2",), ignore=("FS208",)).runs("FS208")
    assert Settings(select=("FS2",), ignore=("FS208",)).runs("FS207")
    assert Settings(select=("FS603",), ignore=("FS6",)).runs("FS603")


def test_every_option_of_a_rule_is_told_with_its_default() -> None:
    page = CONFIGURATION.read_text(encoding="utf-8")
    rows = {
        (row[0], row[1]): row[2]
        for row in re.findall(r"^\| (FS\d+) \| `(\w+)` \| .* \| (.*) \|$", page, re.MULTILINE)
    }
    options = {(rule.id, name): default for rule in RULES for name, default in rule.options.items()}
    assert rows.keys() == options.keys()
    shown = {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in options.items()
        if value != ()
    }
    assert {key: rows[key].strip("`") for key in shown} == shown
