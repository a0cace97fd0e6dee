"""How much of a text the loader is willing to read."""

from __future__ import annotations

from typing import Final, NamedTuple


class Limits(NamedTuple):
    """Bounds on one text; past any of them reading stops or the value is refused."""

    bytes: int = 1024 * 1024
    """Size of the file, in bytes."""
    depth: int = 24
    """Lists and mappings inside one another."""
    nodes: int = 50_000
    """Keys, values, lists and mappings together."""
    scalar_chars: int = 20_000
    """Length of one key or value, in characters."""
    digits: int = 40
    """Digits of one number."""
    problems: int = 200
    """Problems reported before reading stops."""


DEFAULT_LIMITS: Final = Limits()
