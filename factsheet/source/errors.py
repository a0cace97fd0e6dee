"""What goes wrong between a path and its text: files that cannot be read, files that cannot be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class SourceError(Exception):
    """Base of every error that this package raises; findings inside a text are `Problem` values instead."""

    def diagnostics(self) -> str:
        """Say what went wrong and what to do next, for a person at a terminal."""
        return str(self)


class SourceUnreadable(SourceError):  # noqa: N818 - named for the fault, as the rest of the interface is
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


class WriteFailed(SourceError):  # noqa: N818 - named for the fault, as the rest of the interface is
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
