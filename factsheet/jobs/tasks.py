"""Keeps account of tasks on their way, and of what becomes of each: a result, or the reason why there is none."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, cast

from factsheet.errors import TaskFailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class QueuedTask(Generic[T]):
    """One task on its way."""

    index: int
    name: str
    task: T
    attempts: int = 0


class TaskQueue(Generic[T]):
    """The tasks in order; the iterable behind them is read only as far as tasks are handed out."""

    def __init__(self, tasks: Iterable[T], named: Callable[[T], str] | None, *, in_order: bool) -> None:
        self._tasks = enumerate(tasks)
        self._named = named
        self._in_order = in_order
        self._under_way: dict[int, None] = {}  # a set that remembers order: the first is the oldest
        self._next = 0

    def take(self, abreast: int) -> QueuedTask[T] | None:
        """Return the next task; `None` at the end or, in order, where it is too far ahead of the oldest unfinished.

        Args:
            abreast: how many tasks run at a time; results of twice as many may wait for their turn.
        """
        if self._in_order and self._under_way:
            oldest = next(iter(self._under_way))
            if self._next - oldest >= 2 * abreast:
                return None
        for index, task in self._tasks:
            self._next = index + 1
            self._under_way[index] = None
            name = f"task {index + 1}" if self._named is None else self._named(task)
            return QueuedTask(index, name, task)
        return None

    def finish(self, index: int) -> None:
        """Take note that a task has come to an end."""
        del self._under_way[index]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task has no result."""

    kind: Literal["raised", "died"]
    """`raised`: an exception. `died`: its worker was killed, or ended itself, every time that it was tried."""
    error: str
    """The exception's class, or how the worker ended."""
    message: str
    """The exception's message."""
    trace: str = ""
    """The traceback, for whoever looks for the cause."""
    attempts: int = 1
    """How often the task was tried."""
    exception: BaseException | None = None
    """The exception itself, where it can travel between processes."""

    def __str__(self) -> str:
        """Put the failure into one line."""
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
        """Return what the function returned.

        Raises:
            TaskFailedError: it returned nothing.
        """
        if self.failure is not None:
            raise TaskFailedError(self.index, self.name, self.failure)
        return cast("R", self.answer)


def failure_of(error: BaseException) -> Failure:
    """Return the failure that an exception is."""
    trace = "".join(traceback.format_exception(error))
    return Failure("raised", type(error).__name__, str(error), trace, exception=error)
