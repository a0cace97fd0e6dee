"""What a process costs: the CPU time and the memory of a command, as the kernel accounts for them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
SHEETS = ROOT / "sheets"
SCHEMA = ROOT / "schemas" / "factsheet-1.schema.json"


class CannotMeasureError(Exception):
    """A command is not installed, or fails where it should succeed; its figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command took."""

    cpu_s: float
    """User and system time of the process and of those that it started, in seconds."""
    peak_bytes: int
    """The most memory that was resident at once."""


def environment() -> dict[str, str]:
    """What a measured process finds in its environment.

    Some machines, containers above all, are set up so that Python keeps no bytecode: every process would compile our
    modules again, and the installed ones of others not. What is measured is a package that was compiled once.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def cost_of(command: Sequence[str], cwd: Path | None = None) -> Cost:
    """Run the command once, its output thrown away.

    The first run after an installation still compiles; warm up with one that is not counted.

    Waits with `wait4`, whose figures are those of this one process: `getrusage(RUSAGE_CHILDREN)` adds up the CPU
    time of every child so far, and of memory it only keeps the largest child's.

    Raises:
        CannotMeasureError: the command cannot be started, or exits with another status than 0.
    """
    try:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(), cwd=cwd
        )
    except OSError as error:
        raise CannotMeasureError(f"{command[0]}: {error}") from error
    if process.stderr is None:  # a pipe was asked for
        raise CannotMeasureError(f"{command[0]}: standard error cannot be read")
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        words = complaint.decode(errors="replace").strip()
        raise CannotMeasureError(f"{' '.join(command)[:200]}: exit status {process.returncode}\n{words}")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def interleaved(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[Cost]]:
    """Each command's costs over so many rounds, each round running every command once.

    In turns, so that a machine that grows slower halfway slows all of them. A first round warms the caches and is
    not counted.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            cost = cost_of(command)
            if turn:
                costs[name].append(cost)
    return costs


def fastest(
    sides: Mapping[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """The least time of each side in this process, in seconds, over so many rounds that run every side once.

    In turns, after a round that warms up: other work on the machine only ever makes a turn slower, and it falls on
    turns of every side.

    Args:
        sides: what is measured, by name.
        rounds: how often.
        clock: CPU time of one thread; where several work, or another device, it has to be the clock on the wall.
    """
    least = dict.fromkeys(sides, float("inf"))
    for turn in range(rounds + 1):
        for name, side in sides.items():
            began = clock()
            side()
            if turn:
                least[name] = min(least[name], clock() - began)
    return least


def median_cpu_s(costs: Sequence[Cost]) -> float:
    """The median CPU time, in seconds."""
    return statistics.median(cost.cpu_s for cost in costs)


def script(name: str) -> str:
    """A console script of the environment that runs this.

    Raises:
        CannotMeasureError: there is none of that name.
    """
    path = Path(sysconfig.get_path("scripts")) / name
    if not path.is_file():
        raise CannotMeasureError(
            f"{name} is not installed beside {sys.executable}; `nox -s bench` installs it"
        )
    return str(path)


def verdict(what: str, value: float, limit: float, unit: str) -> str:
    """One line: the value, its limit, and whether it keeps to it."""
    return f"{'PASS' if value <= limit else 'FAIL'}  {what}: {value:.3g}{unit}, at most {limit:g}{unit}"
