"""Everything that can be found in one profile: its text, its form, and whether its figures can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.hardware.bounds import implausible, implausible_constants
from factsheet.hardware.chip import constants_of, description_of
from factsheet.hardware.completeness import gaps, unconfirmed
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
        chip = description_of(profile)
        # With such a figure around, what follows from it would be reported a second time.
        beyond = tuple(implausible(chip, profile.document))
        constants = None if beyond else constants_of(profile)
    except BrokenProfileError as error:
        return CheckedProfile(error.document, tuple(map(broken, error.problems)))
    if constants is None:
        return CheckedProfile(profile.document, beyond)
    found = (
        *implausible_constants(chip, profile.document, constants),
        *contradictions(chip, profile.document),
        *gaps(chip, profile.document, constants),
        *unconfirmed(chip, profile.document),
    )
    return CheckedProfile(profile.document, tuple(sorted(found, key=lambda one: one.problem.span.start)))


def broken(problem: Problem) -> ProfileFinding:
    """A problem that keeps a profile from being read, as a finding."""
    return ProfileFinding("HW001" if problem.code in CODES else "HW101", "error", problem)
