"""Raise KeyboardInterrupt on Ctrl-C while a command is at work, so that it can clean up and say what it kept."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def interruptible() -> Iterator[None]:
    """Within this context, raise KeyboardInterrupt on Ctrl-C, whatever happens on it outside."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.unraisablehook = _interrupt_again
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = sys.__unraisablehook__


def is_interrupt(error: BaseException) -> bool:
    """Return whether a KeyboardInterrupt caused an error.

    Python before 3.12 wraps one that falls into a class body; pydantic-core keeps no more than the words of one that
    falls into the building of a validator.
    """
    if type(error).__name__ == "SchemaError" and "KeyboardInterrupt" in str(error):
        return True
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, KeyboardInterrupt):
        cause = cause.__cause__
    return cause is not None


def _interrupt_again(unraisable: sys.UnraisableHookArgs) -> None:
    """Interrupt once more, a moment later, where KeyboardInterrupt was raised in a callback that cannot pass it on."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
        return
    from threading import Timer, get_ident  # only here

    # To the main thread, which is the one here: a signal that another one gets does not wake it from waiting.
    if hasattr(signal, "pthread_kill"):
        again = Timer(0.01, signal.pthread_kill, (get_ident(), signal.SIGINT))
    else:
        again = Timer(0.01, signal.raise_signal, (signal.SIGINT,))
    again.daemon = True
    again.start()
