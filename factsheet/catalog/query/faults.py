"""Say what is wrong with a query, with a caret below the place."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import UsageError
from factsheet.source.characters import REPLACEMENT, make_safe

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROOM = 72
"""Characters of a query that are shown around a fault."""
_BEFORE = 40


class QueryPart(NamedTuple):
    """A part of a query, from one character to another."""

    query: str
    start: int
    end: int

    def fault(
        self, message: str, advice: str = "", *, why: str = "", candidates: Iterable[str] = ()
    ) -> UsageError:
        """Return the error for this part: the query with a caret below it, or several.

        Args:
            message: what is wrong.
            advice: what to do.
            why: why it matters.
            candidates: names that may have been meant by what the message quotes.
        """
        first = max(0, self.start - _BEFORE)
        cut = self.query[first : first + _ROOM]
        line = "".join(REPLACEMENT if char in "\n\r\t" else char for char in make_safe(cut))
        lead, tail = ("… " if first else ""), (" …" if first + _ROOM < len(self.query) else "")
        before, part = line[: self.start - first], line[self.start - first : self.end - first]
        carets = "^" * max(1, _width(part))
        shown = f"  {lead}{line}{tail}\n  {' ' * (len(lead) + _width(before))}{carets}"
        return UsageError(f"{message}\n{shown}", why, advice, candidates=candidates)


def _width(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
