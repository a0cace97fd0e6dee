"""The profiles' constants as data are those that their files give today."""

from __future__ import annotations

from factsheet.hardware.chip import constants_of
from factsheet.hardware.precomputed import FILE, known_profiles, precomputed_text
from factsheet.hardware.profile import profile_names, profile_of


def test_the_data_are_those_of_the_profiles() -> None:
    assert FILE.read_text(encoding="utf-8") == precomputed_text()


def test_every_geometry_has_its_constants() -> None:
    known = known_profiles()
    assert tuple(sorted(known)) == profile_names()
    for name in profile_names():
        profile = profile_of(name)
        assert known[name].title == profile.title
        for geometry in (profile.geometry, *profile.also):
            sides = int(geometry.rows.value), int(geometry.cols.value)
            # The other geometries stand beside each other here.
            assert known[name].constants(*sides)[:-1] == constants_of(profile, geometry)[:-1]


def test_another_tile_gets_the_constants_of_the_usual_one() -> None:
    known = known_profiles()["ibm-2022"]
    assert known.constants(100, 100) == known.constants(None, None) == known.geometries[0]
