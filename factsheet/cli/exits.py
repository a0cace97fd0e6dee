"""The exit statuses of the program, and what a person reads of an error."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from factsheet.errors import (
    BrokenProfileError,
    FactsheetError,
    InvalidSheetError,
    UntrustedError,
    in_one_line,
)
from factsheet.reports.text import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CLEAN: Final = 0
"""Nothing found at or above `--fail-on`."""
FINDINGS: Final = 1
"""Findings at or above `--fail-on`."""
USAGE: Final = 2
"""Wrong usage or configuration, or input that cannot be read."""
BUG: Final = 3
"""A fault of ours."""
INTERRUPTED: Final = 130
"""Ctrl-C, as shells number it."""
_LISTING: Final = (InvalidSheetError, BrokenProfileError)
"""Errors that list every fault with its place."""


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Return `did you mean `x`? ` for what is close to a known word, and nothing where no word is."""
    from difflib import get_close_matches  # only for a word that is not known

    close = get_close_matches(given, list(known), 1)
    return f"did you mean `{close[0]}`? " if close else ""


def status_of(error: FactsheetError) -> int:
    """Return the exit status for an error: findings for what has faults or is not to be trusted, else wrong usage."""
    return FINDINGS if isinstance(error, (*_LISTING, UntrustedError)) else USAGE


def screen(error: FactsheetError, *, place: str = "") -> str:
    """Return an error as a person reads it: where and what, then why it matters, then what to do.

    Args:
        error: what went wrong.
        place: where, for an error that does not know.
    """
    notes = [f"  {note}" for note in getattr(error, "__notes__", ())]
    if isinstance(error, _LISTING):
        return "\n".join([error.diagnostics(), *notes])
    if not error.why and not error.help and not error.candidates:
        return harmless("\n".join([f"factsheet: {error.diagnostics()}", *notes]))
    where = in_one_line(error.place or place)
    known = not where or error.message.startswith(f"{where}: ")
    lines = [f"factsheet: {error.message}" if known else f"factsheet: {where}: {error.message}"]
    if error.why:
        lines.append(f"  = why: {error.why}")
    # What was given is the first thing that the message quotes.
    given = error.message.partition("`")[2].partition("`")[0]
    hint = did_you_mean(given, error.candidates) if error.candidates else ""
    if hint or error.help:
        lines.append(f"  = help: {hint}{error.help}")
    # An exception of code that was imported, a path: what it says is not this program's.
    return harmless("\n".join([*lines, *notes]))


@contextmanager
def located(name: str, *kinds: type[FactsheetError]) -> Iterator[None]:
    """Within this context, state the source's name in errors of these kinds, before the path in it."""
    try:
        yield
    except kinds as error:
        path = error.place
        error.place = (
            f"{name}: {path}" if path and path != name and not path.startswith(f"{name}: ") else name
        )
        error.message = error.message.removeprefix(f"{name}: ")
        raise
