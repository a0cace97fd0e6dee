"""Options that say which network is meant and what it runs on, shared by `derive` and `inspect`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.cli import exits
from factsheet.cli.exits import Stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.crossbar import TileShape
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

    def setting(self) -> Setting:
        """The options read.

        Raises:
            Stop: one of them is off; the message says how to mend it.
        """
        from factsheet.derive import Setting  # start-up: `validate` does without
        from factsheet.workload.policy import Policy

        policy = Policy(_names(self.digital), _names(self.analog))
        size = pair("--image-size", self.image_size, "224", "It is the height and width in pixels.")
        profile = None if self.hardware is None else profile_asked(self.hardware)
        return Setting(policy, self.decode, self.cache_length, size, profile, self.structure, self.model)


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


def profile_asked(name_or_path: str) -> Profile:
    """The hardware profile that the user names, by its name or as a file of their own.

    Raises:
        Stop: there is none, or it can not be read.
    """
    from factsheet.cli.exits import did_you_mean
    from factsheet.hardware import ProfileError, UnknownProfileError, constants_of, profile_from
    from factsheet.source import SourceUnreadable

    try:
        profile = profile_from(name_or_path)
        constants_of(profile)  # here, where the file can be named
    except UnknownProfileError as error:
        hint = did_you_mean(name_or_path, error.known)
        raise Stop(f"factsheet: there is no hardware profile `{name_or_path}`\n{hint}", exits.USAGE) from None
    except (ProfileError, SourceUnreadable) as error:
        raise Stop(f"factsheet: {error}", exits.USAGE) from None
    return profile


def message(name: str, error: Exception) -> str:
    """What is wrong with a network, why it matters and how to mend it."""
    what, why, help_ = (getattr(error, part) for part in ("message", "why", "help"))
    path = getattr(error, "path", "")
    where = f"{name}: {path}" if path and path != name else name
    what = what.removeprefix(f"{name}: ")
    return f"factsheet: {where}: {what}\n  = why: {why}\n  = help: {help_}"
