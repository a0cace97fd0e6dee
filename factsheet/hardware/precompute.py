"""Writes the constants of the profiles that come with the program as data: `python -m factsheet.hardware.precompute`.

Reading a profile takes pydantic's models, which a check that runs on every commit does without. A test holds the
file against the profiles.
"""

from __future__ import annotations

import json
from pathlib import Path

from factsheet.hardware.chip import constants_of
from factsheet.hardware.precomputed import FILE
from factsheet.hardware.profile import profile_names, profile_of


def precomputed_text() -> str:
    """Title and constants of every geometry of every profile, by its name; without `others`, which stand beside."""
    everything = {}
    for name in profile_names():
        profile = profile_of(name)
        geometries = (profile.geometry, *profile.also)
        constants = [list(constants_of(profile, geometry)[:-1]) for geometry in geometries]
        everything[name] = {"title": profile.title, "geometries": constants}
    return json.dumps(everything, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    Path(FILE).write_text(precomputed_text(), encoding="utf-8")
