"""Paths of fields as text, and patterns that cover them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_INDEX = re.compile(r"\[\d+\]")
_BOUNDARY = re.compile(r"[.\[]")


@lru_cache(maxsize=4096)
def general(path: str) -> str:
    """The path without the numbers of its rows: `results[0].note` → `results[*].note`."""
    return _INDEX.sub("[*]", path)


@lru_cache(maxsize=4096)
def covering(path: str) -> frozenset[str]:
    """Every pattern that covers a path: the path itself and whatever stands above it."""
    whole = general(path)
    return frozenset((whole, *(whole[: mark.start()] for mark in _BOUNDARY.finditer(whole))))


def covers(pattern: str, path: str) -> bool:
    """Whether a pattern names this field or something above it; `[*]` in it stands for every row."""
    return pattern in covering(path)


def covered(patterns: Iterable[str], path: str) -> bool:
    """Whether one of the patterns covers the path."""
    return not covering(path).isdisjoint(patterns)
