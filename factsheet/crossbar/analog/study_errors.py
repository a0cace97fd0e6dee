"""What can go wrong with a study or a training, in words for people."""

from __future__ import annotations


class StudyError(ValueError):
    """A study or a training that can not be carried out as asked.

    Attributes:
        message: what is wrong.
        why: why it matters.
        help: how to mend it.
    """

    def __init__(self, message: str, why: str, help_: str) -> None:
        super().__init__(message)
        self.message, self.why, self.help = message, why, help_

    def __reduce__(self) -> tuple[type[StudyError], tuple[str, str, str]]:
        # Without it, an exception from another process would arrive without its second and third part.
        return type(self), (self.message, self.why, self.help)

    def diagnostics(self) -> str:
        """What, why and what to do next, for a person at a terminal."""
        return f"{self.message}: {self.why}; {self.help}"
