"""What can go wrong when a network is put on simulated crossbars."""

from __future__ import annotations


class AnalogError(ValueError):
    """A configuration, a weight or a request that no crossbar could follow.

    Attributes:
        message: what is wrong.
        why: why it matters.
        help: how to mend it.
    """

    def __init__(self, message: str, why: str, help_: str) -> None:
        super().__init__(f"{message}: {why}; {help_}")
        self.message, self.why, self.help = message, why, help_

    def diagnostics(self) -> str:
        """What, why and what to do next, for a person at a terminal."""
        return str(self)


class NotProgrammedError(AnalogError):
    """A layer was used before conductances were programmed."""

    def __init__(self, layer: str) -> None:
        super().__init__(
            f"{layer or 'the layer'} has not been programmed",
            "its conductances do not exist yet, and digital weights in their place would look too good",
            "call `program(module, seed=…)` first",
        )


class StudyError(AnalogError):
    """A study or a training that can not be carried out as asked."""

    def __reduce__(self) -> tuple[type[StudyError], tuple[str, str, str]]:
        # Without it, an exception from another process would arrive without its second and third part.
        return type(self), (self.message, self.why, self.help)
