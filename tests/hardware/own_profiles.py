"""Profiles made from text, for tests that change one figure at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.hardware.checking import check_profile
from factsheet.hardware.chip import own_profile
from factsheet.source.loader import load_bytes
from factsheet.source.problems import PROFILE

if TYPE_CHECKING:
    from factsheet.hardware.checking import CheckedProfile
    from factsheet.hardware.profile import Profile

NAME = "own.yaml"
SIDES = """
profile: 1
name: own
title: A chip of one's own
rows: {value: 100, unit: weights, standing: published, source: A paper}
cols: {value: 50, unit: weights, standing: published, source: A paper}
devices_per_weight: {value: 2, unit: devices, standing: published, source: A paper}
"""


def figure(value: object, unit: str, standing: str = "published", **more: str) -> str:
    """A figure as YAML on one line."""
    rest = "".join(f", {key}: {text}" for key, text in more.items())
    return f"{{value: {value}, unit: {unit}, standing: {standing}, source: A paper{rest}}}"


def profile_in(text: str) -> Profile:
    """The profile that a YAML text holds."""
    return own_profile(load_bytes(text.encode(), NAME, kind=PROFILE), NAME)


def own(more: str = "") -> Profile:
    """The profile of a tile of 100 × 50 weights, two devices each, and what is added to that."""
    return profile_in(SIDES + more)


def checked(text: str) -> CheckedProfile:
    """What there is to find in a whole text."""
    return check_profile(lambda: profile_in(text))
