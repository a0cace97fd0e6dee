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
        return json.loads(text, parse_int=_whole, object_pairs_hook=object_pairs_hook)
    except RecursionError:
        raise ValueError("brackets are nested too deeply") from None


def _whole(digits: str) -> int:
    if len(digits) > DEFAULT_LIMITS.digits:
        message = f"a number of {len(digits):,} digits, and {DEFAULT_LIMITS.digits} are the most"
        raise ValueError(message)
    return int(digits)
