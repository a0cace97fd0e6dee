"""Options that say which network is meant and what it runs on, shared by `derive` and `inspect`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.cli import exits
from factsheet.cli.exits import Stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.crossbar import TileShape
    from factsheet.crossbar.packing import Packing
    from factsheet.crossbar.structure import Structure
    from factsheet.derive import Setting
    from factsheet.hardware import Profile

_PAIR = re.compile(r"([1-9]\d{0,5})(?:[x×]([1-9]\d{0,5}))?")


class Asked(NamedTuple):
    """The options as typed."""

    digital: Sequence[str] = ()
    analog: Sequence[str] = ()
    decode: bool = False
    cache_length: int | None = None
    image_size: str | None = None
    model: str | None = None
    hardware: str | None = None
    structure: Structure = "batch-synchronous"
    chips: int | None = None
    pack: Packing = "none"
    fuse_qkv: bool = False
    balance: int | None = None

    def setting(self) -> Setting:
        """The options read.

        Raises:
            Stop: one of them is off; the message says how to mend it.
        """
        from factsheet.derive import Placing, Setting  # start-up: `validate` does without
        from factsheet.workload.policy import Policy

        policy = Policy(_names(self.digital), _names(self.analog))
        size = pair("--image-size", self.image_size, "224", "It is the height and width in pixels.")
        profile = None if self.hardware is None else _profile(self.hardware)
        placing = Placing(self.chips, self.pack, self.fuse_qkv, self.balance)
        return Setting(
            policy, self.decode, self.cache_length, size, profile, self.structure, self.model, placing
        )


def _profile(name: str) -> Profile:
    from factsheet.cli.profiles import named_profile  # only where one is asked for

    return named_profile(name)


def _names(patterns: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for pattern in patterns for name in pattern.split(",") if name.strip())


def pair(option: str, text: str | None, example: str, meaning: str) -> tuple[int, int] | None:
    """One number or two, such as `512` or `512x256`.

    Raises:
        Stop: it is neither.
    """
    if text is None:
        return None
    match = _PAIR.fullmatch(text.strip())
    if match is None:
        raise Stop(
            f"factsheet: {option} {text[:40]}: expected `{example}` or `{example}x256`, each from 1 to 999999\n"
            f"  {meaning}",
            exits.USAGE,
        )
    return int(match[1]), int(match[2] or match[1])


def tile_shape(text: str | None) -> TileShape | None:
    """The geometry of an array.

    Raises:
        Stop: it is none.
    """
    sides = pair(
        "--tile",
        text,
        "512",
        "A tile is one array; its rows are inputs and come first, its columns outputs, counted in weights.",
    )
    if sides is None:
        return None
    from factsheet.crossbar import TileShape

    return TileShape(*sides)


def message(name: str, error: Exception) -> str:
    """What is wrong with a network, why it matters and how to mend it."""
    what, why, help_ = (getattr(error, part) for part in ("message", "why", "help"))
    path = getattr(error, "path", "")
    where = f"{name}: {path}" if path and path != name else name
    what = what.removeprefix(f"{name}: ")
    return f"factsheet: {where}: {what}\n  = why: {why}\n  = help: {help_}"
