"""Two statements about the hardware exclude each other.

What it does: compares the device whose drift was trained with with the memory technology; devices a weight with the
pairs that its encoding names; and the tiles that hold the model with those of one chip.

Why it matters: noise, drift, energy and area all follow from the device and its process.

Fails:
    hwa_training: {drift: {device: phase-change memory (PCM)}}
    hardware: {inference: {technology: NOR flash}}

Passes:
    hwa_training: {drift: {device: phase-change memory (PCM)}}
    hardware: {inference: {technology: phase-change memory}}

How to fix: correct whichever is wrong. A model on several chips is no fault: say so in the `note`
on the tiles: `on five chips`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.sheet.hardware import InferenceHardware
    from factsheet.sheet.model import SheetFields

_PLACE = ("hardware", "inference")
_TILE = ("parameters", "tile")
_NUMBERS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_CHIPS = rf"\b({'|'.join(_NUMBERS)}|\d{{1,6}}) (?:\w+ )?chips\b"
_PAIRS = rf"(?:\b(?P<number>{'|'.join(_NUMBERS)}|\d+)\s+(?:\w+\s+)?)?\bpairs?\b"


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    inference = sheet.hardware.inference if sheet.hardware else None
    yield from _pairs(sheet)
    if inference is not None:
        yield from _technology(sheet, inference)
        yield from _tiles(sheet, inference)


def _technology(sheet: SheetFields, inference: InferenceHardware) -> Iterator[Finding]:
    drift = sheet.hwa_training.drift if sheet.hwa_training else None
    device, technology = (_text(fact) for fact in (drift.device if drift else None, inference.technology))
    if not device or not technology:
        return
    from factsheet.hardware.technologies import technologies_in  # few sheets name both

    trained, built = technologies_in(device), technologies_in(technology)
    if trained and built and trained.isdisjoint(built):
        yield Finding(
            ("hwa_training", "drift", "device"),
            f"the network was trained with the drift of {device}, but the chip has {technology}",
            "correct one of the two; if a device was trained with that the chip has not, say why in a `note`",
            related=(((*_PLACE, "technology"), technology),),
        )


def _tiles(sheet: SheetFields, inference: InferenceHardware) -> Iterator[Finding]:
    fact = sheet.parameters.tiles if sheet.parameters else None
    needed, there = fact.quantity if fact else None, inference.tiles.whole if inference.tiles else None
    if needed is None or there is None or needed.meant.low <= there * _chips(fact):
        return
    yield Finding(
        ("parameters", "tiles"),
        f"the model takes {needed.text} tiles, and a chip has {there}: it is right only if there are several chips",
        "correct one of the two, or say in a `note` how many chips there are",
        related=(((*_PLACE, "tiles"), f"{there} tiles on one chip"),),
        confidence="medium",
    )


def _chips(fact: Fact | None) -> int:
    """Return how many chips the note on a number of tiles says that they are on; 1 where it says nothing."""
    match = re.search(_CHIPS, ((fact.note if fact is not None else None) or "").casefold())
    return 1 if match is None else _NUMBERS.get(match[1]) or int(match[1])


def _pairs(sheet: SheetFields) -> Iterator[Finding]:
    tile = sheet.parameters.tile if sheet.parameters else None
    devices = tile.devices_per_weight.whole if tile and tile.devices_per_weight else None
    encoding = _text(tile.weight_encoding) if tile else ""
    match = re.search(_PAIRS, encoding.casefold())
    if devices is None or match is None:
        return
    pairs = _NUMBERS.get(match["number"] or "") or int(match["number"] or 1)
    if pairs and devices % (2 * pairs):
        yield Finding(
            (*_TILE, "devices_per_weight"),
            f"{devices} device{'s hold' if devices != 1 else ' holds'} a weight, but its encoding names "
            f"{match[0].strip()}: at least {2 * pairs}",
            "correct the number of devices, or the encoding",
            related=(((*_TILE, "weight_encoding"), encoding),),
        )


def _text(fact: Fact | None) -> str:
    return (fact.text or "") if fact is not None else ""


RULE = Rule(
    "FS219",
    "hardware-against-itself",
    "warning",
    "noise, drift, energy and area all follow from the device and its process",
    _check,
)
