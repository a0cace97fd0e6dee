"""What can go wrong between a network, a chip and an estimate."""

from __future__ import annotations


class CostError(ValueError):
    """An estimate that means nothing: a batch of none, a network without work on tiles, one that does not fit.

    Attributes:
        message: what is wrong.
        why: why it matters.
        help: how to mend it.
    """

    def __init__(self, message: str, why: str, help_: str) -> None:
        super().__init__(message)
        self.message, self.why, self.help = message, why, help_

    def diagnostics(self) -> str:
        """What, why and what to do next, for a person at a terminal."""
        return f"{self.message}: {self.why}; {self.help}"


class DoesNotFitError(CostError):
    """A network takes more tiles than there are.

    Attributes:
        tiles: tiles that it takes.
        available: tiles that there are.
        left_out: names of the matrices that find no place, in order of execution.
        chips: chips that it takes, where the tiles are those of chips.
    """

    def __init__(
        self, tiles: int, available: int, left_out: tuple[str, ...], chips: int | None = None
    ) -> None:
        named = ", ".join(left_out[:3]) + (f" and {len(left_out) - 3:,} more" if len(left_out) > 3 else "")  # noqa: PLR2004  a line's worth
        more = "more tiles" if chips is None else f"{chips:,} chips"
        super().__init__(
            f"the network takes {tiles:,} tiles, and there are {available:,}",
            f"{named} would find no place",
            f"allow {more}, fuse or pack matrices, or keep these digital",
        )
        self.tiles, self.available, self.left_out, self.chips = tiles, available, left_out, chips
