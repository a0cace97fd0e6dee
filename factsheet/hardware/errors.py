"""What can go wrong between the name of a profile and its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factsheet.source.document import Document
    from factsheet.source.problems import Problem

_SHOWN = 3


class ProfileError(Exception):
    """A profile can not be read or says something that no profile can say.

    Attributes:
        profile: the profile's name.
        problem: what is wrong with it.
    """

    def __init__(self, profile: str, problem: str) -> None:
        super().__init__(f"hardware profile `{profile}`: {problem}")
        self.profile, self.problem = profile, problem


class UnknownProfileError(ProfileError):
    """There is no profile of that name.

    Attributes:
        known: the names that there are.
    """

    def __init__(self, profile: str, known: tuple[str, ...]) -> None:
        super().__init__(profile, f"there is none; the profiles are {', '.join(known)}")
        self.known = known


class BrokenProfileError(ProfileError):
    """A profile's file says something that no profile can say; its message names the places.

    Attributes:
        problems: every place, in the order of the text.
        document: the text that they stand in; `None` where it is no text.
    """

    def __init__(self, profile: str, problems: tuple[Problem, ...], document: Document | None) -> None:
        name = document.name if document is not None else profile
        places = [
            f"{name}:{problem.span.line}:{problem.span.column}: {problem.message}\n  = help: {problem.help}"
            for problem in problems[:_SHOWN]
        ]
        more = len(problems) - len(places)
        if more:
            places.append(f"and {more} more; `factsheet hardware check {name}` shows them all")
        super().__init__(profile, "\n".join(places))
        self.problems, self.document = problems, document

    def __str__(self) -> str:
        return self.problem
