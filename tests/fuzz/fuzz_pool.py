"""Run cases in children of a process that has everything imported, and see each child's time, memory and end."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import socket
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from select import select
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from fuzz_cases import MOST_BYTES, Case, Fault, Target, try_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ROOM = 4 * 2**30
"""Bytes of addresses that a child may take beyond its parent's: a bound for the machine, not for the case."""
_CASES_OF_A_CHILD = 1500
"""After so many, a child hands over to a fresh one."""
_MOST_WAIT_S = 120.0
"""Without a step of work: the case waits for something that does not come."""


class Outcome(NamedTuple):
    """What came of one case."""

    number: int
    cpu_s: float
    grown: int
    """Bytes of memory at the most, over what the child held before."""
    key: str = ""
    """Of the fault; empty where there is none."""
    detail: str = ""


def dice_for(target: str, seed: int, number: int) -> random.Random:
    """Return what a case draws from: the same for the same target, seed and number, whatever ran before it."""
    return random.Random(f"{target}/{seed}/{number}")  # noqa: S311  to be repeatable, not secret


def run_all(
    target: Target, seed: int, numbers: range, *, until: Callable[[], bool] = lambda: False
) -> Iterator[Outcome]:
    """Make and run the cases of these numbers, in children one after the other, and yield what came of each.

    A child that is killed, or that goes on past its bounds, costs the case that it was at; the next child goes on
    after it.
    """
    at = numbers.start
    while at < numbers.stop and not until():
        last = min(at + _CASES_OF_A_CHILD, numbers.stop)
        reached = at

        def make(number: int) -> Case:
            return target.make(dice_for(target.name, seed, number))

        for outcome in _run_child(target, make, range(at, last), until):
            reached = outcome.number + 1
            yield outcome
        if reached == at:  # no result at all, so that the next child would come to the same end
            return
        at = reached


def run_one(target: Target, case: Case) -> Outcome:
    """Run one case in a child of its own."""
    found = list(_run_child(target, lambda _: case, range(1), lambda: False))
    return found[0] if found else Outcome(0, 0.0, 0, "the child ended without a word")


def _run_child(
    target: Target, make: Callable[[int], Case], numbers: range, until: Callable[[], bool]
) -> Iterator[Outcome]:
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(target, make, numbers, folder, writing)
    os.close(writing)
    watched = _Child(child, target.cpu_s)
    try:
        yield from _outcomes(watched, reading, until)
    finally:
        os.close(reading)
        watched.end()
        shutil.rmtree(folder, ignore_errors=True)


class _Child:
    """A child, and how much it has worked since its case began."""

    def __init__(self, process: int, cpu_s: float) -> None:
        self.process, self.cpu_s = process, cpu_s
        self.number: int | None = None
        self.ended = False
        self.begin(None)

    def begin(self, number: int | None) -> None:
        self.number = number
        self.worked = self.cpu()
        self.since = time.monotonic()

    def cpu(self) -> float:
        """Return the seconds of processor time so far; what it had where it is gone."""
        try:
            fields = Path(f"/proc/{self.process}/stat").read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            return getattr(self, "worked", 0.0)
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def overdue(self) -> str:
        """Return in which way it goes on past its bounds; empty where it does not."""
        worked = self.cpu() - self.worked
        if worked > 3 * self.cpu_s:
            return f"ended after {worked:.0f} s of work"
        waited = time.monotonic() - self.since
        return (
            f"waits: {worked:.1f} s of work in {waited:.0f} s" if waited > _MOST_WAIT_S + 20 * worked else ""
        )

    def end(self) -> int:
        """End it, and return how it ended."""
        if self.ended:
            return 0
        self.ended = True
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        return os.waitpid(self.process, 0)[1]


def _outcomes(child: _Child, reading: int, until: Callable[[], bool]) -> Iterator[Outcome]:
    rest = b""
    while True:
        if select([reading], [], [], 0.5)[0]:
            new = os.read(reading, 65536)
            if not new:
                break
            *lines, rest = (rest + new).split(b"\n")
            for line in lines:
                held = json.loads(line)
                if "begin" in held:
                    child.begin(held["begin"])
                else:
                    child.begin(None)
                    yield Outcome(**held)
                    if until():
                        return
        elif child.number is not None and (late := child.overdue()):
            number = child.number
            child.end()
            yield Outcome(number, child.cpu_s, 0, late.partition(":")[0].partition(" after")[0], late)
            return
    status = os.waitpid(child.process, 0)[1]
    child.ended = True
    if child.number is not None:
        yield Outcome(child.number, 0.0, 0, f"the process ended with {os.waitstatus_to_exitcode(status)}")


def _work(
    target: Target, make: Callable[[int], Case], numbers: range, folder: Path, writing: int
) -> NoReturn:
    """Run cases, and write a line before and after each; never returns."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _no_network()
        size = int(Path("/proc/self/statm").read_text("utf-8").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + _ROOM, size + _ROOM))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for number in numbers:
            os.write(writing, json.dumps({"begin": number}).encode() + b"\n")
            outcome = _measured(target, make, number, folder)
            if number == numbers.start and outcome.key.startswith("too "):
                outcome = _measured(
                    target, make, number, folder
                )  # the first pays for what is loaded on first use
            os.write(writing, json.dumps(outcome._asdict()).encode() + b"\n")
        os._exit(0)
    finally:
        os._exit(70)  # nothing of the parent's may run here


def _measured(target: Target, make: Callable[[int], Case], number: int, folder: Path) -> Outcome:
    place = folder / str(number)
    place.mkdir()
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "utf-8")  # the highest mark of memory begins anew
    case = make(number)
    before, began = _memory("VmRSS"), time.process_time()
    fault = try_case(target, case, place)
    cpu, grown = time.process_time() - began, max(_memory("VmHWM") - before, 0)
    shutil.rmtree(place, ignore_errors=True)
    if fault is None and cpu > target.cpu_s:
        fault = Fault("too slow", f"{cpu:.1f} s")
    if fault is None and grown > MOST_BYTES:
        fault = Fault("too much memory", f"{grown / 10**6:.0f} MB")
    if fault is None:
        return Outcome(number, cpu, grown)
    return Outcome(number, cpu, grown, fault.key, str(fault)[-4000:])


def _memory(name: str) -> int:
    """Return a line of this process's status in bytes; 0 where the system has none."""
    try:
        text = Path("/proc/self/status").read_text("utf-8")
    except OSError:
        return 0
    line = next((line for line in text.splitlines() if line.startswith(name)), f"{name}: 0")
    return int(line.split()[1]) * 1024


def _no_network() -> None:
    """Let no case reach beyond this machine."""

    def refuse(*_: object) -> NoReturn:
        raise OSError(101, "no network while fuzzing")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse  # type: ignore[assignment]
