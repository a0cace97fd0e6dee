"""Read plain numbers and choices from a declaration, and note what is assumed where it is silent."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from factsheet.errors import NotStatedError
from factsheet.facts.fact import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping

Answer = bool | int | str | tuple[int, ...]
"""What can be given in place of an answer that a declaration leaves open."""
NOTHING: Mapping[str, Answer] = MappingProxyType({})


class Answers:
    """The answers of one declaration.

    Attributes:
        declared: the declaration: a record of the sheet, or its rows.
        omitted: parts that are left open, and whose parameters are therefore missing.
        assumed: what was assumed, by field.
    """

    def __init__(self, declared: Any, given: Mapping[str, Answer] = NOTHING) -> None:
        """Read a declaration.

        Args:
            declared: a record of the sheet, or its rows.
            given: answers that come before those of the declaration, by field.
        """
        self.declared = declared
        self._given = given
        self.omitted: list[str] = []
        self.assumed: dict[str, str] = {}

    def dimension(self, field: str) -> int:
        """Return a number that everything depends on.

        Raises:
            NotStatedError: it has no value; `path` is the field.
        """
        fact = self._fact(field)
        if fact is None or fact.whole is None:
            raise _not_stated(fact, field)
        return fact.whole

    def wholes(self, field: str) -> tuple[int, ...]:
        """Return several numbers that everything depends on.

        Raises:
            NotStatedError: they have no value; `path` is the field.
        """
        fact = self._fact(field)
        if fact is None or not fact.wholes:
            raise _not_stated(fact, field)
        return fact.wholes

    def pair(self, field: str) -> tuple[int, int]:
        """Return height and width; one number stands for both.

        Raises:
            NotStatedError: they have no value; `path` is the field.
        """
        numbers = self.wholes(field)
        return numbers[0], numbers[-1]

    def table(self, field: str, what: str) -> int:
        """Return the rows of a table: 0 where there is none, and where the sheet leaves it open, which is noted."""
        fact = self._fact(field)
        if _is_not_applicable(fact):
            return 0
        if fact is None or fact.whole is None:
            self.omitted.append(f"{what} (`{field}` is not given)")
            return 0
        return fact.whole

    def number(self, field: str, default: int = 0, note: str = "") -> int:
        """Return a number or its default; the note says what the default means, and is kept where it is used."""
        fact = self._fact(field)
        if fact is not None and fact.whole is not None:
            return fact.whole
        if note and not _is_not_applicable(fact):
            self.assumed[field] = note
        return default

    def flag(self, field: str, note: str = "", *, default: bool = False) -> bool:
        """Return a yes or no, or its default; what does not apply is a no."""
        fact = self._fact(field)
        if fact is not None and fact.flag is not None:
            return fact.flag
        if _is_not_applicable(fact):
            return False
        if note:
            self.assumed[field] = note
        return default

    def choice(self, field: str, default: str, note: str) -> str:
        """Return a word of a closed set, or its default; what does not apply is `none`."""
        fact = self._fact(field)
        if fact is not None and fact.text is not None:
            return fact.text
        if _is_not_applicable(fact):
            return "none"
        if note:
            self.assumed[field] = note
        return default

    def is_withheld(self, field: str) -> bool:
        """Return whether the declaration says that it does not give the answer; what it leaves out has its default."""
        fact = self._fact(field)
        return fact is not None and fact.absence is not None and not _is_not_applicable(fact)

    def _fact(self, field: str) -> Fact | None:
        if field in self._given:
            given = self._given[field]
            return Fact(tuple(map(str, given)) if isinstance(given, tuple) else given)
        fact: Fact | None = getattr(self.declared, field)
        return fact


def _is_not_applicable(fact: Fact | None) -> bool:
    return fact is not None and fact.absence is not None and fact.absence.kind == "not_applicable"


def _not_stated(fact: Fact | None, field: str) -> NotStatedError:
    return NotStatedError(
        f"`{field}` is {'not given' if fact is None else fact.words()}",
        "ops, tiles and sizes follow from the network's dimensions",
        "give the number, with the reference it is cited from",
        place=field,
    )
