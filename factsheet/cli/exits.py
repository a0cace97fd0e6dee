"""What the process's exit status says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

CLEAN: Final = 0
"""Nothing found at or above `--fail-on`."""
FINDINGS: Final = 1
"""Findings at or above `--fail-on`."""
USAGE: Final = 2
"""Wrong usage or configuration, or input that can not be read."""
BUG: Final = 3
"""A fault of ours."""
INTERRUPTED: Final = 130
"""Ctrl-C, as shells number it."""


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """`did you mean `x`? ` for what is close to a known word; empty where nothing is."""
    from difflib import get_close_matches  # only for a word that is not known

    close = get_close_matches(given, list(known), 1)
    return f"did you mean `{close[0]}`? " if close else ""


class Stop(Exception):  # noqa: N818  it ends the command; it is not always an error
    """Ends a command with a message on standard error and an exit status."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
