"""What the process's exit status says."""

from __future__ import annotations

from typing import Final

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


class Stop(Exception):  # noqa: N818  it ends the command; it is not always an error
    """Ends a command with a message on standard error and an exit status."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
