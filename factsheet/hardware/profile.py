"""Read a hardware profile from its YAML file: the geometry of a tile, each figure with source and standing.

A profile is data. A file holds `name`, `title` and figures `{value, unit, standing, source}`; a tile's
`rows`, `cols` and `devices_per_weight` are counted in weights, as a sheet's tile is. Where a chip can be used
in more than one way, `also` lists the other geometries, each with the figures that differ.

What else a file says, `factsheet.hardware.description` reads. It takes pydantic's models to, which a check of a
sheet against a tile does without.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from factsheet.errors import ProfileError, UnknownProfileError
from factsheet.source.loader import read_sheet
from factsheet.source.problems import PROFILE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.source.document import Document

Standing = Literal["published", "secondary", "inferred", "fitted"]
"""`published`: read at the source. `secondary`: quoted elsewhere, to be confirmed before it is cited. `inferred`:
arithmetic on published figures. `fitted`: chosen so that something else comes out right."""
STANDINGS: tuple[Standing, ...] = get_args(Standing)

_FOLDER = Path(__file__).with_name("profiles")
DIGITAL_FOLDER = _FOLDER / "digital"
"""Where the profiles of digital devices are; `factsheet.hardware.digital` reads them."""
_SIDES = ("rows", "cols", "devices_per_weight")
_OPTIONAL = frozenset({"formula", "fitted_to", "note"})
"""What a figure may have besides the keys that it must have; read with the rest of the file."""


class ProfileFigure(NamedTuple):
    """One figure of a profile; `value` is in `unit`."""

    value: float
    unit: str
    standing: Standing
    source: str


class Geometry(NamedTuple):
    """One tile, counted in weights: inputs, outputs, and the devices that hold one weight.

    `reads` says how many products of the usual geometry one vector takes, one after the other; one where it is `None`.
    """

    rows: ProfileFigure
    cols: ProfileFigure
    devices_per_weight: ProfileFigure
    reads: ProfileFigure | None = None

    @property
    def sides(self) -> tuple[ProfileFigure, ProfileFigure, ProfileFigure]:
        """What a sheet says of its tile too."""
        return (self.rows, self.cols, self.devices_per_weight)


class Profile(NamedTuple):
    """A chip, or a family of them.

    Attributes:
        name: what sheets call it.
        title: what people call it.
        geometry: its tile as it is usually described.
        also: other geometries that the same tile can be given.
        document: the file's text and data, which the other figures are read from.
    """

    name: str
    title: str
    geometry: Geometry
    also: tuple[Geometry, ...]
    document: Document


def profile_names() -> tuple[str, ...]:
    """Return the names of all profiles, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def digital_names() -> tuple[str, ...]:
    """Return the names of all profiles of digital devices, sorted."""
    return tuple(sorted(path.stem for path in DIGITAL_FOLDER.glob("*.yaml")))


def geometry_of(name: str) -> Geometry:
    """Return the geometry of a profile's tile, in weights.

    Raises:
        UnknownProfileError: there is no profile of that name.
        ProfileError: its file is broken.
    """
    return profile_of(name).geometry


def profile_of(name: str) -> Profile:
    """Return the profile of that name.

    Raises:
        UnknownProfileError: there is no profile of that name.
        ProfileError: its file is broken.
    """
    known = profile_names()
    if name not in known:  # also keeps a name that is a path away from the file system
        raise UnknownProfileError(name, known)
    return _read_bundled(bundled_file(name))


@lru_cache(maxsize=32)
def _read_bundled(file: Path) -> Profile:
    """Return one of the package's own profiles, which do not change while the program runs; many sheets name one."""
    return read_profile(file)


def bundled_file(name: str) -> Path:
    """Return the file of a profile, one of `profile_names`."""
    return _FOLDER / f"{name}.yaml"


def read_profile(path: Path) -> Profile:
    """Read one file, whose name without the ending is the profile's name.

    Raises:
        ProfileError: the file is broken.
    """
    loaded = read_sheet(path, kind=PROFILE)
    document = loaded.document
    data = document.data if document is not None else None
    if loaded.problems or document is None or not isinstance(data, dict):
        raise ProfileError(path.stem, loaded.problems[0].message if loaded.problems else "it is empty")
    if data.get("name") != path.stem:
        raise ProfileError(path.stem, f"its file names it {data.get('name')!r}")
    main = _geometry(path.stem, data, None)
    return Profile(
        name=path.stem,
        title=str(data.get("title")),
        geometry=main,
        also=tuple(_geometry(path.stem, other, main) for other in data.get("also") or ()),
        document=document,
    )


def _geometry(name: str, data: Mapping[str, object], main: Geometry | None) -> Geometry:
    """Read the geometry of a tile; a side that a variant leaves out is that of the main geometry."""
    rows, cols, devices = (
        getattr(main, side) if main and side not in data else _figure(name, side, data) for side in _SIDES
    )
    return Geometry(rows, cols, devices, _figure(name, "reads", data) if main and "reads" in data else None)


def _figure(name: str, key: str, data: Mapping[str, object]) -> ProfileFigure:
    entry = data.get(key)
    if not isinstance(entry, dict) or set(entry) - _OPTIONAL != set(ProfileFigure._fields):
        raise ProfileError(name, f"`{key}` is not a mapping of {', '.join(ProfileFigure._fields)}")
    value, standing = entry["value"], entry["standing"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProfileError(name, f"the value of `{key}` is no number")
    if standing not in STANDINGS:
        raise ProfileError(name, f"the standing of `{key}` is none of {', '.join(STANDINGS)}")
    # The loader's numbers also carry their digits; what follows needs plain ones.
    number = int(value) if isinstance(value, int) else float(value)
    return ProfileFigure(number, str(entry["unit"]), standing, str(entry["source"]))
