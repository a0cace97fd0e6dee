"""One answered field as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from factsheet.views.marks import mark_of

if TYPE_CHECKING:
    from factsheet.views.marks import Agreement, Mark, Standing

Depth = Literal["full", "short", "folded"]
"""Shown with its notes; shown without them and cut to a sentence; only in the folded remainder."""

RowKind = Literal["figure", "line", "prose", "items", "link"]


@dataclass(frozen=True, slots=True)
class FactRow:
    """One answered field.

    Attributes:
        path: the field, e.g. `parameters.power`; the program's handle on the row, not for readers.
        paragraphs: the answer; several only for prose.
        entries: the answer, if it is a list of lines.
        holds_at: operating point in words; `None` where the sheet names none.
        states_standing: whether the sheet states the standing with the fact itself.
        shortened: whether something was left out that the folded remainder repeats in full.
        also: further fields that say the same, so that one row does for all.
    """

    path: str
    label: str
    kind: RowKind
    paragraphs: tuple[str, ...]
    depth: Depth
    standing: Standing
    entries: tuple[str, ...] = ()
    holds_at: str | None = None
    relative_to: str | None = None
    note: str | None = None
    agreement: Agreement | None = None
    states_standing: bool = False
    shortened: bool = False
    also: tuple[str, ...] = ()

    @property
    def answer(self) -> str:
        """The answer on one line, with what it is relative to and the operating point that it holds at."""
        text = ", ".join(self.entries) if self.kind == "items" else " ".join(self.paragraphs)
        aside = "; ".join(words for words in (self.relative_to, self.holds_at) if words)
        return f"{text} ({aside})" if aside else text

    @property
    def standing_text(self) -> str:
        """Standing and agreement in one phrase."""
        return (
            self.standing.text if self.agreement is None else f"{self.standing.text}; {self.agreement.words}"
        )

    @property
    def mark(self) -> Mark | None:
        """Standing and check at a glance; `None` for what is no figure, and can not be recomputed."""
        if self.kind != "figure" and self.agreement is None:
            return None
        return mark_of(self.standing, self.agreement)

    @property
    def marked_text(self) -> str:
        """The standing in words, behind the sign for its check."""
        return self.standing_text if self.mark is None else f"{self.mark.symbol} {self.standing_text}"
