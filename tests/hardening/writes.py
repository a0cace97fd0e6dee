"""Commands that write, each in a folder of its own, in children of this process: for kills and for races."""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factsheet.cli import run as cli
from factsheet.source import leftovers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SHEET = """\
factsheet: 1   # a comment that stays
overview: {name: Small, model: small, modle: x}
model_architecture: {mlp: {sizes: [20, 12, 3]}}
parameters:
  power: 3.13W   # as measured
"""
FILES = {
    "s.yaml": SHEET,
    "new.yaml": "factsheet: 1\noverview: {name: Old, model: old}\n",
    "answers.yaml": "overview: {name: Small, model: small}\n",
    "known.json": '{"schema": "factsheet.baseline/1", "sheets": {}}\n',
    "pyproject.toml": "[tool.factsheet]\n",
}
EDITS = {
    "set": "set --sheet s.yaml overview.version=2",
    "unset": "unset --sheet s.yaml parameters.power",
    "fix": "validate s.yaml --fix --exit-zero",
    "fill": "fill s2.yaml --yes",
    "new": "new --answers answers.yaml -o new.yaml --force",
    "baseline": "validate s.yaml --baseline known.json --update-baseline --exit-zero",
}
"""Edits in place, of a file that an editor may have open."""
OUTPUTS = {
    "derive": "derive s2.yaml -o out.txt",
    "reports": "validate s.yaml --exit-zero --output-format json=r.json --output-format sarif=r.sarif",
    "badge": "badge s2.yaml -o out.svg",
    "sweep": "sweep s2.yaml --hardware ibm-2022 --batch 1,2 --format csv -o out.csv",
    "pages": "render s2.yaml --role all --format md -o pages",
}
COMMANDS = {**EDITS, **OUTPUTS}
QUICK = ("set", "baseline", "fix", "unset", "reports")
"""Those that take a few hundredths of a second."""
EDITED = {"fill": "s2.yaml", "new": "new.yaml", "baseline": "known.json"}
"""The file that an edit changes, where it is not the sheet."""


class Ended(NamedTuple):
    """How a child ended: its status, or minus the signal; and what it said."""

    status: int
    said: str


def prepare(folder: Path) -> None:
    """Make a folder with the files that the commands work on, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in {**FILES, "s2.yaml": SHEET.replace(", modle: x", "")}.items():
        (folder / name).write_text(text, encoding="utf-8")


def start(folder: Path, line: str, within: Callable[[Callable[[], int]], int] = lambda run: run()) -> int:
    """Run a command line in a child, whose streams go to a file beside the folder; return the child's number."""
    # An interrupt is kept from the child until there is nothing of this process that it could unwind.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    child = os.fork()
    if child:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        return child
    status = 130  # of an interrupt that comes before the command has begun

    def begin() -> int:
        nonlocal status
        status = 3
        return cli.run(line.split(), quitting=True)

    try:
        stream = os.open(folder.with_suffix(".said"), os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        os.dup2(stream, 1)
        os.dup2(stream, 2)
        sys.stdout = sys.stderr = open(1, "w", closefd=False)  # noqa: SIM115  the process ends with it
        os.chdir(folder)
        leftovers.sweep.cache_clear()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        status = within(begin)
        sys.stdout.flush()
    finally:
        os._exit(status)


def wait(child: int, folder: Path) -> Ended:
    """Wait for a child."""
    _, status = os.waitpid(child, 0)
    said = ""
    with suppress(OSError):
        said = folder.with_suffix(".said").read_text(encoding="utf-8", errors="replace")
    return Ended(os.waitstatus_to_exitcode(status), said)


def contents(folder: Path) -> dict[str, bytes]:
    """Return what is in a folder and below it."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def split(found: dict[str, bytes]) -> tuple[dict[str, bytes], set[str]]:
    """Return the files, and the names of what was left for the next write to sweep."""
    left = {name for name in found if re.fullmatch(leftovers.NAME, Path(name).name)}
    return {name: content for name, content in found.items() if name not in left}, left


def warm(folder: Path, names: Sequence[str]) -> dict[str, dict[str, bytes]]:
    """Run commands once, so that children find all loaded; return what each leaves."""
    whole = {}
    here = Path.cwd()
    shown = sys.stdout, sys.stderr
    for name in names:
        line = COMMANDS[name]
        prepare(folder)
        os.chdir(folder)
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123
            sys.stdout = sys.stderr = nowhere
            try:
                status = cli.run(line.split())
            finally:
                sys.stdout, sys.stderr = shown
                os.chdir(here)
        whole[name] = contents(folder)
        changed = {name: text for name, text in whole[name].items() if FILES.get(name, "").encode() != text}
        if status or not changed:
            raise SystemExit(f"{line}: status {status}")
    return whole


def attempt_for(seconds: float, trials: range, attempt: Callable[[int], str]) -> tuple[int, list[str]]:
    """Attempt trials by number for a time; return how many were made, and the faults, printed as they come."""
    faults, done, until = [], 0, time.monotonic() + seconds
    for number in trials:
        if time.monotonic() > until:
            break
        fault = attempt(number)
        done += 1
        if fault:
            faults.append(fault)
            print(fault)  # noqa: T201
    return done, faults


def main_of(said: str | None, run: Callable[[int, range, float], tuple[int, list[str]]], what: str) -> int:
    """Read the command line, run, and say what came of it."""
    parser = argparse.ArgumentParser(description=said, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--trial", type=int, help="run this one alone")
    given = parser.parse_args()
    trials = range(10**9) if given.trial is None else range(given.trial, given.trial + 1)
    done, faults = run(given.seed, trials, given.seconds)
    print(f"seed {given.seed}: {done} {what}, {len(faults)} faults")  # noqa: T201
    return 1 if faults else 0
