"""The step of the GitHub Action. Needs the standard library alone, and says so where Python is too old for the rest."""

import sys


def main() -> int:
    """Run the step and return its exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036  the runner's Python, not one that we chose
        sys.stdout.write(
            "::error title=factsheet::factsheet needs Python 3.11 or later, and python3 is "
            f"{sys.version.split()[0]}; put actions/setup-python before this step\n"
        )
        return 2
    from step import run  # not before the version is known: it is written for that Python

    return run()


if __name__ == "__main__":
    sys.exit(main())
