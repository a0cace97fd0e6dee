"""Answers of a sheet that a bill has in fields of its own, exactly as they are, so that no property repeats them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.bills.own_properties import HELD
from factsheet.authoring.importing.reading import line_of
from factsheet.exchange.bills.subject import part, said
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath


class HeldAnswers:
    """Gives answers by their paths, and notes which of them a field that they are put into holds exactly.

    Attributes:
        paths: of the answers that are held.
    """

    def __init__(self, sheet: SheetFields, data: dict[str, Any]) -> None:
        self._sheet, self._data = sheet, data
        self.paths: set[KeyPath] = set()

    def text(self, *path: str) -> str:
        """Return an answer in words; it counts as held where it is nothing but one line of text."""
        value, text = self._plain(path), said(self._sheet, *path)
        if isinstance(value, str) and value == line_of(value) == text and dotted(path) in HELD:
            self.paths.add(path)
        return text

    def lines(self, *path: str) -> list[str]:
        """Return an answer that is a list, likewise."""
        fact, value = part(self._sheet, *path), self._plain(path)
        lines = [] if fact is None or fact.absence is not None else list(fact.items)
        plain = [value] if isinstance(value, str) else value
        if lines and plain == lines and all(line_of(line) == line for line in lines) and dotted(path) in HELD:
            self.paths.add(path)
        return lines

    def _plain(self, path: KeyPath) -> Any:
        value: Any = self._data
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value
