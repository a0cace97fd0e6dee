"""The name of a metric is misspelt.

What it does: compares the words of `metric`, `also_reported` and `accuracy_metric`, and of the text, with the names of
common metrics. "Person" counts as a misspelling of "Pearson" only beside another word about correlations; a name that
is also a person's, such as "Mathews", likewise.

Why it matters: a reader or a program that looks for a metric does not find it under another name.

Fails:
    results:
      - name: GLUE
        systems: [{id: analog, name: Analog AI}]
        tasks: [{task: STS-B, metric: Spearma correlation, scores: {analog: 84.52 %}}]

Passes:
    results:
      - name: GLUE
        systems: [{id: analog, name: Analog AI}]
        tasks: [{task: STS-B, metric: Spearman correlation, scores: {analog: 84.52 %}}]

How to fix: write the name as the literature does; `--fix` does so where the word alone names the metric.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.prose import Unremarkable, prose_of
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.prose import Passage
    from factsheet.checks.rule import RuleContext


def distance(one: str, other: str, limit: int) -> int:
    """Return how many letters to add, drop, replace or swap with their neighbour to get from one word to the other.

    Optimal string alignment: the recurrence of Damerau, A technique for computer detection and correction of spelling
    errors, Communications of the ACM 7 (1964), 171-176, where no letter is touched twice.

    Returns:
        The distance, or `limit + 1` as soon as it is sure to be more than `limit`.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and (not before or min(before) > limit):
            return limit + 1
    return min(row[-1], limit + 1)


_NAMES = ("Pearson", "Spearman", "Matthews", "Kendall")
_WORDS = ("accuracy", "precision", "correlation", "coefficient", "perplexity")
_IN_METRICS_ONLY = ("recall", "ROUGE", "METEOR")
_REAL_WORDS = """
accuracies accurate inaccuracy coefficients coefficiency correlations correlated correlating correction corrections
decision decisions efficient matches meteors pearsons perplexed persons precisions prevision provision provisions
recalled recalls recoil rough route spearmans
"""
_REAL = frozenset(_REAL_WORDS.split())
"""Correct words as close to a metric's name as a misspelling is."""
_OTHER = r"(?:Spearma\w*|Pearson\w*|Person|Kendall?\w*|Mat+hews?)"
_SUCH = rf"(?:{_OTHER}|(?:co|cor|corr|corr?elations?|coef\w*|ranks?|scores?|metrics?|r|rho|tau)(?!\w))"
_BEFORE = rf"(?i){_OTHER}['’]?\s*(?:/|&|,|and|or)\s*$"
"""The words beside a name that means a metric and not a person."""


def _check(context: RuleContext) -> Iterator[Finding]:
    prose = prose_of(context.sheet)
    suspects = _judged().others(prose.words)
    if not suspects:
        return
    for passage in prose.passages():
        if passage.kind not in {"name", "source"} and any(word in passage.text for word in suspects):
            yield from _in_passage(passage)


@cache
def _judged() -> Unremarkable:
    return Unremarkable(_is_suspect)


def _is_suspect(chunk: str) -> bool:
    """Return whether a part of a text between spaces holds a word worth a second look."""
    return any(_correction(word, in_metric=True) for word in re.findall(_WORD, chunk))


_WORD = r"(?<!['‘])\b[A-Za-z]+['’]s?(?!\w)|[A-Za-z]+"
"""Return a word with the apostrophe of a genitive but without the one that closes a quotation."""


def _in_passage(passage: Passage) -> Iterator[Finding]:
    in_metric = passage.kind == "metric"
    for match in re.finditer(_WORD, passage.text):
        word = match[0]
        right = _correction(word, in_metric=in_metric)
        if right is None or (right in _NAMES and not _in_company(passage, match, in_metric=in_metric)):
            continue
        yield Finding(
            passage.path,
            f"`{word}` looks like a misspelling of `{right}`",
            f"write `{right}`",
            word=word,
            changes=(Change(passage.path, right, word=word),),
            safe=in_metric,
        )


def _correction(word: str, *, in_metric: bool) -> str | None:
    """Return the name that a word misspells; `None` where it misspells none."""
    if not _SHORTEST <= len(word) <= _LONGEST:
        return None
    plain: str = word if word.isalpha() else re.sub(r"['’]s?$", "", word)
    folded = plain.casefold()
    if folded in _REAL:
        return None
    if folded == "person":
        return "Pearson"
    for name, goal, limit in _near(folded, in_metric=in_metric):
        if folded in {goal, goal + "s"}:
            return None
        for end in ("s", ""):
            if folded.endswith(end) and distance(folded.removesuffix(end), goal, limit) <= limit:
                return _written_like(plain, name) + end * (not goal.endswith("s"))
    return None


_SHORTEST = len("rouge")
_LONGEST = len("coefficients's") + 2


def _near(folded: str, *, in_metric: bool) -> Iterator[tuple[str, str, int]]:
    """Return the names that a word may be close to, by two bounds that are cheap and never wrong.

    A misspelling changes the length by `limit` at most, and a plural s can come on top; each error takes away one of
    the name's letters at most, and swapping two takes none.
    """
    letters = set(folded)
    for name, goal, limit, goal_letters in _goals_near(len(folded), in_metric=in_metric):
        if len(goal_letters - letters) <= limit:
            yield name, goal, limit


@cache
def _goals_near(length: int, *, in_metric: bool) -> tuple[tuple[str, str, int, frozenset[str]], ...]:
    """Return those of `_goals` that a word of this length may misspell."""
    return tuple(
        goal for goal in _goals(in_metric=in_metric) if -goal[2] <= length - len(goal[1]) <= goal[2] + 1
    )


@cache
def _goals(*, in_metric: bool) -> tuple[tuple[str, str, int, frozenset[str]], ...]:
    """Return names, as they are compared, with the errors that are allowed and their letters.

    Long names stay recognisable with two errors; in free text, one is the most.
    """
    known = (*_NAMES, *_WORDS, *(_IN_METRICS_ONLY if in_metric else ()))
    folded = [(name, name.casefold()) for name in known]
    return tuple(
        (name, goal, 2 if in_metric and len(goal) > len("Kendall") else 1, frozenset(goal))
        for name, goal in folded
    )


def _written_like(word: str, name: str) -> str:
    """Return the name with a capital where it always has one, or where the word has."""
    return name if name in _NAMES or name.isupper() or word[0].islower() else name.capitalize()


def _in_company(passage: Passage, match: re.Match[str], *, in_metric: bool) -> bool:
    """Return whether a name that people have too means a metric: alone in its field, or beside words about metrics."""
    if "spearm" in match[0].casefold():
        return True
    if not (in_metric or match[0][0].isupper()):
        return False
    before, after = passage.text[: match.start()], passage.text[match.end() :]
    if in_metric and not re.search(r"[A-Za-z]", before + after):
        return True
    return (
        re.match(rf"(?i)\W{{0,3}}(?:and |or )?{_SUCH}", after) is not None
        or re.search(_BEFORE, before) is not None
    )


RULE = Rule(
    "FS602",
    "misspelt-metric",
    "warning",
    "a reader or a program that looks for a metric does not find it under another name",
    _check,
)
