"""Count what reviewers said, by fact, role and dimension: what to improve first, and what changed since a round before.

Grades are an order, not numbers, so that nothing is averaged. What to improve first is ordered by how far the grades
fall short of `high`: a `low` counts two, a `medium` one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from factsheet.review.subject import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from factsheet.review.model import FactScore, GivenReview, ReviewRound
    from factsheet.review.subject import ReviewSubject
    from factsheet.sheet.references import Grade

GRADES: tuple[Grade, ...] = ("low", "medium", "high")
SHORTFALL: Mapping[Grade, int] = {"low": 2, "medium": 1, "high": 0}
"""How far a grade falls short: a rule of this program, to put first what is worst; nothing else is made of it."""

VersionKind = Literal["this", "older", "in words"]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who scored, in which role and when."""

    by: str
    role: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class GradeGiven:
    """One grade: what it is of, who gave it, and what they said of the fact."""

    fact: str
    dimension: str
    reviewer: Reviewer
    grade: Grade
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class GradeCounts:
    """How often each grade was given."""

    low: int = 0
    medium: int = 0
    high: int = 0

    @property
    def given(self) -> int:
        """How many grades there are."""
        return self.low + self.medium + self.high

    @property
    def shortfall(self) -> int:
        """How far they fall short of all being high."""
        return SHORTFALL["low"] * self.low + SHORTFALL["medium"] * self.medium


@dataclass(frozen=True, slots=True)
class Wanted:
    """A fact that falls short on a dimension.

    Attributes:
        fact: its path.
        title: its name for people.
        counts: how often each grade was given.
        grades: those that fall short, the lowest first.
        changed: whether the sheet says something else there since it was scored; `None` where nobody knows.
    """

    fact: str
    title: str
    dimension: str
    counts: GradeCounts
    grades: tuple[GradeGiven, ...]
    changed: bool | None


