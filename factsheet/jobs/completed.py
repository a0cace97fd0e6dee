"""Runs one function over many tasks and hands on each result as soon as it is there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal, TypeVar

from factsheet.errors import JobError, TaskFailedError
from factsheet.jobs.tasks import Done, TaskQueue
from factsheet.jobs.worker import answered

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

T = TypeVar("T")
R = TypeVar("R")

ATTEMPTS = 3
"""How often a task is tried whose worker dies under it."""


def completed(
    function: Callable[[T], R],
    tasks: Iterable[T],
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    named: Callable[[T], str] | None = None,
    on_failure: Literal["stop", "continue"] = "stop",
    in_order: bool = False,
    attempts: int = ATTEMPTS,
) -> Iterator[Done[R]]:
    """Run the function on every task; yield each as it comes to an end.

    One worker is this process. More are processes of their own, started afresh rather than forked, so that torch's
    threads and locks come to no harm; each gets one task at a time. If one is killed (memory, a signal), what had
    finished stays, a new one takes its place, and only the task that it had in hand is tried again. Closing the
    iterator, or Ctrl-C, ends the workers at once; they write nothing while they go.

    What a task returns must not depend on where it runs: then results are the same for any number of workers.

    Args:
        function: what to do with a task. For other processes: importable by name, or an instance or partial that can
            be pickled; it is sent once to each worker.
        tasks: read lazily; no more are taken than can run.
        workers: how many run at a time; by default one for each processor that this process may use. With a
            scheduler: by default as many as it has threads.
        scheduler: the address of a Dask scheduler to run on instead, such as `tcp://192.0.2.7:8786`.
        named: what to call a task in messages; by default by its number.
        on_failure: whether the first failure ends everything, or comes as a `Done` and the others go on.
        in_order: yield in the order of the tasks. Results that are early wait for their turn, and no more than a few
            tasks for each worker are started ahead of it.
        attempts: how often a task is tried whose worker dies.

    Raises:
        TaskFailedError: a task failed, and `on_failure` is `stop`.
        NotSendableError: the function cannot be sent to another process.
        WorkersLostError: workers die whatever they are given.
        DaskMissingError, SchedulerAddressError, SchedulerUnreachableError, SchedulerLostError: the scheduler cannot
            be used.
        JobError: fewer workers or attempts than one.
    """
    for name, number in (("workers", workers), ("attempts", attempts)):
        if number is not None and number < 1:
            raise JobError(f"{name}: {number}", "nothing would be run", "give 1 or more")
    feed = TaskQueue(tasks, named, in_order=in_order)
    if scheduler is not None:
        from factsheet.jobs.cluster import run_on_dask  # needs an extra

        running = run_on_dask(function, feed, scheduler, workers)
    elif (count := workers or processors()) == 1:
        running = _here(function, feed)
    else:
        from factsheet.jobs.processes import run_on_processes  # loads multiprocessing

        running = run_on_processes(function, feed, count, attempts)
    return _handed_on(running, in_order=in_order, stops=on_failure == "stop")


def processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _here(function: Callable[[T], R], feed: TaskQueue[T]) -> Generator[Done[R], None, None]:
    while (entry := feed.take(1)) is not None:
        feed.finish(entry.index)
        answer, failure = answered(function, entry.task)
        yield Done(entry.index, entry.name, answer, failure)


def _handed_on(
    running: Generator[Done[R], None, None], *, in_order: bool, stops: bool
) -> Generator[Done[R], None, None]:
    """Hand on what ends, in order or up to the first failure where that is wanted; end the workers with it."""
    early: dict[int, Done[R]] = {}
    turn = 0
    try:
        for done in running:
            if stops and done.failure is not None:
                raise TaskFailedError(done.index, done.name, done.failure)
            if not in_order:
                yield done
                continue
            early[done.index] = done
            while turn in early:
                yield early.pop(turn)
                turn += 1
    finally:
        running.close()
