"""The action's steps, run as a runner runs them: inputs in the environment, bash, files for what is handed back."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from markdown_it import MarkdownIt
from project_files import ROOT, clean_environment, copy_project
from system_tools import program

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows allows few of these names")

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
CLEAN = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"
BROKEN = "factsheet: 1\noverview: {name: Example, modle: BERT-base}\n"
DOUBTFUL = CLEAN + "performance: {classification_time: 0.19 ms}\n"
HOSTILE = (
    "a b",
    "it's",
    'say "so"',
    "; touch pwned ;",
    "$(touch pwned)",
    "`touch pwned`",
    "${IFS}touch${IFS}pwned",
    "| touch pwned",
    "&& touch pwned #",
    "-rf",
    "--fix",
    "%0A::error::pwned",
    "::error title=pwned::pwned",
    "##[error]pwned",
    "<img src=x onerror=pwned>",
    "[pwned](javascript:pwned)",
    "two\nlines",
    "two\n::error title=pwned::lines",
    "two\n$(touch pwned)",
)
ONE_LINE = tuple(text for text in HOSTILE if "\n" not in text)


@dataclass(frozen=True, slots=True)
class Command:
    """A workflow command that the runner would obey."""

    name: str
    properties: Mapping[str, str]
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the runner has after the steps."""

    status: int
    log: str
    commands: list[Command]
    summary: str
    outputs: dict[str, str]

    def errors(self) -> list[Command]:
        return [command for command in self.commands if command.name == "error"]


@dataclass(frozen=True, slots=True)
class Runner:
    """A runner's folders."""

    action: Path
    temp: Path

    def run(self, repository: Path, **inputs: str) -> Outcome:
        """Run the `run` steps; inputs are named with `_` for `-`."""
        given = {name: spec.get("default", "") for name, spec in ACTION["inputs"].items()}
        named = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert set(named) <= set(given)
        given |= named
        summary, output = self.temp / "summary.md", self.temp / "output"
        summary.write_text("", encoding="utf-8")
        output.write_text("", encoding="utf-8")
        status, log = 0, ""
        for step in ACTION["runs"]["steps"]:
            if "run" not in step:
                continue
            script = self.temp / "step.sh"
            script.write_text(step["run"], encoding="utf-8")
            done = subprocess.run(
                ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
                cwd=repository,
                env={
                    **clean_environment(),
                    **{name: evaluated(value, given) for name, value in step["env"].items()},
                    "CI": "true",
                    "GITHUB_ACTIONS": "true",
                    "GITHUB_ACTION_PATH": str(self.action),
                    "GITHUB_OUTPUT": str(output),
                    "GITHUB_STEP_SUMMARY": str(summary),
                    "GITHUB_WORKSPACE": str(repository),
                    "RUNNER_TEMP": str(self.temp),
                },
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
            # The runner reads both streams alike.
            log += (done.stdout + b"\n" + done.stderr).decode("utf-8")
            assert "Traceback" not in log, log
            status = done.returncode
            if status:
                break
        return Outcome(
            status,
            log,
            list(obeyed(log)),
            summary.read_text(encoding="utf-8"),
            outputs_in(output.read_text(encoding="utf-8")),
        )


def evaluated(value: str, inputs: Mapping[str, str]) -> str:
    """A variable's value, as GitHub fills it in."""
    match = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)
    assert match, f"{value}: only inputs alone are used as variables"
    return inputs[match[1]]


def obeyed(log: str) -> Iterator[Command]:
    """The workflow commands in a log, as the runner (ActionCommand.cs, ActionCommandManager.cs) finds them."""
    resume: str | None = None
    for line in log.split("\n"):
        match = re.match(r"\s*::([\w-]+)(?: ([^\n]*?))?::(.*)", line)
        if resume is not None:
            if match and match[1] == resume:
                resume = None
            continue
        if match is None:
            assert "##[" not in line, f"an older form of command, obeyed anywhere in a line: {line}"
            continue
        if match[1] == "stop-commands":
            resume = match[3]
            continue
        properties = dict(part.split("=", 1) for part in (match[2] or "").split(",") if part)
        yield Command(
            match[1], {name: unescaped(text) for name, text in properties.items()}, unescaped(match[3])
        )
    assert resume is None, "commands were stopped and never let go again"


