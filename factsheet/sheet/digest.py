"""Digests of what a sheet says: no comment, layout or order of keys counts, and every other answer gives another one.

The digest is SHA-256 over the canonical JSON (RFC 8785) of the sheet's plain data. A key without a value says nothing
and does not count. Numbers count by their value: `66.40` and `66.4` are one, as they are in JSON.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.sheet.model import SheetFields

ALGORITHM: Final = "sha256:"
_LARGEST_WHOLE: Final = 2**53
"""Beyond it two whole numbers can be one double: such numbers are written as texts (RFC 8785, appendix D)."""
_FIRST_EXPONENT: Final = 21
_LAST_FRACTION: Final = -6
"""Decimal exponents from which ECMAScript writes a number with an `e` (ECMA-262, Number::toString)."""


def digest_of(sheet: SheetFields) -> str:
    """Return the digest of all that a sheet says, such as `sha256:9f86…`."""
    return digest_of_data(plain_data(sheet))


def plain_data(sheet: SheetFields) -> dict[str, Any]:
    """Return what a sheet says as mappings, lists, texts and numbers, keys without a value left out."""
    data: dict[str, Any] = sheet.model_dump(exclude_none=True, warnings=False)
    return data


def digest_of_data(data: object) -> str:
    """Return the digest of plain data: of a whole sheet, or of a part of one."""
    return ALGORITHM + sha256(canonical_json(data).encode("utf-8", "surrogatepass")).hexdigest()


def canonical_json(data: object) -> str:
    """Return plain data as canonical JSON by RFC 8785.

    Args:
        data: mappings with texts as keys, lists and tuples, texts, numbers that are finite, true and false; keys whose
            value is `None` are left out, and anything else counts as its text.
    """
    return "".join(_pieces(data))


def _pieces(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        stated = [(str(key), value) for key, value in data.items() if value is not None]
        joint = "{"
        # By UTF-16 code units, as ECMAScript sorts (RFC 8785, 3.2.3): above U+FFFF that is another order.
        for key, value in sorted(stated, key=lambda entry: entry[0].encode("utf-16-be", "surrogatepass")):
            yield f"{joint}{_text(key)}:"
            yield from _pieces(value)
            joint = ","
        yield "}" if stated else "{}"
    elif isinstance(data, list | tuple):
        joint = "["
        for value in data:
            yield joint
            yield from _pieces(value)
            joint = ","
        yield "]" if data else "[]"
    else:
        yield _scalar(data)


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        digits = int.__repr__(value)
        return digits if abs(value) <= _LARGEST_WHOLE else _text(digits)
    if isinstance(value, float):
        return _number(value)
    return _text(str(value))


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """Return a finite double as ECMAScript writes it: the fewest digits that read back as the same double."""
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{float.__repr__(abs(value))}e0".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = f"{whole}{fraction}".lstrip("0")
    # The place of the decimal point, counted from before the first digit that is not 0.
    point = len(whole) - (len(whole + fraction) - len(digits)) + int(exponent.partition("e")[0])
    digits = digits.rstrip("0")
    sign = "-" if value < 0 else ""
    if len(digits) <= point <= _FIRST_EXPONENT:
        return sign + digits.ljust(point, "0")
    if 0 < point <= _FIRST_EXPONENT:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if _LAST_FRACTION < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{point - 1:+d}"
