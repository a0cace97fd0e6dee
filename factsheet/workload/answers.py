"""Plain numbers and choices from a sheet's answers, with a note of what had to be assumed where it is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.workload.errors import NotStatedError

if TYPE_CHECKING:
    from factsheet.sheet.fact import Fact
    from factsheet.sheet.record import Node


class Answers:
    """The answers of one declaration.

    Attributes:
        omitted: parts that are left open, and whose parameters are therefore missing.
        assumed: what was assumed, by field.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self.omitted: list[str] = []
        self.assumed: dict[str, str] = {}

    def dimension(self, field: str) -> int:
        """A number that everything depends on.

        Raises:
            NotStatedError: it has no value; `path` is the field.
        """
        fact = self._fact(field)
        if fact is None or fact.whole is None:
            raise _unknown(fact, field)
        return fact.whole

    def wholes(self, field: str) -> tuple[int, ...]:
        """Several numbers that everything depends on.

        Raises:
            NotStatedError: they have no value; `path` is the field.
        """
        fact = self._fact(field)
        if fact is None or not fact.wholes:
            raise _unknown(fact, field)
        return fact.wholes

    def pair(self, field: str) -> tuple[int, int]:
        """Height and width; one number stands for both.

        Raises:
            NotStatedError: they have no value; `path` is the field.
        """
        numbers = self.wholes(field)
        return numbers[0], numbers[-1]

    def table(self, field: str, what: str) -> int:
        """Rows of a table; 0 where there is none, and where the sheet leaves it open, which is then noted."""
        fact = self._fact(field)
        if _applies_not(fact):
            return 0
        if fact is None or fact.whole is None:
            self.omitted.append(f"{what} (`{field}` is not given)")
            return 0
        return fact.whole

    def number(self, field: str, default: int = 0, note: str = "") -> int:
        """A number with a default; the note says what the default means, and is kept where it is used."""
        fact = self._fact(field)
        if fact is not None and fact.whole is not None:
            return fact.whole
        if note and not _applies_not(fact):
            self.assumed[field] = note
        return default

    def flag(self, field: str, note: str = "", *, default: bool = False) -> bool:
        """A yes or no with a default; what does not apply is a no."""
        fact = self._fact(field)
        if fact is not None and fact.flag is not None:
            return fact.flag
        if _applies_not(fact):
            return False
        if note:
            self.assumed[field] = note
        return default

    def choice(self, field: str, default: str, note: str) -> str:
        """A word of a closed set with a default."""
        fact = self._fact(field)
        if fact is not None and fact.text is not None:
            return fact.text
        if _applies_not(fact):
            return "none"
        self.assumed[field] = note
        return default

    def _fact(self, field: str) -> Fact | None:
        fact: Fact | None = getattr(self._node, field)
        return fact


def _applies_not(fact: Fact | None) -> bool:
    return fact is not None and fact.absence is not None and fact.absence.kind == "not_applicable"


def _unknown(fact: Fact | None, field: str) -> NotStatedError:
    return NotStatedError(
        f"`{field}` is {'not given' if fact is None else fact.words()}",
        "ops, tiles and sizes follow from the network's dimensions",
        "give the number, with the reference it is cited from",
        field,
    )