def unescaped(text: str) -> str:
    for escape, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def outputs_in(text: str) -> dict[str, str]:
    """The outputs that a step set, in the form with a mark: `name<<MARK`, lines, `MARK`."""
    outputs, lines = {}, iter(text.splitlines())
    for line in lines:
        name, mark = line.split("<<", 1)
        value = []
        for row in lines:
            if row == mark:
                break
            value.append(row)
        outputs[name] = "\n".join(value)
    return outputs


def cells(markdown: str) -> list[list[str]]:
    """The rows of the first table, as text that a reader sees; raw HTML other than a line break fails."""
    found: list[list[str]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            found.append([])
        if token.type == "inline" and found:
            found[-1].append("")
            for child in token.children or ():
                assert child.type in {
                    "text",
                    "text_special",
                    "html_inline",
                    "strong_open",
                    "strong_close",
                } | {
                    "em_open",
                    "em_close",
                    "code_inline",
                }, child
                assert child.type != "html_inline" or child.content == "<br>", child
                found[-1][-1] += " " if child.type == "html_inline" else child.content.replace("\u200b", "")
    return found


TRAPS = ("venv", "pip", "json", "typing", "step", "inputs", "yaml", "sitecustomize", "factsheet/__init__")
"""Modules that a step imports, by names that a repository can have too."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a runner keeps its own folders; the name is awkward."""
    return tmp_path_factory.mktemp("a runner's $(touch pwned) `touch pwned`; folder")


@pytest.fixture(scope="module")
def installed(place: Path) -> tuple[Runner, Outcome]:
    """A runner, and its first step, which installs the package from the index in a repository full of traps."""
    copy_project(place / "the action")
    (place / "temp").mkdir()
    runner, repository = Runner(place / "the action", place / "temp"), place / "trapped repository"
    put(repository, "factsheet.yaml", CLEAN)
    for module in TRAPS:
        put(repository, f"{module}.py", "open('pwned', 'w')\n")
    return runner, runner.run(repository)


@pytest.fixture
def runner(installed: tuple[Runner, Outcome]) -> Runner:
    return installed[0]


@pytest.fixture
def first_step(installed: tuple[Runner, Outcome]) -> Outcome:
    return installed[1]


@pytest.fixture
def repository(tmp_path: Path, runner: Runner) -> Iterator[Path]:
    """A model repository; nothing that it or an input names may have run."""
    folder = tmp_path / "model repository"
    folder.mkdir()
    subprocess.run([program("git"), "init", "--quiet", str(folder)], check=True, env=clean_environment())
    yield folder
    for place in (tmp_path, runner.action.parent):
        assert not [path for path in place.rglob("*") if path.name == "pwned"]


def put(repository: Path, name: str, text: str) -> str:
    file = repository / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return name


def test_no_script_of_the_action_holds_an_expression() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert scripts
    assert not [script for script in scripts if "${{" in script]


def test_every_input_travels_as_a_variable_and_is_described() -> None:
    (environment,) = [step["env"] for step in ACTION["runs"]["steps"] if "run" in step]
    carried = {evaluated(value, {name: name for name in ACTION["inputs"]}) for value in environment.values()}
    assert carried == set(ACTION["inputs"])
    assert all(spec["description"] and "default" in spec for spec in ACTION["inputs"].values())


def test_other_actions_are_pinned_by_the_hash_of_a_commit() -> None:
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) for name in used)


def test_a_clean_repository_passes_without_annotations(runner: Runner, repository: Path) -> None:
    put(repository, "sheets/one.yaml", CLEAN)
    done = runner.run(repository)
    assert done.status == 0, done.log
    assert not done.errors()
    assert done.outputs == {"status": "0"}
    assert done.summary.startswith("## FactSheets\n\n1 sheet checked: ")


