"""Hold a score as a file has it, before anything is said about what it means."""

from __future__ import annotations

from typing import Any, NamedTuple


class RawScore(NamedTuple):
    """A score as a file has it.

    Attributes:
        task: the name of the row.
        metric: the name of the metric in the file.
        number: its value.
        text: the value as written; `%` behind it settles how it is read.
        where: file, line and key.
        system: what was evaluated; every row of a table has the same ones.
        row: what else the row states.
    """

    task: str
    metric: str
    number: float
    text: str
    where: str
    system: str = "model"
    row: tuple[tuple[str, Any], ...] = ()
    spread: str | None = None
    """What is behind ±, in the unit of the number, as written."""
    total: bool = False
    """Whether it is a mean over the other rows."""
