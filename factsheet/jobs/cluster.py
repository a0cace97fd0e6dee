"""Runs tasks on a Dask cluster, through its scheduler. Loads `distributed`, which is an extra.

Dask itself tries a task again whose worker dies, and gives it up after the number of deaths that the scheduler's
`allowed-failures` sets (3 by default).
"""

from __future__ import annotations

import contextlib
import logging
import pickle
import re
import time
import warnings
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from factsheet.errors import (
    DaskMissingError,
    SchedulerAddressError,
    SchedulerLostError,
    SchedulerUnreachableError,
)
from factsheet.installation import install_command
from factsheet.jobs.tasks import Done, Failure, failure_of
from factsheet.jobs.worker import answered, function_bytes, packed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from distributed import Client, Future

    from factsheet.jobs.tasks import QueuedTask, TaskQueue

T = TypeVar("T")
R = TypeVar("R")

_ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss|ucx)://)?(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})/?")
_CONNECT_S = 10.0
_ALONE_S = 60.0
"""How long a scheduler may be without any worker; a cluster that grows and shrinks is at times."""
_LOOK_S = 1.0
_LAST_PORT = 65535


def run_on_dask(
    function: Callable[[T], R], feed: TaskQueue[T], address: str, abreast: int | None
) -> Generator[Done[R], None, None]:
    """Run tasks on the workers of a scheduler; see `completed`."""
    port = _ADDRESS.fullmatch(address)
    if port is None or not 1 <= int(port[1]) <= _LAST_PORT:
        raise SchedulerAddressError(
            f"`{address[:100]}` is no address of a Dask scheduler",
            "tasks are sent to a host and a port",
            "give what `dask scheduler` prints at its start, such as `tcp://192.0.2.7:8786`",
        )
    payload = function_bytes(function)
    with _connected(address) as client:
        # As a task of its own, so that each worker gets it once and another can make it again if that one dies.
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sending large graph", category=UserWarning)
            held = client.submit(pickle.loads, payload, pure=False)
        yield from _Session(client, held, address, abreast).run(feed)


class _Session:
    """The tasks that are at the scheduler, and what became of them."""

    def __init__(self, client: Client, held: Future, address: str, abreast: int | None) -> None:
        self._client, self._held, self._address = client, held, address
        self._wanted = abreast
        self._ended: SimpleQueue[Future] = SimpleQueue()
        self._alone_since: float | None = None
        self._finished = 0

    def run(self, feed: TaskQueue[T]) -> Generator[Done[R], None, None]:
        """Keep the workers busy until the tasks run out."""
        under_way: dict[str, tuple[QueuedTask[T], Future]] = {}
        threads = self._threads()
        while True:
            # Twice as many as there are threads: a worker has the next task at hand when it is through with one.
            abreast = self._wanted or max(2, 2 * threads)
            while len(under_way) < abreast and (entry := feed.take(abreast)) is not None:
                future = self._client.submit(_call, self._held, entry.task, pure=False)
                under_way[future.key] = entry, future
                future.add_done_callback(self._ended.put)
            if not under_way:
                return
            try:
                ended = self._ended.get(timeout=_LOOK_S)
            except Empty:
                threads = self._threads()
                continue
            entry, _ = under_way.pop(ended.key)
            self._finished += 1
            feed.finish(entry.index)
            yield self._opened(entry, ended)

    def _opened(self, entry: QueuedTask[T], future: Future) -> Done[R]:
        if future.status in {"cancelled", "lost"}:
            raise _lost(self._address, "it answers no more", self._finished - 1)
        error = future.exception()
        if error is None:
            answer, failure = pickle.loads(future.result())  # noqa: S301  from our own worker
            return Done(entry.index, entry.name, answer, failure)
        if type(error).__name__ == "KilledWorker":
            allowed = int(getattr(error, "allowed_failures", 0)) + 1
            return Done(
                entry.index, entry.name, None, Failure("died", "its worker was lost", "", attempts=allowed)
            )
        return Done(entry.index, entry.name, None, failure_of(error))

    def _threads(self) -> int:
        """Count the threads of all workers; raises where there is neither scheduler nor, for long, a worker."""
        try:
            threads: int = sum(self._client.nthreads().values())
        except Exception as error:  # noqa: BLE001  comm, timeout and cancellation errors share no other base
            raise _lost(self._address, f"{error}" or type(error).__name__, self._finished) from None
        now = time.monotonic()
        if threads:
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = now
        elif now - self._alone_since > _ALONE_S:
            raise _lost(self._address, f"no worker for {_ALONE_S:.0f} s", self._finished)
        return threads


def _call(function: Callable[[T], R], task: T) -> bytes:
    """Runs on a worker. Bytes: an exception is the caller's to judge, and none of Dask's log."""
    return packed(answered(function, task))


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Client]:
    """Open a client of the scheduler that leaves nothing running and prints nothing."""
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        if error.name not in {"distributed", "dask"}:
            raise
        raise DaskMissingError(
            "the package `distributed` is not installed",
            "it is what connects to a Dask scheduler",
            f"install it with {install_command('distributed')}, or leave out the scheduler",
        ) from None
    with _quiet():
        try:
            client = Client(address, timeout=_CONNECT_S, set_as_default=False, name="factsheet")
        except (OSError, ValueError, RuntimeError) as error:  # TimeoutError is an OSError
            raise _unreachable(address, f"{error}"[:200] or type(error).__name__) from None
        try:
            try:
                client.wait_for_workers(1, timeout=_CONNECT_S)
            except TimeoutError:
                raise _unreachable(address, f"no worker within {_CONNECT_S:.0f} s") from None
            yield client
        finally:
            client.close(timeout=_CONNECT_S)


def _unreachable(address: str, reason: str) -> SchedulerUnreachableError:
    return SchedulerUnreachableError(
        f"the Dask scheduler at {address} cannot be used: {reason}",
        "no task could be run",
        "see that `dask scheduler` and at least one `dask worker` run there, in the same versions as here,"
        " and that no firewall is in between",
    )


def _lost(address: str, reason: str, finished: int) -> SchedulerLostError:
    return SchedulerLostError(
        f"the Dask scheduler at {address} was lost: {reason}; tasks finished by then: {finished:,}",
        "the others cannot be run",
        "read its log, and run again",
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's logs off the terminal; what matters of them comes as an error."""
    # Each of Dask's loggers has a handler and a level of its own, so that of their parent does not count.
    own = [
        logger
        for name, logger in logging.root.manager.loggerDict.items()
        if name.partition(".")[0] == "distributed" and isinstance(logger, logging.Logger)
    ]
    before = [logger.disabled for logger in own]
    for logger in own:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(own, before, strict=True):
            logger.disabled = disabled