def test_the_core_is_installed_without_its_extras(runner: Runner, repository: Path) -> None:
    put(repository, "factsheet.yaml", CLEAN)
    runner.run(repository)
    (packages,) = runner.temp.glob("factsheet-*/lib/python*/site-packages")
    names = {folder.name.split("-")[0].lower() for folder in packages.glob("*.dist-info")}
    assert {"factsheet", "pydantic", "pyyaml"} <= names
    assert not {"torch", "weasyprint"} & names


def test_findings_are_annotations_in_their_place_and_rows_of_the_summary(
    runner: Runner, repository: Path
) -> None:
    put(repository, "sheets/one.yaml", BROKEN)
    done = runner.run(repository)
    assert done.status == 1
    (error,) = done.errors()
    # `modle` stands in line 2, columns 27 to 31 of BROKEN.
    assert {"file": "sheets/one.yaml", "line": "2", "col": "27"}.items() <= error.properties.items()
    assert "did you mean `model`?" in error.message
    assert done.outputs["status"] == "1"
    _, row = cells(done.summary)
    assert row[:2] == ["error", "sheets/one.yaml:2:27"]
    assert row[2].startswith("FS152 unknown-key: ")


def test_the_summary_tells_what_each_role_still_misses(runner: Runner, repository: Path) -> None:
    put(repository, "factsheet.yaml", CLEAN)
    from factsheet.readers.roles import ROLES

    summary = runner.run(repository).summary
    assert [role.title for role in ROLES.values() if role.title not in summary] == []
    only = runner.run(repository, roles="data-scientist\nbusiness-expert,").summary
    titles = {"Data scientist", "Business expert"}
    assert {role.title for role in ROLES.values() if role.title in only} == titles


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ({}, 0),
        ({"fail_on": "warning"}, 1),
        ({"fail_on": "warning", "select": "FS1"}, 0),
        ({"fail_on": "warning", "ignore": "FS,FS1"}, 0),
        ({"fail_on": "fatal"}, 2),
        ({"paths": "no-such.yaml"}, 2),
        ({"roles": "data-scientst"}, 2),
        ({"stage": "perfect"}, 2),
        ({"version": "1.0; touch pwned"}, 2),
        ({"upload_sarif": "maybe"}, 2),
    ],
    ids=str,
)
def test_inputs_reach_factsheet(
    runner: Runner, repository: Path, inputs: dict[str, str], status: int
) -> None:
    put(repository, "factsheet.yaml", DOUBTFUL)
    done = runner.run(repository, **inputs)
    assert done.status == status, done.log
    assert bool(done.errors()) == (status == 2)


def test_paths_are_one_a_line(runner: Runner, repository: Path) -> None:
    put(repository, "a b.yaml", BROKEN)
    put(repository, "c.yaml", BROKEN)
    put(repository, "d.yaml", BROKEN)
    done = runner.run(repository, paths="\n  a b.yaml\r\nc.yaml\n\n")
    assert [error.properties["file"] for error in done.errors()] == ["a b.yaml", "c.yaml"]


def test_nothing_in_the_names_of_files_is_executed_or_obeyed(runner: Runner, repository: Path) -> None:
    names = [f"sheets/{text.replace('/', '_')}.yaml" for text in HOSTILE]
    for name in names:
        put(repository, name, BROKEN)
    done = runner.run(repository)
    assert done.status == 1
    assert sorted(error.properties["file"] for error in done.errors()) == sorted(names)
    assert {error.properties["title"] for error in done.errors()} == {"FS152 unknown-key"}
    shown = sorted(row[1] for row in cells(done.summary)[1:])
    assert shown == sorted(f"{' '.join(name.split())}:2:27" for name in names)


