"""The tile is not that of the hardware profile that the sheet names, or there is no such profile.

What it does: looks up `hardware.inference.profile` among the profiles that come with the program, and compares `rows`,
`cols` and `devices_per_weight` of `parameters.tile` with the profile's tile.

Why it matters: with a profile named, tiles, time, energy and area are recomputed for its tile and not the sheet's.

Fails:
    parameters: {tile: {rows: 256, cols: 256}}
    hardware: {inference: {profile: ibm-2022}}   # whose tile is 512 × 512

Passes:
    parameters: {tile: {rows: 512, cols: 512}}
    hardware: {inference: {profile: ibm-2022}}

How to fix: correct the tile, or name the profile of the chip that is meant; leave `profile` out if there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.hardware.constants import ChipConstants
    from factsheet.hardware.precomputed import KnownProfile
    from factsheet.sheet.parameters import Tile

_PROFILE = ("hardware", "inference", "profile")


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    inference = sheet.hardware.inference if sheet.hardware else None
    name = inference.profile.text if inference and inference.profile else None
    if name is None:
        return
    from factsheet.hardware.precomputed import known_profiles  # few sheets name a profile

    known = known_profiles()
    profile = known.get(name)
    if profile is None:
        yield _unknown(name, tuple(sorted(known)))
        return
    tile = sheet.parameters.tile if sheet.parameters else None
    if tile is not None:
        yield from _compare(tile, profile)


def _unknown(name: str, known: tuple[str, ...]) -> Finding:
    from difflib import get_close_matches  # only for a name that is not known

    close = get_close_matches(name.casefold(), known, 1)
    names = ", ".join(f"`{one}`" for one in known)
    return Finding(
        _PROFILE,
        f"there is no hardware profile `{name}`",
        f"did you mean `{close[0]}`? The profiles are {names}" if close else f"the profiles are {names}",
        changes=(Change(_PROFILE, close[0]),) if close else (),
    )


def _compare(tile: Tile, profile: KnownProfile) -> Iterator[Finding]:
    """Report each side that differs from the geometry that the sheet comes closest to."""
    nearest = min(profile.geometries, key=lambda geometry: len(_differences(tile, geometry)))
    for side, given, expected in _differences(tile, nearest):
        yield Finding(
            ("parameters", "tile", side),
            f"`{side}` is {given} here and {expected} in profile `{profile.name}`: {profile.title}",
            f"write {expected}, or name the profile of the chip that is meant",
            related=((_PROFILE, "the profile is named here"),),
        )


def _differences(tile: Tile, geometry: ChipConstants) -> list[tuple[str, int, int]]:
    """Yield each side that the sheet gives and that differs: its name, as given, as expected."""
    given: tuple[tuple[str, Fact | None, int], ...] = (
        ("rows", tile.rows, geometry.rows),
        ("cols", tile.cols, geometry.cols),
        ("devices_per_weight", tile.devices_per_weight, geometry.devices_per_weight),
    )
    return [
        (side, fact.whole, expected)
        for side, fact, expected in given
        if fact is not None and fact.whole is not None and fact.whole != expected
    ]


RULE = Rule(
    "FS213",
    "tile-against-profile",
    "error",
    "with a profile named, figures are recomputed for its tile",
    _check,
)
