"""A file that is no sheet but a source of one is named for what it is, with the command that imports it."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from factsheet.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

CARD = "---\nlicense: apache-2.0\nlanguage: en\n---\n# Tiny model\n\nIt classifies.\n"
CONFIG = '{"model_type": "bert", "architectures": ["BertModel"], "hidden_size": 128}\n'
BILL = (
    '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "machine-learning-model"}]}\n'
)
RECIPE = "from aihwkit.simulator.configs import InferenceRPUConfig\nrpu_config = InferenceRPUConfig()\n"
EMISSIONS = "timestamp,project_name,run_id,duration,emissions\n2024-07-24T14:08:18,a,b,1.0,0.1\n"
RESULTS = '{"eval_accuracy": 0.9, "eval_runtime": 3.0, "epoch": 1.0}\n'
KINDS = {
    "README.md": (CARD, "model card"),
    "config.json": (CONFIG, "configuration"),
    "bom.json": (BILL, "bill of materials"),
    "recipe.py": (RECIPE, "configuration of aihwkit"),
    "recipe.yaml": (
        "forward:\n  inp_res: 254\n  out_noise: 0.04\nclip:\n  sigma: 2.5\n",
        "configuration of aihwkit",
    ),
    "emissions.csv": (EMISSIONS, "CodeCarbon"),
    "all_results.json": (RESULTS, "Trainer"),
    "scores.csv": ("task,digital,analog\nMNLI,83.4 %,82.1 %\n", "table of results"),
}


def factsheet(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "factsheet", *arguments], capture_output=True, text=True, check=False, cwd=cwd
    )


@pytest.mark.parametrize("name", KINDS)
def test_validate_names_a_file_for_what_it_is(tmp_path: Path, name: str) -> None:
    text, words = KINDS[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = factsheet("validate", name, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert f"factsheet new --from {name}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("render", "README.md"),
        ("status", "README.md"),
        ("todo", "README.md"),
        ("get", "--sheet", "README.md", "overview.model"),
        ("set", "--sheet", "README.md", "overview.model=x"),
    ],
    ids=lambda command: command[0],
)
def test_commands_that_need_a_sheet_name_a_card(tmp_path: Path, command: tuple[str, ...]) -> None:
    card = tmp_path / "README.md"
    card.write_text(CARD, encoding="utf-8")
    done = factsheet(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert "model card" in done.stderr
    assert "factsheet new --from README.md" in done.stderr
    assert card.read_text(encoding="utf-8") == CARD


def piped(text: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    run(["validate", "-"])
    return "".join(capsys.readouterr())


@pytest.mark.parametrize("name", KINDS)
def test_what_comes_from_a_pipe_is_named_too(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text, words = KINDS[name]
    said = piped(text.encode(), monkeypatch, capsys)
    assert words in said
    assert "=FILE -o sheet.yaml`" in said


@pytest.mark.parametrize(
    "text",
    [
        "# A comment, as sheets begin\noverview: {name: x, model: z}\n",
        "factsheet: 1\noverview: {name: x, model: z\n",
        "overview:\n  name: a, b\n",
        "",
    ],
)
def test_a_sheet_with_faults_from_a_pipe_is_no_other_kind(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "factsheet new" not in piped(text.encode(), monkeypatch, capsys)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_xml_is_named_with_what_makes_it_readable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    bill = tmp_path / "bom.xml"
    bill.write_text('<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>\n', encoding)
    for command in ("validate", "new --from"):
        assert run([*command.split(), str(bill)]) == 2
        assert "`cyclonedx convert --output-format json`" in capsys.readouterr().err


def test_a_sheet_with_faults_is_no_other_kind(tmp_path: Path) -> None:
    sheet = "factsheet: 1\noverview: {name: x, model: y\n"
    (tmp_path / "sheet.yaml").write_text(sheet, encoding="utf-8")
    (tmp_path / "no-version.yaml").write_text("overview: {name: x, model: y}\n", encoding="utf-8")
    done = factsheet("validate", "sheet.yaml", "no-version.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "factsheet new" not in done.stdout + done.stderr


def test_a_name_is_quoted_for_a_shell_and_safe_for_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "my card.md").write_text(CARD, encoding="utf-8")
    assert "--from 'my card.md'" in factsheet("validate", "my card.md", cwd=tmp_path).stderr
    (tmp_path / "card\x1b[31m.md").write_text(CARD, encoding="utf-8")
    assert "\x1b[31m" not in factsheet("validate", "card\x1b[31m.md", cwd=tmp_path).stderr
