"""`.ci/run` does what README.md says, in its order and in a clone, and ends quietly when it is interrupted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from project_files import ROOT, clean_environment
from system_tools import program

if TYPE_CHECKING:
    from pathlib import Path

NOX = """\
mkdir -p .venv-dev/bin
printf '#!/bin/sh\\necho "nox $*"\\n' > .venv-dev/bin/nox
chmod +x .venv-dev/bin/nox
"""
IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.org"]

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="follows the system packages' block as root"
)


def project(folder: Path, **blocks: str) -> Path:
    """A repository whose README.md tells to do these things."""
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    fences = [f"<!-- {name} -->\n```sh\n{commands}\n```\n" for name, commands in blocks.items()]
    (folder / "README.md").write_text("\n".join(fences), encoding="utf-8")
    (folder / ".gitignore").write_text(".venv-dev/\n", encoding="utf-8")
    git = program("git")
    for arguments in (["init", "--quiet"], ["add", "--all"], [*IDENTITY, "commit", "--quiet", "-m", "All"]):
        subprocess.run([git, *arguments], cwd=folder, check=True, env=clean_environment())
    return folder / ".ci" / "run"


def start(script: Path, temporary: Path) -> subprocess.Popen[str]:
    temporary.mkdir()
    environment = clean_environment() | {"TMPDIR": str(temporary)}
    environment.pop("FACTSHEET_NO_SKIPS", None)
    return subprocess.Popen(
        ["/bin/bash", str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )


def test_the_blocks_of_readme_are_followed_in_order(tmp_path: Path) -> None:
    script = project(
        tmp_path / "project",
        install='echo "installed, ${FACTSHEET_NO_SKIPS-unset}"',
        test=f"{NOX}echo '=== 3 passed in 1.00s ==='; echo \"tested, $FACTSHEET_NO_SKIPS\"",
        system='echo "system, ${FACTSHEET_NO_SKIPS-unset}" >&2',
    )
    output, errors = start(script, tmp_path / "tmp").communicate(timeout=60)
    told = [line for line in errors.splitlines() if line.startswith("system")]
    assert told == ["system, unset"]
    lines = [line.partition(" (")[0] for line in output.splitlines() if line]
    wanted = [
        "installed, 1",
        "tested, 1",
        "nox -s lint types docs site",
        "=== Passed",
        "=== 3 passed in 1.00s ===",
    ]
    assert [line for line in lines if line in wanted] == ["installed, 1", wanted[4], "tested, 1", *wanted[2:]]
    assert not list((tmp_path / "tmp").iterdir())


def test_a_step_that_fails_is_the_end(tmp_path: Path) -> None:
    script = project(tmp_path / "project", install="exit 7", test="echo tested", system="true")
    process = start(script, tmp_path / "tmp")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 7
    assert "FAILED with status 7" in output
    assert "tested" not in output
    assert not list((tmp_path / "tmp").iterdir())


@pytest.mark.parametrize("to_all", [True, False])
def test_an_interrupt_ends_it_quietly_with_all_that_it_started(tmp_path: Path, *, to_all: bool) -> None:
    mark = tmp_path / "mark"
    loud = f"trap 'echo loud >&2' INT; touch {mark}; sleep 60; sleep 60; echo alive > {tmp_path}/alive"
    script = project(tmp_path / "project", install="true", test=f'bash -c "{loud}"', system="true")
    process = start(script, tmp_path / "tmp")
    deadline = time.monotonic() + 60
    while not mark.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    (os.killpg if to_all else os.kill)(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert [line for line in errors.splitlines() if not line.startswith("$ ")] == []
    assert output.splitlines()[-1].startswith("=== Interrupted")
    assert not list((tmp_path / "tmp").iterdir())
    assert not (tmp_path / "alive").exists()
