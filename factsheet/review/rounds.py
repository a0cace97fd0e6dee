"""What was said in a round of reviews, and how often each grade was given. Grades are an order, not numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from factsheet.sheet.references import Grade

GRADES: tuple[Grade, ...] = ("low", "medium", "high")


SHORTFALL: Mapping[Grade, int] = {"low": 2, "medium": 1, "high": 0}
"""How far a grade falls short: a rule of this program, to put first what is worst; nothing else is made of it."""


VersionKind = Literal["this", "older", "in words"]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who scored, in which role and when; `round` is the number of an earlier round than the last."""

    by: str
    role: str
    date: str | None = None
    round: int | None = None

    @property
    def label(self) -> str:
        """The name, with the round where it is an earlier one."""
        return self.by if self.round is None else f"{self.by} (round {self.round})"


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


def cell_of(one: GradeGiven) -> tuple[str, str]:
    """Return the fact and the dimension of a grade."""
    return one.fact, one.dimension
