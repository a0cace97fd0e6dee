"""The hardware is not that of the profile that the sheet names.

What it does: compares the process node, the memory technology and the number of tiles under `hardware.inference`, and
the device whose drift was trained with, with the profile that `hardware.inference.profile` names. FS213 compares the
tile.

Why it matters: with a profile named, time, energy and area are recomputed for its chip and not for the sheet's.

Fails:
    hardware: {inference: {profile: ambrogio-34, node: 41 nm}}      # 14 nm

Passes:
    hardware: {inference: {profile: ambrogio-34, node: 14 nm}}

How to fix: correct the figure, or name the profile of the chip that is meant; leave `profile` out if there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.verdict import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.source.document import KeyPath

_PLACE = ("hardware", "inference")
_PROFILE = (*_PLACE, "profile")


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    inference = sheet.hardware.inference if sheet.hardware else None
    name = inference.profile.text if inference and inference.profile else None
    if inference is None or name is None:
        return
    from factsheet.hardware.precomputed import known_profiles  # few sheets name a profile

    profile = known_profiles().get(name)
    if profile is None:
        return  # FS213 reports it
    node = inference.node.quantity if inference.node else None
    if node is not None and profile.node_m is not None and not node.meant.contains(profile.node_m):
        yield _finding((*_PLACE, "node"), node.text, written(profile.node_m, "length"), name)
    tiles, expected = inference.tiles.whole if inference.tiles else None, profile.geometries[0].tiles_per_chip
    if tiles is not None and expected is not None and tiles != expected:
        yield _finding((*_PLACE, "tiles"), f"{tiles} tiles", str(expected), name)
    drift = sheet.hwa_training.drift if sheet.hwa_training else None
    devices: tuple[tuple[KeyPath, Fact | None], ...] = (
        ((*_PLACE, "technology"), inference.technology),
        (("hwa_training", "drift", "device"), None if drift is None else drift.device),
    )
    for path, fact in devices:
        if fact is not None and fact.text and _other(fact.text, profile.technology):
            yield _finding(path, fact.text, profile.technology, name)


def _other(text: str, technology: str) -> bool:
    from factsheet.hardware.technologies import technologies_in  # few sheets name a profile

    given, known = technologies_in(text), technologies_in(technology)
    return bool(given and known) and given.isdisjoint(known)


def _finding(path: KeyPath, given: str, expected: str, profile: str) -> Finding:
    return Finding(
        path,
        f"{given} here, and {expected} in profile `{profile}`, which the sheet names",
        f"write {expected}, or name the profile of the chip that is meant",
        related=((_PROFILE, "the profile is named here"),),
    )


RULE = Rule(
    "FS218",
    "hardware-against-profile",
    "warning",
    "with a profile named, figures are recomputed for its chip and not for the sheet's",
    _check,
)
