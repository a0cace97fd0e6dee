"""Runs in a worker process: reads a task, runs the function, sends what came of it."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from multiprocessing import connection
from typing import TYPE_CHECKING, Any

from factsheet.errors import NotSendableError
from factsheet.jobs.tasks import Failure, failure_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection


def serve(pipe: Connection) -> None:
    """Run tasks until the pipe is closed or the parent process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        payload = pipe.recv_bytes()
        function: Callable[[Any], Any] | None = None
        while True:
            message = pipe.recv_bytes()
            try:
                if function is None:
                    function = pickle.loads(payload)  # noqa: S301  from our own parent
                    payload = b""
                reply = answered(function, pickle.loads(message))  # noqa: S301
            except Exception as error:  # noqa: BLE001  an object's own methods can raise anything
                reply = None, failure_of(error)
            pipe.send_bytes(packed(reply))
    except (EOFError, OSError):
        return


def function_bytes(function: Callable[..., Any]) -> bytes:
    """Pickle a function for other processes.

    Raises:
        NotSendableError: it cannot be pickled.
    """
    try:
        return pickle.dumps(function)
    except Exception as error:  # noqa: BLE001  pickle lets through whatever an object's own methods raise
        reason = f"{type(error).__name__}: {error}"[:200]
        raise NotSendableError(
            f"the function cannot be sent to another process ({reason})",
            "a worker imports it by name, or gets a copy of it",
            "define it at the top level of a module, or use one worker, which is this process",
        ) from None


def answered(function: Callable[[Any], Any], task: Any) -> tuple[Any, Failure | None]:
    """Return the function's result, or the failure that its exception is."""
    try:
        return function(task), None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  an exit too is the task's; the caller decides what to make of it
        return None, failure_of(error)


def packed(reply: tuple[Any, Failure | None]) -> bytes:
    """Return the reply as bytes; where the result or the exception cannot travel, a reply that states so."""
    answer, failure = reply
    try:
        message = pickle.dumps((answer, failure))
        if failure is not None:
            pickle.loads(message)  # noqa: S301  many exceptions can be written and not read: their __init__ differs
    except Exception as error:  # noqa: BLE001  see serve
        shown = failure or failure_of(error)
        bare = Failure("raised", shown.error, shown.message, shown.trace)
        return pickle.dumps((None, bare))
    return message


def _end_with_parent() -> None:
    """Leave as soon as the parent is gone, however it went: a long task would otherwise outlive it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
