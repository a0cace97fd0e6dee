"""Times after programming, as people write them: `1h, 1 day, 4w, 1y`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.errors import QuantityError
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_WEEK, _YEAR = 7 * _DAY, 365.25 * _DAY
# Letters that a sheet does not take for a unit, as nobody writes them there, but that a command line is quick to type.
_SHORT = {"w": "week", "y": "year"}
_LETTER = re.compile(r"(?P<number>.*\d)\s*(?P<letter>[wy])")
_UNITS = (("year", _YEAR), ("week", _WEEK), ("day", _DAY), ("h", _HOUR), ("min", _MINUTE), ("s", 1.0))
_ROUND = 1e-9


def seconds_of(text: str) -> float:
    """Read one time.

    Raises:
        ValueError: it is none, or before the weights were programmed.
    """
    text = text.strip()
    if text.startswith(("-", "\u2212")):
        raise ValueError(f"`{text}` is before the weights are programmed; times count from then on")
    short = _LETTER.fullmatch(text)
    try:
        read = parse_quantity(f"{short['number']} {_SHORT[short['letter']]}" if short else text, "time")
    except QuantityError as error:
        raise ValueError(f"`{text}` is no time: {error.message}; write 20s, 1h, 1d, 1w, 4w or 1y") from None
    if read.kind != "point" or read.approximate:
        raise ValueError(f"`{text}` is not one time; write 20s, 1h, 1d, 1w, 4w or 1y")
    return read.value


def times_of(texts: Iterable[str]) -> tuple[float, ...]:
    """Read times separated by commas, in seconds, each once and in order.

    Raises:
        ValueError: one of them is none, or there are none at all.
    """
    parts = [part for text in texts for part in text.split(",") if part.strip()]
    if not parts:
        raise ValueError("no time was given; write for example 1h,1d,1w,4w,1y")
    return tuple(sorted({seconds_of(part) for part in parts}))


def seconds_in(times: Iterable[str | float]) -> tuple[float, ...]:
    """Return times in words, or in seconds, all in seconds and in the order given.

    Raises:
        ValueError: one of them is none.
    """
    return tuple(one for time in times for one in (times_of([time]) if isinstance(time, str) else (time,)))


def written(seconds: float, digits: int = 2) -> str:
    """Write a time for people: `1 year`, `3.2 weeks`, `20 s`; a sheet reads it back."""
    for unit, size in _UNITS:
        count = seconds / size
        whole = abs(count - round(count)) < _ROUND * max(count, 1.0)
        # One day and a half is 36 h, not 1.5 days: below two, a unit loses a digit.
        if unit == "s" or (count >= 1 and whole) or count >= 2:  # noqa: PLR2004
            number = f"{round(count):d}" if whole else _digits(count, digits)
            plural = "s" if unit in {"year", "week", "day"} and number != "1" else ""
            return f"{number} {unit}{plural}"
    raise AssertionError(seconds)


def written_below(seconds: float) -> str:
    """Write a time for people, rounded down: no later than it is."""
    text = written(seconds)
    read = parse_quantity(text, "time")
    if read.value <= seconds:
        return text
    # `3 weeks` may mean 2.96: a tenth of its last digit less is nearer than a whole one.
    nearer = written(read.value - read.step / 10)
    if parse_quantity(nearer, "time").value <= seconds:
        return nearer
    return written(read.value - read.step)


def _digits(count: float, digits: int) -> str:
    rounded = float(f"{count:.{digits - 1}e}")
    return f"{rounded:.0f}" if rounded >= 10 ** (digits - 1) else f"{rounded:.{digits}g}"
