"""What a caller can get wrong about a sweep."""

from __future__ import annotations


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
