"""What each reviewer found of a sheet, a sentence each, for pages and reports that are about something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from factsheet.review.rounds import GRADES
from factsheet.review.subject import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Collection

    from factsheet.review.rounds import GradeGiven, Reviewer, RoundSummary
    from factsheet.review.summary import ReviewSummary

_ORDER: Final = ("completeness", *(one for one in DIMENSIONS if one != "completeness"))
"""First the dimension whose facts are named: what a reader may miss in the sheet as well."""
_LONGEST: Final = 60
"""Characters of a name."""


def version_words(last: RoundSummary) -> str:
    """Say which version was reviewed, and what of it is another one now. The names in it are the file's."""
    version = last.version
    if version.kind == "this":
        return "Of this sheet as it is."
    if version.kind == "in words":
        return f"Of another version, and what has changed since is not known: {(version.words or '')[:_LONGEST]}."
    if not version.changed:
        return "Of an older version; none of the facts that were reviewed has changed since."
    changed = ", ".join(last.titles.get(path, path)[:_LONGEST] for path in version.changed)
    return f"Of an older version; changed since: {changed}."


def standing_words(summary: ReviewSummary, reviewers: Collection[Reviewer]) -> tuple[str, ...]:
    """Say which version these reviewed in the last round; nothing where all that holds is of earlier rounds."""
    return (version_words(summary.last),) if any(one.round is None for one in reviewers) else ()


def review_words(summary: ReviewSummary, who: Reviewer, *, named: bool) -> str:
    """Return who reviewed, and what falls short. The names in it are the file's.

    Args:
        summary: of the reviews.
        who: the reviewer.
        named: whether the facts are named that are not complete; they are counted otherwise.
    """
    last = summary.standing
    grades = [one for one in last.grades if one.reviewer == who]
    role = summary.roles.get(who.role, who.role)
    title = role if role[1:2].isupper() else role[:1].lower() + role[1:]
    article = "an" if title[:1].lower() in "aeiou" else "a"
    when = f" on {who.date}" if who.date else ""
    if who.round is not None:
        when += f", in round {who.round}, of what has not changed since"
    by_dimension = {one: [given for given in grades if given.dimension == one] for one in _ORDER}
    found = [
        _dimension(one, given, last, named=named and one == _ORDER[0])
        for one, given in by_dimension.items()
        if _is_short(given)
    ]
    high = [one for one, given in by_dimension.items() if given and not _is_short(given)]
    found += [f"{', '.join(high)} high"] if high else []
    return f"Reviewed by {article} {title} ({who.by[:_LONGEST]}){when}: {'; '.join(found) or 'no grades'}."


def _is_short(grades: list[GradeGiven]) -> bool:
    return any(one.grade != "high" for one in grades)


def _dimension(dimension: str, grades: list[GradeGiven], last: RoundSummary, *, named: bool) -> str:
    """Return the grades on one dimension that fall short, the facts named or counted."""
    parts = []
    for grade in GRADES[:-1]:
        facts = [last.titles[one.fact][:_LONGEST] for one in grades if one.grade == grade]
        if facts:
            parts.append(f"{grade} for {', '.join(facts) if named else len(facts)}")
    return f"{dimension} {', '.join(parts)}" + ("" if named else f" of {len(grades)}")
