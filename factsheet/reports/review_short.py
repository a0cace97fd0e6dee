"""What reviewers found short, for lists of what a sheet still owes its readers."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final, NamedTuple

from factsheet.readers.roles import ROLE_NAMES
from factsheet.reports.review_lines import standing_words
from factsheet.reports.review_text import new_remarks, shortened
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.readers.roles import RoleName
    from factsheet.review.rounds import Reviewer
    from factsheet.review.summary import ReviewSummary
    from factsheet.sheet.model import SheetFields

SHORT_TITLE: Final = "Reviewers found short, the worst first"
_MOST_NAMED: Final = 4
_MOST_SHORT: Final = 10
"""Of what reviewers found short, in texts: `factsheet review summary --all` and the JSON form have the rest."""


class ReviewedShort(NamedTuple):
    """A fact that reviewers found short of what they need.

    Attributes:
        path: the section, or the field.
        title: its name for people.
        dimension: what it falls short on.
        found: the grades in words, and who gave them.
        changed: whether the sheet says something else there since; `None` where nobody knows.
        owed_by: who could improve it.
        comments: what reviewers want, each with who says so; once, where a fact falls short on several dimensions.
    """

    path: str
    title: str
    dimension: str
    found: str
    changed: bool | None
    owed_by: str
    comments: tuple[str, ...]

    @property
    def line(self) -> str:
        """The fact, and what reviewers found, on one line."""
        since = "; the sheet says something else there since" if self.changed else ""
        return f"{one_line(self.title)} ({self.path}), {self.dimension}: {one_line(self.found)}{since}"


class ShortFacts(NamedTuple):
    """What reviewers found short, the worst first; `version` says which version of the sheet the last round is of."""

    version: str
    facts: tuple[ReviewedShort, ...]


NOTHING_SHORT: Final = ShortFacts("", ())


def reviewed_short(
    sheet: SheetFields, reviews: ReviewSummary | None, roles: Sequence[RoleName] = ROLE_NAMES
) -> ShortFacts:
    """Return what reviewers in these roles found short, in the last round or in what holds of those before.

    Args:
        sheet: the sheet.
        reviews: what they said; nothing where there is no review.
        roles: whose reviews count.
    """
    if reviews is None:
        return NOTHING_SHORT
    found = []
    shown: set[tuple[str, Reviewer]] = set()
    for want in reviews.wanted:
        grades = [given for given in want.grades if given.reviewer.role in roles]
        if grades:
            who = ", ".join(f"{one.grade} from {one.reviewer.label}" for one in grades[:_MOST_NAMED])
            more = len(grades) - _MOST_NAMED
            found.append(
                ReviewedShort(
                    want.fact,
                    want.title,
                    want.dimension,
                    who + (f" and {more} more" if more > 0 else ""),
                    want.changed,
                    sheet.audience.supplier(sheet.producers, want.fact),
                    tuple(
                        f"{one.label}: {shortened(said)}"
                        for one, said in new_remarks(want, shown)
                        if one.role in roles
                    ),
                )
            )
    whose = {
        given.reviewer for want in reviews.wanted for given in want.grades if given.reviewer.role in roles
    }
    return ShortFacts(" ".join(standing_words(reviews, whose)), tuple(found))


def short_lines(name: str, short: ShortFacts) -> list[str]:
    """Return what reviewers found short, for a terminal; nothing where they found nothing."""
    if not short.facts:
        return []
    lines = ["", f"{SHORT_TITLE} ({len(short.facts)}). {one_line(short.version)}".rstrip()]
    for one in short.facts[:_MOST_SHORT]:
        lines.append(f"  {one.line}")
        lines += [f"    {one_line(comment)}" for comment in one.comments]
    if len(short.facts) > _MOST_SHORT:
        more = f"factsheet review summary {shlex.quote(one_line(name))} --all"
        lines.append(f"  and {len(short.facts) - _MOST_SHORT} more: `{more}`")
    return lines
