"""The options of `factsheet validate`, and `[tool.factsheet]`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from system_tools import program

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[bytes]]

ROOT = Path(__file__).parents[2]
HEAD = "factsheet: 1\noverview: {name: Example, model: BERT-base}\nprovenance: {source: declared, by: us}\n"
# A schema error, a consistency warning and a suppression that can be removed safely.
MIXED = (
    HEAD
    + "purpose: {sumary: text}\n"
    + "performance:\n  classification_time: 0.19 ms\n"
    + "  # factsheet: ignore[FS201] long gone\n  refresh_interval: 4 weeks\n"
)


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.yaml"
    path.write_text(MIXED, encoding="utf-8")
    return path


def ids(stdout: bytes) -> list[str]:
    return [entry["rule"] for sheet in json.loads(stdout)["sheets"] for entry in sheet["diagnostics"]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["FS152", "FS208", "FS702"]),
        (["--select", "FS2"], ["FS152", "FS208"]),
        # A suppression of a rule that does not run is not called unused.
        (["--select", "FS7"], ["FS152"]),
        (["--select", "FS201,FS7"], ["FS152", "FS702"]),
        (["--ignore", "FS208"], ["FS152", "FS702"]),
        (["--select", "FS2,FS7", "--ignore", "FS20"], ["FS152"]),
        (["--select", "FS2", "--select", "FS7"], ["FS152", "FS208", "FS702"]),
        (["--ignore", "FS2", "--select", "FS208"], ["FS152", "FS208"]),
    ],
)
def test_selection(factsheet: Run, mixed: Path, arguments: list[str], expected: list[str]) -> None:
    done = factsheet("validate", "--output-format", "json", *arguments, "sheet.yaml")
    assert ids(done.stdout) == expected


def test_what_can_not_be_read_as_a_sheet_is_never_deselected(factsheet: Run, mixed: Path) -> None:
    assert factsheet("validate", "--select", "FS7", "--ignore", "FS1", "sheet.yaml").returncode == 1


def test_exit_zero(factsheet: Run, mixed: Path) -> None:
    done = factsheet("validate", "--exit-zero", "sheet.yaml")
    assert done.returncode == 0
    assert b"FS152" in done.stdout
    assert factsheet("validate", "--exit-zero", "no-such.yaml").returncode == 2


def test_statistics(factsheet: Run, mixed: Path) -> None:
    done = factsheet("validate", "--statistics", "--output-format", "concise", "sheet.yaml")
    rows = [line.split() for line in done.stdout.decode().splitlines()[3:6]]
    assert rows == [
        ["1", "FS152", "unknown-key"],
        ["1", "FS208", "batch-unstated"],
        ["1", "FS702", "unused-suppression"],
    ]


def test_several_reports_at_once_each_to_its_file(factsheet: Run, mixed: Path, tmp_path: Path) -> None:
    outputs = {
        name: tmp_path / f"out.{name}" for name in ("json", "sarif", "junit", "gitlab", "github", "concise")
    }
    arguments = [f"--output-format={name}={file}" for name, file in outputs.items()]
    done = factsheet("validate", *arguments, "--output-format", "full", "sheet.yaml")
    assert done.returncode == 1
    assert b"sheet.yaml:4:11: error FS152" in done.stdout
    assert json.loads(outputs["json"].read_bytes())["schema"] == "factsheet.check/1"
    assert json.loads(outputs["sarif"].read_bytes())["version"] == "2.1.0"
    assert ET.fromstring(outputs["junit"].read_text("utf-8")).tag == "testsuites"  # noqa: S314  our own output
    assert len(json.loads(outputs["gitlab"].read_bytes())) == 3
    assert outputs["github"].read_text("utf-8").count("::error ") == 1
    assert len(outputs["concise"].read_text("utf-8").splitlines()) == 3


def test_diff_shows_and_changes_nothing(factsheet: Run, mixed: Path) -> None:
    done = factsheet("validate", "--diff", "sheet.yaml")
    assert done.returncode == 1
    assert "-  # factsheet: ignore[FS201] long gone" in done.stdout.decode().splitlines()
    assert mixed.read_text("utf-8") == MIXED


def test_fix_changes_what_is_safe_and_nothing_else(factsheet: Run, mixed: Path) -> None:
    done = factsheet("validate", "--fix", "sheet.yaml")
    assert done.returncode == 1  # the misspelt key needs a person
    assert b"1 fixed" in done.stdout
    assert mixed.read_text("utf-8") == MIXED.replace("  # factsheet: ignore[FS201] long gone\n", "")


def test_fix_keeps_the_byte_order_mark_and_the_line_breaks(factsheet: Run, mixed: Path) -> None:
    raw = b"\xef\xbb\xbf" + MIXED.replace("\n", "\r\n").encode()
    mixed.write_bytes(raw)
    factsheet("validate", "--fix", "sheet.yaml")
    assert mixed.read_bytes() == raw.replace(b"  # factsheet: ignore[FS201] long gone\r\n", b"")


def test_fix_of_standard_input_goes_to_standard_output(factsheet: Run) -> None:
    done = factsheet("validate", "--fix", "-", stdin=MIXED.encode())
    assert done.stdout.decode() == MIXED.replace("  # factsheet: ignore[FS201] long gone\n", "")
    assert b"FS152" in done.stderr


def test_stdin_filename(factsheet: Run) -> None:
    done = factsheet("validate", "--stdin-filename", "sheets/mine.yaml", "-", stdin=MIXED.encode())
    assert done.stdout.startswith(b"sheets/mine.yaml:4:11")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--output-format", "xml", "sheet.yaml"],
        ["--output-format", "json", "--output-format", "sarif", "sheet.yaml"],
        ["--output-format", "json=no/such/dir.json", "sheet.yaml"],
        ["--select", "FS9", "sheet.yaml"],
        ["--select", "E501", "sheet.yaml"],
        ["--unsafe-fixes", "sheet.yaml"],
        ["--fix", "--diff", "sheet.yaml"],
        ["--watch", "--fix", "sheet.yaml"],
        ["--watch", "-"],
        ["--role", "data-scientst", "sheet.yaml"],
        ["--stage", "final", "sheet.yaml"],
    ],
    ids=" ".join,
)
def test_options_that_are_off_exit_2_with_a_message(
    factsheet: Run, mixed: Path, arguments: list[str]
) -> None:
    done = factsheet("validate", *arguments)
    assert done.returncode == 2
    assert done.stderr.strip()


CONFIG = """\
[tool.factsheet]
sheet = "sheet.yaml"
ignore = ["FS702"]
fail-on = "warning"

