"""What becomes of a task: a result, or the reason why there is none."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, cast

from factsheet.parallel.errors import TaskFailed

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task has no result."""

    kind: Literal["raised", "died"]
    """`raised`: an exception. `died`: its worker was killed, or ended itself, every time that it was tried."""
    error: str
    """The exception's class, or how the worker ended."""
    message: str
    """What the exception says."""
    trace: str = ""
    """The traceback, for whoever looks for the cause."""
    attempts: int = 1
    """How often the task was tried."""
    exception: BaseException | None = None
    """The exception itself, where it can travel between processes."""

    def __str__(self) -> str:
        """The failure in one line."""
        said = f"{self.error}: {self.message}" if self.message else self.error
        return said if self.kind == "raised" else f"{said}, {self.attempts} times"


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """One task that has come to an end."""

    index: int
    """Which of the tasks, counted from 0."""
    name: str
    """What the caller calls it."""
    answer: R | None
    failure: Failure | None = None

    @property
    def result(self) -> R:
        """What the function returned.

        Raises:
            TaskFailed: it returned nothing.
        """
        if self.failure is not None:
            raise TaskFailed(self.index, self.name, self.failure)
        return cast("R", self.answer)


def failure_of(error: BaseException) -> Failure:
    """The failure that an exception is."""
    trace = "".join(traceback.format_exception(error))
    return Failure("raised", type(error).__name__, str(error), trace, exception=error)
