"""A placeholder is given instead of an answer.

What it does: searches every text for words that were meant to be replaced: TBD, TODO, "lorem ipsum", "???", "[insert
…]". Where they are the whole answer, also "n/a", "unknown", "coming soon", "…" and the like, and what a template leaves
to be replaced: `{{ … }}`, `<your …>`, `your.name@…`, `https://example.com`, in links too. Mail addresses for examples,
such as `me@example.com`, by which nobody is reached, are told of (info), unless the sheet says that it is fictitious.

Why it matters: a reader who takes it for an answer finds none; where it is the whole answer, the fact is still owed.

Fails:
    benefits: TBD

Passes:
    benefits: {not_evaluated: The comparison with a GPU is planned for the next chip.}

How to fix: write the answer, or why there is none: `{not_disclosed: why}`, `{not_applicable: why}` or `{not_evaluated:
why}`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.prose import prose_of
from factsheet.checks.rule import Rule
from factsheet.facts.placeholders import is_placeholder, is_sample_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.prose import Passage, SheetProse
    from factsheet.checks.rule import RuleContext
    from factsheet.source.document import KeyPath

_MARKS = ("TBD", "TBA", "TBC", "TODO", "FIXME", "XXX", "XXXX", "Lorem", "lorem")
_ENDS = ("", ".", ",", ";", ":", ")", "]", "!", "?")
_MADE_UP = ("fictitious", "made up", "made-up", "fictional", "invented")
_ANYWHERE = (
    # Not where it is spoken of: "TBD's are none."
    r"\b(?:TBD|TBA|TBC|TODO|FIXME|X{3,4}|[Ll]orem ipsum)\b(?!['’]s\b)|(?<![-\w=/?])\?{2,}(?![-\w/?])"
    r"|[\[<{](?:[Ii]nsert|[Ff]ill in|[Dd]escribe|todo|tbd|placeholder)\b[^\]>}]{0,200}[\]>}]"
)


def _check(context: RuleContext) -> Iterator[Finding]:
    prose = prose_of(context.sheet)
    yield from _sample_addresses(prose)
    for path, fact in prose.links():
        if fact.text is not None and is_placeholder(fact.text):
            yield _unanswered(path, fact.text, is_reason=False)
    if not any(map(is_placeholder, prose.texts)) and not _may_hold_marks(prose):
        return
    for passage in prose.passages():
        if is_placeholder(passage.text):
            yield _finding(passage, passage.text)
        else:
            for match in re.finditer(_ANYWHERE, passage.text):
                yield _finding(passage, match[0])


def _sample_addresses(prose: SheetProse) -> Iterator[Finding]:
    """Yield contacts that are nobody's address; a sheet that is made up, and says so, has them on purpose."""
    if not any(map(is_sample_address, prose.texts)):
        return
    if any(word in prose.text.casefold() for word in _MADE_UP):
        return
    for passage in prose.passages():
        if is_sample_address(passage.text) and not is_placeholder(passage.text):
            yield Finding(
                passage.path,
                f"`{passage.text}` is an address for examples: nobody is reached by it",
                "write the real address, or why there is none: `{not_disclosed: why}`",
                severity="info",
            )


def _may_hold_marks(prose: SheetProse) -> bool:
    """Return whether it is worth searching every text: most sheets hold nothing of the kind."""
    return not prose.words.isdisjoint(_marks()) or any(sign in prose.text for sign in ("??", "[", "<", "{"))


@cache
def _marks() -> frozenset[str]:
    return frozenset(start + mark + end for start in ("", "(", "[") for mark in _MARKS for end in _ENDS)


def _finding(passage: Passage, word: str) -> Finding:
    return _unanswered(passage.path, word, is_reason=passage.kind == "reason")


def _unanswered(path: KeyPath, word: str, *, is_reason: bool) -> Finding:
    return Finding(
        path,
        f"`{word}` is not {'a reason' if is_reason else 'an answer'}",
        "write the reason, so that a reader can judge it"
        if is_reason
        else "write the answer, or why there is none: `{not_disclosed: why}`",
        word=word,
    )


RULE = Rule(
    "FS604",
    "empty-phrase",
    "warning",
    "a reader who takes it for an answer finds none",
    _check,
)
