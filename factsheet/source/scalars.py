"""What a plain scalar means: YAML 1.2's core schema, less what other YAML readers would read differently."""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple, Self


class WrittenInt(int):
    """An integer whose digits as written differ from what `str` makes of it, such as `+5`."""

    text: str

    def __new__(cls, text: str) -> Self:
        """Read the integer and keep its text."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]  # int's own gives the bare number
        """Let copies and pickles keep the text."""
        return (self.text,)


class WrittenFloat(float):
    """A number whose digits as written differ from what `repr` makes of it, such as `66.40` or `5e-5`."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        """Read the number and keep its text."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]  # float's own gives the bare number
        """Let copies and pickles keep the text."""
        return (self.text,)


def written(value: object) -> str:
    """Give a scalar as its author wrote it; `true`, `false` and `null` in their usual spelling."""
    if isinstance(value, str):
        return value
    if isinstance(value, WrittenInt | WrittenFloat):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else repr(value)


class Refused(NamedTuple):
    """The answer for a plain scalar that readers of YAML disagree on, or that no number can hold.

    Attributes:
        code: The problem's code.
        words: What the problem's message holds besides the scalar itself.
    """

    code: str
    words: dict[str, str]


_BOOLEAN_LIKE: Final = {"y": "true", "yes": "true", "on": "true", "n": "false", "no": "false", "off": "false"}

# The exact spellings of https://yaml.org/spec/1.2.2/#103-core-schema and, for the refused ones, of
# https://yaml.org/type/bool.html: `yEs` is a word to every reader.
WORDS: Final[dict[str, object]] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{
        spelling: Refused("yaml-1.1-boolean", {"meant": meant})
        for word, meant in _BOOLEAN_LIKE.items()
        for spelling in (word, word.capitalize(), word.upper())
    },
    # Words to every YAML reader, and numbers to whoever later calls float() on them.
    **dict.fromkeys(("nan", "NaN", "Nan", "NAN"), Refused("not-a-number", {})),
    **dict.fromkeys(
        ("inf", "Inf", "INF", "infinity", "Infinity", "INFINITY"), Refused("infinite-number", {})
    ),
}
"""Plain scalars that are not the text they look like; all others are text or numbers."""

NUMBER_FIRST: Final = frozenset("0123456789+-.")
"""What a number, or the want of one, can begin with."""
_NUMBER: Final = re.compile(
    r"""
      (?P<octal>    [-+]?0[0-9]+ | [-+]?0o[0-7]+ )
    | (?P<int>      [-+]?[0-9]+ )
    | (?P<float>    [-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)? )
    | (?P<hex>      [-+]?0x[0-9a-fA-F]+ )
    | (?P<infinite> [-+]?\.?(?i:inf|infinity) )
    | (?P<nan>      [-+]?\.?(?i:nan) )
    """,
    re.VERBOSE,
)
_NONZERO_MANTISSA: Final = re.compile(r"[-+]?[0.]*[1-9]")


def resolve_number(text: str, max_digits: int) -> object:
    """Read a plain (unquoted) scalar that is none of `WORDS` and begins with one of `NUMBER_FIRST`.

    Args:
        text: The scalar as the YAML parser gives it.
        max_digits: The most digits that a number may have.

    Returns:
        An int, a float or the text itself; `Refused` where a number is meant that cannot be taken at its
        word. `1_000`, `12:30` and dates are text, as the core schema has it.
    """
    if " " in text:  # most values that begin with a digit are quantities: `0.19 ms`
        return text
    if text.isdecimal() and text.isascii() and text[0] != "0" and len(text) <= max_digits:
        return int(text)
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text
    kind = found.lastgroup
    if kind == "nan":
        return Refused("not-a-number", {})
    if kind == "infinite":
        return Refused("infinite-number", {})
    if len(text) > max_digits:
        digits = sum(map(str.isalnum if kind == "hex" else str.isdigit, text))
        if digits > max_digits:
            return Refused("number-too-long", {"digits": str(digits), "limit": str(max_digits)})
    if kind == "int":
        whole = int(text)
        return whole if str(whole) == text else WrittenInt(text)
    if kind == "float":
        return _read_float(text)
    return _refuse_base(text, kind)


def _read_float(text: str) -> object:
    number = float(text)
    if math.isinf(number) or (number == 0 and _NONZERO_MANTISSA.match(text)):
        return Refused("number-out-of-range", {"read": "infinity" if number else "zero"})
    return number if repr(number) == text else WrittenFloat(text)


def _refuse_base(text: str, kind: str | None) -> Refused:
    sign = "-" if text[0] == "-" else ""
    digits = text.lstrip("+-")
    if kind == "hex":
        return Refused("hexadecimal-integer", {"decimal": f"{sign}{int(digits, 16)}"})
    if digits.startswith("0o"):
        return Refused("octal-integer", {"reading": "base 8", "decimal": f"{sign}{int(digits, 8)}"})
    plain = f"{sign}{digits.lstrip('0') or '0'}"
    return Refused("octal-integer", {"reading": "base 8 or base 10", "decimal": plain})
