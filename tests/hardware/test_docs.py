"""docs/hardware-profiles.md: its example is a sound profile, and its tables leave nothing out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from own_profiles import checked, profile_in

from factsheet.hardware.chip import constants_of
from factsheet.hardware.description import Description
from factsheet.hardware.finding import KINDS
from factsheet.hardware.profile import STANDINGS, profile_names

PAGE = (Path(__file__).parents[2] / "docs" / "hardware-profiles.md").read_text(encoding="utf-8")
EXAMPLE = next(block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "profile: 1" in block)


def first_cells(heading: str) -> str:
    """The first column of the tables below a heading, as one text."""
    section = re.split(r"^## ", PAGE[PAGE.index(heading) :], flags=re.MULTILINE)[0]
    return " ".join(line.split("|")[1] for line in section.splitlines() if line.startswith("|"))


def test_the_example_is_sound_and_comes_to_what_the_page_says() -> None:
    assert {one.severity for one in checked(EXAMPLE).findings} <= {"info"}
    constants = constants_of(profile_in(EXAMPLE))
    assert constants.mvm_time is not None
    assert constants.cell_energy is not None
    # 2 × (64 ns + 8 / 100 MHz), and 20 mW for that long.
    assert constants.mvm_time.value == pytest.approx(288e-9)
    assert constants.cell_energy.value * 256 * 256 == pytest.approx(5.76e-9)


def test_the_page_lists_every_profile_standing_key_and_finding() -> None:
    for name in profile_names():
        assert f"| `{name}` |" in PAGE
    for standing in STANDINGS:
        assert f"| `{standing}` |" in PAGE
    for id_ in KINDS:
        assert f"| {id_} |" in PAGE
    keys = first_cells("A profile of your own")
    for key in Description.model_fields:
        assert f"`{key}`" in keys or key in {"profile", "name", "title"}, key
