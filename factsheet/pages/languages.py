"""Languages and scripts of a sheet's texts: which way they are read, what separates a list, what fonts go by.

The program's own words are English. Where a sheet says which language it is written in (`overview.sheet_language`),
that decides; else each text is known by its letters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OURS = "en"
"""The language of all that the program writes itself."""

# The scripts that languages are written in unless their tag names another: Unicode CLDR, likelySubtags.
_SCRIPTS: Mapping[str, str] = {
    **dict.fromkeys(
        ("ar", "arz", "ary", "arq", "apc", "acm", "aeb", "ars", "fa", "prs", "pes", "ur"), "Arab"
    ),
    **dict.fromkeys(("ps", "sd", "ug", "ckb", "ks", "azb", "glk", "mzn", "lrc", "pnb", "skr", "bal"), "Arab"),
    **dict.fromkeys(("he", "iw", "yi"), "Hebr"),
    "dv": "Thaa",
    "syr": "Syrc",
    "nqo": "Nkoo",
    "ja": "Jpan",
    "zh": "Hans",
    "cmn": "Hans",
    "yue": "Hant",
}
_FROM_RIGHT = frozenset(
    {"Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"}
)
_COMMAS: Mapping[str, str] = {
    **dict.fromkeys(("Arab", "Aran", "Syrc", "Thaa"), "، "),
    **dict.fromkeys(("Jpan", "Hans", "Hant", "Hani", "Hira", "Kana"), "、"),
}

EAST_ASIAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Kana, Han and Hangul, as a range of a regular expression."""
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_REGION_OF_CHINESE = re.compile("(zh|cmn|yue)-[A-Z]{2}")


def is_ours(language: str | None) -> bool:
    """Return whether the program's own words are of this language too, as far as is stated."""
    return language is None or language.partition("-")[0] == OURS


def script_of(language: str) -> str | None:
    """Return the script that a language is written in; `None` where that changes nothing on a page."""
    first, *others = language.split("-")
    named = next((part.title() for part in others if len(part) == 4 and part.isalpha()), None)  # noqa: PLR2004  RFC 5646
    return named or _SCRIPTS.get(first.lower())


def runs_from_right(language: str) -> bool:
    """Return whether a language is written from right to left."""
    return script_of(language) in _FROM_RIGHT


def east_asian_language(text: str) -> str | None:
    """Return the language of the Han characters in a text, which one font draws differently for each of them.

    Kana are written in Japanese alone and Hangul in Korean alone; what has neither is Chinese, in the long characters
    of Taiwan where the set of the mainland lacks one. Fontconfig knows fonts by these names, not by `zh-Hans`.
    """
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    han = "".join(_HAN.findall(text))
    if not han:
        return None
    return "zh-TW" if not _encodes(han, "gb2312") and _encodes(han, "big5") else "zh-CN"


def language_of_fonts(language: str, text: str) -> str:
    """Return the name by which Fontconfig finds fonts for a text in a language; it knows Chinese by regions alone."""
    if language.partition("-")[0] not in {"zh", "cmn", "yue"} or _REGION_OF_CHINESE.match(language):
        return language
    if script_of(language) == "Hant":
        return "zh-TW"
    return (east_asian_language(text) or "zh-CN") if "-" not in language else "zh-CN"


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def reads_from_right(text: str) -> bool:
    """Return whether most letters of a text are of scripts that are written from right to left.

    Not the first letter alone: a sentence of ours may begin with a name from the sheet.
    """
    directions = [unicodedata.bidirectional(character) for character in text]
    return sum(found in {"R", "AL"} for found in directions) > directions.count("L")


def listed(entries: Sequence[str], language: str | None = None) -> str:
    """Return entries as a list on one line, with the comma of their language.

    Args:
        entries: the entries.
        language: what the sheet is written in; else the comma is that of the script of the entries.
    """
    if language is not None:
        return _COMMAS.get(script_of(language) or "", ", ").join(entries)
    letters = next((entry for entry in entries if entry), "")
    if _HAN.search(letters) or _KANA.search(letters):
        return "、".join(entries)
    arabic = not letters.isascii() and any(
        unicodedata.name(letter, "").startswith("ARABIC") for letter in letters
    )
    return ("، " if arabic else ", ").join(entries)
