"""Count what reviewers said, by fact, role and dimension: what to improve first, and what changed since a round before.

Grades are an order, not numbers, so that nothing is averaged. What to improve first is ordered by how far the grades
fall short of `high`: a `low` counts two, a `medium` one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from factsheet.review.change import round_change
from factsheet.review.holding import earlier_reviews, nearest
from factsheet.review.rounds import GRADES, GradeGiven, Reviewer, RoundSummary, VersionStatus, cell_of
from factsheet.review.subject import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from factsheet.review.change import RoundChange
    from factsheet.review.holding import HeldReview, LapsedScores
    from factsheet.review.model import FactScore, GivenReview, ReviewRound
    from factsheet.review.rounds import GradeCounts
    from factsheet.review.subject import ReviewSubject
    from factsheet.sheet.references import Grade


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
class ReviewSummary:
    """All rounds of reviews of a sheet, the first one first; there is at least one.

    Attributes:
        standing: the last round, with what still holds of those before it; `wanted` is of it.
        lapsed: what is not counted of those before it.
        change: from the round before to the last.
    """

    rounds: tuple[RoundSummary, ...]
    roles: Mapping[str, str]
    standing: RoundSummary
    lapsed: tuple[LapsedScores, ...]
    titles: Mapping[str, str]
    wanted: tuple[Wanted, ...]
    change: RoundChange | None

    @property
    def last(self) -> RoundSummary:
        """The last round."""
        return self.rounds[-1]

    @property
    def held(self) -> tuple[Reviewer, ...]:
        """Whose reviews of earlier rounds still hold, in part or whole."""
        return tuple(one for one in self.standing.reviewers if one.round is not None)


def summarise(
    rounds: Sequence[ReviewRound], subject: ReviewSubject, number: int | None = None
) -> ReviewSummary | None:
    """Return the summary of a sheet's reviews; `None` where there is no review.

    Args:
        rounds: in the order of time.
        subject: the sheet.
        number: the round that is to be the last, from 1; the last one that there is by default.
    """
    with_reviews = [(index, one) for index, one in enumerate(rounds[:number], start=1) if one.reviews]
    taken = [_round(index, one, subject) for index, one in with_reviews]
    if not taken:
        return None
    earlier = earlier_reviews(with_reviews, subject)
    standing = _standing(taken[-1], earlier.held, subject)
    titles = {path: title for one in taken for path, title in one.titles.items()}
    change = round_change(taken[-2], taken[-1]) if len(taken) > 1 else None
    return ReviewSummary(
        tuple(taken), subject.roles, standing, earlier.lapsed, titles, _wanted(standing), change
    )


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
        if (place := nearest(path, known)) and subject.digest_at(place) != known[place]
    }
    since = tuple(fact.path for fact in subject.facts if known and fact.path not in known)
    return VersionStatus(
        "older", of.version, tuple(sorted(changed & (scored or changed), key=subject.position)), since
    )


def _round(number: int, one: ReviewRound, subject: ReviewSubject) -> RoundSummary:
    grades = tuple(given for review in one.reviews for given in _grades(review, _reviewer(review)))
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


def _standing(last: RoundSummary, held: Sequence[HeldReview], subject: ReviewSubject) -> RoundSummary:
    """Return the last round with what still holds of those before it."""
    if not held:
        return last
    titles = dict(last.titles)
    for path in sorted(
        {path for one in held for path in one.review.scores} - set(titles), key=subject.position
    ):
        titles[path] = subject.title_of(path)
    reviews = [(one.review, _reviewer(one.review, one.number)) for one in held]
    remarks = [
        (path, who, score.comment)
        for review, who in reviews
        for path, score in review.scores.items()
        if score.comment
    ]
    return replace(
        last,
        titles=titles,
        reviewers=(*last.reviewers, *(who for _, who in reviews)),
        grades=(*last.grades, *(given for review, who in reviews for given in _grades(review, who))),
        comments=(*last.comments, *((who, review.comment) for review, who in reviews if review.comment)),
        remarks=(*last.remarks, *remarks),
    )


def _reviewer(review: GivenReview, number: int | None = None) -> Reviewer:
    return Reviewer(review.by, review.role, review.date, number)


def _grades(review: GivenReview, who: Reviewer) -> Iterable[GradeGiven]:
    for path, score in review.scores.items():
        for dimension, grade in grades_of(score).items():
            yield GradeGiven(path, dimension, who, grade, score.comment)


def grades_of(score: FactScore) -> dict[str, Grade]:
    """Return the grades of a fact, by dimension, without those that were not given."""
    given = {dimension: getattr(score, dimension) for dimension in DIMENSIONS}
    return {dimension: grade for dimension, grade in given.items() if grade is not None}


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
            _changed_since(one, fact, grades),
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


def _changed_since(one: RoundSummary, fact: str, grades: Iterable[GradeGiven]) -> bool | None:
    """Return whether the fact has changed since these grades were given: what holds of earlier rounds has not."""
    if all(given.reviewer.round is not None for given in grades):
        return False
    return None if one.version.kind == "in words" else fact in one.version.changed
