"""What a step says to the runner: workflow commands on standard output, and lines for the files that it names.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import secrets
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def say(text: str) -> None:
    """One line to the log."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def annotate(message: str, *, grave: bool = True) -> None:
    """An error of the run as a whole, or a warning."""
    say(f"::{'error' if grave else 'warning'} title=factsheet::{_escaped(message)}")


def annotate_line(message: str, file: str, line: int, column: int) -> None:
    """An error at a place of a file."""
    name = _escaped(file).replace(":", "%3A").replace(",", "%2C")
    say(f"::error file={name},line={line},col={column},title=factsheet::{_escaped(message)}")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def quote(text: str) -> None:
    """Text for the log alone: names of files and words of other programs may look like commands, and must not act."""
    with not_obeyed():
        for line in text.splitlines():
            say(line)


@contextmanager
def not_obeyed() -> Iterator[None]:
    """Keep the runner from obeying what is printed meanwhile, by other processes too."""
    token = secrets.token_hex(16)
    say(f"::stop-commands::{token}")
    try:
        yield
    finally:
        say(f"::{token}::")


@contextmanager
def group(title: str) -> Iterator[None]:
    """Fold the log of a piece of work, and obey nothing in it."""
    say(f"::group::{title}")
    with not_obeyed():
        yield
    say("::endgroup::")


def put_output(file: Path, name: str, value: str) -> None:
    """Set an output of the step; a random mark ends it, so that no value can set another output."""
    mark = secrets.token_hex(16)
    with file.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(f"{name}<<{mark}\n{value}\n{mark}\n")
