"""Functions that the tests send to workers; a worker imports this module and nothing of pytest."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet import errors

if TYPE_CHECKING:
    from factsheet.jobs.tasks import Failure


class Odd(Exception):  # noqa: N818  what matters is that it can be written and not read back
    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} is not {right}")


def square(number: int) -> int:
    return number * number


def with_pid(number: int) -> tuple[int, int]:
    return number, os.getpid()


def slow_first(number: int) -> int:
    time.sleep(0.5 if number == 0 else 0.0)
    return number


def picky(number: int) -> int:
    if number == 2:
        raise ValueError("two is refused")
    return number


def exits(number: int) -> int:
    if number == 1:
        sys.exit("out of here")
    return number


def odd(number: int) -> int:
    raise Odd(str(number), "even")


def lambda_of(number: int) -> object:
    return (lambda: number) if number else number


def dies_once(task: tuple[int, str]) -> int:
    """Kills its worker the first time, as the kernel does when memory runs out."""
    number, folder = task
    mark = Path(folder) / f"tried-{number}"
    with mark.open("a", encoding="utf-8") as tried:
        tried.write("x")
    if number % 5 == 3 and mark.stat().st_size == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def dies_always(task: tuple[int, str]) -> int:
    number, folder = task
    with (Path(folder) / f"tried-{number}").open("a", encoding="utf-8") as tried:
        tried.write("x")
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def always_fatal(number: int) -> int:
    os._exit(7)


def naps(task: tuple[int, str]) -> tuple[int, int]:
    """Leaves its process's number behind while it works."""
    number, folder = task
    (Path(folder) / f"pid-{os.getpid()}").touch()
    time.sleep(0.15)
    return number, os.getpid()


def sleeps(task: tuple[int, str]) -> int:
    number, folder = task
    (Path(folder) / f"pid-{os.getpid()}").touch()
    time.sleep(60 if number else 0)
    return number


def large_then_killed(number: int) -> bytes:
    """A large result, in the middle of whose sending the process is killed; number 3 only."""
    if number == 3:
        threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return b"x" * 300_000_000
    return b"x" * 3_000_000


def raises_error(name: str) -> None:
    """Raise an error of the package, by its name, as its callers do."""
    three = ("batch: 0", "a batch of none has no cost", "give 1 or more")
    known: dict[str, Exception] = {
        "workload": errors.WorkloadError(*three, place="model_architecture.mlp"),
        "cost": errors.CostError(*three),
        "fit": errors.DoesNotFitError(480, 64, ("q", "k"), 8),
        "profile": errors.UnknownProfileError("ibm", ("ibm-2022",)),
        "programmed": errors.NotProgrammedError("encoder"),
        "study": errors.StudyError(*three),
        "rule": errors.UnknownRuleError("no rule is called `x`", candidates=("FS101",)),
        "write": errors.WriteError("a.yaml", "No space left on device"),
        "odd": Odd("3", "even"),
    }
    raise known[name]


ERRORS = ("workload", "cost", "fit", "profile", "programmed", "study", "rule", "write", "odd")


def words_of(failure: Failure | None) -> tuple[object, ...]:
    """All that a person reads of a failure."""
    assert failure is not None
    said = failure.exception.diagnostics() if isinstance(failure.exception, errors.FactsheetError) else ""
    return failure.kind, failure.error, failure.message, str(failure), said
