"""Drop from the texts of a sheet what nobody sees: a page must read the way it is written."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# C0, DEL, C1, the marks that reorder text, lone surrogates and what is no character in XML, as which WeasyPrint and
# validators read a page.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
# The same, but for tabs and ends of lines.
_UNSEEN_IN_LINES = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Return a text on one line, without what cannot be seen."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def visible(text: str) -> str:
    """Return a text of several lines without what cannot be seen."""
    return _UNSEEN_IN_LINES.sub("", text)


EAST_ASIAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Kana, Han and Hangul, as a range of a regular expression."""
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


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


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def without_stop(text: str) -> str:
    """Return a sentence without the full stop that its script has, to go on in a sentence of ours."""
    return text.rstrip(" .。।")


def reads_from_right(text: str) -> bool:
    """Return whether most letters of a text are of scripts that are written from right to left.

    Not the first letter alone: a sentence of ours may begin with a name from the sheet.
    """
    directions = [unicodedata.bidirectional(character) for character in text]
    return sum(found in {"R", "AL"} for found in directions) > directions.count("L")


def listed(entries: Sequence[str]) -> str:
    """Return entries as a list on one line, with the comma of the script that they are written in."""
    letters = next((entry for entry in entries if entry), "")
    if _HAN.search(letters) or _KANA.search(letters):
        return "、".join(entries)
    arabic = any(unicodedata.name(letter, "").startswith("ARABIC") for letter in letters)
    return ("، " if arabic else ", ").join(entries)
