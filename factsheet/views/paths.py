"""Paths of fields as text, and patterns that cover them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_INDEX = re.compile(r"\[\d+\]")


@lru_cache(maxsize=4096)
def general(path: str) -> str:
    """The path without the numbers of its rows: `results[0].note` → `results[*].note`."""
    return _INDEX.sub("[*]", path)


def covers(pattern: str, path: str) -> bool:
    """Whether a pattern names this field or something above it; `[*]` in it stands for every row."""
    path = general(path)
    return path == pattern or path.startswith((f"{pattern}.", f"{pattern}["))


def covered(patterns: Iterable[str], path: str) -> bool:
    """Whether one of the patterns covers the path."""
    return any(covers(pattern, path) for pattern in patterns)
