"""`factsheet doctor`: what is there, what is missing and what it costs, and what has to be put right."""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.cli.doctor import checkup
from factsheet.installation import install_command

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[bytes]]

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def states(output: bytes) -> dict[str, dict[str, str]]:
    shape: Any = json.loads(output)
    assert shape["schema"] == "factsheet.doctor/1"
    return {check["topic"]: check for check in shape["checks"]}


def package(requirement: str) -> str:
    return requirement.partition(">")[0].partition("=")[0].partition("[")[0]


def packages(requirement: str) -> set[str]:
    """The packages of a requirement; of an extra of our own, those that it stands for."""
    if not requirement.startswith("factsheet["):
        return {package(requirement)}
    names = requirement.partition("[")[2].partition("]")[0].split(",")
    return {package(one) for name in names for one in PROJECT["optional-dependencies"][name]}


def test_the_extras_and_packages_are_those_of_the_project() -> None:
    extras = {
        name: set().union(*map(packages, needs))
        for name, needs in PROJECT["optional-dependencies"].items()
        if name != "all"
    }
    assert {name: {known for known, _ in extra.packages} for name, extra in checkup.EXTRAS.items()} == extras
    assert {package(one) for one in PROJECT["dependencies"]} <= set(checkup.CORE) | {"questionary"}
    assert PROJECT["requires-python"] == ">=" + ".".join(map(str, checkup.OLDEST_PYTHON))


def test_the_page_on_installing_has_every_extra() -> None:
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    for name, extra in checkup.EXTRAS.items():
        brought = ", ".join(known for known, _ in extra.packages)
        assert f"| `{name}` | {brought} | {extra.without} |" in page


def test_an_installation_that_works_is_found_fine(factsheet: Run) -> None:
    done = factsheet("doctor")
    assert done.returncode == 0, done.stdout
    assert b"FAULT" not in done.stdout
    found = states(factsheet("doctor", "--format", "json").stdout)
    assert found["settings"]["text"].startswith("no pyproject.toml")
    assert found["hardware profiles"]["state"] == "fine"


@pytest.mark.parametrize(
    ("settings", "topic", "says"),
    [
        ('sheet = "gone.yaml"', "setting `sheet`", "gone.yaml"),
        ('templates = "gone"', "setting `templates`", "gone"),
        ("sheets = 1", "settings", "sheets"),
        ("sheet = [", "settings", "pyproject.toml"),
    ],
)
def test_settings_that_cannot_work_are_a_fault(
    settings: str, topic: str, says: str, factsheet: Run, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.factsheet]\n{settings}\n")
    done = factsheet("doctor", "--format", "json")
    assert done.returncode == 1
    check = states(done.stdout)[topic]
    assert check["state"] == "fault"
    assert says in check["text"]
    assert check["help"]


def test_settings_that_work_are_found_fine(factsheet: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.factsheet]\nsheet = "mine.yaml"\n')
    (tmp_path / "mine.yaml").write_bytes((ROOT / "sheets" / "digits.yaml").read_bytes())
    done = factsheet("doctor", "--format", "json")
    assert done.returncode == 0
    assert states(done.stdout)["setting `sheet`"]["state"] == "fine"


def test_an_extra_that_is_missing_is_named_with_what_it_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(
        "factsheet.cli.doctor.checkup.find_spec", lambda name: None if name == "onnx" else there(name)
    )
    checks = {check.topic: check for check in checkup.check_installation()}
    assert checks["extra onnx"].state == "missing"
    assert ".onnx" in checks["extra onnx"].text
    assert checks["extra onnx"].help == '`pip install ".[onnx]"` in a clone of factsheet'
    assert not [check for check in checks.values() if check.state == "fault"]


def test_a_terminal_without_units_is_named(factsheet: Run) -> None:
    done = factsheet("doctor", "--format", "json", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert states(done.stdout)["terminal"]["state"] == "missing"


def test_temporary_files_that_cannot_be_written_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    (check,) = [one for one in checkup.check_installation() if one.topic == "temporary files"]
    assert check.state == "fault"
    assert "Permission denied" in check.text


def test_nothing_large_is_loaded_but_what_has_to_be(factsheet: Run) -> None:
    done = factsheet("doctor", PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.rpartition(b"|")[2].strip() for line in done.stderr.splitlines()}
    assert b"factsheet.cli.doctor.checkup" in loaded
    assert not {b"torch", b"transformers", b"onnx", b"pyarrow", b"distributed"} & loaded


def test_messages_install_extras_there_are_by_the_one_command() -> None:
    """The name is on no index: `pip install factsheet[…]` would find nothing, or somebody else's package."""
    sources = {file: file.read_text(encoding="utf-8") for file in (ROOT / "factsheet").rglob("*.py")}
    assert not [
        file.name for file, text in sources.items() if re.search(r"pip install[^\n]*factsheet\[", text)
    ]
    named = {name for text in sources.values() for name in re.findall(r"install_command\([\"'](\w+)", text)}
    assert len(named) > 5
    assert named <= set(PROJECT["optional-dependencies"])
    assert install_command("onnx") == '`pip install ".[onnx]"` in a clone of factsheet'
