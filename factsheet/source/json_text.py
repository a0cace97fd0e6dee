"""JSON → plain data, within the bounds that sheets have: nesting that can be followed, numbers that can be computed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from factsheet.source.decoding import DEFAULT_LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable

    Pairs = Callable[[list[tuple[str, object]]], object]


def parse_json(text: str | bytes, *, object_pairs_hook: Pairs | None = None) -> object:
    """Return the value in a JSON text.

    `json.loads` raises RecursionError for brackets inside each other, and reads whole numbers that neither a float nor
    a message can hold: whoever computes with one of 400 digits raises OverflowError, far from the file.

    Args:
        text: the text, or its bytes in UTF-8, UTF-16 or UTF-32.
        object_pairs_hook: makes an object of its names and values.

    Raises:
        ValueError: it is no JSON, its brackets are nested too deeply, or a whole number in it has too many digits.
    """
    try:
        found: object = json.loads(text, parse_int=_whole, object_pairs_hook=object_pairs_hook)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    # Since Python 3.12, brackets are followed here that nothing written in Python could follow.
    if not _nested_within(found, _DEEPEST):
        raise ValueError(_TOO_DEEP)
    return found


_DEEPEST = 500
_TOO_DEEP = "brackets are nested too deeply"


def _nested_within(value: object, most: int) -> bool:
    """Return whether lists and mappings are inside each other no more often than that, level by level."""
    level = [value]
    for _ in range(most):
        level = [
            below
            for one in level
            if isinstance(one, (dict, list, tuple))
            for below in (one.values() if isinstance(one, dict) else one)
            if isinstance(below, (dict, list, tuple))
        ]
        if not level:
            return True
    return False


def _whole(digits: str) -> int:
    if len(digits) > DEFAULT_LIMITS.digits:
        message = f"a number of {len(digits):,} digits, and {DEFAULT_LIMITS.digits} are the most"
        raise ValueError(message)
    return int(digits)
