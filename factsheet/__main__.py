"""The way in, from the console script and from `python -m factsheet`. Imports only what the command needs."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; `--version` is answered before anything is imported."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        from factsheet import __version__  # the point of this branch

        sys.stdout.write(f"factsheet {__version__}\n")
        return
    import gc

    # Importing and building the validator make many objects that live to the end; looking for cycles among them
    # again and again takes a twentieth of the start-up time.
    gc.set_threshold(50_000, 20, 20)
    from factsheet.cli.run import run  # after the answer that needs no import

    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
