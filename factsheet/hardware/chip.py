"""A profile's description and constants, read when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.hardware.errors import ProfileError

if TYPE_CHECKING:
    from factsheet.hardware.constants import ChipConstants
    from factsheet.hardware.description import Description
    from factsheet.hardware.profile import Geometry, Profile


def description_of(profile: Profile) -> Description:
    """All that a profile says.

    Raises:
        ProfileError: it says something that no profile can say; the first such place is in the message.
    """
    from pydantic import ValidationError  # loaded only where a profile is used

    from factsheet.hardware.description import Description

    try:
        return Description.model_validate(profile.document.data)
    except ValidationError as error:
        raise ProfileError(profile.name, str(error)) from None


def constants_of(profile: Profile, geometry: Geometry | None = None) -> ChipConstants:
    """The constants of the cost model for a chip.

    Args:
        profile: the chip.
        geometry: how its tile is used, one of `profile.also`; as it is usually described where left out.

    Raises:
        ProfileError: it says something that no profile can say.
    """
    from factsheet.hardware.deriving import derive_constants  # loaded only where a profile is used

    return derive_constants(description_of(profile), geometry or profile.geometry)
