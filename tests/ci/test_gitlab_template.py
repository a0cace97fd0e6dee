"""The GitLab template: valid by GitLab's own schema, and its script run as a runner runs it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml
from action_runner import BROKEN, CLEAN, HOSTILE
from project_files import ROOT, clean_environment
from system_tools import program

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="GitLab's script is one of a POSIX shell")

SPEC, JOBS = yaml.safe_load_all((ROOT / "action" / "gitlab-ci.yml").read_text(encoding="utf-8"))
INPUTS = SPEC["spec"]["inputs"]
POWER = CLEAN + "parameters: {power: 3.13 W}\n"


def run(repository: Path, *, base: str = "", **given: str) -> subprocess.CompletedProcess[str]:
    """Run the job's lines in one shell, with what is installed here in place of what the second line installs."""
    job = JOBS["factsheets"]
    inputs = {name: spec.get("default", "") for name, spec in INPUTS.items()}
    inputs |= {name.replace("_", "-"): value for name, value in given.items()}
    variables = {
        name: re.sub(r"\$\[\[ inputs\.([a-z-]+) \]\]", lambda found: inputs[found[1]], value["value"])
        for name, value in job["variables"].items()
        if isinstance(value, dict)
    }
    making, installing, *rest = job["script"]
    assert making.startswith("python3 -I -m venv")  # no module of the repository is in reach
    assert '"factsheet @ git+$FACTSHEET_REPOSITORY@$FACTSHEET_COMMIT"' in installing
    script = "\n".join(rest).replace("/tmp/factsheet/bin/python -I", "$PYTHON_HERE")  # noqa: S108  GitLab's
    return subprocess.run(
        ["/bin/sh", "-e", "-c", script],
        cwd=repository,
        env={
            **clean_environment(),
            **variables,
            "PYTHON_HERE": sys.executable,
            "PYTHONPATH": str(ROOT),
            "CI": "true",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
            "CI_COMMIT_BEFORE_SHA": "0" * 40,
            "NO_COLOR": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "factsheet.yaml").write_text(POWER, "utf-8")
    git = [program("git"), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "A sheet"]):
        subprocess.run([*git, *command], cwd=folder, check=True, env=clean_environment())
    return folder


def test_it_is_valid_by_the_schema_of_gitlab() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", "-"],
        input=json.dumps(JOBS),
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_input_is_part_of_a_script() -> None:
    assert "[[" not in json.dumps(JOBS["factsheets"]["script"])
    used = set(re.findall(r"inputs\.([a-z-]+)", json.dumps(JOBS)))
    assert used == set(INPUTS)


def test_findings_go_into_both_reports_and_fail_the_job(repository: Path) -> None:
    assert run(repository).returncode == 0
    (repository / "factsheet.yaml").write_text(BROKEN, "utf-8")
    done = run(repository)
    assert done.returncode == 1
    (finding,) = json.loads((repository / "codequality.json").read_text("utf-8"))
    assert finding["location"]["lines"]["begin"] == 2
    assert "<testsuites" in (repository / "junit.xml").read_text("utf-8")
    assert not (repository / "factsheet-changes.md").exists()  # a new branch has nothing before it


@pytest.mark.parametrize(("wanted", "status"), [("never", 0), ("regression", 1)])
def test_a_merge_request_says_what_changed(repository: Path, wanted: str, status: int) -> None:
    (repository / "factsheet.yaml").write_text(POWER.replace("3.13", "3.20"), "utf-8")
    assert run(repository, base="HEAD", fail_on_change=wanted).returncode == status
    assert "worse" in (repository / "factsheet-changes.md").read_text("utf-8")


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\n" not in text][3:8])
def test_nothing_in_an_input_is_executed(repository: Path, text: str) -> None:
    (repository / text).write_text(POWER, "utf-8")
    assert run(repository, paths=text).returncode == 0
    assert not (repository / "pwned").exists()


@pytest.mark.parametrize(("wanted", "status"), [("never", 0), ("regression", 1)])
@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_file_named_like_the_base_hides_no_change(
    repository: Path, wanted: str, status: int, kind: str
) -> None:
    (repository / "factsheet.yaml").write_text(POWER.replace("3.13", "3.20"), "utf-8")
    base = subprocess.run(
        [program("git"), "rev-parse", "HEAD"], cwd=repository, capture_output=True, text=True, check=True
    ).stdout.strip()
    if kind == "file":
        (repository / base).write_text(POWER.replace("3.13", "3.20"), "utf-8")
    else:
        (repository / base).symlink_to("nowhere")
    done = run(repository, base=base, paths="factsheet.yaml", fail_on_change=wanted)
    assert done.returncode == status, done.stdout + done.stderr
    assert "a file has the name of the commit" in done.stdout
    assert not (repository / "factsheet-changes.md").exists()


def test_a_path_of_one_dash_is_a_file_and_not_the_script(repository: Path) -> None:
    (repository / "-").write_text(BROKEN, "utf-8")
    done = run(repository, paths="-")
    assert done.returncode == 1
    assert "<stdin>" not in done.stdout
