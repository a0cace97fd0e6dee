"""The step itself: install the core, check, annotate, write the job summary, and exit as factsheet does."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import workflow
from inputs import BadInputError, Inputs, read_inputs
from summary import failure_page, findings_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FINDINGS = 1
"""Up to here an exit status says that factsheet did its work."""
CANNOT = 2
SUMMARY_LIMIT_BYTES = 900_000
"""A job summary may hold 1 MiB; the runner refuses a longer one altogether."""


def run(environment: Mapping[str, str] = os.environ) -> int:
    """Do what the inputs say and return factsheet's exit status."""
    temp = Path(environment["RUNNER_TEMP"])
    try:
        inputs = read_inputs(environment, temp / "factsheet.sarif")
        python = _install(inputs.version, Path(environment["GITHUB_ACTION_PATH"]), temp)
    except BadInputError as error:
        workflow.annotate(str(error))
        return CANNOT
    except (OSError, subprocess.CalledProcessError) as error:
        workflow.annotate(f"factsheet could not be installed: {error}")
        return CANNOT
    if inputs.sarif_file:
        try:
            Path(inputs.sarif_file).parent.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            workflow.annotate(f"the folder of `sarif-file` cannot be made: {error}")
            return CANNOT
    report_file = temp / "factsheet-report.json"
    report_file.unlink(missing_ok=True)
    sarif_before = _version(inputs.sarif_file)
    done = _call(python, inputs.check_arguments(report_file))
    annotations = done.stdout.decode("utf-8", "replace")
    complaints = done.stderr.decode("utf-8", "replace").strip()
    sys.stdout.write(annotations)
    if complaints:
        workflow.quote(complaints)
    unwritten = bool(inputs.sarif_file) and _version(inputs.sarif_file) == sarif_before
    if done.returncode > FINDINGS and (unwritten or not annotations):
        workflow.annotate(complaints[:4000] or f"factsheet ended with status {done.returncode}")
    if report_file.exists():
        page = findings_page(json.loads(report_file.read_text(encoding="utf-8"))) + _needs(python, inputs)
    else:
        page = failure_page(complaints)
    _write(environment, page, done.returncode, inputs)
    return done.returncode


def _version(name: str) -> tuple[int, int] | None:
    """Return what changes when a file is written anew; `None` where there is none."""
    try:
        there = Path(name).stat()
    except OSError:
        return None
    return there.st_ino, there.st_mtime_ns


def _install(version: str, action: Path, temp: Path) -> Path:
    """Install factsheet, without extras, into an environment of its own, and return that one's Python."""
    # As an address, so that no character of the folder's name can mean something to pip.
    requirement = f"factsheet=={version}" if version else f"factsheet @ {action.resolve().as_uri()}"
    name = hashlib.sha256(f"{sys.version} {requirement}".encode()).hexdigest()[:16]
    home = temp / f"factsheet-{name}"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = home / "installed"
    if not done.exists():
        with workflow.group("Install factsheet"):
            pip = [
                str(python),
                "-I",
                "-m",
                "pip",
                "install",
                "--no-input",
                "--disable-pip-version-check",
                "--quiet",
            ]
            for command in ([sys.executable, "-I", "-m", "venv", "--clear", str(home)], [*pip, requirement]):
                subprocess.run(
                    command, check=True, cwd=temp, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT
                )
        done.touch()
    return python


def _call(python: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    """Run factsheet in the directory of the step, which is the repository under test.

    As a module: the first line of a console script is read by a shell where the folder's name is unusual. With `-I`,
    modules of the repository are not in reach.
    """
    return subprocess.run(
        [str(python), "-I", "-X", "utf8", "-m", "factsheet", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        env=os.environ | {"NO_COLOR": "1"},
    )


def _needs(python: Path, inputs: Inputs) -> str:
    """What each role still misses; a sheet for which that cannot be said has findings that give the reason."""
    done = _call(python, inputs.status_arguments())
    return "\n" + done.stdout.decode("utf-8", "replace")


def _write(environment: Mapping[str, str], page: str, status: int, inputs: Inputs) -> None:
    """Fill the files that the runner reads afterwards."""
    raw = page.encode()
    if len(raw) > SUMMARY_LIMIT_BYTES:
        cut = raw[:SUMMARY_LIMIT_BYTES].decode("utf-8", "ignore").rpartition("\n")[0]
        raw = f"{cut}\n\nThe rest is too long for a job summary; the log has every finding.\n".encode()
    if environment.get("GITHUB_STEP_SUMMARY"):
        with Path(environment["GITHUB_STEP_SUMMARY"]).open("ab") as stream:
            stream.write(raw)
    if environment.get("GITHUB_OUTPUT"):
        output = Path(environment["GITHUB_OUTPUT"])
        workflow.put_output(output, "status", str(status))
        if inputs.sarif_file and Path(inputs.sarif_file).is_file():
            workflow.put_output(output, "sarif-file", inputs.sarif_file)
