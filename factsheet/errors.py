"""The errors that the package raises, each with what is wrong, why, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class SourceError(Exception):
    """Base of every error that this package raises; findings inside a text are `Problem` values instead."""

    def diagnostics(self) -> str:
        """Say what went wrong and what to do next, for a person at a terminal."""
        return str(self)


class SourceUnreadableError(SourceError):
    """A path that was named as a source and cannot be read.

    Attributes:
        path: The path as it was given.
        reason: The cause in the operating system's words, such as "No such file or directory".
    """

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason

    def diagnostics(self) -> str:
        """Say which path could not be read, why, and what to check."""
        return (
            f"{self.path}: cannot be read: {self.reason}. Nothing in it has been checked; "
            "see that the path is right and that the file is open to this user."
        )


class WriteError(SourceError):
    """A file that could not be written; what stood there before is still whole.

    Attributes:
        path: The path as it was given.
        reason: The cause in the operating system's words, such as "No space left on device".
    """

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason

    def diagnostics(self) -> str:
        """Say which path could not be written, why, and that nothing was lost."""
        return (
            f"{self.path}: cannot be written: {self.reason}. The file is as it was before; "
            "see that its folder exists, is open to this user and has room."
        )


def reason_of(error: OSError | ValueError) -> str:
    """Give the cause of a failed file operation without the errno and the path that Python adds to it."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error)


class SweepError(ValueError):
    """A range, a column or a grid that no sweep can be made of, or a package that writing it takes.

    Attributes:
        message: what is wrong.
        why: why it matters.
        help: how to mend it.
        candidates: names that may have been meant.
    """

    def __init__(self, message: str, why: str, help_: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message, self.why, self.help, self.candidates = message, why, help_, candidates

    def diagnostics(self) -> str:
        """What, why and what to do next, for a person at a terminal."""
        return f"{self.message}: {self.why}; {self.help}"
