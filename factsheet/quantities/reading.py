"""Reading a quantity's text: number and unit to the nominal value and the ends of what the digits mean."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Literal

from factsheet.errors import UnfitTextError
from factsheet.quantities.dimensions import scale
from factsheet.quantities.units import (
    APPROXIMATELY,
    AT_LEAST,
    AT_MOST,
    EXPONENT,
    FRACTION,
    INTEGER,
    RANGE,
    SIGN,
    SMALLEST,
    SPREAD,
    Dimension,
    Scale,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Ends = tuple[float, float, float, float]
    """Nominal value, lower and upper end, one unit in the last place; in the base unit."""

MAX_LENGTH = 120
"""Longest accepted text, in characters."""

_NUMBER = f"({SIGN})?(?:({INTEGER})({FRACTION})?|({FRACTION}))({EXPONENT})?"
_HEAD = re.compile(f"(?:(?:({AT_MOST})|({AT_LEAST})) *)?({APPROXIMATELY})? *{_NUMBER} *")
# Rare, so compiled when one is met.
_REST_OF_RANGE = f"(.*?) *(?:{RANGE}|({SPREAD})) *{_NUMBER} *(.*)"
# The spaces that word processors put before a unit.
_SPACES: Mapping[int, str] = {0x00A0: " ", 0x2009: " ", 0x202F: " "}


def read(
    text: str, kind: Dimension
) -> tuple[float, float, float, bool, Literal["point", "range", "bound"], str, float]:
    """Read a trimmed text: value, low, high, whether approximate, shape, unit, step.

    Raises:
        UnfitTextError: the text is no quantity of this dimension.
    """
    if len(text) > MAX_LENGTH:
        raise UnfitTextError("too long")
    plain = text if text.isascii() else text.translate(_SPACES)
    head = _HEAD.match(plain)
    if head is None:
        raise UnfitTextError("unreadable")
    at_most, at_least, about, *number = head.groups()
    approximate = about is not None
    tail = plain[head.end() :]
    unit = scale(tail, kind.name)
    if unit is None and not (at_most or at_least) and (parts := _compound(number, tail, kind)):
        return *parts[:3], approximate, "point", parts[4], parts[3]
    if unit is None:
        (value, low, high, step), symbol = _range(number, tail, kind, approximate)
        if at_most or at_least:
            raise UnfitTextError("bound of a range")
        return value, low, high, approximate, "range", symbol, step
    value, low, high, step = _ends(number, unit, kind, approximate)
    if at_most:
        return value, -math.inf if kind.signed else 0.0, value, approximate, "bound", unit.unit, step
    if at_least:
        return value, value, math.inf, approximate, "bound", unit.unit, step
    return value, low, high, approximate, "point", unit.unit, step


def split_units(text: str) -> tuple[str, ...]:
    """Return what is written where a unit is expected: after the number, or after each of the two of a range."""
    plain = text.translate(_SPACES)
    head = _HEAD.match(plain)
    rest = plain[head.end() :] if head else plain
    match = re.fullmatch(_REST_OF_RANGE, rest)
    if match is None:
        return (rest,)
    own, *_, last = match.groups()
    return (own, last) if own else (last,)


def _compound(
    number: Sequence[str | None], tail: str, kind: Dimension
) -> tuple[float, float, float, float, str] | None:
    """Work out a time in parts, `1 h 30 min`: value, ends, step, last unit; `None` for anything else.

    Whole numbers of ever smaller units, of which the last alone may have decimals; it is meant to its last digit.
    """
    if kind.name != "time":
        return None
    rest, parts = f"{''.join(one or '' for one in number)} {tail}", []
    while rest:
        part = re.match(rf"({INTEGER})({FRACTION})? *([A-Za-zµμ]+)(?:,? +(?:and +)?(?=[0-9])|$)", rest)
        unit = scale(part[3], kind.name) if part is not None else None
        if part is None or unit is None:
            return None
        parts.append((part[1].replace(",", ""), part[2] or "", kind.units[part[3]], unit.unit))
        rest = rest[part.end() :]
    sizes = [size for *_, size, _ in parts]
    if len(parts) < 2 or any(fraction for _, fraction, _, _ in parts[:-1]):  # noqa: PLR2004  one part is no compound
        return None
    within = all(
        float(whole + fraction) * size < larger
        for (whole, fraction, size, _), larger in zip(parts[1:], sizes, strict=False)
    )
    if not within:
        raise UnfitTextError("parts of a time")
    value = sum(float(whole + fraction) * size for whole, fraction, size, _ in parts)
    step = sizes[-1] * 10.0 ** -max(len(parts[-1][1]) - 1, 0)
    return value, value - step / 2, value + step / 2, step, parts[-1][3]


def _ends(number: Sequence[str | None], unit: Scale, kind: Dimension, approximate: bool) -> Ends:
    """Work out one number with its unit, in integers up to one division: each end is the nearest double."""
    sign, whole, fraction, lone_fraction, exponent = number
    decimals = fraction or lone_fraction
    digits = whole.replace(",", "") if whole else ""
    place = unit.exponent
    if exponent:
        place += int(exponent[1:].replace("\u2212", "-"))
    if decimals:
        digits += decimals[1:]
        place -= len(decimals) - 1
    elif exponent or approximate or unit.scaled or (unit.unit and not kind.counted):
        significant = digits.rstrip("0") or digits  # those zeros only say how large the number is
        place += len(digits) - len(significant)
        digits = significant
    elif kind.counted:
        count = float(int(digits))  # what is counted has one unit, in many words
        return _checked((count, count, count, 0.0), sign, unit, kind)
    tenths = int(digits) * unit.factor * 10
    half = unit.factor * 5
    try:
        if place > 0:
            power = 10 ** (place - 1)
            ends = (
                float(tenths * power),
                float((tenths - half) * power),
                float((tenths + half) * power),
                float(2 * half * power),
            )
        else:
            power = 10 ** (1 - place)
            ends = tenths / power, (tenths - half) / power, (tenths + half) / power, 2 * half / power
    except OverflowError:
        raise UnfitTextError("out of range") from None
    if tenths and not ends[3]:
        raise UnfitTextError("out of range")
    return _checked(ends, sign, unit, kind)


def _checked(ends: Ends, sign: str | None, unit: Scale, kind: Dimension) -> Ends:
    """Apply sign and offset, and what the dimension allows."""
    value, low, high, step = ends
    if not unit.unit and value > kind.bare_limit:
        raise UnfitTextError("bare number")
    negative = bool(sign) and sign != "+"
    if negative and not kind.signed:
        raise UnfitTextError("negative")
    if value > kind.largest or 0 < value < SMALLEST:
        raise UnfitTextError("out of range")
    if negative:
        value, low, high = -value, -high, -low
    elif low < 0 and not kind.signed:
        low = 0.0
    if unit.offset:
        return value + unit.offset, low + unit.offset, high + unit.offset, step
    return value, low, high, step


def _range(number: Sequence[str | None], rest: str, kind: Dimension, approximate: bool) -> tuple[Ends, str]:
    """Work out `a to b` and `a ± b`, where `a` takes the unit of `b` if it has none of its own."""
    match = re.fullmatch(_REST_OF_RANGE, rest)
    if match is None:
        raise UnfitTextError("unit")
    own, spread, *second, tail = match.groups()
    last_unit = scale(tail, kind.name)
    first_unit = scale(own, kind.name) if own else last_unit
    if own and first_unit and not tail:
        raise UnfitTextError("unit on the first number only")
    if first_unit is None or last_unit is None:
        raise UnfitTextError("unit")
    value, _, _, step = _ends(number, first_unit, kind, approximate)
    if spread:
        reach, _, _, last_step = _ends(second, last_unit._replace(offset=0.0), kind, approximate)
        if reach <= 0:
            raise UnfitTextError("spread")
        low, high = value - reach, value + reach
        if not kind.signed:
            low = max(low, 0.0)
    else:
        low = value
        high, _, _, last_step = _ends(second, last_unit, kind, approximate)
        if high < low:
            raise UnfitTextError("downwards")
        value = (low + high) / 2
    if math.isinf(value + high - low):
        raise UnfitTextError("out of range")
    return (value, low, high, max(step, last_step)), last_unit.unit
