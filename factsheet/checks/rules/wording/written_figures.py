"""Read figures out of running text: digits or words, with what widens them and what they count.

Nothing is searched but the neighbourhood of a noun, word by word: sheets have much text and few such nouns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.prose import BREAK
from factsheet.errors import QuantityError
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.quantities.quantity import Quantity

_ONES = (
    *(
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
    ),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: 1 + index for index, word in enumerate(_ONES)} | {
    word: 20 + 10 * index for index, word in enumerate(_TENS)
}
_FACTORS = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_WIDENING = {
    ("about",): "about",
    ("approximately",): "about",
    ("approx.",): "about",
    ("around",): "about",
    ("roughly",): "about",
    ("nearly",): "about",
    ("almost",): "about",
    ("some",): "about",
    ("circa",): "about",
    ("up", "to"): "up to",
    ("at", "most"): "up to",
    ("less", "than"): "up to",
    ("fewer", "than"): "up to",
    ("no", "more", "than"): "up to",
    ("at", "least"): "at least",
    ("more", "than"): "at least",
}
_LAST_OF_WIDENING = frozenset(words[-1] for words in _WIDENING)
_FIRST_OF_WIDENING = frozenset(words[0] for words in _WIDENING)
_OPENING, _CLOSING = "(“\"'‘[", ")”\"'’],;:.!?"
_BEFORE, _BETWEEN, _AFTER = 90, 3, 60


class WrittenFigure(NamedTuple):
    """A figure in a text, with the words around it.

    Attributes:
        start: where it begins in the text.
        end: where it ends, or what it counts.
        quantity: what it says; of `8 x 8`, the first number.
        pair: both numbers of `8 x 8`; empty for others.
        between: the words between it and what it counts, in small letters.
        before: the words before it, up to four, in small letters.
        scaled: whether it is said in thousands or more.
    """

    start: int
    end: int
    quantity: Quantity
    pair: tuple[int, ...]
    between: tuple[str, ...]
    before: tuple[str, ...]
    scaled: bool


class _Word(NamedTuple):
    text: str
    start: int
    end: int


def counted(text: str, noun: str) -> Iterator[WrittenFigure]:
    """Yield every figure that counts what a noun names: `all its 12 layers`, `up to 128 tokens`, `two dozen heads`."""
    start = text.find(noun)
    while start >= 0:
        end = start + len(noun)
        if not text[start - 1 : start].isalpha() and not text[end : end + 1].isalnum():
            found = _before(text, start, end)
            if found is not None:
                yield found
        start = text.find(noun, end)


def following(text: str, words: str) -> Iterator[WrittenFigure]:
    """Yield every figure that follows these words, also where they begin a sentence: `a vocabulary of 30,522`."""
    for opening in (words, words[0].upper() + words[1:]):
        start = text.find(opening)
        while start >= 0:
            end = start + len(opening)
            read = _read(_words(text, end, min(end + _AFTER, len(text))))
            if read is not None and not text[start - 1 : start].isalpha():
                quantity, pair, scaled, last = read
                before = _small(_words(text, max(0, start - _BEFORE), start))
                yield WrittenFigure(last[0], last[1], quantity, pair, (), before, scaled)
            start = text.find(opening, end)


def _words(text: str, start: int, end: int) -> list[_Word]:
    return [_Word(m[0], start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start:end])]


def _small(words: Sequence[_Word]) -> tuple[str, ...]:
    """Return the last four words in small letters, as far back as the clause goes."""
    found: list[str] = []
    for word in reversed(words[-4:]):
        if word.text == BREAK or word.text[-1] in ";:.!?":
            break
        found.insert(0, word.text.strip(_OPENING + _CLOSING).casefold())
    return tuple(found)


def _before(text: str, noun: int, end: int) -> WrittenFigure | None:
    near = text[max(0, noun - _BEFORE) : noun].split()[-1 - _BETWEEN :]
    if not any(word in _FACTORS or _numbers(word.rstrip("-")) for word in near):
        return None  # most nouns count nothing
    words = _words(text, max(0, noun - _BEFORE), noun)
    # The figure may be joined to its noun: `12-layer`.
    joined = bool(words) and text[noun - 1 : noun] == "-"
    if joined:
        words[-1] = _Word(words[-1].text[:-1], words[-1].start, words[-1].end - 1)
    for index in range(len(words) - 1, max(-1, len(words) - 2 - _BETWEEN), -1):
        word = words[index].text
        if word == BREAK or (word[-1:] in ",;:.!?)" and index < len(words)):
            return None
        if not _numbers(word) and word not in _FACTORS:
            continue
        first = _first(words, index)
        read = _read(words[first:])
        if read is None or read[3][1] > words[index].end:
            return None
        between = tuple(item.text.casefold() for item in words[index + 1 :])
        return WrittenFigure(read[3][0], end, read[0], read[1], between, _small(words[:first]), read[2])
    return None


def _first(words: Sequence[_Word], index: int) -> int:
    """Return where the figure begins whose last number is at an index."""
    if (
        index
        and words[index].text in _FACTORS
        and (_numbers(words[index - 1].text) or words[index - 1].text == "a")
    ):
        index -= 1
    if (
        index > 1
        and words[index - 1].text in {"x", "×", "by", "to", "–", "and"}
        and _numbers(words[index - 2].text)
    ):
        joint = words[index - 1].text
        if joint != "and" or _texts(words[: index - 2])[-1:] == ("between",):
            index -= 2
    if not index or words[index - 1].text.casefold() not in _LAST_OF_WIDENING:
        return index
    for widening in _WIDENING:
        length = len(widening)
        if index >= length and _texts(words[index - length : index]) == widening:
            return index - length
    return index


def _texts(words: Sequence[_Word]) -> tuple[str, ...]:
    return tuple(word.text.strip(_OPENING).casefold() for word in words)


def _numbers(word: str) -> tuple[str, ...]:
    """Return the numbers that a word is: one, or two of `28x28` or of a range; none if it is another word."""
    word = word.strip(_OPENING + _CLOSING).lstrip("~≈")
    if word[:1].isdigit():
        parts = re.split(r"(?<=\d)[x×](?=\d)", word)
        digits = re.compile(r"\d[\d,]*(?:\.\d+)?(?:[kMBG]|-(?:thousand|million|billion))?")
        return tuple(parts) if all(digits.fullmatch(part) for part in parts) else ()
    small = word.casefold()
    if small == "single":
        return ("1",)
    if small in _WORDS:
        return (str(_WORDS[small]),)
    tens, hyphen, ones = small.partition("-")
    if hyphen and tens in _TENS and _WORDS.get(ones, 10) < 10:  # noqa: PLR2004  ones below ten
        return (str(_WORDS[tens] + _WORDS[ones]),)
    if hyphen and tens in _WORDS and ones in _FACTORS:
        return (str(_WORDS[tens] * _FACTORS[ones]),)
    return ()


def _read(words: Sequence[_Word]) -> tuple[Quantity, tuple[int, ...], bool, tuple[int, int]] | None:
    """Read the figure that words begin with: what it says, its pair, whether it is scaled, and its place."""
    index, prefix = 0, ""
    widened = bool(words) and words[0].text.strip(_OPENING).casefold() in _FIRST_OF_WIDENING
    for widening, meaning in _WIDENING.items() if widened else ():
        if _texts(words[: len(widening)]) == widening:
            index, prefix = len(widening), f"{meaning} "
            break
    if index < len(words) and words[index].text[:1] in {"~", "≈"}:
        prefix = "about "
    number = _number(words, index)
    if number is None:
        return None
    texts, index = number
    if len(texts) == 1 and index + 1 < len(words) and words[index - 1].text[-1:] not in _CLOSING:
        joint, other = words[index].text, _number(words, index + 1)
        if other is not None and len(other[0]) == 1:
            if joint in {"x", "×", "by"}:
                texts, index = (*texts, *other[0]), other[1]
            elif joint in {"to", "–"}:
                texts, index = (f"{texts[0]} to {other[0][0]}",), other[1]
    try:
        quantity = parse_quantity(prefix + texts[0], "count")
    except QuantityError:
        return None
    pair = tuple(int(text) for text in texts if text.isdecimal()) if len(texts) > 1 else ()
    last = words[index - 1]
    end = last.end - len(last.text) + len(last.text.rstrip(_CLOSING))
    start = words[0].start + len(words[0].text) - len(words[0].text.lstrip(_OPENING))
    return quantity, pair, any(c.isalpha() for c in texts[0].replace(" to ", "")), (start, end)


def _number(words: Sequence[_Word], index: int) -> tuple[tuple[str, ...], int] | None:
    """Read a number with its factor at an index, as `parse_quantity` takes it; and where it ends."""
    if index >= len(words):
        return None
    follows = words[index + 1].text.strip(_CLOSING) if index + 1 < len(words) else ""
    if words[index].text.casefold() == "a" and follows in _FACTORS:
        return (str(_FACTORS[follows]),), index + 2
    numbers = _numbers(words[index].text)
    if not numbers:
        return None
    if len(numbers) == 1 and follows in _FACTORS and words[index].text[-1] not in _CLOSING:
        if follows in {"dozen", "hundred"}:
            return (str(_FACTORS[follows] * int(numbers[0])),) if numbers[
                0
            ].isdecimal() else numbers, index + 2
        return (f"{numbers[0]} {follows}",), index + 2
    return tuple(number.replace("-", " ") for number in numbers), index + 1
