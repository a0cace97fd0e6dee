"""The hardware profile that a command is asked to work with: a name, or a path to a user's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Diagnostic, Related
from factsheet.cli import exits
from factsheet.cli.exits import Stop, did_you_mean
from factsheet.cli.terminal import complain, style_for
from factsheet.hardware import BrokenProfileError, UnknownProfileError, constants_of, profile_from
from factsheet.hardware.chip import FILE_ENDINGS
from factsheet.source import SourceError

if TYPE_CHECKING:
    from factsheet.hardware import Profile
    from factsheet.hardware.finding import ProfileFinding


def named_profile(name: str) -> Profile:
    """The profile of that name, or the file at that path.

    Raises:
        Stop: there is none, it can not be read, or it says something that no profile can say; each such place is in
            the message.
    """
    try:
        profile = profile_from(name)
        constants_of(profile)  # figures that can not be computed with are told here, with their lines
    except BrokenProfileError as error:
        from factsheet.hardware.checking import broken  # only for a broken profile
        from factsheet.report import full

        style = style_for(sys.stderr)
        blocks = [
            full(diagnostic_of(broken(problem), name), error.document, style) for problem in error.problems
        ]
        blocks.append(f"factsheet: {name}: the profile can not be used as it is. Mend it and run again.")
        raise Stop("\n\n".join(blocks), exits.FINDINGS) from None
    except (UnknownProfileError, SourceError) as error:
        raise Stop(f"factsheet: {words_of(error)}") from None
    if name.lower().endswith(FILE_ENDINGS):
        _warn(profile, name)
    return profile


def _warn(profile: Profile, name: str) -> None:
    """Say on standard error that figures of a user's own profile can not be right; they are used all the same."""
    from factsheet.hardware.checking import check_profile  # only for a user's own

    errors = [one for one in check_profile(lambda: profile).findings if one.severity == "error"]
    if errors:
        first = errors[0].problem
        more = f", and {len(errors) - 1} more" if errors[1:] else ""
        complain(
            f"factsheet: {name}:{first.span.line}:{first.span.column}: {first.message}{more}\n"
            f"  what is computed with it can not be right; `factsheet hardware check {name}` says why"
        )


def words_of(error: UnknownProfileError | SourceError) -> str:
    """Why a profile could not be had, and what to do next."""
    if isinstance(error, SourceError):
        return error.diagnostics()
    return (
        f"there is no hardware profile `{error.profile[:60]}`\n"
        f"  {did_you_mean(error.profile, error.known)}The profiles are {', '.join(error.known)}; "
        "a path to one of your own ends in .yaml or .yml."
    )


def diagnostic_of(finding: ProfileFinding, file: str) -> Diagnostic:
    """A finding in a profile, as reports take it."""
    problem = finding.problem
    return Diagnostic(
        finding.id,
        problem.code,
        finding.severity,
        problem.message,
        problem.why,
        problem.help,
        file,
        problem.span,
        problem.path,
        tuple(Related(label, span) for label, span in problem.related),
    )
