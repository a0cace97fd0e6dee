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
    from factsheet.cli.run import run  # after the answer that needs no import

    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
