"""How one kind of quantity is written: its units, its scale words, and the grammar around the number."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The grammar that the reader and the JSON Schema pattern share. It stays inside the part of ECMA-262 that
# Python's `re` reads alike: no named groups, no flags, no identity escapes.
SPACE = "[ \\u00a0\\u2009\\u202f]"
LARGEST, SMALLEST = 1e40, 1e-40
"""What quantities are at most and, unless zero, at least, in base units: from an attojoule to all the operations of a
training there are 45 powers of ten. Products and sums of what lies within stay within a computer's arithmetic."""
LARGEST_SCORE = 1e15
"""What no metric reaches; means and gaps of scores within it are written in full."""
AT_MOST = "<=|<|≤|[Uu]p to|[Aa]t most"
AT_LEAST = ">=|>|≥|[Aa]t least"
APPROXIMATELY = "~|≈|[Aa]pprox(?:imately)?[.,]?|[Aa]bout|[Cc]irca|[Cc]a\\.?|[Cc]\\."
SIGN = "[-+\\u2212]"
INTEGER = "[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*|0"
FRACTION = "\\.[0-9]+"
EXPONENT = "[eE][-+\\u2212]?[0-9]{1,3}"
RANGE = "to|\\.\\.|[-\\u2010-\\u2015\\u2212]"
SPREAD = "±|\\+/-"

SCALES: Mapping[str, int] = MappingProxyType(
    {"k": 3, "K": 3, "thousand": 3, "Thousand": 3, "M": 6, "million": 6, "Million": 6}
    | {"B": 9, "G": 9, "billion": 9, "Billion": 9, "T": 12, "trillion": 12, "Trillion": 12, "P": 15}
)
"""Scale word as written, and its power of ten."""


class Scale(NamedTuple):
    """How to read what follows a number: value in the base unit = number * factor * 10**exponent + offset."""

    factor: int
    exponent: int
    offset: float
    unit: str
    scaled: bool


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """One kind of quantity, and how people write it."""

    name: str
    """The key in `DIMENSIONS`."""
    title: str
    """The name in a sentence: `energy`, `inference efficiency`."""
    base: str
    """The unit that values are converted to; `1` for a pure number."""
    units: Mapping[str, float]
    """Unit as written, and the factor that takes it to the base unit."""
    example: str
    """A quantity that a person would write."""
    scale_words: bool = False
    """Whether k, thousand, M, million, B, G, billion, T, trillion, P may precede the unit."""
    bare: bool = False
    """Whether a number with no unit is accepted."""
    counted: bool = False
    """Whether a plain integer is a count, and so exact."""
    signed: bool = False
    """Whether a value below zero makes sense; `< x` then has no lower end."""
    bare_limit: float = math.inf
    """Largest magnitude of a number with no unit."""
    largest: float = LARGEST
    """Largest magnitude, in the base unit."""
    offsets: Mapping[str, float] = field(default_factory=dict)
    """Added after the factor, for the units of an affine scale (°C)."""
    modifiers: tuple[str, ...] = ()
    """Words that may precede a unit and change nothing: `training images`, `sentence pairs`."""
    shown: tuple[tuple[str, float, float], ...] = ()
    """For writing values: unit, its factor, the smallest magnitude (base unit) written in it; ascending."""

    @property
    def pattern(self) -> str:
        """The regular expression (ECMA-262, for JSON Schema) of the accepted strings.

        It is laxer than the parser in what a regular expression says badly or not at all: a range must not
        run downwards nor carry a unit on its first number alone, ± takes a number above zero, a bare ratio
        stays within 1, a value must fit a double, and a text is at most 120 characters long.
        """
        sign = f"{SIGN}?" if self.signed else "\\+?"
        number = f"{sign}(?:(?:{INTEGER})(?:{FRACTION})?|{FRACTION})(?:{EXPONENT})?"
        tail = f"(?:{SPACE}*(?:{self._tail_pattern()}))"
        last = f"{number}{tail}?" if self.bare else f"{number}{tail}"
        if self.name == "time":  # in parts, as `1 h 30 min`
            last = f"(?:(?:{INTEGER}){tail},?{SPACE}+(?:and{SPACE}+)?)*{last}"
        first = f"{number}{tail}?{SPACE}*(?:{RANGE}|{SPREAD}){SPACE}*"
        approximately = f"(?:(?:{APPROXIMATELY}){SPACE}*)?"
        bound = f"(?:{AT_MOST}|{AT_LEAST}){SPACE}*{approximately}"
        return f"^\\s*(?:{bound}|{approximately}(?:{first})?){last}\\s*$"

    def _tail_pattern(self) -> str:
        units = "|".join(_branches(self.units))
        if self.modifiers:
            units = f"(?:(?:{'|'.join(self.modifiers)}){SPACE})?(?:{units})"
        if not self.scale_words:
            return units or "(?!)"
        letters = "[" + "".join(s for s in SCALES if len(s) == 1) + "]"
        words = "|".join(_branches({s: float(e) for s, e in SCALES.items() if len(s) > 1}))
        scaled = f"(?:{letters}{SPACE}*|(?:{words}){SPACE}+)?(?:{units})"
        return f"{scaled}|{letters}|{words}" if self.bare else scaled

    def spellings(self) -> tuple[str, ...]:
        """Return the accepted units, without those that only differ by the capital of a word."""
        return tuple(unit for unit in self.units if not _is_capitalised(unit, self.units))

    def scale(self, tail: str) -> Scale | None:
        """Read what follows a number (`ms`, `G ops`, `million`, nothing); `None` for no unit of this."""
        if not tail:
            return Scale(1, 0, 0.0, "", scaled=False) if self.bare else None
        plain = self._plain(tail)
        if plain in self.units:
            return Scale(*_decimal(self.units[plain]), self.offsets.get(plain, 0.0), tail, scaled=False)
        if not self.scale_words:
            return None
        word, _, unit = tail.partition(" ")
        if word not in SCALES:  # a letter may be stuck to its unit: `Gops`
            word, unit = tail[0], tail[1:]
        unit = unit.lstrip(" ")
        plain = self._plain(unit)
        if word not in SCALES or not (plain in self.units or (self.bare and not unit)):
            return None
        factor, exponent = _decimal(self.units.get(plain, 1.0))
        return Scale(factor, exponent + SCALES[word], 0.0, unit, scaled=True)

    def _plain(self, unit: str) -> str:
        """Return a unit without the word before it that changes nothing."""
        first, _, rest = unit.partition(" ")
        return rest if first in self.modifiers and rest else unit


def _decimal(factor: float) -> tuple[int, int]:
    """Split a factor into an integer and a power of ten: each factor of the table is a short decimal."""
    mantissa, _, exponent = repr(factor).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = fraction.rstrip("0")
    return int(whole + fraction), int(exponent or 0) - len(fraction)


def _is_capitalised(unit: str, units: Mapping[str, float]) -> bool:
    """Distinguish `Samples` and `samples` from `MW` and `mW`: only the former shares its factor."""
    lowered = unit[:1].lower() + unit[1:]
    return lowered != unit and units.get(lowered) == units[unit]


def _branches(units: Mapping[str, float]) -> Iterator[str]:
    """Write units as branches of a regular expression, `[Ss]amples` for the two forms of a word."""
    for unit in units:
        if _is_capitalised(unit, units):
            continue
        text = unit.replace(".", "\\.").replace("^", "\\^").replace(" ", SPACE)
        capital = unit[0].upper()
        if capital != unit[0] and units.get(capital + unit[1:]) == units[unit]:
            text = f"[{unit[0]}{capital}]{text[1:]}"
        yield text
