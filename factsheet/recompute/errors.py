"""What a caller can get wrong when deriving facts; what a sheet leaves open is no error but `not_derivable`."""

from __future__ import annotations


class DeriveError(ValueError):
    """An operating point, a convention or the name of a fact that does not exist.

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
