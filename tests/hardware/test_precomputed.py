"""The profiles' constants as data are those that their files give today."""

from __future__ import annotations

from factsheet.hardware import constants_of, profile_names, profile_of
from factsheet.hardware.precompute import precomputed_text
from factsheet.hardware.precomputed import FILE, precomputed_constants


def test_the_data_are_those_of_the_profiles() -> None:
    assert FILE.read_text(encoding="utf-8") == precomputed_text()


def test_every_geometry_has_its_constants() -> None:
    for name in profile_names():
        profile = profile_of(name)
        for geometry in (profile.geometry, *profile.also):
            sides = int(geometry.rows.value), int(geometry.cols.value)
            assert precomputed_constants(name, *sides) == constants_of(profile, geometry)


def test_another_tile_gets_the_constants_of_the_usual_one() -> None:
    assert precomputed_constants("ibm-2022", 100, 100) == constants_of(profile_of("ibm-2022"))


def test_an_unknown_profile_has_none() -> None:
    assert precomputed_constants("../ibm-2022", 512, 512) is None
