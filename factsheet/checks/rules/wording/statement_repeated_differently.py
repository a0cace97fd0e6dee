"""Two sentences of the sheet say the same with different figures.

What it does: looks for sentences that have a percentage or a number of points in common phrasing: the same comparison
behind it ("below the reference", "lower on average") and for the most part the same words. Their figures have to agree,
as written digits do.

Why it matters: a figure that was corrected in one sentence and not in the other misinforms half of the readers.

Fails:
    overview: {name: A, model: B, summary: On average over the tasks the chip is 1.8 % below floating point.}
    performance: {summary: The chip is 8.1 % below floating point on average over the tasks.}

Passes:
    overview: {name: A, model: B, summary: On average over the tasks the chip is 1.8 % below floating point.}
    performance: {summary: The chip is 1.8 % below floating point on average over the tasks.}

How to fix: give both the same figure, or say what is different about the second.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from factsheet.checks.diagnostic import Finding
from factsheet.checks.prose import matches_near, prose_of
from factsheet.checks.rule import Rule
from factsheet.checks.rules.wording.own_statements import clause_at, of_this_model
from factsheet.errors import QuantityError
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.prose import Passage, SheetProse
    from factsheet.checks.rule import RuleContext
    from factsheet.quantities.quantity import Quantity

_SIGNS: Final = (
    "below",
    "above",
    "lower",
    "higher",
    "worse",
    "better",
    "less",
    "more",
    "lost",
    "faster",
    "slower",
)
_PATTERN: Final = (
    r"(?i)(?<![\w.,-])((?:about |approx\. )?\d[\d,]*(?:\.\d+)? ?(?:%|percent|percentage points|points))"
    rf" (?:(?:of|in) the accuracy |in accuracy |is )?({'|'.join(_SIGNS)})\b"
)
_SMALL: Final = frozenset(
    (
        *(
            "a",
            "an",
            "and",
            "as",
            "at",
            "be",
            "but",
            "by",
            "for",
            "from",
            "has",
            "have",
            "in",
            "is",
            "it",
            "its",
            "of",
        ),
        *(
            "on",
            "or",
            "so",
            "than",
            "that",
            "the",
            "their",
            "this",
            "to",
            "was",
            "were",
            "with",
            "which",
            "while",
        ),
    )
)
_ALIKE, _SHARED = 0.6, 4
"""Of the words of both sentences, what share is common; and how many at least."""
_FEW: Final = 60
"""More sentences of this form than a sheet ever has; every two are compared."""


class _Statement(NamedTuple):
    passage: Passage
    written: str
    quantity: Quantity
    direction: str
    words: frozenset[str]
    figures: frozenset[str]
    names: frozenset[str]


def _check(context: RuleContext) -> Iterator[Finding]:
    statements = list(_statements(prose_of(context.sheet), context))[:_FEW]
    for index, later in enumerate(statements):
        for earlier in statements[:index]:
            if _same(earlier, later) and not earlier.quantity.meant.overlaps(later.quantity.meant):
                yield Finding(
                    later.passage.path,
                    f"the text says {later.written} {later.direction}, and elsewhere {earlier.written} of the same",
                    "give both the same figure, or say what is different here",
                    related=((earlier.passage.path, f"{earlier.written} {earlier.direction}"),),
                    word=later.written,
                    related_words=(earlier.written,),
                )
                break


def _same(one: _Statement, other: _Statement) -> bool:
    """Return whether two sentences say the same but for the figure."""
    if one.direction != other.direction or one.passage.path == other.passage.path:
        return False
    if one.figures != other.figures or one.names != other.names:
        return False
    shared = len(one.words & other.words)
    return shared >= _SHARED and shared >= _ALIKE * min(len(one.words), len(other.words))


def _statements(prose: SheetProse, context: RuleContext) -> Iterator[_Statement]:
    for match in matches_near(prose.text, _SIGNS, _PATTERN, (50, 8)):
        passage, clause = prose.at(match.start()), clause_at(prose.text, match.start(), match.end())
        if passage.kind not in {"prose", "note"} or not of_this_model(clause, context.sheet):
            continue
        text = clause.text.replace(match[1], " ")
        words = frozenset(re.findall(r"[a-z]{2,}", text.casefold())) - _SMALL
        figures = frozenset(re.findall(r"(?<![\w-])\d[\d.,]*", text))
        names = frozenset(re.findall(r"(?<!^)(?<! )\b[A-Z][\w-]*|[A-Z][\w-]*[A-Z\d][\w-]*", text))
        try:
            quantity = parse_quantity(re.sub(r"(?:percentage )?points|percent", "%", match[1]), "ratio")
        except QuantityError:
            continue
        yield _Statement(passage, match[1], quantity, match[2].casefold(), words, figures, names)


RULE = Rule(
    "FS610",
    "statement-repeated-differently",
    "warning",
    "a figure that was corrected in one sentence and not in the other misinforms half of the readers",
    _check,
)
