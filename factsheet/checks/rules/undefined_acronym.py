"""An abbreviation that the sheet never spells out.

What it does: looks in the text for words of two to six capitals. One is known if it is common where analog hardware
meets machine learning (GPU, PCM, ADC), names something the sheet lists (a task, a data set, a system), or is spelt
out somewhere: "sequence length (SL)", "SL (sequence length)", "SL stands for". Each is reported once.

Why it matters: half of a sheet's readers come from another field than its author.

Fails:
    ops_depend_on: The SL and the batch.

Passes:
    ops_depend_on: The sequence length (SL) and the batch.

How to fix: spell it out where it is first used, with the short form in brackets. What all of a project's readers know
goes into the option `known`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.model_names import known_name
from factsheet.checks.prose import Unremarkable, prose_of
from factsheet.checks.rule import Rule
from factsheet.checks.vocabulary import known_abbreviations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.context import Context
    from factsheet.checks.prose import Passage, Prose

_MOST = 40
"""More than a sheet ever has; each costs a look through all the text."""
_READ = frozenset({"prose", "note", "reason"})
_ACRONYM = r"(?<![\w@#/.&-])([A-Z]{2,6})(s?)(?![\w&/-]|\.\w)"


def _check(context: Context) -> Iterator[Finding]:
    prose = prose_of(context.sheet)
    option = context.options["known"]
    known = frozenset(option) if isinstance(option, tuple) else frozenset()
    words = _judged().others(prose.words)
    unknown = {name for word in words for name in _abbreviations(word) if name not in known}
    unknown = {name for name in unknown if f"({name})" not in prose.text and f"{name} (" not in prose.text}
    if not unknown:
        return
    passages = list(prose.passages())
    unknown -= _named(passages, unknown)
    for name in sorted(unknown)[:_MOST]:
        if not _needs_no_words(prose, name):
            yield from _first(passages, name)


@cache
def _judged() -> Unremarkable:
    return Unremarkable(_abbreviations)


def _abbreviations(chunk: str) -> tuple[str, ...]:
    """Abbreviations that are not common, in a part of a text between spaces."""
    if chunk.islower() or known_name(chunk) is not None:
        return ()
    found = (match[1] for match in re.finditer(_ACRONYM, chunk))
    return tuple(name for name in found if name not in known_abbreviations())


def _named(passages: list[Passage], unknown: set[str]) -> set[str]:
    """Those that occur in a name, a title or a caption: what something is called need not be spelt out."""
    names = "\n".join(passage.text for passage in passages if passage.kind not in _READ)
    return {name for name in unknown if re.search(rf"(?<![A-Za-z]){name}(?![a-z]{{2}})", names)}


def _needs_no_words(prose: Prose, name: str) -> bool:
    if re.search(rf"[\w\"”]\s+[(\[][^()]{{0,80}}?\b{name}s?\b[^()]{{0,80}}[)\]]", prose.text):
        return True
    if re.search(
        rf"\b{name}s?[\"”]?,? (?:stands? for|is short for|means|for short|that is|i\.e\.|=)", prose.text
    ):
        return True
    if re.search(rf"\b[A-Z]{{3,}}\s+{name}\b|\b{name}\s+[A-Z]{{3,}}\b", prose.text):
        return True  # a phrase in capitals, or a part of a brand's name
    # Words whose initials it consists of; two initials meet by chance too often to count anywhere but beside it.
    initials = r"[\s-]+(?:(?:of|and|for|the|in|to|on)\s+)?".join(rf"{letter}\w+" for letter in name)
    texts = [prose.text] if len(name) > 2 else [text for text in prose.texts if name in text]  # noqa: PLR2004  see above
    return any(re.search(rf"\b{initials}", text, re.IGNORECASE) for text in texts)


def _first(passages: list[Passage], name: str) -> Iterator[Finding]:
    for passage in passages:
        if passage.kind in _READ and (match := re.search(rf"(?<![\w-]){name}s?(?![\w-])", passage.text)):
            yield Finding(
                passage.path,
                f"`{name}` is spelt out nowhere",
                f"write it out where it is first used, with `({name})` behind it",
                word=match[0],
            )
            return


UNDEFINED_ACRONYM = Rule(
    "FS603",
    "undefined-acronym",
    "info",
    "half of a sheet's readers come from another field than its author",
    _check,
    whole_sheet_only=True,
    options={"known": ()},
)
