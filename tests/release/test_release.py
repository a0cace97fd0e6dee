"""What a release is made of: archives that come out alike, workflows that can be trusted, files that name it."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import build_twice
import pytest
import smoke
import yaml
from project_files import clean_environment, copy_project
from system_tools import program

import factsheet

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted(
    path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"
)
USE = re.compile(
    r"^\s*(?:- )?uses: (?P<action>\S+?)(?:@(?P<hash>\S+))?(?:\s+#\s*(?P<note>.*))?$", re.MULTILINE
)
NOX = (ROOT / "noxfile.py").read_text(encoding="utf-8")


def repository(folder: Path) -> Path:
    """The project as it is now, as a repository of one commit."""
    copy_project(folder)
    (folder / ".gitignore").write_text((ROOT / ".gitignore").read_text(encoding="utf-8"), encoding="utf-8")
    git = [program("git"), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "All"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True, env=clean_environment())
    return folder


def test_archives_are_alike_wherever_they_are_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = repository(tmp_path / "project")
    build_twice.main(["--repository", str(source), "--output", str(tmp_path / "dist")])
    assert "bit for bit the same" in capsys.readouterr().out
    built = sorted(path.name for path in (tmp_path / "dist").iterdir())
    name = f"factsheet-{factsheet.__version__}"
    assert built == ["SHA256SUMS", f"{name}-py3-none-any.whl", f"{name}.tar.gz"]

    # What the archives know of their time is the commit's: another one is noticed.
    epoch = int(build_twice.commit_time(source))
    clone = build_twice.clone(source, tmp_path / "clone", 0o022)
    other = build_twice.build(clone, tmp_path / "other", build_twice.FIRST, str(epoch - 86_400))
    first = {path: tmp_path / "dist" / path for path in other}
    assert len(build_twice.differences(first, other)) == len(other) == 2
    assert build_twice.differences(first, first) == []


def test_every_extra_is_tried() -> None:
    extras = set(PROJECT["optional-dependencies"]) - {"all"}
    assert extras - set(smoke.EXTRAS) == set()


def test_all_has_every_extra() -> None:
    (every,) = PROJECT["optional-dependencies"]["all"]
    named = set(every.partition("[")[2].rstrip("]").split(","))
    assert named == set(PROJECT["optional-dependencies"]) - {"all"}


def steps_of(workflow: Path) -> dict[str, list[dict[str, Any]]]:
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    return {name: job["steps"] for name, job in jobs.items()}


def test_actions_are_named_by_the_hash_of_a_version_and_by_one() -> None:
    found: dict[str, set[tuple[str, str]]] = {}
    for file in (*WORKFLOWS, ROOT / "action.yml"):
        for use in USE.finditer(file.read_text(encoding="utf-8")):
            if use["action"].startswith("./"):
                continue
            assert re.fullmatch("[0-9a-f]{40}", use["hash"] or ""), f"{file.name}: {use[0]}"
            assert re.match(r"v\d+(\.\d+)*", use["note"] or ""), f"{file.name}: {use[0]}"
            found.setdefault(use["action"], set()).add((use["hash"], use["note"]))
    assert len(found) >= 5
    assert {action: pins for action, pins in found.items() if len(pins) > 1} == {}


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_calls_sessions_that_there_are(file: Path) -> None:
    sessions = set(re.findall(r"^@nox\.session.*\n(?:@.*\n)*def (\w+)\(", NOX, re.MULTILINE))
    called = {
        name.partition("-")[0]
        for steps in steps_of(file).values()
        for step in steps
        for line in re.findall(r"nox -s ([^\n]*)", step.get("run", ""))
        for name in line.partition(" --")[0].replace('"', "").split(" ")
        if name
    }
    assert called
    assert called - sessions == set()


def test_nothing_is_published_that_was_not_tried_and_by_no_token() -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    assert "secrets." not in text
    assert yaml.safe_load(text)["permissions"] == {}
    before, name = [], "publish"
    while name:
        before.append(name)
        name = jobs[name].get("needs", "")
    assert before == ["publish", "attest", "smoke", "build"]
    trusted = [name for name, job in jobs.items() if job["permissions"].get("id-token") == "write"]
    assert trusted == ["attest", "publish"]
    assert jobs["publish"]["environment"]["name"] == "pypi"
    # Whoever may get a token of the index runs nothing of this repository: no checkout, no build.
    assert not [
        step for name in trusted for step in jobs[name]["steps"] if "checkout" in step.get("uses", "")
    ]


def test_the_versions_of_python_are_the_same_everywhere() -> None:
    said = {line.rpartition(" ")[2] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)}
    in_nox = set(re.findall(r'"(3\.\d+)"', NOX.partition("PYTHONS = ")[2].partition("\n")[0]))
    ci, release = (
        yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))["jobs"]
        for name in ("ci.yml", "release.yml")
    )
    in_ci = set(ci["check"]["strategy"]["matrix"]["python"])
    released = set(release["smoke"]["strategy"]["matrix"]["python"])
    assert said == in_nox == in_ci == released == {"3.11", "3.12", "3.13", "3.14"}
    for jobs, job in ((ci, "systems"), (release, "smoke")):
        systems = " ".join(jobs[job]["strategy"]["matrix"]["system"])
        assert "windows" in systems
        assert "macos" in systems


def test_the_citation_is_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == factsheet.__version__
    assert citation["title"] == PROJECT["name"]
    assert " AND ".join(citation["license"]) == PROJECT["license"]


def test_the_changelog_is_of_this_version_and_its_day() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)$", text, re.MULTILINE)
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert versions[0] == (factsheet.__version__, str(citation["date-released"]))
    assert text.partition(f"## {versions[0][0]}")[2].lstrip().partition("### ")[2].startswith("Breaking")
    assert not (ROOT / "docs" / f"changes-{versions[0][0]}.md").read_text(encoding="utf-8").isspace()


def entries(text: str) -> list[str]:
    return re.findall(r"^- .*\n(?:  .*\n)*", text, re.MULTILINE)


def test_the_changelog_has_each_entry_once() -> None:
    noted = entries((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert len(noted) > 20
    assert [entry for entry in noted if noted.count(entry) > 1] == []
    # What the changelog puts together is on a page of its own, and nowhere else.
    whole = set(entries((ROOT / "docs" / f"changes-{factsheet.__version__}.md").read_text(encoding="utf-8")))
    assert len(whole) > 200
    assert [entry for entry in noted if entry in whole] == []


@pytest.mark.parametrize("file", FORMS, ids=lambda path: path.stem)
def test_a_form_for_issues_is_one(file: Path) -> None:
    # Keys and kinds as "Syntax for GitHub's form schema" has them.
    form = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert set(form) == {"name", "description", "labels", "body"}
    assert len({part["id"] for part in form["body"]}) == len(form["body"])
    for part in form["body"]:
        assert part["type"] in {"input", "textarea", "dropdown", "checkboxes"}
        assert set(part) <= {"type", "id", "attributes", "validations"}
        assert set(part["attributes"]) <= {
            "label",
            "description",
            "placeholder",
            "value",
            "render",
            "options",
        }
        assert part["attributes"]["label"]
        assert set(part.get("validations", {})) <= {"required"}


def test_a_smoke_trial_ends_where_something_is_wrong(tmp_path: Path) -> None:
    trial = smoke.Trial(tmp_path, ROOT / "sheets")
    assert trial.python("print(6 * 7)").strip() == "42"
    with pytest.raises(SystemExit, match="exit status 1, not 0"):
        trial.python("raise SystemExit(1)")
    with pytest.raises(SystemExit, match="not so: two"):
        trial.require(None, "two")
    assert os.listdir(tmp_path)  # noqa: PTH208  the sheet is there
