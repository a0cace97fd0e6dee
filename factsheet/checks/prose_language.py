"""Tell whether a sheet's texts read as English, so that only others are asked which language they are in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.sheet.walk import facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.sheet.model import SheetFields

# The most frequent words of English prose (Kučera and Francis, Computational Analysis of Present-Day American
# English, 1967), without pronouns, which technical texts lack, and without `a`, `in` and `on`, which others have too.
_FUNCTION_WORDS = frozenset(
    (
        *("the", "of", "and", "to", "that", "is", "for", "it", "with", "as", "be", "at", "by"),
        *("this", "from", "are", "or", "an", "not", "which"),
    )
)
_LEAST_SHARE = 0.1
"""About half of what plain technical English has; texts in German, French or Spanish have next to none."""
_FEWEST = 25
"""Words below which nothing can be told."""
_MOST = 4000
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_WORDS = 6
"""Words from which a text counts as prose; names and lists of terms have no function words in any language."""
_FOREIGN = re.compile(r"[^\W\d_\u0000-\u036f]")
_FEWEST_FOREIGN = 20


def reads_as_english(sheet: SheetFields) -> bool:
    """Return whether a sheet's texts read as English; `True` where there are too few of them to tell."""
    return is_english(_texts(sheet))


def is_english(texts: Iterable[str]) -> bool:
    """Return whether texts read as English: by their letters, then by the words that any English sentence has."""
    words: list[str] = []
    letters = foreign = 0
    for text in texts:
        foreign += len(_FOREIGN.findall(text))
        found = _WORD.findall(text.lower())
        letters += sum(map(len, found))
        if len(found) >= _SENTENCE_WORDS:
            words += found
        if len(words) > _MOST:
            break
    if foreign >= _FEWEST_FOREIGN and 2 * foreign > letters:
        return False
    return len(words) < _FEWEST or sum(word in _FUNCTION_WORDS for word in words) >= _LEAST_SHARE * len(words)


def _texts(sheet: SheetFields) -> Iterable[str]:
    for placed in facts(sheet):
        if placed.fact.absence is not None:
            yield placed.fact.absence.reason
        else:
            yield from placed.fact.items or ((placed.fact.text,) if placed.fact.text else ())
        if placed.fact.note:
            yield placed.fact.note
