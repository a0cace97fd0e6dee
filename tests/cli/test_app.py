"""The list of commands, what calling one imports, and how errors of every kind are shown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from factsheet.cli import exits
from factsheet.cli.app import COMMANDS, GROUPS, HARDWARE, app_of
from factsheet.errors import (
    BrokenProfileError,
    ConfigurationError,
    FactsheetError,
    InvalidSheetError,
    SourceUnreadableError,
    UsageError,
    WorkloadError,
)

ROOT = Path(__file__).parents[2]


def commands_of(*named: str) -> dict[str, Any]:
    group: Any = typer.main.get_command(app_of(*named))
    return dict(group.commands)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_has_the_first_sentence_of_each_ones_own_help(name: str) -> None:
    listed, own = commands_of()[name], commands_of(name)[name]
    assert own.help.split("\n\n")[0].replace("\n", " ") == listed.help == COMMANDS[name].summary


def test_every_command_is_listed_once_and_can_be_called() -> None:
    assert set(commands_of()) == {*COMMANDS, *GROUPS}
    assert set(commands_of("hardware")["hardware"].commands) == set(HARDWARE)
    for name in COMMANDS:
        assert commands_of(name)[name].params
    assert all(command.params for command in commands_of("hardware")["hardware"].commands.values())


@pytest.mark.parametrize(
    ("arguments", "other"),
    [
        (
            ["explain", "FS207"],
            {"factsheet.recompute.json_shape", "factsheet.sweeps.run", "factsheet.pages.model"},
        ),
        (["schema"], {"factsheet.sweeps.run", "factsheet.pages.model"}),
        (["--help"], {"factsheet.checks.engine", "factsheet.sheet.model", "factsheet.sweeps.run"}),
        (["derive", "--help"], {"factsheet.sweeps.run", "torch", "numpy"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_does_without_the_modules_of_others(
    arguments: list[str], other: set[str], tmp_path: Path
) -> None:
    code = (
        "import sys; from factsheet.cli.run import run; status = run(sys.argv[1:]); "
        "print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(done.stderr.split())
    assert "factsheet.cli.app" in imported
    assert not other & imported


def test_an_error_is_shown_with_its_place_its_reason_and_what_to_do() -> None:
    error = UsageError("there is no format `htm`", "pages need one", "name one", place="--format")
    assert exits.screen(error) == (
        "factsheet: --format: there is no format `htm`\n  = why: pages need one\n  = help: name one"
    )


def test_a_name_that_is_nearly_right_is_suggested() -> None:
    error = UsageError("there is no format `htm`", help="there are two", candidates=("html", "pdf"))
    assert exits.screen(error).endswith("  = help: did you mean `html`? there are two")
    far = UsageError("there is no format `xyz`", help="there are two", candidates=("html", "pdf"))
    assert exits.screen(far).endswith("  = help: there are two")


def test_notes_follow_an_error() -> None:
    error = WorkloadError("it cannot be counted", "why", "help")
    error.add_note("Results so far are in a.journal.")
    assert exits.screen(error).splitlines()[-1] == "  Results so far are in a.journal."


def test_a_place_in_a_sheet_is_shown_after_the_sheet() -> None:
    with pytest.raises(WorkloadError) as caught, exits.located("a.yaml", WorkloadError):
        raise WorkloadError("7 heads", "why", "help", place="model_architecture.heads")
    assert exits.screen(caught.value).startswith("factsheet: a.yaml: model_architecture.heads: 7 heads\n")
    with pytest.raises(WorkloadError) as caught, exits.located("m.onnx", WorkloadError):
        raise WorkloadError("m.onnx: it is empty", "why", "help")
    assert exits.screen(caught.value).startswith("factsheet: m.onnx: it is empty\n")


def test_other_errors_keep_their_place() -> None:
    with pytest.raises(UsageError) as caught, exits.located("a.yaml", WorkloadError):
        raise UsageError("no number", place="--tile x")
    assert exits.screen(caught.value) == "factsheet: --tile x: no number"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (FactsheetError("odd"), 2),
        (UsageError("odd"), 2),
        (ConfigurationError("pyproject.toml: odd"), 2),
        (SourceUnreadableError("a.yaml", "No such file or directory"), 2),
        (InvalidSheetError("odd", "a.yaml:1:1: odd", name="a.yaml", faults=()), 1),
        (BrokenProfileError("own", (), None), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_faults_in_a_file_end_with_1_and_wrong_usage_with_2(error: FactsheetError, status: int) -> None:
    assert exits.status_of(error) == status


def test_an_invalid_sheet_is_shown_by_its_faults() -> None:
    error = InvalidSheetError("odd", "a.yaml:1:1: error", name="a.yaml", faults=())
    assert exits.screen(error) == "a.yaml:1:1: error"
