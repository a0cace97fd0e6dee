"""Hardware profiles: what is known of chips, one YAML file each, every figure with its source and standing."""

from factsheet.hardware.chip import constants_of, description_of, profile_from
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
