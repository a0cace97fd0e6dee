"""The check itself: install the core, check, annotate, compare, write the job summary, and exit as factsheet does."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import workflow
from base import base_of
from inputs import BadInputError, Inputs, read_inputs
from installation import CANNOT, install, installation
from summary import comment_text, difference_page, failure_page, findings_page, models_page
from verdicts import verdicts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FINDINGS = 1
"""Up to here an exit status says that factsheet did its work."""
SUMMARY_LIMIT_BYTES = 900_000
"""A job summary may hold 1 MiB; the runner refuses a longer one altogether."""
_NOT_FOR_OTHERS = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")
"""Files by which later steps can be steered; what reads a model is not told of them."""


class Comparison(NamedTuple):
    """What changed since a revision.

    Attributes:
        text: as Markdown; empty where nothing was compared.
        why: why nothing was.
        status: of `factsheet diff`; 0 where nothing was compared.
    """

    text: str = ""
    why: str = ""
    status: int = 0


def run(environment: Mapping[str, str] = os.environ) -> int:
    """Do what the inputs say and return factsheet's exit status."""
    temp = Path(environment["RUNNER_TEMP"])
    try:
        inputs = read_inputs(environment, temp / "factsheet.sarif")
        found = installation(environment, inputs.extras)
        install(found, temp)
    except BadInputError as error:
        workflow.annotate(str(error))
        return CANNOT
    except (OSError, subprocess.CalledProcessError) as error:
        workflow.annotate(f"factsheet could not be installed: {error}")
        return CANNOT
    if inputs.sarif_file:
        try:
            _make_folder_of(inputs.sarif_file)
        except (OSError, ValueError) as error:
            workflow.annotate(f"the folder of `sarif-file` cannot be made: {error}")
            return CANNOT
    status, page, checked = _check(found.python, inputs, temp)
    compared = _compare(found.python, inputs, environment, temp)
    verdicts = verdicts_of(found.python, inputs.models, call)
    told = difference_page(compared.text, compared.why) + models_page(verdicts)
    worst = max(status, compared.status, *(one.status for one in verdicts), 0)
    pages = _pages(found.python, inputs, temp) if inputs.pages and status <= FINDINGS else ""
    _summarise(environment, page, f"\n{told}", _needs(found.python, inputs) if checked else "")
    _hand_back(environment, worst, inputs, pages=pages, changes=compared.text)
    if inputs.comment:
        worth = "\n### " in compared.text or any(one.status for one in verdicts)
        _leave_comment(environment, inputs, comment_text(page, told, worth=worth))
    return worst


def _make_folder_of(name: str) -> None:
    """Make the folder that a file goes into; not through a link, which in a change could lead anywhere.

    Raises:
        OSError: it cannot be made.
        ValueError: there can be no file of that name.
    """
    folder = Path(name).parent
    lexical = os.path.normpath(Path(os.path.realpath(os.curdir)) / folder)
    if folder.is_absolute() or os.path.realpath(folder) == lexical:
        folder.mkdir(parents=True, exist_ok=True)