def test_nothing_in_a_path_that_is_named_is_executed(runner: Runner, repository: Path) -> None:
    for text in ONE_LINE:
        put(repository, text, BROKEN)
    done = runner.run(repository, paths="\n".join(ONE_LINE))
    assert done.status == 1
    assert [error.properties["file"] for error in done.errors()] == list(ONE_LINE)


def test_nothing_in_a_path_that_is_not_there_is_executed_or_obeyed(runner: Runner, repository: Path) -> None:
    done = runner.run(repository, paths="\n".join(HOSTILE))
    assert done.status == 2
    assert not [command for command in done.commands if command.properties.get("title") == "pwned"]
    assert "pwned" in done.summary


@pytest.mark.parametrize(
    ("names", "text"),
    [
        *((("roles", "stage", "select", "ignore", "fail_on"), text) for text in HOSTILE),
        *(((name,), text) for name in ("version", "upload_sarif") for text in HOSTILE[3::5]),
    ],
)
def test_nothing_in_an_input_is_executed(
    runner: Runner, repository: Path, names: tuple[str, ...], text: str
) -> None:
    put(repository, "factsheet.yaml", CLEAN)
    done = runner.run(repository, **dict.fromkeys(names, text))
    # None of these is a value that the input can have; said in one annotation of our own, and nothing obeyed.
    assert done.status == 2, done.log
    assert [error.properties["title"] for error in done.errors()] == ["factsheet"]


@pytest.mark.parametrize("text", ONE_LINE[:9])
def test_the_file_for_sarif_has_the_name_it_was_given(runner: Runner, repository: Path, text: str) -> None:
    put(repository, "factsheet.yaml", BROKEN)
    done = runner.run(repository, sarif_file=text)
    assert done.status == 1
    assert json.loads((repository / text).read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert done.outputs == {"status": "1", "sarif-file": text}


def test_the_file_for_sarif_gets_its_folder_and_replaces_no_sheet(runner: Runner, repository: Path) -> None:
    put(repository, "factsheet.yaml", BROKEN)
    done = runner.run(repository, sarif_file="reports/new/factsheet.sarif")
    assert done.status == 1
    assert json.loads((repository / "reports/new/factsheet.sarif").read_text(encoding="utf-8"))["runs"]
    done = runner.run(repository, sarif_file="factsheet.yaml")
    assert done.status == 2
    assert any("it is a file that this command reads" in error.message for error in done.errors()), done.log
    assert (repository / "factsheet.yaml").read_text(encoding="utf-8") == BROKEN


def test_what_is_to_be_uploaded_is_written_without_a_name_for_it(runner: Runner, repository: Path) -> None:
    put(repository, "factsheet.yaml", BROKEN)
    done = runner.run(repository, upload_sarif="true")
    assert json.loads(Path(done.outputs["sarif-file"]).read_text(encoding="utf-8"))["runs"]
    assert not (repository / "factsheet.sarif").exists()


def test_nothing_in_a_sheet_is_obeyed(runner: Runner, repository: Path) -> None:
    listed = "".join(f"  {json.dumps(key)}: 1\n" for key in HOSTILE)
    put(
        repository,
        "factsheet.yaml",
        f"factsheet: 1\noverview:\n  name: Example\n  model: BERT-base\n{listed}",
    )
    done = runner.run(repository)
    assert done.status == 1
    assert len(done.errors()) == len(HOSTILE)
    assert {error.properties["title"] for error in done.errors()} == {"FS152 unknown-key"}
    assert len(cells(done.summary)) == len(HOSTILE) + 1


def test_modules_of_the_repository_are_not_imported(runner: Runner, first_step: Outcome) -> None:
    # Installing is the step with most to import: of Python's own modules, of pip's and of the package's.
    assert first_step.status == 0, first_step.log
    assert "Install factsheet" in first_step.log
    assert not list(runner.action.parent.rglob("pwned"))


def test_a_second_step_of_a_job_finds_factsheet_installed(runner: Runner, repository: Path) -> None:
    put(repository, "factsheet.yaml", CLEAN)
    runner.run(repository)
    assert "Install factsheet" not in runner.run(repository).log
