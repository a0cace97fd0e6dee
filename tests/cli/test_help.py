"""`--help` of every command: whole sentences, an example that is no wider than a terminal, formats by any name."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from factsheet.cli.app import COMMANDS, GROUPS, app_of
from factsheet.cli.run import run
from factsheet.cli.usage.help_pages import split_help
from factsheet.errors import UsageError
from factsheet.reports.format_names import format_named

ROOT = Path(__file__).parents[2]
CALLS = [
    *([name] for name in COMMANDS),
    *([group, name] for group, below in GROUPS.items() for name in below.commands),
]


def command_of(call: list[str]) -> Any:
    found: Any = typer.main.get_command(app_of(call[0]))
    for name in call:
        found = found.commands[name]
    return found


def shown(call: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert run([*call, "--help"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("columns", ["40", "80", "200"])
@pytest.mark.parametrize("call", [[], ["hardware"]], ids=" ".join)
def test_the_list_of_commands_cuts_no_sentence(
    call: list[str], columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    page = " ".join(shown(call, capsys).split())
    summaries = [entry.summary for entry in COMMANDS.values()] if not call else []
    assert all(summary in page for summary in summaries)
    assert "..." not in page.replace("[ARGS]...", "")


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_every_command_shows_an_example_in_one_piece(
    call: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    page = shown(call, capsys)
    _, examples = split_help(command_of(call).help)
    assert examples
    for example in examples:
        assert f"  {example}\n" in page
        assert len(example) <= 78
        assert " ".join(["factsheet", *call]) in example


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_the_options_of_every_example_are_those_of_the_command(call: list[str]) -> None:
    command = command_of(call)
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    for example in split_help(command.help)[1]:
        words = shlex.split(example, comments=True)
        assert {word.partition("=")[0] for word in words if word.startswith("-")} <= options


@pytest.mark.parametrize(
    ("given", "names", "meant"),
    [
        ("md", ("text", "markdown"), "markdown"),
        ("markdown", ("md", "html"), "md"),
        ("MD", ("text", "markdown"), "markdown"),
        ("table", ("text", "json"), "text"),
        ("yml", ("json", "yaml"), "yaml"),
        ("htm", ("md", "html"), "html"),
        ("json", ("text", "json"), "json"),
    ],
)
def test_a_format_goes_by_any_of_its_names(given: str, names: tuple[str, ...], meant: str) -> None:
    assert format_named(given, names) == meant


def test_no_format_is_taken_for_another() -> None:
    with pytest.raises(UsageError, match="there is no format `pdf`"):
        format_named("pdf", ("text", "markdown"))


@pytest.mark.parametrize(
    "call",
    [
        ["fields", "overview"],
        ["todo", "sheets/bert.yaml"],
        ["status", "sheets/bert.yaml"],
        ["inspect", "sheets/bert.yaml", "--seq-len", "32"],
        ["hardware", "compare", "ibm-2022"],
        ["render", "sheets/digits.yaml"],
    ],
    ids=lambda call: call[0],
)
def test_md_and_markdown_are_one_format_everywhere(
    call: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    written = []
    for name in ("md", "markdown", "html" if call[0] == "render" else "json"):
        assert run([*call, "--format", name]) == 0
        written.append(capsys.readouterr().out)
    assert written[0] == written[1] != written[2]


def test_a_format_that_is_nearly_right_is_suggested(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert run(["status", "sheets/bert.yaml", "--format", "jsn"]) == 2
    assert "did you mean `json`?" in capsys.readouterr().err


def test_what_is_owed_is_found_by_the_names_of_roles_and_never_silently_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    sheet = "sheets/digits.yaml"
    assert run(["todo", sheet, "--owner", "hardware-researcher", "--format", "json"]) == 0
    by_role = capsys.readouterr().out
    assert run(["todo", sheet, "--owner", "hardware or systems researcher", "--format", "json"]) == 0
    assert capsys.readouterr().out == by_role
    assert "limitations.risks" in by_role
    assert run(["todo", sheet, "--owner", "hardware-reseacher"]) == 2
    assert "did you mean `hardware-researcher`?" in capsys.readouterr().err