def call(python: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    """Run factsheet in the directory of the step, which is the repository under test.

    As a module: the first line of a console script is read by a shell where the folder's name is unusual. With `-I`,
    modules of the repository are not in reach.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_OTHERS}
    return subprocess.run(
        [str(python), "-I", "-X", "utf8", "-m", "factsheet", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        env=environment | {"NO_COLOR": "1"},
    )


def _check(python: Path, inputs: Inputs, temp: Path) -> tuple[int, str, bool]:
    """Check the sheets and annotate what is found; return the status, the summary's page, and whether any was read."""
    report_file = temp / "factsheet-report.json"
    report_file.unlink(missing_ok=True)
    sarif_before = _version(inputs.sarif_file)
    done = call(python, inputs.check_arguments(report_file))
    annotations = done.stdout.decode("utf-8", "replace")
    complaints = done.stderr.decode("utf-8", "replace").strip()
    sys.stdout.write(annotations)
    if complaints:
        workflow.quote(complaints)
    unwritten = bool(inputs.sarif_file) and _version(inputs.sarif_file) == sarif_before
    if done.returncode > FINDINGS and (unwritten or not annotations):
        workflow.annotate(complaints[:4000] or f"factsheet ended with status {done.returncode}")
    if not report_file.exists():
        return done.returncode, failure_page(complaints), False
    report = json.loads(report_file.read_text(encoding="utf-8"))
    return done.returncode, findings_page(report), True


def _version(name: str) -> tuple[int, int] | None:
    """Return what changes when a file is written anew; `None` where there is none."""
    try:
        there = Path(name).stat()
    except OSError:
        return None
    return there.st_ino, there.st_mtime_ns


def _needs(python: Path, inputs: Inputs) -> str:
    """What each role still misses; a sheet for which that cannot be said has findings that give the reason."""
    done = call(python, inputs.status_arguments())
    return "\n" + done.stdout.decode("utf-8", "replace")


def _compare(python: Path, inputs: Inputs, environment: Mapping[str, str], temp: Path) -> Comparison:
    """Say what changed by its meaning; where nothing can be compared, the check goes on without."""
    base = base_of(environment, inputs.base)
    failing = inputs.fail_on_change not in {"", "never"}
    if base.revision and os.path.lexists(base.revision):
        base = base._replace(revision="", why="a file has the name of the revision that is compared with")
    if not base.revision:
        if base.why:
            workflow.annotate(f"nothing is compared: {base.why}", grave=failing)
        return Comparison(why=base.why, status=CANNOT if failing and base.why else 0)
    file = temp / "factsheet-changes.md"
    file.unlink(missing_ok=True)
    done = call(python, inputs.diff_arguments(base.revision, file))
    complaints = done.stderr.decode("utf-8", "replace").strip()
    if complaints:
        workflow.quote(complaints)
    if not file.exists():
        why = complaints.partition("\n")[0].removeprefix("factsheet: ")[:400]
        return Comparison(why=why, status=done.returncode if failing else 0)
    return Comparison(file.read_text(encoding="utf-8"), status=done.returncode)


def _pages(python: Path, inputs: Inputs, temp: Path) -> str:
    """Write a site with the pages of the sheets, and return its folder; empty where it cannot be written."""
    folder = temp / "factsheet-pages"
    shutil.rmtree(folder, ignore_errors=True)
    done = call(python, inputs.pages_arguments(folder))
    workflow.quote((done.stdout + done.stderr).decode("utf-8", "replace").strip())
    if done.returncode:
        workflow.annotate("the pages could not be written; the log says why", grave=False)
    return str(folder) if (folder / "index.html").exists() else ""


def _summarise(environment: Mapping[str, str], *parts: str) -> None:
    raw = "".join(parts).encode()
    if len(raw) > SUMMARY_LIMIT_BYTES:
        cut = raw[:SUMMARY_LIMIT_BYTES].decode("utf-8", "ignore").rpartition("\n")[0]
        raw = f"{cut}\n\nThe rest is too long for a job summary; the log has every finding.\n".encode()
    if environment.get("GITHUB_STEP_SUMMARY"):
        with Path(environment["GITHUB_STEP_SUMMARY"]).open("ab") as stream:
            stream.write(raw)


def _hand_back(
    environment: Mapping[str, str], status: int, inputs: Inputs, *, pages: str, changes: str
) -> None:
    """Set the outputs of the step."""
    if not environment.get("GITHUB_OUTPUT"):
        return
    output = Path(environment["GITHUB_OUTPUT"])
    workflow.put_output(output, "status", str(status))
    if changes:
        workflow.put_output(
            output, "changes-file", str(Path(environment["RUNNER_TEMP"]) / "factsheet-changes.md")
        )
    if pages:
        workflow.put_output(output, "pages", pages)
    if inputs.sarif_file and Path(inputs.sarif_file).is_file():
        workflow.put_output(output, "sarif-file", inputs.sarif_file)


def _leave_comment(environment: Mapping[str, str], inputs: Inputs, text: str) -> None:
    """Write what the next step is to comment into a file."""
    # One comment for each use of the action: another job, or other sheets, have their own.
    used = "\0".join(
        [environment.get("GITHUB_WORKFLOW", ""), environment.get("GITHUB_JOB", ""), *inputs.paths]
    )
    digest = hashlib.sha256(used.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    file = Path(environment["RUNNER_TEMP"]) / f"factsheet-comment-{digest}.md"
    file.write_text(f"<!-- factsheet action {digest} -->\n{text}", encoding="utf-8", newline="\n")
    workflow.put_output(Path(environment["GITHUB_OUTPUT"]), "comment-file", str(file))