@dataclass(frozen=True, slots=True)
class VersionStatus:
    """How the version that was reviewed relates to the sheet as it is.

    Attributes:
        kind: `this` version; an `older` one; or one that is known `in words` alone, so that nothing can be compared.
        words: the version in words, where it has any.
        changed: facts that were reviewed and say something else now, by path.
        since: facts that the sheet has now and did not have then.
    """

    kind: VersionKind
    words: str | None
    changed: tuple[str, ...] = ()
    since: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """One round.

    Attributes:
        number: from 1, in the order of time.
        titles: names of the facts, by path, in the order of the table.
        grades: every grade that was given.
        comments: what reviewers said of the sheet as a whole.
        remarks: what they said of each fact, by its path.
    """

    number: int
    date: str | None
    note: str | None
    version: VersionStatus
    reviewers: tuple[Reviewer, ...]
    titles: Mapping[str, str]
    grades: tuple[GradeGiven, ...]
    comments: tuple[tuple[Reviewer, str], ...]
    remarks: tuple[tuple[str, Reviewer, str], ...]

    def counts(self, key: Callable[[GradeGiven], tuple[str, ...]]) -> dict[tuple[str, ...], GradeCounts]:
        """Count the grades, by what the key says of each."""
        found: dict[tuple[str, ...], Counter[Grade]] = {}
        for one in self.grades:
            found.setdefault(key(one), Counter())[one.grade] += 1
        return {name: GradeCounts(one["low"], one["medium"], one["high"]) for name, one in found.items()}

    def cells(self) -> dict[tuple[str, str, str, str], Grade]:
        """Return the grades by fact, dimension, and name and role of the reviewer."""
        return {
            (one.fact, one.dimension, one.reviewer.by, one.reviewer.role): one.grade for one in self.grades
        }

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of the reviewers, in the order of the reviews."""
        return tuple(dict.fromkeys(one.role for one in self.reviewers))


@dataclass(frozen=True, slots=True)
class Moved:
    """How the grades of a fact on a dimension changed from one round to the next.

    Attributes:
        before: how often each grade was given then.
        after: how often it is given now.
        better: of those who reviewed in both rounds, who gives a higher grade now.
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
        moved: facts and dimensions with other counts, or other grades of the same people.
        once: how many pairs of a fact and a dimension have grades in one of the two rounds alone, and are not compared.
    """

    earlier: int
    later: int
    both: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    moved: tuple[Moved, ...]
    once: int


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """All rounds of reviews of a sheet, the first one first; there is at least one."""

    rounds: tuple[RoundSummary, ...]
    roles: Mapping[str, str]
    wanted: tuple[Wanted, ...]
    change: RoundChange | None

    @property
    def last(self) -> RoundSummary:
        """The last round, which `wanted` is from."""
        return self.rounds[-1]


def summarise(
    rounds: Sequence[ReviewRound], subject: ReviewSubject, number: int | None = None
) -> ReviewSummary | None:
    """Return the summary of a sheet's reviews; `None` where there is no review.

    Args:
        rounds: in the order of time.
        subject: the sheet.
        number: the round that is to be the last, from 1; the last one that there is by default.
    """
    taken = [_round(index, one, subject) for index, one in enumerate(rounds[:number], start=1) if one.reviews]
    if not taken:
        return None
    change = round_change(taken[-2], taken[-1]) if len(taken) > 1 else None
    return ReviewSummary(tuple(taken), subject.roles, _wanted(taken[-1]), change)


def version_status(one: ReviewRound, subject: ReviewSubject) -> VersionStatus:
    """Return how the version that a round is of relates to the sheet as it is."""
    of, scored = one.of, {path for review in one.reviews for path in review.scores}
    if of.digest is None:
        return VersionStatus("in words", of.version)
    if of.digest == subject.digest:
        return VersionStatus("this", of.version)
    known = of.facts or {}
    changed = {
        path
        for path in {*known, *scored}
        if (place := _nearest(path, known)) and subject.digest_at(place) != known[place]
    }
    since = tuple(fact.path for fact in subject.facts if known and fact.path not in known)
    return VersionStatus(
        "older", of.version, tuple(sorted(changed & (scored or changed), key=subject.position)), since
    )


def _nearest(path: str, known: Mapping[str, str]) -> str | None:
    """Return the path, or the nearest above it, whose digest is known."""
    while path and path not in known:
        path = path.rpartition(".")[0]
    return path or None


def _round(number: int, one: ReviewRound, subject: ReviewSubject) -> RoundSummary:
    grades = tuple(_grades(one.reviews))
    stated = one.titles or {}
    paths = {path for review in one.reviews for path in review.scores}
    # As the file names them where it gives them names, which is the order of the reviewed version; else the sheet's.
    order = [path for path in stated if path in paths]
    order += sorted(paths - set(order), key=subject.position)
    return RoundSummary(
        number=number,
        date=one.date,
        note=one.note,
        version=version_status(one, subject),
        reviewers=tuple(_reviewer(review) for review in one.reviews),
        titles={path: stated.get(path) or subject.title_of(path) for path in order},
        grades=grades,
        comments=tuple((_reviewer(review), review.comment) for review in one.reviews if review.comment),
        remarks=tuple(
            (path, _reviewer(review), review.scores[path].comment or "")
            for path in order
            for review in one.reviews
            if path in review.scores and review.scores[path].comment
        ),
    )


def _reviewer(review: GivenReview) -> Reviewer:
    return Reviewer(review.by, review.role, review.date)


def _grades(reviews: Iterable[GivenReview]) -> Iterable[GradeGiven]:
    for review in reviews:
        for path, score in review.scores.items():
            for dimension, grade in grades_of(score).items():
                yield GradeGiven(path, dimension, _reviewer(review), grade, score.comment)


def grades_of(score: FactScore) -> dict[str, Grade]:
    """Return the grades of a fact, by dimension, without those that were not given."""
    given = {dimension: getattr(score, dimension) for dimension in DIMENSIONS}
    return {dimension: grade for dimension, grade in given.items() if grade is not None}


def cell_of(one: GradeGiven) -> tuple[str, str]:
    """Return the fact and the dimension of a grade."""
    return one.fact, one.dimension


def _wanted(one: RoundSummary) -> tuple[Wanted, ...]:
    counts = one.counts(cell_of)
    below: dict[tuple[str, str], list[GradeGiven]] = {}
    for given in sorted(one.grades, key=lambda given: GRADES.index(given.grade)):
        if given.grade != "high":
            below.setdefault(cell_of(given), []).append(given)
    found = [
        Wanted(
            fact,
            one.titles[fact],
            dimension,
            counts[fact, dimension],
            tuple(grades),
            None if one.version.kind == "in words" else fact in one.version.changed,
        )
        for (fact, dimension), grades in below.items()
    ]
    place = {path: index for index, path in enumerate(one.titles)}
    return tuple(
        sorted(
            found,
            key=lambda want: (
                -want.counts.shortfall,
                -want.counts.low,
                place[want.fact],
                DIMENSIONS.index(want.dimension),
            ),
        )
    )


def round_change(before: RoundSummary, after: RoundSummary) -> RoundChange:
    """Return what changed from one round to another."""
    then = {(one.by, one.role) for one in before.reviewers}
    now = {(one.by, one.role) for one in after.reviewers}
    both = sorted(then & now)
    old, new = before.cells(), after.cells()
    counts = before.counts(cell_of), after.counts(cell_of)
    moved = []
    for path, title in {**before.titles, **after.titles}.items():
        for dimension in DIMENSIONS:
            cell = path, dimension
            if cell not in counts[0] or cell not in counts[1]:
                continue
            steps = {
                by: GRADES.index(new[(*cell, by, role)]) - GRADES.index(old[(*cell, by, role)])
                for by, role in both
                if (*cell, by, role) in new and (*cell, by, role) in old
            }
            better = tuple(by for by, step in steps.items() if step > 0)
            worse = tuple(by for by, step in steps.items() if step < 0)
            earlier, later = counts[0][cell], counts[1][cell]
            if earlier != later or better or worse:
                moved.append(Moved(path, title, dimension, earlier, later, better, worse))
    return RoundChange(
        before.number,
        after.number,
        _names(both),
        _names(then - now),
        _names(now - then),
        tuple(moved),
        len(counts[0].keys() ^ counts[1].keys()),
    )


def _names(people: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(by for by, _ in people))
