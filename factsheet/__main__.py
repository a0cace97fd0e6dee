"""Start the command line, for the console script and `python -m factsheet`. Imports only what the command needs."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line; `--version` is answered before anything is imported."""
    try:
        arguments = sys.argv[1:]
        if arguments in (["--version"], ["-V"]):
            from factsheet._version import __version__

            sys.stdout.write(f"factsheet {__version__}\n")
            return
        quitting = _quit_on_interrupt()
        status = _run(arguments, quitting=quitting)
    except KeyboardInterrupt:
        os._exit(130)
    _leave(status, at_once=arguments[:1] == ["validate"])


def _quit_on_interrupt() -> bool:
    """Let Ctrl-C end the process with status 130 from now on; one that is ignored, as under nohup, stays ignored.

    An exception that a signal raises between two lines is lost where Python calls back from C, for one in the
    callbacks that free the locks of imports: they print a traceback and go on. At start-up and at the end nothing is
    half-done, and a handler that ends the process is both quiet and certain.
    """
    # `signal` imports a dozen modules, each of which can be interrupted; this part is there from the start.
    import _signal  # type: ignore[import-not-found]

    quitting: bool = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
    if quitting:
        _signal.signal(_signal.SIGINT, _quit)
    return quitting


def _quit(*_: object) -> None:
    os._exit(130)


def _run(arguments: list[str], *, quitting: bool) -> int:
    import gc

    # Importing and building the validator make some 100,000 objects that live to the end; looking for cycles among
    # them takes a thirtieth of the start-up time each time.
    gc.set_threshold(150_000, 20, 20)
    from factsheet.cli.run import run

    return run(arguments, quitting=quitting)


def _leave(status: int, *, at_once: bool) -> None:
    """End the process with a status.

    Taking down the interpreter, module by module, takes a tenth of the time of checking a sheet. `validate` leaves
    nothing that needs it: files are written and closed by then, and the streams are flushed here.
    """
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError as error:
        try:
            os.write(2, f"factsheet: the report could not be written: {error.strerror}\n".encode())
        finally:
            os._exit(2)
    if at_once:
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    main()
