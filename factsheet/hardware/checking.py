"""Everything that can be found in one profile: its text, its form, and whether its figures can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.hardware.bounds import implausible
from factsheet.hardware.chip import constants_of, described
from factsheet.hardware.completeness import gaps
from factsheet.hardware.contradictions import contradictions
from factsheet.hardware.errors import BrokenProfileError
from factsheet.hardware.finding import ProfileFinding
from factsheet.source import CODES

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.hardware.profile import Profile
    from factsheet.source import Document, Problem


class CheckedProfile(NamedTuple):
    """What came of a profile.

    Attributes:
        document: its text; `None` where it is none.
        findings: in the order of the text, the gravest first at one place.
    """

    document: Document | None
    findings: tuple[ProfileFinding, ...]


def check_profile(read: Callable[[], Profile]) -> CheckedProfile:
    """Check one profile.

    Args:
        read: reads it, as `profile_from` does.

    Raises:
        UnknownProfileError: there is no profile of that name.
        SourceUnreadable: the file can not be read.
    """
    try:
        profile = read()
        chip = described(profile.document, profile.name)
        constants = constants_of(profile)
    except BrokenProfileError as error:
        return CheckedProfile(error.document, tuple(map(broken, error.problems)))
    document = profile.document
    found = [
        *implausible(chip, document, constants),
        *contradictions(chip, document),
        *gaps(chip, document, constants),
    ]
    return CheckedProfile(document, tuple(sorted(found, key=lambda one: one.problem.span.start)))


def broken(problem: Problem) -> ProfileFinding:
    """A problem that keeps a profile from being read, as a finding."""
    return ProfileFinding("HW001" if problem.code in CODES else "HW101", "error", problem)
