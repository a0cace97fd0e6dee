"""Hardware profiles: what is known of chips, one YAML file each, every figure with its source and standing."""

from typing import TYPE_CHECKING

from factsheet.hardware.errors import BrokenProfileError, ProfileError, UnknownProfileError
from factsheet.hardware.profile import (
    STANDINGS,
    Figure,
    Geometry,
    Profile,
    Standing,
    geometry_of,
    profile_names,
    profile_of,
)

if TYPE_CHECKING:
    from factsheet.hardware.chip import constants_of, description_of, profile_from

__all__ = [
    "STANDINGS",
    "BrokenProfileError",
    "Figure",
    "Geometry",
    "Profile",
    "ProfileError",
    "Standing",
    "UnknownProfileError",
    "constants_of",
    "description_of",
    "geometry_of",
    "profile_from",
    "profile_names",
    "profile_of",
]

_READ = frozenset({"constants_of", "description_of", "profile_from"})
"""What reads all of a profile: checks of sheets, which start often, do without."""


def __getattr__(name: str) -> object:
    """Load the reading of profiles when it is first asked for."""
    if name in _READ:
        from factsheet.hardware import chip

        return getattr(chip, name)
    raise AttributeError(f"module `{__name__}` has no attribute `{name}`")
