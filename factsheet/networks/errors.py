"""What can go wrong between a declaration of a network and its operators."""

from __future__ import annotations


class WorkloadError(ValueError):
    """A network whose operators can not be worked out, or a convention that does not exist.

    Attributes:
        message: what is wrong.
        why: why it matters.
        help: how to mend it.
        path: where in the sheet, e.g. `model_architecture.transformer_encoder.heads`; empty outside a sheet.
    """

    def __init__(self, message: str, why: str, help_: str, path: str = "") -> None:
        super().__init__(message)
        self.message, self.why, self.help, self.path = message, why, help_, path

    def diagnostics(self) -> str:
        """Where, what, why and what to do next, for a person at a terminal."""
        where = f"{self.path}: " if self.path else ""
        return f"{where}{self.message}: {self.why}; {self.help}"


class NotStatedError(WorkloadError):
    """A dimension that everything depends on has no value: nothing can be worked out, and nothing is wrong."""
