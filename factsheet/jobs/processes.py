"""Runs tasks on processes of this machine, each in a lane of its own.

`concurrent.futures` breaks the whole pool when one worker dies and cannot tell which task it had in hand: innocent
tasks would be tried again, or blamed. Here a worker has one pipe and one task, so its death concerns that task alone.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import pickle
import signal
from collections import deque
from multiprocessing import connection
from typing import TYPE_CHECKING, Generic, TypeVar

from factsheet.errors import WorkersLostError
from factsheet.jobs.tasks import Done, Failure, failure_of
from factsheet.jobs.worker import function_bytes, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from factsheet.jobs.tasks import QueuedTask, TaskQueue

T = TypeVar("T")
R = TypeVar("R")

_HOPELESS = 5
"""So many tasks lost with their workers, and none finished: it is not the tasks."""
_GRACE_S = 2.0


def run_on_processes(
    function: Callable[[T], R], feed: TaskQueue[T], workers: int, attempts: int
) -> Generator[Done[R], None, None]:
    """Run tasks on that many processes, started as tasks come; see `completed`."""
    payload = function_bytes(function)
    lanes: list[_Lane[T]] = []
    again: deque[QueuedTask[T]] = deque()
    finished = lost = 0
    try:
        while True:
            yield from _fill(lanes, again, feed, workers=workers, payload=payload)
            busy = [lane for lane in lanes if lane.entry is not None]
            if not busy:
                return
            for lane in _ready(busy):
                entry = lane.entry
                assert entry is not None  # noqa: S101  it is busy
                lane.entry = None
                reply = lane.reply()
                if reply is not None:
                    finished += 1
                    feed.finish(entry.index)
                    yield _opened(entry, reply)
                    continue
                ending = lane.close()
                lanes.remove(lane)
                entry.attempts += 1
                if entry.attempts < attempts:
                    again.append(entry)
                    continue
                lost += 1
                failure = Failure("died", f"its worker was lost ({ending})", "", attempts=entry.attempts)
                if lost == _HOPELESS and not finished:
                    raise WorkersLostError(
                        f"{lost} tasks ended with the death of their worker, and none with a result;"
                        f" the last: {entry.name}: {failure}",
                        "then it is the workers and not the tasks that something is wrong with",
                        "see that there is memory enough, use fewer workers, and guard a script's main part with"
                        ' `if __name__ == "__main__":`',
                    )
                feed.finish(entry.index)
                yield Done(entry.index, entry.name, None, failure)
    finally:
        for lane in lanes:
            lane.process.terminate()
        for lane in lanes:
            lane.close()


def _fill(
    lanes: list[_Lane[T]], again: deque[QueuedTask[T]], feed: TaskQueue[T], *, workers: int, payload: bytes
) -> Iterator[Done[R]]:
    """Give every free lane a task, those first that lost a worker; yield tasks that cannot be sent."""
    given: list[tuple[_Lane[T], bytes]] = []
    free = [lane for lane in lanes if lane.entry is None]
    while free or len(lanes) < workers:
        entry = again.popleft() if again else feed.take(workers)
        if entry is None:
            break
        try:
            task = pickle.dumps(entry.task)
        except Exception as error:  # noqa: BLE001  see run_on_processes
            feed.finish(entry.index)
            yield Done(entry.index, entry.name, None, failure_of(error))
            continue
        if not free:
            lanes.append(_Lane())
            free.append(lanes[-1])
            given.append((lanes[-1], payload))
        lane = free.pop()
        lane.entry = entry
        given.append((lane, task))
    # Only now, when all of them are starting: a long message waits until its worker reads.
    for lane, message in given:
        lane.send(message)


class _Lane(Generic[T]):
    """A worker, its pipe, and the task that it has in hand."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.entry: QueuedTask[T] | None = None
        self.process = context.Process(target=serve, args=(theirs,), name="factsheet worker")
        with _without_interrupt():
            self.process.start()
        theirs.close()
        # An iterator that nobody closes must not keep the interpreter from ending, which waits for its children.
        atexit.register(self.process.terminate)

    def send(self, message: bytes) -> None:
        """Send bytes; a worker that is gone shows when its reply is awaited."""
        with contextlib.suppress(OSError):
            self.pipe.send_bytes(message)

    def reply(self) -> bytes | None:
        """Return what the worker sent; `None` if it died before it did."""
        try:
            return self.pipe.recv_bytes() if self.pipe.poll() else None
        except (EOFError, OSError):
            return None

    def close(self) -> str:
        """End the worker, wait for its end, and return how it came."""
        atexit.unregister(self.process.terminate)
        self.pipe.close()
        self.process.join(_GRACE_S)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
        code = self.process.exitcode
        self.process.close()
        return _words(code)


def _words(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name
            return f"{name}, as when memory runs out" if name == "SIGKILL" else name
    return f"exit status {code}"


def _ready(busy: list[_Lane[T]]) -> list[_Lane[T]]:
    """Return the lanes with a reply or a dead worker; waits for the first."""
    # The sentinel too: a worker's own children could keep its end of the pipe open after its death.
    ready = set(connection.wait([end for lane in busy for end in (lane.pipe, lane.process.sentinel)]))
    return [lane for lane in busy if lane.pipe in ready or lane.process.sentinel in ready]


def _opened(entry: QueuedTask[T], reply: bytes) -> Done[R]:
    try:
        answer, failure = pickle.loads(reply)  # noqa: S301  from our own worker
    except Exception as error:  # noqa: BLE001  see run_on_processes
        answer, failure = None, failure_of(error)
    return Done(entry.index, entry.name, answer, failure)


@contextlib.contextmanager
def _without_interrupt() -> Iterator[None]:
    """Start a process that Ctrl-C does not reach, not even while it loads: it is this process that answers it.

    A blocked signal stays blocked in the process started meanwhile; here it arrives when the block is lifted.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows; there the worker ignores it once it runs
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # its own start would lift the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
