"""Tell what of earlier rounds still holds: what somebody said, has not said anew, and the sheet has not changed since.

A reviewer who does not return has not taken anything back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.review.subject import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.review.model import FactScore, GivenReview, ReviewedVersion, ReviewRound
    from factsheet.review.subject import ReviewSubject


class HeldReview(NamedTuple):
    """What still holds of a review: the number of its round, and the review without what does not."""

    number: int
    review: GivenReview


class LapsedScores(NamedTuple):
    """Scores of an earlier round that are not counted.

    Attributes:
        number: of the round.
        known: whether it is known that the sheet says something else there now; else nobody knows what has changed.
        people: who gave them.
        facts: what they are of, by path.
    """

    number: int
    known: bool
    people: tuple[str, ...]
    facts: tuple[str, ...]


class EarlierReviews(NamedTuple):
    """What still holds of the rounds before the last, the later rounds first, and what does not."""

    held: tuple[HeldReview, ...]
    lapsed: tuple[LapsedScores, ...]


def earlier_reviews(rounds: Sequence[tuple[int, ReviewRound]], subject: ReviewSubject) -> EarlierReviews:
    """Return what of the rounds before the last still holds, beside what the same people have said since.

    Args:
        rounds: all of them, with their numbers, in the order of time.
        subject: the sheet.
    """
    said: set[tuple[str, ...]] = set()
    held: list[HeldReview] = []
    lapsed: dict[tuple[int, bool], tuple[dict[str, None], dict[str, None]]] = {}
    for place, (number, one) in enumerate(reversed(rounds)):
        for review in one.reviews:
            who = (review.by, review.role)
            scores: dict[str, FactScore] = {}
            for path, score in review.scores.items():
                left = _not_said_since(score, (*who, path), said)
                if place == 0 or left is None:
                    continue
                holds = holds_still(one.of, path, subject)
                if holds:
                    scores[path] = left
                else:
                    people, facts = lapsed.setdefault((number, holds is not None), ({}, {}))
                    people[review.by] = facts[path] = None
            if place and (scores or (review.comment and who not in said)):
                comment = None if who in said else review.comment
                held.append(
                    HeldReview(number, review.model_copy(update={"scores": scores, "comment": comment}))
                )
        said |= {key for review in one.reviews for key in _keys(review)}
    return EarlierReviews(
        tuple(held),
        tuple(LapsedScores(*key, tuple(people), tuple(facts)) for key, (people, facts) in lapsed.items()),
    )


def _keys(review: GivenReview) -> set[tuple[str, ...]]:
    """Return what a review says anything of: itself, its facts, and their dimensions."""
    who = (review.by, review.role)
    facts = {(*who, path) for path in review.scores}
    grades = {
        (*who, path, dimension)
        for path, score in review.scores.items()
        for dimension in DIMENSIONS
        if getattr(score, dimension) is not None
    }
    return {who, *facts, *grades}


def _not_said_since(score: FactScore, fact: tuple[str, ...], said: set[tuple[str, ...]]) -> FactScore | None:
    """Return a score without the grades that the same reviewer gave anew; `None` if nothing is left of it."""
    gone: dict[str, None] = {dimension: None for dimension in DIMENSIONS if (*fact, dimension) in said}
    if fact in said:
        gone["comment"] = None
    left = score.model_copy(update=gone)
    return left if any(getattr(left, name) is not None for name in (*DIMENSIONS, "comment")) else None


def holds_still(of: ReviewedVersion, path: str, subject: ReviewSubject) -> bool | None:
    """Return whether the sheet still says what it said there in that version; `None` where nobody knows."""
    if of.digest is not None and of.digest == subject.digest:
        return True
    known = of.facts or {}
    place = nearest(path, known)
    return None if of.digest is None or place is None else subject.digest_at(place) == known[place]


def nearest(path: str, known: Mapping[str, str]) -> str | None:
    """Return the path, or the nearest above it, whose digest is known."""
    while path and path not in known:
        path = path.rpartition(".")[0]
    return path or None
