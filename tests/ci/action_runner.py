"""Run the action's steps as a runner runs them: inputs in the environment, bash, files for what is handed back."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml
from markdown_it import MarkdownIt
from project_files import ROOT, clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
TOKEN = "ghs_" + "t0ken" * 4
"""What the runner fills in for the job's token."""
HANDED_ON = {spec["value"].split(".")[-1].removesuffix(" }}") for spec in ACTION["outputs"].values()}
"""Outputs of the check that are the action's own."""
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
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each step of the last run, by its id."""

    def run(
        self, repository: Path, environment: Mapping[str, str] | None = None, /, **inputs: str
    ) -> Outcome:
        """Run the `run` steps; inputs are named with `_` for `-`, and `environment` adds to the runner's variables."""
        given = {name: spec.get("default", "") for name, spec in ACTION["inputs"].items()}
        named = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert set(named) <= set(given)
        given |= named
        summary, output = self.temp / "summary.md", self.temp / "output"
        summary.write_text("", encoding="utf-8")
        output.write_text("", encoding="utf-8")
        status, log = 0, ""
        outputs = self.outputs
        outputs.clear()
        for step in ACTION["runs"]["steps"]:
            if "run" not in step or not holds(step.get("if", ""), given, outputs, failed=bool(status)):
                continue
            output.write_text("", encoding="utf-8")
            script = self.temp / "step.sh"
            script.write_text(step["run"], encoding="utf-8")
            done = subprocess.run(
                ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
                cwd=repository,
                env={
                    **clean_environment(),
                    **{name: evaluated(value, given, outputs) for name, value in step["env"].items()},
                    "CI": "true",
                    "GITHUB_ACTIONS": "true",
                    "GITHUB_ACTION_PATH": str(self.action),
                    "GITHUB_OUTPUT": str(output),
                    "GITHUB_STEP_SUMMARY": str(summary),
                    "GITHUB_WORKSPACE": str(repository),
                    "RUNNER_TEMP": str(self.temp),
                    **(environment or {}),
                },
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
            # The runner reads both streams alike.
            log += (done.stdout + b"\n" + done.stderr).decode("utf-8")
            assert "Traceback" not in log, log
            status = status or done.returncode
            if "id" in step:
                outputs[step["id"]] = outputs_in(output.read_text(encoding="utf-8"))
        return Outcome(
            status,
            log,
            list(obeyed(log)),
            summary.read_text(encoding="utf-8"),
            {name: value for name, value in outputs.get("check", {}).items() if name in HANDED_ON},
        )


def evaluated(value: str, inputs: Mapping[str, str], outputs: Mapping[str, Mapping[str, str]]) -> str:
    """A variable's value, as GitHub fills it in."""
    if value == "${{ github.token }}":
        return TOKEN
    match = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)
    if match:
        return inputs[match[1]]
    match = re.fullmatch(r"\$\{\{ steps\.([a-z]+)\.outputs\.([a-z-]+) \}\}", value)
    assert match, f"{value}: only inputs, outputs of a step and the token alone are used as variables"
    return outputs.get(match[1], {}).get(match[2], "")


def holds(
    condition: str, inputs: Mapping[str, str], outputs: Mapping[str, Mapping[str, str]], *, failed: bool
) -> bool:
    """Whether a step runs; without a condition, where none before it failed."""
    if not condition:
        return not failed
    for part in condition.removeprefix("${{ ").removesuffix(" }}").split(" && "):
        match = re.fullmatch(r"([a-z.-]+) (==|!=) '(.*)'", part)
        assert match or part == "!cancelled()", part
        if match and match[1].startswith("inputs."):
            value = inputs[match[1].removeprefix("inputs.")]
        elif match:
            value = evaluated(f"${{{{ {match[1]} }}}}", inputs, outputs)
        if match and (value == match[3]) != (match[2] == "=="):
            return False
    return "!cancelled()" in condition or not failed


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
