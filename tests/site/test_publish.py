"""The site on the branch that is published, in a repository of the test's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from system_tools import program

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "docs/site/publish.sh"


def git(*arguments: str | Path) -> str:
    done = subprocess.run(
        [program("git"), *arguments], check=True, capture_output=True, text=True, encoding="utf-8"
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a built site, without all that publishing does not read."""
    checkout = tmp_path / "a checkout"
    for name in (PROGRAM, "docs/site/versions.py", "factsheet/_version.py"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, checkout / name)
    (checkout / "factsheet/__init__.py").touch()
    site = checkout / "build/docs/site"
    (site / "_assets").mkdir(parents=True)
    (site / "_assets/theme.css").write_text("", encoding="utf-8")
    (site / "index.html").write_text("first", encoding="utf-8")
    git("init", "-q", checkout)
    git(
        "-C",
        checkout,
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@b.c",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "A",
    )
    return checkout


def publish(checkout: Path, repository: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        [program("bash"), checkout / PROGRAM, repository],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )


def test_versions_are_put_beside_each_other_and_nothing_twice(checkout: Path, tmp_path: Path) -> None:
    repository = tmp_path / "served.git"
    git("init", "-q", "--bare", repository)
    done = publish(checkout, repository)
    assert done.returncode == 0, done.stderr
    version = checkout / "factsheet/_version.py"
    version.write_text('__version__ = "99.1"\n', encoding="utf-8")
    (checkout / "build/docs/site/index.html").write_text("second", encoding="utf-8")
    assert publish(checkout, repository).returncode == 0
    assert "has this already" in publish(checkout, repository).stdout

    def shown(name: str) -> str:
        return git("-C", repository, "show", f"gh-pages:{name}")

    versions = [entry["version"] for entry in json.loads(shown("versions.json"))]
    assert versions[0] == "99.1"
    assert len(versions) == 2
    assert (shown(f"{versions[1]}/index.html"), shown("latest/index.html")) == ("first", "second")
    assert (
        git("-C", repository, "ls-tree", "gh-pages", ".nojekyll", "latest/_assets/theme.css").count("blob")
        == 2
    )
    assert git("-C", repository, "rev-list", "--count", "gh-pages") == "2"


def test_without_a_site_nothing_is_pushed(checkout: Path, tmp_path: Path) -> None:
    repository = tmp_path / "served.git"
    git("init", "-q", "--bare", repository)
    shutil.rmtree(checkout / "build")
    done = publish(checkout, repository)
    assert done.returncode
    assert "holds no site" in done.stderr
    assert not git("ls-remote", repository)


def test_the_workflow_publishes_as_is_tested_here() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/site.yml").read_text("utf-8"))
    steps = [step.get("run", "") for step in workflow["jobs"]["publish"]["steps"]]
    assert steps[-2] == "nox -s site"
    assert f"bash {PROGRAM} " in steps[-1]
