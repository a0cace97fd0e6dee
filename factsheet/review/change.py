"""Tell what changed from one round of reviews to the next, in the words of those who reviewed both times."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.review.rounds import GRADES, GradeCounts, cell_of
from factsheet.review.subject import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.review.rounds import RoundSummary
    from factsheet.sheet.references import Grade


@dataclass(frozen=True, slots=True)
class Moved:
    """How the grades of a fact on a dimension changed from one round to the next.

    Attributes:
        before: how often each grade was given then, by those who graded it in both rounds.
        after: how often they give it now.
        better: who of them gives a higher grade now.
        worse: likewise, a lower one.
    """

    fact: str
    title: str
    dimension: str
    before: GradeCounts
    after: GradeCounts
    better: tuple[str, ...]
    worse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoundChange:
    """What changed from one round to the next.

    Attributes:
        earlier: number of the round before.
        later: number of the round after.
        both: who reviewed in both, in the same role.
        only_before: who reviewed in the earlier one alone.
        only_after: who reviewed in the later one alone.
        moved: facts and dimensions with other grades of the same people.
        once: how many pairs of a fact and a dimension nobody graded in both rounds, so that they are not compared.
    """

    earlier: int
    later: int
    both: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    moved: tuple[Moved, ...]
    once: int


def round_change(before: RoundSummary, after: RoundSummary) -> RoundChange:
    """Return what changed from one round to another."""
    then = {(one.by, one.role) for one in before.reviewers}
    now = {(one.by, one.role) for one in after.reviewers}
    both = sorted(then & now)
    old, new = before.cells(), after.cells()
    moved = []
    compared = set()
    for path, title in {**before.titles, **after.titles}.items():
        for dimension in DIMENSIONS:
            cell = path, dimension
            steps = {
                who: (old[(*cell, *who)], new[(*cell, *who)])
                for who in both
                if (*cell, *who) in new and (*cell, *who) in old
            }
            if steps:
                compared.add(cell)
            better = _names(who for who, (then_, now_) in steps.items() if _rank(now_) > _rank(then_))
            worse = _names(who for who, (then_, now_) in steps.items() if _rank(now_) < _rank(then_))
            if better or worse:
                earlier, later = (_count(step[at] for step in steps.values()) for at in (0, 1))
                moved.append(Moved(path, title, dimension, earlier, later, better, worse))
    return RoundChange(
        before.number,
        after.number,
        _names(both),
        _names(then - now),
        _names(now - then),
        tuple(moved),
        len({cell_of(one) for one in (*before.grades, *after.grades)} - compared),
    )


def _names(people: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(by for by, _ in people))


def _rank(grade: Grade) -> int:
    return GRADES.index(grade)


def _count(grades: Iterable[Grade]) -> GradeCounts:
    found = Counter(grades)
    return GradeCounts(found["low"], found["medium"], found["high"])
