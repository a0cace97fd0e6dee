"""Read a profile's description and derive its constants when they are used; read a user's own profile."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.errors import BrokenProfileError, ProfileError
from factsheet.hardware.profile import (
    Geometry,
    Profile,
    ProfileFigure,
    bundled_file,
    digital_names,
    profile_names,
    profile_of,
)
from factsheet.source.loader import read_sheet
from factsheet.source.problems import PROFILE, Problem

if TYPE_CHECKING:
    from factsheet.hardware.constants import ChipConstants, Constant
    from factsheet.hardware.description import Description, Variant
    from factsheet.hardware.quoted import Quoted
    from factsheet.source.document import Document
    from factsheet.source.loader import Loaded

FILE_ENDINGS = (".yaml", ".yml")
"""The endings by which a path differs from a profile's name."""


def profile_from(name_or_path: str) -> Profile:
    """Return the profile of that name, or, where it ends in `.yaml` or `.yml`, that file.

    For what a user asks for. What a sheet says is a name and no more: `profile_of` reads no path.

    Raises:
        UnknownProfileError: there is no profile of that name.
        ProfileError: it is the profile of a digital device.
        BrokenProfileError: the file says something that no profile can say.
        SourceUnreadableError: the file cannot be read.
    """
    if not name_or_path.lower().endswith(FILE_ENDINGS):
        if name_or_path in digital_names():
            raise ProfileError(
                name_or_path,
                "it is of a digital device, and an analog chip is asked for; "
                "`factsheet derive --hardware` and `factsheet sweep --hardware` take both",
            )
        return profile_of(name_or_path)
    return own_profile(read_sheet(Path(name_or_path), kind=PROFILE), name_or_path)


def own_profile(loaded: Loaded, path: str) -> Profile:
    """Read a user's profile from its text.

    Args:
        loaded: the text, read as `PROFILE`.
        path: where it comes from.

    Raises:
        BrokenProfileError: it says something that no profile can say.
    """
    document = loaded.document
    if loaded.problems or document is None or document.data is None:
        raise BrokenProfileError(path, loaded.problems, document)
    if of_a_digital_device(document.data):
        raise BrokenProfileError(path, (_of_a_digital_device(document),), document)
    if _is_of_a_simulation(document):
        raise BrokenProfileError(path, (_of_a_simulation(path, document),), document)
    chip = described(document, path)
    if chip.name in profile_names() and Path(path).resolve() != bundled_file(chip.name).resolve():
        raise BrokenProfileError(path, (taken_name(chip.name, document),), document)
    main = Geometry(_figure(chip.rows), _figure(chip.cols), _figure(chip.devices_per_weight))
    return Profile(
        name=chip.name,
        title=chip.title,
        geometry=main,
        also=tuple(_variant(other, main) for other in chip.also),
        document=document,
    )


def description_of(profile: Profile) -> Description:
    """Return all that a profile says.

    Raises:
        BrokenProfileError: it says something that no profile can say.
    """
    return described(profile.document, profile.name)


def described(document: Document, name: str) -> Description:
    """Read all that a profile's text says.

    Raises:
        BrokenProfileError: it says something that no profile can say.
    """
    from pydantic import ValidationError  # loaded only where a profile is used

    from factsheet.hardware.description import Description

    try:
        return Description.model_validate(document.data)
    except ValidationError as error:
        from factsheet.hardware.profile_problems import problems_of  # needed only when something is wrong

        raise BrokenProfileError(name, problems_of(error, document), document) from None


def constants_of(profile: Profile, geometry: Geometry | None = None) -> ChipConstants:
    """Derive the constants of the cost model for a chip.

    Args:
        profile: the chip.
        geometry: how its tile is used, one of `profile.also`; as it is usually described where left out, with the
            constants of the others as `others`.

    Raises:
        BrokenProfileError: it says something that no profile can say.
    """
    from factsheet.hardware.derived_constants import derive_constants  # loaded only where a profile is used

    chip = description_of(profile)
    if geometry is not None:
        return _in_range(derive_constants(chip, geometry), profile)
    usual = _in_range(derive_constants(chip, profile.geometry), profile)
    return usual._replace(
        others=tuple(_in_range(derive_constants(chip, other), profile) for other in profile.also)
    )


def _in_range(constants: ChipConstants, profile: Profile) -> ChipConstants:
    from factsheet.hardware.constants import CONSTANT_DIMENSIONS

    for name, _ in CONSTANT_DIMENSIONS:
        constant = getattr(constants, name)
        # Figures within what a double holds can have a quotient that is not.
        if constant is not None and not 0 < constant.value < math.inf:
            problem = _out_of_range(name, constant, profile.document)
            raise BrokenProfileError(profile.name, (problem,), profile.document)
    return constants


def _figure(quoted: Quoted) -> ProfileFigure:
    return ProfileFigure(quoted.si, quoted.unit, quoted.standing, quoted.source)


def _variant(other: Variant, main: Geometry) -> Geometry:
    return Geometry(
        _figure(other.rows) if other.rows else main.rows,
        _figure(other.cols) if other.cols else main.cols,
        _figure(other.devices_per_weight) if other.devices_per_weight else main.devices_per_weight,
        _figure(other.reads) if other.reads else None,
    )


_SIMULATED = frozenset({"device", "tile", "dac", "adc", "follow", "compensation", "significance"})
"""Keys of a file of hardware for a simulation; a profile has `tile` too."""


def _is_of_a_simulation(document: Document) -> bool:
    data = document.data
    return isinstance(data, dict) and "profile" not in data and len(_SIMULATED & set(data)) > 1


def of_a_digital_device(data: object) -> bool:
    """Return whether a profile's data are of a digital device: whether they name a kind, and not `analog`."""
    return isinstance(data, dict) and data.get("kind", "analog") != "analog"


def _of_a_digital_device(document: Document) -> Problem:
    return Problem(
        code="wrong-kind",
        message="this is the profile of a digital device, and an analog chip is asked for",
        why="a digital device has no tiles to place a network on",
        help="take it where both kinds can be compared: `factsheet derive --hardware`",
        span=document.locate(("kind",)),
        path=("kind",),
    )


def _of_a_simulation(path: str, document: Document) -> Problem:
    return Problem(
        code="wrong-kind",
        message="this is hardware for `factsheet simulate`: devices, converters and noise of a layer",
        why="times, energies and areas come from a profile of a chip, which it is not",
        help=f"give it to `factsheet simulate --hardware {path}`; here, name a profile: `factsheet hardware list`",
        span=document.locate(()),
        path=(),
    )


def taken_name(name: str, document: Document) -> Problem:
    """Return that a user's own profile has the name of one that comes with the program."""
    return Problem(
        code="taken-name",
        message=f"`{name}` is the name of a profile that comes with the program",
        why="results would appear under the name of a chip whose figures they were not computed with",
        help=f"give this one a name of its own, such as `{name}-changed`",
        span=document.locate(("name",)),
        path=("name",),
    )


def _out_of_range(name: str, constant: Constant, document: Document) -> Problem:
    return Problem(
        code="out-of-range",
        message=f"`{name}`, from {constant.formula or 'its figure'}, comes to {constant.value:g}",
        why="nothing can be computed with it",
        help="check the figures that it follows from, and the prefixes of their units",
        span=document.locate(("name",)),
        path=("name",),
    )
