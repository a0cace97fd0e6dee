"""What a sheet says of a fact, answer by answer, for the one who is to grade it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.sheet.labels import place_label
from factsheet.sheet.walk import facts
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from factsheet.sheet.model import SheetFields


class SaidAnswer(NamedTuple):
    """An answer of the sheet: its path, its label below the section's, and its words."""

    path: str
    label: str
    words: str

    def is_below(self, fact: str) -> bool:
        """Return whether it belongs to a fact."""
        return self.path == fact or self.path.startswith((f"{fact}.", f"{fact}["))


def said_in(sheet: SheetFields) -> tuple[SaidAnswer, ...]:
    """Return all answers of a sheet, in its order."""
    return tuple(
        SaidAnswer(path, _label(path), placed.fact.shown())
        for placed in facts(sheet)
        for path in (dotted(placed.path),)
    )


def _label(path: str) -> str:
    label = place_label(path)
    return label.partition(": ")[2] or label