[tool.factsheet.severity]
FS208 = "info"
"""


def test_settings_of_pyproject_hold_and_can_be_left_aside(
    factsheet: Run, mixed: Path, tmp_path: Path
) -> None:
    mixed.write_text(MIXED.replace("sumary", "summary"), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    with_settings = factsheet("validate")
    assert with_settings.returncode == 0  # FS208 is an info now, and FS702 is ignored
    assert b"info FS208" in with_settings.stdout
    assert b"FS702" not in with_settings.stdout
    without = factsheet("validate", "--no-config", "--fail-on", "warning", "sheet.yaml")
    assert without.returncode == 1
    assert b"FS702" in without.stdout


def test_show_settings(factsheet: Run, mixed: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    out = factsheet("validate", "--show-settings", "--select", "FS2").stdout.decode()
    assert "pyproject.toml" in out
    assert "FS208=info" in out
    assert "FS702" in out


@pytest.mark.parametrize(
    "text",
    [
        "[tool.factsheet]\nignore = 'FS702'\n",
        "[tool.factsheet]\nignore = ['FS9']\n",
        "[tool.factsheet]\nignor = []\n",
        "[tool.factsheet]\nfail-on = 'never'\n",
        "[tool.factsheet]\nroles = ['boss']\n",
        "[tool.factsheet]\nstage = 3\n",
        "[tool.factsheet.severity]\nFS208 = 'grave'\n",
        "[tool.factsheet.rules.FS208]\nnone = 1\n",
        "[tool.factsheet.rules.FS999]\n",
        "[tool.factsheet]\nsheet = []\n",
        "[tool.factsheet\n",
    ],
)
def test_wrong_settings_exit_2_and_name_the_file(
    factsheet: Run, mixed: Path, tmp_path: Path, text: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    done = factsheet("validate", "sheet.yaml")
    assert done.returncode == 2
    assert b"pyproject.toml" in done.stderr


def test_directories_leave_out_what_git_ignores(factsheet: Run, mixed: Path, tmp_path: Path) -> None:
    subprocess.run([program("git"), "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "copy.yaml").write_text(MIXED, encoding="utf-8")
    assert b"2 sheets checked" in factsheet("validate", ".").stdout
    (tmp_path / ".gitignore").write_text("build/\n", encoding="utf-8")
    assert b"1 sheet checked" in factsheet("validate", ".").stdout
    assert b"1 sheet checked" in factsheet("validate", "build/copy.yaml").stdout  # named outright


def test_explain(factsheet: Run) -> None:
    by_id = factsheet("explain", "FS207")
    assert by_id.returncode == 0
    assert b"power-time-efficiency" in by_id.stdout
    assert factsheet("explain", "power-time-efficiency").stdout == by_id.stdout
    assert b"FS207" in factsheet("explain").stdout
    assert factsheet("explain", "FS999").returncode == 2


def test_watch_checks_again_after_a_change_and_leaves_quietly(mixed: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-u",
            "-m",
            "factsheet",
            "validate",
            "--watch",
            "--output-format",
            "concise",
            "sheet.yaml",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(4)]
    assert lines[0].startswith(b"---")
    assert b"FS152" in lines[1]
    time.sleep(0.01)  # let the file's time move on
    mixed.write_text(MIXED.replace("sumary", "summary"), encoding="utf-8")
    assert process.stdout.readline().startswith(b"---")
    assert b"FS208" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, b"")
