"""The steps of the GitHub Action. Needs the standard library alone, and says so where Python is too old for more."""

import sys


def main() -> int:
    """Run the step that is named and return its exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036  the runner's Python, not one that we chose
        sys.stdout.write(
            "::error title=factsheet::factsheet needs Python 3.11 or later, and python3 is "
            f"{sys.version.split()[0]}; put actions/setup-python before this step\n"
        )
        return 2
    # Not before the version is known: they are written for that Python.
    if sys.argv[1:] == ["prepare"]:
        from installation import prepare

        return prepare()
    if sys.argv[1:] == ["comment"]:
        from comment import post

        return post()
    from step import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
