"""Completion in the shells themselves, and what is offered for each kind of word."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from system_tools import program

ROOT = Path(__file__).parents[2]
PWSH = shutil.which("pwsh") or ""
CASES = [
    ("factsheet vali", "factsheet validate"),
    ("factsheet validate --fail-o", "factsheet validate --fail-on"),
    ("factsheet status --role data-s", "factsheet status --role data-scientist"),
    ("factsheet render --format mark", "factsheet render --format markdown"),
    ("factsheet get parameters.pow", "factsheet get parameters.power"),
    ("factsheet fields limitat", "factsheet fields limitations"),
    ("factsheet explain FS207", "factsheet explain FS207"),
    ("factsheet hardware show her", "factsheet hardware show hermes-64"),
    ("factsheet derive --hardware ibm", "factsheet derive --hardware ibm-2022"),
    ("factsheet todo --stage dra", "factsheet todo --stage draft"),
]


@pytest.fixture
def shell_home(tmp_path: Path) -> dict[str, str]:
    """An environment with `factsheet` on the path, an empty home, and a terminal that says nothing of itself."""
    home = tmp_path / "home"
    home.mkdir()
    command = tmp_path / "factsheet"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m factsheet "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name in {"LANG", "LC_ALL", "TMPDIR"}}
    return kept | {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "TERM": "dumb",
        "COLUMNS": "80",
    }


def completed(shell: pexpect.spawn, typed: str) -> str:
    """Return the command line after Tab: it is made the argument of `echo` and run."""
    shell.send(typed)
    shell.send("\t")
    shell.send("\x01")  # to the beginning of the line, in the way of Emacs, which both shells have
    shell.send("echo '<'")
    shell.send("\x05")
    shell.sendline("'>'")
    shell.expect(r"<\s*(factsheet[^<>]*?)\s*>\r?\n", timeout=60)
    found: bytes = shell.match.group(1)
    return found.decode().strip()


def test_bash_completes(shell_home: dict[str, str], tmp_path: Path) -> None:
    shell = pexpect.spawn(
        program("bash"),
        ["--norc", "--noprofile", "-i"],
        env=shell_home,
        cwd=str(tmp_path),
        dimensions=(40, 300),
    )
    shell.sendline("PS1='ready> '; bind 'set enable-bracketed-paste off'")
    shell.sendline('eval "$(factsheet completion bash)"; echo loaded:$?')
    shell.expect("loaded:0", timeout=60)
    assert [completed(shell, typed) for typed, _ in CASES] == [whole for _, whole in CASES]
    shell.close(force=True)


def test_zsh_completes(shell_home: dict[str, str], tmp_path: Path) -> None:
    shell = pexpect.spawn(
        program("zsh"), ["-f", "-i"], env=shell_home, cwd=str(tmp_path), dimensions=(40, 300)
    )
    shell.sendline(
        "unsetopt zle_bracketed_paste prompt_sp; bindkey -e; autoload -Uz compinit; compinit -u -D"
    )
    shell.sendline('eval "$(factsheet completion zsh)"; echo loaded:$?')
    shell.expect("loaded:0", timeout=60)
    assert [completed(shell, typed) for typed, _ in CASES] == [whole for _, whole in CASES]
    shell.close(force=True)


def test_fish_completes(shell_home: dict[str, str], tmp_path: Path) -> None:
    some = CASES[::3]  # what is offered is the same for all shells; each costs fish two runs
    folder = Path(shell_home["HOME"]) / ".config" / "fish" / "completions"
    script = (
        "mkdir -p $argv[1]; factsheet completion fish > $argv[1]/factsheet.fish; "
        'for typed in $argv[2..-1]; complete -C "$typed"; echo "end of $typed"; end'
    )
    done = subprocess.run(
        [program("fish"), "-c", script, str(folder), *(typed for typed, _ in some)],
        env=shell_home,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    offered = done.stdout
    for typed, whole in some:
        lines, _, offered = offered.partition(f"end of {typed}\n")
        words = [line.partition("\t")[0] for line in lines.splitlines()]
        assert words[0] == whole.split()[-1], done
        assert all(word.startswith(typed.split()[-1]) for word in words), done
    assert offered == ""


if PWSH:  # Debian has no package of it, so that a newcomer cannot be asked to install it

    @pytest.mark.parametrize(("typed", "whole"), CASES)
    def test_powershell_completes(typed: str, whole: str, shell_home: dict[str, str], tmp_path: Path) -> None:
        script = (
            "factsheet completion powershell | Out-String | Invoke-Expression; "
            f"(TabExpansion2 '{typed}' {len(typed)}).CompletionMatches[0].CompletionText"
        )
        done = subprocess.run(
            [PWSH, "-NoProfile", "-Command", script],
            env=shell_home,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == whole.rsplit(maxsplit=1)[-1]


def offered(typed: str, **environment: str) -> list[tuple[str, str]]:
    """What fish, or PowerShell, would be told."""
    done = subprocess.run(
        [sys.executable, "-m", "factsheet"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "_TYPER_COMPLETE_ARGS": typed, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stderr
    mark = "\t" if "fish" in environment["_FACTSHEET_COMPLETE"] else ":::"
    return [(line.partition(mark)[0], line.partition(mark)[2]) for line in done.stdout.splitlines()]


FISH = {"_FACTSHEET_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("factsheet status --role data-scientist,ai", {"data-scientist,ai-engineer"}),
        ("factsheet validate --select FS206,FS207", {"FS206,FS207"}),
        ("factsheet validate --output-format sa", {"sarif"}),
        (
            "factsheet set performance.results[2].tasks[task=RTE].ta",
            {"performance.results[2].tasks[task=RTE].task"},
        ),
        ("factsheet explain parameters.pow", {"parameters.power"}),
        ("factsheet completion pow", {"powershell"}),
    ],
)
def test_lists_rows_and_formats_are_offered(typed: str, expected: set[str]) -> None:
    assert {word for word, _ in offered(typed, **FISH)} == expected


def test_powershell_is_told_the_word_and_its_meaning() -> None:
    words = offered(
        "factsheet hardware show her",
        _FACTSHEET_COMPLETE="complete_powershell",
        _TYPER_COMPLETE_WORD_TO_COMPLETE="her",
    )
    assert words == [("hermes-64", "IBM HERMES project chip, 64 cores (2023)")]


@pytest.mark.parametrize("columns", ["20", "80"])
def test_a_long_description_stays_in_one_line(columns: str) -> None:
    assert [word for word, _ in offered("factsheet val", COLUMNS=columns, **FISH)] == ["validate"]


def test_completing_a_command_loads_no_other() -> None:
    code = "import sys; from factsheet.cli.run import run; run([]); print(*sys.modules, sep='\\n', file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "_TYPER_COMPLETE_ARGS": "factsheet todo --stage ",
            **FISH,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stderr.split())
    assert done.stdout.split() == ["draft", "review", "published"]
    assert "factsheet.cli.todo" in loaded
    assert not {"factsheet.cli.derive", "factsheet.recompute.engine", "torch"} & loaded


def test_a_shell_that_is_not_known_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", "completion", "tcsh"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "tcsh" in done.stderr
    assert "bash" in done.stderr
