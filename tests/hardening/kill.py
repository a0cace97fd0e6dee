"""End commands while they write, by SIGKILL and by Ctrl-C: no file is half, none is left behind for good.

    python tests/hardening/kill.py                            a minute, from a seed that is printed
    python tests/hardening/kill.py --seconds 600 --seed 7
    python tests/hardening/kill.py --seed 7 --trial 123       one again

Half of the signals come at an instruction of the modules that write, chosen at random; half after a random time.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "shared"), str(ROOT / "tests" / "hardening")]

from moments import Watched  # noqa: E402  the line above finds it
from writes import COMMANDS, attempt_for, contents, main_of, prepare, split, start, wait, warm  # noqa: E402  likewise

from factsheet.source import exchange, leftovers, writing  # noqa: E402  likewise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MODULES = (exchange, leftovers, writing)
QUIET = {130, -signal.SIGINT}


class Trial(NamedTuple):
    """What is run, and how it is ended."""

    name: str
    deadly: bool
    moment: float
    """A share of the instructions where `at_instruction`, else of the time."""
    at_instruction: bool


class Whole(NamedTuple):
    """A command that nothing ended."""

    before: dict[str, bytes]
    after: dict[str, bytes]
    instructions: int
    seconds: float


def trial_of(seed: int, number: int, names: Sequence[str]) -> Trial:
    """Return a trial, the same for the same seed, number and names."""
    dice = random.Random(f"{seed}/{number}")  # noqa: S311  moments of a test
    name = dice.choice(names)
    return Trial(name, dice.random() < 0.5, dice.random(), dice.random() < 0.5)


def measure(folder: Path, names: Sequence[str]) -> dict[str, Whole]:
    """Run commands to their end."""
    found = {}
    for name, after in warm(folder, names).items():
        prepare(folder)
        before = contents(folder)
        reading, writing_end = os.pipe()

        def counted(run: Callable[[], int], pipe: int = writing_end) -> int:
            with Watched(MODULES, lambda _: None) as watched:
                status = run()
            os.write(pipe, str(watched.number).encode())
            return status

        wait(start(folder, COMMANDS[name], counted), folder)
        os.close(writing_end)
        instructions = int(os.read(reading, 20) or b"1")
        os.close(reading)
        prepare(folder)
        begun = time.perf_counter()
        wait(start(folder, COMMANDS[name]), folder)
        found[name] = Whole(before, after, instructions, time.perf_counter() - begun)
    return found


def fault_of(trial: Trial, whole: Whole, folder: Path) -> str:
    """Run a trial and return what is wrong with what it left; nothing where all is well."""
    line = COMMANDS[trial.name]
    prepare(folder)
    number = signal.SIGKILL if trial.deadly else signal.SIGINT
    if trial.at_instruction:
        when = int(trial.moment * whole.instructions)

        def ended_at(run: Callable[[], int]) -> int:
            with Watched(MODULES, lambda now: os.kill(os.getpid(), number) if now == when else None):
                return run()

        ended = wait(start(folder, line, ended_at), folder)
    else:
        child = start(folder, line)
        time.sleep(trial.moment * whole.seconds)
        os.kill(child, number)
        ended = wait(child, folder)
    files, left = split(contents(folder))
    for name, content in files.items():
        if content not in (whole.before.get(name), whole.after.get(name)):
            return f"{name} is neither the old nor the new one: {content[:80]!r}"
    missing = set(whole.before) - set(files)
    if missing:
        return f"gone: {missing}"
    if trial.deadly:
        wait(start(folder, line), folder)
        files, left = split(contents(folder))
        if files != whole.after:
            return f"run again, it does not end as it does at once: {set(files) ^ set(whole.after)}"
    elif "Traceback" in ended.said or ended.status not in {0, *QUIET}:
        return f"status {ended.status}: {ended.said[-300:]}"
    return f"left behind: {left}" if left else ""


def run(
    seed: int, trials: range, seconds: float, names: Sequence[str] = tuple(COMMANDS)
) -> tuple[int, list[str]]:
    """Run trials for a time, after all was loaded; return how many were run, and the faults."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "work"
        whole = measure(folder, names)

        def attempt(number: int) -> str:
            trial = trial_of(seed, number, names)
            fault = fault_of(trial, whole[trial.name], folder)
            return fault and f"--seed {seed} --trial {number}: {trial}: {fault}"

        return attempt_for(seconds, trials, attempt)


if __name__ == "__main__":
    raise SystemExit(main_of(__doc__, run, "commands ended while they wrote"))
