"""What can go wrong between the name of a profile and its figures."""

from __future__ import annotations


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
