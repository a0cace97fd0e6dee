"""The way in, from the console script and from `python -m factsheet`. Imports only what the command needs."""

from __future__ import annotations

import contextlib
import os
import sys


def main() -> None:
    """Run the command line; `--version` is answered before anything is imported."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        from factsheet._version import __version__

        sys.stdout.write(f"factsheet {__version__}\n")
        return
    import gc

    # Importing and building the validator make many objects that live to the end; looking for cycles among them
    # again and again takes a twentieth of the start-up time.
    gc.set_threshold(50_000, 20, 20)
    from factsheet.cli.run import run

    _leave(run(arguments), at_once=arguments[:1] == ["validate"])


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
        with contextlib.suppress(OSError):
            os.write(2, f"factsheet: the report could not be written: {error.strerror}\n".encode())
        os._exit(2)
    if at_once:
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    main()
